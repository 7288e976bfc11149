//! A throw-away clamd: ClamAV's own daemon on a free loopback port, with one signature of the tests' own, gone with the test.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{postgres, postgres_programs, sqlite};

/// The file of the European Institute for Computer Anti-Virus Research that every scanner finds: in two parts, so that
/// none finds this one.
pub const EICAR: [&str; 2] = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"];

/// Runs the daemon for as long as standard input stays open: it ends with the tests, also after a `kill -9`.
const KEEPER: &str = r#""$0" --foreground --config-file="$1" >"$2" 2>&1 & read -r _; kill -9 $!; wait"#;

/// A daemon; it ends when dropped.
pub struct Daemon {
    folder: TempDir,
    port: u16,
    keeper: Option<Child>,
}

impl Daemon {
    /// A running daemon with lines of its configuration, such as `StreamMaxLength 2M`.
    ///
    /// # Panics
    /// If there is none to be had, or it does not come up; the message says what to do.
    pub fn start(settings: &[&str]) -> Self {
        let folder = sqlite::folder();
        let database = folder.path().join("signatures");
        std::fs::create_dir(&database).expect("the folder is new");
        // A signature of any file (0) that has these bytes anywhere (*); nothing is fetched from anywhere.
        let marker: String = EICAR.concat().bytes().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(database.join("tests.ndb"), format!("Entente.Test:0:*:{marker}\n")).expect("so is this");
        let mut daemon = Self { folder, port: 0, keeper: None };
        // The port is free when it is looked for; another process may take it before the daemon does.
        for _ in 0..3 {
            daemon.port = postgres::free_port();
            let configured = format!(
                "DatabaseDirectory {}\nTCPSocket {}\nTCPAddr 127.0.0.1\n{}\n",
                database.display(),
                daemon.port,
                settings.join("\n")
            );
            std::fs::write(daemon.file("clamd.conf"), configured).expect("the folder is writable");
            if daemon.came_up() {
                return daemon;
            }
        }
        panic!("no clamd came up: {}", std::fs::read_to_string(daemon.file("log")).unwrap_or_default());
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends it at once.
    pub fn stop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }

    /// Starts it again on the same port.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn start_again(&mut self) {
        assert!(self.came_up(), "{}", std::fs::read_to_string(self.file("log")).unwrap_or_default());
    }

    fn came_up(&mut self) -> bool {
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER]).arg(program()).args([self.file("clamd.conf"), self.file("log")]);
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.keeper = Some(keeper.spawn().expect("a shell is there"));
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            if self.answers() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.stop();
        false
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address()) else { return false };
        let mut answer = vec![];
        stream.write_all(b"zPING\0").is_ok() && stream.read_to_end(&mut answer).is_ok() && answer == b"PONG\0"
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Where the daemon's program lies; Debian's package is installed if it lies nowhere and that is possible.
fn program() -> PathBuf {
    if let Some(program) = find() {
        return program;
    }
    assert!(
        postgres_programs::is_root() && postgres_programs::program_in_path("apt-get"),
        "the tests need clamd, ClamAV's daemon: install it, for example with `apt-get install clamav-daemon`, or put \
         the folder of the program in PATH"
    );
    // Two test processes at a time must not both install: the second waits, then finds.
    let lock = File::create(std::env::temp_dir().join("entente-clamd-install.lock"));
    let lock = lock.expect("the folder for temporary files is writable");
    lock.lock().expect("a file on a local disk can be locked");
    find().unwrap_or_else(|| {
        postgres_programs::apt_get(&["update"]);
        postgres_programs::apt_get(&["install", "--yes", "--no-install-recommends", "clamav-daemon"]);
        find().expect("the package that was installed holds clamd")
    })
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([Path::new("/usr/sbin").to_owned()]);
    folders.map(|folder| folder.join("clamd")).find(|program| program.is_file())
}

//! Throw-away PostgreSQL: a cluster of its own for the tests, on a free loopback port, gone when the tests are.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use crate::postgres_programs;

/// A running cluster with `fsync` on, as the store demands it.
pub struct Cluster {
    programs: PathBuf,
    port: u16,
    watchdog: Mutex<Watchdog>,
}

/// The shell that keeps the cluster: it outlives this process by as long as it takes to stop the cluster and to
/// remove its directory, also after a `kill -9`, because all that it waits for is the end of its standard input.
struct Watchdog {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A new, empty database in the cluster that all tests of this process share.
///
/// # Panics
/// If no PostgreSQL of version 15 or later is to be had; the message says what to do.
pub fn database() -> String {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(Cluster::start).database()
}

impl Cluster {
    /// A cluster of the caller's own, to stop and start again.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with server settings such as `fsync=off`.
    ///
    /// # Panics
    /// If it does not come up; the message holds the end of its log.
    pub fn start_with(settings: &[&str]) -> Self {
        let programs = postgres_programs::find_or_install();
        let mut failure = String::new();
        // The port is free when it is looked for; another process may take it before the server does.
        for _ in 0..3 {
            let port = free_port();
            let mut watchdog = Watchdog::start(&programs, port, settings);
            match watchdog.answer() {
                Ok(()) => return Self { programs, port, watchdog: Mutex::new(watchdog) },
                Err(reason) => failure = reason,
            }
        }
        panic!("no PostgreSQL cluster came up: {failure}");
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// If the server refuses.
    pub fn database(&self) -> String {
        let name = format!("t{}", uuid::Uuid::new_v4().simple());
        let output = Command::new(self.programs.join("createdb"))
            .args(["--host", "127.0.0.1", "--username", "postgres", "--no-password", "--port"])
            .arg(self.port.to_string())
            .arg(&name)
            .output()
            .expect("createdb lies beside postgres");
        assert!(output.status.success(), "createdb: {}", String::from_utf8_lossy(&output.stderr));
        self.url(&name)
    }

    /// The address of a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Ends all server processes at once, without a checkpoint: what was acknowledged must survive this.
    pub fn stop_now(&self) {
        self.order("stop");
    }

    /// Starts it again on the same port; returns when it has recovered.
    pub fn start_again(&self) {
        self.order("start");
    }

    fn order(&self, order: &str) {
        let mut watchdog = self.watchdog.lock().expect("an order that failed has failed its test");
        if let Some(orders) = &mut watchdog.orders {
            writeln!(orders, "{order}").expect("the watchdog lives as long as this end of its input");
        }
        watchdog.answer().expect("the cluster obeys");
    }
}

impl Watchdog {
    fn start(programs: &Path, port: u16, settings: &[&str]) -> Self {
        let mut command = as_server_user();
        command
            .args(["sh", "-c", include_str!("cluster.sh"), "cluster.sh"])
            .arg(programs)
            .arg(port.to_string())
            .arg(std::env::temp_dir())
            // Every test keeps several pools open at a time.
            .args(["-c", "max_connections=400", "-c", "shared_buffers=64MB"])
            .args(settings.iter().flat_map(|setting| ["-c", *setting]))
            .env("LC_ALL", "C")
            // The caller's folder may be closed to the user that the server runs as.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let mut child = command.spawn().expect("a shell is there");
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("standard output was asked for"));
        Self { child, orders, answers }
    }

    fn answer(&mut self) -> Result<(), String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        match line.trim() {
            "ok" => Ok(()),
            "" => Err("the watchdog ended; is the directory for temporary files writable for all?".to_owned()),
            failure => Err(failure.to_owned()),
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}

/// A command line that runs the rest of itself as a user whom PostgreSQL accepts: it refuses to run as root.
fn as_server_user() -> Command {
    if !postgres_programs::is_root() {
        return Command::new("env");
    }
    let has_runuser = Command::new("runuser").arg("--version").output().is_ok_and(|output| output.status.success());
    let mut command = Command::new(if has_runuser { "runuser" } else { "setpriv" });
    if has_runuser {
        command.args(["-u", "postgres", "--"]);
    } else {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]);
    }
    command
}

/// A port that nobody listens on at the moment.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback interface has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

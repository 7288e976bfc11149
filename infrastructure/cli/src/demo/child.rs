//! A real service for the demonstration: this same program as a child, on a free port, with a folder of its own.

use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::Failure;
use crate::settings::Key;

/// How long the service may take to begin, and to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// What `serve` says once it listens.
const LISTENING: &str = "entente is listening on ";

/// A running service; gone when dropped.
pub(super) struct Service {
    child: Child,
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub address: String,
}

impl Service {
    /// Starts `entente serve` on a folder that was prepared before.
    pub(super) fn start(folder: &Path) -> Result<Self, Failure> {
        let mut command = entente(folder)?;
        command.arg("serve").stdin(Stdio::null()).stdout(Stdio::piped());
        let child =
            command.spawn().map_err(|error| Failure::unable(format!("the service cannot be started: {error}")))?;
        // From here on every way out of this function ends the child.
        let mut service = Self { child, address: String::new() };
        let output = service.child.stdout.take().ok_or_else(|| Failure::unable("the service has no output"))?;
        let (said, hears) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(output);
            let mut first = String::new();
            let read = lines.read_line(&mut first).map(|_| first);
            let _ = said.send(read);
            // Its output is read to the end, so that it never waits for us.
            let _ = io::copy(&mut lines, &mut io::sink());
        });
        let first = hears
            .recv_timeout(PATIENCE)
            .map_err(|_| Failure::unable("the service did not begin in time"))?
            .map_err(|error| Failure::unable(format!("the service cannot be heard: {error}")))?;
        let address = first.trim().strip_prefix(LISTENING);
        service.address = address.ok_or_else(|| Failure::unable("the service ended before it listened"))?.to_owned();
        Ok(service)
    }

    /// Asks it to end in an orderly way, and waits for that.
    pub(super) fn stop(mut self) -> Result<(), Failure> {
        self.terminate();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended =
                self.child.try_wait().map_err(|error| Failure::unable(format!("the service is lost: {error}")))?;
            match ended {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(Failure::unable(format!("the service did not end well: {status}"))),
                None if Instant::now() >= deadline => return Err(Failure::unable("the service did not end in time")),
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Signals need `unsafe` or a library; the shell has them built in.
    #[cfg(unix)]
    fn terminate(&mut self) {
        let id = self.child.id().to_string();
        let asked = Command::new("/bin/sh").args(["-c", "kill -TERM \"$1\"", "sh", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
    }

    #[cfg(not(unix))]
    fn terminate(&mut self) {
        let _ = self.child.kill();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // After an orderly end there is nobody left to kill, and the wait has its answer already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs another command of this program on the folder and reads the JSON that it prints.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Value, Failure> {
    let what = arguments.first().copied().unwrap_or_default();
    let output = entente(folder)?
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::unable(format!("`entente {what}` cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::unable(format!("`entente {what}` failed: {}", said.trim())));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::unable(format!("`entente {what}` did not print JSON: {error}")))
}

/// This program on a folder, with no setting of the user's: neither of the environment nor of a file.
fn entente(folder: &Path) -> Result<Command, Failure> {
    let program: PathBuf = std::env::current_exe()
        .map_err(|error| Failure::unable(format!("this program cannot be found again: {error}")))?;
    let database = folder.join("entente.db");
    let path = database.to_str().ok_or_else(|| {
        Failure::usage(format!("the folder {} is not UTF-8 text; name another with --keep", folder.display()))
    })?;
    let url = format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"));
    let mut command = Command::new(program);
    for key in Key::ALL {
        command.env_remove(key.variable());
    }
    command.env_remove("ENTENTE_CONFIG").env("XDG_CONFIG_HOME", folder);
    command.arg("--data-dir").arg(folder);
    command.args(["--database", &url, "--listen", "127.0.0.1:0", "--log", "warn", "--log-format", "text"]);
    // The port is not known beforehand, and nobody follows the link of a letter of a story.
    command.args(["--mail-site", "https://mediation.example/"]);
    Ok(command)
}

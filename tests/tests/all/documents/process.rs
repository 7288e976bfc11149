//! The executable as a service of the tests' own: on a free port, asked over TCP, and killed without a word.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What `serve` says once it listens.
const LISTENING: &str = "entente is listening on ";

/// A running service; killed when dropped, as by `kill -9`.
pub struct Service {
    /// The process.
    pub child: Child,
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub address: String,
}

/// The executable on a data folder and a database, with these variables and none that somebody has set for another.
pub fn command(program: &Path, folder: &Path, database: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command
        .env("XDG_CONFIG_HOME", folder)
        .env("ENTENTE_DATA_DIR", folder)
        .env("ENTENTE_DATABASE", database)
        .env("ENTENTE_LISTEN", "127.0.0.1:0")
        .env("ENTENTE_LOG", "error")
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    command
}

impl Service {
    /// Starts `entente serve`; returns when it listens.
    pub fn start(program: &Path, folder: &Path, database: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = command(program, folder, database, variables);
        let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix(LISTENING).map(str::to_owned);
        Self { child, address: address.unwrap_or_else(|| panic!("the service did not begin: {line:?}")) }
    }

    /// Its process.
    #[allow(dead_code, reason = "the benchmark, which has this file too, pauses nobody")]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The most that was ever resident of it, in KiB: `VmHWM` (proc(5)).
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // SIGKILL: nothing is flushed, closed or tidied up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

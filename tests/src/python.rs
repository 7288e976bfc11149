//! Servers from PyPI: Python environments beside what cargo builds, each made once and kept.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// The interpreter of an environment with these packages in it. They have versions, so that all test the same, and the
/// environment's name has to change with them.
///
/// # Panics
/// If it cannot be made; the message says what to do.
pub fn interpreter(name: &str, packages: &[&str]) -> PathBuf {
    static MAKING: Mutex<()> = Mutex::new(());
    let _one = MAKING.lock().unwrap();
    let here = std::env::current_exe().expect("a test knows where it is");
    // target/debug/deps/all-…
    let target = here.ancestors().nth(3).expect("tests lie three folders below where cargo builds");
    let kept = target.join(name);
    if !kept.join("complete").exists() {
        install(&kept, packages);
    }
    kept.join("bin/python")
}

fn install(kept: &Path, packages: &[&str]) {
    // Under a name of this process's own: two test runs may find it missing at the same time.
    let making = PathBuf::from(format!("{}-new-{}", kept.display(), std::process::id()));
    run(packages, Command::new("python3").args(["-m", "venv"]).arg(&making));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(packages, Command::new(making.join("bin/python")).args(pip).args(packages));
    std::fs::write(making.join("complete"), "").expect("the folder was made just now");
    if std::fs::rename(&making, kept).is_err() {
        assert!(kept.join("complete").exists(), "{} cannot be made", kept.display());
        std::fs::remove_dir_all(&making).expect("what was made can be removed");
    }
}

fn run(packages: &[&str], command: &mut Command) {
    let done = command.stdin(Stdio::null()).output();
    let why = match &done {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    panic!(
        "the tests need {packages:?} in a Python environment of their own, and could not make it: {command:?}: {why}\n\
         On Debian: apt-get install python3-venv; pip needs a registry that it can reach."
    );
}

//! The executable itself, as its users start it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use crate::engines::Home;

/// The executable, built if it is not yet: a package cannot ask cargo for another package's binary.
pub fn path() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        build(root, &["--quiet"])
    })
}

/// Builds the executable, with these options more.
///
/// # Panics
/// If it does not build.
pub fn build(root: &Path, options: &[&str]) -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    // What cargo tells this program of its own package is nothing to the packages to be built: some, as ring's does,
    // would be built again for it, and again without it, and with them all that needs them.
    let own = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars().filter(|(name, _)| own(name)) {
        build.env_remove(name);
    }
    build.args(["build", "--package", "entente-cli", "--message-format", "json"]).args(options).current_dir(root);
    let built = build.stderr(Stdio::inherit()).output().unwrap();
    assert!(built.status.success(), "the executable does not build");
    let lines = String::from_utf8(built.stdout).unwrap();
    let artifacts = lines.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let executable = artifacts.filter_map(|line| line["executable"].as_str().map(PathBuf::from)).next_back();
    executable.expect("cargo says where the executable is")
}

/// The executable with these arguments, on a home's database, in English.
pub fn command(home: &Home, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(path());
    command
        .args(arguments)
        .args([OsStr::new("--data-dir"), home.folder().as_os_str()])
        .args(["--database", &home.settings().url, "--language", "en"])
        .env("XDG_CONFIG_HOME", home.folder())
        .stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub fn run(home: &Home, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Output {
    command(home, arguments).output().unwrap()
}

/// Runs it to an end that must be a good one; what it printed on stdout.
pub fn must(home: &Home, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
    let output = run(home, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

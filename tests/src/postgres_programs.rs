//! Where the programs of PostgreSQL lie; Debian's package is installed if they lie nowhere and that is possible.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The store is written for this version and later ones.
const OLDEST: u32 = 15;

/// The folder with `initdb` and `postgres`, of the newest version there is.
///
/// # Panics
/// If there is none and none can be installed.
pub fn find_or_install() -> PathBuf {
    if let Some(folder) = find() {
        return folder;
    }
    assert!(
        is_root() && program_in_path("apt-get"),
        "the tests need PostgreSQL {OLDEST} or later (initdb, postgres, createdb, pg_isready): install it, for example \
         with `apt-get install postgresql`, or put the folder of its programs in PATH"
    );
    // Two test processes at a time must not both install: the second waits, then finds.
    let lock = File::create(std::env::temp_dir().join("entente-postgresql-install.lock"))
        .expect("the folder for temporary files is writable");
    lock.lock().expect("a file on a local disk can be locked");
    find().unwrap_or_else(|| {
        apt_get(&["update"]);
        apt_get(&["install", "--yes", "--no-install-recommends", "postgresql"]);
        find().expect("the package that was installed holds PostgreSQL 15 or later")
    })
}

/// Whether this process may do everything, and PostgreSQL therefore refuses to be started by it.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn find() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = installed.map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let candidates = installed.chain(std::env::split_paths(&path));
    let versions = candidates.filter_map(|folder| Some((major_version(&folder)?, folder)));
    versions.filter(|(version, _)| *version >= OLDEST).max_by_key(|(version, _)| *version).map(|(_, folder)| folder)
}

/// The first number of what `postgres --version` says, if the folder holds all programs that the tests need.
fn major_version(folder: &Path) -> Option<u32> {
    if !["initdb", "createdb", "pg_isready"].iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let digits = said.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?;
    digits.parse().ok()
}

/// Whether a program can be called by its name.
pub(crate) fn program_in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs apt-get to a good end.
pub(crate) fn apt_get(arguments: &[&str]) {
    let output = Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output();
    let output = output.expect("apt-get was found in PATH");
    assert!(
        output.status.success(),
        "apt-get {} failed; install by hand what it was to install: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
}

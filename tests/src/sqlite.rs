//! Throw-away SQLite: a folder for each test, gone when the test is.

use std::path::Path;

use tempfile::TempDir;

/// A new, empty folder on disk.
///
/// # Panics
/// If the directory for temporary files is not writable.
pub fn folder() -> TempDir {
    tempfile::Builder::new().prefix("entente-").tempdir().expect("the directory for temporary files is writable")
}

/// A new, empty folder in memory where there is such a place, for worlds whose flushes prove nothing; on disk elsewhere.
///
/// # Panics
/// As [`folder`].
pub fn folder_in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = memory.is_dir().then(|| tempfile::Builder::new().prefix("entente-").tempdir_in(memory).ok());
    made.flatten().unwrap_or_else(folder)
}

/// The address of the database file that tests use in a folder.
pub fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("entente.db").display())
}

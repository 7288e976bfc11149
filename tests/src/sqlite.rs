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

/// The address of the database file that tests use in a folder.
pub fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("entente.db").display())
}

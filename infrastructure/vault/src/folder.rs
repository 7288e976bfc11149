//! What the store of objects does not do for a folder: keep it private, and see what a crash has left in it.
//!
//! It stages a file under a name that it then hides: `00000003#1`.

use std::fs::{DirBuilder, File, read_dir, remove_dir_all};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use entente_application::ports::VaultError;
use entente_domain::ObjectId;
use jiff::Timestamp;

use crate::errors;

/// Makes the folder so that only its owner may enter, and so that its name survives a power cut.
///
/// The files in it are not private by themselves, for the store of objects makes them as the umask wants.
pub(crate) fn prepare(folder: &Path) -> Result<(), VaultError> {
    let unusable = |error: io::Error| {
        VaultError::Misconfigured(format!("the vault's folder {} cannot be used: {error}", folder.display()))
    };
    let new: Vec<_> = folder.ancestors().take_while(|part| !part.exists()).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
    for part in new {
        part.parent().map_or(Ok(()), sync).map_err(unusable)?;
    }
    let mode = folder.metadata().map_err(unusable)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(folder = %folder.display(), "the vault's folder can be entered by others: chmod 700");
    }
    Ok(())
}

/// Removes an object's folder with all that is in it; durable once this answers.
pub(crate) fn remove(root: &Path, object: ObjectId) -> Result<(), VaultError> {
    match remove_dir_all(root.join(object.to_string())) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(errors::io(&error)),
        // Without its root nothing is removed: it may be a disk that is not mounted.
        _ => sync(root).map_err(|error| errors::io(&error)),
    }
}

/// Every object that has a folder, and when something in it was last written.
pub(crate) fn objects(root: &Path) -> Result<Vec<(ObjectId, Timestamp)>, VaultError> {
    let mut found = Vec::new();
    for entry in read_dir(root).map_err(|error| errors::io(&error))? {
        let entry = entry.map_err(|error| errors::io(&error))?;
        let name = entry.file_name();
        let object = name.to_str().and_then(named);
        if let Some(object) = object
            && let Some(written) = last_written(&entry.path()).map_err(|error| errors::io(&error))?
        {
            found.push((object, written));
        }
    }
    Ok(found)
}

/// The object of this name, if it is one as we write it.
pub(crate) fn named(name: &str) -> Option<ObjectId> {
    name.parse().ok().filter(|object: &ObjectId| object.to_string() == name)
}

/// When an object's folder or a file in it was last written; none if it is no folder, or has just been removed.
fn last_written(folder: &PathBuf) -> io::Result<Option<Timestamp>> {
    let gone = |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    let written = |path: &Path| match path.symlink_metadata() {
        Ok(facts) => Timestamp::try_from(facts.modified()?).map(Some).map_err(io::Error::other),
        Err(error) if gone(&error) => Ok(None),
        Err(error) => Err(error),
    };
    let entries = match read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if gone(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut last = written(folder)?;
    for entry in entries {
        last = last.max(written(&entry?.path())?);
    }
    Ok(last)
}

fn sync(folder: &Path) -> io::Result<()> {
    // The parent of a path of one part is empty, and means where the process is.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

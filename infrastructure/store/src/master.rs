//! The file of the master key: made once, readable by its owner only, replaced as a whole by one that is already safe.

use std::fs::{DirBuilder, File, OpenOptions, hard_link, read_to_string, remove_file, rename};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use entente_application::ports::StoreError;

use crate::crypto::{hex, random};

/// Its name in the data folder.
pub(crate) const NAME: &str = "master.key";
/// The one that is to take its place, while a rotation goes on.
const NEXT: &str = "master.key.next";

/// Locked by whoever migrates.
pub(crate) const MIGRATING: &str = "migrate.lock";
/// Locked by whoever rotates.
pub(crate) const ROTATING: &str = "rotate.lock";

/// The master key, if there is one.
pub(crate) fn read(folder: &Path) -> Result<Option<[u8; 32]>, StoreError> {
    let path = folder.join(NAME);
    let text = match read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(&path, &error)),
    };
    let open_to_others = path.metadata().is_ok_and(|facts| facts.permissions().mode() & 0o077 != 0);
    if open_to_others {
        tracing::warn!(path = %path.display(), "the master key can be read by others: chmod 600");
    }
    parse(text.trim()).map(Some).ok_or_else(|| unusable(&path, &"it does not consist of 64 hexadecimal digits"))
}

/// A new master key; or the one that another process has made at the same moment.
pub(crate) fn create(folder: &Path) -> Result<[u8; 32], StoreError> {
    let path = folder.join(NAME);
    private_folder(folder)?;
    let secret: [u8; 32] = random()?;
    let draft = folder.join(format!("{NAME}.{}", hex(&random::<8>()?)));
    let placed = write_new(&draft, &secret).and_then(|()| hard_link(&draft, &path));
    let tidied = remove_file(&draft);
    match placed {
        Ok(()) => {
            // The name must survive a power cut as the content does.
            tidied.and_then(|()| File::open(folder)?.sync_all()).map_err(|error| unusable(&path, &error))?;
            Ok(secret)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read(folder)?.ok_or_else(|| unusable(&path, &"it vanished"))
        }
        Err(error) => Err(unusable(&path, &error)),
    }
}

/// Makes a folder that only its owner may enter; one that exists is left as it is.
pub(crate) fn private_folder(folder: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| StoreError::Misconfigured(format!("the folder {} cannot be made: {error}", folder.display())))
}

/// Waits until no other process holds this lock of the folder; it goes with the file that is returned.
pub(crate) async fn alone(folder: &Path, lock: &'static str) -> Result<File, StoreError> {
    let path = folder.join(lock);
    let locked = tokio::task::spawn_blocking(move || {
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        file.lock().map(|()| file)
    });
    let failed = |error: &dyn std::fmt::Display| {
        StoreError::Misconfigured(format!("the folder {} cannot be locked: {error}", folder.display()))
    };
    locked.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

/// Whether a rotation has begun, and not come to its last step.
pub(crate) fn has_next(folder: &Path) -> bool {
    folder.join(NEXT).exists()
}

/// The key that is to take the place, if it is one: a power cut may have left half of it.
pub(crate) fn read_next(folder: &Path) -> Option<[u8; 32]> {
    parse(read_to_string(folder.join(NEXT)).ok()?.trim())
}

/// Makes the key that is to take the place; it is safe on the disk before anything is wrapped by it.
pub(crate) fn create_next(folder: &Path) -> Result<[u8; 32], StoreError> {
    let path = folder.join(NEXT);
    let secret: [u8; 32] = random()?;
    write_new(&path, &secret).and_then(|()| File::open(folder)?.sync_all()).map_err(|error| unusable(&path, &error))?;
    // Nothing may be wrapped by a key that only this process has.
    if read_next(folder) != Some(secret) {
        return Err(unusable(&path, &"it cannot be read back"));
    }
    Ok(secret)
}

/// Puts it in its place; the old one is gone.
pub(crate) fn promote_next(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(NEXT);
    rename(&path, folder.join(NAME)).and_then(|()| File::open(folder)?.sync_all()).map_err(|error| {
        StoreError::Misconfigured(format!(
            "the new master key {} cannot be renamed to {NAME} ({error}): do not remove it, it is the one that counts",
            path.display()
        ))
    })
}

/// Clears away one that wrapped nothing.
pub(crate) fn remove_next(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(NEXT);
    match remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unusable(&path, &error)),
        _ => Ok(()),
    }
}

/// Copies the master key to a new file, which only its owner can read.
pub(crate) fn copy(folder: &Path, to: &Path) -> Result<(), StoreError> {
    let secret = read(folder)?.ok_or_else(|| unusable(&folder.join(NAME), &"it is missing"))?;
    let beside = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_new(to, &secret).and_then(|()| File::open(beside)?.sync_all()).map_err(|error| {
        StoreError::Misconfigured(format!("the master key cannot be copied to {}: {error}", to.display()))
    })
}

fn write_new(path: &Path, secret: &[u8; 32]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(hex(secret).as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut secret = [0; 32];
    for (at, byte) in secret.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(secret)
}

fn unusable(path: &Path, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::Misconfigured(format!("the master key {} is unusable: {reason}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_is_read() {
        let secret = [0xa5; 32];
        assert_eq!(parse(&hex(&secret)), Some(secret));
    }

    #[test]
    fn what_is_not_64_digits_is_no_key() {
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

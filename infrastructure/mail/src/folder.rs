//! Letters in a folder, one file each: for a centre without a mail server, and for whoever tries it out.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use entente_application::ports::{Letter, Post, PostError};
use uuid::Uuid;

use crate::paper::Paper;
use crate::settings::Settings;

/// A folder of `.eml` files, each named by its letter: the same letter again replaces itself. What a crash may leave
/// begins with a dot and ends with `.new`.
pub struct Folder {
    paper: Paper,
    path: PathBuf,
    /// How many were begun: no two writers share an unfinished file.
    begun: AtomicU64,
}

impl Folder {
    /// The folder of the settings; it is made if it is not there, for its owner's eyes alone.
    ///
    /// # Errors
    /// A setting is wrong, or the folder cannot be made.
    pub fn open(settings: &Settings) -> Result<Self, PostError> {
        let paper = Paper::open(settings)?;
        let path = settings.folder.clone();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(|error| {
            PostError::Misconfigured(format!("the folder for letters cannot be made ({})", error.kind()))
        })?;
        Ok(Self { paper, path, begun: AtomicU64::new(0) })
    }
}

#[async_trait]
impl Post for Folder {
    async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        let sheet = self.paper.write(letter)?;
        let (path, id, number) = (self.path.clone(), letter.id, self.begun.fetch_add(1, Ordering::Relaxed));
        let written = tokio::task::spawn_blocking(move || write(&path, id, number, &sheet.message)).await;
        let broken = |kind: io::ErrorKind| PostError::Later(format!("the letter cannot be written ({kind})"));
        match written {
            Ok(done) => done.map_err(|error| broken(error.kind())),
            Err(_) => Err(broken(io::ErrorKind::Other)),
        }
    }
}

/// Either all of it is there under its name, durably, or nothing is.
fn write(folder: &Path, id: Uuid, number: u64, message: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{id}-{}-{number}.new", std::process::id()));
    let done = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(message)?;
        file.sync_all()?;
        fs::rename(&unfinished, folder.join(format!("{id}.eml")))?;
        File::open(folder)?.sync_all()
    })();
    if done.is_err() {
        // What is left says no more than the letter, and the error is told already.
        let _ = fs::remove_file(&unfinished);
    }
    done
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt as _;

    use entente_application::ports::LetterLanguage;
    use entente_domain::EmailAddress;
    use jiff::Timestamp;

    use super::*;

    fn settings(folder: &Path) -> Settings {
        Settings {
            folder: folder.join("letters"),
            site: Some("https://centre.example/".to_owned()),
            ..Settings::default()
        }
    }

    fn letter(number: u128) -> Letter {
        Letter {
            id: Uuid::from_u128(number),
            to: EmailAddress::parse("a@b.fr").unwrap(),
            language: LetterLanguage::French,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_letter_is_one_file_however_often_it_is_sent() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&settings(place.path())).unwrap();
        for number in [1, 2, 1] {
            folder.send(&letter(number)).await.unwrap();
        }
        let expected: Vec<_> = [1, 2].map(|number| format!("{}.eml", Uuid::from_u128(number))).into();
        assert_eq!(names(&folder.path), expected);
        let file = folder.path.join(&expected[0]);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("To: a@b.fr\r\n") && text.contains("https://centre.example/"), "{text}");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
        // It is the same folder for the next process.
        Folder::open(&settings(place.path())).unwrap().send(&letter(3)).await.unwrap();
        assert_eq!(names(&folder.path).len(), 3);
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_waited_for() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&settings(place.path())).unwrap();
        fs::remove_dir(&folder.path).unwrap();
        assert!(matches!(folder.send(&letter(1)).await, Err(PostError::Later(_))));
    }

    #[test]
    fn a_folder_that_cannot_be_is_a_wrong_setting() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("letters"), "").unwrap();
        assert!(matches!(Folder::open(&settings(place.path())), Err(PostError::Misconfigured(_))));
    }
}

//! The folder of letters, read as they come in, and how many have to be in it for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use entente_mail::Opened;

use super::cast::Hand;
use crate::failure::Failure;

/// What somebody is told of.
#[derive(Clone, Copy, Debug)]
pub(super) enum News<'a> {
    /// A step of the case, or of an item that was told of before.
    Step,
    /// An item that is new: the case records who was alerted to it.
    Item(&'a str),
}

/// The letters that somebody has to get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Due {
    /// Those about a step of the case.
    pub steps: usize,
    /// Those about a new item.
    pub items: usize,
}

/// The folder, as far as it has been read.
pub(super) struct Letterbox {
    folder: PathBuf,
    known: BTreeSet<OsString>,
    /// The letters, in the order in which they were found.
    pub letters: Vec<Opened>,
    due: BTreeMap<&'static str, Due>,
}

impl Letterbox {
    /// The box of a data folder; nothing needs to be there yet.
    pub(super) fn of(data: &Path) -> Self {
        let folder = data.join(crate::mail_settings::FOLDER);
        Self { folder, known: BTreeSet::new(), letters: Vec::new(), due: BTreeMap::new() }
    }

    /// From now on somebody has one letter more to get.
    pub(super) fn expect(&mut self, reader: &Hand, news: News<'_>) -> Result<(), Failure> {
        let due = self.due.entry(reader.mailbox()?.address).or_default();
        match news {
            News::Step => due.steps += 1,
            News::Item(_) => due.items += 1,
        }
        Ok(())
    }

    /// What somebody has to have got by now.
    pub(super) fn due(&self, address: &str) -> Due {
        self.due.get(address).copied().unwrap_or_default()
    }

    /// How many letters an address has got.
    pub(super) fn got(&self, address: &str) -> usize {
        self.letters.iter().filter(|letter| letter.header("To") == address).count()
    }

    /// How many letters have come, and how many are due; one that nobody expects ends the story.
    pub(super) fn state(&self) -> Result<(usize, usize), Failure> {
        let mut wanted = 0;
        for (address, Due { steps, items }) in &self.due {
            wanted += steps + items;
            if self.got(address) > steps + items {
                return Err(Failure::found(format!("a letter came to {address} that nothing asks for")));
            }
        }
        let known = |letter: &Opened| self.due.contains_key(letter.header("To"));
        if self.letters.iter().all(known) {
            Ok((self.letters.len(), wanted))
        } else {
            Err(Failure::found("a letter came to somebody who has no part in the case"))
        }
    }

    /// Reads what has come since.
    pub(super) fn look(&mut self) -> Result<(), Failure> {
        let unreadable = |error| Failure::unable(format!("the letters cannot be read: {error}"));
        let entries = match self.folder.read_dir() {
            Ok(entries) => entries,
            // The service makes it when it starts.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(error)),
        };
        for entry in entries {
            let path = entry.map_err(unreadable)?.path();
            let is_letter = path.extension().is_some_and(|extension| extension == "eml");
            let Some(name) = path.file_name().filter(|_| is_letter) else { continue };
            // A letter is never changed once it is there under its name.
            if self.known.insert(name.to_owned()) {
                let letter = std::fs::read(&path).map_err(unreadable)?;
                let opened = Opened::read(&letter);
                self.letters.push(opened.ok_or_else(|| Failure::found("a file in the letters' folder is no letter"))?);
            }
        }
        Ok(())
    }
}

//! The settings of letters: which server carries them, from whom they are, and in which language by default.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use entente_application::ports::{LetterLanguage, Post};
use entente_application::processes::LetterPolicy;
use entente_domain::EmailAddress;

use crate::documents_settings::Secret;
use crate::failure::Failure;
use crate::language::Language;
use crate::settings::Key;
use crate::settings_said::Said;

/// The folder in the data folder for letters that no server carries.
pub const FOLDER: &str = "letters";

/// The effective settings of letters. What is wrong with them is told to whoever sends letters, and stops nobody else.
#[derive(Clone, Debug)]
pub struct Mail {
    /// `smtp://host:port` or `smtps://host:port`; letters are written to the folder without.
    pub url: Option<String>,
    /// Who signs in at the server.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<Secret>,
    /// A file with certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The address that letters are from.
    pub from: Option<String>,
    /// The address that takes what could not be delivered.
    pub bounces: Option<String>,
    /// The page where people sign in; without a server, the address that is listened on unless another is given.
    pub site: Option<String>,
    /// The folder, where there is no server.
    pub folder: PathBuf,
    /// Seconds that the server may take for an answer; none if what was said is no such number.
    pub timeout: Option<u64>,
    /// The language of those who have chosen none; none if what was said is no language.
    pub language: Option<LetterLanguage>,
    /// What was said and is not understood, each in a sentence.
    wrong: Vec<String>,
}

impl Mail {
    /// The settings as they were said, else as they are by default; `listening` is where the centre is reached from this
    /// machine.
    pub fn of(said: &Said, data_dir: &Path, language: Language, listening: String) -> Self {
        let given = |key| said.value(key).map(str::to_owned);
        let usual = match language {
            Language::French => LetterLanguage::French,
            Language::English => LetterLanguage::English,
        };
        let mut wrong = Vec::new();
        for key in [Key::MailFrom, Key::MailBounces] {
            let is_address = |text: &str| EmailAddress::parse(text).ok().map(drop);
            understood(said.read(key, (), "an address such as centre@example.com", is_address), &mut wrong);
        }
        let timeout = said.read(Key::MailTimeout, 60, "a number of seconds from 1 to 600", |text| {
            text.parse().ok().filter(|seconds| (1..=600).contains(seconds))
        });
        let code = |code: &str| LetterLanguage::parse(code).ok();
        let language = said.read(Key::MailLanguage, usual, "`fr`, `en`, `de`, `es` or `ko`", code);
        let url = given(Key::MailUrl).filter(|url| !url.trim().is_empty());
        // With a server letters leave this machine: elsewhere a link to it leads nowhere.
        let site = given(Key::MailSite).or_else(|| url.is_none().then_some(listening));
        Self {
            url,
            user: given(Key::MailUser),
            password: given(Key::MailPassword).map(Secret),
            ca_file: given(Key::MailCaFile).map(PathBuf::from),
            from: given(Key::MailFrom),
            bounces: given(Key::MailBounces),
            site,
            folder: given(Key::MailFolder).map_or_else(|| data_dir.join(FOLDER), PathBuf::from),
            timeout: understood(timeout, &mut wrong),
            language: understood(language, &mut wrong),
            wrong,
        }
    }

    /// Who takes letters.
    ///
    /// # Errors
    /// Settings that are wrong, or make no sense together.
    pub fn post(&self) -> Result<Arc<dyn Post>, Failure> {
        if !self.wrong.is_empty() {
            return Err(Failure::usage(self.wrong.join("; ")));
        }
        entente_mail::open(&self.letters()).map_err(|error| Failure::usage(error.to_string()))
    }

    /// What keeps letters from being sent, if anything does.
    pub fn wrong(&self) -> Option<String> {
        if self.wrong.is_empty() {
            return entente_mail::check(&self.letters()).err().map(|error| error.to_string());
        }
        Some(self.wrong.join("; "))
    }

    /// What the post needs to know.
    pub fn letters(&self) -> entente_mail::Settings {
        entente_mail::Settings {
            url: self.url.clone(),
            user: self.user.clone(),
            password: self.password.clone().map(|Secret(password)| password),
            ca_file: self.ca_file.clone(),
            timeout: self.timeout.map(Duration::from_secs),
            last_word: None,
            from: self.from.clone(),
            bounces: self.bounces.clone(),
            site: self.site.clone(),
            folder: self.folder.clone(),
        }
    }

    /// How letters are sent.
    pub fn policy(&self) -> LetterPolicy {
        let usual = LetterPolicy::default();
        LetterPolicy { language: self.language.unwrap_or(usual.language), ..usual }
    }
}

/// What was understood; what was not is noted.
fn understood<T>(read: Result<T, Failure>, wrong: &mut Vec<String>) -> Option<T> {
    read.map_err(|failure| wrong.push(failure.to_string())).ok()
}

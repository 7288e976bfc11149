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

/// The effective settings of letters.
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
    /// The page where people sign in.
    pub site: String,
    /// The folder, where there is no server.
    pub folder: PathBuf,
    /// Seconds that the server may take for an answer.
    pub timeout: u64,
    /// The language of those who have chosen none.
    pub language: LetterLanguage,
}

impl Mail {
    /// The settings as they were said, else as they are by default.
    ///
    /// # Errors
    /// A value that is none.
    pub fn of(said: &Said, data_dir: &Path, language: Language, site: String) -> Result<Self, Failure> {
        let given = |key| said.value(key).map(str::to_owned);
        let address = |key| {
            let checked = |text: &str| EmailAddress::parse(text).ok().map(|_| Some(text.to_owned()));
            said.read(key, None, "an address such as centre@example.com", checked)
        };
        let usual = match language {
            Language::French => LetterLanguage::French,
            Language::English => LetterLanguage::English,
        };
        Ok(Self {
            url: given(Key::MailUrl),
            user: given(Key::MailUser),
            password: given(Key::MailPassword).map(Secret),
            ca_file: given(Key::MailCaFile).map(PathBuf::from),
            from: address(Key::MailFrom)?,
            bounces: address(Key::MailBounces)?,
            site: given(Key::MailSite).unwrap_or(site),
            folder: given(Key::MailFolder).map_or_else(|| data_dir.join(FOLDER), PathBuf::from),
            timeout: said.read(Key::MailTimeout, 60, "a number of seconds from 1 to 600", |text| {
                text.parse().ok().filter(|seconds| (1..=600).contains(seconds))
            })?,
            language: said.read(Key::MailLanguage, usual, "`fr`, `en`, `de`, `es` or `ko`", |code| {
                LetterLanguage::parse(code).ok()
            })?,
        })
    }

    /// Who takes letters.
    ///
    /// # Errors
    /// Settings that make no sense together.
    pub fn post(&self) -> Result<Arc<dyn Post>, Failure> {
        entente_mail::open(&self.letters()).map_err(|error| Failure::usage(error.to_string()))
    }

    /// What the post needs to know.
    pub fn letters(&self) -> entente_mail::Settings {
        entente_mail::Settings {
            url: self.url.clone(),
            user: self.user.clone(),
            password: self.password.clone().map(|Secret(password)| password),
            ca_file: self.ca_file.clone(),
            timeout: Some(Duration::from_secs(self.timeout)),
            from: self.from.clone(),
            bounces: self.bounces.clone(),
            site: self.site.clone(),
            folder: self.folder.clone(),
        }
    }

    /// How letters are sent.
    pub fn policy(&self) -> LetterPolicy {
        LetterPolicy { language: self.language, ..LetterPolicy::default() }
    }
}

//! What the application asks of the post: letters that say that something new awaits, and nothing else.

use async_trait::async_trait;
use entente_domain::EmailAddress;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The languages that letters are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LetterLanguage {
    /// Français.
    #[serde(rename = "fr")]
    French,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Deutsch.
    #[serde(rename = "de")]
    German,
    /// Español.
    #[serde(rename = "es")]
    Spanish,
    /// 한국어.
    #[serde(rename = "ko")]
    Korean,
}

/// A language that no letter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("letters are written in fr, en, de, es and ko")]
pub struct UnknownLanguage;

impl LetterLanguage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::French, Self::English, Self::German, Self::Spanish, Self::Korean];

    /// Its two letters (ISO 639-1).
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
            Self::Korean => "ko",
        }
    }

    /// Finds a language by its two letters.
    ///
    /// # Errors
    /// Whatever is none of the five.
    pub fn parse(code: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL.into_iter().find(|language| language.code() == code).ok_or(UnknownLanguage)
    }
}

/// A letter that says that something new awaits, and nothing else: it has no room for more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its name, and what its Message-ID is made of: the same whenever the same letter is sent again.
    pub id: Uuid,
    /// Whom it goes to.
    pub to: EmailAddress,
    /// In which language.
    pub language: LetterLanguage,
    /// The slot that it was made for: an hour of its recipient's own, or the moment it was made for one who is told at once; not
    /// when what it is about happened. It is dated with the minute of it, however late and however often it is sent.
    pub at: Timestamp,
}

/// Why a letter was not sent, or may not have been. No reason names anybody or repeats what a server said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It was not taken for now, and certainly not delivered: a server that is not there, is slow or puts off (4xx), or a
    /// full disk. To be tried again, later each time.
    #[error("the letter was not taken for now: {0}")]
    Later(String),
    /// It is not taken for this recipient, with this SMTP code. Final.
    #[error("the letter was refused for its recipient ({0})")]
    Refused(u16),
    /// The connection broke when all of it was sent and before the server had answered: it may have been delivered. Sent
    /// again, it has the same Message-ID, by which a mailbox can tell that it is the same.
    #[error("the connection broke before the server said whether it takes the letter")]
    Unsure,
    /// Nothing can be sent to anybody until a setting is changed; says which and what to do.
    #[error("{0}")]
    Misconfigured(String),
}

/// Who takes letters: a relay, or a folder.
#[async_trait]
pub trait Post: Send + Sync {
    /// Sends one letter, once. Whoever asks decides when to try again.
    async fn send(&self, letter: &Letter) -> Result<(), PostError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_code_for_people_and_for_machines() {
        for language in LetterLanguage::ALL {
            assert_eq!(LetterLanguage::parse(language.code()), Ok(language));
            assert_eq!(serde_json::to_value(language).ok(), Some(language.code().into()));
        }
        for code in ["", "FR", "fra", "it", "fr "] {
            assert_eq!(LetterLanguage::parse(code), Err(UnknownLanguage));
        }
    }
}

//! Why the program stops: a sentence for the person at the keyboard, and a code for the script around it.

use std::process::ExitCode;

use entente_application::CentreError;
use entente_application::documents::DocumentError;
use entente_application::ports::{StoreError, VaultError};

use crate::data_file::DataFileError;

/// The exit code when a check found a difference, or an import refused lines.
pub const DIFFERS: u8 = 1;
/// The exit code of a question that cannot be answered as it was asked.
const ASKED_WRONGLY: u8 = 2;
/// The exit code when the world did not play along: a database, a file, the network.
const UNABLE: u8 = 3;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// What was asked makes no sense here; the sentence says what would.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: ASKED_WRONGLY }
    }

    /// The database, a file or the network did not do its part; the sentence says which, and what to do.
    pub fn unable(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: UNABLE }
    }

    /// Something was found that ought not to be so.
    pub fn found(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: DIFFERS }
    }

    /// Whoever reads our output has gone, as `head` does when it has enough: no reason to complain.
    pub const fn reader_gone() -> Self {
        Self { message: String::new(), code: 0 }
    }

    /// The sentence, if there is anything to say.
    pub fn message(&self) -> Option<&str> {
        (!self.message.is_empty()).then_some(self.message.as_str())
    }

    /// The code.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let advice = match &error {
            StoreError::Unavailable(_) => "; is it running, and is the URL right? See `entente config`",
            StoreError::UnknownOutcome => "; run the same command again, it is done once",
            StoreError::Corrupt { .. } | StoreError::Gap(_) => "; stop writing to it and restore from a copy",
            StoreError::Destroyed(_) | StoreError::Misconfigured(_) => "",
        };
        Self::unable(format!("{error}{advice}"))
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let advice = match &error {
            VaultError::Full => "; make room, then run the same command again",
            VaultError::Unavailable(_) => "; is it running, and are the settings right? See `entente config`",
            VaultError::Missing(_) | VaultError::Damaged(..) | VaultError::Differs(_) => "; restore it from a copy",
            VaultError::Misconfigured(_) => "; see `entente config`",
        };
        Self::unable(format!("{error}{advice}"))
    }
}

impl From<CentreError> for Failure {
    fn from(error: CentreError) -> Self {
        match error {
            CentreError::Store(error) => error.into(),
            CentreError::Document(DocumentError::Vault(error)) => error.into(),
            CentreError::Document(error) => Self::unable(error.to_string()),
            CentreError::Refused(_)
            | CentreError::KeyReused
            | CentreError::SealedWithItsCase
            | CentreError::NotAccredited
            | CentreError::WouldUncover { .. } => Self::usage(error.to_string()),
            CentreError::NotComeYet => Self::usage(format!("{error}; ask about one that has")),
            CentreError::BeforeTheCase => Self::usage(format!("{error}; ask about a later time")),
            CentreError::Busy | CentreError::MovedOn | CentreError::NotYet => Self::unable(error.to_string()),
        }
    }
}

impl From<DataFileError> for Failure {
    fn from(error: DataFileError) -> Self {
        if error.is_reader_gone() { Self::reader_gone() } else { Self::unable(error.to_string()) }
    }
}

//! What goes wrong with documents, as the facade tells it: numbers in the reason, and no id anywhere.

use std::io;

use entente_application::documents::DocumentError;
use entente_application::documents::inspect::Unfit;
use entente_application::ports::VaultError;

use super::{Fault, Problem};

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let reason = error.to_string();
        let fault = match error {
            DocumentError::TooLarge(_) => Fault::DocumentTooLarge,
            DocumentError::OverQuota(_) => Fault::OverQuota,
            DocumentError::TooManyAtOnce(_) => Fault::TooManyUploads,
            DocumentError::WrongOffset(_) => Fault::WrongOffset,
            DocumentError::PartTooSmall(_) => Fault::PartTooSmall,
            DocumentError::TooMany(_) => Fault::MoreThanAnnounced,
            DocumentError::CutOff(_) => Fault::CutOff,
            DocumentError::Incomplete(_) => Fault::UploadIncomplete,
            DocumentError::Complete => Fault::UploadComplete,
            DocumentError::WrongDigest(_) => Fault::WrongDigest,
            DocumentError::Unfit(Unfit::Empty) => Fault::EmptyFile,
            DocumentError::Unfit(Unfit::Damaged) => Fault::DamagedFile,
            DocumentError::Unfit(Unfit::Ambiguous) => Fault::AmbiguousFile,
            DocumentError::Unfit(Unfit::Bomb) => Fault::FileBomb,
            DocumentError::Malware => Fault::Malware,
            DocumentError::NotScanned => Fault::NotScanned,
            DocumentError::NoSuchRange(size) => {
                return Self::from(Fault::NoSuchRange).of_whole(size).because(reason);
            }
            DocumentError::Vault(error) => return error.into(),
        };
        Self::from(fault).because(reason)
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        log(&error);
        match error {
            VaultError::Full => Fault::VaultFull.into(),
            VaultError::Unavailable(_) => Fault::VaultUnavailable.into(),
            VaultError::Differs(_) => Fault::OtherBytes.into(),
            VaultError::Missing(_) | VaultError::Damaged(..) | VaultError::Misconfigured(_) => Fault::Internal.into(),
        }
    }
}

/// What breaks an answer off that is on its way: the connection ends, so that nobody takes a part for the whole.
pub fn broken(error: VaultError) -> io::Error {
    log(&error);
    io::Error::other("a document broke off")
}

/// A line of log for whoever runs the service. Which document it was stays out of it.
fn log(error: &VaultError) {
    match error {
        VaultError::Full => tracing::error!("the vault is full"),
        VaultError::Unavailable(reason) => tracing::warn!(reason, "the vault did not answer"),
        // Its submitter's own doing.
        VaultError::Differs(_) => {}
        VaultError::Missing(_) => tracing::error!("a segment of a document is missing"),
        VaultError::Damaged(_, reason) => tracing::error!(reason, "a document is damaged"),
        VaultError::Misconfigured(reason) => tracing::error!(reason, "a setting of the vault is wrong"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_RANGE;
    use entente_domain::ObjectId;
    use uuid::Uuid;

    use super::*;
    use crate::language::Language;

    #[test]
    fn an_unsatisfiable_range_is_answered_with_the_size() {
        let told = Problem::from(DocumentError::NoSuchRange(77)).told(Language::English);
        assert_eq!(told.status().as_u16(), 416);
        assert_eq!(told.headers().get(CONTENT_RANGE).map(|value| value.as_bytes()), Some(&b"bytes */77"[..]));
    }

    #[test]
    fn numbers_are_told_and_objects_are_not() {
        let told = |error: DocumentError| format!("{:?}", Problem::from(error));
        assert!(told(DocumentError::WrongOffset(8_388_608)).contains("8388608"));
        let object = ObjectId(Uuid::from_u128(7));
        assert!(!told(VaultError::Missing(object).into()).contains(&object.to_string()));
    }
}

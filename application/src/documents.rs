//! Documents: taken in a segment at a time, inspected, submitted as items, given out in ranges, swept if nobody wants them.

mod giving;
pub mod inspect;
#[cfg(feature = "leaks")]
pub mod leaks;
mod receiving;
mod sending;
mod sweeping;

use std::sync::Arc;

use entente_domain::CaseError;
use entente_domain::event::{ContentDigest, DocumentClass};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

pub use self::giving::Document;
pub use self::receiving::{Arriving, NewUpload};
pub use self::sending::Senders;
pub use self::sweeping::Swept;
use crate::centre::Turns;
use crate::ports::VaultError;

/// How many segments are stored, and documents inspected, at a time. No turn is held while a client takes its time: one
/// side's slow line must not be felt by the other.
const AT_A_TIME: usize = 24;

/// What a centre takes in.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one document at most.
    pub largest: u64,
    /// Bytes of all documents of one seat in one case at most. The other seats' do not count: a refusal would tell of them.
    pub quota: u64,
    /// How long an upload that nobody goes on with, and that no item names, is kept.
    pub grace: SignedDuration,
    /// Turns for storing and inspecting.
    pub turns: Arc<Semaphore>,
    /// Whose turn it is to store a segment of an upload: one at a time each.
    pub steps: Turns,
    /// Who is sending how much at once.
    pub senders: Senders,
}

impl Default for Limits {
    /// 100 MB a document, 2 GB a seat and case, a day of grace.
    fn default() -> Self {
        Self {
            largest: 100_000_000,
            quota: 2_000_000_000,
            grace: SignedDuration::from_hours(24),
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
            steps: Turns::default(),
            senders: Senders::default(),
        }
    }
}

/// A document that was uploaded is laid on the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    /// The upload, all of which is there.
    pub upload: entente_domain::ObjectId,
    /// Its legal class.
    pub class: DocumentClass,
}

/// Why a document is not taken in, or not given out. Nothing half-done is left.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// More than the limit for one document, in bytes.
    #[error("a document may have {0} bytes at most")]
    TooLarge(u64),
    /// More than what is left of the seat's quota.
    #[error("your side's documents in this case would hold more than {0} bytes")]
    OverQuota(u64),
    /// One person sends more at once than is borne.
    #[error("{0} uploads at a time; finish one first")]
    TooManyAtOnce(usize),
    /// It goes on at another byte.
    #[error("the upload goes on at byte {0}")]
    WrongOffset(u64),
    /// Less than a segment, and not the end: nothing of it was kept.
    #[error("a part that is not the last has {0} bytes at least")]
    PartTooSmall(u64),
    /// More bytes came than were announced.
    #[error("more bytes came than the {0} that were announced")]
    TooMany(u64),
    /// The bytes stopped coming; whole segments were kept.
    #[error("the upload was cut off at byte {0}")]
    CutOff(u64),
    /// It is all there: it is submitted, or swept by itself.
    #[error("the upload is complete")]
    Complete,
    /// It is not all there yet.
    #[error("the upload is not complete: it goes on at byte {0}")]
    Incomplete(u64),
    /// It is another file than was announced; it is discarded.
    #[error("the content's SHA-256 is {}", .0.as_str())]
    WrongDigest(ContentDigest),
    /// It is of no kind that is taken in; it is discarded.
    #[error("{0}")]
    Unfit(#[from] inspect::Unfit),
    /// The scanner says that it does harm; it is discarded.
    #[error("the scanner found malware")]
    Malware,
    /// The scanner that is configured does not answer: nothing is released meanwhile.
    #[error("the scanner did not answer")]
    NotScanned,
    /// No such range of bytes; the whole has this many.
    #[error("the document has {0} bytes")]
    NoSuchRange(u64),
    /// The vault could not.
    #[error("{0}")]
    Vault(#[from] VaultError),
}

/// What is not there, for this person.
const ABSENT: CaseError = CaseError::NotFound;

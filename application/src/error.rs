//! Why the centre could not do what was asked.

use entente_domain::CaseError;
use entente_projections::figures::Scope;

use crate::documents::DocumentError;
use crate::ports::{Position, StoreError};

/// Everything that can go wrong between a question and its answer.
#[derive(Debug, thiserror::Error)]
pub enum CentreError {
    /// The case refuses.
    #[error("{0}")]
    Refused(#[from] CaseError),
    /// The same idempotency key came with another request.
    #[error("this key was used for another request")]
    KeyReused,
    /// The case has moved on since the precondition was looked at; look again. Never reaches a person.
    #[error("the case has moved on")]
    MovedOn,
    /// Others changed the case again and again while this was decided. Nothing was done; asking again is safe.
    #[error("the case is very busy; send the same request again")]
    Busy,
    /// A write that was to be waited for has not reached the list yet; asking again is safe.
    #[error("the list is not up to date yet; ask again")]
    NotYet,
    /// The audit asks about an instant, or a position of the log, that has not come yet.
    #[error("this instant, or position of the log, has not come yet")]
    NotComeYet,
    /// The audit asks about an instant at which there was no such case.
    #[error("there was no such case yet")]
    BeforeTheCase,
    /// A document is not taken in, or not given out.
    #[error("{0}")]
    Document(#[from] DocumentError),
    /// What is to be erased alone was sealed with the key of its whole case, by a version before keys of one's own.
    #[error("this was sealed together with its case: only the whole case can be erased")]
    SealedWithItsCase,
    /// Who is to mediate has no accreditation that counts today.
    #[error("this mediator has no accreditation that counts today")]
    NotAccredited,
    /// These figures beside some that were published would tell what neither tells alone.
    #[error("beside the report of {scope} as of position {} these figures would tell of too few cases", .as_of.0)]
    WouldUncover {
        /// Of which cases those were published.
        scope: Scope,
        /// As of where.
        as_of: Position,
    },
    /// The store could not.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl CentreError {
    /// The answer to everything that is not there for this person.
    pub const ABSENT: Self = Self::Refused(CaseError::NotFound);

    /// Whether this is of one case's or one person's data, and says nothing of anybody else's.
    pub fn is_ones_own(&self) -> bool {
        matches!(self, Self::Store(StoreError::Corrupt { .. }))
    }
}

//! The outbox: news that wait for their hour, letters on their way, and where people want theirs. Ids and times, no content;
//! an address is sealed.

use async_trait::async_trait;
use entente_domain::{CaseId, EmailAddress, ItemId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Lease, LetterLanguage, News, StoreError};

/// How often somebody wants letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Rhythm {
    /// As soon as there is something new.
    AtOnce,
    /// At the next of one's own quarters of an hour.
    #[default]
    Quarterly,
    /// Once a day, in the morning of Paris.
    Daily,
    /// Never: one looks by oneself.
    Never,
}

/// How somebody wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Where to; if not given, the address that is on record in the case.
    pub address: Option<EmailAddress>,
    /// In which language.
    pub language: LetterLanguage,
    /// How often.
    pub rhythm: Rhythm,
}

/// Where and how people want their letters: a plain table.
#[async_trait]
pub trait Directory: Send + Sync {
    /// What somebody has chosen, if anything.
    async fn preferences(&self, person: PersonId) -> Result<Option<Preferences>, StoreError>;
    /// Notes what somebody has chosen. What waits for its hour is told by the new rhythm.
    async fn prefer(&self, person: PersonId, wanted: &Preferences, at: Timestamp) -> Result<(), StoreError>;
}

/// Where a letter is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LetterState {
    /// To be handed over, for the first time or again.
    Waiting,
    /// Being handed over; if whoever does so has gone, nobody knows how that ended.
    Going,
    /// The connection broke when all of it was sent: it may have arrived, and is sent once more.
    Unsure,
    /// The server has taken it; that it was is to be recorded in the cases.
    Sent,
    /// All is done.
    Recorded,
    /// The server refuses its recipient for good.
    Refused,
    /// It came back.
    Bounced,
    /// It could not be handed over for days.
    GivenUp,
    /// Nobody knows where to.
    NoAddress,
    /// What it was to tell of was hidden, opened or erased before it could be handed over.
    Moot,
}

/// A letter in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Its id: follows from its first news and its recipient.
    pub letter: Uuid,
    /// To whom.
    pub person: PersonId,
    /// The hour that it is for.
    pub slot: Timestamp,
    /// Where it is on its way.
    pub state: LetterState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again, if it is to be.
    pub again: Option<Timestamp>,
    /// When it was handed over, or found that it cannot be.
    pub ended: Option<Timestamp>,
    /// The server's or the bounce's code, such as 550.
    pub code: Option<u16>,
}

/// Why a letter needs somebody of the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Trouble {
    /// It was tried more than once, and is on its way yet.
    PutOff,
    /// The server refuses its recipient for good.
    Refused,
    /// It came back.
    Bounced,
    /// It could not be handed over for days.
    GivenUp,
    /// Nobody knows where to.
    NoAddress,
}

/// A letter that did not go as it should. It has a day and no hour: when somebody had news is not the centre's to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TroubledLetter {
    /// The letter.
    pub letter: Uuid,
    /// To whom.
    pub person: PersonId,
    /// The day that it is for (UTC).
    pub day: Date,
    /// What is wrong with it.
    pub trouble: Trouble,
    /// How often it was tried.
    pub attempts: u32,
    /// The server's or the bounce's code, such as 550.
    pub code: Option<u16>,
}

/// A letter that is being made of what waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Its id.
    pub letter: Uuid,
    /// To whom.
    pub person: PersonId,
    /// The hour that it is for.
    pub slot: Timestamp,
    /// What it is about; nothing of that is in it.
    pub news: Vec<News>,
}

/// News and letters. Everything that changes something asks for the lease of whoever sends; false, and nothing done, if that
/// is somebody else's by now.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Persons for whom something waits and whose hour has come or is not known yet, and since when it has waited.
    async fn awaiting(&self, now: Timestamp, limit: u32) -> Result<Vec<(PersonId, Timestamp)>, StoreError>;
    /// Notes a person's next hour; none: something may wait for ever.
    async fn defer(&self, lease: &Lease, person: PersonId, until: Option<Timestamp>) -> Result<bool, StoreError>;
    /// What waits for a person and is older than an instant, in order.
    async fn news(&self, person: PersonId, before: Timestamp) -> Result<Vec<News>, StoreError>;
    /// Makes a letter of what waits, or none, and forgets all that waited for its recipient from before an instant. If there
    /// is such a letter already, its first news alone are forgotten, which it has told: the others wait for the next.
    async fn write(
        &self,
        lease: &Lease,
        person: PersonId,
        before: Timestamp,
        letter: Option<&NewLetter>,
    ) -> Result<bool, StoreError>;
    /// Letters that are to be handed over or recorded now, in the order of their ids, which tells nothing.
    async fn on_their_way(&self, lease: &Lease, now: Timestamp, limit: u32) -> Result<Vec<LetterRow>, StoreError>;
    /// Notes where a letter is on its way.
    async fn note(&self, lease: &Lease, letter: &LetterRow) -> Result<bool, StoreError>;
    /// What a letter is about.
    async fn told(&self, letter: Uuid) -> Result<Vec<(CaseId, Option<ItemId>)>, StoreError>;
    /// Notes that a letter came back; whether there was such a letter.
    async fn bounced(&self, letter: Uuid, code: u16, at: Timestamp) -> Result<bool, StoreError>;
    /// The letters that did not go as they should and are for no day before one, the latest day first, after a place
    /// `(day, letter)`.
    async fn troubled(
        &self,
        trouble: Option<Trouble>,
        since: Date,
        after: Option<(Date, Uuid)>,
        limit: u32,
    ) -> Result<Vec<TroubledLetter>, StoreError>;
    /// Forgets letters that have come to their end and were for an hour before an instant; some of them, if there are many.
    async fn prune(&self, lease: &Lease, before: Timestamp) -> Result<(), StoreError>;
}

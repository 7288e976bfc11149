//! What the application asks of the world: a log of cases, read models beside it, and who holds a token.

mod audit;
mod documents;
mod facts;
mod outbox;
mod post;
mod processes;
mod roster;

use std::sync::Arc;

use async_trait::async_trait;
use entente_domain::{Case, CaseId, CommandId, Entry, ItemId, ObjectId, PersonId};
use entente_projections::facts::Fact;
use entente_projections::{caseload, exposure, inbox};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub use self::audit::{Exposures, Look, Looked, Looks};
pub use self::documents::{
    Content, DocumentKey, SEGMENT, Scanner, Shred, Shredder, Upload, Uploads, Vault, VaultError, Verdict,
};
pub use self::facts::{Facts, Released, Releases};
pub use self::outbox::{
    Directory, LetterRow, LetterState, NewLetter, Outbox, Preferences, Rhythm, Trouble, TroubledLetter,
};
pub use self::post::{Letter, LetterLanguage, Post, PostError, UnknownLanguage};
pub use self::processes::{Ending, Errand, Lease, News, Outgoing, Period, Periods, Processes, Running};
pub use self::roster::{Entered, Roster};

/// A place in the log: dense from 1 in commit order, so that a missing one is proof of loss; 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

/// An entry where the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Whose stream.
    pub case: CaseId,
    /// Its number in the stream, from 1 without gaps.
    pub sequence: u64,
    /// Its place in the log.
    pub position: Position,
    /// The command that it answers.
    pub command: CommandId,
    /// When the centre was told: recorded time. Valid time is the entry's own.
    pub recorded: Timestamp,
    /// What happened. Confidential parts are shut until [`CaseLog::unseal`] has opened them.
    pub entry: Entry,
}

/// A case folded to the end of its stream.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The state; holds no content.
    pub state: Arc<Case>,
    /// How many entries it folds: the stream's version.
    pub version: u64,
}

/// Entries to append to one stream, all or none.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream.
    pub case: CaseId,
    /// The version that the decision was made on.
    pub expected: u64,
    /// The command; appended once whatever happens.
    pub command: CommandId,
    /// SHA-256 of the request that carried the command, to tell a repeat from another request with the same key.
    /// Stored only under a MAC with the case's key: a short request must not be guessable from the log.
    pub request: Option<[u8; 32]>,
    /// When the centre was told, if that is not when it happened, as with an import: recorded time.
    pub recorded: Option<Timestamp>,
    /// What happened, in clear.
    pub entries: Vec<Entry>,
}

/// What became of an [`Append`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is true now, and durable.
    At {
        /// Position of the first entry.
        first: Position,
        /// Position of the last.
        last: Position,
    },
    /// The stream had moved on: fold again and decide again.
    Conflict,
    /// The command was appended before; ask [`CaseLog::done`] for its first answer.
    Repeated,
}

/// What a command did when it was first carried out.
#[derive(Clone, Debug)]
pub struct Done {
    /// The case that it changed.
    pub case: CaseId,
    /// Whether the request asked about is the one that was carried out; true when either is unknown.
    pub same_request: bool,
    /// The entries that it appended, sealed.
    pub entries: Vec<Recorded>,
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Worth asking again: a lost connection, a time-out, a serialization failure, a busy database. Nothing was done.
    #[error("the database did not answer: {0}")]
    Unavailable(String),
    /// The connection broke during commit: done or not, only the command's id tells.
    #[error("the outcome of a commit is unknown")]
    UnknownOutcome,
    /// What is stored is not what was written. Stops whoever reads it.
    #[error("the log is damaged at position {position} ({case} #{sequence}): {reason}")]
    Corrupt {
        /// Where in the log; 0 if not known.
        position: u64,
        /// The stream; empty if not known.
        case: String,
        /// The number in the stream; 0 if not known.
        sequence: u64,
        /// What is wrong; never the content.
        reason: String,
    },
    /// A position that must exist does not.
    #[error("the log has a gap: position {0} is missing")]
    Gap(u64),
    /// The key of an object, or of its case, was destroyed: nothing can be stored under this name any more.
    #[error("the key of object {0} or of its case was destroyed")]
    Destroyed(ObjectId),
    /// A setting or file is wrong; says which and what to do.
    #[error("{0}")]
    Misconfigured(String),
}

/// The log of all cases: the only truth, everything else is a fold of it.
#[async_trait]
pub trait CaseLog: Send + Sync {
    /// The case as it is now; an unknown one folds to the default state at version 0. May be a little behind another
    /// process: [`CaseLog::append`] then answers `Conflict` and forgets it.
    async fn fold(&self, case: CaseId) -> Result<Folded, StoreError>;
    /// The case as it is at this moment, whoever appended last. Whoever decides what somebody may see asks this.
    async fn fold_now(&self, case: CaseId) -> Result<Folded, StoreError>;
    /// Seals and appends; answers once it is durable.
    async fn append(&self, append: Append) -> Result<Appended, StoreError>;
    /// A whole stream, in order, sealed. Always as recent as the last acknowledged append.
    async fn stream(&self, case: CaseId) -> Result<Vec<Recorded>, StoreError>;
    /// Opens the confidential parts of these entries; those whose key is gone stay shut.
    async fn unseal(&self, entries: Vec<Recorded>) -> Result<Vec<Recorded>, StoreError>;
    /// The next entries after a position, at most `limit`, sealed; checked to be dense, and to reach the head if fewer.
    async fn page(&self, after: Position, limit: u32) -> Result<Vec<Recorded>, StoreError>;
    /// The last position.
    async fn head(&self) -> Result<Position, StoreError>;
    /// What a command did, if it was carried out. `request` as in [`Append::request`].
    async fn done(&self, command: CommandId, request: Option<[u8; 32]>) -> Result<Option<Done>, StoreError>;
    /// Wakes when this process has appended; other processes' appends are found by asking.
    fn appended(&self) -> watch::Receiver<Position>;
    /// Whether the database answers and is migrated.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// Ids that follow from words by a secret: always the same for the same words, and unguessable from outside, so that an
/// id on a page cannot be matched against guesses of the key, the name or the text that it came from.
pub trait Names: Send + Sync {
    /// The id of these words in a space of names.
    fn name(&self, space: &str, words: &[&[u8]]) -> uuid::Uuid;
}

/// A projection's name and version, and which of its builds is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// Such as `inbox`.
    pub projection: &'static str,
    /// The number of this build: every rebuild has a new one.
    pub build: u64,
    /// The version of the fold that writes it.
    pub version: u32,
}

/// What a projection says has changed in its rows.
#[derive(Clone, Debug)]
pub enum Change {
    /// In the inbox.
    Inbox(inbox::Change),
    /// In the caseload.
    Caseload(caseload::Change),
    /// In who could see what.
    Exposure(exposure::Change),
    /// In what figures count: a case's row, whole.
    Fact(Box<Fact>),
}

/// The read models: rows, and the checkpoint up to which they are true, moved in one transaction.
#[async_trait]
pub trait Views: Send + Sync {
    /// The build that is read, if there is one.
    async fn live(&self, projection: &'static str) -> Result<Option<Build>, StoreError>;
    /// Begins an empty build with a new number, at position 0.
    async fn begin(&self, projection: &'static str, version: u32) -> Result<Build, StoreError>;
    /// How far a build has come.
    async fn checkpoint(&self, build: &Build) -> Result<Position, StoreError>;
    /// Writes changes and moves the checkpoint `from` → `to`; false, and nothing done, if it was not at `from`.
    async fn advance(
        &self,
        build: &Build,
        from: Position,
        to: Position,
        changes: &[Change],
    ) -> Result<bool, StoreError>;
    /// Makes this build the one that is read, in one update, and drops the others of its projection.
    async fn switch(&self, build: &Build) -> Result<(), StoreError>;
    /// Drops a build that is not live.
    async fn discard(&self, build: &Build) -> Result<(), StoreError>;
    /// All rows of a build as canonical lines of text in a fixed order, for comparison.
    async fn dump(&self, build: &Build) -> Result<Vec<String>, StoreError>;
    /// A person's inbox, newest first, after a place `(at, item)`.
    async fn inbox(
        &self,
        person: PersonId,
        after: Option<(Timestamp, ItemId)>,
        limit: u32,
    ) -> Result<Vec<inbox::Row>, StoreError>;
    /// A person's cases, newest first, after a place `(joined, case)`.
    async fn cases_of(
        &self,
        person: PersonId,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<inbox::Seated>, StoreError>;
    /// The centre's cases, newest first, after a place `(registered, case)`, in one phase or in all.
    async fn caseload(
        &self,
        phase: Option<entente_domain::Phase>,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<caseload::Row>, StoreError>;
    /// The cases with a deadline at or before an instant, soonest first, after a place `(due, case)`.
    async fn due(
        &self,
        until: Timestamp,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<caseload::Row>, StoreError>;
}

/// What a bearer token lets its holder ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A company's representative.
    Party,
    /// A mediator.
    Mediator,
    /// The centre's staff.
    Centre,
    /// Who checks the history.
    Auditor,
    /// Who reports the figures.
    Analyst,
    /// Who runs the service.
    Administrator,
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// What the token is good for.
    pub roles: Vec<Role>,
}

/// The tokens, of which only SHA-256 is stored: a token has 256 random bits, so nothing slower is needed.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Stores a new one.
    async fn issue(&self, digest: [u8; 32], holder: &Holder, label: &str, at: Timestamp) -> Result<(), StoreError>;
    /// Whose it is, if it is one and was not revoked.
    async fn holder(&self, digest: [u8; 32]) -> Result<Option<Holder>, StoreError>;
    /// Ends all tokens of a person; says how many there were.
    async fn revoke(&self, person: PersonId, at: Timestamp) -> Result<u64, StoreError>;
}

//! What the process managers keep: leases, checkpoints, errands that wait for their time, and letters on their way.

use async_trait::async_trait;
use entente_domain::state::{Due, Matter};
use entente_domain::{CaseId, CommandId, ItemId, PersonId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Position, StoreError};

/// Who may act for a process manager now. Whatever it writes is refused once another has taken its place: a process that
/// was paused and goes on does not know that its time is over, and the store does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The process manager.
    pub process: &'static str,
    /// The number of this holding: a later holder has a higher one.
    pub fence: u64,
    /// How far its log has been read.
    pub position: Position,
}

/// Something that a process manager will do at its time: a command, whose id follows from what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// The command's id: carried out twice, it has one effect.
    pub id: CommandId,
    /// The case.
    pub case: CaseId,
    /// What is to be done, in the process manager's own words.
    pub what: String,
    /// Not before.
    pub at: Timestamp,
}

/// Something new that a person has not been told of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct News {
    /// Who is to be told.
    pub person: PersonId,
    /// In which case.
    pub case: CaseId,
    /// What it is: the command that made it so, or the errand that reminds of it. Not its number in the stream, which
    /// would tell of what is hidden.
    pub source: CommandId,
    /// The item, if it is about one.
    pub item: Option<ItemId>,
    /// When it happened.
    pub at: Timestamp,
}

/// A period that runs in a case, for the centre's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub kind: Due,
    /// The item or the person that it is about, if it is not the case itself.
    pub about: Option<Matter>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub due: Timestamp,
}

/// What a process manager makes of the log: written together with its checkpoint, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A case's periods are these: others that ran until now have ended.
    Periods {
        /// The case.
        case: CaseId,
        /// When this became so.
        at: Timestamp,
        /// The periods that run.
        running: Vec<Running>,
    },
    /// A case's errands of this process manager are these: others that still wait are called off.
    Plan {
        /// The case.
        case: CaseId,
        /// When this became so.
        at: Timestamp,
        /// What is to be done.
        errands: Vec<Errand>,
    },
    /// Somebody is to be told something.
    News(News),
    /// Nothing of a case is to be told any more.
    Forget(CaseId),
    /// A person is erased from a case: what the person has chosen of letters is forgotten, wherever it counts.
    ForgetPerson(PersonId),
}

/// How an errand ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its command had an effect.
    Done,
    /// It did not apply any more.
    Moot,
}

/// A period in the centre's list: when it was due, and when it came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its place in the list, beside the instant at which it is due.
    pub id: Uuid,
    /// The case.
    pub case: CaseId,
    /// The period.
    pub running: Running,
    /// When it ended, if it did.
    pub ended: Option<Timestamp>,
}

/// Which periods are wanted, and after which place of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Periods {
    /// Those that run and are due until an instant, soonest first; of rights that end by themselves, those that have not.
    Due {
        /// Until when.
        until: Timestamp,
        /// As of when.
        now: Timestamp,
    },
    /// Those that ran over, the latest first: what has ended since, too; not rights, which nobody misses.
    Missed {
        /// As of when.
        now: Timestamp,
    },
}

/// Leases, checkpoints and errands.
#[async_trait]
pub trait Processes: Send + Sync {
    /// Takes or renews the lease of a process manager for a while; none if somebody else holds it. It goes by the
    /// database's clock, which all who share it have in common, however far their own are apart. A lease that ends
    /// impossibly late, since that clock was put back, is nobody's.
    async fn lease(
        &self,
        process: &'static str,
        holder: Uuid,
        term: SignedDuration,
    ) -> Result<Option<Lease>, StoreError>;
    /// Gives a lease back, so that nobody waits for its end.
    async fn release(&self, lease: &Lease) -> Result<(), StoreError>;
    /// Writes what is outgoing and moves the checkpoint; false, and nothing done, if the lease is somebody else's by now.
    async fn advance(&self, lease: &Lease, to: Position, outgoing: &[Outgoing]) -> Result<bool, StoreError>;
    /// A process manager's errands whose time has come, in its order.
    async fn waiting(&self, process: &'static str, now: Timestamp, limit: u32) -> Result<Vec<Errand>, StoreError>;
    /// Notes how errands ended, and whom they remind; false, and nothing done, if the lease is somebody else's by now.
    async fn end(
        &self,
        lease: &Lease,
        ended: &[(CommandId, Ending)],
        news: &[News],
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// The centre's list of periods, after a place `(due, id)`.
    async fn periods(
        &self,
        which: Periods,
        after: Option<(Timestamp, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Period>, StoreError>;
}

//! The mediation centre: everything that the adapters call, over the ports that they bring.

use std::sync::Arc;

use entente_domain::CaseId;
use jiff::Timestamp;
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use crate::documents::Limits;
use crate::ports::{
    CaseLog, Directory, Exposures, Facts, Looks, Names, Outbox, Post, Processes, Releases, Roster, Scanner, Shredder,
    Tokens, Uploads, Vault, Views,
};
use crate::processes::{AppointmentPolicy, LetterPolicy};

/// The time; the binary has the only real one.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Randomness; the binary has the only real one.
pub trait Dice: Send + Sync {
    /// 122 random bits as a UUIDv4.
    fn uuid(&self) -> Uuid;
    /// 256 random bits.
    fn secret(&self) -> [u8; 32];
}

/// The centre. Cheap to clone: all parts are shared.
#[derive(Clone)]
pub struct Centre {
    /// The log of cases.
    pub log: Arc<dyn CaseLog>,
    /// The read models.
    pub views: Arc<dyn Views>,
    /// Who could see what.
    pub exposures: Arc<dyn Exposures>,
    /// What figures count.
    pub facts: Arc<dyn Facts>,
    /// What was published of it.
    pub releases: Arc<dyn Releases>,
    /// The access log.
    pub looks: Arc<dyn Looks>,
    /// The tokens.
    pub tokens: Arc<dyn Tokens>,
    /// The ids that follow from words.
    pub names: Arc<dyn Names>,
    /// The documents' content.
    pub vault: Arc<dyn Vault>,
    /// Documents on their way in, and the keys of all.
    pub uploads: Arc<dyn Uploads>,
    /// What destroys keys.
    pub shredder: Arc<dyn Shredder>,
    /// What looks for malware, if anything does.
    pub scanner: Option<Arc<dyn Scanner>>,
    /// What the process managers keep.
    pub processes: Arc<dyn Processes>,
    /// News and letters.
    pub outbox: Arc<dyn Outbox>,
    /// How people want to be told.
    pub directory: Arc<dyn Directory>,
    /// The mediators.
    pub roster: Arc<dyn Roster>,
    /// Who takes letters.
    pub post: Arc<dyn Post>,
    /// Who appoints.
    pub appointments: AppointmentPolicy,
    /// How letters are sent.
    pub letters: LetterPolicy,
    /// How much is taken in.
    pub documents: Limits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub dice: Arc<dyn Dice>,
    /// Whose turn it is in which case.
    pub turns: Turns,
}

/// How many queues the cases share; two that meet in one wait for each other, and tell nothing by it but time.
const QUEUES: usize = 1_024;

/// A fair queue for the commands of a case. Without it, who is slower loses to who is busier, and is told so: a camp
/// would learn from a refusal that the other is talking to the mediator, and could be kept from withdrawing (B6).
#[derive(Clone, Debug)]
pub struct Turns(Arc<[Mutex<()>]>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..QUEUES).map(|_| Mutex::new(())).collect())
    }
}

impl Turns {
    /// Waits for this case's turn, in the order of asking.
    pub(crate) async fn take(&self, case: CaseId) -> Option<MutexGuard<'_, ()>> {
        self.of(case.0).await
    }

    /// The same for whatever else has an id.
    pub(crate) async fn of(&self, id: Uuid) -> Option<MutexGuard<'_, ()>> {
        let place = usize::try_from(id.as_u128() % QUEUES as u128).unwrap_or(0);
        match self.0.get(place) {
            Some(queue) => Some(queue.lock().await),
            None => None,
        }
    }
}

impl Centre {
    /// Now, to the microsecond, which is what both databases keep.
    pub fn now(&self) -> Timestamp {
        to_the_microsecond(self.clock.now())
    }
}

/// Drops what is finer than a microsecond, so that a time reads back as it was written.
pub fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

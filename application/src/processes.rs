//! Process managers: each reads the log, keeps what follows from it, and does what is to be done at its time. Whatever
//! it writes is written with its checkpoint under a lease, so that several programs share the work and none does it twice.

mod addresses;
mod alerts;
mod appointments;
mod clock;
mod letters;
mod rhythm;

use std::time::Duration;

use entente_domain::Case;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub use self::appointments::AppointmentPolicy;
pub(crate) use self::clock::{command_id, command_of};
pub use self::letters::LetterPolicy;
use crate::centre::Centre;
use crate::error::CentreError;
use crate::folding::Folding;
use crate::ports::{Lease, Outgoing, Recorded, StoreError};

/// Entries of the log that are taken together.
const BATCH: u32 = 1_000;
/// How long nobody else takes over from a program that has stopped.
const TERM: SignedDuration = SignedDuration::from_secs(10);
/// How long an idle manager sleeps: nothing is later by more than this.
const POLL: Duration = Duration::from_millis(500);

/// A process manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// The deadlines: each issues its command, and a reminder before.
    Clock,
    /// The appointments, if the centre's policy is to appoint the first candidate who has declared.
    Appointments,
    /// The letters: each person is told that something new awaits.
    Alerts,
}

impl Process {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Clock, Self::Appointments, Self::Alerts];

    /// The name under which its checkpoint and its lease are kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Appointments => "appointments",
            Self::Alerts => "alerts",
        }
    }

    /// What follows from an entry; `after` is the case with the entry applied. Pure, and without effect by itself.
    fn react(self, line: &Recorded, after: &Case, policy: &LetterPolicy) -> Vec<Outgoing> {
        match self {
            Self::Clock => clock::react(line, after),
            Self::Appointments => appointments::react(line, after),
            Self::Alerts => alerts::react(line, after, policy),
        }
    }
}

/// What a manager did in one turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Entries of the log that it has read.
    pub read: u64,
    /// Commands that had an effect, letters that were handed over.
    pub done: u64,
    /// What had come to nothing, or is to be tried again.
    pub moot: u64,
    /// Whether more waits at this moment.
    pub more: bool,
}

/// One program's part in a process manager.
pub struct Manager {
    centre: Centre,
    process: Process,
    holder: Uuid,
    term: SignedDuration,
    warm: Folding,
}

impl Manager {
    /// A manager that holds nothing yet. `holder` names the program: another one's name is another.
    pub fn new(centre: &Centre, process: Process, holder: Uuid) -> Self {
        Self { centre: centre.clone(), process, holder, term: TERM, warm: Folding::default() }
    }

    /// The same whose lease ends sooner or later.
    #[must_use]
    pub fn with_term(self, term: SignedDuration) -> Self {
        Self { term, ..self }
    }

    /// Reads what is new in the log, then does what is to be done now. Nothing if another program holds the lease; what
    /// is cut off is done by whoever comes next.
    ///
    /// # Errors
    /// A store that cannot, or a damaged log.
    pub async fn turn(&mut self) -> Result<Turn, CentreError> {
        let mut turn = Turn::default();
        let Some(mut lease) = self.lease().await? else {
            self.warm.clear();
            return Ok(turn);
        };
        loop {
            let page = self.centre.log.page(lease.position, BATCH).await?;
            let Some(to) = page.last().map(|line| line.position) else { break };
            let mut outgoing = Vec::new();
            for line in &page {
                let after = self.warm.after(self.centre.log.as_ref(), line).await?;
                outgoing.extend(self.process.react(line, after, &self.centre.letters));
            }
            if !self.centre.processes.advance(&lease, to, &outgoing).await? {
                self.warm.clear();
                return Ok(turn);
            }
            turn.read += page.len() as u64;
            let Some(renewed) = self.lease().await? else { return Ok(turn) };
            lease = renewed;
        }
        let worked = self.work(&lease, &mut turn).await;
        if worked.is_err() {
            // What was under way has been cut off, nobody knows where: the next holder, be it this program, takes it up.
            self.centre.processes.release(&lease).await?;
        }
        worked.map(|()| turn)
    }

    /// Does what is to be done now, and keeps the lease for as long as that takes: a slow server must not look like a program
    /// that has stopped. If the lease is lost all the same, what is under way is left to whoever has it.
    async fn work(&self, lease: &Lease, turn: &mut Turn) -> Result<(), CentreError> {
        let work = async {
            match self.process {
                Process::Clock => self.centre.work_off_errands(lease, turn).await,
                Process::Appointments => self.centre.work_off_appointments(lease, turn).await,
                Process::Alerts => self.centre.work_off_letters(lease, turn).await,
            }
        };
        tokio::pin!(work);
        let rest = Duration::try_from(self.term / 3).unwrap_or(POLL);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(rest) => {
                    match self.lease().await? {
                        Some(renewed) if renewed.fence == lease.fence => {}
                        // Another has had it meanwhile.
                        Some(_) | None => return Ok(()),
                    }
                }
            }
        }
    }

    /// Turns until nothing is left to do at this moment.
    ///
    /// # Errors
    /// As [`Manager::turn`].
    pub async fn catch_up(&mut self) -> Result<Turn, CentreError> {
        let mut all = Turn::default();
        loop {
            let turn = self.turn().await?;
            all = Turn {
                read: all.read + turn.read,
                done: all.done + turn.done,
                moot: all.moot + turn.moot,
                more: false,
            };
            if !turn.more {
                return Ok(all);
            }
        }
    }

    /// Lets others take over at once.
    ///
    /// # Errors
    /// A store that cannot: then they wait for the lease to end.
    pub async fn resign(&self) -> Result<(), CentreError> {
        match self.lease().await? {
            Some(lease) => Ok(self.centre.processes.release(&lease).await?),
            None => Ok(()),
        }
    }

    async fn lease(&self) -> Result<Option<Lease>, CentreError> {
        let now = self.centre.now();
        Ok(self.centre.processes.lease(self.process.name(), self.holder, now, self.term).await?)
    }
}

/// Manages for as long as the program runs; what is away is asked again, a damaged log stops this manager with an alarm
/// and leaves the others running.
pub async fn run(centre: Centre, process: Process, holder: Uuid) {
    let mut woken = centre.log.appended();
    let mut manager = Manager::new(&centre, process, holder);
    loop {
        match manager.turn().await {
            Ok(turn) if turn.more => continue,
            Ok(_) => {}
            Err(CentreError::Store(error @ (StoreError::Corrupt { .. } | StoreError::Gap(_)))) => {
                tracing::error!(process = process.name(), %error, "the process manager stopped");
                return;
            }
            Err(error) => tracing::warn!(process = process.name(), %error, "the process manager waits"),
        }
        let _ = tokio::time::timeout(POLL, woken.changed()).await;
    }
}

/// The later of two instants that may not be there.
fn later(one: Timestamp, other: Option<Timestamp>) -> Timestamp {
    other.map_or(one, |other| one.max(other))
}

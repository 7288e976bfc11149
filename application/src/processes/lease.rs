//! A program's part in a process manager: it holds the lease, reads what is new, and works off what is due.

use std::future::Future;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;
use uuid::Uuid;

use super::Process;
use crate::centre::Centre;
use crate::error::CentreError;
use crate::folding::Folding;
use crate::ports::{Lease, StoreError};

/// Entries of the log that are taken together.
const BATCH: u32 = 1_000;
/// How long nobody else takes over from a program that has stopped.
const TERM: SignedDuration = SignedDuration::from_secs(10);
/// How long an idle manager sleeps: nothing is later by more than this.
const POLL: Duration = Duration::from_millis(500);

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
    desk: Desk,
    warm: Folding,
    /// The lease as this program knows it, and when it was last asked for.
    held: Option<(Lease, Instant)>,
}

/// Whose part it is in what.
struct Desk {
    centre: Centre,
    process: Process,
    holder: Uuid,
    term: SignedDuration,
}

impl Manager {
    /// A manager that holds nothing yet. `holder` names the program: another one's name is another.
    pub fn new(centre: &Centre, process: Process, holder: Uuid) -> Self {
        let desk = Desk { centre: centre.clone(), process, holder, term: TERM };
        Self { desk, warm: Folding::default(), held: None }
    }

    /// The same whose lease ends sooner or later.
    #[must_use]
    pub fn with_term(self, term: SignedDuration) -> Self {
        Self { desk: Desk { term, ..self.desk }, ..self }
    }

    /// Reads what is new in the log, then does what is to be done now. Nothing if another program holds the lease; what
    /// is cut off is done by whoever comes next.
    ///
    /// # Errors
    /// A store that cannot, or a damaged log.
    pub async fn turn(&mut self) -> Result<Turn, CentreError> {
        let mut turn = Turn::default();
        let Some((lease, since)) = self.hold().await? else { return Ok(turn) };
        let fence = lease.fence;
        // Both go on at the same time: work that stood still while the lease is renewed could hold what the renewal
        // waits for, such as SQLite's one turn to write.
        let worked = tokio::select! {
            worked = self.desk.turn(lease.clone(), &mut self.warm, &mut turn) => worked,
            lost = self.desk.keep(fence) => lost.map(|()| None),
        };
        match worked {
            Ok(Some(lease)) => self.held = Some((lease, since)),
            // Another has had it meanwhile: what was under way is left to whoever has it now.
            Ok(None) => {
                self.warm.clear();
                turn.more = false;
            }
            Err(error) => {
                self.warm.clear();
                // What was under way has been cut off, nobody knows where: the next holder, be it this program, takes
                // it up. If even this cannot be written, this program is another from now on, which waits like all
                // others until the lease ends: its next number tells what is to be taken up.
                if let Err(error) = self.desk.centre.processes.release(&lease).await {
                    tracing::warn!(process = self.desk.process.name(), %error, "a lease was not given back");
                    self.desk.holder = self.desk.centre.dice.uuid();
                }
                return Err(error);
            }
        }
        Ok(turn)
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
    pub async fn resign(&mut self) -> Result<(), CentreError> {
        self.warm.clear();
        match self.held.take() {
            Some((lease, _)) => Ok(self.desk.centre.processes.release(&lease).await?),
            None => Ok(()),
        }
    }

    /// The lease, asked for anew once half of its term is over: an idle manager seldom writes.
    async fn hold(&mut self) -> Result<Option<(Lease, Instant)>, CentreError> {
        let before = self.held.take();
        let half = Duration::try_from(self.desk.term / 2).unwrap_or(POLL);
        if let Some((_, since)) = &before
            && since.elapsed() < half
        {
            return Ok(before);
        }
        let asked = Instant::now();
        let lease = self.desk.lease().await?;
        if lease.as_ref() != before.as_ref().map(|(lease, _)| lease) {
            // Another has read on meanwhile, or this is the first time.
            self.warm.clear();
        }
        Ok(lease.map(|lease| (lease, asked)))
    }
}

impl Desk {
    async fn lease(&self) -> Result<Option<Lease>, CentreError> {
        Ok(self.centre.processes.lease(self.process.name(), self.holder, self.term).await?)
    }

    /// Renews the lease for as long as it is this one; ends when it is not.
    async fn keep(&self, fence: u64) -> Result<(), CentreError> {
        let rest = Duration::try_from(self.term / 3).unwrap_or(POLL);
        loop {
            tokio::time::sleep(rest).await;
            if self.lease().await?.is_none_or(|renewed| renewed.fence != fence) {
                return Ok(());
            }
        }
    }

    /// One turn under a lease; the lease as it is after it, none if it was lost.
    async fn turn(&self, mut lease: Lease, warm: &mut Folding, turn: &mut Turn) -> Result<Option<Lease>, CentreError> {
        let Centre { log, processes, letters, .. } = &self.centre;
        loop {
            let page = log.page(lease.position, BATCH).await?;
            let Some(to) = page.last().map(|line| line.position) else { break };
            let mut outgoing = Vec::new();
            for line in &page {
                let after = warm.after(log.as_ref(), line).await?;
                outgoing.extend(self.process.react(line, after, letters));
            }
            if !processes.advance(&lease, to, &outgoing).await? {
                return Ok(None);
            }
            lease.position = to;
            turn.read += page.len() as u64;
            // What comes meanwhile is read in the next turn: a centre that is written to without a pause has deadlines too.
            if page.len() < BATCH as usize {
                break;
            }
        }
        match self.process {
            Process::Clock => self.centre.work_off_errands(&lease, turn).await?,
            Process::Appointments => self.centre.work_off_appointments(&lease, turn).await?,
            Process::Alerts => self.centre.work_off_letters(&lease, turn).await?,
        }
        Ok(Some(lease))
    }
}

/// Manages until it is told to stop, and then finishes its turn and lets others take over. What is away is asked again; a
/// damaged log stops this manager with an alarm and leaves the others running.
pub async fn run(centre: Centre, process: Process, holder: Uuid, stop: impl Future<Output = ()>) {
    let mut woken = centre.log.appended();
    let mut manager = Manager::new(&centre, process, holder);
    tokio::pin!(stop);
    loop {
        let wait = match manager.turn().await {
            Ok(turn) => !turn.more,
            Err(CentreError::Store(error @ (StoreError::Corrupt { .. } | StoreError::Gap(_)))) => {
                tracing::error!(process = process.name(), %error, "the process manager stopped");
                return;
            }
            Err(error) => {
                tracing::warn!(process = process.name(), %error, "the process manager waits");
                true
            }
        };
        let pause = async {
            if wait {
                let _ = tokio::time::timeout(POLL, woken.changed()).await;
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = pause => {}
        }
    }
    if let Err(error) = manager.resign().await {
        tracing::warn!(process = process.name(), %error, "others wait until a lease has ended");
    }
}

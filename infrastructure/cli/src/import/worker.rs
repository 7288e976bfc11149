//! Taking lines: the lines of one case in order, each once, whatever happened in between.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use entente_application::documents::DocumentError;
use entente_application::ports::{Recorded, StoreError, VaultError};
use entente_application::{Centre, CentreError, Request};
use entente_domain::event::{CaseEvent, Outcome};
use entente_domain::{Ask, Case, CaseError, CaseId, Issued, Phase};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::document::{self, Brought};
use super::line::Refused;
use super::names;
use super::reader::Job;
use super::report::{Report, Taken};

/// How often a database that is away is asked again, at growing intervals: about half a minute in all.
const ATTEMPTS: u32 = 12;
/// The longest of these intervals.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Why a line was not taken.
pub(super) enum Trouble {
    /// The line's own fault: the rest of the file goes on.
    Refused(Refused),
    /// The centre's: the import stops here, and can be run again.
    Stopped(CentreError),
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<CentreError> for Trouble {
    fn from(error: CentreError) -> Self {
        match error {
            CentreError::Refused(refusal) => Self::Refused(refusal.into()),
            CentreError::KeyReused => Self::Refused(Refused::changed()),
            CentreError::SealedWithItsCase => Self::Refused(Refused::new("sealed-with-its-case", error.to_string())),
            CentreError::NotAccredited => Self::Refused(Refused::new("not-accredited", error.to_string())),
            CentreError::Document(error) => match document::fault(&error) {
                Some(refused) => Self::Refused(refused),
                None => Self::Stopped(error.into()),
            },
            error @ (CentreError::Busy
            | CentreError::MovedOn
            | CentreError::NotYet
            | CentreError::NotComeYet
            | CentreError::BeforeTheCase
            | CentreError::WouldUncover { .. }
            | CentreError::Store(_)) => Self::Stopped(error),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Stopped(error.into())
    }
}

/// One of the workers. A case has one worker for the whole run.
pub(super) struct Worker {
    centre: Centre,
    /// Where documents lie that lines name by a path.
    folder: Option<Arc<Path>>,
    /// How many entries of each case's stream the lines so far account for.
    reached: HashMap<CaseId, u64>,
}

impl Worker {
    pub(super) fn new(centre: Centre, folder: Option<Arc<Path>>) -> Self {
        Self { centre, folder, reached: HashMap::new() }
    }

    /// Takes jobs until there are no more.
    ///
    /// # Errors
    /// The line at which the centre failed, and how.
    pub(super) async fn run(
        mut self,
        mut jobs: mpsc::Receiver<Job>,
        reports: mpsc::Sender<Report>,
    ) -> Result<(), (u64, CentreError)> {
        while let Some(job) = jobs.recv().await {
            let result = match self.patiently(&job).await {
                Ok(taken) => Ok(taken),
                Err(Trouble::Refused(refused)) => Err(refused),
                Err(Trouble::Stopped(error)) => return Err((job.number, error)),
            };
            let report = Report { number: job.number, id: Some(job.line.id), bytes: job.bytes, result };
            if reports.send(report).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Takes a line; a database, vault or scanner that is away or busy is asked again, which is safe because a line has one effect.
    async fn patiently(&mut self, job: &Job) -> Result<Taken, Trouble> {
        let mut wait = Duration::from_millis(20);
        for _ in 1..ATTEMPTS {
            match self.take(job).await {
                Err(Trouble::Stopped(
                    CentreError::Busy
                    | CentreError::NotYet
                    | CentreError::Store(StoreError::Unavailable(_) | StoreError::UnknownOutcome)
                    | CentreError::Document(
                        DocumentError::WrongOffset(_)
                        | DocumentError::NotScanned
                        | DocumentError::Vault(VaultError::Unavailable(_)),
                    ),
                )) => {
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                answer => return answer,
            }
        }
        self.take(job).await
    }

    async fn take(&mut self, job: &Job) -> Result<Taken, Trouble> {
        let reached = self.reached.get(&job.case).copied().unwrap_or_default();
        let command = names::command(&*self.centre.names, &job.line.id);
        let folded = self.centre.log.fold(job.case).await?;
        if folded.version > reached {
            // The stream holds more than the lines so far: an earlier run, or somebody else, has been here.
            if let Some(done) = self.centre.log.done(command, Some(job.digest)).await? {
                if !done.same_request || done.case != job.case {
                    return Err(Refused::changed().into());
                }
                let last = done.entries.iter().map(|recorded| recorded.sequence).max().unwrap_or_default();
                self.reached.insert(job.case, reached.max(last));
                return Ok(taken(job, 0, closing(done.entries.iter().map(event))));
            }
            if folded.state.last_at.is_some_and(|last| job.line.at <= last) {
                return self.judge_in_the_past(job, reached).await;
            }
        }
        let version = folded.version;
        let (by, asked) = (job.line.by.actor(&*self.centre.names), self.asked(job, &folded.state).await?);
        drop(folded);
        let ask = match asked {
            Asked::Plain(ask) => ask,
            Asked::WithDocument(document) => document.take_in(&self.centre, job.case, by, command).await?,
        };
        let request = Request {
            case: job.case,
            command,
            by,
            at: Some(job.line.at),
            request: Some(job.digest),
            seen_at: None,
            ask,
        };
        let answer = self.centre.execute(request).await?;
        if answer.case != job.case {
            return Err(Refused::changed().into());
        }
        if answer.repeated {
            // Carried out a moment ago, though the answer was lost: the stream says how far it has come.
            let now = self.centre.log.fold_now(job.case).await?;
            self.reached.insert(job.case, now.version);
            return Ok(taken(job, 0, closing(answer.happened.iter())));
        }
        let events = answer.happened.len() as u64;
        self.reached.insert(job.case, version + events);
        Ok(taken(job, events, closing(answer.happened.iter())))
    }

    /// A line that is not in the log although later things are: it was refused, or changed nothing, when it was met
    /// before, and the same is said again. Nothing is ever put into the past of a case.
    async fn judge_in_the_past(&self, job: &Job, reached: u64) -> Result<Taken, Trouble> {
        let stream = self.centre.log.stream(job.case).await?;
        let mut case = Case::default();
        stream.iter().take_while(|past| past.sequence <= reached).for_each(|past| case.fold(&past.entry));
        let id = names::command(&*self.centre.names, &job.line.id);
        let (ask, document) = match self.asked(job, &case).await? {
            Asked::Plain(ask) => (ask, None),
            Asked::WithDocument(document) => (document.supposed(&*self.centre.names, id)?, Some(document)),
        };
        let issued = Issued {
            case: job.case,
            id,
            by: job.line.by.actor(&*self.centre.names),
            at: job.line.at,
            // Only a draft's digest depends on it, and this decision is not carried out.
            entropy: Uuid::nil(),
            ask,
        };
        let would_happen = case.decide(&issued).map_err(Refused::from)?;
        if would_happen.is_empty() {
            return Ok(taken(job, 0, None));
        }
        if let Some(document) = document {
            document.fits(&self.centre).await?;
        }
        let reason = "the case has gone on without this line; nothing can be put into its past";
        Err(Refused::new("case-has-moved-on", reason).into())
    }

    /// What the line asks, with its references resolved, if it may speak at that time.
    async fn asked(&self, job: &Job, case: &Case) -> Result<Asked, Trouble> {
        if job.line.at > self.centre.now() {
            return Err(Refused::from(CaseError::InTheFuture).into());
        }
        if case.phase == Phase::Absent && job.line.command_name() != Some("register") {
            return Err(Refused::unregistered().into());
        }
        let mut command = job.line.command.clone();
        names::resolve(&*self.centre.names, &mut command, case)?;
        document::resolve(&self.centre, &mut command, case).await?;
        if let Some(document) = Brought::find(&command, self.folder.as_deref()).await? {
            return Ok(Asked::WithDocument(document));
        }
        Ok(Asked::Plain(serde_json::from_value(command).map_err(|error| Refused::malformed(&error))?))
    }
}

/// What a line asks.
enum Asked {
    /// Something that needs nothing else.
    Plain(Ask),
    /// That a document be submitted, whose content comes first.
    WithDocument(Brought),
}

fn taken(job: &Job, events: u64, outcome: Option<Outcome>) -> Taken {
    Taken { case: job.case, command: job.line.command_name().unwrap_or_default().to_owned(), events, outcome }
}

fn event(recorded: &Recorded) -> &CaseEvent {
    &recorded.entry.event
}

/// How the case closed, if it did just now.
fn closing<'a>(mut happened: impl Iterator<Item = &'a CaseEvent>) -> Option<Outcome> {
    happened.find_map(|event| match event {
        CaseEvent::CaseClosed(closed) => Some(closed.outcome),
        _ => None,
    })
}

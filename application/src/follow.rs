//! Following: read the log after the checkpoint, fold purely, write rows and checkpoint in one transaction.

use std::time::Duration;

use entente_domain::{Case, CaseId, CompanyId};
use entente_projections::exposure::{self, Source};
use entente_projections::facts::{self, Pseudonyms};
use entente_projections::{caseload, inbox};
use uuid::Uuid;

use crate::centre::Centre;
use crate::error::CentreError;
use crate::folding::Folding;
use crate::ports::{Build, Change, Position, Recorded, StoreError};

/// Entries a batch: large enough to be written set-wise, small enough to be lost without regret.
const BATCH: u32 = 1_000;
/// How long an idle follower sleeps before it asks again; what another process appended waits no longer than this.
const POLL: Duration = Duration::from_millis(100);

/// A projection that follows the log: its name, its version, its pure fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// Which items await whom.
    Inbox,
    /// The centre's list.
    Caseload,
    /// Who could see what.
    Exposure,
    /// What figures count.
    Facts,
}

impl Projection {
    /// All that this program knows.
    pub const ALL: [Self; 4] = [Self::Inbox, Self::Caseload, Self::Exposure, Self::Facts];

    /// The name under which its builds are kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbox => inbox::NAME,
            Self::Caseload => caseload::NAME,
            Self::Exposure => exposure::NAME,
            Self::Facts => facts::NAME,
        }
    }

    /// The version of its fold.
    pub const fn version(self) -> u32 {
        match self {
            Self::Inbox => inbox::VERSION,
            Self::Caseload => caseload::VERSION,
            Self::Exposure => exposure::VERSION,
            Self::Facts => facts::VERSION,
        }
    }

    async fn changes(self, centre: &Centre, warm: &mut Warm, line: &Recorded) -> Result<Vec<Change>, StoreError> {
        let log = centre.log.as_ref();
        if self == Self::Facts {
            let row = warm.facts.with(log, line, |row, line| fold(row, line, centre)).await?;
            return Ok(row.changed().cloned().map(Box::new).map(Change::Fact).into_iter().collect());
        }
        let after = warm.cases.after(log, line).await?;
        Ok(self.of_case(line, after))
    }

    fn of_case(self, line: &Recorded, after: &Case) -> Vec<Change> {
        match self {
            // Folded for themselves: what they remember is not the case's state.
            Self::Facts => Vec::new(),
            Self::Inbox => inbox::changes(line.case, after, &line.entry).into_iter().map(Change::Inbox).collect(),
            Self::Caseload => caseload::row(line.case, after).map(Change::Caseload).into_iter().collect(),
            Self::Exposure => {
                let source = Source { position: line.position.0, recorded: line.recorded };
                let changes = exposure::changes(line.case, after, &line.entry, source);
                changes.into_iter().map(Change::Exposure).collect()
            }
        }
    }
}

/// What a follower keeps folded.
#[derive(Default)]
struct Warm {
    cases: Folding,
    facts: Folding<facts::Row>,
}

fn fold(row: &mut facts::Row, line: &Recorded, centre: &Centre) {
    row.fold(line.case, line.position.0, &line.entry, &Named(centre));
}

/// The centre's pseudonyms: nobody without its secret finds a case or a company by them.
struct Named<'a>(&'a Centre);

impl Pseudonyms for Named<'_> {
    fn case(&self, case: CaseId) -> Uuid {
        self.0.pseudonym(case)
    }

    fn company(&self, company: CompanyId) -> Uuid {
        self.0.names.name("fact company", &[company.0.as_bytes()])
    }
}

impl Centre {
    /// The id under which a case is counted.
    pub fn pseudonym(&self, case: CaseId) -> Uuid {
        self.names.name("fact case", &[case.0.as_bytes()])
    }
}

/// One projection's follower. Keeps the cases that it has folded, so that a busy case is read once.
pub struct Follower {
    centre: Centre,
    projection: Projection,
    build: Build,
    warm: Warm,
}

impl Follower {
    /// A follower of the live build. A projection that has none, or whose version was raised, is rebuilt beside the
    /// live one first, then switched in one update.
    ///
    /// # Errors
    /// A store that cannot, or a log that is damaged.
    pub async fn live(centre: &Centre, projection: Projection) -> Result<Self, CentreError> {
        match centre.views.live(projection.name()).await? {
            Some(build) if build.version == projection.version() => Ok(Self::of(centre, projection, build)),
            // A newer program has rebuilt it: an older one beside it would take it back, for ever.
            Some(build) if build.version > projection.version() => {
                Err(CentreError::Store(StoreError::Misconfigured(format!(
                    "the projection {} was built by a newer version of this program; upgrade this one",
                    projection.name()
                ))))
            }
            _ => {
                let mut follower = Self::rebuild(centre, projection).await?;
                follower.catch_up(None).await?;
                centre.views.switch(&follower.build).await?;
                Ok(follower)
            }
        }
    }

    /// A follower of a new, empty build.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn rebuild(centre: &Centre, projection: Projection) -> Result<Self, CentreError> {
        let build = centre.views.begin(projection.name(), projection.version()).await?;
        Ok(Self::of(centre, projection, build))
    }

    fn of(centre: &Centre, projection: Projection, build: Build) -> Self {
        Self { centre: centre.clone(), projection, build, warm: Warm::default() }
    }

    /// The build that this follower writes.
    pub fn build(&self) -> &Build {
        &self.build
    }

    /// Takes one batch; says how far it came, and whether there was anything.
    ///
    /// # Errors
    /// A store that cannot, or a log that is damaged: the projection stops there.
    pub async fn step(&mut self, until: Option<Position>) -> Result<Option<Position>, CentreError> {
        let from = self.centre.views.checkpoint(&self.build).await?;
        let wanted = until.map_or(u64::from(BATCH), |until| until.0.saturating_sub(from.0).min(u64::from(BATCH)));
        if wanted == 0 {
            return Ok(None);
        }
        let page = self.centre.log.page(from, u32::try_from(wanted).unwrap_or(BATCH)).await?;
        let Some(to) = page.last().map(|line| line.position) else { return Ok(None) };
        let mut changes = Vec::new();
        let projection = self.projection;
        for line in &page {
            changes.extend(projection.changes(&self.centre, &mut self.warm, line).await?);
        }
        // Another process may have been faster: then its rows stand, and ours are not written twice.
        if !self.centre.views.advance(&self.build, from, to, &changes).await? {
            self.warm = Warm::default();
        }
        Ok(Some(to))
    }

    /// Goes on until nothing is left, or until a position.
    ///
    /// # Errors
    /// As [`Follower::step`].
    pub async fn catch_up(&mut self, until: Option<Position>) -> Result<(), CentreError> {
        while self.step(until).await?.is_some() {}
        Ok(())
    }
}

/// Brings every projection up to the head once.
///
/// # Errors
/// A store that cannot, or a log that is damaged.
pub async fn catch_up(centre: &Centre) -> Result<(), CentreError> {
    for projection in Projection::ALL {
        Follower::live(centre, projection).await?.catch_up(None).await?;
    }
    Ok(())
}

/// Follows for as long as the program runs; a database that is away is asked again, a damaged log stops this
/// projection with an alarm and leaves the others running.
pub async fn run(centre: Centre, projection: Projection) {
    let mut woken = centre.log.appended();
    let mut follower = None;
    loop {
        let outcome = match &mut follower {
            None => Follower::live(&centre, projection).await.map(|live| follower = Some(live)),
            Some(live) => match live.step(None).await {
                Ok(Some(_)) => continue,
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            },
        };
        if let Err(error) = outcome {
            match error {
                CentreError::Store(error @ (StoreError::Corrupt { .. } | StoreError::Gap(_))) => {
                    tracing::error!(projection = projection.name(), %error, "the projection stopped");
                    return;
                }
                error => tracing::warn!(projection = projection.name(), %error, "the projection waits"),
            }
            follower = None;
            tokio::time::sleep(POLL * 5).await;
            continue;
        }
        // A lost wake-up costs one poll, never an event.
        let _ = tokio::time::timeout(POLL, woken.changed()).await;
    }
}

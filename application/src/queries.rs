//! Queries: each viewer's own cut of a case, folded live from the stream; lists from the read models.

use std::time::Duration;

#[cfg(feature = "leaks")]
use entente_domain::leaks::{Leak, seeded};
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{Case, CaseId, CommandId, Entry, ItemId, PersonId, Phase};
use entente_projections::history::{self, Line};
use entente_projections::page::{self, CasePage};
use entente_projections::{caseload, inbox};
use jiff::Timestamp;

use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::{Position, Recorded};

/// How long a list waits for a write before it says that it is not up to date.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// What a viewer sees of a case: only that, and decrypted only so far.
#[derive(Clone, Debug)]
pub struct Seen {
    /// From where.
    pub vantage: Vantage,
    /// The entries, in order, without what is not for this viewer.
    pub entries: Vec<Entry>,
    /// The version of the stream that was looked at; never shown to anybody.
    pub version: u64,
    /// Up to which position of the log that is; for the access log alone.
    pub position: Position,
    /// All of it, for mistakes to be made with.
    #[cfg(feature = "leaks")]
    pub whole: (Case, Vec<Entry>),
}

impl Seen {
    /// The case's page, folded from this cut and nothing else.
    pub fn page(&self, case: CaseId) -> Option<CasePage> {
        let page = page::fold(case, self.vantage, &self.entries);
        #[cfg(feature = "leaks")]
        let page = page.map(|page| crate::leaks::page(page, self));
        page
    }
}

/// A place in a case's past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// Up to and with a log position.
    Position(Position),
    /// Up to and with an instant.
    Time(Timestamp),
}

/// A case in somebody's list.
#[derive(Clone, Debug)]
pub struct Listed<R> {
    /// The list's row.
    pub row: R,
    /// The case's page for this viewer, from which the list shows names and counts.
    pub page: CasePage,
}

impl Centre {
    /// A viewer's cut of a case at an instant.
    ///
    /// # Errors
    /// [`CentreError::ABSENT`] alike for no such case and for a case that is not this viewer's.
    pub async fn seen(&self, case: CaseId, viewer: Viewer, at: Timestamp) -> Result<Seen, CentreError> {
        let stream = self.log.stream(case).await?;
        let mut state = Case::default();
        for line in &stream {
            state.fold(&line.entry);
        }
        // A clock that is behind the one that wrote must not show what has been hidden since.
        let at = state.last_at.map_or(at, |last| last.max(at));
        let vantage = visibility::vantage(&state, viewer, at).ok_or(CentreError::ABSENT)?;
        let version = stream.len() as u64;
        let position = stream.last().map(|line| line.position).unwrap_or_default();
        #[cfg(feature = "leaks")]
        let whole = (state.clone(), stream.iter().map(|line| line.entry.clone()).collect());
        let visible = stream
            .into_iter()
            .filter_map(|line| {
                let entry = visibility::sight(&state, vantage, &line.entry, at)?;
                Some(Recorded { entry, ..line })
            })
            .collect();
        // Only now is anything decrypted: what was cut out or withheld never is.
        let opened = self.log.unseal(visible).await?;
        let seen = Seen {
            vantage,
            entries: opened.into_iter().map(|line| line.entry).collect(),
            version,
            position,
            #[cfg(feature = "leaks")]
            whole,
        };
        #[cfg(feature = "leaks")]
        crate::leaks::saw(case, viewer, version);
        Ok(seen)
    }

    /// The case page of a viewer, now.
    ///
    /// # Errors
    /// As [`Centre::seen`].
    pub async fn case_page(&self, case: CaseId, viewer: Viewer) -> Result<CasePage, CentreError> {
        Ok(self.case_page_at(case, viewer).await?.0)
    }

    /// The case page of a viewer with the version of the stream that it was folded from.
    ///
    /// # Errors
    /// As [`Centre::seen`].
    pub async fn case_page_at(&self, case: CaseId, viewer: Viewer) -> Result<(CasePage, u64), CentreError> {
        let seen = self.seen(case, viewer, self.now()).await?;
        seen.page(case).map(|page| (page, seen.version)).ok_or(CentreError::ABSENT)
    }

    /// The whole history of a case for an auditor or operator: the skeleton, no content.
    ///
    /// # Errors
    /// Absent, for an auditor who sits or has sat at the case as well, or a store that cannot.
    pub async fn history(&self, case: CaseId, viewer: Viewer, as_of: Option<AsOf>) -> Result<Vec<Line>, CentreError> {
        let stream = self.log.stream(case).await?;
        let mut state = Case::default();
        stream.iter().for_each(|line| state.fold(&line.entry));
        if visibility::vantage(&state, viewer, self.now()) != Some(Vantage::Auditor) {
            return Err(CentreError::ABSENT);
        }
        let lines: Vec<_> = stream
            .iter()
            .filter(|line| match as_of {
                None => true,
                Some(AsOf::Position(position)) => line.position <= position,
                Some(AsOf::Time(at)) => line.entry.at <= at,
            })
            .map(|line| history::line(line.position.0, line.sequence, &line.entry))
            .collect();
        if lines.is_empty() { Err(CentreError::ABSENT) } else { Ok(lines) }
    }

    /// A person's inbox, newest first, after a place that the person was shown.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn inbox(
        &self,
        person: PersonId,
        after: Option<(Timestamp, ItemId)>,
        limit: u32,
    ) -> Result<Vec<inbox::Row>, CentreError> {
        let mut found = Vec::new();
        let mut place = after;
        // Rows are an index; the live view decides. A row that it no longer grants is skipped, not counted.
        while found.len() < limit as usize {
            let rows = self.views.inbox(person, place, limit).await?;
            let Some(last) = rows.last() else { break };
            place = Some((last.at, last.item));
            let exhausted = rows.len() < limit as usize;
            for row in rows {
                if self.still_sees(person, &row).await? {
                    found.push(row);
                }
            }
            if exhausted {
                break;
            }
        }
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn still_sees(&self, person: PersonId, row: &inbox::Row) -> Result<bool, CentreError> {
        #[cfg(feature = "leaks")]
        if seeded(Leak::InboxOfEverybody) {
            return Ok(true);
        }
        // Who was shut out through another process a moment ago is shut out here as well.
        let folded = self.log.fold_now(row.case).await?;
        let now = folded.state.last_at.map_or(self.now(), |last| last.max(self.now()));
        Ok(visibility::could_see(&folded.state, person, row.item, now))
    }

    /// The cases that a person sits in, newest first.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn cases_of(
        &self,
        person: PersonId,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<Listed<inbox::Seated>>, CentreError> {
        let (mut listed, mut place) = (Vec::new(), after);
        while listed.len() < limit as usize {
            let rows = self.views.cases_of(person, place, limit).await?;
            let Some(last) = rows.last() else { break };
            place = Some((last.since, last.case));
            let exhausted = rows.len() < limit as usize;
            for row in rows {
                if let Some(page) = self.page_if_seen(row.case, Viewer::Person(person)).await? {
                    listed.push(Listed { row, page });
                }
            }
            if exhausted {
                break;
            }
        }
        listed.truncate(limit as usize);
        Ok(listed)
    }

    /// The centre's cases, newest first.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn caseload(
        &self,
        staff: PersonId,
        phase: Option<Phase>,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<Listed<caseload::Row>>, CentreError> {
        let (mut listed, mut place) = (Vec::new(), after);
        while listed.len() < limit as usize {
            let rows = self.views.caseload(phase, place, limit).await?;
            let Some(last) = rows.last() else { break };
            place = Some((last.registered, last.case));
            let exhausted = rows.len() < limit as usize;
            for row in rows {
                if let Some(page) = self.page_if_seen(row.case, Viewer::Staff(staff)).await? {
                    listed.push(Listed { row, page });
                }
            }
            if exhausted {
                break;
            }
        }
        listed.truncate(limit as usize);
        Ok(listed)
    }

    /// A row is an index; the live view decides whether it is there for this viewer.
    async fn page_if_seen(&self, case: CaseId, viewer: Viewer) -> Result<Option<CasePage>, CentreError> {
        match self.case_page(case, viewer).await {
            Ok(page) => Ok(Some(page)),
            Err(CentreError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Waits until the lists have seen a write of this person's own; anybody else's token is as good as none.
    ///
    /// # Errors
    /// [`CentreError::NotYet`] after [`PATIENCE`].
    pub async fn await_written(&self, person: PersonId, command: CommandId) -> Result<(), CentreError> {
        let done = self.log.done(command, None).await?;
        let is_own = |line: &Recorded| line.entry.by.person() == Some(person);
        #[cfg(feature = "leaks")]
        let is_own = |line: &Recorded| is_own(line) || seeded(Leak::AwaitingAnybody);
        let own = done.filter(|done| done.entries.iter().all(is_own));
        let Some(last) = own.and_then(|done| done.entries.last().map(|line| line.position)) else { return Ok(()) };
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if self.lists_are_at(last).await? {
                return Ok(());
            }
            if tokio::time::Instant::now() >= deadline {
                return Err(CentreError::NotYet);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn lists_are_at(&self, position: Position) -> Result<bool, CentreError> {
        Ok(self.is_at(inbox::NAME, position).await? && self.is_at(caseload::NAME, position).await?)
    }

    /// Whether a read model has come as far as a position.
    pub(crate) async fn is_at(&self, projection: &'static str, position: Position) -> Result<bool, CentreError> {
        let Some(build) = self.views.live(projection).await? else { return Ok(false) };
        Ok(self.views.checkpoint(&build).await? >= position)
    }
}

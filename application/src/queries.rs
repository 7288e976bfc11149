//! Queries: each viewer's own cut of a case, folded live from the stream; lists from the read models.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

#[cfg(feature = "leaks")]
use entente_domain::leaks::{Leak, seeded};
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{Case, CaseId, CommandId, ItemId, PersonId};
use entente_projections::history::{self, Line};
use entente_projections::page::{self, CasePage, ItemView};
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
    pub entries: Vec<entente_domain::Entry>,
    /// The version of the stream that was looked at; never shown to anybody.
    pub version: u64,
    /// Up to which position of the log that is; for the access log alone.
    pub position: Position,
    /// The instant that was looked at.
    pub at: Timestamp,
    /// All of it, for mistakes to be made with.
    #[cfg(feature = "leaks")]
    pub whole: (Case, Vec<entente_domain::Entry>),
}

impl Seen {
    /// The case's page, folded from this cut and nothing else.
    pub fn page(&self, case: CaseId) -> Option<CasePage> {
        let page = page::fold(case, self.vantage, &self.entries);
        #[cfg(feature = "leaks")]
        let page = page.map(|page| crate::leaks::page(page, self));
        page
    }

    /// The case as far as this viewer knows it.
    pub fn folded(&self) -> Case {
        let mut case = Case::default();
        self.entries.iter().for_each(|entry| case.fold(entry));
        case
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

/// An item that somebody else made, as its reader sees it now.
#[derive(Clone, Debug)]
pub struct Awaiting {
    /// Its case.
    pub case: CaseId,
    /// The item.
    pub item: ItemView,
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
            at,
            #[cfg(feature = "leaks")]
            whole,
        };
        #[cfg(feature = "leaks")]
        crate::leaks::saw(self.world(), case, viewer, version);
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
    ) -> Result<Vec<Awaiting>, CentreError> {
        let (mut found, mut place) = (Vec::new(), after);
        let mut pages = HashMap::<CaseId, Option<CasePage>>::new();
        // Rows are an index; the live page decides, and is what is shown. A row that it does not hold is skipped and not
        // counted, so that nothing about the list tells that there was one.
        while found.len() < limit as usize {
            let rows = self.views.inbox(person, place, limit).await?;
            let Some(last) = rows.last() else { break };
            place = Some((last.at, last.item));
            let exhausted = rows.len() < limit as usize;
            for row in rows {
                if let Entry::Vacant(unread) = pages.entry(row.case) {
                    unread.insert(self.page_if_seen(row.case, Viewer::Person(person)).await?);
                }
                let page = pages.get(&row.case).and_then(Option::as_ref);
                let item = page.and_then(|page| page.items.iter().find(|item| item.item == row.item));
                found.extend(item.map(|item| Awaiting { case: row.case, item: item.clone() }));
            }
            if exhausted {
                break;
            }
        }
        found.truncate(limit as usize);
        Ok(found)
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

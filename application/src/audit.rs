//! The audit: who could see what, and when; answered from the projection of exposures and the access log.

mod life;
mod sights;

use std::sync::Arc;

use entente_domain::event::CaseEvent;
use entente_domain::rule_set::RuleSet;
use entente_domain::visibility::{self, Denial, Vantage, Viewer};
use entente_domain::{Audience, Case, CaseId, ItemId, PersonId};
use entente_projections::audit::{Evidence, Known, Reader, Restriction};
use entente_projections::exposure::{Mark, Tie};
use entente_projections::{exposure, trail};
use jiff::Timestamp;
use serde::Serialize;

pub use self::life::{Exposed, Life, LookedAt};
pub use self::sights::Sights;
use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::Position;
use crate::queries::{AsOf, PATIENCE};

/// The most looks at one item by name that an answer tells.
const MOST_LOOKS: u32 = 1_000;

/// When something is asked about, and what the centre is to have known.
#[derive(Clone, Copy, Debug, Default)]
pub struct When {
    /// The instant; now if not said.
    pub at: Option<Timestamp>,
    /// As known on a day or at a position of the log; all that is known now if not said.
    pub known: Option<AsOf>,
}

/// An answer's head: about which case and instant it is, and what it stands on.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// The case.
    pub case: CaseId,
    /// The instant that is asked about.
    pub at: Timestamp,
    /// What the centre knew: the answer is the same at any later time.
    pub as_known_on: Known,
    /// The rules that bind the case.
    pub rule_set: RuleSet,
}

/// Who could see an item at an instant.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Readers {
    /// About what.
    #[serde(flatten)]
    pub about: About,
    /// The item.
    pub item: ItemId,
    /// Everyone who has sat at the case, with the four relations to the item.
    pub persons: Vec<Reader>,
}

/// What restrictions of an item came too late for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exposure {
    /// About what.
    #[serde(flatten)]
    pub about: About,
    /// The item.
    pub item: ItemId,
    /// Each restriction that took the item from a seat's view, in order.
    pub restrictions: Vec<Restriction>,
}

/// A case that an auditor may ask about.
struct Audited {
    case: CaseId,
    state: Arc<Case>,
}

impl Centre {
    /// Who could see an item at an instant, who was alerted, who opened it, and who knew it.
    ///
    /// # Errors
    /// Absent for whoever is no auditor of the case, and for an item that is not of it; an instant that has not come or was
    /// before the case; a projection that is behind.
    pub async fn readers(
        &self,
        viewer: Viewer,
        case: CaseId,
        item: ItemId,
        when: When,
    ) -> Result<Readers, CentreError> {
        let audited = self.audited_item(viewer, case, item).await?;
        let about = self.about(&audited, when).await?;
        let evidence = self.evidence(case, item, about).await?;
        // The rule that was known, if the question is what was known.
        let state = match when.known {
            None => audited.state,
            Some(_) => Arc::new(self.state_as_known(case, about.as_known_on).await?),
        };
        let never = |place| {
            let ruling = visibility::ruling(&state, place, item, about.at);
            ruling.err().unwrap_or(Denial::NotInAudience)
        };
        Ok(Readers { about, item, persons: evidence.readers(about.at, about.as_known_on, never) })
    }

    /// For each restriction of an item: who could see it before and cannot since, who of them did, and for how long.
    ///
    /// # Errors
    /// As [`Centre::readers`].
    pub async fn exposure(
        &self,
        viewer: Viewer,
        case: CaseId,
        item: ItemId,
        known: Option<AsOf>,
    ) -> Result<Exposure, CentreError> {
        let audited = self.audited_item(viewer, case, item).await?;
        let about = self.about(&audited, When { at: None, known }).await?;
        let mut restrictions = self.evidence(case, item, about).await?.restrictions(about.as_known_on);
        for restriction in &mut restrictions {
            restriction.audience = self.restricted_to(restriction.position).await?;
        }
        Ok(Exposure { about, item, restrictions })
    }

    /// A person's own trail: what one can see, was alerted to and has opened.
    ///
    /// # Errors
    /// Absent for a case that is not this viewer's, and for anybody else's trail.
    pub async fn own_trail(
        &self,
        viewer: Viewer,
        case: CaseId,
        whose: PersonId,
    ) -> Result<Vec<trail::Line>, CentreError> {
        let now = self.now();
        let seen = self.seen(case, viewer, now).await?;
        let (Viewer::Person(own) | Viewer::Staff(own)) = viewer else { return Err(CentreError::ABSENT) };
        #[cfg(feature = "leaks")]
        if let Some(lines) = crate::leaks::trail_of_another(&seen, own, whose, now) {
            return Ok(lines);
        }
        if own != whose {
            return Err(CentreError::ABSENT);
        }
        let at = seen.entries.last().map_or(now, |entry| entry.at.max(now));
        let lines = trail::fold(seen.vantage, &seen.entries, at);
        #[cfg(feature = "leaks")]
        let lines = crate::leaks::trail(lines, &seen);
        Ok(lines)
    }

    /// The case, if this viewer may audit it.
    async fn audited(&self, viewer: Viewer, case: CaseId) -> Result<Audited, CentreError> {
        let state = self.log.fold_now(case).await?.state;
        match visibility::vantage(&state, viewer, self.now()) {
            Some(Vantage::Auditor) => Ok(Audited { case, state }),
            _ => Err(CentreError::ABSENT),
        }
    }

    async fn audited_item(&self, viewer: Viewer, case: CaseId, item: ItemId) -> Result<Audited, CentreError> {
        let audited = self.audited(viewer, case).await?;
        if audited.state.items.contains_key(&item) { Ok(audited) } else { Err(CentreError::ABSENT) }
    }

    /// Whether an auditor may ask about this item, or person, of this case at all; before anything else is looked at.
    ///
    /// # Errors
    /// Absent, if not.
    pub async fn may_audit(
        &self,
        viewer: Viewer,
        case: CaseId,
        item: Option<ItemId>,
        person: Option<PersonId>,
    ) -> Result<(), CentreError> {
        let audited = self.audited(viewer, case).await?;
        let known_item = item.is_none_or(|item| audited.state.items.contains_key(&item));
        let known_person = person.is_none_or(|person| audited.has_sat(person));
        if known_item && known_person { Ok(()) } else { Err(CentreError::ABSENT) }
    }

    /// The head of an answer, once the projection has come as far as the log is now.
    async fn about(&self, audited: &Audited, when: When) -> Result<About, CentreError> {
        let (now, head) = (self.now(), self.log.head().await?);
        let last = audited.state.last_at.map_or(now, |last| last.max(now));
        let (position, on) = match when.known {
            None => (head, None),
            Some(AsOf::Position(position)) => (position, None),
            Some(AsOf::Time(on)) => (head, Some(on)),
        };
        // A look has no place in the log of cases: as of a position, those count that were made by its time.
        let looks_until = match when.known {
            None => last,
            Some(AsOf::Time(on)) => on,
            Some(AsOf::Position(position)) => {
                let before = Position(position.0.saturating_sub(1));
                let there = self.log.page(before.min(head), 1).await?;
                there.first().map_or(Timestamp::MIN, |line| line.recorded)
            }
        };
        if position > head || when.at.is_some_and(|at| at > last) || on.is_some_and(|on| on > last) {
            return Err(CentreError::NotComeYet);
        }
        // What is so at the last entry's instant is so now, even if the clock of whoever wrote it is ahead of ours.
        let at = when.at.unwrap_or(last);
        if audited.state.registered.is_none_or(|registered| at < registered) {
            return Err(CentreError::BeforeTheCase);
        }
        self.await_view(exposure::NAME, position).await?;
        let as_known_on = Known { position: position.0, on, looks_until };
        let sittings = self.exposures.sittings(audited.case).await?;
        if sittings.iter().all(|sitting| !as_known_on.has(sitting.opened)) {
            return Err(CentreError::BeforeTheCase);
        }
        let rule_set = audited.state.rule_set;
        Ok(About { case: audited.case, at, as_known_on, rule_set })
    }

    /// To whom the restriction at a position left an item.
    async fn restricted_to(&self, position: u64) -> Result<Option<Audience>, CentreError> {
        let there = self.log.page(Position(position.saturating_sub(1)), 1).await?;
        Ok(there.first().and_then(|line| match &line.entry.event {
            CaseEvent::VisibilityRestricted(event) => Some(event.audience),
            _ => None,
        }))
    }

    /// The case as it was known.
    async fn state_as_known(&self, case: CaseId, known: Known) -> Result<Case, CentreError> {
        let mut state = Case::default();
        let stream = self.log.stream(case).await?;
        stream.iter().filter(|line| life::was_known(line, known)).for_each(|line| state.fold(&line.entry));
        Ok(state)
    }

    /// Waits until a projection has come as far as a position.
    pub(crate) async fn await_view(&self, projection: &'static str, position: Position) -> Result<(), CentreError> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.is_at(projection, position).await? {
            if tokio::time::Instant::now() >= deadline {
                return Err(CentreError::NotYet);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// All that is known of an item.
    async fn evidence(&self, case: CaseId, item: ItemId, about: About) -> Result<Evidence, CentreError> {
        let sittings = self.exposures.sittings(case).await?;
        let showings = self.exposures.showings(case, item).await?;
        let marks = self.exposures.marks(case, item).await?;
        let mut evidence = Evidence { sittings, showings, marks, looks: vec![] };
        let is_known = |mark: &Mark| mark.tie == Tie::Made && about.as_known_on.has(mark.source);
        if !evidence.marks.iter().any(is_known) {
            return Err(CentreError::BeforeTheCase);
        }
        let mut persons: Vec<PersonId> = evidence.sittings.iter().map(|sitting| sitting.person).collect();
        persons.sort_unstable();
        persons.dedup();
        for person in persons {
            let by_name = self.looks.first_at_items(case, person, item, item).await?;
            let pages = self.looks.at_page(case, person).await?;
            let by_page = sights::first_page(&evidence.access(person, about.as_known_on), &pages);
            let first = by_name.into_iter().map(|(_, at)| at).chain(by_page).min();
            evidence.looks.extend(first.map(|at| (person, at)));
        }
        Ok(evidence)
    }
}

impl Audited {
    fn has_sat(&self, person: PersonId) -> bool {
        self.state.seating.iter().any(|held| held.person == person)
    }
}

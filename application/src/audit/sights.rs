//! What a person could see at an instant: however many items a case has, a bounded number of them is held at a time.

use std::collections::BTreeMap;

use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId, PersonId, Seat};
use entente_projections::audit::{self, Evidence, Interval, Sight};
use entente_projections::exposure::Sitting;
use jiff::Timestamp;

use super::{About, When};
use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::Position;

/// Rows read at a time.
const ROWS: u32 = 1_000;

/// The answer, part by part.
pub struct Sights {
    centre: Centre,
    /// About what.
    pub about: About,
    /// The person.
    pub person: PersonId,
    /// Where the person sat at that instant, if anywhere.
    pub seat: Option<Seat>,
    sittings: Vec<Sitting>,
    /// When the person was shown the case's page, and up to which position.
    pages: Vec<(Timestamp, Position)>,
    after: Option<ItemId>,
    done: bool,
}

impl Centre {
    /// What a person could see at an instant; ask the answer for its parts.
    ///
    /// # Errors
    /// As [`Centre::readers`]; absent for somebody who has never sat at the case.
    pub async fn sights(
        &self,
        viewer: Viewer,
        case: CaseId,
        person: PersonId,
        when: When,
    ) -> Result<Sights, CentreError> {
        let audited = self.audited(viewer, case).await?;
        if !audited.has_sat(person) {
            return Err(CentreError::ABSENT);
        }
        let about = self.about(&audited, when).await?;
        let mut sittings = self.exposures.sittings(case).await?;
        sittings.retain(|sitting| sitting.person == person);
        let held = sittings.iter().find(|sitting| sitting.holds(about.at, about.as_known_on));
        let seat = held.map(|sitting| sitting.place.seat);
        let pages = self.looks.at_page(case, person).await?;
        let done = seat.is_none();
        Ok(Sights { centre: self.clone(), about, person, seat, sittings, pages, after: None, done })
    }
}

impl Sights {
    /// The next items that the person could see, in the order of their ids, which are random; none when there are no more.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn next(&mut self) -> Result<Option<Vec<Sight>>, CentreError> {
        let (Some(seat), false) = (self.seat, self.done) else { return Ok(None) };
        let case = self.about.case;
        let rows = self.centre.exposures.shown_to(case, seat, self.after, ROWS).await?;
        let (Some(first), Some(last)) = (rows.first().map(|row| row.item), rows.last().map(|row| row.item)) else {
            self.done = true;
            return Ok(None);
        };
        self.after = Some(last);
        let mut items = BTreeMap::<ItemId, Evidence>::new();
        for showing in rows {
            items.entry(showing.item).or_default().showings.push(showing);
        }
        for mark in self.centre.exposures.marks_of(case, self.person, first, last).await? {
            items.entry(mark.item).and_modify(|evidence| evidence.marks.push(mark));
        }
        for (item, at) in self.centre.looks.first_at_items(case, self.person, first, last).await? {
            items.entry(item).and_modify(|evidence| evidence.looks.push((self.person, at)));
        }
        for evidence in items.values_mut() {
            evidence.sittings.clone_from(&self.sittings);
            let by_page = first_page(&evidence.access(self.person, self.about.as_known_on), &self.pages);
            evidence.looks.extend(by_page.map(|at| (self.person, at)));
        }
        Ok(Some(audit::sights(self.person, items, self.about.at, self.about.as_known_on)))
    }
}

/// When a page that a person was shown first had an item on it: within a time in which the item was in view, and up to a
/// position that held it.
pub(super) fn first_page(intervals: &[Interval], pages: &[(Timestamp, Position)]) -> Option<Timestamp> {
    let shows = |interval: &Interval, (at, position): &(Timestamp, Position)| {
        let closed = interval.until.is_some_and(|(until, source)| until <= *at && source.position <= position.0);
        interval.from <= *at && interval.opened.position <= position.0 && !closed
    };
    let first = |interval: &Interval| {
        let begin = pages.partition_point(|(at, _)| *at < interval.from);
        // Once both its time and its position are past the end, no later page shows it.
        let within = |page: &&(Timestamp, Position)| {
            !interval.until.is_some_and(|(until, source)| until <= page.0 && source.position <= page.1.0)
        };
        pages.get(begin..)?.iter().take_while(within).find(|page| shows(interval, page)).map(|(at, _)| *at)
    };
    intervals.iter().filter_map(first).min()
}

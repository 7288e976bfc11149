//! Two time axes: when something was so, and when the centre knew.

use entente_domain::PersonId;
use entente_domain::visibility::{Denial, Grant, Place};
use jiff::Timestamp;
use serde::Serialize;

use crate::exposure::{Showing, Sitting, Source};

/// What the centre knew: all that the log held up to a position and, if an instant is named, was told by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Known {
    /// Up to and with this position.
    pub position: u64,
    /// Up to and with this instant of recorded time; none for all that the position holds.
    pub on: Option<Timestamp>,
    /// Up to and with this instant of the access log.
    pub looks_until: Timestamp,
}

impl Known {
    /// Whether it holds what this event says.
    pub fn has(self, source: Source) -> bool {
        source.position <= self.position && self.by(source.recorded)
    }

    /// Whether it holds what was recorded at an instant.
    fn by(self, recorded: Timestamp) -> bool {
        self.on.is_none_or(|on| recorded <= on)
    }

    /// Whether it holds a look of that instant.
    pub fn has_look(self, at: Timestamp) -> bool {
        at <= self.looks_until
    }
}

impl Sitting {
    /// When it ended, as far as was known.
    pub fn end(&self, known: Known) -> Option<(Timestamp, Source)> {
        self.ended.filter(|(_, source)| known.has(*source))
    }

    /// Whether the person sat there at an instant, as far as was known.
    pub fn holds(&self, at: Timestamp, known: Known) -> bool {
        known.has(self.opened) && self.from <= at && self.end(known).is_none_or(|(to, _)| at < to)
    }
}

impl Sitting {
    /// The same as the centre let it be: until it was told, whatever had been so before. What was looked at meanwhile was
    /// seen.
    #[must_use]
    pub fn as_let(&self) -> Self {
        let ended = self.ended.map(|(to, source)| (to.max(source.recorded), source));
        Self { ended, ..self.clone() }
    }
}

impl Showing {
    /// When and by which rule it ended, as far as was known.
    pub fn end(&self, known: Known) -> Option<(Timestamp, Source, Denial)> {
        self.ended.filter(|(_, source, _)| known.has(*source))
    }
}

/// A time in which a person could see an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The person.
    pub person: PersonId,
    /// From where.
    pub place: Place,
    /// By which rule.
    pub grant: Grant,
    /// From when.
    pub from: Timestamp,
    /// What opened it: the later of sitting down and coming into view.
    pub opened: Source,
    /// Since when, and by what, the person has had it in view without a break, by this rule or another before.
    pub since: (Timestamp, Source),
    /// Until when, and what closed it.
    pub until: Option<(Timestamp, Source)>,
    /// By which rule it was closed.
    pub denial: Option<Denial>,
}

impl Interval {
    /// Whether an instant is in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|(until, _)| at < until)
    }
}

/// When a person, sitting in a place, could see what was shown to it; none if the two never met.
pub fn intersect(sitting: &Sitting, showing: &Showing, known: Known) -> Option<Interval> {
    if sitting.place != showing.place || !known.has(sitting.opened) || !known.has(showing.opened) {
        return None;
    }
    let (from, opened) = (sitting.from, sitting.opened).max((showing.from, showing.opened));
    let left = sitting.end(known).map(|(to, source)| (to, source, Denial::NotSeated));
    let end = left.into_iter().chain(showing.end(known)).min();
    if end.is_some_and(|(to, _, _)| to <= from) {
        return None;
    }
    Some(Interval {
        person: sitting.person,
        place: sitting.place,
        grant: showing.grant,
        from,
        opened,
        since: (from, opened),
        until: end.map(|(to, source, _)| (to, source)),
        denial: end.map(|(_, _, denial)| denial),
    })
}

/// Intervals of a person in order, each told since when the view was unbroken: a rule that gives way to another breaks
/// nothing.
pub(super) fn unbroken(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_by_key(|interval| (interval.from, interval.opened));
    for next in 1..intervals.len() {
        let (before, after) = intervals.split_at_mut(next);
        if let (Some(before), Some(after)) = (before.last(), after.first_mut()) {
            let goes_on = before.denial == Some(Denial::SeenByAnotherRule) && before.place == after.place;
            if goes_on && before.until.is_some_and(|(until, _)| until == after.from) {
                after.since = before.since;
            }
        }
    }
    intervals
}

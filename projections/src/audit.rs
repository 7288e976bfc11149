//! The auditor's questions, answered from intervals: who could see an item, what a person could see, what a restriction
//! came too late for. Each answer says by which rule, and where in the log.

mod answers;
mod knowledge;

use entente_domain::visibility::{Denial, Place};
use entente_domain::{ItemId, PersonId};
use jiff::Timestamp;

pub use self::answers::{Ground, Knew, Knowing, Loser, Point, Presence, Reader, Restriction, Sight};
use self::knowledge::unbroken;
pub use self::knowledge::{Interval, Known, intersect};
use crate::exposure::{Mark, Showing, Sitting, Tie};

/// What is known of one item: the rows that an answer about it is made of.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Everyone who has sat at the case.
    pub sittings: Vec<Sitting>,
    /// From which places the item was seen.
    pub showings: Vec<Showing>,
    /// What ties persons to it.
    pub marks: Vec<Mark>,
    /// Who was first shown it in a look that is on record, and when.
    pub looks: Vec<(PersonId, Timestamp)>,
}

impl Evidence {
    /// Everyone's relation to the item at an instant, in the order of sitting down: who could see it, and who could not and
    /// why. `never_shown` says why a place has never had it in view.
    pub fn readers(&self, at: Timestamp, known: Known, never_shown: impl Fn(Place) -> Denial) -> Vec<Reader> {
        let mut persons: Vec<PersonId> = Vec::new();
        for sitting in self.sittings.iter().filter(|sitting| known.has(sitting.opened)) {
            if !persons.contains(&sitting.person) {
                persons.push(sitting.person);
            }
        }
        persons.into_iter().map(|person| self.reader(person, at, known, &never_shown)).collect()
    }

    fn reader(&self, person: PersonId, at: Timestamp, known: Known, never_shown: &impl Fn(Place) -> Denial) -> Reader {
        let presence = self.intervals(person, known).into_iter().find(|interval| interval.holds(at));
        let (ground, presence) = match presence {
            Some(interval) => (Ground::Granted(interval.grant), Presence::of(&interval)),
            None => self.absence(person, at, known, never_shown),
        };
        Reader {
            person,
            seat: presence.seat,
            tenure: presence.tenure,
            could_see: matches!(ground, Ground::Granted(_)),
            ground,
            rule: ground.rule(),
            since: presence.since,
            opened_position: presence.opened_position,
            until: presence.until,
            closed_position: presence.closed_position,
            alerted: self.point(person, Tie::Alerted, at, known),
            opened: self.point(person, Tie::Opened, at, known),
            knew: self.knew(person, at, known),
        }
    }

    /// When somebody could see the item, in order.
    pub fn intervals(&self, person: PersonId, known: Known) -> Vec<Interval> {
        self.met(person, known, Sitting::clone)
    }

    /// When the centre let somebody see the item, in order: until it was told that the person had left.
    pub fn access(&self, person: PersonId, known: Known) -> Vec<Interval> {
        self.met(person, known, Sitting::as_let)
    }

    fn met(&self, person: PersonId, known: Known, sat: impl Fn(&Sitting) -> Sitting) -> Vec<Interval> {
        let mut intervals = Vec::new();
        for sitting in self.sittings.iter().filter(|sitting| sitting.person == person).map(sat) {
            intervals.extend(self.showings.iter().filter_map(|showing| intersect(&sitting, showing, known)));
        }
        unbroken(intervals)
    }

    fn absence(
        &self,
        person: PersonId,
        at: Timestamp,
        known: Known,
        never_shown: &impl Fn(Place) -> Denial,
    ) -> (Ground, Presence) {
        let own = || self.sittings.iter().filter(|sitting| sitting.person == person && known.has(sitting.opened));
        let Some(sitting) = own().find(|sitting| sitting.holds(at, known)) else {
            let left = own().filter_map(|sitting| Some((sitting, sitting.end(known)?))).rfind(|(_, (to, _))| *to <= at);
            let presence = left.map_or_else(Presence::default, |(sitting, (to, source))| Presence {
                until: Some(to),
                closed_position: Some(source.position),
                ..Presence::at(sitting.place)
            });
            return (Ground::Denied(Denial::NotSeated), presence);
        };
        let place = sitting.place;
        let made = self.marks.iter().find(|mark| mark.tie == Tie::Made && known.has(mark.source));
        if made.is_none_or(|mark| mark.at > at) {
            return (Ground::Denied(Denial::NotMadeYet), Presence::at(place));
        }
        let shown = self.showings.iter().filter(|showing| showing.place == place && known.has(showing.opened));
        let hidden = shown.filter_map(|showing| showing.end(known)).rfind(|(to, _, _)| *to <= at);
        match hidden {
            Some((_, source, denial)) => {
                // Until when this person could, if ever; what denies it is what took it from the place.
                let own = self.intervals(person, known).into_iter().filter_map(|own| own.until).map(|(until, _)| until);
                let until = own.filter(|until| *until <= at).max();
                let presence = Presence { until, closed_position: Some(source.position), ..Presence::at(place) };
                (Ground::Denied(denial), presence)
            }
            None => (Ground::Denied(never_shown(place)), Presence::at(place)),
        }
    }

    fn mark(&self, person: PersonId, tie: Tie, until: Timestamp, known: Known) -> Option<&Mark> {
        let own = self.marks.iter().filter(|mark| mark.person == person && mark.tie == tie);
        own.filter(|mark| mark.at <= until && known.has(mark.source)).min_by_key(|mark| mark.at)
    }

    fn point(&self, person: PersonId, tie: Tie, until: Timestamp, known: Known) -> Option<Point> {
        self.mark(person, tie, until, known).map(Point::of)
    }

    fn first_look(&self, person: PersonId, until: Timestamp, known: Known) -> Option<Timestamp> {
        let own = self.looks.iter().filter(|(who, at)| *who == person && *at <= until && known.has_look(*at));
        own.map(|(_, at)| *at).min()
    }

    /// What a person knew at an instant: having made it, declared to have opened it, or been shown it on record.
    pub fn knew(&self, person: PersonId, until: Timestamp, known: Known) -> Option<Knew> {
        let by = |tie, by| {
            let mark = self.mark(person, tie, until, known)?;
            Some(Knew { at: mark.at, by, position: Some(mark.source.position) })
        };
        let looked = self.first_look(person, until, known);
        let looked = looked.map(|at| Knew { at, by: Knowing::Looked, position: None });
        let ways = [by(Tie::Made, Knowing::Made), by(Tie::Opened, Knowing::Opened), looked];
        ways.into_iter().flatten().min_by_key(|knew| knew.at)
    }

    /// What each restriction came too late for: who could see the item from a place that lost it, and who had.
    pub fn restrictions(&self, known: Known) -> Vec<Restriction> {
        let mut restrictions: Vec<Restriction> = Vec::new();
        for showing in &self.showings {
            let Some((at, source, denial)) = showing.end(known) else { continue };
            // Nothing but a restriction ends a showing by one of these rules.
            if !matches!(denial, Denial::NotInAudience | Denial::CaucusNotReleased | Denial::NotesNeverPass) {
                continue;
            }
            let place = restrictions.iter().position(|known| known.position == source.position);
            let index = place.unwrap_or_else(|| {
                restrictions.push(Restriction::at(at, source.position));
                restrictions.len() - 1
            });
            let losers = self.losers(showing.place, at, known);
            if let Some(restriction) = restrictions.get_mut(index) {
                losers.into_iter().for_each(|loser| restriction.lost_by(loser));
            }
        }
        restrictions.sort_by_key(|restriction| restriction.position);
        restrictions
    }

    /// Whoever was let see the item from a place before an instant, once for each unbroken view. What was let counts: who
    /// had left without the centre's being told could read all the same.
    fn losers(&self, place: Place, at: Timestamp, known: Known) -> Vec<Loser> {
        let mut persons: Vec<_> =
            self.sittings.iter().filter(|held| held.place == place).map(|held| held.person).collect();
        persons.sort_unstable();
        persons.dedup();
        let views = persons.into_iter().flat_map(|person| self.access(person, known));
        let mut losers: Vec<Loser> = Vec::new();
        for view in views.filter(|view| view.place == place && view.from < at) {
            let until = view.until.map_or(at, |(until, _)| until.min(at));
            let (person, from) = (view.person, view.since.0);
            losers.retain(|loser| (loser.person, loser.from) != (person, from));
            losers.push(Loser {
                person,
                seat: place.seat,
                ground: view.grant,
                rule: view.grant.rule(),
                from,
                opened_position: view.since.1.position,
                until,
                seconds: until.duration_since(from).as_secs().unsigned_abs(),
                alerted: self.point(person, Tie::Alerted, at, known),
                opened: self.point(person, Tie::Opened, at, known),
                looked: self.first_look(person, at, known),
            });
        }
        losers
    }
}

/// What a person could see at an instant, of items whose evidence lies together; in the order of the items.
pub fn sights(
    person: PersonId,
    items: impl IntoIterator<Item = (ItemId, Evidence)>,
    at: Timestamp,
    known: Known,
) -> Vec<Sight> {
    let sight = |(item, evidence): (ItemId, Evidence)| {
        let interval = evidence.intervals(person, known).into_iter().find(|interval| interval.holds(at))?;
        let presence = Presence::of(&interval);
        Some(Sight {
            item,
            ground: Ground::Granted(interval.grant),
            rule: interval.grant.rule(),
            since: interval.since.0,
            opened_position: interval.since.1.position,
            until: presence.until,
            closed_position: presence.closed_position,
            alerted: evidence.point(person, Tie::Alerted, at, known),
            opened: evidence.point(person, Tie::Opened, at, known),
            knew: evidence.knew(person, at, known),
        })
    };
    items.into_iter().filter_map(sight).collect()
}

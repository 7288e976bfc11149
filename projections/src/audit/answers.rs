//! The forms of the answers, as programs and people get them.

use entente_domain::questionnaire::Bilingual;
use entente_domain::visibility::{Denial, Grant, Place};
use entente_domain::{Audience, ItemId, PersonId, Seat};
use jiff::Timestamp;
use serde::Serialize;

use super::knowledge::Interval;
use crate::exposure::Mark;

/// Why somebody could see an item, or could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Ground {
    /// Could, and why.
    Granted(Grant),
    /// Could not, and why not.
    Denied(Denial),
}

impl Ground {
    /// Where the rule stands.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Granted(grant) => grant.rule(),
            Self::Denied(denial) => denial.rule(),
        }
    }

    /// What the rule says.
    pub const fn sentence(self) -> Bilingual {
        match self {
            Self::Granted(grant) => grant.sentence(),
            Self::Denied(denial) => denial.sentence(),
        }
    }
}

/// Something that happened once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// Where the log says so.
    pub position: u64,
}

impl Point {
    pub(super) fn of(mark: &Mark) -> Self {
        Self { at: mark.at, position: mark.source.position }
    }
}

/// How a person came to know an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Knowing {
    /// Made it.
    Made,
    /// Declared to have opened it.
    Opened,
    /// Was shown it, as the access log has it.
    Looked,
}

/// Since when a person knew an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Knew {
    /// Since when.
    pub at: Timestamp,
    /// How.
    pub by: Knowing,
    /// Where the log of cases says so; none for a look, which the access log holds.
    pub position: Option<u64>,
}

/// A person's relation to an item at an instant: could see, was alerted, did open, knew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reader {
    /// The person.
    pub person: PersonId,
    /// From where; none for somebody not seated yet.
    pub seat: Option<Seat>,
    /// The mediator's tenure; 0 for camps.
    pub tenure: u32,
    /// Whether the person could see the item.
    pub could_see: bool,
    /// Why, or why not.
    pub ground: Ground,
    /// Where that rule stands.
    pub rule: &'static str,
    /// Since when the person could.
    pub since: Option<Timestamp>,
    /// What opened that.
    pub opened_position: Option<u64>,
    /// Until when the person could, as far as is known.
    pub until: Option<Timestamp>,
    /// What closed that.
    pub closed_position: Option<u64>,
    /// When the person had been alerted.
    pub alerted: Option<Point>,
    /// When the person had opened it.
    pub opened: Option<Point>,
    /// Since when the person had known it.
    pub knew: Option<Knew>,
}

/// An item that a person could see at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sight {
    /// The item.
    pub item: ItemId,
    /// Why.
    pub ground: Ground,
    /// Where that rule stands.
    pub rule: &'static str,
    /// Since when the person could.
    pub since: Timestamp,
    /// What opened that.
    pub opened_position: u64,
    /// Until when the person could, as far as is known.
    pub until: Option<Timestamp>,
    /// What closed that.
    pub closed_position: Option<u64>,
    /// When the person had been alerted.
    pub alerted: Option<Point>,
    /// When the person had opened it.
    pub opened: Option<Point>,
    /// Since when the person had known it.
    pub knew: Option<Knew>,
}

/// From where and how long somebody could see an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    pub(super) seat: Option<Seat>,
    pub(super) tenure: u32,
    pub(super) since: Option<Timestamp>,
    pub(super) opened_position: Option<u64>,
    pub(super) until: Option<Timestamp>,
    pub(super) closed_position: Option<u64>,
}

impl Presence {
    pub(super) fn at(place: Place) -> Self {
        Self { seat: Some(place.seat), tenure: place.tenure, ..Self::default() }
    }

    pub(super) fn of(interval: &Interval) -> Self {
        Self {
            since: Some(interval.since.0),
            opened_position: Some(interval.since.1.position),
            until: interval.until.map(|(until, _)| until),
            closed_position: interval.until.map(|(_, source)| source.position),
            ..Self::at(interval.place)
        }
    }
}

/// Somebody who lost sight of an item by a restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Loser {
    /// The person.
    pub person: PersonId,
    /// From where.
    pub seat: Seat,
    /// By which rule the person could see it.
    pub ground: Grant,
    /// Where that rule stands.
    pub rule: &'static str,
    /// Since when the person could see it.
    pub from: Timestamp,
    /// What opened that.
    pub opened_position: u64,
    /// Until when.
    pub until: Timestamp,
    /// How long that was, in seconds.
    pub seconds: u64,
    /// When the person had been alerted, before the restriction.
    pub alerted: Option<Point>,
    /// When the person had opened it, before the restriction.
    pub opened: Option<Point>,
    /// When the person had first been shown it, before the restriction.
    pub looked: Option<Timestamp>,
}

/// What a restriction came too late for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Restriction {
    /// When.
    pub at: Timestamp,
    /// Where the log says so.
    pub position: u64,
    /// Who may see the item since then.
    pub audience: Option<Audience>,
    /// How many persons could see it from a seat that lost it, also those who had left that seat by then.
    pub could: u32,
    /// How many of them had been alerted.
    pub alerted: u32,
    /// How many of them did see it: opened it, or were shown it.
    pub did: u32,
    /// The longest time that one of those could see it, in seconds.
    pub seconds: u64,
    /// Each of them.
    pub persons: Vec<Loser>,
}

impl Restriction {
    pub(super) fn at(at: Timestamp, position: u64) -> Self {
        Self { at, position, audience: None, could: 0, alerted: 0, did: 0, seconds: 0, persons: vec![] }
    }

    pub(super) fn lost_by(&mut self, loser: Loser) {
        let known = self.persons.iter().any(|other| other.person == loser.person);
        if !known {
            self.could += 1;
            self.alerted += u32::from(loser.alerted.is_some());
            self.did += u32::from(loser.opened.is_some() || loser.looked.is_some());
        }
        self.seconds = self.seconds.max(loser.seconds);
        self.persons.push(loser);
    }
}

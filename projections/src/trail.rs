//! A person's own audit trail: what one can see, was alerted to and has opened, folded from one's own cut and nothing else.

use std::collections::BTreeMap;

use entente_domain::event::CaseEvent;
use entente_domain::visibility::{Grant, Vantage, person_ruling};
use entente_domain::{Case, Entry, ItemId};
use jiff::Timestamp;
use serde::Serialize;

/// What a line says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Relation {
    /// One has been able to see it since then, and still is.
    CanSee,
    /// One was alerted to it.
    Alerted,
    /// One has opened it.
    Opened,
}

/// A line of one's own trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// Its number for this viewer, dense from 1.
    pub no: u32,
    /// Since when, or when.
    pub at: Timestamp,
    /// The item.
    pub item: ItemId,
    /// What is said of it.
    pub relation: Relation,
    /// The rule by which one sees it.
    pub ground: Option<Grant>,
    /// Where the rule stands.
    pub rule: Option<&'static str>,
}

/// The trail of a viewer at an instant, from the entries that this viewer sees, in order of time; the centre and
/// auditors have no items, and so an empty one.
pub fn fold(vantage: Vantage, seen: &[Entry], at: Timestamp) -> Vec<Line> {
    let Vantage::Seat { person, .. } = vantage else { return vec![] };
    let mut case = Case::default();
    seen.iter().for_each(|entry| case.fold(entry));
    let mut lines = Vec::new();
    for item in case.items.keys() {
        lines.extend(
            since(&case, person, *item, at).map(|(from, ground)| (from, *item, Relation::CanSee, Some(ground))),
        );
    }
    let mut alerted = BTreeMap::new();
    for entry in seen {
        match &entry.event {
            CaseEvent::ItemOpened(event) if entry.by.person() == Some(person) => {
                lines.push((entry.at, event.item, Relation::Opened, None));
            }
            CaseEvent::PersonAlerted(event) if event.person == person => {
                for item in &event.items {
                    alerted.entry(*item).or_insert(entry.at);
                }
            }
            _ => {}
        }
    }
    lines.extend(alerted.into_iter().map(|(item, at)| (at, item, Relation::Alerted, None)));
    // By time, then by what was said; ids are random and tell nothing of an order.
    lines.sort_by_key(|(at, item, relation, _)| (*at, *relation, *item));
    let numbered = (1..).zip(lines);
    let line = |(no, (at, item, relation, ground)): (u32, (_, _, _, Option<Grant>))| Line {
        no,
        at,
        item,
        relation,
        ground,
        rule: ground.map(Grant::rule),
    };
    numbered.map(line).collect()
}

/// Since when an item has been in a person's view without a break, and by which rule it is now.
fn since(case: &Case, person: entente_domain::PersonId, item: ItemId, at: Timestamp) -> Option<(Timestamp, Grant)> {
    let ground = person_ruling(case, person, item, at).ok()?;
    let held = case.occupancy_at(person, at)?;
    let found = case.items.get(&item)?;
    // The moments at which it can have come into view or gone out of it.
    let released = case.releases.values().filter_map(|tenures| tenures.get(&held.tenure)).copied();
    let narrowed = found.audience.iter().map(|(from, _)| *from);
    let mut moments: Vec<_> = released.chain(narrowed).chain([held.from]).filter(|moment| *moment <= at).collect();
    moments.sort_unstable();
    let mut since = None;
    for moment in moments {
        let seen = person_ruling(case, person, item, moment).is_ok();
        since = if seen { since.or(Some(moment)) } else { None };
    }
    Some((since.unwrap_or(at), ground))
}

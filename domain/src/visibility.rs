//! Who may see what: the one file that decides confidentiality (2-domain §3–§5, docs/confidence.md).
//!
//! A viewer's history is *cut out* of the case's: what is not visible never enters what is computed for the viewer,
//! and nothing of it is decrypted. Both camps are treated alike.

mod candidacy;
mod ruling;
mod scope;
mod withholding;

use jiff::Timestamp;

pub use self::candidacy::{candidate_sight, is_asked};
pub use self::ruling::{Denial, Grant, Place, Ruling, ruling};
use self::scope::{Scope, scope};
use crate::case::state::Occupancy;
#[cfg(feature = "leaks")]
use crate::event::CaseEvent;
use crate::event::Entry;
#[cfg(feature = "leaks")]
use crate::leaks::{Leak, seeded};
use crate::sealed::Seals;
use crate::{Audience, Case, DiscussionId, ItemId, PersonId, Phase, Seat};

/// Who looks, before the case has said from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// A person who may sit at the case.
    Person(PersonId),
    /// A member of the centre's staff, for cases at which they never sat.
    Staff(PersonId),
    /// An auditor, for cases at which they never sat: the whole skeleton, no content.
    Auditor(PersonId),
    /// Whoever runs the service, at its console: as an auditor.
    Operator,
}

/// From where somebody looks at a case at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vantage {
    /// From a seat at the table.
    Seat {
        /// The person.
        person: PersonId,
        /// The seat.
        seat: Seat,
        /// The mediator's tenure; 0 for camps.
        tenure: u32,
        /// Whether the return window is over, so that only the own camp's record is left.
        own_record_only: bool,
    },
    /// From the centre: the procedural core.
    Centre,
    /// From outside, to check the history.
    Auditor,
}

impl Vantage {
    /// The place at the table, if it is one.
    const fn place(self) -> Option<Place> {
        match self {
            Self::Seat { seat, tenure, .. } => Some(Place { seat, tenure }),
            Self::Centre | Self::Auditor => None,
        }
    }
}

/// Where a viewer stands at an instant; none is the same as no such case.
pub fn vantage(case: &Case, viewer: Viewer, at: Timestamp) -> Option<Vantage> {
    if case.phase == Phase::Absent {
        return None;
    }
    match viewer {
        Viewer::Person(person) => seated(case, person, at),
        Viewer::Staff(person) if has_sat(case, person) => seated(case, person, at),
        Viewer::Staff(_) => Some(Vantage::Centre),
        // Nobody checks the history of a case of their own: the skeleton of the other side's caucus is not theirs.
        Viewer::Auditor(person) if has_sat(case, person) => None,
        Viewer::Auditor(_) | Viewer::Operator => Some(Vantage::Auditor),
    }
}

fn has_sat(case: &Case, person: PersonId) -> bool {
    case.seating.iter().any(|held| held.person == person)
}

fn seated(case: &Case, person: PersonId, at: Timestamp) -> Option<Vantage> {
    let Occupancy { seat, tenure, .. } = *case.occupancy_at(person, at)?;
    // 2-domain §4: after the return window a mediator has nothing left, a camp its own record.
    let own_record_only = case.window_is_over(at);
    if own_record_only && seat == Seat::Mediator {
        return None;
    }
    Some(Vantage::Seat { person, seat, tenure, own_record_only })
}

/// Whether a person could see an item at an instant: seated then, in the item's audience then, and the case allows it.
pub fn could_see(case: &Case, person: PersonId, item: ItemId, at: Timestamp) -> bool {
    seated(case, person, at).is_some_and(|vantage| sees_item(case, vantage, item, at))
}

/// Whether a person can see a discussion at an instant.
pub fn can_see_discussion(case: &Case, person: PersonId, discussion: DiscussionId, at: Timestamp) -> bool {
    let seen = |vantage| {
        case.discussions.get(&discussion).is_some_and(|found| {
            found.opened <= at && in_circle(case, vantage, found.audience, found.tenure, found.standing, at)
        })
    };
    seated(case, person, at).is_some_and(seen)
}

/// Why a person could see an item at an instant, or why not; [`could_see`] with its reason.
///
/// # Errors
/// The rule that denies it.
pub fn person_ruling(case: &Case, person: PersonId, item: ItemId, at: Timestamp) -> Ruling {
    let held = case.occupancy_at(person, at).ok_or(Denial::NotSeated)?;
    ruling(case, Place { seat: held.seat, tenure: held.tenure }, item, at)
}

/// Whether an auditor may read what an item says: once every camp whose confidence it is has let auditors (B14). A
/// mediator's notes are nobody's to give.
pub fn auditors_read(case: &Case, item: ItemId) -> bool {
    let Some(found) = case.items.get(&item) else { return false };
    let audience = found.audience_now();
    audience != Audience::MediatorNotes
        && audience.seats().iter().filter_map(|seat| seat.camp()).all(|camp| case.audit_access.contains(&camp))
}

fn sees_item(case: &Case, vantage: Vantage, item: ItemId, at: Timestamp) -> bool {
    vantage.place().is_some_and(|place| ruling(case, place, item, at).is_ok())
}

/// Whether a vantage is in an audience, for something made during `tenure`; a tenure is one mediator's.
fn in_circle(case: &Case, vantage: Vantage, audience: Audience, tenure: u32, standing: bool, at: Timestamp) -> bool {
    vantage.place().is_some_and(|place| ruling::circle(case, place, audience, tenure, standing, at).is_ok())
}

/// What of an entry a vantage sees at an instant: nothing, or the entry with what is not for it left out.
///
/// `case` is the whole case folded to its end. Confidential parts that are left in stay sealed as they were.
pub fn sight(case: &Case, vantage: Vantage, entry: &Entry, at: Timestamp) -> Option<Entry> {
    if entry.at > at {
        return None;
    }
    if vantage == Vantage::Auditor {
        let mut skeleton = entry.clone();
        if !matches!(scope(&entry.event), Scope::Item(item) if auditors_read(case, item)) {
            skeleton.withhold_all();
        }
        return Some(withholding::without_what_is_erased(case, skeleton));
    }
    let (seat, own_record_only) = match vantage {
        Vantage::Seat { seat, own_record_only, .. } => (Some(seat), own_record_only),
        Vantage::Centre | Vantage::Auditor => (None, false),
    };
    let visible = match scope(&entry.event) {
        Scope::Core => true,
        Scope::ClaimantAndCentre => {
            matches!(vantage, Vantage::Centre | Vantage::Seat { seat: Seat::Claimant, .. })
        }
        Scope::Item(item) => sees_item(case, vantage, item, at),
        Scope::Discussion(discussion) => case.discussions.get(&discussion).is_some_and(|found| {
            // A name is somebody's words: after the return window only the own camp's are left.
            let gone = own_record_only && !found.standing && entry.by.seat() != seat;
            !gone && in_circle(case, vantage, found.audience, found.tenure, found.standing, at)
        }),
        Scope::Exchange(audience) => sees_exchange(case, vantage, audience, entry, at),
        Scope::Receipt(item) => sees_receipt(case, vantage, item, entry, at),
        Scope::Release(camp, successor) => match vantage {
            Vantage::Seat { seat: Seat::Mediator, tenure, .. } => tenure == successor,
            Vantage::Seat { seat, .. } => seat == camp.seat(),
            Vantage::Centre | Vantage::Auditor => false,
        },
        Scope::Alert(alerted) => {
            let own = matches!(vantage, Vantage::Seat { person, .. } if person == alerted);
            own && withholding::has_left_something(case, vantage, &entry.event, at)
        }
        Scope::OwnCamp(camp) => seat == Some(camp.seat()),
        Scope::Declaration(candidate) => {
            let read_since = case.declaration_read_since(candidate, entry.at);
            vantage == Vantage::Centre || read_since.is_some_and(|since| since <= at)
        }
        Scope::Person(person) => vantage == Vantage::Centre || !case.is_only_candidate(person),
        Scope::Centre => vantage == Vantage::Centre,
    };
    #[cfg(feature = "leaks")]
    let visible = visible || leaked(&entry.event, seat);
    visible.then(|| {
        let entry = withholding::without_what_is_not_for(case, vantage, entry.clone(), at);
        withholding::without_what_is_erased(case, entry)
    })
}

/// What is told by mistake.
#[cfg(feature = "leaks")]
fn leaked(event: &CaseEvent, seat: Option<Seat>) -> bool {
    match event {
        CaseEvent::PersonAlerted(_) => seat.is_some() && seeded(Leak::AlertsForAll),
        CaseEvent::CaucusReleased(_) => seeded(Leak::ReleaseTold),
        CaseEvent::AuditAccessGranted(_) => seeded(Leak::AuditAccessTold),
        CaseEvent::OfflineExchangeRecorded(_) => seeded(Leak::ExchangesForAll),
        CaseEvent::MediatorProposed(_) => seat.is_some() && seeded(Leak::CandidatesForAll),
        _ => false,
    }
}

fn sees_exchange(case: &Case, vantage: Vantage, audience: Audience, entry: &Entry, at: Timestamp) -> bool {
    match vantage {
        // Minutes carry no content (B15), so that of a joint exchange is the centre's to know.
        Vantage::Centre => audience == Audience::Joint,
        Vantage::Seat { .. } => {
            let tenure = case
                .seating
                .iter()
                .rev()
                .find(|held| held.seat == Seat::Mediator && held.from <= entry.at)
                .map_or(0, |held| held.tenure);
            in_circle(case, vantage, audience, tenure, false, at)
        }
        Vantage::Auditor => true,
    }
}

fn sees_receipt(case: &Case, vantage: Vantage, item: ItemId, entry: &Entry, at: Timestamp) -> bool {
    #[cfg(feature = "leaks")]
    if seeded(Leak::ReceiptsForAll) {
        return sees_item(case, vantage, item, at);
    }
    let Vantage::Seat { person, seat, .. } = vantage else { return false };
    if entry.by.person() == Some(person) {
        return true;
    }
    // A colleague's receipt must not name an item that has vanished for this person.
    seat != Seat::Mediator && entry.by.seat() == Some(seat) && sees_item(case, vantage, item, at)
}

//! Who may see what: the one file that decides confidentiality (2-domain §3–§5, docs/confidence.md).
//!
//! A viewer's history is *cut out* of the case's: what is not visible never enters what is computed for the viewer,
//! and nothing of it is decrypted. Both camps are treated alike.

use jiff::Timestamp;

use crate::case::state::{Item, Occupancy};
use crate::event::{CaseEvent, Entry, ReasonFor};
use crate::sealed::Sealed;
use crate::{Audience, Camp, Case, DiscussionId, ItemId, PersonId, Phase, Seat};

/// Who looks, before the case has said from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// A person who may sit at the case.
    Person(PersonId),
    /// A member of the centre's staff, for cases at which they never sat.
    Staff(PersonId),
    /// An auditor: the whole skeleton, no content.
    Auditor,
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

/// Where a viewer stands at an instant; none is the same as no such case.
pub fn vantage(case: &Case, viewer: Viewer, at: Timestamp) -> Option<Vantage> {
    if case.phase == Phase::Absent {
        return None;
    }
    match viewer {
        Viewer::Person(person) => seated(case, person, at),
        Viewer::Staff(person) if case.seating.iter().any(|held| held.person == person) => seated(case, person, at),
        Viewer::Staff(_) => Some(Vantage::Centre),
        Viewer::Auditor => Some(Vantage::Auditor),
    }
}

fn seated(case: &Case, person: PersonId, at: Timestamp) -> Option<Vantage> {
    let Occupancy { seat, tenure, .. } = *case.occupancy_at(person, at)?;
    // 2-domain §4: after the return window a mediator has nothing left, a camp its own record.
    let own_record_only = case.closing.is_some_and(|closing| at >= closing.return_until);
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
            found.opened <= at && in_circle(case, vantage, found.audience, found.tenure, found.author, found.standing)
        })
    };
    seated(case, person, at).is_some_and(seen)
}

fn sees_item(case: &Case, vantage: Vantage, item: ItemId, at: Timestamp) -> bool {
    let Some(found) = case.items.get(&item) else { return false };
    let Some(audience) = found.audience_at(at) else { return false };
    if let Vantage::Seat { seat, own_record_only: true, .. } = vantage
        && found.seat != seat
    {
        return false;
    }
    in_circle(case, vantage, audience, found.tenure, found.author, false)
}

/// Whether a vantage is in an audience, for something made during `tenure` by `author`.
fn in_circle(case: &Case, vantage: Vantage, audience: Audience, tenure: u32, author: PersonId, standing: bool) -> bool {
    let Vantage::Seat { person, seat, tenure: own, .. } = vantage else { return false };
    if !audience.admits(seat) {
        return false;
    }
    if seat != Seat::Mediator || standing {
        return true;
    }
    match audience {
        Audience::Joint => true,
        // Each camp alone decides whether its caucus passes to a successor.
        Audience::ClaimantCaucus => tenure == own || case.releases.contains(&(Camp::Claimant, own)),
        Audience::RespondentCaucus => tenure == own || case.releases.contains(&(Camp::Respondent, own)),
        // Old notes never pass.
        Audience::MediatorNotes => tenure == own && author == person,
        Audience::ClaimantWorkspace | Audience::RespondentWorkspace => false,
    }
}

/// Who may see an event, in the terms of the case; §3's table, one line an event kind.
enum Scope {
    /// The procedural core: both camps, the mediator, the centre.
    Core,
    /// The claimant and the centre.
    ClaimantAndCentre,
    /// Whoever sees the item.
    Item(ItemId),
    /// Whoever sees the discussion.
    Discussion(DiscussionId),
    /// An exchange away from the table among these.
    Exchange(Audience),
    /// The reader, and those of the reader's camp who see the item themselves.
    Receipt(ItemId),
    /// The releasing camp and the successor.
    Release(Camp, u32),
}

/// No `_` arm: a new event does not compile until somebody has said who may see it.
fn scope(event: &CaseEvent) -> Scope {
    match event {
        CaseEvent::Registered(_)
        | CaseEvent::QuestionnairePassed(_)
        | CaseEvent::RequestRejected(_)
        | CaseEvent::RespondentInvited(_)
        | CaseEvent::ConsentGiven(_)
        | CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::AppointmentDeadlineMissed(_)
        | CaseEvent::MediatorAppointed(_)
        | CaseEvent::TableOpened(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::TenureEnded(_)
        | CaseEvent::RepresentativeSeated(_)
        | CaseEvent::RepresentativeUnseated(_)
        | CaseEvent::ChannelSwitched(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::TermExtensionAgreed(_)
        | CaseEvent::TermExtended(_)
        | CaseEvent::SettlementReached(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::PartyWithdrew(_)
        | CaseEvent::TermExpired(_)
        | CaseEvent::CaseClosed(_)
        | CaseEvent::LaterSettlementConfirmed(_)
        | CaseEvent::SettledAfterwards(_) => Scope::Core,
        CaseEvent::QuestionnaireAnswered(_) | CaseEvent::QuestionnaireFailed(_) => Scope::ClaimantAndCentre,
        CaseEvent::DiscussionOpened(event) => Scope::Discussion(event.discussion),
        CaseEvent::MessagePosted(event) => Scope::Item(event.item),
        CaseEvent::DocumentSubmitted(event) => Scope::Item(event.item),
        CaseEvent::VisibilityRestricted(event) => Scope::Item(event.item),
        CaseEvent::DisclosureAuthorised(event) => Scope::Item(event.item),
        CaseEvent::DisclosureRevoked(event) => Scope::Item(event.item),
        CaseEvent::ItemDisclosed(event) => Scope::Item(event.item),
        CaseEvent::SettlementProposed(event) => Scope::Item(event.item),
        CaseEvent::SettlementSigned(event) => Scope::Item(event.item),
        CaseEvent::SettlementDeclined(event) => Scope::Item(event.item),
        CaseEvent::ItemOpened(event) => Scope::Receipt(event.item),
        CaseEvent::OfflineExchangeRecorded(event) => Scope::Exchange(event.audience),
        CaseEvent::CaucusReleased(event) => Scope::Release(event.camp, event.tenure),
    }
}

/// What of an entry a vantage sees at an instant: nothing, or the entry with what is not for it left out.
///
/// `case` is the whole case folded to its end. Confidential parts that are left in stay sealed as they were.
pub fn sight(case: &Case, vantage: Vantage, entry: &Entry, at: Timestamp) -> Option<Entry> {
    if entry.at > at {
        return None;
    }
    if vantage == Vantage::Auditor {
        return Some(entry.clone());
    }
    let visible = match scope(&entry.event) {
        Scope::Core => true,
        Scope::ClaimantAndCentre => {
            matches!(vantage, Vantage::Centre | Vantage::Seat { seat: Seat::Claimant, .. })
        }
        Scope::Item(item) => sees_item(case, vantage, item, at),
        Scope::Discussion(discussion) => case
            .discussions
            .get(&discussion)
            .is_some_and(|found| in_circle(case, vantage, found.audience, found.tenure, found.author, found.standing)),
        Scope::Exchange(audience) => sees_exchange(case, vantage, audience, entry),
        Scope::Receipt(item) => sees_receipt(case, vantage, item, entry, at),
        Scope::Release(camp, successor) => match vantage {
            Vantage::Seat { seat: Seat::Mediator, tenure, .. } => tenure == successor,
            Vantage::Seat { seat, .. } => seat == camp.seat(),
            Vantage::Centre | Vantage::Auditor => false,
        },
    };
    visible.then(|| without_what_is_not_for(case, vantage, entry.clone(), at))
}

fn sees_exchange(case: &Case, vantage: Vantage, audience: Audience, entry: &Entry) -> bool {
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
            let author = entry.by.person().unwrap_or(PersonId(uuid::Uuid::nil()));
            in_circle(case, vantage, audience, tenure, author, false)
        }
        Vantage::Auditor => true,
    }
}

fn sees_receipt(case: &Case, vantage: Vantage, item: ItemId, entry: &Entry, at: Timestamp) -> bool {
    let Vantage::Seat { person, seat, .. } = vantage else { return false };
    if entry.by.person() == Some(person) {
        return true;
    }
    // A colleague's receipt must not name an item that has vanished for this person.
    seat != Seat::Mediator && entry.by.seat() == Some(seat) && sees_item(case, vantage, item, at)
}

fn without_what_is_not_for(case: &Case, vantage: Vantage, mut entry: Entry, at: Timestamp) -> Entry {
    let seat = match vantage {
        Vantage::Seat { seat, .. } => seat,
        Vantage::Centre => Seat::Centre,
        Vantage::Auditor => return entry,
    };
    let knows_addresses = |owner: Seat| seat == owner || seat == Seat::Centre;
    match &mut entry.event {
        CaseEvent::Registered(event) => {
            if !knows_addresses(Seat::Claimant) {
                event.head.email = Sealed::Withheld;
                // Whom the claimant named is the respondent's business only if that person was invited.
                let invited = case.seating.iter().find(|held| held.seat == Seat::Respondent).map(|held| held.person);
                event.respondent_contact.take_if(|contact| invited != Some(contact.person));
                if let Some(contact) = &mut event.respondent_contact
                    && !knows_addresses(Seat::Respondent)
                {
                    contact.email = Sealed::Withheld;
                }
            }
        }
        CaseEvent::RespondentInvited(event) => {
            if let Some(contact) = &mut event.contact
                && !knows_addresses(Seat::Respondent)
            {
                contact.email = Sealed::Withheld;
            }
        }
        CaseEvent::MediatorAppointed(event) if !knows_addresses(Seat::Mediator) => {
            event.mediator.email = Sealed::Withheld;
        }
        CaseEvent::RepresentativeSeated(event) if !knows_addresses(event.camp.seat()) => {
            event.contact.email = Sealed::Withheld;
        }
        CaseEvent::PartyWithdrew(event) => {
            let readable = |readers| match readers {
                ReasonFor::Everyone => true,
                ReasonFor::Mediator => seat == Seat::Mediator || seat == event.camp.seat(),
            };
            event.reason.take_if(|reason| !readable(reason.readers));
        }
        CaseEvent::ItemDisclosed(event) => {
            // The link to the source is for the confider and the mediator alone.
            event.source.take_if(|source| !sees_item(case, vantage, source.item, at));
        }
        CaseEvent::VisibilityRestricted(event) => {
            // Who of the others had read it is for its author to know.
            let author = case.items.get(&event.item).map(|item: &Item| item.seat);
            if author != Some(seat) {
                event.seen_before.clear();
            }
        }
        _ => {}
    }
    entry
}

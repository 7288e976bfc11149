//! What is left out of an event that a viewer sees: addresses, reasons, links and lists that are for others.

use std::convert::Infallible;

use jiff::Timestamp;

use super::{Denial, Vantage, ruling, sees_item};
use crate::case::state::Item;
use crate::event::{CaseEvent, Entry, ReasonFor};
#[cfg(feature = "leaks")]
use crate::leaks::{Leak, seeded};
use crate::sealed::{Path, Seal, Sealed, Seals as _, Subject};
use crate::{Case, ItemId, Phase, Seat};

/// The entry without what is not for this vantage. No `_` arm: a new event must say what of it is for whom.
pub(super) fn without_what_is_not_for(case: &Case, vantage: Vantage, mut entry: Entry, at: Timestamp) -> Entry {
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
        CaseEvent::MediatorChallenged(event) if seat != event.camp.seat() && seat != Seat::Centre => {
            #[cfg(feature = "leaks")]
            if seeded(Leak::GroundForAll) {
                return entry;
            }
            // The mediator and the other side are told that there is a challenge, not why (2-domain §3).
            event.ground = Sealed::Withheld;
        }
        CaseEvent::PartyWithdrew(event) => {
            let readable = |readers| match readers {
                ReasonFor::Everyone => true,
                ReasonFor::Mediator => seat == Seat::Mediator || seat == event.camp.seat(),
            };
            #[cfg(feature = "leaks")]
            let readable = |readers| readable(readers) || seeded(Leak::ReasonForAll);
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
            // Who had only been alerted is nobody's business but the audit's: it would tell who does not read.
            event.alerted_before.clear();
        }
        CaseEvent::PersonAlerted(event) => {
            #[cfg(feature = "leaks")]
            if seeded(Leak::AlertAtTheLastActivity) {
                entry.at = case.last_at.unwrap_or(entry.at);
            }
            event.items.retain(|item| leaves_something(case, vantage, *item, at));
        }
        // Whole or not at all.
        CaseEvent::QuestionnaireAnswered(_)
        | CaseEvent::QuestionnairePassed(_)
        | CaseEvent::QuestionnaireFailed(_)
        | CaseEvent::RequestRejected(_)
        | CaseEvent::ConsentGiven(_)
        | CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::AppointmentDeadlineMissed(_)
        | CaseEvent::TableOpened(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::TenureEnded(_)
        | CaseEvent::CaucusReleased(_)
        | CaseEvent::RepresentativeUnseated(_)
        | CaseEvent::DiscussionOpened(_)
        | CaseEvent::MessagePosted(_)
        | CaseEvent::DocumentSubmitted(_)
        | CaseEvent::DisclosureAuthorised(_)
        | CaseEvent::DisclosureRevoked(_)
        | CaseEvent::ItemOpened(_)
        | CaseEvent::AuditAccessGranted(_)
        | CaseEvent::AuditAccessRevoked(_)
        | CaseEvent::ChannelSwitched(_)
        | CaseEvent::OfflineExchangeRecorded(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::TermExtensionAgreed(_)
        | CaseEvent::TermExtended(_)
        | CaseEvent::SettlementProposed(_)
        | CaseEvent::SettlementSigned(_)
        | CaseEvent::SettlementDeclined(_)
        | CaseEvent::SettlementReached(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::TermExpired(_)
        | CaseEvent::CaseClosed(_)
        | CaseEvent::LaterSettlementConfirmed(_)
        | CaseEvent::SettledAfterwards(_)
        | CaseEvent::HoldPlaced(_)
        | CaseEvent::HoldLifted(_)
        | CaseEvent::ErasureProposed(_)
        | CaseEvent::ErasureApproved(_)
        | CaseEvent::ErasureWithdrawn(_)
        | CaseEvent::ItemErased(_)
        | CaseEvent::PersonErased(_)
        | CaseEvent::CaseErased(_)
        | CaseEvent::MediatorProposed(_)
        | CaseEvent::IndependenceDeclared(_)
        | CaseEvent::AppointmentRefused(_)
        | CaseEvent::ProposalLapsed(_)
        | CaseEvent::ProposalWithdrawn(_)
        | CaseEvent::MediatorChallenged(_)
        | CaseEvent::ChallengeUpheld(_)
        | CaseEvent::ChallengeRejected(_)
        | CaseEvent::SettlementLapsed(_)
        | CaseEvent::MediatorAppointed(_)
        | CaseEvent::RepresentativeSeated(_) => {}
    }
    entry
}

/// The entry without what is erased: the keys are destroyed a moment later than the event says so, and nothing is to be
/// read in that moment.
pub(super) fn without_what_is_erased(case: &Case, mut entry: Entry) -> Entry {
    let Ok(()) = entry.seals_at::<Infallible>(&Path::ROOT, &mut |path: &Path<'_>, part: &mut dyn Seal| {
        let erased = match path.subject() {
            _ if case.phase == Phase::Erased => true,
            Subject::Case => false,
            Subject::Item(item) => case.items.get(&item).is_some_and(|item| item.erased),
            Subject::Person(person) => case.erased_persons.contains(&person),
        };
        if erased {
            part.withhold();
        }
        Ok(())
    });
    entry
}

/// Whether an item that somebody was alerted to is seen, or has left a tombstone: a restriction leaves one, what is gone
/// for another reason leaves nothing to tell of.
fn leaves_something(case: &Case, vantage: Vantage, item: ItemId, at: Timestamp) -> bool {
    let ruling = vantage.place().map(|place| ruling(case, place, item, at));
    matches!(ruling, Some(Ok(_) | Err(Denial::NotInAudience)))
}

/// Whether there is anything left of an alert to tell of.
pub(super) fn has_left_something(case: &Case, vantage: Vantage, event: &CaseEvent, at: Timestamp) -> bool {
    match event {
        CaseEvent::PersonAlerted(event) => event.items.iter().any(|item| leaves_something(case, vantage, *item, at)),
        _ => true,
    }
}

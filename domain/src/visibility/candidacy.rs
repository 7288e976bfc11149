//! What a candidate reads of a case: who is in dispute, for the check of conflicts of interest, and what concerns the proposal.

use jiff::Timestamp;

use super::withholding;
use crate::event::Entry;
use crate::{Case, CaseEvent, PersonId, Sealed, Seat};

/// Whether a person is asked to mediate at an instant, and may look at what a candidate may.
pub fn is_asked(case: &Case, person: PersonId, at: Timestamp) -> bool {
    case.candidate().is_some_and(|candidate| candidate.person == person && candidate.stands_at(at))
}

/// What of an entry a candidate sees: the companies and those who act for them, the candidate's own proposal and declaration.
/// Neither what the dispute is about, nor an address, nor anything of the table. Nothing once the proposal stands no more.
///
/// `case` is the whole case folded to its end. Confidential parts that are left in stay sealed as they were.
pub fn candidate_sight(case: &Case, person: PersonId, entry: &Entry, at: Timestamp) -> Option<Entry> {
    let candidate = case.candidate().filter(|_| entry.at <= at && is_asked(case, person, at))?;
    let mut seen = entry.clone();
    match &mut seen.event {
        CaseEvent::Registered(event) => {
            event.nature = Sealed::Withheld;
            event.head.email = Sealed::Withheld;
            // Whom the claimant named is at the case only if that person was invited.
            let invited = case.seating.iter().find(|held| held.seat == Seat::Respondent).map(|held| held.person);
            event.respondent_contact.take_if(|contact| invited != Some(contact.person));
            if let Some(contact) = &mut event.respondent_contact {
                contact.email = Sealed::Withheld;
            }
        }
        CaseEvent::RespondentInvited(event) => {
            if let Some(contact) = &mut event.contact {
                contact.email = Sealed::Withheld;
            }
        }
        CaseEvent::RepresentativeSeated(event) => event.contact.email = Sealed::Withheld,
        CaseEvent::MediatorProposed(event) if event.candidate.person == person && entry.at == candidate.proposed => {}
        CaseEvent::IndependenceDeclared(event) if event.candidate == person && Some(entry.at) == candidate.declared => {
        }
        // The one match with a `_` arm here: what is not listed is not for a candidate, what comes to be neither.
        _ => return None,
    }
    Some(withholding::without_what_is_erased(case, seen))
}

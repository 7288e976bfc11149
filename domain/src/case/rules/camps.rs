//! Who is in a camp.

use super::intake::named;
use crate::case::decide::{Decision, events};
use crate::command::{SeatRepresentative, UnseatRepresentative};
use crate::event::{RepresentativeSeated, RepresentativeUnseated};
use crate::{By, Camp, Capacity, Case, CaseError, Issued, PersonId, Seat};

impl Case {
    pub(crate) fn seat_representative(&self, ask: &SeatRepresentative, issued: &Issued, by: By) -> Decision {
        let camp = self.mandate(by)?;
        self.not_closed()?;
        if ask.capacity == Capacity::HeadOfMandate {
            return Err(CaseError::NoMandate);
        }
        let contact = named(&ask.contact, issued, "representative");
        // Whom the claimant has named for the other side is invited on passing: that person sits there or nowhere.
        if camp == Camp::Claimant && self.respondent_contact == Some(contact.person) {
            return Err(CaseError::Conflict);
        }
        self.may_sit(contact.person, camp.seat())?;
        if self.occupancy(contact.person).is_some() {
            return Ok(events![]);
        }
        Ok(events![RepresentativeSeated { camp, contact, capacity: ask.capacity }])
    }

    pub(crate) fn unseat_representative(&self, ask: &UnseatRepresentative, issued: &Issued, by: By) -> Decision {
        let camp = self.mandate(by)?;
        self.not_closed()?;
        let held = self.seating.iter().rev().find(|held| held.person == ask.person && held.seat == camp.seat());
        match held {
            None => Err(CaseError::NotSeated),
            Some(held) if held.capacity == Some(Capacity::HeadOfMandate) => Err(CaseError::LastOfCamp),
            Some(held) if held.to.is_some() => Ok(events![]),
            Some(held) => {
                // Access ends now whatever is said; what was so before is for the audit (2-domain §3, two time axes).
                let left = ask.left.unwrap_or(issued.at);
                if left > issued.at {
                    return Err(CaseError::InTheFuture);
                }
                if left < held.from {
                    return Err(CaseError::BeforeSeating);
                }
                Ok(events![RepresentativeUnseated { camp, person: ask.person, left }])
            }
        }
    }

    /// The camp whose head of mandate asks.
    pub(super) fn mandate(&self, by: By) -> Result<Camp, CaseError> {
        let camp = by.camp()?;
        let held = by.person().and_then(|person| self.occupancy(person));
        match held.and_then(|held| held.capacity) {
            Some(Capacity::HeadOfMandate) => Ok(camp),
            _ => Err(CaseError::NoMandate),
        }
    }

    /// Whoever has sat on one side, or acted for the centre, never sits elsewhere in the case (2-domain §1).
    pub(super) fn may_sit(&self, person: PersonId, seat: Seat) -> Result<(), CaseError> {
        // Nobody comes back under a name that nobody may know any more.
        if self.erased_persons.contains(&person) {
            return Err(CaseError::AlreadyErased);
        }
        let elsewhere = self.seating.iter().any(|held| held.person == person && held.seat != seat);
        if elsewhere || self.centre_hands.contains(&person) { Err(CaseError::Conflict) } else { Ok(()) }
    }
}

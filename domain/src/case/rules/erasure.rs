//! Keeping and erasing: retention, holds with a ground, and two who approve (GDPR, articles 5 and 17).

use std::collections::BTreeSet;

use crate::case::decide::{Decision, events};
use crate::command::{ApproveErasure, LiftHold, PlaceHold, ProposeErasure, WithdrawErasure};
use crate::event::{
    CaseErased, CaseEvent, Erasable, ErasureApproved, ErasureGround, ErasureProposed, ErasureWithdrawn, HoldLifted,
    HoldPlaced, ItemErased, PersonErased,
};
use crate::{By, Case, CaseError, Issued, PersonId, Phase, Seat};

/// How many have to approve.
const APPROVERS: usize = 2;

impl Case {
    pub(crate) fn place_hold(&self, ask: &PlaceHold, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        if self.holds.contains(&ask.ground) {
            return Ok(events![]);
        }
        Ok(events![HoldPlaced { ground: ask.ground }])
    }

    pub(crate) fn lift_hold(&self, ask: &LiftHold, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        if !self.holds.contains(&ask.ground) {
            return Ok(events![]);
        }
        Ok(events![HoldLifted { ground: ask.ground }])
    }

    /// The clock proposes what is due, and decides nothing: two persons do.
    pub(crate) fn propose_erasure(&self, ask: &ProposeErasure, issued: &Issued, by: By) -> Decision {
        match by {
            By::Clock if ask.what == Erasable::Case && ask.ground == ErasureGround::RetentionOver => {}
            By::Clock => return Err(CaseError::NotYourPart),
            By::Seat { .. } | By::Candidate { .. } => by.must_be(Seat::Centre)?,
        }
        self.may_be_erased(ask.what)?;
        if ask.ground == ErasureGround::RetentionOver {
            let due = self.retention_due().ok_or(CaseError::NotClosed)?;
            if issued.at < due {
                return Err(CaseError::NotDue);
            }
        }
        if self.erasure(ask.what).is_some() {
            return Ok(events![]);
        }
        Ok(events![ErasureProposed { what: ask.what, ground: ask.ground }])
    }

    pub(crate) fn approve_erasure(&self, ask: &ApproveErasure, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        let approver = by.person().ok_or(CaseError::NotYourPart)?;
        let proposal = self.erasure(ask.what).ok_or(CaseError::NothingProposed)?;
        self.may_be_erased(ask.what)?;
        if proposal.approvers.contains(&approver) {
            return Err(CaseError::AnotherApprover);
        }
        let approvers: BTreeSet<PersonId> = proposal.approvers.iter().copied().chain([approver]).collect();
        if approvers.len() < APPROVERS {
            return Ok(events![ErasureApproved { what: ask.what }]);
        }
        let (ground, approvers) = (proposal.ground, approvers.into_iter().collect());
        let erased: CaseEvent = match ask.what {
            Erasable::Case => CaseErased { ground, approvers }.into(),
            Erasable::Item(item) => ItemErased { item, ground, approvers }.into(),
            Erasable::Person(person) => PersonErased { person, ground, approvers }.into(),
        };
        Ok(vec![erased])
    }

    pub(crate) fn withdraw_erasure(&self, ask: &WithdrawErasure, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        if self.erasure(ask.what).is_none() {
            return Ok(events![]);
        }
        Ok(events![ErasureWithdrawn { what: ask.what }])
    }

    /// Whether this can be erased at all, whoever wants it.
    fn may_be_erased(&self, what: Erasable) -> Result<(), CaseError> {
        match what {
            Erasable::Case if self.phase != Phase::Closed => return Err(CaseError::NotClosed),
            Erasable::Case => {}
            Erasable::Item(item) => {
                let found = self.items.get(&item).ok_or(CaseError::NotFound)?;
                if found.erased {
                    return Err(CaseError::AlreadyErased);
                }
            }
            Erasable::Person(person) => {
                let named = self.respondent_contact == Some(person);
                let asked_to_mediate = self.candidates.iter().any(|candidate| candidate.person == person);
                if !named && !asked_to_mediate && self.seating.iter().all(|held| held.person != person) {
                    return Err(CaseError::NotFound);
                }
                if self.erased_persons.contains(&person) {
                    return Err(CaseError::AlreadyErased);
                }
                // Who still acts, or is yet to be asked, must be known to those at the table.
                let asked = self.seating.iter().any(|held| held.seat == Seat::Respondent);
                let is_candidate = self.candidate().is_some_and(|candidate| candidate.person == person);
                if is_candidate {
                    return Err(CaseError::StillSeated);
                }
                if self.phase != Phase::Closed && (self.occupancy(person).is_some() || (named && !asked)) {
                    return Err(CaseError::StillSeated);
                }
            }
        }
        if self.holds.is_empty() { Ok(()) } else { Err(CaseError::OnHold) }
    }
}

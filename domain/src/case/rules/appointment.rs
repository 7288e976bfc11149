//! The mediator: appointment within 48 hours, the table that opens with it, resignation and succession.

use super::intake::named;
use crate::case::decide::{Decision, events};
use crate::command::AppointMediator;
use crate::event::{
    AppointmentDeadlineMissed, CaucusReleased, DiscussionOpened, MediatorAppointed, MediatorUnavailabilityDeclared,
    Outcome, TableOpened, TenureEnded,
};
use crate::{Audience, By, Case, CaseError, DiscussionId, Issued, Phase, Sealed, Seat};

impl Case {
    pub(crate) fn appoint_mediator(&self, ask: &AppointMediator, issued: &Issued, by: By) -> Decision {
        if by != By::Clock {
            by.must_be(Seat::Centre)?;
        }
        self.not_closed()?;
        // B4: neither side is brought before a mediator against its will.
        if !matches!(self.phase, Phase::Consented | Phase::Open | Phase::Suspended) {
            return Err(CaseError::NoConsent);
        }
        let mediator = named(&ask.mediator, issued, "mediator");
        if let Some(active) = self.mediator() {
            return if active.person == mediator.person { Ok(events![]) } else { Err(CaseError::AlreadyActive) };
        }
        let candidate = self.candidate().filter(|candidate| candidate.person == mediator.person);
        let declared = candidate.is_some_and(|candidate| candidate.declared.is_some());
        // By policy, nobody is appointed who was not asked and has not declared.
        if by == By::Clock && !(declared && ask.declaration.is_none()) {
            return Err(CaseError::NotYourPart);
        }
        if ask.declaration.is_none() && !declared {
            return Err(CaseError::NoDeclaration);
        }
        let declaration = ask.declaration.clone().map(Sealed::Clear);
        if by.person() == Some(mediator.person) {
            return Err(CaseError::Conflict);
        }
        self.may_sit(mediator.person, Seat::Mediator)?;
        // What was found against a mediator holds for the whole case (2-domain §4).
        if self.was_challenged_off(mediator.person) {
            return Err(CaseError::Conflict);
        }
        let mut happened = events![MediatorAppointed { mediator, tenure: self.tenure + 1, declaration }];
        if !self.has_table() {
            // B8, B9: the table opens in the same append as the first appointment.
            happened.push(TableOpened { term_due: self.rule_set.rules().term_due(issued.at) }.into());
            let standing = [
                ("joint", Audience::Joint),
                ("claimant caucus", Audience::ClaimantCaucus),
                ("respondent caucus", Audience::RespondentCaucus),
            ];
            for (what, audience) in standing {
                let discussion = DiscussionId(issued.id.derive(what));
                happened.push(DiscussionOpened { discussion, audience, name: None }.into());
            }
        }
        Ok(happened)
    }

    pub(crate) fn record_missed_appointment(&self, issued: &Issued, by: By) -> Decision {
        by.must_be_clock()?;
        match (self.phase, self.appointment_due) {
            (Phase::Consented, Some(due)) if issued.at < due => Err(CaseError::NotDue),
            (Phase::Consented, Some(due)) if !self.appointment_missed => Ok(events![AppointmentDeadlineMissed { due }]),
            _ => Ok(events![]),
        }
    }

    pub(crate) fn declare_mediator_unavailable(&self, issued: &Issued, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        self.not_closed()?;
        if !matches!(self.phase, Phase::Consented | Phase::Open | Phase::Suspended) {
            return Err(CaseError::NoConsent);
        }
        if self.mediator().is_some() {
            return Err(CaseError::AlreadyActive);
        }
        Ok(events![MediatorUnavailabilityDeclared {}, self.closed(Outcome::MediatorUnavailable, issued)])
    }

    pub(crate) fn resign_mediator(&self, by: By) -> Decision {
        by.must_be(Seat::Mediator)?;
        self.not_closed()?;
        Ok(events![TenureEnded { tenure: self.tenure }])
    }

    pub(crate) fn release_caucus(&self, by: By) -> Decision {
        let camp = self.mandate(by)?;
        self.not_closed()?;
        let successor = self.mediator().filter(|held| held.tenure > 1).ok_or(CaseError::NothingToRelease)?;
        if self.released(camp, successor.tenure).is_some() {
            return Ok(events![]);
        }
        Ok(events![CaucusReleased { camp, tenure: successor.tenure }])
    }
}

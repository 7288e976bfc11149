//! Finding a mediator: the centre asks one candidate after another, who declares independence or refuses.

use jiff::Timestamp;

use super::intake::named;
use crate::case::decide::{Decision, events};
use crate::case::state::{CandidacyEnd, Candidate};
use crate::command::{DeclareIndependence, ProposeMediator};
use crate::event::{AppointmentRefused, IndependenceDeclared, MediatorProposed, ProposalLapsed, ProposalWithdrawn};
use crate::{Actor, By, Case, CaseError, Issued, PersonId, Phase, Seat};

impl Case {
    pub(crate) fn propose_mediator(&self, ask: &ProposeMediator, issued: &Issued, by: By) -> Decision {
        if by == By::Clock {
            // By policy, the next is asked when one has refused or was silent; the first of all is somebody's choice.
            let gave_up = |last: &Candidate| last.ended.is_some_and(|(how, _)| how.was_the_candidates_own());
            if !self.candidates.last().is_some_and(gave_up) {
                return Err(CaseError::NotYourPart);
            }
        } else {
            by.must_be(Seat::Centre)?;
        }
        self.not_closed()?;
        if !matches!(self.phase, Phase::Consented | Phase::Open | Phase::Suspended) {
            return Err(CaseError::NoConsent);
        }
        if self.mediator().is_some() {
            return Err(CaseError::AlreadyActive);
        }
        let candidate = named(&ask.mediator, issued, "candidate");
        let person = candidate.person;
        if let Some(asked) = self.candidate() {
            return if asked.person == person { Ok(events![]) } else { Err(CaseError::AlreadyProposed) };
        }
        // Nobody is asked who has ever sat at the case, in the mediator's seat either.
        if by.person() == Some(person) || self.seating.iter().any(|held| held.person == person) {
            return Err(CaseError::Conflict);
        }
        self.may_sit(person, Seat::Mediator)?;
        let refused = |found: &Candidate| found.ended.is_some_and(|(how, _)| how == CandidacyEnd::Refused);
        if self.candidates.iter().any(|found| found.person == person && refused(found)) {
            return Err(CaseError::RefusedBefore);
        }
        Ok(events![MediatorProposed { candidate, due: self.rule_set.rules().declaration_due(issued.at) }])
    }

    pub(crate) fn declare_independence(&self, ask: &DeclareIndependence, issued: &Issued, by: By) -> Decision {
        let candidate = self.asked(by)?;
        if candidate.declared.is_some() {
            return Err(CaseError::AlreadyDeclared);
        }
        // Over is over, even before the clock has said so.
        if !candidate.stands_at(issued.at) {
            return Err(CaseError::TooLate);
        }
        let declaration = ask.declaration.clone().into();
        Ok(events![IndependenceDeclared { candidate: candidate.person, declaration }])
    }

    /// At any time before the appointment, also by who has declared: something may have come up.
    pub(crate) fn refuse_appointment(&self, by: By) -> Decision {
        Ok(events![AppointmentRefused { candidate: self.asked(by)?.person }])
    }

    pub(crate) fn withdraw_proposal(&self, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        self.not_closed()?;
        match self.candidate() {
            Some(candidate) => Ok(events![ProposalWithdrawn { candidate: candidate.person }]),
            None => Ok(events![]),
        }
    }

    pub(crate) fn lapse_proposal(&self, issued: &Issued, by: By) -> Decision {
        by.must_be_clock()?;
        match self.candidate() {
            Some(Candidate { person, due: Some(due), declared: None, .. }) if issued.at >= *due => {
                Ok(events![ProposalLapsed { candidate: *person }])
            }
            Some(Candidate { due: Some(_), declared: None, .. }) => Err(CaseError::NotDue),
            _ => Ok(events![]),
        }
    }

    /// The hand of who is asked to mediate and sits nowhere at the case; from there one answers the proposal, and no more.
    pub(crate) fn candidates_hand(&self, issued: &Issued) -> Option<By> {
        let Actor::Person(person) = issued.by else { return None };
        self.candidate().filter(|candidate| candidate.person == person).map(|_| By::Candidate { person })
    }

    fn asked(&self, by: By) -> Result<&Candidate, CaseError> {
        let By::Candidate { person } = by else { return Err(CaseError::NotFound) };
        self.candidate().filter(|candidate| candidate.person == person).ok_or(CaseError::NotFound)
    }

    /// A candidacy begins.
    pub(super) fn ask_candidate(&mut self, person: PersonId, proposed: Timestamp, due: Option<Timestamp>) {
        self.candidates.push(Candidate { person, proposed, due, declared: None, ended: None });
    }

    /// The candidacies that still run end, of one person or of all.
    pub(super) fn end_candidacy(&mut self, how: CandidacyEnd, at: Timestamp, whose: Option<PersonId>) {
        let running = self.candidates.iter_mut().filter(|found| found.ended.is_none());
        for candidate in running.filter(|found| whose.is_none_or(|person| found.person == person)) {
            candidate.ended = Some((how, at));
        }
    }
}

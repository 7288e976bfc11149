//! Calling a mediator into question: a camp challenges in time, the centre decides (2-domain §4).

use crate::case::decide::{Decision, events};
use crate::command::{ChallengeMediator, DecideChallenge};
use crate::event::{ChallengeRejected, ChallengeUpheld, MediatorChallenged, TenureEnded};
use crate::{By, Case, CaseError, Issued, PersonId, Seat};

impl Case {
    pub(crate) fn challenge_mediator(&self, ask: &ChallengeMediator, issued: &Issued, by: By) -> Decision {
        let camp = self.mandate(by)?;
        self.not_closed()?;
        let mediator = self.mediator().ok_or(CaseError::NoMediator)?;
        if self.pending_challenges().any(|pending| pending.camp == camp) {
            return Ok(events![]);
        }
        let until = self.rule_set.rules().challenge_until(mediator.from);
        if until.is_none_or(|until| until <= issued.at) {
            return Err(CaseError::LateChallenge);
        }
        Ok(events![MediatorChallenged { tenure: mediator.tenure, camp, ground: ask.ground.clone().into() }])
    }

    /// One decision for all that is pending: two camps may have challenged the same mediator.
    pub(crate) fn decide_challenge(&self, ask: &DecideChallenge, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        self.not_closed()?;
        let Some(tenure) = self.pending_challenges().map(|pending| pending.tenure).next() else {
            let last = self.challenges.last().filter(|last| last.tenure == self.tenure);
            let decided_so = last.is_some_and(|last| last.upheld == Some(ask.upheld));
            return if decided_so { Ok(events![]) } else { Err(CaseError::NotChallenged) };
        };
        if ask.upheld {
            Ok(events![ChallengeUpheld { tenure }, TenureEnded { tenure }])
        } else {
            Ok(events![ChallengeRejected { tenure }])
        }
    }

    /// Whether a challenge of this person was upheld.
    pub(super) fn was_challenged_off(&self, person: PersonId) -> bool {
        let upheld = |tenure| self.challenges.iter().any(|found| found.tenure == tenure && found.upheld == Some(true));
        let held = self.seating.iter().filter(|held| held.seat == Seat::Mediator && held.person == person);
        held.map(|held| held.tenure).any(upheld)
    }

    /// What the centre decided of a tenure's pending challenges.
    pub(super) fn settle_challenges(&mut self, tenure: u32, upheld: bool) {
        let pending = self.challenges.iter_mut().filter(|found| found.tenure == tenure && found.upheld.is_none());
        pending.for_each(|challenge| challenge.upheld = Some(upheld));
    }
}

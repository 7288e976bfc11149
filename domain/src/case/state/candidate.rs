//! Who was asked to mediate, and who was called into question.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Camp, Case, PersonId, Phase};

/// How somebody ceased to be a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CandidacyEnd {
    /// By taking the mediator's seat.
    Appointed,
    /// By not wishing to.
    Refused,
    /// By not declaring in time.
    Lapsed,
    /// By the centre's word.
    Withdrawn,
    /// Because another took the seat, or by sitting down elsewhere at the case.
    Overtaken,
}

impl CandidacyEnd {
    /// Whether the candidate did not wish to, or was silent: then the next is asked.
    pub const fn was_the_candidates_own(self) -> bool {
        match self {
            Self::Refused | Self::Lapsed => true,
            Self::Appointed | Self::Withdrawn | Self::Overtaken => false,
        }
    }
}

/// Somebody whom the centre asked to mediate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// When asked.
    pub proposed: Timestamp,
    /// Until when the candidate may declare, if the rules say.
    pub due: Option<Timestamp>,
    /// When the candidate declared independence.
    pub declared: Option<Timestamp>,
    /// How and when it ended, if it has.
    pub ended: Option<(CandidacyEnd, Timestamp)>,
}

impl Candidate {
    /// Whether the proposal still stands at an instant: neither ended, nor left without a declaration for too long.
    pub fn stands_at(&self, at: Timestamp) -> bool {
        let waited_for = self.declared.is_some() || self.due.is_none_or(|due| at < due);
        self.proposed <= at && waited_for && self.ended.is_none_or(|(_, ended)| at < ended)
    }

    /// When this candidate was appointed, if so.
    pub fn appointed(&self) -> Option<Timestamp> {
        self.ended.filter(|(how, _)| *how == CandidacyEnd::Appointed).map(|(_, at)| at)
    }
}

/// A camp's challenge of a mediator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Which holding of the seat.
    pub tenure: u32,
    /// The camp.
    pub camp: Camp,
    /// Whether the centre upheld it, once it has decided.
    pub upheld: Option<bool>,
}

impl Case {
    /// Who is asked to mediate and has not ceased to be a candidate.
    pub fn candidate(&self) -> Option<&Candidate> {
        let may_mediate = matches!(self.phase, Phase::Consented | Phase::Open | Phase::Suspended);
        self.candidates.last().filter(|candidate| may_mediate && candidate.ended.is_none())
    }

    /// Whether a person was asked to mediate and has never sat at the case: the centre's to know, and nobody else's.
    pub fn is_only_candidate(&self, person: PersonId) -> bool {
        self.candidates.iter().any(|candidate| candidate.person == person)
            && self.respondent_contact != Some(person)
            && self.seating.iter().all(|held| held.person != person)
    }

    /// Since when both camps and the mediator read what a candidate declared at an instant: since that candidacy's appointment.
    pub fn declaration_read_since(&self, person: PersonId, declared: Timestamp) -> Option<Timestamp> {
        let its = self.candidates.iter().find(|found| found.person == person && found.declared == Some(declared));
        its.and_then(Candidate::appointed)
    }

    /// The challenges of the present mediator that the centre has yet to decide.
    pub fn pending_challenges(&self) -> impl Iterator<Item = &Challenge> {
        let tenure = self.mediator().map(|held| held.tenure);
        self.challenges.iter().filter(move |challenge| Some(challenge.tenure) == tenure && challenge.upheld.is_none())
    }
}

//! Who sits where: seats, camps, audiences, and the hand that a command comes from.

use serde::{Deserialize, Serialize};

use crate::PersonId;
use crate::sealed::skeleton;

/// One of the two sides of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Camp {
    /// The company that registered the case (B7).
    Claimant,
    /// The company that was invited (B4).
    Respondent,
}

impl Camp {
    /// Both, claimant first.
    pub const BOTH: [Self; 2] = [Self::Claimant, Self::Respondent];

    /// The other side.
    pub const fn other(self) -> Self {
        match self {
            Self::Claimant => Self::Respondent,
            Self::Respondent => Self::Claimant,
        }
    }

    /// The camp's seat.
    pub const fn seat(self) -> Seat {
        match self {
            Self::Claimant => Seat::Claimant,
            Self::Respondent => Seat::Respondent,
        }
    }
}

/// A place at a case; rights and audiences belong to seats, persons occupy them for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Seat {
    /// The camp that registered.
    Claimant,
    /// The camp that was invited.
    Respondent,
    /// The third who helps them, and does not decide.
    Mediator,
    /// The mediation centre's staff; in no content audience.
    Centre,
}

impl Seat {
    /// The camp that this seat is, if it is one.
    pub const fn camp(self) -> Option<Camp> {
        match self {
            Self::Claimant => Some(Camp::Claimant),
            Self::Respondent => Some(Camp::Respondent),
            Self::Mediator | Self::Centre => None,
        }
    }
}

/// What a person may do in its camp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Capacity {
    /// Binds the company: seats others, signs.
    HeadOfMandate,
    /// Speaks for the company.
    Representative,
    /// Advises the company.
    Counsel,
}

/// Who asks, before the case has said which seat that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person who may occupy a seat in the case.
    Person(PersonId),
    /// A member of the centre's staff, for cases in which they hold no seat.
    Staff(PersonId),
    /// The clock: time passing is an actor like any other, so that a replay needs no wall clock.
    Clock,
}

/// Who acted, as the event records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum By {
    /// A person, from the seat occupied at that moment.
    Seat {
        /// The seat.
        seat: Seat,
        /// The person.
        person: PersonId,
    },
    /// A person who is asked to mediate and has no seat yet.
    Candidate {
        /// The person.
        person: PersonId,
    },
    /// The clock.
    Clock,
}

impl By {
    /// The seat acted from; the clock and a candidate have none.
    pub const fn seat(self) -> Option<Seat> {
        match self {
            Self::Seat { seat, .. } => Some(seat),
            Self::Candidate { .. } | Self::Clock => None,
        }
    }

    /// The person who acted; the clock is none.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Seat { person, .. } | Self::Candidate { person } => Some(person),
            Self::Clock => None,
        }
    }
}

/// The seats that may see an item: the six sets that 2-domain §3 allows for content, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Audience {
    /// Both camps and the mediator.
    Joint,
    /// The claimant and the mediator in private (B12).
    ClaimantCaucus,
    /// The respondent and the mediator in private (B12).
    RespondentCaucus,
    /// The claimant alone.
    ClaimantWorkspace,
    /// The respondent alone.
    RespondentWorkspace,
    /// The mediator alone.
    MediatorNotes,
}

impl Audience {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::Joint,
        Self::ClaimantCaucus,
        Self::RespondentCaucus,
        Self::ClaimantWorkspace,
        Self::RespondentWorkspace,
        Self::MediatorNotes,
    ];

    /// The private discussion of a camp with the mediator.
    pub const fn caucus(camp: Camp) -> Self {
        match camp {
            Camp::Claimant => Self::ClaimantCaucus,
            Camp::Respondent => Self::RespondentCaucus,
        }
    }

    /// What a camp keeps to itself.
    pub const fn workspace(camp: Camp) -> Self {
        match camp {
            Camp::Claimant => Self::ClaimantWorkspace,
            Camp::Respondent => Self::RespondentWorkspace,
        }
    }

    /// The camp whose caucus this is.
    pub const fn caucus_of(self) -> Option<Camp> {
        match self {
            Self::ClaimantCaucus => Some(Camp::Claimant),
            Self::RespondentCaucus => Some(Camp::Respondent),
            Self::Joint | Self::ClaimantWorkspace | Self::RespondentWorkspace | Self::MediatorNotes => None,
        }
    }

    /// The seats in it.
    pub const fn seats(self) -> &'static [Seat] {
        match self {
            Self::Joint => &[Seat::Claimant, Seat::Respondent, Seat::Mediator],
            Self::ClaimantCaucus => &[Seat::Claimant, Seat::Mediator],
            Self::RespondentCaucus => &[Seat::Respondent, Seat::Mediator],
            Self::ClaimantWorkspace => &[Seat::Claimant],
            Self::RespondentWorkspace => &[Seat::Respondent],
            Self::MediatorNotes => &[Seat::Mediator],
        }
    }

    /// Whether a seat is in it.
    pub fn admits(self, seat: Seat) -> bool {
        self.seats().contains(&seat)
    }

    /// Whether every seat of `self` is in `wider`, and not the other way round.
    pub fn is_narrower_than(self, wider: Self) -> bool {
        self != wider && self.seats().iter().all(|seat| wider.admits(*seat))
    }
}

skeleton!(Camp, Seat, Capacity, Audience);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_is_in_no_content_audience() {
        assert!(Audience::ALL.iter().all(|audience| !audience.admits(Seat::Centre)));
    }

    #[test]
    fn a_caucus_is_narrower_than_the_joint_session_and_not_than_the_other_caucus() {
        assert!(Audience::ClaimantCaucus.is_narrower_than(Audience::Joint));
        assert!(!Audience::ClaimantCaucus.is_narrower_than(Audience::RespondentCaucus));
        assert!(!Audience::Joint.is_narrower_than(Audience::Joint));
    }
}

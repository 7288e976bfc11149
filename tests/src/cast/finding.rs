//! The words in which a mediator is found, and called into question.

use entente_domain::PersonId;
use entente_domain::command::{AppointMediator, ChallengeMediator, DeclareIndependence, ProposeMediator};

use super::{contact, statement};

/// Ask this person to mediate.
pub fn ask_to_mediate(person: PersonId) -> ProposeMediator {
    ProposeMediator { mediator: contact(person, "Mireille Caron") }
}

/// Declare independence.
pub fn declare(text: &str) -> DeclareIndependence {
    DeclareIndependence { declaration: statement(text) }
}

/// Appoint this person, who has declared to the case.
pub fn appoint_declared(person: PersonId) -> AppointMediator {
    AppointMediator { mediator: contact(person, "Mireille Caron"), declaration: None }
}

/// Call the mediator into question.
pub fn challenge(text: &str) -> ChallengeMediator {
    ChallengeMediator { ground: statement(text) }
}

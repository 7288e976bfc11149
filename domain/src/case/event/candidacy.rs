//! How a mediator is found, and called into question: proposal, declaration, refusal; challenge and decision (2-domain §4).

use jiff::Timestamp;

use crate::company::Contact;
use crate::sealed::{Sealed, with_seals};
use crate::{Camp, PersonId, Statement};

with_seals! {
    /// The centre asked somebody to mediate; it asks one at a time.
    pub struct MediatorProposed {
        /// Who is asked.
        pub candidate: Contact,
        /// Until when the candidate may declare independence, if the rules say.
        pub due: Option<Timestamp>,
    }

    /// The candidate declared to be independent, and what both sides have to know.
    pub struct IndependenceDeclared {
        /// The candidate.
        pub candidate: PersonId,
        /// What was declared and disclosed; both camps read it once the candidate is appointed.
        pub declaration: Sealed<Statement>,
    }

    /// The candidate does not wish to mediate, or cannot.
    pub struct AppointmentRefused {
        /// The candidate.
        pub candidate: PersonId,
    }

    /// The candidate did not declare in time.
    pub struct ProposalLapsed {
        /// The candidate.
        pub candidate: PersonId,
    }

    /// The centre took the proposal back.
    pub struct ProposalWithdrawn {
        /// The candidate.
        pub candidate: PersonId,
    }

    /// A camp challenged the mediator.
    pub struct MediatorChallenged {
        /// Which holding of the seat.
        pub tenure: u32,
        /// The camp.
        pub camp: Camp,
        /// Why; for its own camp and the centre.
        pub ground: Sealed<Statement>,
    }

    /// The centre found the challenge founded; the tenure ends with it.
    pub struct ChallengeUpheld {
        /// Which holding of the seat.
        pub tenure: u32,
    }

    /// The centre found it unfounded; the mediator stays.
    pub struct ChallengeRejected {
        /// Which holding of the seat.
        pub tenure: u32,
    }
}

//! The straight way of a case to its table.

use entente_domain::command::*;
use entente_domain::{Ask, Issued, PersonId};

use super::Played;
use crate::cast::*;

/// What the first steps of a case ask, in order; five open the table, seven give it a second mediator.
pub fn straight_asks(named: bool) -> [(Hand, Ask); 7] {
    let registration = Register {
        head: name("head <0>"),
        head_email: Some(name("head's address <0>")),
        nature: statement("nature <0>"),
        respondent_contact: named.then(|| person_called(R1, "named", 0)),
        ..register()
    };
    [
        (CLAIMANT, registration.into()),
        (CLAIMANT, passing().into()),
        (CENTRE, InviteRespondent { contact: person_called(R1, "invited", 0) }.into()),
        (RESPONDENT, GiveConsent {}.into()),
        (CENTRE, appointment(M1, 0).into()),
        (MEDIATOR, ResignMediator {}.into()),
        (CENTRE, appointment(M2, 1).into()),
    ]
}

/// The first steps of a case, taken.
pub fn straight_to_the_table(named: bool, steps: usize) -> Played {
    let mut played = Played::default();
    let called = ["register", "pass", "invite", "consent", "appoint m1"];
    for (n, ((hand, ask), called)) in (0..).zip(straight_asks(named).into_iter().zip(called)).take(steps) {
        let at = day(0, 9 + n, 0);
        played.ask(Issued { case: CASE, id: command(called), by: hand.0, at, entropy: SALT, ask });
    }
    played
}

pub(super) fn person_called(person: PersonId, what: &str, n: usize) -> ContactAsk {
    let (called, address) = (format!("{what} <{n}>"), format!("{what}'s address <{n}>"));
    ContactAsk { person: Some(person), name: name(&called), email: Some(name(&address)) }
}

pub(super) fn appointment(person: PersonId, n: usize) -> AppointMediator {
    let declaration = Some(statement(&format!("declaration <{n}>")));
    AppointMediator { mediator: person_called(person, "mediator", n), declaration }
}

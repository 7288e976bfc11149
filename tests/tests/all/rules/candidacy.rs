//! Finding a mediator: one candidate after another, who declares or refuses, and whom the camps hear of once appointed.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::rule_set::RuleSet;
use entente_domain::state::{Deadline, Due, Matter};
use entente_domain::visibility::{Viewer, candidate_sight, is_asked};
use entente_domain::{Capacity, CaseError, Entry, EventKind, Seals};
use entente_projections::candidacy::{self, Candidacy};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;
use jiff::{SignedDuration, Timestamp};

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

/// m1 asked on day 2 at noon.
fn asked() -> History {
    consented().then(CENTRE.asks(ask_to_mediate(M1)).at(day(2, 12, 0)))
}

/// The same, and m1 has declared.
fn declared() -> History {
    asked().then(MEDIATOR.asks(declare("I taught a cousin of the claimant's.")))
}

fn sees(history: &History, person: entente_domain::PersonId, at: Timestamp) -> Option<Candidacy> {
    let seen: Vec<Entry> =
        history.entries.iter().filter_map(|entry| candidate_sight(&history.case, person, entry, at)).collect();
    candidacy::fold(CASE, &seen)
}

#[test]
fn the_centre_asks_a_candidate_who_has_twenty_four_hours() {
    let due = Some(day(3, 12, 0));
    let candidate = entente_domain::company::Contact {
        person: M1,
        name: name("Mireille Caron").into(),
        email: Some(name("Mireille Caron at home")).into(),
    };
    given(consented())
        .when(CENTRE.asks(ask_to_mediate(M1)).at(day(2, 12, 0)))
        .then(happened![MediatorProposed { candidate, due }])
        .when(CENTRE.asks(ask_to_mediate(M1)))
        .then_nothing()
        .when(CENTRE.asks(ask_to_mediate(M2)))
        .then_refused(CaseError::AlreadyProposed);
    let without_hours = under(RuleSet::V2026_1, consented()).then(CENTRE.asks(ask_to_mediate(M1)));
    assert_eq!(without_hours.case.candidate().map(|candidate| candidate.due), Some(None));
    given(without_hours).when(CLOCK.asks(LapseProposal {}).at(day(60, 0, 0))).then_nothing();
}

#[test]
fn nobody_is_asked_before_both_have_consented_beside_a_mediator_or_after_closing() {
    for history in [registered(), qualified(), invited()] {
        given(history).when(CENTRE.asks(ask_to_mediate(M1))).then_refused(CaseError::NoConsent);
    }
    given(opened()).when(CENTRE.asks(ask_to_mediate(M2))).then_refused(CaseError::AlreadyActive);
    given(closed_by(CLAIMANT)).when(CENTRE.asks(ask_to_mediate(M2))).then_refused(CaseError::AlreadyClosed);
    given(without_mediator()).when(CENTRE.asks(ask_to_mediate(M2))).then_kinds(&[EventKind::MediatorProposed]);
}

#[test]
fn nobody_is_asked_who_has_sat_at_the_case_or_acts_for_the_centre() {
    let left = consented().then(CLAIMANT.asks(seat(C2, Capacity::Counsel))).then(CLAIMANT.asks(unseat(C2)));
    for person in [C1, C2, R1, S] {
        given(left.clone()).when(CENTRE.asks(ask_to_mediate(person))).then_refused(CaseError::Conflict);
    }
    given(left).when(COLLEAGUE.asks(ask_to_mediate(S2))).then_refused(CaseError::Conflict);
    given(without_mediator()).when(CENTRE.asks(ask_to_mediate(M1))).then_refused(CaseError::Conflict);
}

#[test]
fn the_clock_asks_the_next_and_never_the_first() {
    let asks = || CLOCK.asks(ask_to_mediate(M2));
    given(consented()).when(asks()).then_refused(CaseError::NotYourPart);
    given(asked()).when(asks()).then_refused(CaseError::NotYourPart);
    let refused = asked().then(MEDIATOR.asks(RefuseAppointment {}));
    given(refused.clone()).when(asks()).then_kinds(&[EventKind::MediatorProposed]);
    given(refused).when(CLOCK.asks(ask_to_mediate(M1))).then_refused(CaseError::RefusedBefore);
    let lapsed = asked().then(CLOCK.asks(LapseProposal {}).at(day(3, 12, 0)));
    given(lapsed).when(asks()).then_kinds(&[EventKind::MediatorProposed]);
    // What the centre took back, the clock does not go on with.
    let withdrawn = asked().then(CENTRE.asks(WithdrawProposal {}));
    given(withdrawn).when(asks()).then_refused(CaseError::NotYourPart);
}

#[test]
fn the_candidate_alone_declares_and_once() {
    let declaration = statement("Nothing to disclose.");
    let event = IndependenceDeclared { candidate: M1, declaration: declaration.into() };
    given(asked())
        .when(SUCCESSOR.asks(declare("I am not asked.")))
        .then_refused(CaseError::NotFound)
        .when(MEDIATOR.asks(declare("Nothing to disclose.")).at(day(3, 12, 0) - AN_INSTANT))
        .then(happened![event])
        .when(MEDIATOR.asks(declare("One thing more.")))
        .then_refused(CaseError::AlreadyDeclared);
    for hand in [CLAIMANT, RESPONDENT, CENTRE, CLOCK, STRANGER] {
        given(asked()).when(hand.asks(declare("Not mine."))).then_refused(CaseError::NotFound);
        given(asked()).when(hand.asks(RefuseAppointment {})).then_refused(CaseError::NotFound);
    }
    given(asked()).when(MEDIATOR.asks(declare("Late.")).at(day(3, 12, 0))).then_refused(CaseError::TooLate);
    // Whoever is asked has no other right at the case.
    given(asked()).when(MEDIATOR.asks(ResignMediator {})).then_refused(CaseError::NotFound);
}

#[test]
fn a_refusal_is_final_and_moves_to_the_next() {
    for history in [asked(), declared()] {
        given(history)
            .when(MEDIATOR.asks(RefuseAppointment {}))
            .then(happened![AppointmentRefused { candidate: M1 }])
            .when(MEDIATOR.asks(RefuseAppointment {}))
            .then_refused(CaseError::NotFound)
            .when(MEDIATOR.asks(declare("After all.")))
            .then_refused(CaseError::NotFound)
            .when(CENTRE.asks(ask_to_mediate(M1)))
            .then_refused(CaseError::RefusedBefore)
            .when(CENTRE.asks(ask_to_mediate(M2)))
            .then_kinds(&[EventKind::MediatorProposed]);
    }
}

#[test]
fn a_proposal_lapses_after_its_hours_unless_the_candidate_has_declared() {
    let lapse = || CLOCK.asks(LapseProposal {});
    let due = day(3, 12, 0);
    assert_eq!(asked().case.due(), Some((Due::Declaration, due)));
    let about = Some(Matter::Person(M1));
    let deadline = Deadline { kind: Due::Declaration, since: day(2, 12, 0), due, about, reminder: None };
    assert_eq!(asked().case.deadlines()[0], deadline);
    given(asked())
        .when(lapse().at(due - AN_INSTANT))
        .then_refused(CaseError::NotDue)
        .when(lapse().at(due))
        .then(happened![ProposalLapsed { candidate: M1 }])
        .when(lapse())
        .then_nothing()
        // Who did not answer may be asked again.
        .when(CENTRE.asks(ask_to_mediate(M1)))
        .then_kinds(&[EventKind::MediatorProposed]);
    given(declared()).when(lapse().at(due)).then_nothing();
    assert_eq!(declared().case.due(), Some((Due::Appointment, day(4, 11, 0))));
}

#[test]
fn the_centre_takes_a_proposal_back() {
    given(declared())
        .when(CENTRE.asks(WithdrawProposal {}))
        .then(happened![ProposalWithdrawn { candidate: M1 }])
        .when(CENTRE.asks(WithdrawProposal {}))
        .then_nothing()
        .when(CENTRE.asks(appoint_declared(M1)))
        .then_refused(CaseError::NoDeclaration);
    given(closed_by(CLAIMANT)).when(CENTRE.asks(WithdrawProposal {})).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn the_centre_or_by_policy_the_clock_appoints_who_has_declared() {
    for hand in [CENTRE, CLOCK] {
        let opened = declared().then(hand.asks(appoint_declared(M1)).at(day(3, 9, 0)));
        assert_eq!(opened.case.mediator().map(|held| held.person), Some(M1));
        assert!(opened.case.has_table());
        for viewer in [Viewer::Person(C1), Viewer::Person(R1), Viewer::Person(M1), Viewer::Staff(S)] {
            let page = opened.page(viewer, opened.now()).unwrap();
            let mediator = page.people.iter().find(|held| held.person == M1).unwrap();
            assert_eq!(mediator.declaration.as_deref(), Some("I taught a cousin of the claimant's."));
            assert_eq!(page.candidates.len(), usize::from(viewer == Viewer::Staff(S)));
        }
        given(opened).when(hand.asks(appoint_declared(M1))).then_nothing();
    }
    given(asked()).when(CENTRE.asks(appoint_declared(M1))).then_refused(CaseError::NoDeclaration);
    for ask in [appoint_declared(M2), appoint(M1), appoint(M2)] {
        given(declared()).when(CLOCK.asks(ask)).then_refused(CaseError::NotYourPart);
    }
    given(asked()).when(CLOCK.asks(appoint_declared(M1))).then_refused(CaseError::NotYourPart);
}

#[test]
fn another_appointment_ends_a_candidacy_and_so_does_sitting_down_elsewhere() {
    let overtaken = declared().then(CENTRE.asks(appoint(M2)));
    assert_eq!(overtaken.case.candidate(), None);
    // Neither camp ever reads what was declared by somebody who did not come.
    for person in [C1, R1, M2] {
        let seen = overtaken.cut(Viewer::Person(person), overtaken.now()).unwrap();
        assert_eq!(count(&seen, EventKind::IndependenceDeclared), 0);
    }
    let seated = declared().then(RESPONDENT.asks(seat(M1, Capacity::Counsel)));
    given(seated)
        .when(CENTRE.asks(appoint_declared(M1)))
        .then_refused(CaseError::NoDeclaration)
        .when(CENTRE.asks(ask_to_mediate(M2)))
        .then_kinds(&[EventKind::MediatorProposed]);
}

#[test]
fn the_camps_hear_nothing_of_candidates() {
    let refused = declared().then(MEDIATOR.asks(RefuseAppointment {})).then(CENTRE.asks(ask_to_mediate(M2)));
    for person in [C1, R1] {
        let (before, after) = (consented(), refused.clone());
        let at = after.now();
        assert_eq!(before.cut(Viewer::Person(person), at), after.cut(Viewer::Person(person), at));
        assert_eq!(before.page(Viewer::Person(person), at), after.page(Viewer::Person(person), at));
    }
    assert_eq!(refused.page(Viewer::Staff(S), refused.now()).unwrap().candidates.len(), 2);
    // Nor do the candidates see the case.
    for person in [M1, M2] {
        assert_eq!(refused.cut(Viewer::Person(person), refused.now()), None);
    }
}

#[test]
fn a_candidate_sees_who_is_in_dispute_and_nothing_else() {
    let history = declared();
    let at = history.now();
    let seen = sees(&history, M1, at).unwrap();
    let names: Vec<_> = seen.parties.iter().map(|party| party.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Tissages du Rhône", "Daehan Looms"]);
    let people: Vec<_> = seen.people.iter().map(|acting| acting.name.as_deref().unwrap()).collect();
    assert_eq!(people, ["Claire Morel", "Ryu Ha-eun"]);
    assert_eq!((seen.due, seen.declared), (Some(day(3, 12, 0)), Some(at)));
    let mut words = String::new();
    for entry in history.entries.iter().filter_map(|entry| candidate_sight(&history.case, M1, entry, at)) {
        let mut entry = entry;
        let Ok(()) = entry.seals::<std::convert::Infallible>(&mut |part| {
            words.extend(part.clear_bytes().unwrap().map(|bytes| String::from_utf8(bytes).unwrap()));
            Ok(())
        });
    }
    for hidden in ["looms stopped", "claire at home", "Ryu Ha-eun at home"] {
        assert!(!words.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_candidate_sees_nothing_before_or_after_the_proposal_stands() {
    let stands = |history: &History, at| (sees(history, M1, at).is_some(), is_asked(&history.case, M1, at));
    let due = day(3, 12, 0);
    assert_eq!(stands(&asked(), due - AN_INSTANT), (true, true));
    assert_eq!(stands(&asked(), due), (false, false), "over is over, even before the clock has said so");
    assert_eq!(stands(&declared(), due), (true, true));
    let ended = [
        declared().then(MEDIATOR.asks(RefuseAppointment {})),
        declared().then(CENTRE.asks(WithdrawProposal {})),
        asked().then(CLOCK.asks(LapseProposal {}).at(due)),
        declared().then(CENTRE.asks(appoint(M2))),
        declared().then(CENTRE.asks(appoint_declared(M1))),
        declared().then(CLAIMANT.asks(withdraw())),
    ];
    for history in ended {
        assert_eq!(stands(&history, history.now()), (false, false));
    }
    assert_eq!(sees(&asked(), M2, asked().now()), None);
}

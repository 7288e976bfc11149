//! The mediator: 48 hours, one at a time, and what a successor finds.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::{Camp, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;
use jiff::{SignedDuration, Timestamp};

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

fn appointment_due() -> Timestamp {
    day(4, 11, 0)
}

#[test]
fn the_table_opens_in_the_same_append_as_the_first_appointment() {
    let after = given(consented())
        .when(CENTRE.asks(appoint(M1)).at(day(3, 10, 0)))
        .then_kinds(&[
            EventKind::MediatorAppointed,
            EventKind::TableOpened,
            EventKind::DiscussionOpened,
            EventKind::DiscussionOpened,
            EventKind::DiscussionOpened,
        ])
        .history();
    // Two months from 5 March, to the end of the day in Paris.
    assert_eq!(after.case.term_due, Some("2026-05-05T22:00:00Z".parse().unwrap()));
}

#[test]
fn a_successor_opens_no_second_table() {
    let after =
        given(without_mediator()).when(CENTRE.asks(appoint(M2))).then_kinds(&[EventKind::MediatorAppointed]).history();
    assert_eq!(after.case.tenure, 2);
}

#[test]
fn nobody_is_brought_before_a_mediator_without_both_consents() {
    for history in [registered(), qualified(), invited()] {
        given(history).when(CENTRE.asks(appoint(M1))).then_refused(CaseError::NoConsent);
    }
}

#[test]
fn without_a_declaration_of_independence_there_is_no_appointment() {
    let ask = AppointMediator { declaration: None, ..appoint(M1) };
    given(consented()).when(CENTRE.asks(ask)).then_refused(CaseError::NoDeclaration);
}

#[test]
fn whoever_sat_in_a_camp_or_appoints_does_not_mediate() {
    let history =
        consented().then(CLAIMANT.asks(seat(C2, entente_domain::Capacity::Counsel))).then(CLAIMANT.asks(unseat(C2)));
    for person in [C1, C2, R1, S] {
        given(history.clone()).when(CENTRE.asks(appoint(person))).then_refused(CaseError::Conflict);
    }
}

#[test]
fn one_mediator_sits_at_a_time_and_appointing_the_same_again_changes_nothing() {
    given(opened())
        .when(CENTRE.asks(appoint(M2)))
        .then_refused(CaseError::AlreadyActive)
        .when(CENTRE.asks(appoint(M1)))
        .then_nothing();
}

#[test]
fn a_closed_case_gets_no_mediator() {
    let closed = consented().then(CLAIMANT.asks(withdraw()));
    given(closed).when(CENTRE.asks(appoint(M1))).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn the_clock_records_the_missed_48_hours_once_and_closes_nothing() {
    let due = appointment_due();
    given(consented())
        .when(CLOCK.asks(RecordMissedAppointment {}).at(due - AN_INSTANT))
        .then_refused(CaseError::NotDue)
        .when(CLOCK.asks(RecordMissedAppointment {}).at(due))
        .then(happened![AppointmentDeadlineMissed { due }])
        .when(CLOCK.asks(RecordMissedAppointment {}).at(due + AN_INSTANT))
        .then_nothing()
        .when(CENTRE.asks(appoint(M1)))
        .then_kinds(&[
            EventKind::MediatorAppointed,
            EventKind::TableOpened,
            EventKind::DiscussionOpened,
            EventKind::DiscussionOpened,
            EventKind::DiscussionOpened,
        ]);
}

#[test]
fn an_appointment_in_time_is_not_missed() {
    given(opened()).when(CLOCK.asks(RecordMissedAppointment {}).at(appointment_due())).then_nothing();
    given(invited()).when(CLOCK.asks(RecordMissedAppointment {}).at(appointment_due())).then_nothing();
}

#[test]
fn the_centre_closes_a_case_for_which_no_mediator_is_to_be_had() {
    for history in [consented(), without_mediator()] {
        let kinds = [EventKind::MediatorUnavailabilityDeclared, EventKind::CaseClosed];
        let after = given(history).when(CENTRE.asks(DeclareMediatorUnavailable {})).then_kinds(&kinds).history();
        assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::MediatorUnavailable));
        given(after).when(CENTRE.asks(DeclareMediatorUnavailable {})).then_refused(CaseError::AlreadyClosed);
    }
}

#[test]
fn a_mediator_who_sits_is_not_unavailable_and_none_is_missed_before_consent() {
    given(opened()).when(CENTRE.asks(DeclareMediatorUnavailable {})).then_refused(CaseError::AlreadyActive);
    given(invited()).when(CENTRE.asks(DeclareMediatorUnavailable {})).then_refused(CaseError::NoConsent);
}

#[test]
fn a_mediator_resigns_and_is_then_nobody_to_the_case() {
    given(opened())
        .when(MEDIATOR.asks(ResignMediator {}))
        .then(happened![TenureEnded { tenure: 1 }])
        .when(MEDIATOR.asks(ResignMediator {}))
        .then_refused(CaseError::NotFound);
    given(suspended()).when(MEDIATOR.asks(ResignMediator {})).then_kinds(&[EventKind::TenureEnded]);
    given(closed_by(CLAIMANT)).when(MEDIATOR.asks(ResignMediator {})).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn each_camp_alone_releases_its_caucus_to_a_successor() {
    for (hand, camp) in [(CLAIMANT, Camp::Claimant), (RESPONDENT, Camp::Respondent)] {
        given(succeeded())
            .when(hand.asks(ReleaseCaucus {}))
            .then(happened![CaucusReleased { camp, tenure: 2 }])
            .when(hand.asks(ReleaseCaucus {}))
            .then_nothing();
    }
}

#[test]
fn there_is_nothing_to_release_to_a_first_mediator_to_none_or_after_closing() {
    given(opened()).when(CLAIMANT.asks(ReleaseCaucus {})).then_refused(CaseError::NothingToRelease);
    given(without_mediator()).when(CLAIMANT.asks(ReleaseCaucus {})).then_refused(CaseError::NothingToRelease);
    given(closed_by(RESPONDENT)).when(CLAIMANT.asks(ReleaseCaucus {})).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn a_release_is_for_one_successor_and_not_for_the_next() {
    let third = succeeded()
        .then(CLAIMANT.asks(ReleaseCaucus {}))
        .then(SUCCESSOR.asks(ResignMediator {}))
        .then(CENTRE.asks(appoint(M1)));
    given(third)
        .when(CLAIMANT.asks(ReleaseCaucus {}))
        .then(happened![CaucusReleased { camp: Camp::Claimant, tenure: 3 }]);
}

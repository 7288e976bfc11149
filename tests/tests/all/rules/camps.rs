//! Who is in a camp, and who says so.

use entente_domain::command::SeatRepresentative;
use entente_domain::event::RepresentativeUnseated;
use entente_domain::{Camp, Capacity, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;

#[test]
fn a_head_of_mandate_brings_a_colleague_in_from_any_state_but_closed() {
    for history in [registered(), qualified(), invited(), consented(), opened(), without_mediator()] {
        // In some of these c2 sits already.
        let expected: &[EventKind] =
            if history.case.occupancy(C2).is_some() { &[] } else { &[EventKind::RepresentativeSeated] };
        given(history)
            .when(CLAIMANT.asks(seat(C2, Capacity::Representative)))
            .then_kinds(expected)
            .when(CLAIMANT.asks(seat(C2, Capacity::Representative)))
            .then_nothing();
    }
    given(closed_by(CLAIMANT)).when(CLAIMANT.asks(seat(CL, Capacity::Counsel))).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn only_the_head_of_mandate_seats_and_unseats() {
    given(full_table())
        .when(hand(C2).asks(seat(CL, Capacity::Counsel)))
        .then_refused(CaseError::NoMandate)
        .when(hand(RL).asks(unseat(R2)))
        .then_refused(CaseError::NoMandate);
}

#[test]
fn a_camp_gets_no_second_head_of_mandate() {
    given(opened()).when(CLAIMANT.asks(seat(C2, Capacity::HeadOfMandate))).then_refused(CaseError::NoMandate);
}

#[test]
fn whoever_has_sat_elsewhere_is_not_seated() {
    let history = full_table().then(RESPONDENT.asks(unseat(RL)));
    for person in [R1, R2, RL, M1] {
        given(history.clone()).when(CLAIMANT.asks(seat(person, Capacity::Counsel))).then_refused(CaseError::Conflict);
    }
}

#[test]
fn a_person_whom_the_centre_does_not_know_gets_an_id_of_the_commands() {
    let mut ask: SeatRepresentative = seat(C2, Capacity::Counsel);
    ask.contact.person = None;
    let after = given(opened())
        .when(CLAIMANT.asks(ask).called("seat somebody"))
        .then_kinds(&[EventKind::RepresentativeSeated])
        .history();
    let person = entente_domain::PersonId(command("seat somebody").derive("representative"));
    assert!(after.case.occupancy(person).is_some());
}

#[test]
fn a_head_of_mandate_takes_a_colleague_out_and_asking_again_changes_nothing() {
    given(full_table())
        .when(RESPONDENT.asks(unseat(RL)).at(day(5, 9, 0)))
        .then(happened![RepresentativeUnseated { camp: Camp::Respondent, person: RL, left: day(5, 9, 0) }])
        .when(RESPONDENT.asks(unseat(RL)))
        .then_nothing();
}

#[test]
fn a_leaving_that_is_told_late_keeps_the_day_on_which_it_was_so() {
    let (left, told) = (day(5, 18, 0), day(6, 9, 0));
    let after = given(full_table())
        .when(RESPONDENT.asks(unseat_late(RL, day(7, 0, 0))).at(told))
        .then_refused(CaseError::InTheFuture)
        .when(RESPONDENT.asks(unseat_late(RL, day(2, 0, 0))).at(told))
        .then_refused(CaseError::BeforeSeating)
        .when(RESPONDENT.asks(unseat_late(RL, left)).at(told))
        .then(happened![RepresentativeUnseated { camp: Camp::Respondent, person: RL, left }])
        .history();
    assert!(after.case.occupancy_at(RL, left - jiff::SignedDuration::from_micros(1)).is_some());
    assert!(after.case.occupancy_at(RL, left).is_none());
}

#[test]
fn whoever_was_taken_out_may_come_back_and_is_nobody_in_between() {
    given(full_table())
        .when(RESPONDENT.asks(unseat(RL)))
        .then_kinds(&[EventKind::RepresentativeUnseated])
        .when(hand(RL).asks(post_to(JOINT, "one more thing")))
        .then_refused(CaseError::NotFound)
        .when(RESPONDENT.asks(seat(RL, Capacity::Counsel)))
        .then_kinds(&[EventKind::RepresentativeSeated])
        .when(RESPONDENT.asks(unseat(RL)))
        .then_kinds(&[EventKind::RepresentativeUnseated]);
}

#[test]
fn a_camp_is_never_left_without_a_head() {
    given(full_table()).when(CLAIMANT.asks(unseat(C1))).then_refused(CaseError::LastOfCamp);
}

#[test]
fn nobody_is_taken_out_of_another_camp() {
    for person in [R2, M1, X] {
        given(full_table()).when(CLAIMANT.asks(unseat(person))).then_refused(CaseError::NotSeated);
    }
}

#[test]
fn the_camps_stand_as_they_were_once_the_case_is_closed() {
    given(closed_by(CLAIMANT)).when(RESPONDENT.asks(unseat(R2))).then_refused(CaseError::AlreadyClosed);
}

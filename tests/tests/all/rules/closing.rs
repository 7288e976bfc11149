//! Stopping at any time (B6), and what may still be said afterwards.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::{Camp, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;
use jiff::{SignedDuration, Timestamp};

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

/// Ninety days from 22 March: Saturday 20 June, hence the end of Monday the 22nd in Paris.
fn later_settlement_until() -> Timestamp {
    "2026-06-22T22:00:00Z".parse().unwrap()
}

fn no_agreement() -> History {
    every_thread().then(MEDIATOR.asks(ReportNoAgreement {}).at(day(20, 12, 0)))
}

fn every_state() -> [(&'static str, History); 9] {
    [
        ("registered", registered()),
        ("registered, questionnaire failed", registered().then(CLAIMANT.asks(failing()))),
        ("qualified", qualified()),
        ("invited", invited()),
        ("consented", consented()),
        ("open", opened()),
        ("suspended", suspended()),
        ("without a mediator", without_mediator()),
        ("with a successor", succeeded()),
    ]
}

#[test]
fn either_camp_withdraws_from_every_state() {
    for (state, history) in every_state() {
        for (hand, person, camp) in [(CLAIMANT, C1, Camp::Claimant), (RESPONDENT, R1, Camp::Respondent)] {
            if history.case.occupancy(person).is_none() {
                assert_eq!(camp, Camp::Respondent, "{state}: nobody has invited the respondent yet");
                continue;
            }
            let kinds = [EventKind::PartyWithdrew, EventKind::CaseClosed];
            let after = given(history.clone()).when(hand.asks(withdraw())).then_kinds(&kinds).history();
            assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::Withdrawn), "{state}");
            given(after).when(hand.asks(withdraw())).then_refused(CaseError::AlreadyClosed);
        }
    }
}

#[test]
fn a_camp_may_say_why_it_withdraws_and_to_whom() {
    for readers in [ReasonFor::Mediator, ReasonFor::Everyone] {
        let reason = Some(Reason { readers, text: statement("Our board has changed.").into() });
        given(opened())
            .when(RESPONDENT.asks(withdraw_because(readers, "Our board has changed.")).at(day(20, 12, 0)))
            .then(happened![
                PartyWithdrew { camp: Camp::Respondent, reason },
                // Thirty days from 22 March: Tuesday 21 April, to the end of the day in Paris.
                CaseClosed { outcome: Outcome::Withdrawn, return_until: "2026-04-21T22:00:00Z".parse().unwrap() },
            ]);
    }
}

#[test]
fn a_settled_case_is_not_withdrawn_from() {
    for hand in [CLAIMANT, RESPONDENT] {
        given(settled()).when(hand.asks(withdraw())).then_refused(CaseError::AlreadyClosed);
    }
}

#[test]
fn the_mediator_reports_that_there_is_no_agreement_without_a_word_of_why() {
    let kinds = [EventKind::NoAgreementReported, EventKind::CaseClosed];
    let after = given(opened()).when(MEDIATOR.asks(ReportNoAgreement {})).then_kinds(&kinds).history();
    assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::NoAgreement));
    given(after).when(MEDIATOR.asks(ReportNoAgreement {})).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn both_camps_record_that_they_settled_after_all() {
    for history in [no_agreement(), closed_by(CLAIMANT)] {
        given(history)
            .when(CLAIMANT.asks(RecordLaterSettlement {}))
            .then(happened![LaterSettlementConfirmed { camp: Camp::Claimant }])
            .when(CLAIMANT.asks(RecordLaterSettlement {}))
            .then_nothing()
            .when(RESPONDENT.asks(RecordLaterSettlement {}))
            .then(happened![LaterSettlementConfirmed { camp: Camp::Respondent }, SettledAfterwards {}])
            .when(RESPONDENT.asks(RecordLaterSettlement {}))
            .then_nothing();
    }
}

#[test]
fn a_later_settlement_is_taken_until_the_last_instant_and_not_at_the_due_one() {
    let until = later_settlement_until();
    given(no_agreement())
        .when(CLAIMANT.asks(RecordLaterSettlement {}).at(until - AN_INSTANT))
        .then_kinds(&[EventKind::LaterSettlementConfirmed])
        .when(RESPONDENT.asks(RecordLaterSettlement {}).at(until))
        .then_refused(CaseError::TooLate);
}

#[test]
fn only_a_closed_mediation_without_agreement_is_settled_afterwards() {
    given(opened()).when(CLAIMANT.asks(RecordLaterSettlement {})).then_refused(CaseError::NotClosed);
    let never_opened = [
        invited().then(RESPONDENT.asks(Decline {})),
        registered().then(CENTRE.asks(inadmissible())),
        consented().then(CLAIMANT.asks(withdraw())),
        consented().then(CENTRE.asks(DeclareMediatorUnavailable {})),
    ];
    for history in never_opened.into_iter().chain([settled()]) {
        given(history).when(CLAIMANT.asks(RecordLaterSettlement {})).then_refused(CaseError::NothingLeftToSettle);
    }
}

#[test]
fn nothing_but_the_closing_window_is_left_of_a_closed_case() {
    let closed = every_thread()
        .then(CLAIMANT.asks(post_to(JOINT, "Good morning.")).called("greeting"))
        .then(CLAIMANT.asks(withdraw()).at(day(20, 12, 0)));
    given(closed)
        .when(RESPONDENT.asks(OpenItem { item: item("greeting") }))
        .then_kinds(&[EventKind::ItemOpened])
        .when(CLAIMANT.asks(seat(CL, entente_domain::Capacity::Counsel)))
        .then_refused(CaseError::AlreadyClosed)
        .when(CENTRE.asks(appoint(M2)))
        .then_refused(CaseError::AlreadyClosed)
        .when(CLOCK.asks(ExpireTerm {}).at(day(90, 0, 0)))
        .then_nothing()
        .when(CLOCK.asks(LapseInvitation {}).at(day(90, 0, 0)))
        .then_nothing();
}

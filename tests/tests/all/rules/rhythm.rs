//! The channel, pauses, and how long a mediation lasts (B15).

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::{Audience, CaseError, EventKind, Seat};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;
use jiff::{SignedDuration, Timestamp};

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

/// Two months from 5 March, to the end of the day in Paris.
fn term_due() -> Timestamp {
    "2026-05-05T22:00:00Z".parse().unwrap()
}

#[test]
fn the_mediator_or_the_centre_switches_the_channel_and_asking_again_changes_nothing() {
    for hand in [MEDIATOR, CENTRE] {
        given(opened())
            .when(hand.asks(SwitchChannel { channel: Channel::Telephone }))
            .then(happened![ChannelSwitched { channel: Channel::Telephone }])
            .when(hand.asks(SwitchChannel { channel: Channel::Telephone }))
            .then_nothing()
            .when(hand.asks(SwitchChannel { channel: Channel::Online }))
            .then_kinds(&[EventKind::ChannelSwitched]);
    }
    given(closed_by(CLAIMANT))
        .when(CENTRE.asks(SwitchChannel { channel: Channel::Fax }))
        .then_refused(CaseError::AlreadyClosed);
}

#[test]
fn a_case_may_use_the_internet_only_for_the_request() {
    given(registered())
        .when(CENTRE.asks(SwitchChannel { channel: Channel::InPerson }))
        .then_kinds(&[EventKind::ChannelSwitched]);
}

#[test]
fn an_exchange_away_from_the_table_is_recorded_without_a_word_of_it() {
    let at = day(5, 12, 0);
    for hand in [MEDIATOR, CENTRE] {
        given(opened()).when(hand.asks(telephoned(JOINT, at)).at(at)).then(happened![OfflineExchangeRecorded {
            channel: Channel::Telephone,
            audience: JOINT,
            began: day(5, 11, 0),
            minutes: 60,
        }]);
    }
    for caucus in [Audience::ClaimantCaucus, Audience::RespondentCaucus] {
        given(opened())
            .when(MEDIATOR.asks(telephoned(caucus, at)).at(at))
            .then_kinds(&[EventKind::OfflineExchangeRecorded]);
    }
}

#[test]
fn the_centre_neither_hears_of_a_caucus_nor_records_one() {
    let at = day(5, 12, 0);
    for audience in Audience::ALL.into_iter().filter(|audience| *audience != JOINT) {
        given(opened()).when(CENTRE.asks(telephoned(audience, at)).at(at)).then_refused(CaseError::AudienceNotAllowed);
    }
    for alone in [Audience::ClaimantWorkspace, Audience::RespondentWorkspace, Audience::MediatorNotes] {
        given(opened()).when(MEDIATOR.asks(telephoned(alone, at)).at(at)).then_refused(CaseError::AudienceNotAllowed);
    }
}

#[test]
fn online_is_no_exchange_away_from_the_table() {
    let ask = RecordOfflineExchange { channel: Channel::Online, ..telephoned(JOINT, day(5, 12, 0)) };
    given(opened()).when(MEDIATOR.asks(ask).at(day(5, 12, 0))).then_refused(CaseError::NotOffline);
}

#[test]
fn an_exchange_that_has_not_begun_is_not_recorded() {
    let at = day(5, 12, 0);
    let ask = RecordOfflineExchange { began: at + AN_INSTANT, ..telephoned(JOINT, at) };
    given(opened()).when(MEDIATOR.asks(ask).at(at)).then_refused(CaseError::InTheFuture);
}

#[test]
fn exchanges_are_recorded_from_the_opening_to_the_closing() {
    given(consented()).when(CENTRE.asks(telephoned(JOINT, day(2, 12, 0)))).then_refused(CaseError::NotOpen);
    given(closed_by(CLAIMANT))
        .when(CENTRE.asks(telephoned(JOINT, day(5, 12, 0))))
        .then_refused(CaseError::AlreadyClosed);
}

#[test]
fn anyone_at_the_table_pauses_and_resumes_and_asking_again_changes_nothing() {
    for hand in [CLAIMANT, RESPONDENT, MEDIATOR] {
        given(opened())
            .when(hand.asks(Resume {}))
            .then_nothing()
            .when(hand.asks(Suspend {}))
            .then(happened![CaseSuspended {}])
            .when(hand.asks(Suspend {}))
            .then_nothing()
            .when(hand.asks(Resume {}))
            .then(happened![CaseResumed {}]);
    }
}

#[test]
fn only_an_open_table_is_paused_and_only_a_paused_one_resumed() {
    given(consented())
        .when(CLAIMANT.asks(Suspend {}))
        .then_refused(CaseError::NotOpen)
        .when(CLAIMANT.asks(Resume {}))
        .then_refused(CaseError::NotOpen);
    given(closed_by(CLAIMANT))
        .when(RESPONDENT.asks(Suspend {}))
        .then_refused(CaseError::AlreadyClosed)
        .when(RESPONDENT.asks(Resume {}))
        .then_refused(CaseError::AlreadyClosed);
}

#[test]
fn a_term_is_longer_once_all_three_want_the_same() {
    // Friday 29 May, to the end of the day in Paris.
    let until: Timestamp = "2026-05-29T22:00:00Z".parse().unwrap();
    given(opened())
        .when(CLAIMANT.asks(extend(5, 29)))
        .then(happened![TermExtensionAgreed { seat: Seat::Claimant, until }])
        .when(CLAIMANT.asks(extend(5, 29)))
        .then_nothing()
        .when(MEDIATOR.asks(extend(5, 29)))
        .then(happened![TermExtensionAgreed { seat: Seat::Mediator, until }])
        .when(RESPONDENT.asks(extend(6, 30)))
        .then_kinds(&[EventKind::TermExtensionAgreed])
        .when(RESPONDENT.asks(extend(5, 29)))
        .then(happened![TermExtensionAgreed { seat: Seat::Respondent, until }, TermExtended { until }])
        .when(MEDIATOR.asks(extend(5, 29)))
        .then_nothing();
}

#[test]
fn a_term_ends_on_a_working_day() {
    // Saturday 30 May 2026: the end of Monday 1 June.
    let until: Timestamp = "2026-06-01T22:00:00Z".parse().unwrap();
    given(opened())
        .when(CLAIMANT.asks(extend(5, 30)))
        .then(happened![TermExtensionAgreed { seat: Seat::Claimant, until }]);
}

#[test]
fn a_term_never_gets_shorter() {
    given(opened()).when(CLAIMANT.asks(extend(5, 4))).then_refused(CaseError::NotLonger);
    given(opened()).when(CLAIMANT.asks(extend(5, 5))).then_nothing();
}

#[test]
fn there_is_a_term_to_extend_from_the_opening_to_the_closing() {
    given(consented()).when(CLAIMANT.asks(extend(5, 29))).then_refused(CaseError::NotOpen);
    given(closed_by(CLAIMANT)).when(RESPONDENT.asks(extend(5, 29))).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn the_clock_ends_a_mediation_at_its_term_and_not_before() {
    for history in [opened(), suspended(), without_mediator()] {
        let due = term_due();
        let after = given(history)
            .when(CLOCK.asks(ExpireTerm {}).at(due - AN_INSTANT))
            .then_refused(CaseError::NotDue)
            .when(CLOCK.asks(ExpireTerm {}).at(due))
            .then_kinds(&[EventKind::TermExpired, EventKind::CaseClosed])
            .when(CLOCK.asks(ExpireTerm {}).at(due + AN_INSTANT))
            .then_nothing()
            .history();
        assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::Expired));
    }
}

#[test]
fn a_mediation_that_has_not_begun_has_no_term() {
    given(consented()).when(CLOCK.asks(ExpireTerm {}).at(term_due())).then_nothing();
}

//! What runs out when: both sides of each instant, the changes of the clocks, the ends of months, public holidays.

use entente_domain::command::*;
use entente_domain::event::HoldGround;
use entente_domain::rule_set::RuleSet;
use entente_domain::state::{Deadline, Due, Matter};
use entente_domain::visibility::Viewer;
use entente_domain::{Case, CaseError};
use entente_tests::cast::*;
use entente_tests::spec::*;
use jiff::{SignedDuration, Timestamp};

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn deadlines(history: &History) -> Vec<Deadline> {
    history.case.deadlines()
}

/// The period of a kind, of which there is one.
fn the(kind: Due, history: &History) -> Deadline {
    let found: Vec<_> = deadlines(history).into_iter().filter(|deadline| deadline.kind == kind).collect();
    let [one] = found[..] else { panic!("{kind:?}: {found:?}") };
    one
}

fn kinds(history: &History) -> Vec<Due> {
    deadlines(history).iter().map(|deadline| deadline.kind).collect()
}

#[test]
fn nothing_runs_before_the_respondent_is_invited() {
    for history in [nothing(), registered(), qualified()] {
        assert_eq!(deadlines(&history), []);
        assert_eq!(history.case.due(), None);
    }
}

#[test]
fn the_respondent_has_fifteen_days_and_is_reminded_three_days_before() {
    let (since, due, reminder) = (day(1, 9, 0), day(16, 23, 0), Some(day(13, 23, 0)));
    assert_eq!(deadlines(&invited()), [Deadline { kind: Due::Consent, since, due, about: None, reminder }]);
    let lapse = || CLOCK.asks(LapseInvitation {});
    given(invited()).when(lapse().at(due - AN_INSTANT)).then_refused(CaseError::NotDue);
    given(invited()).when(RESPONDENT.asks(GiveConsent {}).at(due)).then_refused(CaseError::TooLate);
    let lapsed = invited().then(lapse().at(due));
    assert_eq!(kinds(&lapsed), [Due::ReturnWindow, Due::Retention]);
}

#[test]
fn a_mediator_is_appointed_within_forty_eight_elapsed_hours_and_the_centre_reminded_after_twenty_four() {
    let (since, due, reminder) = (day(2, 11, 0), day(4, 11, 0), Some(day(3, 11, 0)));
    let expected = Deadline { kind: Due::Appointment, since, due, about: None, reminder };
    assert_eq!(deadlines(&consented()), [expected]);
    assert!(!expected.is_over(due - AN_INSTANT) && expected.is_over(due));
    assert_eq!(consented().case.due(), Some((Due::Appointment, due)));
}

#[test]
fn forty_eight_hours_are_elapsed_time_whatever_the_clocks_do() {
    // Summer time begins on Sunday 29 March 2026: the same time of day two days later would be 47 hours.
    let consent = at("2026-03-27T20:00:00Z");
    let history =
        qualified().then(CENTRE.asks(invite(R1)).at(day(20, 9, 0))).then(RESPONDENT.asks(GiveConsent {}).at(consent));
    let appointment = the(Due::Appointment, &history);
    assert_eq!((appointment.since, appointment.due), (consent, at("2026-03-29T20:00:00Z")));
}

#[test]
fn a_missed_appointment_is_said_once_and_stays_overdue_until_there_is_a_mediator() {
    let missed = consented().then(CLOCK.asks(RecordMissedAppointment {}).at(day(4, 11, 0)));
    assert_eq!(missed.case.due(), None);
    assert!(the(Due::Appointment, &missed).is_over(missed.now()));
    let opened = missed.then(CENTRE.asks(appoint(M1)));
    assert_eq!(kinds(&opened), [Due::Challenge, Due::Term]);
}

#[test]
fn a_mediator_can_be_challenged_for_fifteen_days_and_the_clock_has_nothing_to_say_at_their_end() {
    let challenge = the(Due::Challenge, &opened());
    // Until the end of Friday 20 March.
    assert_eq!((challenge.since, challenge.due, challenge.reminder), (day(3, 10, 0), day(18, 23, 0), None));
    assert_eq!(challenge.about, Some(Matter::Person(M1)));
    assert_eq!(opened().case.due(), Some((Due::Term, at("2026-05-05T22:00:00Z"))));
    assert_eq!(kinds(&without_mediator()), [Due::Term]);
    // A successor can be challenged anew: 15 March, a Sunday, and fifteen days.
    let successor = the(Due::Challenge, &succeeded());
    assert_eq!((successor.since, successor.due), (day(13, 10, 0), at("2026-03-30T22:00:00Z")));
}

#[test]
fn the_term_runs_from_the_opening_and_ends_with_a_month_that_is_shorter() {
    let term = the(Due::Term, &opened());
    assert_eq!((term.since, term.due), (day(3, 10, 0), at("2026-05-05T22:00:00Z")));
    assert_eq!(term.reminder, Some(at("2026-04-28T22:00:00Z")));
    let late = consented().then(CENTRE.asks(appoint(M1)).at(at("2026-12-31T10:00:00Z")));
    // 28 February 2027 is a Sunday.
    assert_eq!(the(Due::Term, &late).due, at("2027-03-01T23:00:00Z"));
    let expire = || CLOCK.asks(ExpireTerm {});
    given(opened()).when(expire().at(term.due - AN_INSTANT)).then_refused(CaseError::NotDue);
    assert_eq!(kinds(&opened().then(expire().at(term.due))), [Due::ReturnWindow, Due::Retention]);
}

#[test]
fn a_longer_term_moves_its_end_and_its_reminder_and_goes_on_in_a_pause() {
    let longer = opened()
        .then(CLAIMANT.asks(extend(5, 29)))
        .then(RESPONDENT.asks(extend(5, 29)))
        .then(MEDIATOR.asks(extend(5, 29)))
        .then(MEDIATOR.asks(Suspend {}));
    let term = the(Due::Term, &longer);
    assert_eq!((term.since, term.due), (day(3, 10, 0), at("2026-05-29T22:00:00Z")));
    assert_eq!(term.reminder, Some(at("2026-05-22T22:00:00Z")));
}

#[test]
fn each_draft_is_signed_within_fifteen_days_past_summer_time_and_easter_monday() {
    let drafts = every_thread()
        .then(MEDIATOR.asks(propose("the first")).called("first").at(at("2026-03-16T09:00:00Z")))
        .then(CLAIMANT.asks(propose("the second")).called("second").at(at("2026-03-22T09:00:00Z")));
    let of = |history: &History, draft: &str| {
        let mut found = deadlines(history).into_iter().filter(|found| found.kind == Due::Signature);
        found.find(|found| found.about == Some(Matter::Item(item(draft))))
    };
    let first = of(&drafts, "first").unwrap();
    // To the end of 31 March; the three days before it are those of the calendar, of which one has 23 hours.
    assert_eq!((first.since, first.due), (at("2026-03-16T09:00:00Z"), at("2026-03-31T22:00:00Z")));
    assert_eq!(first.reminder, Some(at("2026-03-28T23:00:00Z")));
    // 6 April 2026 is Easter Monday.
    assert_eq!(of(&drafts, "second").map(|found| found.due), Some(at("2026-04-07T22:00:00Z")));

    let declined = drafts.clone().then(RESPONDENT.asks(DeclineSettlement { item: item("first") }));
    assert_eq!(of(&declined, "first"), None);
    // One signature of two is not yet enough.
    let half = drafts.then(CLAIMANT.asks(sign("second", "the second")));
    assert!(of(&half, "second").is_some());
}

#[test]
fn the_centre_knows_of_no_period_of_a_draft() {
    let drafted = every_thread().then(MEDIATOR.asks(propose("a draft")).called("draft"));
    for (viewer, knows) in [(Viewer::Person(C1), true), (Viewer::Person(M1), true), (Viewer::Staff(S), false)] {
        let mut own = Case::default();
        drafted.cut(viewer, drafted.now()).unwrap().iter().for_each(|entry| own.fold(entry));
        let known = own.deadlines();
        assert_eq!(known.iter().any(|deadline| deadline.kind == Due::Signature), knows, "{viewer:?}");
        let others = drafted.case.deadlines().into_iter().filter(|deadline| knows || deadline.kind != Due::Signature);
        assert_eq!(known, others.collect::<Vec<_>>(), "{viewer:?}");
    }
}

#[test]
fn after_closing_the_window_and_the_retention_run_unless_there_is_a_hold() {
    let closed = every_thread().then(CLAIMANT.asks(withdraw()).at(at("2026-08-31T12:00:00Z")));
    let closed = || closed.clone();
    let window = the(Due::ReturnWindow, &closed());
    assert_eq!((window.since, window.due), (at("2026-08-31T12:00:00Z"), at("2026-09-30T22:00:00Z")));
    assert_eq!(window.reminder, Some(at("2026-09-23T22:00:00Z")));
    let retention = the(Due::Retention, &closed());
    // 31 August 2031 is a Sunday.
    assert_eq!((retention.since, retention.due), (window.since, at("2031-09-01T22:00:00Z")));
    assert_eq!(retention.reminder, Some(at("2031-08-02T22:00:00Z")));
    assert_eq!(closed().case.due(), Some((Due::Retention, retention.due)));
    let held = closed().then(CENTRE.asks(PlaceHold { ground: HoldGround::Complaint }));
    assert_eq!((kinds(&held), held.case.due()), (vec![Due::ReturnWindow], None));
}

#[test]
fn under_the_first_rules_the_old_periods_run_without_reminders() {
    let first = |history| under(RuleSet::V2026_1, history);
    let drafted = every_thread().then(MEDIATOR.asks(propose("a draft")).called("draft"));
    for (history, expected) in [
        (invited(), vec![Due::Consent]),
        (consented(), vec![Due::Appointment]),
        (drafted, vec![Due::Term]),
        (closed_by(CLAIMANT), vec![Due::ReturnWindow, Due::Retention]),
    ] {
        let (today, old) = (deadlines(&history), first(history));
        assert_eq!(kinds(&old), expected);
        for deadline in deadlines(&old) {
            let same = today.iter().find(|found| found.kind == deadline.kind).unwrap();
            assert_eq!(deadline, Deadline { reminder: None, ..*same });
        }
    }
}

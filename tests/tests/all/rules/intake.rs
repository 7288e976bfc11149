//! From the request to the other company's answer.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::questionnaire::{self, QuestionnaireVersion, Topic};
use entente_domain::{Capacity, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;
use jiff::{SignedDuration, Timestamp};

/// The end of 18 March 2026 in Paris: fifteen days after the invitation of day 1.
fn consent_due() -> Timestamp {
    "2026-03-18T23:00:00Z".parse().unwrap()
}

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

#[test]
fn a_company_registers_its_dispute() {
    let after = given(nothing()).when(CLAIMANT.asks(register())).then_kinds(&[EventKind::Registered]).history();
    let held = after.case.occupancy(C1).expect("whoever registers sits");
    assert_eq!(held.capacity, Some(Capacity::HeadOfMandate));
}

#[test]
fn a_korean_and_a_german_company_find_no_mediation_here() {
    let ask = Register { claimant: company("DE", "Tissages du Rhône"), ..register() };
    given(nothing()).when(CLAIMANT.asks(ask)).then_refused(CaseError::NoFrenchParty);
}

#[test]
fn it_is_enough_that_the_respondent_is_french() {
    let ask = Register {
        claimant: company("KR", "Daehan Looms"),
        respondent: company("FR", "Tissages du Rhône"),
        ..register()
    };
    given(nothing()).when(CLAIMANT.asks(ask)).then_kinds(&[EventKind::Registered]);
}

#[test]
fn a_company_has_no_dispute_with_itself() {
    let ask = Register { respondent: company("FR", " TISSAGES du Rhône "), ..register() };
    given(nothing()).when(CLAIMANT.asks(ask)).then_refused(CaseError::SameCompany);
}

#[test]
fn a_mediation_needs_a_language() {
    let ask = Register { languages: vec![], ..register() };
    given(nothing()).when(CLAIMANT.asks(ask)).then_refused(CaseError::NoLanguage);
}

#[test]
fn whoever_registers_does_not_answer_for_the_other_side() {
    given(nothing()).when(CLAIMANT.asks(register_naming(C1))).then_refused(CaseError::Conflict);
}

#[test]
fn a_case_is_registered_once() {
    given(registered()).when(CLAIMANT.asks(register())).then_refused(CaseError::Duplicate);
}

#[test]
fn a_company_that_understands_mediation_is_qualified() {
    let answered = passing().answers;
    let version = questionnaire::CURRENT;
    given(registered())
        .when(CLAIMANT.asks(passing()))
        .then(happened![QuestionnaireAnswered { version, answers: answered.into() }, QuestionnairePassed { version }]);
}

#[test]
fn passing_invites_whom_the_claimant_had_named() {
    let after = given(registered_naming_r1())
        .when(CLAIMANT.asks(passing()).at(day(1, 9, 0)))
        .then_kinds(&[EventKind::QuestionnaireAnswered, EventKind::QuestionnairePassed, EventKind::RespondentInvited])
        .history();
    assert_eq!(after.case.consent_due, Some(consent_due()));
    assert!(after.case.occupancy(R1).is_some());
}

#[test]
fn a_company_that_does_not_gets_guidance_and_may_answer_again() {
    given(registered())
        .when(CLAIMANT.asks(failing()))
        .then(happened![
            QuestionnaireAnswered { version: questionnaire::CURRENT, answers: failing().answers.into() },
            QuestionnaireFailed {
                version: questionnaire::CURRENT,
                guidance: vec![Topic::MediatorDoesNotDecide].into()
            },
        ])
        .when(CLAIMANT.asks(passing()))
        .then_kinds(&[EventKind::QuestionnaireAnswered, EventKind::QuestionnairePassed]);
}

#[test]
fn answers_to_another_version_are_refused() {
    let ask = AnswerQuestionnaire { version: QuestionnaireVersion(questionnaire::CURRENT.0 + 1), ..passing() };
    given(registered()).when(CLAIMANT.asks(ask)).then_refused(CaseError::VersionMismatch);
}

#[test]
fn answering_after_passing_changes_nothing() {
    given(qualified()).when(CLAIMANT.asks(failing())).then_nothing();
}

#[test]
fn answers_come_too_late_for_a_closed_case() {
    let closed = registered().then(CLAIMANT.asks(withdraw()));
    given(closed).when(CLAIMANT.asks(passing())).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn the_centre_turns_down_a_request_until_the_table_opens() {
    for history in [registered(), qualified(), invited(), consented()] {
        let kinds = [EventKind::RequestRejected, EventKind::CaseClosed];
        let after = given(history).when(CENTRE.asks(inadmissible())).then_kinds(&kinds).history();
        assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::Inadmissible));
        given(after).when(CENTRE.asks(inadmissible())).then_refused(CaseError::AlreadyClosed);
    }
    given(opened()).when(CENTRE.asks(inadmissible())).then_refused(CaseError::AlreadyOpen);
}

#[test]
fn the_centre_invites_the_other_company() {
    let after = given(qualified())
        .when(CENTRE.asks(invite(R1)).at(day(1, 9, 0)))
        .then_kinds(&[EventKind::RespondentInvited])
        .history();
    assert_eq!(after.case.consent_due, Some(consent_due()));
}

#[test]
fn nobody_is_invited_before_the_questionnaire_is_passed() {
    given(registered()).when(CENTRE.asks(invite(R1))).then_refused(CaseError::NotQualified);
}

#[test]
fn nobody_is_invited_twice() {
    for history in [invited(), consented(), opened(), suspended()] {
        given(history).when(CENTRE.asks(invite(R1))).then_refused(CaseError::AlreadyInvited);
    }
    given(closed_by(CLAIMANT)).when(CENTRE.asks(invite(R1))).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn neither_the_claimants_people_nor_the_inviting_hand_are_invited() {
    let claimants = qualified().then(CLAIMANT.asks(seat(C2, Capacity::Representative)));
    for person in [C1, C2, S] {
        given(claimants.clone()).when(CENTRE.asks(invite(person))).then_refused(CaseError::Conflict);
    }
}

#[test]
fn a_person_named_for_the_respondent_is_not_brought_into_the_claimants_camp() {
    // Otherwise passing the questionnaire would seat one person on both sides.
    given(registered_naming_r1()).when(CLAIMANT.asks(seat(R1, Capacity::Counsel))).then_refused(CaseError::Conflict);
}

#[test]
fn consent_starts_the_48_hours() {
    let at = day(2, 11, 0);
    given(invited())
        .when(RESPONDENT.asks(GiveConsent {}).at(at))
        .then(happened![ConsentGiven { appointment_due: at + SignedDuration::from_hours(48) }])
        .when(RESPONDENT.asks(GiveConsent {}))
        .then_nothing();
}

#[test]
fn consent_is_taken_until_the_last_instant_and_not_at_the_due_one() {
    let due = consent_due();
    given(invited()).when(RESPONDENT.asks(GiveConsent {}).at(due - AN_INSTANT)).then_kinds(&[EventKind::ConsentGiven]);
    given(invited()).when(RESPONDENT.asks(GiveConsent {}).at(due)).then_refused(CaseError::TooLate);
}

#[test]
fn consent_to_a_closed_case_is_refused() {
    let closed = invited().then(CLAIMANT.asks(withdraw()));
    given(closed.clone()).when(RESPONDENT.asks(GiveConsent {})).then_refused(CaseError::AlreadyClosed);
    given(closed).when(RESPONDENT.asks(Decline {})).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn the_respondent_declines_and_the_case_closes() {
    let kinds = [EventKind::ConsentDeclined, EventKind::CaseClosed];
    let after = given(invited()).when(RESPONDENT.asks(Decline {})).then_kinds(&kinds).history();
    assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::Declined));
    given(after).when(RESPONDENT.asks(Decline {})).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn nobody_declines_after_the_due_instant_or_after_consenting() {
    given(invited()).when(RESPONDENT.asks(Decline {}).at(consent_due())).then_refused(CaseError::TooLate);
    given(consented()).when(RESPONDENT.asks(Decline {})).then_refused(CaseError::NotInvited);
}

#[test]
fn the_clock_lapses_an_invitation_at_its_instant_and_not_before() {
    let due = consent_due();
    given(invited())
        .when(CLOCK.asks(LapseInvitation {}).at(due - AN_INSTANT))
        .then_refused(CaseError::NotDue)
        .when(CLOCK.asks(LapseInvitation {}).at(due))
        .then_kinds(&[EventKind::InvitationLapsed, EventKind::CaseClosed])
        .when(CLOCK.asks(LapseInvitation {}).at(due + AN_INSTANT))
        .then_nothing();
}

#[test]
fn an_answered_invitation_does_not_lapse() {
    given(consented()).when(CLOCK.asks(LapseInvitation {}).at(consent_due())).then_nothing();
}

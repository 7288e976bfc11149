//! Calling a mediator into question: in time, by who binds a camp, on a ground that the other side does not read.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::rule_set::RuleSet;
use entente_domain::visibility::Viewer;
use entente_domain::{Camp, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;
use jiff::SignedDuration;

const AN_INSTANT: SignedDuration = SignedDuration::from_micros(1);

fn challenged_by(hand: Hand) -> History {
    full_table().then(hand.asks(challenge("They were partners.")))
}

#[test]
fn each_camp_challenges_within_fifteen_days_of_the_appointment() {
    // Appointed on 5 March: to the end of Friday the 20th.
    let until = day(18, 23, 0);
    for (hand, camp) in [(CLAIMANT, Camp::Claimant), (RESPONDENT, Camp::Respondent)] {
        let ground = statement("They were partners.").into();
        given(full_table())
            .when(hand.asks(challenge("They were partners.")).at(until - AN_INSTANT))
            .then(happened![MediatorChallenged { tenure: 1, camp, ground }])
            .when(hand.asks(challenge("They were partners.")).at(until))
            .then_nothing();
        given(full_table()).when(hand.asks(challenge("Too late.")).at(until)).then_refused(CaseError::LateChallenge);
        let successor = succeeded();
        given(successor)
            .when(hand.asks(challenge("Anew.")).at(day(20, 0, 0)))
            .then_kinds(&[EventKind::MediatorChallenged]);
    }
    let first = under(RuleSet::V2026_1, full_table());
    given(first).when(CLAIMANT.asks(challenge("No such right yet."))).then_refused(CaseError::LateChallenge);
}

#[test]
fn whoever_was_challenged_off_is_not_appointed_again_and_who_was_not_may_be() {
    let upheld = challenged_by(CLAIMANT).then(CENTRE.asks(DecideChallenge { upheld: true }));
    given(upheld.clone()).when(CENTRE.asks(appoint(M1))).then_refused(CaseError::Conflict);
    given(upheld).when(CENTRE.asks(appoint(M2))).then_kinds(&[EventKind::MediatorAppointed]);
    let rejected = challenged_by(CLAIMANT).then(CENTRE.asks(DecideChallenge { upheld: false }));
    let resigned = rejected.then(MEDIATOR.asks(ResignMediator {}));
    given(resigned).when(CENTRE.asks(appoint(M1))).then_kinds(&[EventKind::MediatorAppointed]);
}

#[test]
fn only_who_binds_a_camp_challenges_and_only_a_mediator_who_sits() {
    given(full_table()).when(hand(C2).asks(challenge("Mine."))).then_refused(CaseError::NoMandate);
    for hand in [MEDIATOR, CENTRE, CLOCK] {
        given(full_table()).when(hand.asks(challenge("Mine."))).then_refused(CaseError::NotYourPart);
    }
    for history in [consented(), without_mediator()] {
        given(history).when(CLAIMANT.asks(challenge("Nobody."))).then_refused(CaseError::NoMediator);
    }
    given(closed_by(RESPONDENT)).when(CLAIMANT.asks(challenge("Over."))).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn a_challenge_that_is_upheld_ends_the_tenure_and_a_successor_is_found_as_after_a_resignation() {
    let upheld = challenged_by(CLAIMANT).then(CENTRE.asks(DecideChallenge { upheld: true }));
    assert_eq!(count(&upheld.entries, EventKind::TenureEnded), 1);
    given(upheld)
        .when(CENTRE.asks(DecideChallenge { upheld: true }))
        .then_nothing()
        .when(CENTRE.asks(DecideChallenge { upheld: false }))
        .then_refused(CaseError::NotChallenged)
        .when(MEDIATOR.asks(ResignMediator {}))
        .then_refused(CaseError::NotFound)
        .when(CENTRE.asks(ask_to_mediate(M2)))
        .then_kinds(&[EventKind::MediatorProposed])
        .when(SUCCESSOR.asks(declare("Nothing.")))
        .then_kinds(&[EventKind::IndependenceDeclared])
        .when(CENTRE.asks(appoint_declared(M2)))
        .then_kinds(&[EventKind::MediatorAppointed])
        .when(CENTRE.asks(DecideChallenge { upheld: true }))
        .then_refused(CaseError::NotChallenged);
}

#[test]
fn a_challenge_that_is_rejected_leaves_the_mediator_seated() {
    given(challenged_by(RESPONDENT))
        .when(CENTRE.asks(DecideChallenge { upheld: false }))
        .then(happened![ChallengeRejected { tenure: 1 }])
        .when(CENTRE.asks(DecideChallenge { upheld: false }))
        .then_nothing()
        .when(MEDIATOR.asks(post_to(JOINT, "Let us go on.")))
        .then_kinds(&[EventKind::MessagePosted])
        // Something else may have come up.
        .when(RESPONDENT.asks(challenge("Another ground.")))
        .then_kinds(&[EventKind::MediatorChallenged]);
}

#[test]
fn one_decision_is_for_both_camps_challenges_and_the_centres_alone() {
    let both = challenged_by(CLAIMANT).then(RESPONDENT.asks(challenge("They never answer.")));
    for hand in [CLAIMANT, MEDIATOR, CLOCK] {
        given(both.clone()).when(hand.asks(DecideChallenge { upheld: true })).then_refused(CaseError::NotYourPart);
    }
    let decided = both.then(CENTRE.asks(DecideChallenge { upheld: false }));
    assert_eq!(decided.case.pending_challenges().count(), 0);
    given(full_table()).when(CENTRE.asks(DecideChallenge { upheld: true })).then_refused(CaseError::NotChallenged);
    let closed = challenged_by(CLAIMANT).then(CLAIMANT.asks(withdraw()));
    given(closed).when(CENTRE.asks(DecideChallenge { upheld: true })).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn a_mediator_who_leaves_takes_the_challenge_along() {
    let left = challenged_by(CLAIMANT).then(MEDIATOR.asks(ResignMediator {}));
    given(left.clone()).when(CENTRE.asks(DecideChallenge { upheld: true })).then_refused(CaseError::NotChallenged);
    let succeeded = left.then(CENTRE.asks(appoint(M2)));
    assert_eq!(succeeded.case.pending_challenges().count(), 0);
}

#[test]
fn everyone_learns_of_a_challenge_and_only_its_camp_and_the_centre_read_why() {
    let history = challenged_by(RESPONDENT);
    for (viewer, reads) in [
        (Viewer::Person(R1), true),
        (Viewer::Person(R2), true),
        (Viewer::Staff(S), true),
        (Viewer::Person(C1), false),
        (Viewer::Person(M1), false),
    ] {
        let page = history.page(viewer, history.now()).unwrap();
        assert_eq!(page.challenges.len(), 1, "{viewer:?}");
        assert_eq!(page.challenges[0].ground.is_some(), reads, "{viewer:?}");
    }
}

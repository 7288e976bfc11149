//! Hiding an item, and passing on what was confided (B12).

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::{Audience, Camp, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;

use DisclosureForm::{Substance, Verbatim};

/// A joint message of c1's, a confidence of c1's and one of r1's, and what the mediator said to all.
fn spoken() -> History {
    every_thread()
        .then(CLAIMANT.asks(post_to(JOINT, "Twelve looms stand still.")).called("open words"))
        .then(CLAIMANT.asks(post_to(Audience::ClaimantCaucus, "We could take 4,000.")).called("confidence"))
        .then(RESPONDENT.asks(post_to(Audience::RespondentCaucus, "We could pay 5,000.")).called("other confidence"))
        .then(MEDIATOR.asks(post_to(JOINT, "Let us list the points.")).called("list"))
}

/// Every hand with what it may ask about an item; the same refusal for paused and closed tables.
fn refused_when_nobody_posts(question: &Question, allowed: &History) {
    let paused = allowed.clone().then(MEDIATOR.asks(Suspend {}));
    given(paused).when(question.clone()).then_refused(CaseError::Suspended);
    let closed = allowed.clone().then(RESPONDENT.asks(withdraw()));
    given(closed).when(question.clone()).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn an_author_hides_an_item_and_hears_who_had_read_it() {
    let opened = spoken()
        .then(RESPONDENT.asks(OpenItem { item: item("open words") }))
        .then(hand(C2).asks(OpenItem { item: item("open words") }));
    let ask = restrict(item("open words"), Audience::ClaimantCaucus);
    given(opened)
        .when(hand(C2).asks(ask.clone()))
        .then(happened![VisibilityRestricted {
            item: item("open words"),
            audience: Audience::ClaimantCaucus,
            seen_before: vec![R1],
            alerted_before: vec![],
        }])
        .when(CLAIMANT.asks(ask))
        .then_nothing();
}

#[test]
fn a_colleague_who_has_left_loses_nothing_by_a_restriction_that_spares_the_camp() {
    let history = spoken().then(hand(C2).asks(OpenItem { item: item("open words") })).then(CLAIMANT.asks(unseat(C2)));
    given(history).when(CLAIMANT.asks(restrict(item("open words"), Audience::ClaimantCaucus))).then(happened![
        VisibilityRestricted {
            item: item("open words"),
            audience: Audience::ClaimantCaucus,
            seen_before: vec![],
            alerted_before: vec![],
        }
    ]);
}

#[test]
fn nobody_hides_what_another_side_said() {
    for hand in [RESPONDENT, MEDIATOR] {
        given(spoken())
            .when(hand.asks(restrict(item("open words"), Audience::MediatorNotes)))
            .then_refused(CaseError::NotAuthor);
    }
}

#[test]
fn the_mediator_restricts_only_own_items() {
    given(spoken())
        .when(MEDIATOR.asks(restrict(item("list"), Audience::MediatorNotes)))
        .then_kinds(&[EventKind::VisibilityRestricted]);
    let succeeded = spoken().then(MEDIATOR.asks(ResignMediator {})).then(CENTRE.asks(appoint(M2)));
    given(succeeded)
        .when(SUCCESSOR.asks(restrict(item("list"), Audience::MediatorNotes)))
        .then_refused(CaseError::NotAuthor);
}

#[test]
fn a_hidden_item_of_another_side_is_absent_to_whoever_would_hide_it() {
    given(spoken())
        .when(RESPONDENT.asks(restrict(item("confidence"), Audience::RespondentCaucus)))
        .then_refused(CaseError::NotFound);
}

#[test]
fn a_restriction_never_widens() {
    let workspace = spoken().then(CLAIMANT.asks(restrict(item("confidence"), Audience::ClaimantWorkspace)));
    for wider in [Audience::Joint, Audience::ClaimantCaucus, Audience::RespondentCaucus] {
        given(workspace.clone())
            .when(CLAIMANT.asks(restrict(item("confidence"), wider)))
            .then_refused(CaseError::WouldWiden);
    }
}

#[test]
fn an_author_does_not_hide_an_item_from_the_own_side() {
    for others in [Audience::RespondentCaucus, Audience::RespondentWorkspace, Audience::MediatorNotes] {
        given(spoken())
            .when(CLAIMANT.asks(restrict(item("open words"), others)))
            .then_refused(CaseError::AudienceNotAllowed);
    }
}

#[test]
fn a_draft_and_a_disclosed_copy_stay_visible() {
    let history = spoken()
        .then(CLAIMANT.asks(propose("Six looms are replaced.")).called("draft"))
        .then(CLAIMANT.asks(authorise(item("confidence"), Verbatim)))
        .then(MEDIATOR.asks(disclose(item("confidence"), "We could take 4,000.")).called("copy"));
    given(history)
        .when(CLAIMANT.asks(restrict(item("draft"), Audience::ClaimantCaucus)))
        .then_refused(CaseError::Protected)
        .when(MEDIATOR.asks(restrict(item("copy"), Audience::ClaimantCaucus)))
        .then_refused(CaseError::Protected);
}

#[test]
fn what_was_shown_by_mistake_is_hidden_while_paused_and_not_once_closed() {
    let hides = || CLAIMANT.asks(restrict(item("open words"), Audience::ClaimantCaucus));
    let paused = spoken().then(CLAIMANT.asks(Suspend {}));
    given(paused).when(hides()).then_kinds(&[EventKind::VisibilityRestricted]);
    let closed = spoken().then(RESPONDENT.asks(withdraw()));
    given(closed).when(hides()).then_refused(CaseError::AlreadyClosed);
}

#[test]
fn a_camp_lets_the_mediator_pass_a_confidence_on_and_takes_that_back() {
    for (hand, camp, of) in
        [(CLAIMANT, Camp::Claimant, "confidence"), (RESPONDENT, Camp::Respondent, "other confidence")]
    {
        given(spoken())
            .when(hand.asks(authorise(item(of), Verbatim)))
            .then(happened![DisclosureAuthorised { item: item(of), camp, form: Verbatim }])
            .when(hand.asks(authorise(item(of), Verbatim)))
            .then_nothing()
            .when(hand.asks(RevokeDisclosure { item: item(of) }))
            .then(happened![DisclosureRevoked { item: item(of), camp }])
            .when(hand.asks(RevokeDisclosure { item: item(of) }))
            .then_nothing()
            .when(MEDIATOR.asks(disclose(item(of), "They might move.")))
            .then_refused(CaseError::NoAuthorisation);
    }
}

#[test]
fn only_what_the_own_camp_confided_can_be_allowed_out() {
    let history =
        spoken().then(MEDIATOR.asks(post_to(Audience::ClaimantCaucus, "And at what price?")).called("question"));
    for not_theirs in ["open words", "question"] {
        given(history.clone())
            .when(CLAIMANT.asks(authorise(item(not_theirs), Verbatim)))
            .then_refused(CaseError::NotConfided)
            .when(CLAIMANT.asks(RevokeDisclosure { item: item(not_theirs) }))
            .then_refused(CaseError::NotConfided);
    }
    given(history)
        .when(CLAIMANT.asks(authorise(item("other confidence"), Verbatim)))
        .then_refused(CaseError::NotFound)
        .when(CLAIMANT.asks(RevokeDisclosure { item: item("other confidence") }))
        .then_refused(CaseError::NotFound);
}

#[test]
fn nothing_is_allowed_out_while_paused_or_closed() {
    refused_when_nobody_posts(&CLAIMANT.asks(authorise(item("confidence"), Verbatim)), &spoken());
    let authorised = spoken().then(CLAIMANT.asks(authorise(item("confidence"), Verbatim)));
    refused_when_nobody_posts(&CLAIMANT.asks(RevokeDisclosure { item: item("confidence") }), &authorised);
    refused_when_nobody_posts(&MEDIATOR.asks(disclose(item("confidence"), "We could take 4,000.")), &authorised);
}

#[test]
fn what_was_allowed_out_becomes_a_new_joint_item_once() {
    let words = Disclosed::Words(body("We could take 4,000."));
    given(spoken().then(CLAIMANT.asks(authorise(item("confidence"), Verbatim))))
        .when(MEDIATOR.asks(disclose(item("confidence"), "We could take 4,000.")).called("copy"))
        .then(happened![ItemDisclosed {
            item: item("copy"),
            discussion: thread(JOINT),
            source: Some(Source { item: item("confidence"), camp: Camp::Claimant }),
            form: Verbatim,
            content: words.into(),
        }])
        .when(MEDIATOR.asks(disclose(item("confidence"), "We could take 4,000.")))
        .then_refused(CaseError::AlreadyDisclosed)
        .when(CLAIMANT.asks(RevokeDisclosure { item: item("confidence") }))
        .then_refused(CaseError::AlreadyDisclosed)
        .when(CLAIMANT.asks(authorise(item("confidence"), Substance)))
        .then_refused(CaseError::AlreadyDisclosed);
}

#[test]
fn the_mediator_passes_on_in_the_form_that_was_allowed() {
    let document = Disclosed::Document(facts("contract.pdf"));
    let ask = Disclose { item: item("confidence"), content: document };
    for form in [Verbatim, Substance] {
        given(spoken().then(CLAIMANT.asks(authorise(item("confidence"), form))))
            .when(MEDIATOR.asks(ask.clone()))
            .then_refused(CaseError::NotAsAuthorised)
            .when(MEDIATOR.asks(disclose(item("confidence"), "We could take 4,000.")))
            .then_kinds(&[EventKind::ItemDisclosed]);
    }
}

#[test]
fn the_mediator_passes_on_nothing_that_was_not_confided_or_not_allowed() {
    given(spoken())
        .when(MEDIATOR.asks(disclose(item("open words"), "Twelve looms stand still.")))
        .then_refused(CaseError::NotConfided)
        .when(MEDIATOR.asks(disclose(item("confidence"), "We could take 4,000.")))
        .then_refused(CaseError::NoAuthorisation)
        .when(MEDIATOR.asks(disclose(item("never said"), "They want peace.")))
        .then_refused(CaseError::NotFound);
}

#[test]
fn a_successor_passes_on_no_confidence_that_was_not_released() {
    let history = spoken()
        .then(CLAIMANT.asks(authorise(item("confidence"), Verbatim)))
        .then(MEDIATOR.asks(ResignMediator {}))
        .then(CENTRE.asks(appoint(M2)));
    given(history.clone())
        .when(SUCCESSOR.asks(disclose(item("confidence"), "We could take 4,000.")))
        .then_refused(CaseError::NotFound);
    given(history.then(CLAIMANT.asks(ReleaseCaucus {})))
        .when(SUCCESSOR.asks(disclose(item("confidence"), "We could take 4,000.")))
        .then_kinds(&[EventKind::ItemDisclosed]);
}

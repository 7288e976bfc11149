//! At the table: threads, messages, documents, and opening what others have put there.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::{Audience, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;

/// Each seat of the table with the audiences that it is part of.
fn circles() -> [(Hand, [Audience; 3]); 3] {
    use Audience::*;
    [
        (CLAIMANT, [Joint, ClaimantCaucus, ClaimantWorkspace]),
        (RESPONDENT, [Joint, RespondentCaucus, RespondentWorkspace]),
        (MEDIATOR, [Joint, ClaimantCaucus, RespondentCaucus]),
    ]
}

/// Everything that posts, with the state-independent parts right.
fn postings() -> [Question; 4] {
    [
        CLAIMANT.asks(post_to(JOINT, "Good morning.")),
        CLAIMANT.asks(submit_to(JOINT, "contract.pdf")),
        CLAIMANT.asks(open_thread(JOINT, "Delivery dates")),
        CLAIMANT.asks(propose("Six looms are replaced.")),
    ]
}

#[test]
fn a_thread_opens_for_any_audience_that_one_is_part_of() {
    for (hand, audiences) in circles() {
        for audience in audiences {
            given(opened()).when(hand.asks(open_thread(audience, "Delivery dates")).called("dates")).then(happened![
                DiscussionOpened {
                    discussion: discussion("dates"),
                    audience,
                    name: Some(name("Delivery dates").into()),
                }
            ]);
        }
    }
    given(opened())
        .when(MEDIATOR.asks(open_thread(Audience::MediatorNotes, "To remember")))
        .then_kinds(&[EventKind::DiscussionOpened]);
}

#[test]
fn no_thread_opens_for_an_audience_that_one_is_not_part_of() {
    for (hand, audiences) in circles() {
        for audience in Audience::ALL {
            let notes_of_their_own = hand == MEDIATOR && audience == Audience::MediatorNotes;
            if !audiences.contains(&audience) && !notes_of_their_own {
                given(opened())
                    .when(hand.asks(open_thread(audience, "Delivery dates")))
                    .then_refused(CaseError::AudienceNotAllowed);
            }
        }
    }
}

#[test]
fn a_message_goes_to_the_audience_of_its_thread() {
    for (hand, audiences) in circles() {
        for audience in audiences {
            given(every_thread()).when(hand.asks(post_to(audience, "Good morning.")).called("greeting")).then(
                happened![MessagePosted {
                    item: item("greeting"),
                    discussion: thread(audience),
                    audience,
                    body: body("Good morning.").into(),
                }],
            );
        }
    }
}

#[test]
fn a_document_goes_to_the_audience_of_its_thread() {
    for (hand, audiences) in circles() {
        for audience in audiences {
            given(every_thread()).when(hand.asks(submit_to(audience, "contract.pdf")).called("contract")).then(
                happened![DocumentSubmitted {
                    item: item("contract"),
                    discussion: thread(audience),
                    audience,
                    facts: facts("contract.pdf").into(),
                    class: DocumentClass::DrawnUp,
                    object: Some(submit_to(audience, "contract.pdf").object),
                }],
            );
        }
    }
}

#[test]
fn a_thread_of_others_is_answered_as_one_that_never_was() {
    for (hand, audiences) in circles() {
        for audience in Audience::ALL {
            let notes_of_their_own = hand == MEDIATOR && audience == Audience::MediatorNotes;
            if !audiences.contains(&audience) && !notes_of_their_own {
                for history in [every_thread(), suspended(), closed_by(CLAIMANT)] {
                    let never = PostMessage { discussion: discussion("never opened"), body: body("Hello?") };
                    given(history)
                        .when(hand.asks(never))
                        .then_refused(CaseError::NotFound)
                        .when(hand.asks(post_to(audience, "Hello?")))
                        .then_refused(CaseError::NotFound)
                        .when(hand.asks(submit_to(audience, "contract.pdf")))
                        .then_refused(CaseError::NotFound);
                }
            }
        }
    }
}

#[test]
fn nothing_is_posted_before_the_table_opens() {
    for history in [registered(), qualified(), invited(), consented()] {
        for question in postings() {
            given(history.clone()).when(question).then_refused(CaseError::NotOpen);
        }
    }
}

#[test]
fn nothing_is_posted_while_the_table_is_paused() {
    for question in postings() {
        given(suspended()).when(question).then_refused(CaseError::Suspended);
    }
    // The same answer in every thread: silence tells nothing.
    for (hand, audiences) in circles() {
        for audience in audiences {
            given(suspended()).when(hand.asks(post_to(audience, "Hello?"))).then_refused(CaseError::Suspended);
        }
    }
}

#[test]
fn nothing_is_posted_after_closing() {
    for question in postings() {
        given(closed_by(RESPONDENT)).when(question).then_refused(CaseError::AlreadyClosed);
    }
}

#[test]
fn posting_goes_on_between_two_mediators() {
    let kinds = [
        EventKind::MessagePosted,
        EventKind::DocumentSubmitted,
        EventKind::DiscussionOpened,
        EventKind::SettlementProposed,
    ];
    for (question, kind) in postings().into_iter().zip(kinds) {
        given(without_mediator()).when(question).then_kinds(&[kind]);
    }
}

#[test]
fn the_first_look_at_an_item_leaves_a_receipt_and_the_second_none() {
    let history = full_table().then(CLAIMANT.asks(post_to(JOINT, "Good morning.")).called("greeting"));
    given(history)
        .when(RESPONDENT.asks(OpenItem { item: item("greeting") }))
        .then(happened![ItemOpened { item: item("greeting") }])
        .when(RESPONDENT.asks(OpenItem { item: item("greeting") }))
        .then_nothing()
        .when(hand(R2).asks(OpenItem { item: item("greeting") }))
        .then_kinds(&[EventKind::ItemOpened]);
}

#[test]
fn ones_own_words_need_no_receipt() {
    let history = full_table().then(CLAIMANT.asks(post_to(JOINT, "Good morning.")).called("greeting"));
    given(history)
        .when(CLAIMANT.asks(OpenItem { item: item("greeting") }))
        .then_nothing()
        .when(hand(C2).asks(OpenItem { item: item("greeting") }))
        .then_kinds(&[EventKind::ItemOpened]);
}

#[test]
fn an_item_of_others_is_answered_as_one_that_never_was() {
    let history = every_thread().then(CLAIMANT.asks(post_to(Audience::ClaimantCaucus, "4,000")).called("offer"));
    for hand in [RESPONDENT, hand(R2), CENTRE, CLOCK, STRANGER] {
        given(history.clone())
            .when(hand.asks(OpenItem { item: item("offer") }))
            .then_refused(CaseError::NotFound)
            .when(hand.asks(OpenItem { item: item("never made") }))
            .then_refused(CaseError::NotFound);
    }
}

#[test]
fn reading_goes_on_while_paused_and_after_closing() {
    let posted = every_thread().then(CLAIMANT.asks(post_to(JOINT, "Good morning.")).called("greeting"));
    for question in [CLAIMANT.asks(Suspend {}), CLAIMANT.asks(withdraw())] {
        given(posted.clone().then(question))
            .when(RESPONDENT.asks(OpenItem { item: item("greeting") }))
            .then_kinds(&[EventKind::ItemOpened]);
    }
}

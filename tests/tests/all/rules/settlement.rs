//! Drafts and signatures: both sign the same text, or there is no settlement.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::{Camp, CaseError, EventKind};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;

const TEXT: &str = "Six looms are replaced by the end of May.";

fn proposed() -> History {
    every_thread().then(MEDIATOR.asks(propose(TEXT)).called("draft"))
}

fn digest() -> TextDigest {
    TextDigest::of(SALT, &body(TEXT))
}

#[test]
fn anyone_at_the_table_lays_a_draft_before_both() {
    for hand in [CLAIMANT, RESPONDENT, MEDIATOR] {
        given(opened()).when(hand.asks(propose(TEXT)).called("draft")).then(happened![SettlementProposed {
            item: item("draft"),
            digest: digest(),
            scope: SettlementScope::Whole,
            draft: Draft { text: body(TEXT), salt: SALT }.into(),
        }]);
    }
}

#[test]
fn the_last_signature_settles_and_closes_whichever_camp_signs_last() {
    let orders = [
        (CLAIMANT, Camp::Claimant, RESPONDENT, Camp::Respondent),
        (RESPONDENT, Camp::Respondent, CLAIMANT, Camp::Claimant),
    ];
    for (first, first_camp, last, last_camp) in orders {
        let item = item("draft");
        let after = given(proposed())
            .when(first.asks(sign("draft", TEXT)))
            .then(happened![SettlementSigned { item, camp: first_camp, digest: digest() }])
            .when(first.asks(sign("draft", TEXT)))
            .then_nothing()
            .when(last.asks(sign("draft", TEXT)).at(day(14, 9, 0)))
            .then(happened![
                SettlementSigned { item, camp: last_camp, digest: digest() },
                SettlementReached { item, scope: SettlementScope::Whole },
                // Thirty days from 16 March: Wednesday 15 April, to the end of the day in Paris.
                CaseClosed { outcome: Outcome::Settled, return_until: "2026-04-15T22:00:00Z".parse().unwrap() },
            ])
            .when(last.asks(sign("draft", TEXT)))
            .then_nothing()
            .history();
        assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::Settled));
    }
}

#[test]
fn a_draft_on_a_part_settles_a_part() {
    let ask = ProposeSettlement { scope: SettlementScope::Part, ..propose(TEXT) };
    let after = opened()
        .then(CLAIMANT.asks(ask).called("draft"))
        .then(CLAIMANT.asks(sign("draft", TEXT)))
        .then(RESPONDENT.asks(sign("draft", TEXT)));
    assert_eq!(after.case.closing.map(|closing| closing.outcome), Some(Outcome::PartlySettled));
}

#[test]
fn signatures_under_two_drafts_make_no_settlement() {
    let other = proposed().then(CLAIMANT.asks(propose("Twelve looms are replaced.")).called("other draft"));
    given(other)
        .when(CLAIMANT.asks(sign("other draft", "Twelve looms are replaced.")))
        .then_kinds(&[EventKind::SettlementSigned])
        .when(RESPONDENT.asks(sign("draft", TEXT)))
        .then_kinds(&[EventKind::SettlementSigned]);
}

#[test]
fn another_text_than_the_drafts_is_not_signed() {
    given(proposed())
        .when(CLAIMANT.asks(sign("draft", "Twelve looms are replaced.")))
        .then_refused(CaseError::DigestMismatch);
    // Not even by whom has signed the right one.
    given(proposed().then(CLAIMANT.asks(sign("draft", TEXT))))
        .when(CLAIMANT.asks(sign("draft", "Twelve looms are replaced.")))
        .then_refused(CaseError::DigestMismatch);
}

#[test]
fn only_who_binds_the_company_signs_or_declines() {
    for person in [C2, R2, RL] {
        given(proposed())
            .when(hand(person).asks(sign("draft", TEXT)))
            .then_refused(CaseError::NoMandate)
            .when(hand(person).asks(DeclineSettlement { item: item("draft") }))
            .then_refused(CaseError::NoMandate);
    }
}

#[test]
fn a_declined_draft_is_dead() {
    given(proposed())
        .when(RESPONDENT.asks(DeclineSettlement { item: item("draft") }))
        .then(happened![SettlementDeclined { item: item("draft"), camp: Camp::Respondent }])
        .when(RESPONDENT.asks(DeclineSettlement { item: item("draft") }))
        .then_nothing()
        .when(CLAIMANT.asks(sign("draft", TEXT)))
        .then_refused(CaseError::DraftDeclined);
}

#[test]
fn a_signature_binds_until_the_other_camp_declines() {
    given(proposed().then(CLAIMANT.asks(sign("draft", TEXT))))
        .when(CLAIMANT.asks(DeclineSettlement { item: item("draft") }))
        .then_refused(CaseError::AlreadySigned)
        .when(RESPONDENT.asks(DeclineSettlement { item: item("draft") }))
        .then_kinds(&[EventKind::SettlementDeclined]);
}

#[test]
fn what_is_no_draft_is_not_signed() {
    let history = proposed().then(CLAIMANT.asks(post_to(JOINT, TEXT)).called("message"));
    for no_draft in ["message", "never proposed"] {
        given(history.clone())
            .when(CLAIMANT.asks(sign(no_draft, TEXT)))
            .then_refused(CaseError::NotFound)
            .when(CLAIMANT.asks(DeclineSettlement { item: item(no_draft) }))
            .then_refused(CaseError::NotFound);
    }
}

#[test]
fn nothing_is_signed_or_declined_while_paused_or_after_closing() {
    let paused = proposed().then(MEDIATOR.asks(Suspend {}));
    let closed = proposed().then(RESPONDENT.asks(withdraw()));
    for (history, refusal) in [(paused, CaseError::Suspended), (closed, CaseError::AlreadyClosed)] {
        given(history)
            .when(CLAIMANT.asks(sign("draft", TEXT)))
            .then_refused(refusal)
            .when(CLAIMANT.asks(DeclineSettlement { item: item("draft") }))
            .then_refused(refusal);
    }
}

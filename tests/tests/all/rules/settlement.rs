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

/// A draft of day 14, which both sign by the end of 31 March or not at all.
fn drafted() -> History {
    every_thread().then(MEDIATOR.asks(propose("Six looms.")).called("draft").at(day(14, 9, 0)))
}

#[test]
fn a_draft_is_signed_in_time_or_not_at_all() {
    let until: jiff::Timestamp = "2026-03-31T22:00:00Z".parse().unwrap();
    let an_instant = jiff::SignedDuration::from_micros(1);
    let lapse = || CLOCK.asks(LapseSettlement { item: item("draft") });
    let half = drafted().then(CLAIMANT.asks(sign("draft", "Six looms.")).at(until - an_instant));
    // Over is over, even before the clock has said so.
    given(half.clone())
        .when(RESPONDENT.asks(sign("draft", "Six looms.")).at(until))
        .then_refused(CaseError::DraftLapsed)
        .when(RESPONDENT.asks(DeclineSettlement { item: item("draft") }).at(until))
        .then_refused(CaseError::DraftLapsed)
        .when(CLAIMANT.asks(sign("draft", "Six looms.")).at(until))
        .then_nothing();
    given(half)
        .when(lapse().at(until - an_instant))
        .then_refused(CaseError::NotDue)
        .when(lapse().at(until))
        .then(happened![SettlementLapsed { item: item("draft") }])
        .when(lapse())
        .then_nothing()
        .when(RESPONDENT.asks(sign("draft", "Six looms.")))
        .then_refused(CaseError::DraftLapsed)
        .when(CENTRE.asks(LapseSettlement { item: item("draft") }))
        .then_refused(CaseError::NotYourPart)
        .when(CLOCK.asks(LapseSettlement { item: item("never made") }))
        .then_refused(CaseError::NotFound)
        // The next is signed as if there had been none.
        .when(CLAIMANT.asks(propose("Five looms.")).called("next"))
        .then_kinds(&[EventKind::SettlementProposed])
        .when(RESPONDENT.asks(sign("next", "Five looms.")))
        .then_kinds(&[EventKind::SettlementSigned]);
}

#[test]
fn each_draft_lapses_by_itself_also_in_a_pause_and_none_that_is_settled_otherwise() {
    let late = day(60, 0, 0);
    let lapse = |draft: &str| CLOCK.asks(LapseSettlement { item: item(draft) }).at(late);
    let two = drafted()
        .then(CLAIMANT.asks(propose("Five looms.")).called("second"))
        .then(RESPONDENT.asks(DeclineSettlement { item: item("second") }))
        .then(MEDIATOR.asks(Suspend {}));
    given(two).when(lapse("second")).then_nothing().when(lapse("draft")).then_kinds(&[EventKind::SettlementLapsed]);
    given(settled()).when(lapse("draft")).then_nothing();
    let withdrawn = drafted().then(CLAIMANT.asks(withdraw()));
    given(withdrawn).when(lapse("draft")).then_nothing();
    let first_rules = under(entente_domain::rule_set::RuleSet::V2026_1, drafted());
    given(first_rules)
        .when(lapse("draft"))
        .then_nothing()
        .when(CLAIMANT.asks(sign("draft", "Six looms.")).at(late))
        .then_kinds(&[EventKind::SettlementSigned]);
}

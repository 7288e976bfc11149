//! Nobody else may: every command tried by every hand that it does not belong to.

use std::collections::BTreeSet;

use entente_domain::command::*;
use entente_domain::event::{Channel, DisclosureForm};
use entente_domain::{Ask, Audience, Capacity, CaseError};
use entente_tests::cast::*;
use entente_tests::spec::*;

const EVERYONE: [Hand; 6] = [CLAIMANT, RESPONDENT, MEDIATOR, CENTRE, CLOCK, STRANGER];

/// The hands that a command belongs to. No `_` arm: a new command says here whose it is.
fn belongs_to(ask: &Ask) -> &'static [Hand] {
    match ask {
        Ask::Register(_) => &[CLAIMANT, RESPONDENT, MEDIATOR, STRANGER],
        Ask::AnswerQuestionnaire(_) => &[CLAIMANT],
        Ask::GiveConsent(_) | Ask::Decline(_) => &[RESPONDENT],
        // Nobody of everyone here is asked to mediate.
        Ask::DeclareIndependence(_) | Ask::RefuseAppointment(_) => &[],
        Ask::LapseProposal(_) | Ask::LapseSettlement(_) => &[CLOCK],
        Ask::ProposeMediator(_) | Ask::WithdrawProposal(_) | Ask::DecideChallenge(_) => &[CENTRE],
        Ask::ChallengeMediator(_) => &[CLAIMANT, RESPONDENT],
        Ask::DeclareInadmissible(_)
        | Ask::InviteRespondent(_)
        | Ask::AppointMediator(_)
        | Ask::DeclareMediatorUnavailable(_) => &[CENTRE],
        Ask::LapseInvitation(_) | Ask::RecordMissedAppointment(_) | Ask::ExpireTerm(_) | Ask::RecordAlert(_) => {
            &[CLOCK]
        }
        Ask::ResignMediator(_) | Ask::ReportNoAgreement(_) | Ask::Disclose(_) => &[MEDIATOR],
        Ask::ReleaseCaucus(_)
        | Ask::SeatRepresentative(_)
        | Ask::UnseatRepresentative(_)
        | Ask::GrantAuditAccess(_)
        | Ask::RevokeAuditAccess(_)
        | Ask::SignSettlement(_)
        | Ask::DeclineSettlement(_)
        | Ask::Withdraw(_)
        | Ask::RecordLaterSettlement(_) => &[CLAIMANT, RESPONDENT],
        Ask::OpenDiscussion(_)
        | Ask::PostMessage(_)
        | Ask::SubmitDocument(_)
        | Ask::OpenItem(_)
        | Ask::Suspend(_)
        | Ask::Resume(_)
        | Ask::ExtendTerm(_)
        | Ask::ProposeSettlement(_) => &[CLAIMANT, RESPONDENT, MEDIATOR],
        // What these are about is the claimant's here.
        Ask::RestrictVisibility(_) | Ask::AuthoriseDisclosure(_) | Ask::RevokeDisclosure(_) => &[CLAIMANT],
        Ask::SwitchChannel(_) | Ask::RecordOfflineExchange(_) => &[MEDIATOR, CENTRE],
        Ask::PlaceHold(_)
        | Ask::LiftHold(_)
        | Ask::ProposeErasure(_)
        | Ask::ApproveErasure(_)
        | Ask::WithdrawErasure(_) => &[CENTRE],
    }
}

/// A state of a case, with commands that only the asking hand can spoil.
fn tried() -> Vec<(History, Vec<Ask>)> {
    let table = every_thread()
        .then(CLAIMANT.asks(post_to(JOINT, "Good morning.")).called("greeting"))
        .then(CLAIMANT.asks(post_to(Audience::ClaimantCaucus, "4,000")).called("confidence"))
        .then(MEDIATOR.asks(propose("Six looms.")).called("draft"));
    let authorised = table.clone().then(CLAIMANT.asks(authorise(item("confidence"), DisclosureForm::Verbatim)));
    let second_mediator = every_thread()
        .then(MEDIATOR.asks(ResignMediator {}))
        .then(CENTRE.asks(appoint(M2)))
        .then(SUCCESSOR.asks(ResignMediator {}))
        .then(CENTRE.asks(appoint(M1)));
    let at_table: Vec<Ask> = vec![
        seat(CL, Capacity::Counsel).into(),
        open_thread(JOINT, "Dates").into(),
        post_to(JOINT, "Good morning.").into(),
        submit_to(JOINT, "contract.pdf").into(),
        restrict(item("greeting"), Audience::ClaimantCaucus).into(),
        authorise(item("confidence"), DisclosureForm::Verbatim).into(),
        OpenItem { item: item("draft") }.into(),
        SwitchChannel { channel: Channel::Fax }.into(),
        telephoned(JOINT, day(3, 11, 0)).into(),
        Suspend {}.into(),
        extend(5, 29).into(),
        propose("Six looms.").into(),
        alert(R1, &[item("greeting")]).into(),
        GrantAuditAccess {}.into(),
        RevokeAuditAccess {}.into(),
        sign("draft", "Six looms.").into(),
        DeclineSettlement { item: item("draft") }.into(),
        challenge("a ground").into(),
        LapseSettlement { item: item("draft") }.into(),
        ResignMediator {}.into(),
        ReportNoAgreement {}.into(),
        withdraw().into(),
    ];
    vec![
        (nothing(), vec![register().into()]),
        (registered(), vec![passing().into()]),
        (registered(), vec![inadmissible().into()]),
        (qualified(), vec![invite(R1).into()]),
        (invited(), vec![GiveConsent {}.into(), Decline {}.into(), LapseInvitation {}.into()]),
        (
            consented(),
            vec![appoint(M1).into(), RecordMissedAppointment {}.into(), DeclareMediatorUnavailable {}.into()],
        ),
        (
            consented().then(CENTRE.asks(ask_to_mediate(CL))),
            vec![
                declare("Nothing.").into(),
                RefuseAppointment {}.into(),
                ask_to_mediate(M1).into(),
                WithdrawProposal {}.into(),
                LapseProposal {}.into(),
            ],
        ),
        (table.clone().then(CLAIMANT.asks(challenge("a ground"))), vec![DecideChallenge { upheld: true }.into()]),
        (table, at_table),
        (
            authorised,
            vec![disclose(item("confidence"), "4,000").into(), RevokeDisclosure { item: item("confidence") }.into()],
        ),
        (suspended(), vec![Resume {}.into()]),
        (every_thread(), vec![ExpireTerm {}.into()]),
        (every_thread(), vec![unseat(C2).into(), unseat(R2).into()]),
        (second_mediator, vec![ReleaseCaucus {}.into()]),
        (closed_by(CLAIMANT), vec![RecordLaterSettlement {}.into()]),
    ]
}

/// Refusals that speak of the hand, and of nothing else.
fn is_about_the_hand(refusal: CaseError) -> bool {
    matches!(refusal, CaseError::NotFound | CaseError::NotYourPart)
}

#[test]
fn a_command_is_answered_to_those_it_belongs_to_and_to_nobody_else() {
    for (history, asks) in tried() {
        for ask in asks {
            for hand in EVERYONE {
                let issued = history.clone().issued(hand.asks(ask.clone()));
                let decision = history.case.decide(&issued);
                let what = format!("{} by {hand:?}: {decision:?}", ask.name());
                if belongs_to(&ask).contains(&hand) {
                    assert!(!decision.is_err_and(is_about_the_hand), "{what}");
                } else {
                    assert!(
                        decision.is_err_and(|refusal| is_about_the_hand(refusal) || is_about_the_item(&ask, refusal)),
                        "{what}"
                    );
                }
            }
        }
    }
}

/// Another side of an item that it sees is told that the item is not its own.
fn is_about_the_item(ask: &Ask, refusal: CaseError) -> bool {
    matches!(ask, Ask::RestrictVisibility(_)) && refusal == CaseError::NotAuthor
}

#[test]
fn a_stranger_is_told_of_nothing_in_any_state_by_any_command() {
    for (history, asks) in tried().into_iter().filter(|(history, _)| !history.entries.is_empty()) {
        for ask in asks {
            for hand in [STRANGER, SUCCESSOR] {
                if history.case.seating.iter().any(|held| entente_domain::Actor::Person(held.person) == hand.0) {
                    continue;
                }
                let issued = history.clone().issued(hand.asks(ask.clone()));
                assert_eq!(history.case.decide(&issued), Err(CaseError::NotFound), "{} by {hand:?}", ask.name());
                // The same answer as for a case that never was.
                assert_eq!(nothing().case.decide(&issued), Err(CaseError::NotFound), "{}", ask.name());
            }
        }
    }
}

#[test]
fn whoever_has_left_is_a_stranger() {
    let left = every_thread().then(RESPONDENT.asks(unseat(RL))).then(MEDIATOR.asks(ResignMediator {}));
    for gone in [hand(RL), MEDIATOR, Hand(entente_domain::Actor::Staff(M1))] {
        for ask in [Ask::from(post_to(JOINT, "One more thing.")), withdraw().into(), Suspend {}.into()] {
            given(left.clone()).when(gone.asks(ask)).then_refused(CaseError::NotFound);
        }
    }
}

#[test]
fn staff_who_sit_at_a_case_act_from_that_seat_alone() {
    let staff_mediator = Hand(entente_domain::Actor::Staff(M1));
    given(opened())
        .when(staff_mediator.asks(SwitchChannel { channel: Channel::Fax }))
        .then_kinds(&[entente_domain::EventKind::ChannelSwitched])
        .when(staff_mediator.asks(appoint(M2)))
        .then_refused(CaseError::NotYourPart);
}

#[test]
fn every_command_is_tried() {
    let names: BTreeSet<_> = tried().iter().flat_map(|(_, asks)| asks.iter().map(Ask::name)).collect();
    assert_eq!(names.len(), 45, "{names:?}");
}

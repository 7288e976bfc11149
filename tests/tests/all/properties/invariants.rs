//! What holds of every case, whatever is asked of it by whom in which order.

use std::collections::{BTreeMap, BTreeSet};

use entente_domain::event::CaseEvent;
use entente_domain::{Actor, Ask, Audience, CaseError, EventKind, Seat};
use entente_tests::cast::*;
use entente_tests::generate::{Asked, Played, plans, play};
use entente_tests::spec::count;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::config;

/// The events of one append.
fn kinds(asked: &Asked) -> Vec<EventKind> {
    asked.answer.iter().flatten().map(|entry| entry.event.kind()).collect()
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_case_closes_once_and_only_its_window_follows(plan in plans(40)) {
        let entries = play(&plan).entries;
        let closed = entries.iter().position(|entry| entry.event.kind() == EventKind::CaseClosed);
        prop_assert!(count(&entries, EventKind::CaseClosed) <= 1);
        for entry in closed.map_or(&[][..], |closed| &entries[closed + 1..]) {
            prop_assert!(matches!(
                entry.event.kind(),
                EventKind::ItemOpened | EventKind::LaterSettlementConfirmed | EventKind::SettledAfterwards
                    | EventKind::PersonAlerted | EventKind::AuditAccessGranted | EventKind::AuditAccessRevoked
                    | EventKind::HoldPlaced | EventKind::HoldLifted | EventKind::ErasureProposed
                    | EventKind::ErasureApproved | EventKind::ErasureWithdrawn | EventKind::ItemErased
                    | EventKind::PersonErased | EventKind::CaseErased
            ), "{:?}", entry.event.kind());
        }
    }

    #[test]
    fn nobody_is_appointed_before_both_have_consented(plan in plans(40)) {
        let entries = play(&plan).entries;
        let place = |kind| entries.iter().position(|entry| entry.event.kind() == kind);
        if let Some(appointed) = place(EventKind::MediatorAppointed) {
            // The claimant's consent is the request with its questionnaire passed (B7).
            prop_assert!(place(EventKind::QuestionnairePassed).is_some_and(|passed| passed < appointed));
            prop_assert!(place(EventKind::ConsentGiven).is_some_and(|consent| consent < appointed));
        }
    }

    #[test]
    fn the_table_opens_with_the_first_appointment_and_never_again(plan in plans(40)) {
        let mut appointments = 0;
        for asked in &play(&plan).asked {
            let kinds = kinds(asked);
            let first = kinds.contains(&EventKind::MediatorAppointed) && appointments == 0;
            prop_assert_eq!(kinds.contains(&EventKind::TableOpened), first);
            appointments += usize::from(kinds.contains(&EventKind::MediatorAppointed));
        }
    }

    #[test]
    fn at_most_one_mediator_sits_at_a_time(plan in plans(40)) {
        let played = play(&plan);
        let mut active = BTreeSet::new();
        for entry in &played.entries {
            match &entry.event {
                CaseEvent::MediatorAppointed(event) => { active.insert(event.tenure); }
                CaseEvent::TenureEnded(event) => { active.remove(&event.tenure); }
                _ => {}
            }
            prop_assert!(active.len() <= 1);
        }
        let seated = played.case.seating.iter().filter(|held| held.seat == Seat::Mediator && held.to.is_none());
        prop_assert_eq!(seated.count(), active.len());
    }

    #[test]
    fn nobody_ever_sits_on_two_sides(plan in plans(60)) {
        let mut seats = BTreeMap::new();
        for held in &play(&plan).case.seating {
            let before = seats.insert(held.person, held.seat);
            prop_assert!(before.is_none_or(|seat| seat == held.seat), "{:?}", held.person);
        }
    }

    #[test]
    fn nobody_sits_in_one_seat_twice_at_once(plan in plans(60)) {
        let case = play(&plan).case;
        for person in super::PERSONS {
            let held: Vec<_> = case.seating.iter().filter(|held| held.person == person).collect();
            for pair in held.windows(2) {
                prop_assert!(pair[0].to.is_some_and(|to| to <= pair[1].from));
            }
        }
    }

    #[test]
    fn audiences_only_narrow(plan in plans(60)) {
        let seats = |audience: &Audience| audience.seats().iter().copied().collect::<BTreeSet<Seat>>();
        for item in play(&plan).case.items.values() {
            for pair in item.audience.windows(2) {
                let (before, after) = (seats(&pair[0].1), seats(&pair[1].1));
                prop_assert!(after.is_subset(&before) && after.len() < before.len());
                prop_assert!(after.contains(&item.seat), "an author never hides an item from the own side");
            }
        }
    }

    #[test]
    fn a_disclosure_is_a_new_item_that_its_confider_had_allowed(plan in plans(60)) {
        let mut allowed = BTreeSet::new();
        let mut made = BTreeSet::new();
        for entry in &play(&plan).entries {
            match &entry.event {
                CaseEvent::DisclosureAuthorised(event) => { allowed.insert((event.item, event.camp)); }
                CaseEvent::DisclosureRevoked(event) => { allowed.remove(&(event.item, event.camp)); }
                CaseEvent::ItemDisclosed(event) => {
                    let source = event.source.as_ref().map(|source| (source.item, source.camp));
                    prop_assert!(source.is_some_and(|source| allowed.remove(&source)), "allowed, and used once");
                    prop_assert!(made.insert(event.item));
                }
                CaseEvent::MessagePosted(event) => prop_assert!(made.insert(event.item)),
                CaseEvent::DocumentSubmitted(event) => prop_assert!(made.insert(event.item)),
                CaseEvent::SettlementProposed(event) => prop_assert!(made.insert(event.item)),
                _ => {}
            }
        }
    }

    #[test]
    fn a_settlement_bears_both_signatures_under_one_draft(plan in plans(60)) {
        let mut signed = BTreeSet::new();
        for entry in &play(&plan).entries {
            match &entry.event {
                CaseEvent::SettlementSigned(event) => prop_assert!(signed.insert((event.item, event.camp))),
                CaseEvent::SettlementReached(event) => {
                    prop_assert_eq!(signed.iter().filter(|(item, _)| *item == event.item).count(), 2);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn nothing_is_said_while_the_table_is_paused(plan in plans(60)) {
        let mut paused = false;
        for entry in &play(&plan).entries {
            let kind = entry.event.kind();
            paused = (paused || kind == EventKind::CaseSuspended) && kind != EventKind::CaseResumed;
            let says = matches!(
                kind,
                EventKind::MessagePosted | EventKind::DocumentSubmitted | EventKind::DiscussionOpened
                    | EventKind::ItemDisclosed | EventKind::SettlementProposed | EventKind::SettlementSigned
            );
            prop_assert!(!(paused && says), "{:?}", kind);
        }
    }

    #[test]
    fn asking_again_changes_nothing(plan in plans(40)) {
        let mut played = play(&plan);
        let commands: Vec<_> = played.asked.drain(..).collect();
        let mut replayed = Played::default();
        for Asked { issued, .. } in commands {
            replayed.ask(issued.clone());
            if replayed.asked.last().is_some_and(|asked| asked.answer.is_ok()) && !makes_something(&issued.ask) {
                let again = entente_domain::Issued { id: command("again"), ..issued };
                let answer = replayed.case.decide(&again);
                prop_assert!(answer.as_ref().map_or(true, Vec::is_empty), "{}: {:?}", again.ask.name(), answer);
            }
        }
    }

    #[test]
    fn a_refusal_leaves_no_trace_and_a_stranger_learns_nothing(plan in plans(40)) {
        for asked in play(&plan).asked {
            let Actor::Person(person) = asked.issued.by else { continue };
            let sits = asked.before.seating.iter().any(|held| held.person == person && held.to.is_none());
            let answers = matches!(asked.issued.ask, Ask::DeclareIndependence(_) | Ask::RefuseAppointment(_))
                && asked.before.candidate().is_some_and(|candidate| candidate.person == person);
            if !sits && !answers && !matches!(asked.issued.ask, Ask::Register(_)) {
                prop_assert_eq!(asked.answer, Err(CaseError::NotFound));
            }
        }
    }
}

/// Whether asking twice is two things by design: two messages, two threads, two attempts at the questionnaire.
/// No `_` arm: a new command says here which it is.
fn makes_something(ask: &Ask) -> bool {
    match ask {
        Ask::OpenDiscussion(_)
        | Ask::PostMessage(_)
        | Ask::SubmitDocument(_)
        | Ask::RecordOfflineExchange(_)
        | Ask::ProposeSettlement(_)
        | Ask::AnswerQuestionnaire(_) => true,
        Ask::Register(_)
        | Ask::DeclareInadmissible(_)
        | Ask::InviteRespondent(_)
        | Ask::GiveConsent(_)
        | Ask::Decline(_)
        | Ask::LapseInvitation(_)
        | Ask::ProposeMediator(_)
        | Ask::DeclareIndependence(_)
        | Ask::RefuseAppointment(_)
        | Ask::WithdrawProposal(_)
        | Ask::LapseProposal(_)
        | Ask::ChallengeMediator(_)
        | Ask::DecideChallenge(_)
        | Ask::LapseSettlement(_)
        | Ask::AppointMediator(_)
        | Ask::RecordMissedAppointment(_)
        | Ask::DeclareMediatorUnavailable(_)
        | Ask::ResignMediator(_)
        | Ask::ReleaseCaucus(_)
        | Ask::SeatRepresentative(_)
        | Ask::UnseatRepresentative(_)
        | Ask::RestrictVisibility(_)
        | Ask::AuthoriseDisclosure(_)
        | Ask::RevokeDisclosure(_)
        | Ask::Disclose(_)
        | Ask::OpenItem(_)
        | Ask::RecordAlert(_)
        | Ask::GrantAuditAccess(_)
        | Ask::RevokeAuditAccess(_)
        | Ask::SwitchChannel(_)
        | Ask::Suspend(_)
        | Ask::Resume(_)
        | Ask::ExtendTerm(_)
        | Ask::SignSettlement(_)
        | Ask::DeclineSettlement(_)
        | Ask::ReportNoAgreement(_)
        | Ask::Withdraw(_)
        | Ask::ExpireTerm(_)
        | Ask::RecordLaterSettlement(_)
        | Ask::PlaceHold(_)
        | Ask::LiftHold(_)
        | Ask::ProposeErasure(_)
        | Ask::ApproveErasure(_)
        | Ask::WithdrawErasure(_) => false,
    }
}

#[test]
fn chance_opens_most_tables_and_meets_every_event() {
    let mut runner = TestRunner::deterministic();
    let (mut opened, mut met) = (0, BTreeSet::new());
    for _ in 0..2_000 {
        let entries = play(&plans(60).new_tree(&mut runner).unwrap().current()).entries;
        opened += count(&entries, EventKind::TableOpened);
        met.extend(entries.iter().map(|entry| entry.event.kind()));
    }
    assert!(opened > 1_000, "{opened} of 2,000");
    let missing: Vec<_> = EventKind::ALL.iter().filter(|kind| !met.contains(kind)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}

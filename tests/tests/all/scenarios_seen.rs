//! The scenarios of who could see what at which instant, row by row, as the domain answers them.

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{Audience, Camp, Capacity, CaseError, PersonId, Seal, Seals, Seat};
use entente_tests::cast::*;
use entente_tests::spec::*;
use jiff::Timestamp;

/// The fixture of the scenarios, or its mirror image.
struct Told {
    c: [PersonId; 3],
    r: [PersonId; 3],
    claimant: Audience,
    respondent: Audience,
    history: History,
}

const JOINT_WORDS: &str = "Twelve looms stand still.";
const CONFIDENCE: &str = "We could take 4,000.";
const ANSWER: &str = "We could pay 5,000.";

/// The whole of it. Row 22: `swapped`, everything that c1, c2 and cl do here is done by r1, r2 and rl, and the other way round.
fn told(swapped: bool) -> Told {
    let (mut c, mut r) = ([C1, C2, CL], [R1, R2, RL]);
    let (mut claimant, mut respondent) = (Camp::Claimant, Camp::Respondent);
    if swapped {
        (c, r) = (r, c);
        (claimant, respondent) = (respondent, claimant);
    }
    let (c1, r1) = (hand(c[0]), hand(r[0]));
    let own = |camp: Camp| thread(Audience::workspace(camp));
    let history = opened()
        .then(c1.asks(seat(c[1], Capacity::Representative)))
        .then(r1.asks(seat(r[1], Capacity::Representative)))
        .then(r1.asks(seat(r[2], Capacity::Counsel)))
        .then(CLAIMANT.asks(open_thread(Audience::ClaimantWorkspace, "to us")).called("open claimant workspace"))
        .then(RESPONDENT.asks(open_thread(Audience::RespondentWorkspace, "to us")).called("open respondent workspace"))
        .then(MEDIATOR.asks(open_thread(Audience::MediatorNotes, "notes")).called("open mediator notes"))
        .then(c1.asks(post_to(JOINT, JOINT_WORDS)).called("item 3").at(day(4, 9, 0)))
        .then(c1.asks(post_to(Audience::caucus(claimant), CONFIDENCE)).called("item 5").at(day(4, 10, 0)))
        .then(r1.asks(post_to(Audience::caucus(respondent), ANSWER)).called("their caucus").at(day(4, 10, 30)))
        .then(
            c1.asks(PostMessage { discussion: own(claimant), body: body("A draft.") })
                .called("item 7")
                .at(day(4, 11, 0)),
        )
        .then(MEDIATOR.asks(post_to(Audience::MediatorNotes, "They are near.")).called("notes").at(day(4, 12, 0)))
        .then(c1.asks(seat(c[2], Capacity::Counsel)).at(day(5, 9, 0)))
        .then(c1.asks(submit_to(JOINT, "inspection.pdf")).called("item 8").at(day(6, 10, 0)))
        .then(r1.asks(OpenItem { item: item("item 8") }).at(day(6, 11, 0)))
        .then(c1.asks(restrict(item("item 8"), Audience::caucus(claimant))).at(day(6, 12, 0)))
        .then(c1.asks(authorise(item("item 5"), DisclosureForm::Verbatim)).at(day(8, 9, 0)))
        .then(MEDIATOR.asks(disclose(item("item 5"), CONFIDENCE)).called("item 12").at(day(8, 10, 0)))
        .then(r1.asks(unseat(r[2])).at(day(9, 18, 0)))
        .then(MEDIATOR.asks(ResignMediator {}).at(day(12, 9, 0)))
        .then(CENTRE.asks(appoint(M2)).called("appoint m2").at(day(13, 10, 0)))
        .then(c1.asks(ReleaseCaucus {}).at(day(13, 12, 0)))
        .then(r1.asks(withdraw_because(ReasonFor::Mediator, "Our board has changed.")).at(day(20, 12, 0)));
    let (claimant, respondent) = (Audience::caucus(claimant), Audience::caucus(respondent));
    Told { c, r, claimant, respondent, history }
}

fn both(check: impl Fn(&Told)) {
    for swapped in [false, true] {
        check(&told(swapped));
    }
}

impl Told {
    #[track_caller]
    fn could_see(&self, called: &str, at: Timestamp, who: &[PersonId]) {
        for person in [C1, C2, CL, R1, R2, RL, M1, M2, S, X] {
            let expected = who.contains(&person);
            assert_eq!(self.history.could_see(person, item(called), at), expected, "{called} by {person:?} at {at}");
        }
    }

    fn page(&self, person: PersonId, at: Timestamp) -> String {
        let page = self.history.page(Viewer::Person(person), at).expect("this person sits");
        serde_json::to_string(&page).unwrap()
    }
}

#[test]
fn row_1_a_respondent_knows_of_the_case_from_the_invitation_on() {
    let history = registered_naming_r1().then(CLAIMANT.asks(passing()).at(day(1, 9, 0)));
    let r1 = |at| visibility::vantage(&history.case, Viewer::Person(R1), at);
    assert_eq!(r1(day(0, 12, 0)), None);
    assert!(matches!(r1(day(1, 12, 0)), Some(Vantage::Seat { seat: Seat::Respondent, .. })));
}

#[test]
fn row_2_a_case_of_others_is_as_one_that_never_was() {
    both(|told| {
        let asked = |history: &History| visibility::vantage(&history.case, Viewer::Person(X), day(4, 12, 0));
        assert_eq!(asked(&told.history), asked(&nothing()));
        let mut of_others = told.history.clone();
        let issued = of_others.issued(STRANGER.asks(OpenItem { item: item("item 3") }));
        assert_eq!(told.history.case.decide(&issued), nothing().case.decide(&issued));
    });
}

#[test]
fn row_3_joint_words_are_for_both_camps_and_the_mediator_and_an_auditor_reads_none() {
    both(|told| {
        let ([c1, c2, _], [r1, r2, rl]) = (told.c, told.r);
        told.could_see("item 3", day(4, 12, 0), &[c1, c2, r1, r2, rl, M1]);
        let skeleton = told.history.cut(Viewer::Operator, day(60, 0, 0)).expect("auditors see the skeleton");
        assert_eq!(skeleton.len(), told.history.entries.len());
        for mut entry in skeleton {
            let words = entry.seals(&mut |part: &mut dyn Seal| match part.clear_bytes() {
                Ok(None) => Ok(()),
                _ => Err("words"),
            });
            assert_eq!(words, Ok(()), "{:?}", entry.event.kind());
        }
        let centre = told.history.cut(Viewer::Staff(S), day(4, 12, 0)).unwrap();
        assert!(centre.iter().all(|entry| !matches!(entry.event, CaseEvent::MessagePosted(_))));
    });
}

#[test]
fn row_4_a_counsel_sees_the_camps_history_from_the_seating_on() {
    both(|told| {
        let ([c1, c2, cl], [r1, r2, rl]) = (told.c, told.r);
        assert!(!told.history.could_see(cl, item("item 3"), day(4, 12, 0)));
        told.could_see("item 3", day(5, 12, 0), &[c1, c2, cl, r1, r2, rl, M1]);
    });
}

#[test]
fn row_5_a_confidence_is_for_the_own_camp_and_the_mediator() {
    both(|told| told.could_see("item 5", day(4, 12, 0), &[told.c[0], told.c[1], M1]));
}

#[test]
fn row_7_a_workspace_is_for_its_camp_alone() {
    both(|told| told.could_see("item 7", day(4, 12, 0), &[told.c[0], told.c[1]]));
}

#[test]
fn rows_8_and_9_a_hidden_document_could_be_seen_before_and_cannot_after_whenever_that_is_asked() {
    both(|told| {
        let ([c1, c2, cl], [r1, r2, rl]) = (told.c, told.r);
        told.could_see("item 8", day(6, 11, 30), &[c1, c2, cl, r1, r2, rl, M1]);
        told.could_see("item 8", day(6, 12, 30), &[c1, c2, cl, M1]);
        let (id, name) = (item("item 8").to_string(), "inspection.pdf");
        // r1's own receipt stays, without the name; r2, who had not opened it, is shown no trace.
        assert!(told.page(r1, day(6, 11, 30)).contains(name));
        assert!(!told.page(r1, day(6, 12, 30)).contains(name));
        assert!(told.page(r1, day(6, 12, 30)).contains(&id));
        assert!(told.page(r2, day(6, 11, 30)).contains(name));
        assert!(!told.page(r2, day(6, 12, 30)).contains(&id));
        // The author's side hears that r1 had read it.
        assert!(told.page(c2, day(6, 12, 30)).contains(&format!(r#""seen_before":["{r1}"]"#)));
    });
}

#[test]
fn rows_10_and_11_nobody_restricts_what_is_not_theirs_nor_widens_what_is() {
    both(|told| {
        let before: Vec<_> = told.history.entries.iter().filter(|entry| entry.at < day(8, 0, 0)).cloned().collect();
        let mut history = History::default();
        history.take(before);
        let (c1, r1) = (hand(told.c[0]), hand(told.r[0]));
        given(history)
            .when(r1.asks(restrict(item("item 3"), told.respondent)))
            .then_refused(CaseError::NotAuthor)
            .when(r1.asks(restrict(item("item 5"), told.respondent)))
            .then_refused(CaseError::NotFound)
            .when(r1.asks(restrict(item("never made"), told.respondent)))
            .then_refused(CaseError::NotFound)
            .when(c1.asks(restrict(item("item 8"), JOINT)))
            .then_refused(CaseError::WouldWiden);
    });
}

#[test]
fn row_12_what_is_disclosed_is_a_new_item_whose_source_the_other_camp_cannot_see() {
    both(|told| {
        let (c1, r1) = (told.c[0], told.r[0]);
        told.could_see("item 12", day(8, 9, 30), &[]);
        for at in [day(8, 9, 30), day(8, 10, 30)] {
            assert!(!told.history.could_see(r1, item("item 5"), at));
            assert!(!told.page(r1, at).contains(&item("item 5").to_string()));
        }
        assert!(!told.page(r1, day(8, 9, 30)).contains(CONFIDENCE));
        assert!(told.page(r1, day(8, 10, 30)).contains(CONFIDENCE));
        let source = format!(r#""source":"{}""#, item("item 5"));
        assert!(told.page(c1, day(8, 10, 30)).contains(&source));
        assert!(told.page(M1, day(8, 10, 30)).contains(&source));
    });
}

#[test]
fn row_13_a_counsel_taken_out_sees_nothing_from_that_instant() {
    both(|told| {
        let rl = told.r[2];
        assert!(told.history.could_see(rl, item("item 3"), day(9, 17, 59)));
        assert!(!told.history.could_see(rl, item("item 3"), day(9, 18, 0)));
        assert!(!told.history.could_see(rl, item("item 3"), day(9, 18, 1)));
        assert_eq!(told.history.cut(Viewer::Person(rl), day(9, 18, 1)), None);
    });
}

#[test]
fn row_14_a_mediator_who_resigned_loses_everything_at_once() {
    both(|told| {
        for called in ["item 3", "item 5", "notes", "their caucus"] {
            assert!(told.history.could_see(M1, item(called), day(12, 8, 59)), "{called}");
            assert!(!told.history.could_see(M1, item(called), day(12, 9, 1)), "{called}");
        }
        assert_eq!(told.history.cut(Viewer::Person(M1), day(12, 9, 1)), None);
    });
}

#[test]
fn row_15_a_successor_sees_joint_items_and_no_confidence_and_no_old_notes() {
    both(|told| {
        for (called, seen) in [("item 3", true), ("item 12", true), ("item 5", false), ("notes", false)] {
            assert_eq!(told.history.could_see(M2, item(called), day(13, 11, 0)), seen, "{called}");
        }
        // Nor the document that was kept in the claimant's caucus, nor where the disclosed copy came from.
        assert!(!told.history.could_see(M2, item("item 8"), day(13, 11, 0)));
        assert!(!told.page(M2, day(13, 11, 0)).contains(&item("item 5").to_string()));
    });
}

#[test]
fn row_16_each_caucus_passes_to_a_successor_by_its_own_camps_choice_alone() {
    both(|told| {
        for (called, seen) in [("item 5", true), ("item 8", true), ("their caucus", false), ("notes", false)] {
            assert_eq!(told.history.could_see(M2, item(called), day(13, 12, 30)), seen, "{called}");
        }
        let knows = |person| {
            let cut = told.history.cut(Viewer::Person(person), day(13, 12, 30)).unwrap();
            cut.iter().any(|entry| matches!(entry.event, CaseEvent::CaucusReleased(_)))
        };
        assert_eq!([told.c[0], told.r[0], M2].map(knows), [true, false, true]);
        assert!(
            told.history
                .cut(Viewer::Staff(S), day(13, 12, 30))
                .unwrap()
                .iter()
                .all(|entry| { !matches!(entry.event, CaseEvent::CaucusReleased(_)) })
        );
    });
}

#[test]
fn row_17_the_reason_of_a_withdrawal_is_for_whom_its_author_chose() {
    both(|told| {
        let ([c1, ..], [r1, r2, _]) = (told.c, told.r);
        for (person, reads) in [(c1, false), (r1, true), (r2, true), (M2, true)] {
            let page = told.page(person, day(21, 0, 0));
            let camp = if r1 == R1 { "respondent" } else { "claimant" };
            assert!(page.contains(&format!(r#""withdrawn_by":"{camp}""#)), "the fact is everybody's");
            assert_eq!(page.contains("Our board has changed."), reads, "{person:?}");
        }
    });
}

#[test]
fn row_18_after_closing_each_reads_on_and_nobody_posts() {
    both(|told| {
        let ([c1, c2, cl], [r1, r2, _]) = (told.c, told.r);
        told.could_see("item 3", day(21, 0, 0), &[c1, c2, cl, r1, r2, M2]);
        given(told.history.clone())
            .when(hand(c1).asks(post_to(JOINT, "One more thing.")).at(day(21, 0, 0)))
            .then_refused(CaseError::AlreadyClosed);
        // After the thirty days of return, each camp has its own record and the mediator nothing.
        told.could_see("item 3", day(60, 0, 0), &[c1, c2, cl]);
        told.could_see("item 5", day(60, 0, 0), &[c1, c2, cl]);
        told.could_see("their caucus", day(60, 0, 0), &[r1, r2]);
    });
}

#[test]
fn row_19_a_replay_tells_that_there_was_a_confidence_and_not_what_it_said() {
    both(|told| {
        assert!(told.claimant != told.respondent);
        let skeleton = told.history.cut(Viewer::Operator, day(60, 0, 0)).unwrap();
        let posted = skeleton.iter().find_map(|entry| match &entry.event {
            CaseEvent::MessagePosted(event) if event.item == item("item 5") => Some(event),
            _ => None,
        });
        assert!(posted.is_some_and(|event| event.body.clear().is_none()));
    });
}

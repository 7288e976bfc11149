//! Nothing leaks: what a viewer is shown is what the tables grant, and hidden commands change no byte of it.

use entente_domain::command::*;
use entente_domain::event::{CaseEvent, DisclosureForm};
use entente_domain::state::Occupancy;
use entente_domain::visibility::{Viewer, vantage};
use entente_domain::{Actor, Ask, Audience, Camp, Capacity, CommandId, DiscussionId, Issued, ItemId, PersonId, Seat};
use entente_tests::cast::*;
use entente_tests::generate::{Played, plans, play};
use entente_tests::oracle::Model;
use proptest::prelude::*;

use super::{PERSONS, config, cut, instants, page_of, replay, text, viewers};

/// How many kinds of hidden doings there are.
const DOINGS: usize = 8;

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn a_viewer_is_shown_the_words_that_the_tables_grant_and_no_others(plan in plans(40)) {
        let played = play(&plan);
        let model = Model::of(&played.entries);
        let words = model.all_words(&played.entries);
        for at in instants(&played) {
            for viewer in viewers() {
                let granted = model.readable(&played.entries, viewer, at);
                let text = cut(&played, viewer, at).map_or_else(String::new, |cut| text(&cut));
                let page = page_of(&played, viewer, at).unwrap_or_default();
                for word in &words {
                    prop_assert_eq!(text.contains(word), granted.contains(word), "{:?} of {:?} at {}", word, viewer, at);
                    prop_assert!(granted.contains(word) || !page.contains(word), "{:?} on the page of {:?}", word, viewer);
                }
            }
        }
    }

    #[test]
    fn whoever_has_no_seat_sees_no_case(plan in plans(40)) {
        let played = play(&plan);
        let model = Model::of(&played.entries);
        for at in instants(&played) {
            for person in PERSONS {
                let place = model.place(Viewer::Person(person), at);
                let stands = vantage(&played.case, Viewer::Person(person), at);
                prop_assert_eq!(place.is_some(), stands.is_some(), "{:?} at {}", person, at);
                prop_assert_eq!(place.is_some(), page_of(&played, Viewer::Person(person), at).is_some());
            }
        }
    }

    #[test]
    fn hidden_words_change_nothing_that_others_observe_then_or_later(
        plan in plans(40), place in 0..1_000_usize, camp in prop::sample::select(Camp::BOTH.to_vec()),
        what in prop::collection::vec(0..DOINGS, 1..4),
    ) {
        let without = play(&plan);
        let commands: Vec<_> = without.asked.iter().map(|asked| asked.issued.clone()).collect();
        let place = place % (commands.len() + 1);
        let mut with = replay(&commands[..place]);
        for (n, what) in what.into_iter().enumerate() {
            hidden(&mut with, camp, what, n);
        }
        let inserted = with.asked.len() - place;
        for issued in &commands[place..] {
            with.ask(issued.clone());
        }
        // Every answer that anybody got is the same: no refusal tells either.
        for (one, other) in without.asked[place..].iter().zip(&with.asked[place + inserted..]) {
            prop_assert_eq!(&one.answer, &other.answer, "{}", one.issued.ask.name());
        }
        for at in instants(&without) {
            for viewer in others(&without, camp) {
                prop_assert_eq!(cut(&without, viewer, at), cut(&with, viewer, at), "{:?} at {}", viewer, at);
                prop_assert_eq!(page_of(&without, viewer, at), page_of(&with, viewer, at), "{:?} at {}", viewer, at);
            }
        }
    }

    #[test]
    fn a_hidden_deed_changes_nothing_that_others_observe_at_once(
        plan in plans(40), camp in prop::sample::select(Camp::BOTH.to_vec()),
    ) {
        let before = play(&plan);
        let mut after = before.clone();
        let Some(head) = head(&before, camp) else { return Ok(()) };
        let at = before.now();
        let items: Vec<_> = before.case.items.iter().map(|(id, item)| (*id, item.audience_now())).collect();
        for (n, (id, audience)) in items.into_iter().enumerate() {
            let mut deeds: Vec<Ask> = vec![OpenItem { item: id }.into()];
            if audience == Audience::caucus(camp) {
                deeds.push(RevokeDisclosure { item: id }.into());
                deeds.push(authorise(id, DisclosureForm::Substance).into());
                deeds.push(restrict(id, Audience::workspace(camp)).into());
            }
            for (m, ask) in deeds.into_iter().enumerate() {
                let id = command(&format!("deed {n} {m}"));
                after.ask(Issued { case: CASE, id, by: Actor::Person(head), at, entropy: SALT, ask });
            }
        }
        let id = command("release");
        after.ask(Issued { case: CASE, id, by: Actor::Person(head), at, entropy: SALT, ask: ReleaseCaucus {}.into() });
        for viewer in others(&before, camp) {
            prop_assert_eq!(page_of(&before, viewer, at), page_of(&after, viewer, at), "{:?}", viewer);
        }
    }
}

/// Who binds a camp; at a case that went its own way, that may be anybody.
fn head(played: &Played, camp: Camp) -> Option<PersonId> {
    let binds = |held: &&Occupancy| held.seat == camp.seat() && held.capacity == Some(Capacity::HeadOfMandate);
    played.case.seating.iter().find(binds).map(|held| held.person)
}

/// Those from whom a camp's confidences are hidden: who never sat in it nor mediated, and the centre.
fn others(played: &Played, camp: Camp) -> Vec<Viewer> {
    let confidants = [camp.seat(), Seat::Mediator];
    let confided = |person: &PersonId| {
        played.case.seating.iter().any(|held| held.person == *person && confidants.contains(&held.seat))
    };
    let persons = PERSONS.into_iter().filter(|person| !confided(person)).map(Viewer::Person);
    persons.chain([Viewer::Staff(S)]).collect()
}

/// Something done between a camp and the mediator, or by one of them alone, that nobody else may notice for good.
fn hidden(played: &mut Played, camp: Camp, what: usize, n: usize) {
    let Some(mediator) = played.case.mediator().map(|held| held.person) else { return };
    let caucus =
        played.case.discussions.iter().find(|(_, found)| found.standing && found.audience == Audience::caucus(camp));
    let Some(caucus) = caucus.map(|(id, _)| *id) else { return };
    let Some(head) = head(played, camp) else { return };
    let words = |what: &str| format!("hidden {what} <h{n}>");
    let post =
        |discussion: DiscussionId, what: &str| -> Ask { PostMessage { discussion, body: body(&words(what)) }.into() };
    let own = |id: CommandId| DiscussionId(id.derive("discussion"));
    let (first, second) = (command(&format!("hidden {n}")), command(&format!("hidden {n}, then")));
    let confided = ItemId(first.derive("item"));
    let offline = telephoned(Audience::caucus(camp), played.now());
    let doings: Vec<(PersonId, Ask)> = match what {
        0 => vec![(head, post(caucus, "message")), (mediator, OpenItem { item: confided }.into())],
        1 => vec![(mediator, post(caucus, "answer")), (head, OpenItem { item: confided }.into())],
        2 => {
            let paper = SubmitDocument {
                discussion: caucus,
                facts: facts(&words("paper")),
                class: entente_domain::event::DocumentClass::DrawnUp,
                object: object(&words("paper")),
            };
            vec![(head, paper.into()), (head, restrict(confided, Audience::workspace(camp)).into())]
        }
        3 => vec![
            (head, open_thread(Audience::caucus(camp), &words("thread")).into()),
            (mediator, post(own(first), "in a thread")),
        ],
        4 => vec![
            (head, open_thread(Audience::workspace(camp), &words("thread")).into()),
            (head, post(own(first), "draft")),
        ],
        5 => vec![
            (mediator, open_thread(Audience::MediatorNotes, &words("notes")).into()),
            (mediator, post(own(first), "note")),
        ],
        6 => vec![(mediator, offline.into())],
        _ => vec![(head, post(caucus, "confidence")), (head, authorise(confided, DisclosureForm::Verbatim).into())],
    };
    for ((person, ask), id) in doings.into_iter().zip([first, second]) {
        let at = played.now();
        played.ask(Issued { case: CASE, id, by: Actor::Person(person), at, entropy: SALT, ask });
    }
}

#[test]
fn hidden_doings_do_happen_at_an_open_table() {
    for camp in Camp::BOTH {
        for what in 0..DOINGS {
            let mut played = entente_tests::generate::straight_to_the_table(false, 5);
            let before = played.entries.len();
            hidden(&mut played, camp, what, 0);
            let done = &played.entries[before..];
            assert_eq!(done.len(), if what == 6 { 1 } else { 2 }, "{camp:?} {what}: {done:?}");
            assert!(done.iter().all(|entry| !matches!(entry.event, CaseEvent::CaseClosed(_))));
        }
    }
}

//! Laws of who could see what: the same rows however the log was cut into batches, and read item by item.

use std::collections::BTreeSet;

use entente_application::ports::{Build, Change, Exposures, Position, Views};
use entente_domain::visibility::{Denial, Grant, Place};
use entente_domain::{CaseId, ItemId, PersonId, Seat};
use entente_projections::exposure::{self, Mark, Showing, Sitting, Source, Tie};
use entente_tests::engines::{Home, Opened};
use entente_tests::{entries, laws};
use jiff::Timestamp;
use uuid::Uuid;

use super::views::live_with;

const CLAIMANT: Place = Place { seat: Seat::Claimant, tenure: 0 };
const RESPONDENT: Place = Place { seat: Seat::Respondent, tenure: 0 };
const MEDIATOR: Place = Place { seat: Seat::Mediator, tenure: 1 };
const SUCCESSOR: Place = Place { seat: Seat::Mediator, tenure: 2 };

fn person() -> PersonId {
    PersonId(Uuid::new_v4())
}

fn item() -> ItemId {
    ItemId(Uuid::new_v4())
}

fn by(position: u64) -> Source {
    Source { position, recorded: entries::instant() }
}

fn sitting(case: CaseId, person: PersonId, place: Place, position: u64) -> Sitting {
    Sitting { case, person, place, from: entries::instant(), opened: by(position), ended: None }
}

fn showing(case: CaseId, item: ItemId, place: Place, position: u64) -> Showing {
    let (from, opened, grant) = (entries::instant(), by(position), Grant::JointSession);
    Showing { case, item, place, from, opened, grant, ended: None }
}

fn mark(case: CaseId, item: ItemId, person: PersonId, tie: Tie, position: u64) -> Mark {
    Mark { case, item, person, tie, at: entries::instant(), source: by(position) }
}

fn sat(sitting: &Sitting) -> Change {
    Change::Exposure(exposure::Change::Sat(sitting.clone()))
}

fn stood(sitting: &Sitting, (at, source): (Timestamp, Source)) -> Change {
    Change::Exposure(exposure::Change::Stood { case: sitting.case, person: sitting.person, at, source })
}

fn shown(showing: &Showing) -> Change {
    Change::Exposure(exposure::Change::Shown(showing.clone()))
}

fn hidden(showing: &Showing, (at, source, denial): (Timestamp, Source, Denial)) -> Change {
    let Showing { case, item, place, .. } = *showing;
    Change::Exposure(exposure::Change::Hidden { case, item, place, at, source, denial })
}

fn marked(mark: &Mark) -> Change {
    Change::Exposure(exposure::Change::Marked(mark.clone()))
}

fn restricted(position: u64) -> (Timestamp, Source, Denial) {
    (entries::instant(), by(position), Denial::NotInAudience)
}

/// A build with these changes, so many at a time.
async fn built(store: &Opened, changes: &[Change], at_a_time: usize) -> Build {
    let build = store.begin(exposure::NAME, 1).await.unwrap();
    for (number, some) in (0..).zip(changes.chunks(at_a_time)) {
        assert!(store.advance(&build, Position(number), Position(number + 1), some).await.unwrap());
    }
    build
}

/// Sits, stands and sits again; is shown, hidden, shown again, by a later event and by the same one.
fn story(case: CaseId) -> Vec<Change> {
    let (first, second) = (sitting(case, person(), CLAIMANT, 1), sitting(case, person(), MEDIATOR, 2));
    let again = Sitting { from: entries::instant(), opened: by(8), ..first.clone() };
    let (one, other) = (item(), item());
    let at_claimant = showing(case, one, CLAIMANT, 3);
    let at_mediator = showing(case, one, MEDIATOR, 3);
    let other_at_claimant = showing(case, other, CLAIMANT, 4);
    let back_at_mediator = showing(case, one, MEDIATOR, 9);
    let over = (entries::instant(), by(12), Denial::ReturnWindowOver);
    let own_record =
        Showing { from: over.0, opened: over.1, grant: Grant::OwnRecord, ..showing(case, one, CLAIMANT, 12) };
    vec![
        sat(&first),
        sat(&second),
        shown(&at_claimant),
        shown(&at_mediator),
        marked(&mark(case, one, first.person, Tie::Made, 3)),
        shown(&other_at_claimant),
        hidden(&at_mediator, restricted(5)),
        hidden(&showing(case, one, RESPONDENT, 0), restricted(5)),
        // Told later than it was so: before the sitting itself had begun.
        stood(&first, (first.from, by(6))),
        stood(&first, (entries::instant(), by(7))),
        sat(&again),
        shown(&back_at_mediator),
        marked(&mark(case, one, second.person, Tie::Alerted, 10)),
        marked(&mark(case, one, second.person, Tie::Alerted, 11)),
        hidden(&at_claimant, over),
        shown(&own_record),
        hidden(&other_at_claimant, over),
        hidden(&back_at_mediator, over),
        stood(&second, (entries::instant(), by(13))),
    ]
}

async fn the_rows_are_the_same_however_the_changes_are_cut_into_batches(home: Home) {
    let store = home.store().await;
    // Two cases told in turns, so that rows of one stand between those of the other.
    let stories = [story(entries::case_id()), story(entries::case_id())];
    let changes: Vec<_> = stories[0].iter().zip(&stories[1]).flat_map(|(one, other)| [one, other]).cloned().collect();
    let whole = store.dump(&built(&store, &changes, changes.len()).await).await.unwrap();
    assert_eq!(whole.len(), 2 * (3 + 5 + 3), "sittings, showings, marks");
    for at_a_time in [1, 2, 3, 5, 8, 13] {
        let build = built(&store, &changes, at_a_time).await;
        assert_eq!(store.dump(&build).await.unwrap(), whole, "{at_a_time} at a time");
    }
}

async fn who_stands_up_and_sits_down_again_has_sat_twice(home: Home) {
    let store = home.store().await;
    let (case, elsewhere) = (entries::case_id(), entries::case_id());
    let first = sitting(case, person(), MEDIATOR, 1);
    let second = Sitting { place: SUCCESSOR, from: entries::instant(), opened: by(3), ..first.clone() };
    let other = sitting(case, person(), CLAIMANT, 2);
    let end = (entries::instant(), by(3));
    let changes = [sat(&first), sat(&other), sat(&Sitting { case: elsewhere, ..first.clone() })];
    let build = live_with(&store, exposure::NAME, &changes).await;
    let change = [stood(&first, end), sat(&second), stood(&sitting(case, person(), CLAIMANT, 0), end)];
    assert!(store.advance(&build, Position(1), Position(2), &change).await.unwrap());

    let ended = Sitting { ended: Some(end), ..first.clone() };
    assert_eq!(store.sittings(case).await.unwrap(), [ended, other, second]);
    assert_eq!(store.sittings(elsewhere).await.unwrap()[0].ended, None, "who stands up here still sits there");
}

async fn what_is_hidden_ends_where_it_was_in_view_and_nowhere_else(home: Home) {
    let store = home.store().await;
    let (case, one, other) = (entries::case_id(), item(), item());
    let [claimant, mediator] = [CLAIMANT, MEDIATOR].map(|place| showing(case, one, place, 1));
    let successor = showing(case, one, SUCCESSOR, 2);
    let beside = showing(case, other, MEDIATOR, 2);
    let changes = [&claimant, &mediator, &successor, &beside].map(shown);
    let build = live_with(&store, exposure::NAME, &changes).await;
    let end = restricted(3);
    let change =
        [hidden(&mediator, end), hidden(&showing(case, one, RESPONDENT, 0), end), hidden(&mediator, restricted(3))];
    assert!(store.advance(&build, Position(1), Position(2), &change).await.unwrap());

    let ended = Showing { ended: Some(end), ..mediator.clone() };
    assert_eq!(store.showings(case, one).await.unwrap(), [claimant.clone(), ended.clone(), successor.clone()]);
    assert_eq!(store.showings(case, other).await.unwrap(), [beside]);

    // The same event may bring it back from another instant on; and hiding that leaves the earlier end as it was.
    let back = Showing { from: entries::instant(), opened: by(4), ..mediator.clone() };
    assert!(store.advance(&build, Position(2), Position(3), &[hidden(&claimant, end), shown(&back)]).await.unwrap());
    let again = restricted(5);
    assert!(store.advance(&build, Position(3), Position(4), &[hidden(&back, again)]).await.unwrap());
    let claimant = Showing { ended: Some(end), ..claimant };
    let back = Showing { ended: Some(again), ..back };
    assert_eq!(store.showings(case, one).await.unwrap(), [claimant, ended, successor, back]);
}

async fn pages_of_what_a_seat_was_shown_hold_whole_items_and_miss_none(home: Home) {
    let store = home.store().await;
    let (case, elsewhere) = (entries::case_id(), entries::case_id());
    let (mut changes, mut wanted) = (Vec::new(), Vec::new());
    for position in (1..).step_by(2).take(1_200) {
        let first = showing(case, item(), MEDIATOR, position);
        changes.push(shown(&showing(case, first.item, CLAIMANT, position)));
        changes.push(shown(&showing(elsewhere, item(), MEDIATOR, position)));
        changes.push(shown(&first));
        if position % 7 == 0 {
            let (end, second) = (restricted(position), showing(case, first.item, MEDIATOR, position + 1));
            let successor = showing(case, first.item, SUCCESSOR, position + 1);
            changes.extend([hidden(&first, end), shown(&second), shown(&successor)]);
            wanted.extend([Showing { ended: Some(end), ..first }, second, successor]);
        } else {
            wanted.push(first);
        }
    }
    wanted.sort_by_key(|row| (row.item, row.place.tenure, row.opened.position, row.from));
    live_with(&store, exposure::NAME, &changes).await;

    for limit in [2, 7, 500, 5_000] {
        let (mut paged, mut after, mut seen) = (Vec::new(), None, BTreeSet::new());
        loop {
            let page = store.shown_to(case, Seat::Mediator, after, limit).await.unwrap();
            let items: BTreeSet<_> = page.iter().map(|row| row.item).collect();
            assert!(page.len() <= limit as usize || items.len() == 1);
            assert!(seen.is_disjoint(&items), "no item is cut in two");
            let Some(last) = items.last() else { break };
            after = Some(*last);
            seen.extend(items);
            paged.extend(page);
        }
        assert!(paged == wanted, "{limit} rows at a time");
    }
}

async fn marks_are_read_by_item_and_for_a_person_from_one_item_to_another(home: Home) {
    let store = home.store().await;
    let (case, reader, other) = (entries::case_id(), person(), person());
    let mut items: Vec<_> = (0..6).map(|_| item()).collect();
    items.sort_unstable();
    let made: Vec<_> = items.iter().map(|item| mark(case, *item, reader, Tie::Made, 1)).collect();
    let opened = mark(case, items[2], reader, Tie::Opened, 9);
    let alerted = [4, 7].map(|position| mark(case, items[2], other, Tie::Alerted, position));
    let elsewhere = mark(entries::case_id(), items[2], reader, Tie::Made, 2);
    let mut changes: Vec<_> = made.iter().chain([&opened, &elsewhere]).chain(&alerted).map(marked).collect();
    // Said twice by one event: there once.
    changes.push(marked(&opened));
    live_with(&store, exposure::NAME, &changes).await;

    let [first, second] = alerted;
    assert_eq!(store.marks(case, items[2]).await.unwrap(), [made[2].clone(), first, second, opened.clone()]);
    let found = store.marks_of(case, reader, items[1], items[3]).await.unwrap();
    assert_eq!(found, [made[1].clone(), made[2].clone(), opened, made[3].clone()]);
    assert_eq!(store.marks_of(case, reader, items[5], items[5]).await.unwrap(), made[5..]);
    assert!(store.marks_of(case, other, items[3], items[5]).await.unwrap().is_empty());
}

async fn a_build_that_goes_takes_all_its_rows_with_it(home: Home) {
    let store = home.store().await;
    let (case, raw) = (entries::case_id(), home.raw().await);
    live_with(&store, exposure::NAME, &story(case)).await;
    let shadow = built(&store, &story(case), 4).await;
    store.discard(&shadow).await.unwrap();
    assert_eq!(store.sittings(case).await.unwrap().len(), 3, "the live build is left alone");

    let empty = store.begin(exposure::NAME, 2).await.unwrap();
    store.switch(&empty).await.unwrap();
    assert!(store.sittings(case).await.unwrap().is_empty());
    for table in ["sitting_row", "showing_row", "mark_row"] {
        assert_eq!(raw.texts(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await, ["0"], "{table}");
    }
}

laws!(
    the_rows_are_the_same_however_the_changes_are_cut_into_batches,
    who_stands_up_and_sits_down_again_has_sat_twice,
    what_is_hidden_ends_where_it_was_in_view_and_nowhere_else,
    pages_of_what_a_seat_was_shown_hold_whole_items_and_miss_none,
    marks_are_read_by_item_and_for_a_person_from_one_item_to_another,
    a_build_that_goes_takes_all_its_rows_with_it,
);

//! Laws of the read models: rows and checkpoint move together, a rebuild replaces the live build in one step.

use entente_application::ports::{Build, Change, Position, Views};
use entente_domain::{CaseId, PersonId, Seat};
use entente_projections::inbox::{self, Row, Seated};
use entente_tests::engines::{Home, Opened};
use entente_tests::{entries, laws};
use uuid::Uuid;

fn person() -> PersonId {
    PersonId(Uuid::new_v4())
}

fn put(row: &Row) -> Change {
    Change::Inbox(inbox::Change::Put(row.clone()))
}

fn row(person: PersonId, case: CaseId) -> Row {
    Row { person, at: entries::instant(), item: entente_domain::ItemId(Uuid::new_v4()), case, opened: false }
}

/// A build that is read, with these changes in it.
pub async fn live_with(store: &Opened, projection: &'static str, changes: &[Change]) -> Build {
    let build = store.begin(projection, 1).await.unwrap();
    assert!(store.advance(&build, Position(0), Position(1), changes).await.unwrap());
    store.switch(&build).await.unwrap();
    build
}

async fn a_build_begins_empty_at_position_zero_and_is_not_read(home: Home) {
    let store = home.store().await;
    assert_eq!(store.live(inbox::NAME).await.unwrap(), None);
    let build = store.begin(inbox::NAME, 4).await.unwrap();
    assert_eq!((build.projection, build.version), (inbox::NAME, 4));
    assert_eq!(store.checkpoint(&build).await.unwrap(), Position(0));
    assert!(store.dump(&build).await.unwrap().is_empty());
    assert_eq!(store.live(inbox::NAME).await.unwrap(), None);
    assert_ne!(store.begin(inbox::NAME, 4).await.unwrap().build, build.build, "every build has a number of its own");
}

async fn a_checkpoint_moves_only_from_where_it_is(home: Home) {
    let store = home.store().await;
    let build = store.begin(inbox::NAME, 1).await.unwrap();
    assert!(store.advance(&build, Position(0), Position(3), &[entries::inbox_row()]).await.unwrap());
    for wrong in [0, 2, 4] {
        let moved = store.advance(&build, Position(wrong), Position(9), &[entries::inbox_row()]).await.unwrap();
        assert!(!moved, "it is at 3, not at {wrong}");
    }
    assert_eq!(store.checkpoint(&build).await.unwrap(), Position(3));
    assert_eq!(store.dump(&build).await.unwrap().len(), 1, "the rows of a refused advance are not kept");
    assert!(store.advance(&build, Position(3), Position(7), &[]).await.unwrap(), "also without any change");
    assert_eq!(store.checkpoint(&build).await.unwrap(), Position(7));
}

async fn of_many_followers_one_advances(home: Home) {
    let stores = [home.store().await, home.store().await];
    let build = stores[0].begin(inbox::NAME, 1).await.unwrap();
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let (store, build) = (stores[n % 2].clone(), build.clone());
            tokio::spawn(async move {
                store.advance(&build, Position(0), Position(1), &[entries::inbox_row()]).await.unwrap()
            })
        })
        .collect();
    let mut advanced = 0;
    for task in tasks {
        advanced += usize::from(task.await.unwrap());
    }
    assert_eq!(advanced, 1);
    assert_eq!(stores[1].dump(&build).await.unwrap().len(), 1);
}

async fn a_rebuild_is_read_only_after_the_switch_and_then_alone(home: Home) {
    let store = home.store().await;
    let (reader, case) = (person(), entries::case_id());
    let (old, new) = (row(reader, case), row(reader, case));
    let live = live_with(&store, inbox::NAME, &[put(&old)]).await;

    let rebuild = store.begin(inbox::NAME, 2).await.unwrap();
    assert!(store.advance(&rebuild, Position(0), Position(5), &[put(&new)]).await.unwrap());
    assert_eq!(store.live(inbox::NAME).await.unwrap(), Some(live.clone()));
    assert_eq!(store.inbox(reader, None, 10).await.unwrap(), [old]);

    store.switch(&rebuild).await.unwrap();
    assert_eq!(store.live(inbox::NAME).await.unwrap(), Some(rebuild.clone()));
    assert_eq!(store.inbox(reader, None, 10).await.unwrap(), [new]);
    assert_eq!(store.checkpoint(&rebuild).await.unwrap(), Position(5));
    assert!(!store.advance(&live, Position(1), Position(2), &[entries::inbox_row()]).await.unwrap_or(false));
    assert_eq!(store.dump(&rebuild).await.unwrap().len(), 1, "a build that is gone takes nothing more");
}

async fn a_discarded_build_leaves_the_live_one_alone(home: Home) {
    let store = home.store().await;
    let reader = person();
    let kept = row(reader, entries::case_id());
    let live = live_with(&store, inbox::NAME, &[put(&kept)]).await;
    let shadow = store.begin(inbox::NAME, 1).await.unwrap();
    assert!(store.advance(&shadow, Position(0), Position(1), &[entries::inbox_row()]).await.unwrap());
    store.discard(&shadow).await.unwrap();
    assert_eq!(store.live(inbox::NAME).await.unwrap(), Some(live.clone()));
    assert_eq!(store.inbox(reader, None, 10).await.unwrap(), [kept]);
    assert!(!store.advance(&shadow, Position(1), Position(2), &[]).await.unwrap_or(false));
}

async fn the_same_rows_dump_alike_in_whatever_order_they_came(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let rows: Vec<_> = (0..5).map(|_| put(&row(person(), case))).collect();
    let backwards: Vec<_> = rows.iter().rev().cloned().collect();
    let mut dumps = Vec::new();
    for order in [rows, backwards] {
        let build = store.begin(inbox::NAME, 1).await.unwrap();
        assert!(store.advance(&build, Position(0), Position(5), &order).await.unwrap());
        dumps.push(store.dump(&build).await.unwrap());
    }
    assert_eq!(dumps[0].len(), 5);
    assert_eq!(dumps[0], dumps[1]);
}

async fn an_item_is_there_once_and_remembers_that_it_was_opened(home: Home) {
    let store = home.store().await;
    let (reader, other, case) = (person(), person(), entries::case_id());
    let mine = row(reader, case);
    let theirs = Row { person: other, ..mine.clone() };
    let opened = Change::Inbox(inbox::Change::Opened { person: reader, item: mine.item });
    live_with(&store, inbox::NAME, &[put(&mine), put(&theirs), put(&mine), opened]).await;
    assert_eq!(store.inbox(reader, None, 10).await.unwrap(), [Row { opened: true, ..mine }]);
    assert_eq!(store.inbox(other, None, 10).await.unwrap(), [theirs], "another's reading is nobody's business");
}

async fn replacing_a_case_forgets_its_old_rows_and_no_others(home: Home) {
    let store = home.store().await;
    let (reader, case, other_case) = (person(), entries::case_id(), entries::case_id());
    let (gone, elsewhere, now) = (row(reader, case), row(reader, other_case), row(reader, case));
    let seat = |case| Seated { person: reader, since: entries::instant(), case, seat: Seat::Claimant };
    let (first, second) = (seat(case), seat(other_case));
    let sit = |seated: &Seated, rows: Vec<Row>| {
        Change::Inbox(inbox::Change::Replace { case: seated.case, rows, seated: vec![seated.clone()] })
    };
    let changes =
        [sit(&first, vec![gone.clone()]), sit(&second, vec![elsewhere.clone()]), sit(&first, vec![now.clone()])];
    let build = live_with(&store, inbox::NAME, &changes).await;
    assert_eq!(store.inbox(reader, None, 10).await.unwrap(), [now.clone(), elsewhere.clone()]);
    assert_eq!(store.cases_of(reader, None, 10).await.unwrap(), [second.clone(), first]);

    let leaves = Change::Inbox(inbox::Change::Replace { case, rows: Vec::new(), seated: Vec::new() });
    assert!(store.advance(&build, Position(1), Position(2), &[leaves]).await.unwrap());
    assert_eq!(store.inbox(reader, None, 10).await.unwrap(), [elsewhere]);
    assert_eq!(store.cases_of(reader, None, 10).await.unwrap(), [second]);
}

async fn pages_of_an_inbox_go_from_new_to_old_and_miss_nothing(home: Home) {
    let store = home.store().await;
    let (reader, case) = (person(), entries::case_id());
    let mut rows: Vec<_> = (0..7).map(|_| row(reader, case)).collect();
    // Three items of one instant: a page may end between them.
    let at = rows[4].at;
    rows[2].at = at;
    rows[3].at = at;
    let changes: Vec<_> = rows.iter().map(put).chain([entries::inbox_row()]).collect();
    live_with(&store, inbox::NAME, &changes).await;

    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = store.inbox(reader, after, 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some((last.at, last.item));
        paged.extend(page);
    }
    assert!(paged.is_sorted_by(|one, next| one.at >= next.at), "from new to old");
    paged.sort();
    rows.sort();
    assert_eq!(paged, rows);
}

laws!(
    a_build_begins_empty_at_position_zero_and_is_not_read,
    a_checkpoint_moves_only_from_where_it_is,
    of_many_followers_one_advances,
    a_rebuild_is_read_only_after_the_switch_and_then_alone,
    a_discarded_build_leaves_the_live_one_alone,
    the_same_rows_dump_alike_in_whatever_order_they_came,
    an_item_is_there_once_and_remembers_that_it_was_opened,
    replacing_a_case_forgets_its_old_rows_and_no_others,
    pages_of_an_inbox_go_from_new_to_old_and_miss_nothing,
);

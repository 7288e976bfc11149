//! Laws of the access log: a look is there once it is acknowledged, as it was, once, and for good.

use std::collections::BTreeSet;

use entente_application::ports::{Look, Looked, Looks, Position, StoreError};
use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId, PersonId};
use entente_store::Store;
use entente_tests::engines::{Engine, Home, Opened};
use entente_tests::raw::Raw;
use entente_tests::{entries, laws};
use futures::future::{join, join_all};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use uuid::Uuid;

fn person() -> PersonId {
    PersonId(Uuid::new_v4())
}

fn item() -> ItemId {
    ItemId(Uuid::new_v4())
}

fn at_page(case: CaseId, viewer: Viewer, position: u64) -> Look {
    Look { at: entries::instant(), viewer, case, what: Looked::Page(Position(position)), granted: true }
}

fn at_items(case: CaseId, viewer: Viewer, items: &[ItemId]) -> Look {
    Look { at: entries::instant(), viewer, case, what: Looked::Items(items.to_vec()), granted: true }
}

fn refused(look: Look) -> Look {
    Look { granted: false, ..look }
}

async fn record(store: &Opened, looks: &[Look]) {
    for look in looks {
        store.record(look.clone()).await.unwrap();
    }
}

/// The access log behind the store's back: SQLite has it in a file of its own.
async fn raw(home: &Home) -> Raw {
    match home.engine() {
        Engine::Postgres => home.raw().await,
        Engine::Sqlite => {
            let file = SqliteConnectOptions::new().filename(home.folder().join("looks.db"));
            Raw::Sqlite(SqlitePool::connect_with(file).await.unwrap())
        }
    }
}

async fn a_look_is_there_once_it_is_acknowledged(home: Home) {
    let (case, reader, item) = (entries::case_id(), person(), item());
    let store = home.store().await;
    let (page, named) = (at_page(case, Viewer::Person(reader), 7), at_items(case, Viewer::Person(reader), &[item]));
    record(&store, &[page.clone(), named.clone()]).await;
    // The first store is still open: nothing of this may wait for its end.
    let other = home.store().await;
    assert_eq!(other.at_page(case, reader).await.unwrap(), [(page.at, Position(7))]);
    assert_eq!(other.at_item(case, item, 10).await.unwrap(), [named]);
}

async fn looks_at_an_item_are_read_as_they_were_written_whoever_looked(home: Home) {
    let store = home.store().await;
    let (case, item, beside) = (entries::case_id(), item(), item());
    let viewers = [Viewer::Person(person()), Viewer::Staff(person()), Viewer::Auditor(person()), Viewer::Operator];
    let mut looks: Vec<_> = viewers.iter().map(|viewer| at_items(case, *viewer, &[item])).collect();
    looks.extend(viewers.iter().map(|viewer| refused(at_items(case, *viewer, &[item]))));
    record(&store, &looks).await;
    let elsewhere = [at_items(entries::case_id(), viewers[0], &[item]), at_items(case, viewers[0], &[beside])];
    record(&store, &elsewhere).await;
    record(&store, &[at_page(case, viewers[0], 3), at_items(case, viewers[0], &[])]).await;

    assert_eq!(store.at_item(case, item, 100).await.unwrap(), looks, "granted and refused, oldest first");
    assert_eq!(store.at_item(case, item, 3).await.unwrap(), looks[..3]);
    assert!(store.at_item(entries::case_id(), beside, 10).await.unwrap().is_empty());
}

async fn looks_at_a_page_are_those_that_a_person_was_granted(home: Home) {
    let store = home.store().await;
    let (case, reader) = (entries::case_id(), person());
    let granted: Vec<_> = [4, 4, 9].iter().map(|position| at_page(case, Viewer::Person(reader), *position)).collect();
    let others = [
        refused(at_page(case, Viewer::Person(reader), 10)),
        at_page(case, Viewer::Person(person()), 12),
        at_page(case, Viewer::Operator, 13),
        at_page(entries::case_id(), Viewer::Person(reader), 14),
        at_items(case, Viewer::Person(reader), &[item()]),
    ];
    record(&store, &others).await;
    // Written in another order than they happened.
    record(&store, &granted.iter().rev().cloned().collect::<Vec<_>>()).await;
    // The first look up to each position: a later one up to the same shows the same.
    let wanted = vec![(granted[0].at, Position(4)), (granted[2].at, Position(9))];
    assert_eq!(store.at_page(case, reader).await.unwrap(), wanted, "oldest first");
}

async fn the_first_look_at_each_item_is_known_from_one_item_to_another(home: Home) {
    let store = home.store().await;
    let (case, who) = (entries::case_id(), person());
    let reader = Viewer::Person(who);
    let mut items: Vec<_> = (0..6).map(|_| item()).collect();
    items.sort_unstable();
    let (too_early, refusal) = (at_items(case, reader, &items[..1]), refused(at_items(case, reader, &items)));
    let (first, second) = (at_items(case, reader, &items[1..4]), at_items(case, reader, &items[2..]));
    record(&store, &[refusal, second.clone(), too_early, first.clone()]).await;
    record(&store, &[at_items(case, Viewer::Person(person()), &items), at_items(entries::case_id(), reader, &items)])
        .await;

    let found = store.first_at_items(case, who, items[1], items[4]).await.unwrap();
    let wanted = [(items[1], first.at), (items[2], first.at), (items[3], first.at), (items[4], second.at)];
    assert_eq!(found, wanted);
    assert_eq!(store.first_at_items(case, who, items[5], items[5]).await.unwrap(), [(items[5], second.at)]);
}

async fn of_two_hundred_looks_at_once_each_is_there_once(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    let (case, reader) = (entries::case_id(), person());
    let tasks: Vec<_> = (1..=200)
        .map(|position| {
            let store = if position % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move { store.record(at_page(case, Viewer::Person(reader), position)).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let found = one.at_page(case, reader).await.unwrap();
    let positions: BTreeSet<_> = found.iter().map(|(_, position)| position.0).collect();
    assert_eq!((found.len(), positions), (200, (1..=200).collect()));
}

async fn closing_records_what_waits_and_then_takes_no_more(home: Home) {
    let store = home.store().await;
    let (case, reader) = (entries::case_id(), person());
    let looks = (1..=50).map(|position| store.record(at_page(case, Viewer::Person(reader), position)));
    let (recorded, ()) = join(join_all(looks), store.close()).await;
    assert!(recorded.iter().all(Result::is_ok), "{recorded:?}");
    assert_eq!(home.store().await.at_page(case, reader).await.unwrap().len(), 50);

    let late = store.record(at_page(case, Viewer::Person(reader), 51)).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
}

async fn a_look_that_cannot_be_recorded_is_not_acknowledged(home: Home) {
    let store = home.store().await;
    raw(&home).await.execute("DROP TABLE look").await;
    let looks = (1..=5).map(|position| store.record(at_page(entries::case_id(), Viewer::Operator, position)));
    for look in join_all(looks).await {
        assert!(matches!(look, Err(StoreError::Unavailable(_))), "{look:?}");
    }
}

async fn the_database_refuses_to_change_or_to_delete_a_look(home: Home) {
    let store = home.store().await;
    let (case, item) = (entries::case_id(), item());
    let looks = [at_items(case, Viewer::Person(person()), &[item]), refused(at_items(case, Viewer::Operator, &[item]))];
    record(&store, &looks).await;
    let raw = raw(&home).await;

    let mut forbidden = vec![
        "UPDATE look SET granted = granted",
        "UPDATE look SET at = 1 WHERE id = 1",
        "DELETE FROM look",
        "DELETE FROM look WHERE id = 1",
    ];
    forbidden.extend(match home.engine() {
        Engine::Postgres => ["TRUNCATE look", "SET session_replication_role = replica; DELETE FROM look"],
        // Replacing deletes a row without a DELETE, and without the triggers on it.
        Engine::Sqlite => [
            "INSERT OR REPLACE INTO look SELECT * FROM look",
            "REPLACE INTO look (id, at, viewer, case_id, position, granted) VALUES (1, 1, 'operator', x'00', 1, 1)",
        ],
    });
    for sql in forbidden {
        assert!(raw.attempt(sql).await.is_err(), "the database allowed: {sql}");
    }
    assert_eq!(store.at_item(case, item, 10).await.unwrap(), looks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_once_the_file_of_looks_was_taken_away() {
    let home = Home::new(Engine::Sqlite);
    let store = home.store().await;
    let (case, reader) = (entries::case_id(), person());
    let (file, aside) = (home.folder().join("looks.db"), home.folder().join("aside.db"));
    std::fs::rename(&file, &aside).unwrap();
    let lost = store.record(at_page(case, Viewer::Person(reader), 1)).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    std::fs::rename(&aside, &file).unwrap();
    record(&store, &[at_page(case, Viewer::Person(reader), 2)]).await;
    assert_eq!(store.at_page(case, reader).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_store_from_before_there_was_an_access_log_gets_one_by_migrating() {
    let home = Home::new(Engine::Sqlite);
    home.store().await.close().await;
    for file in ["looks.db", "looks.db-wal", "looks.db-shm"] {
        let _may_be_absent = std::fs::remove_file(home.folder().join(file));
    }
    let opened = Store::open(&home.settings()).await.map(drop);
    assert!(matches!(opened, Err(StoreError::Misconfigured(_))), "{opened:?}");
    let (case, reader) = (entries::case_id(), person());
    let store = home.store().await;
    record(&store, &[at_page(case, Viewer::Person(reader), 1)]).await;
    assert_eq!(store.at_page(case, reader).await.unwrap().len(), 1);
}

laws!(
    a_look_is_there_once_it_is_acknowledged,
    looks_at_an_item_are_read_as_they_were_written_whoever_looked,
    looks_at_a_page_are_those_that_a_person_was_granted,
    the_first_look_at_each_item_is_known_from_one_item_to_another,
    of_two_hundred_looks_at_once_each_is_there_once,
    closing_records_what_waits_and_then_takes_no_more,
    a_look_that_cannot_be_recorded_is_not_acknowledged,
    the_database_refuses_to_change_or_to_delete_a_look,
);

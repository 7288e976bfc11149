//! Laws of the keys: what is shredded stays shut for good, and nothing else does.

mod rotation;

use std::path::Path;

use entente_application::ports::{Append, CaseLog, Shred, Shredder, StoreError};
use entente_domain::{By, CaseEvent, CaseId, Entry, ItemId, PersonId, Seal, Seals};
use entente_store::Store;
use entente_tests::engines::{Engine, Home, Opened};
use entente_tests::raw::Raw;
use entente_tests::{entries, laws};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

/// The keys behind the store's back: SQLite has them in a file of their own.
pub(super) async fn raw(home: &Home) -> Raw {
    match home.engine() {
        Engine::Postgres => home.raw().await,
        Engine::Sqlite => {
            let file = SqliteConnectOptions::new().filename(home.folder().join("keys.db"));
            Raw::Sqlite(SqlitePool::connect_with(file).await.unwrap())
        }
    }
}

/// A table of theirs, as it is called there.
pub(super) fn table(home: &Home, name: &str) -> String {
    match home.engine() {
        Engine::Postgres => format!("entente_keys.{name}"),
        Engine::Sqlite => name.to_owned(),
    }
}

/// What an id or a key looks like in hexadecimal.
fn hexadecimal(home: &Home, column: &str) -> String {
    match home.engine() {
        Engine::Postgres => format!("encode({column}, 'hex')"),
        Engine::Sqlite => format!("lower(hex({column}))"),
    }
}

/// All wrapped keys of cases, in hexadecimal.
async fn wrapped(home: &Home) -> Vec<String> {
    let (column, table) = (hexadecimal(home, "wrapped"), table(home, "case_key"));
    raw(home).await.texts(&format!("SELECT {column} FROM {table} WHERE wrapped IS NOT NULL")).await
}

/// A case of a registration and so many messages; the messages' items.
pub(super) async fn case_with(store: &Store, messages: usize) -> (CaseId, Vec<ItemId>) {
    let case = entries::case_id();
    let said: Vec<_> = (0..messages).map(|nth| entries::message(&format!("message {nth}"))).collect();
    let items = said.iter().filter_map(item).collect();
    let all = std::iter::once(entries::registered()).chain(said).collect();
    entries::must_append(store, entries::append(case, 0, all)).await;
    (case, items)
}

fn item(entry: &Entry) -> Option<ItemId> {
    match &entry.event {
        CaseEvent::MessagePosted(event) => Some(event.item),
        _ => None,
    }
}

/// How many parts of an entry are open, and how many shut.
fn parts(mut entry: Entry) -> (usize, usize) {
    let (mut open, mut shut) = (0, 0);
    let counted: Result<(), ()> = entry.seals(&mut |part: &mut dyn Seal| {
        *if part.token().is_some() { &mut shut } else { &mut open } += 1;
        Ok(())
    });
    counted.unwrap();
    (open, shut)
}

/// The entries of a case as this store opens them.
pub(super) async fn read(store: &Store, case: CaseId) -> Vec<Entry> {
    let opened = store.unseal(store.stream(case).await.unwrap()).await.unwrap();
    opened.into_iter().map(|recorded| recorded.entry).collect()
}

/// The items that cannot be read.
async fn shut_items(store: &Store, case: CaseId) -> Vec<ItemId> {
    let entries = read(store, case).await;
    entries.iter().filter(|entry| parts((*entry).clone()).1 > 0).filter_map(item).collect()
}

fn as_items(items: &[ItemId]) -> Vec<Shred> {
    items.iter().map(|item| Shred::Item(*item)).collect()
}

async fn an_item_that_is_shredded_stays_shut_and_everything_else_opens(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 5).await;
    let (other, _) = case_with(&store, 3).await;
    let before = read(&store, case).await;
    store.shred(case, &as_items(&items[1..3])).await.unwrap();
    for store in [store, home.store().await] {
        assert_eq!(shut_items(&store, case).await, items[1..3]);
        let after = read(&store, case).await;
        for (before, after) in before.iter().zip(&after) {
            assert!(before == after || item(after).is_some_and(|item| items[1..3].contains(&item)));
        }
        assert!(shut_items(&store, other).await.is_empty());
    }
}

async fn shredding_again_changes_nothing(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 3).await;
    store.shred(case, &as_items(&items[..1])).await.unwrap();
    let once = wrapped(&home).await;
    let what = [Shred::Item(items[0]), Shred::Item(items[0])];
    store.shred(case, &what).await.unwrap();
    home.store().await.shred(case, &what).await.unwrap();
    store.shred(case, &[]).await.unwrap();
    assert_eq!(wrapped(&home).await, once);
    assert_eq!(shut_items(&store, case).await, items[..1]);
    let nobody = entries::case_id();
    store.shred(nobody, &as_items(&items)).await.unwrap();
    assert!(read(&store, nobody).await.is_empty());
    case_with(&store, 1).await;
}

async fn a_person_who_is_shredded_is_forgotten_and_the_registration_is_not(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 1).await;
    let CaseEvent::Registered(registered) = read(&store, case).await.remove(0).event else { panic!("a registration") };
    let by_item = Shred::Item(ItemId(registered.head.person.0));
    store.shred(case, &[by_item]).await.unwrap();
    assert_eq!(parts(read(&store, case).await.remove(0)).1, 0, "an item of the same number is somebody else");

    store.shred(case, &[Shred::Person(registered.head.person)]).await.unwrap();
    let entries = read(&store, case).await;
    let CaseEvent::Registered(left) = &entries[0].event else { panic!("a registration") };
    assert!(left.head.name.clear().is_none() && left.head.email.clear().is_none());
    assert_eq!((&left.nature, &left.respondent_contact), (&registered.nature, &registered.respondent_contact));
    assert_eq!(parts(entries[0].clone()).1, 2);
    assert!(shut_items(&store, case).await.is_empty() && !items.is_empty());
}

async fn two_stores_that_shred_at_once_lose_nothing(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    let (case, items) = case_with(&one, 17).await;
    let tasks: Vec<_> = items[..16]
        .iter()
        .enumerate()
        .map(|(nth, item)| {
            let (store, item) = (if nth % 2 == 0 { one.clone() } else { other.clone() }, *item);
            tokio::spawn(async move { store.shred(case, &[Shred::Item(item)]).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    other.forget_keys(case);
    one.forget_keys(case);
    for store in [one, other, home.store().await] {
        assert_eq!(shut_items(&store, case).await, items[..16]);
    }
}

async fn a_case_that_is_shredded_stays_shut_and_takes_nothing_confidential(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 2).await;
    let (other, _) = case_with(&store, 1).await;
    store.shred(case, &as_items(&items[..1])).await.unwrap();
    store.shred(case, &[Shred::Item(items[1]), Shred::Case]).await.unwrap();
    store.destroy_key(case).await.unwrap();
    for store in [store, home.store().await] {
        assert!(read(&store, case).await.into_iter().all(|entry| parts(entry).0 == 0));
        let more = store.append(entries::append(case, 3, vec![entries::message("more")])).await;
        assert!(matches!(more, Err(StoreError::Misconfigured(_))), "{more:?}");
        assert!(shut_items(&store, other).await.is_empty());
    }
    assert_eq!(wrapped(&home).await.len(), 1);
}

async fn another_process_reads_on_until_it_is_told_to_forget(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    let (case, items) = case_with(&one, 2).await;
    assert!(shut_items(&other, case).await.is_empty());
    one.shred(case, &as_items(&items[..1])).await.unwrap();
    other.forget_keys(case);
    assert_eq!(shut_items(&other, case).await, items[..1]);
}

async fn nothing_is_added_under_the_name_of_what_was_shredded(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 1).await;
    store.shred(case, &as_items(&items)).await.unwrap();
    let mut again = entries::message("again");
    if let CaseEvent::MessagePosted(event) = &mut again.event {
        event.item = items[0];
    }
    let refused = store.append(entries::append(case, 2, vec![again])).await;
    assert!(matches!(refused, Err(StoreError::Misconfigured(_))), "{refused:?}");
    entries::must_append(&store, entries::append(case, 2, vec![entries::message("another")])).await;
}

async fn a_request_is_known_again_after_something_was_shredded(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 1).await;
    let request = Some([7; 32]);
    let append = Append { request, ..entries::append(case, 2, vec![entries::message("asked")]) };
    let command = append.command;
    entries::must_append(&store, append).await;
    store.shred(case, &as_items(&items)).await.unwrap();
    for store in [store, home.store().await] {
        assert!(store.done(command, request).await.unwrap().unwrap().same_request);
        assert!(!store.done(command, Some([8; 32])).await.unwrap().unwrap().same_request);
    }
}

fn holds(file: &Path, bytes: &[u8]) -> bool {
    std::fs::read(file).is_ok_and(|content| content.windows(bytes.len()).any(|window| window == bytes))
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len()).step_by(2).map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap()).collect()
}

async fn fill(store: &Opened, cases: usize) -> Vec<(CaseId, Vec<ItemId>)> {
    let mut all = Vec::with_capacity(cases);
    for _ in 0..cases {
        all.push(case_with(store, 1).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_sqlite_holds_a_key_that_was_replaced() {
    let home = Home::new(Engine::Sqlite);
    let store = home.store().await;
    // Enough of them that pages are split, and copies of rows may stay where the rows were.
    let cases = fill(&store, 150).await;
    let before = wrapped(&home).await;
    let (file, log) = (home.folder().join("keys.db"), home.folder().join("keys.db-wal"));
    let is_left = |key: &String| holds(&file, &bytes(key)[..24]) || holds(&log, &bytes(key)[..24]);
    assert!(before.iter().all(is_left), "the search finds what is there");
    // As the engine does where it moves rows between pages: copies to which no row leads, more than are written over.
    let moved = "CREATE TABLE moved AS SELECT one.wrapped FROM case_key AS one, case_key AS other; DROP TABLE moved";
    raw(&home).await.execute(moved).await;
    for (case, items) in &cases[..75] {
        store.shred(*case, &as_items(items)).await.unwrap();
    }
    for (case, _) in &cases[..25] {
        store.shred(*case, &[Shred::Case]).await.unwrap();
    }
    let now = wrapped(&home).await;
    let replaced: Vec<_> = before.iter().filter(|key| !now.contains(key)).collect();
    assert_eq!((before.len(), now.len(), replaced.len()), (150, 125, 75));
    assert_eq!(replaced.into_iter().filter(|key| is_left(key)).count(), 0);
    assert!(now.iter().all(is_left));
}

async fn whoever_speaks_is_no_part_of_a_person(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 1).await;
    let By::Seat { person, .. } = read(&store, case).await[1].by else { panic!("said from a seat") };
    store.shred(case, &[Shred::Person(person), Shred::Person(PersonId(items[0].0))]).await.unwrap();
    assert!(shut_items(&store, case).await.is_empty(), "what a person says is an item's");
}

laws!(
    an_item_that_is_shredded_stays_shut_and_everything_else_opens,
    shredding_again_changes_nothing,
    a_person_who_is_shredded_is_forgotten_and_the_registration_is_not,
    two_stores_that_shred_at_once_lose_nothing,
    a_case_that_is_shredded_stays_shut_and_takes_nothing_confidential,
    another_process_reads_on_until_it_is_told_to_forget,
    nothing_is_added_under_the_name_of_what_was_shredded,
    a_request_is_known_again_after_something_was_shredded,
    whoever_speaks_is_no_part_of_a_person,
);

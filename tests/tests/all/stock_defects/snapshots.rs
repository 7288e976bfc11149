//! The crate's event sink applies an event when it is written, and its snapshot stores apply it again on commit.

use cqrs_es::persist::{PersistedEventRepository, PersistedEventStore};
use cqrs_es::{CqrsFramework, EventStore};
use entente_application::ports::CaseLog;
use entente_tests::engines::Home;
use entente_tests::entries;
use entente_tests::laws;
use postgres_es::PostgresEventRepository;
use sqlite_es::SqliteEventRepository;

use super::toy::{self, Purse, PutIn};

/// Puts in 5, and says what the snapshot then holds and what the events add up to.
async fn snapshot_and_truth<R: PersistedEventRepository>(repository: impl Fn() -> R) -> (u64, u64) {
    let framework =
        CqrsFramework::<Purse, _>::new(PersistedEventStore::new_snapshot_store(repository(), 1), vec![], ());
    framework.execute("purse", PutIn(5)).await.unwrap();

    let snapshot = repository().get_snapshot::<Purse>("purse").await.unwrap().unwrap();
    let kept: Purse = serde_json::from_value(snapshot.aggregate).unwrap();
    let truth = PersistedEventStore::<_, Purse>::new_event_store(repository()).load_aggregate("purse").await.unwrap();
    (kept.total, truth.aggregate.total)
}

#[tokio::test]
async fn a_stock_snapshot_on_postgres_holds_every_event_twice() {
    let pool = toy::on_postgres().await;
    assert_eq!(snapshot_and_truth(|| PostgresEventRepository::new(pool.clone())).await, (10, 5));
}

#[tokio::test]
async fn a_stock_snapshot_on_sqlite_holds_every_event_twice() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    assert_eq!(snapshot_and_truth(|| SqliteEventRepository::new(pool.clone())).await, (10, 5));
}

#[tokio::test]
async fn a_stock_aggregate_store_goes_on_from_the_wrong_state() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    let framework = sqlite_es::sqlite_aggregate_cqrs::<Purse>(pool.clone(), vec![], ());
    framework.execute("purse", PutIn(5)).await.unwrap();
    framework.execute("purse", PutIn(1)).await.unwrap();

    let snapshot = SqliteEventRepository::new(pool).get_snapshot::<Purse>("purse").await.unwrap().unwrap();
    assert_eq!(snapshot.aggregate["total"], 12, "5 and 1 were put in");
}

/// Ours keeps no snapshot; what it keeps in memory instead equals a fold of the stored stream.
async fn what_ours_remembers_is_what_the_stream_says(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let mut expected = 0;
    for group in [vec![entries::registered()], vec![entries::message("one"), entries::message("two")]] {
        let many = group.len() as u64;
        store.append(entries::append(case, expected, group)).await.unwrap();
        expected += many;
        let remembered = store.fold(case).await.unwrap();
        assert_eq!(remembered.version, expected);
        let stream = store.stream(case).await.unwrap();
        assert_eq!(*remembered.state, entries::folded(&stream));
    }
}

laws!(what_ours_remembers_is_what_the_stream_says);

//! The crate's streams and replays end early, and say `Ok`, when something goes wrong half-way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use cqrs_es::persist::{PersistedEventRepository, QueryReplay};
use cqrs_es::{EventEnvelope, Query};
use entente_application::ports::{CaseLog, Position, StoreError};
use entente_tests::engines::{Engine, Home};
use entente_tests::entries;
use entente_tests::raw::CUT_OTHERS;
use postgres_es::PostgresEventRepository;
use sqlite_es::SqliteEventRepository;
use sqlx::{Executor, PgPool};

use super::toy::{self, Purse};

/// Enough that neither end's buffers hold all of it: about 40 MB.
const MANY: u64 = 20_000;

const FILL: &str = r#"INSERT INTO events SELECT 'Purse', 'purse', n, 'PutIn', '1',
    json_build_object('PutIn', json_build_object('coins', 1)), json_build_object('padding', repeat('x', 2000))
    FROM generate_series(1, 20000) AS n"#;

/// Counts the events that a replay hands on; cuts all other connections when it sees the first, if it is told where.
#[derive(Clone, Default)]
struct Counter {
    seen: Arc<AtomicU64>,
    cut: Option<PgPool>,
}

#[async_trait]
impl Query<Purse> for Counter {
    async fn dispatch(&self, _: &str, events: &[EventEnvelope<Purse>]) {
        let before = self.seen.fetch_add(events.len() as u64, Ordering::SeqCst);
        if let (0, Some(pool)) = (before, &self.cut) {
            pool.execute(CUT_OTHERS).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_stock_replay_says_ok_although_the_connection_died_half_way() {
    let pool = toy::on_postgres().await;
    pool.execute(FILL).await.unwrap();

    // Without a cut, the same replay sees them all: what is missing below is missing because of the cut.
    let whole = Counter::default();
    QueryReplay::<_, _, Purse>::new(PostgresEventRepository::new(pool.clone()), whole.clone())
        .replay_all()
        .await
        .unwrap();
    assert_eq!(whole.seen.load(Ordering::SeqCst), MANY);

    let knife = PgPool::connect_with((*pool.connect_options()).clone()).await.unwrap();
    let cut = Counter { cut: Some(knife), ..Counter::default() };
    let replay = QueryReplay::<_, _, Purse>::new(PostgresEventRepository::new(pool), cut.clone()).replay_all().await;
    assert!(replay.is_ok(), "the crate reports no error");
    let seen = cut.seen.load(Ordering::SeqCst);
    assert!((1..MANY).contains(&seen), "{seen} of {MANY} events were replayed");
}

#[tokio::test]
async fn a_stock_stream_ends_without_an_error_when_the_connection_dies() {
    let pool = toy::on_postgres().await;
    pool.execute(FILL).await.unwrap();
    let knife = PgPool::connect_with((*pool.connect_options()).clone()).await.unwrap();

    let mut stream = PostgresEventRepository::new(pool).stream_all_events::<Purse>().await.unwrap();
    assert!(stream.next::<Purse>(&[]).await.unwrap().is_ok());
    knife.execute(CUT_OTHERS).await.unwrap();
    let mut seen = 1;
    while let Some(next) = stream.next::<Purse>(&[]).await {
        assert!(next.is_ok(), "no error comes out of the stream");
        seen += 1;
    }
    assert!(seen < MANY, "{seen} of {MANY}");
}

/// Three events, of which the second is of a kind that the program does not know; what the replay says and saw.
const WITH_A_STRANGER: &str = r#"INSERT INTO events VALUES
    ('Purse', 'purse', 1, 'PutIn', '1', '{"PutIn": {"coins": 1}}', '{}'),
    ('Purse', 'purse', 2, 'Stolen', '1', '{"Stolen": {"coins": 1}}', '{}'),
    ('Purse', 'purse', 3, 'PutIn', '1', '{"PutIn": {"coins": 1}}', '{}')"#;

#[tokio::test]
async fn a_stock_replay_on_postgres_leaves_out_an_event_that_it_does_not_know() {
    let pool = toy::on_postgres().await;
    pool.execute(WITH_A_STRANGER).await.unwrap();
    let counter = Counter::default();
    assert!(
        QueryReplay::<_, _, Purse>::new(PostgresEventRepository::new(pool), counter.clone())
            .replay("purse")
            .await
            .is_ok()
    );
    assert_eq!(counter.seen.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_stock_replay_on_sqlite_leaves_out_an_event_that_it_does_not_know() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    pool.execute(WITH_A_STRANGER).await.unwrap();
    let counter = Counter::default();
    assert!(
        QueryReplay::<_, _, Purse>::new(SqliteEventRepository::new(pool), counter.clone())
            .replay("purse")
            .await
            .is_ok()
    );
    assert_eq!(counter.seen.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_stock_replay_on_sqlite_ends_with_ok_at_a_row_that_is_no_json() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    pool.execute(WITH_A_STRANGER).await.unwrap();
    pool.execute("UPDATE events SET payload = '{\"PutIn\"' WHERE sequence = 2").await.unwrap();
    let counter = Counter::default();
    assert!(
        QueryReplay::<_, _, Purse>::new(SqliteEventRepository::new(pool), counter.clone())
            .replay("purse")
            .await
            .is_ok()
    );
    assert_eq!(counter.seen.load(Ordering::SeqCst), 1, "the third event is never seen");
}

/// Ours, in the same situation: every cut is an error, and going on from the last position misses nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_reader_says_so_when_it_is_cut_and_then_misses_nothing() {
    let home = Home::new(Engine::Postgres);
    let store = home.store().await;
    let total = entries::fill(&store, 40, 25).await;
    let knife = home.raw().await;

    let cutting = tokio::spawn(async move {
        for _ in 0..20 {
            knife.execute(CUT_OTHERS).await;
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
    let (mut at, mut seen, mut failures) = (Position(0), Vec::new(), 0);
    while at.0 < total || !cutting.is_finished() {
        if at.0 == total {
            // Read it all again for as long as connections are being cut.
            (at, seen) = (Position(0), Vec::new());
        }
        match store.page(at, 50).await {
            Ok(page) => {
                assert!(!page.is_empty(), "an empty page after {at:?} would be an early end");
                at = page.last().map_or(at, |last| last.position);
                seen.extend(page.iter().map(|recorded| recorded.position.0));
            }
            Err(StoreError::Unavailable(_)) => failures += 1,
            Err(other) => panic!("a cut connection is no {other}"),
        }
        assert!(failures < 1_000, "the reader does not recover");
    }
    cutting.await.unwrap();
    assert_eq!(seen, (1..=total).collect::<Vec<_>>());
}

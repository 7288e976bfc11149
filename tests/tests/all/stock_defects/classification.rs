//! The crates take one error of the database for another: repeats for conflicts, and what passes for what is fatal.

use std::collections::HashMap;
use std::time::Duration;

use cqrs_es::AggregateError;
use entente_application::ports::{Append, Appended, CaseLog, StoreError};
use entente_tests::engines::{Engine, Home};
use entente_tests::raw::CUT_OTHERS;
use entente_tests::{entries, laws};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Executor, PgPool};

use super::toy::{self, Purse, PutIn};

fn command(id: &str) -> HashMap<String, String> {
    HashMap::from([("command".to_owned(), id.to_owned())])
}

#[tokio::test]
async fn on_postgres_stock_takes_a_repeated_command_for_a_version_conflict() {
    let pool = toy::on_postgres().await;
    pool.execute("CREATE UNIQUE INDEX once ON events ((metadata ->> 'command'))").await.unwrap();
    let framework = postgres_es::postgres_cqrs::<Purse>(pool, vec![], ());
    framework.execute_with_metadata("purse", PutIn(5), command("7")).await.unwrap();

    // Whoever loads and tries again on a conflict, as the crate's documentation advises, does so for ever.
    for _ in 0..3 {
        let repeated = framework.execute_with_metadata("purse", PutIn(5), command("7")).await;
        assert!(matches!(repeated, Err(AggregateError::AggregateConflict)), "{repeated:?}");
    }
}

#[tokio::test]
async fn on_sqlite_stock_takes_a_repeated_command_for_a_failure_of_the_database() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    pool.execute("CREATE UNIQUE INDEX once ON events (metadata ->> 'command')").await.unwrap();
    let framework = sqlite_es::sqlite_cqrs::<Purse>(pool, vec![], ());
    framework.execute_with_metadata("purse", PutIn(5), command("7")).await.unwrap();

    let repeated = framework.execute_with_metadata("purse", PutIn(5), command("7")).await;
    assert!(matches!(repeated, Err(AggregateError::UnexpectedError(_))), "{repeated:?}");
}

#[tokio::test]
async fn stock_takes_a_busy_sqlite_for_an_unexpected_error() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    let impatient = (*pool.connect_options()).clone().busy_timeout(Duration::from_millis(50));
    let impatient = SqlitePoolOptions::new().connect_with(impatient).await.unwrap();
    let mut writer = pool.acquire().await.unwrap();
    writer.execute("BEGIN IMMEDIATE").await.unwrap();

    let busy = sqlite_es::sqlite_cqrs::<Purse>(impatient, vec![], ()).execute("purse", PutIn(5)).await;
    assert!(matches!(busy, Err(AggregateError::UnexpectedError(_))), "nothing says that it is worth trying again");
    writer.execute("ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn stock_takes_a_serialization_failure_for_an_unexpected_error() {
    let pool = toy::on_postgres().await;
    let strict = (*pool.connect_options()).clone().options([("default_transaction_isolation", r"repeatable\ read")]);
    let strict = PgPoolOptions::new().connect_with(strict).await.unwrap();
    let framework = postgres_es::postgres_aggregate_cqrs::<Purse>(strict, vec![], ());
    framework.execute("purse", PutIn(5)).await.unwrap();

    let mut rival = pool.begin().await.unwrap();
    rival.execute("UPDATE snapshots SET payload = payload").await.unwrap();
    let (failed, ()) = tokio::join!(framework.execute("purse", PutIn(1)), async {
        until_somebody_waits(&pool).await;
        rival.commit().await.unwrap();
    });
    match failed {
        Err(AggregateError::UnexpectedError(error)) => assert!(error.to_string().contains("serialize"), "{error}"),
        other => panic!("{other:?}"),
    }
}

async fn until_somebody_waits(pool: &PgPool) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..1_000 {
        if sqlx::query_scalar::<_, i64>(waiting).fetch_one(pool).await.unwrap() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody waits");
}

/// Ours tells a repeat from a conflict, whatever the version that it comes with.
async fn a_repeat_is_a_repeat_and_a_conflict_is_a_conflict(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let first = entries::append(case, 0, vec![entries::registered()]);
    assert!(matches!(store.append(first.clone()).await.unwrap(), Appended::At { .. }));

    for version in [0, 1] {
        let again = Append { expected: version, ..first.clone() };
        assert_eq!(store.append(again).await.unwrap(), Appended::Repeated);
    }
    let stale = entries::append(case, 0, vec![entries::message("too late")]);
    assert_eq!(store.append(stale).await.unwrap(), Appended::Conflict);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ours_waits_for_a_busy_sqlite() {
    let home = Home::new(Engine::Sqlite);
    let store = home.store().await;
    let rival = home.sqlite_pool().await;
    let mut rival = rival.acquire().await.unwrap();
    rival.execute("BEGIN IMMEDIATE").await.unwrap();

    let (appended, ()) =
        tokio::join!(store.append(entries::append(entries::case_id(), 0, vec![entries::registered()])), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            rival.execute("ROLLBACK").await.unwrap();
        });
    assert!(matches!(appended.unwrap(), Appended::At { .. }));
}

/// Ours on a database that makes every transaction serializable: what fails is worth asking again, and was not done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_serialization_failure_is_worth_asking_again_for_ours() {
    let home = Home::new(Engine::Postgres);
    home.store().await;
    let knife = home.raw().await;
    knife
        .execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$")
        .await;
    knife.execute(CUT_OTHERS).await;

    let stores = [home.store().await, home.store().await];
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move {
                let append = entries::append(entries::case_id(), 0, vec![entries::registered()]);
                (append.command, store.append(append).await)
            })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (command, Ok(Appended::At { .. })) => acknowledged.push(command),
            (_, Err(StoreError::Unavailable(_))) => {}
            (_, other) => panic!("{other:?}"),
        }
    }
    assert!(!acknowledged.is_empty());
    let mut in_log: Vec<_> = entries::whole_log(&stores[0]).await.iter().map(|recorded| recorded.command).collect();
    acknowledged.sort_unstable();
    in_log.sort_unstable();
    assert_eq!(in_log, acknowledged);
}

laws!(a_repeat_is_a_repeat_and_a_conflict_is_a_conflict);

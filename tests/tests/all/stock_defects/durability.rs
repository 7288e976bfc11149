//! The crate's pool for SQLite lets a power cut take back what it has acknowledged.

use entente_store::Database;
use entente_tests::engines::{Engine, Home};

use super::toy;

/// What `PRAGMA synchronous` calls NORMAL: in WAL mode a commit is not flushed.
const NORMAL: i64 = 1;
/// FULL: every commit is flushed before it is acknowledged.
const FULL: i64 = 2;

#[tokio::test]
async fn the_stock_pool_does_not_flush_commits() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&pool).await.unwrap();
    assert_eq!(synchronous, NORMAL);
}

/// Ours: the pools that write the log's file and the keys'. The log's own connection has the options of the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ours_flushes_every_commit() {
    let home = Home::new(Engine::Sqlite);
    let store = home.store().await;
    let Database::Sqlite(sqlite) = store.database() else { panic!("this is SQLite's home") };
    for pool in [&sqlite.writer, &sqlite.keys] {
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await.unwrap();
        assert_eq!(synchronous, FULL);
    }
}

//! The crate's pool for SQLite lets a power cut take back what it has acknowledged.

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

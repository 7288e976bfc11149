//! SQLite's way to keep many keys with one statement.

use entente_application::ports::StoreError;
use sqlx::SqlitePool;
use uuid::Uuid;

use crate::crypto::hex;
use crate::errors::fault;
use crate::keys::NewKey;

/// The wrapped keys of these cases; `None` for a destroyed one.
pub(crate) async fn select(pool: &SqlitePool, cases: &[Uuid]) -> Result<Vec<(Uuid, Option<Vec<u8>>)>, StoreError> {
    let cases: Vec<String> = cases.iter().map(|case| format!("\"{}\"", case.simple())).collect();
    sqlx::query_as("SELECT case_id, wrapped FROM case_key WHERE case_id IN (SELECT unhex(value) FROM json_each($1))")
        .bind(format!("[{}]", cases.join(",")))
        .fetch_all(pool)
        .await
        .map_err(fault)
}

/// Stores the keys of cases that have none, but for those that a key of keys wrapped that no longer counts; durable
/// when it answers.
pub(crate) async fn insert(pool: &SqlitePool, keys: &[&NewKey]) -> Result<(), StoreError> {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| format!("[\"{}\",\"{}\",\"{}\"]", key.case.simple(), hex(&key.wrapped), hex(&key.check)))
        .collect();
    sqlx::query(
        "INSERT INTO case_key (case_id, wrapped) SELECT unhex(new.value ->> 0), unhex(new.value ->> 1) \
         FROM json_each($1) AS new WHERE unhex(new.value ->> 2) = (SELECT counts.value FROM key_check AS counts) \
         ON CONFLICT DO NOTHING",
    )
    .bind(format!("[{}]", keys.join(",")))
    .execute(pool)
    .await
    .map_err(fault)?;
    Ok(())
}

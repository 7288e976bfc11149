//! PostgreSQL's way to keep many keys with one statement.

use entente_application::ports::StoreError;
use sqlx::PgPool;
use uuid::Uuid;

use crate::errors::fault;
use crate::keys::NewKey;

/// The wrapped keys of these cases; `None` for a destroyed one.
pub(crate) async fn select(pool: &PgPool, cases: &[Uuid]) -> Result<Vec<(Uuid, Option<Vec<u8>>)>, StoreError> {
    sqlx::query_as("SELECT case_id, wrapped FROM entente_keys.case_key WHERE case_id = ANY($1)")
        .bind(cases)
        .fetch_all(pool)
        .await
        .map_err(fault)
}

/// Stores the keys of cases that have none, but for those that a key of keys wrapped that no longer counts; durable
/// when it answers. The lock on the check value holds off rotation, and waits for one that goes on.
pub(crate) async fn insert(pool: &PgPool, keys: &[&NewKey]) -> Result<(), StoreError> {
    sqlx::query(
        "WITH counts AS (SELECT value FROM entente_keys.key_check FOR SHARE) \
         INSERT INTO entente_keys.case_key (case_id, wrapped) SELECT new.case_id, new.wrapped \
         FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS new (case_id, wrapped, value) \
         JOIN counts ON counts.value = new.value ON CONFLICT DO NOTHING",
    )
    .bind(keys.iter().map(|key| key.case).collect::<Vec<_>>())
    .bind(keys.iter().map(|key| key.wrapped.as_slice()).collect::<Vec<_>>())
    .bind(keys.iter().map(|key| key.check.as_slice()).collect::<Vec<_>>())
    .execute(pool)
    .await
    .map_err(fault)?;
    Ok(())
}

//! The rows of the keys' database, of which each is wrapped for itself.

use entente_application::ports::StoreError;
use uuid::Uuid;

use crate::database::{Database, reading};
use crate::errors::{damaged, fault};
use crate::{postgres, sqlite};

const CHECK: &str = "SELECT value FROM entente_keys.key_check";
const INSERT_CHECK: &str = "INSERT INTO entente_keys.key_check (one, value) VALUES (1, $1) ON CONFLICT DO NOTHING";
const CASE: &str = "SELECT wrapped FROM entente_keys.case_key WHERE case_id = $1";
const SECRET: &str = "SELECT wrapped FROM entente_keys.centre_secret WHERE name = $1";
const INSERT_SECRET: &str =
    "INSERT INTO entente_keys.centre_secret (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/// Something that lies there wrapped by the key of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept<'a> {
    /// The key of a case.
    Case(Uuid),
    /// A secret of the centre's.
    Secret(&'a str),
}

impl Kept<'_> {
    /// What it is bound to: a case's 16 bytes, or a text that is longer than these.
    pub(crate) fn context(self) -> Vec<u8> {
        match self {
            Self::Case(case) => case.as_bytes().to_vec(),
            Self::Secret(name) => [b"entente/2 secret ", name.as_bytes()].concat(),
        }
    }
}

impl std::fmt::Display for Kept<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Case(case) => write!(f, "the key of case {case}"),
            Self::Secret(name) => write!(f, "the centre's secret {name:?}"),
        }
    }
}

/// What is stored; none if nothing is, or not any more.
pub(crate) async fn select(database: &Database, kept: Kept<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = reading!(database, keys, |pool| {
        match kept {
            Kept::Case(case) => {
                sqlx::query_scalar(&database.keys_sql(CASE)).bind(case).fetch_optional(pool).await.map_err(fault)?
            }
            Kept::Secret(name) => {
                sqlx::query_scalar(&database.keys_sql(SECRET)).bind(name).fetch_optional(pool).await.map_err(fault)?
            }
        }
    });
    Ok(found.flatten())
}

/// The wrapped keys of these cases; `None` for a destroyed one.
pub(crate) async fn select_cases(
    database: &Database,
    cases: &[Uuid],
) -> Result<Vec<(Uuid, Option<Vec<u8>>)>, StoreError> {
    match database {
        Database::Postgres(postgres) => postgres::keys::select(&postgres.pool, cases).await,
        Database::Sqlite(sqlite) => sqlite::keys::select(&sqlite.keys, cases).await,
    }
}

/// Stores a secret if there is none of this name.
pub(crate) async fn insert_secret(database: &Database, name: &str, wrapped: &[u8]) -> Result<(), StoreError> {
    reading!(database, keys, |pool| {
        let sql = database.keys_sql(INSERT_SECRET);
        sqlx::query(&sql).bind(name).bind(wrapped).execute(pool).await.map(drop).map_err(fault)
    })
}

/// A constant under the key of keys: tells a wrong one before it does harm, and the right one from an older one.
pub(crate) async fn check(database: &Database) -> Result<Option<Vec<u8>>, StoreError> {
    reading!(database, keys, |pool| {
        sqlx::query_scalar(&database.keys_sql(CHECK)).fetch_optional(pool).await.map_err(fault)
    })
}

/// Stores the check value. Two processes may start together: the first value counts.
pub(crate) async fn insert_check(database: &Database, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    reading!(database, keys, |pool| {
        let sql = database.keys_sql(INSERT_CHECK);
        sqlx::query(&sql).bind(value).execute(pool).await.map_err(fault)?;
    });
    check(database).await?.ok_or_else(|| damaged("the check value of the master key cannot be read back"))
}

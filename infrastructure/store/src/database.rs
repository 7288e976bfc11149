//! The two engines behind one face: the SQL is shared, the pools and the way to begin a write are not.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use entente_application::ports::StoreError;
use sqlx::{PgPool, SqlitePool};
use tokio::sync::Mutex;

use crate::settings::{Scheme, Settings};
use crate::{postgres, sqlite};

/// An open database of one of the two engines.
#[derive(Clone, Debug)]
pub enum Database {
    /// A PostgreSQL server.
    Postgres(Postgres),
    /// A SQLite file.
    Sqlite(Sqlite),
}

/// A PostgreSQL server.
#[derive(Clone, Debug)]
pub struct Postgres {
    /// For everything but appending.
    pub pool: PgPool,
}

/// A SQLite file.
#[derive(Clone, Debug)]
pub struct Sqlite {
    /// Connections that cannot write.
    pub readers: SqlitePool,
    /// The one connection that writes everything but the log.
    pub writer: SqlitePool,
    /// The cases' keys, in a file of their own.
    pub keys: SqlitePool,
    /// The one connection that writes the access log, in a file of its own.
    pub looks: SqlitePool,
    /// Connections that read the access log and cannot write.
    pub look_readers: SqlitePool,
    /// The access log's file, and which file that was when it was opened.
    pub(crate) looks_file: (PathBuf, Option<u64>),
    /// Whose turn it is to write. SQLite has one writer at a time, and its own way of waiting is to sleep.
    pub(crate) turn: Arc<Mutex<()>>,
}

impl Database {
    pub(crate) async fn open(settings: &Settings) -> Result<Self, StoreError> {
        match settings.scheme()? {
            Scheme::Postgres => postgres::open(settings).await.map(Self::Postgres),
            Scheme::Sqlite => sqlite::open(settings).await.map(Self::Sqlite),
        }
    }

    /// SQL about the keys, written for PostgreSQL, as this engine wants it: SQLite has them in a file of their own and
    /// not in a schema, and locks that file and no rows.
    pub(crate) fn keys_sql(&self, sql: &'static str) -> Cow<'static, str> {
        match self {
            Self::Postgres(_) => Cow::Borrowed(sql),
            Self::Sqlite(_) => {
                let sql = sql.replace("entente_keys.", "").replace(" FOR SHARE", "").replace(" FOR UPDATE", "");
                Cow::Owned(sql)
            }
        }
    }

    /// Ends all connections but the log writer's.
    pub(crate) async fn close(&self) {
        match self {
            Self::Postgres(postgres) => postgres.pool.close().await,
            Self::Sqlite(sqlite) => {
                sqlite.readers.close().await;
                sqlite.writer.close().await;
                sqlite.keys.close().await;
                sqlite.look_readers.close().await;
                sqlite.looks.close().await;
            }
        }
    }
}

/// Runs the same body on a pool of either engine; for reading, and for what is written by one statement. SQLite's pool
/// may be named, if it is of another file.
macro_rules! reading {
    ($database:expr, |$pool:ident| $body:expr) => {
        $crate::database::reading!($database, readers, |$pool| $body)
    };
    ($database:expr, $file:ident, |$pool:ident| $body:expr) => {
        match $database {
            $crate::database::Database::Postgres(postgres) => {
                let $pool = &postgres.pool;
                $body
            }
            $crate::database::Database::Sqlite(sqlite) => {
                let $pool = &sqlite.$file;
                $body
            }
        }
    };
}
pub(crate) use reading;

/// Runs the same body in a transaction of either engine and commits it; leaving the body early rolls it back.
macro_rules! writing {
    (@begun $begin:expr, $engine:ty, |$transaction:ident, $Engine:ident| $body:block) => {{
        #[allow(dead_code, reason = "not every body names its engine")]
        type $Engine = $engine;
        let mut $transaction = $begin.await.map_err($crate::errors::fault)?;
        let answer = $body;
        $transaction.commit().await.map_err($crate::errors::commit_fault)?;
        answer
    }};
    ($database:expr, |$transaction:ident, $Engine:ident| $body:block) => {
        match $database {
            $crate::database::Database::Postgres(postgres) => $crate::database::writing!(
                @begun postgres.pool.begin(), ::sqlx::Postgres, |$transaction, $Engine| $body
            ),
            $crate::database::Database::Sqlite(sqlite) => {
                let _turn = sqlite.turn.lock().await;
                $crate::database::writing!(
                    @begun $crate::sqlite::begin(&sqlite.writer), ::sqlx::Sqlite, |$transaction, $Engine| $body
                )
            }
        }
    };
    // SQLite: in the file of the keys, for which there is one connection, and so no turn to wait for.
    ($database:expr, keys, |$transaction:ident, $Engine:ident| $body:block) => {
        match $database {
            $crate::database::Database::Postgres(postgres) => $crate::database::writing!(
                @begun postgres.pool.begin(), ::sqlx::Postgres, |$transaction, $Engine| $body
            ),
            $crate::database::Database::Sqlite(sqlite) => $crate::database::writing!(
                @begun $crate::sqlite::begin(&sqlite.keys), ::sqlx::Sqlite, |$transaction, $Engine| $body
            ),
        }
    };
}
pub(crate) use writing;

//! SQLite: how its files are made and opened, and its way to keep keys.

pub(crate) mod log;

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use entente_application::ports::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlitePool};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::crypto::hex;
use crate::database::Sqlite;
use crate::errors::fault;
use crate::settings::Settings;

/// Opens the files as they are; [`crate::migrations`] fills new ones.
pub(crate) async fn open(settings: &Settings) -> Result<Sqlite, StoreError> {
    let log = log_options(settings)?;
    let keys = shared_options(SqliteConnectOptions::new().filename(settings.data_dir.join("keys.db")))
        // What a destroyed key leaves in the file is overwritten.
        .pragma("secure_delete", "ON");
    let readers = SqlitePoolOptions::new()
        .max_connections(settings.readers.max(1))
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false);
    let one = readers.clone().max_connections(1);
    let reading = SqliteConnectOptions::from_str(&settings.url)
        .map_err(fault)?
        .read_only(true)
        .busy_timeout(Duration::from_secs(5))
        .row_buffer_size(1024);
    // The writer comes first: it makes the file a write-ahead one, which readers cannot.
    let writer = one.clone().connect_with(log).await.map_err(|error| absent(&error))?;
    let keys = one.connect_with(keys).await.map_err(|error| absent(&error))?;
    Ok(Sqlite {
        readers: readers.connect_with(reading).await.map_err(|error| absent(&error))?,
        writer,
        keys,
        turn: Arc::new(Mutex::new(())),
    })
}

/// Makes empty files where there are none, in folders that only their owner may enter.
pub(crate) async fn create(settings: &Settings) -> Result<(), StoreError> {
    let log = log_options(settings)?;
    if let Some(folder) = log.get_filename().parent().filter(|folder| !folder.as_os_str().is_empty()) {
        crate::master::private_folder(folder)?;
    }
    let keys = SqliteConnectOptions::new().filename(settings.data_dir.join("keys.db"));
    for options in [log, shared_options(keys)] {
        let connection = options.create_if_missing(true).connect().await.map_err(fault)?;
        connection.close().await.map_err(fault)?;
    }
    Ok(())
}

fn log_options(settings: &Settings) -> Result<SqliteConnectOptions, StoreError> {
    if settings.url.contains(":memory:") || settings.url.contains("mode=memory") {
        return Err(StoreError::Misconfigured("the log must be a file: memory forgets".to_owned()));
    }
    Ok(shared_options(SqliteConnectOptions::from_str(&settings.url).map_err(fault)?)
        // Fewer, larger checkpoints: index pages are written back once for many batches.
        .pragma("wal_autocheckpoint", "4000"))
}

fn shared_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL loses acknowledged commits when the power goes.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("recursive_triggers", "ON")
        .disable_statement_logging()
}

fn absent(error: &sqlx::Error) -> StoreError {
    StoreError::Misconfigured(format!(
        "the database cannot be opened ({error}): is the path right, was `entente migrate` run?"
    ))
}

/// The wrapped keys of these cases; `None` for a destroyed one.
pub(crate) async fn select_keys(pool: &SqlitePool, cases: &[Uuid]) -> Result<Vec<(Uuid, Option<Vec<u8>>)>, StoreError> {
    let cases: Vec<String> = cases.iter().map(|case| format!("\"{}\"", case.simple())).collect();
    sqlx::query_as("SELECT case_id, wrapped FROM case_key WHERE case_id IN (SELECT unhex(value) FROM json_each($1))")
        .bind(format!("[{}]", cases.join(",")))
        .fetch_all(pool)
        .await
        .map_err(fault)
}

/// Stores the keys of cases that have none; durable when it answers.
pub(crate) async fn insert_keys(pool: &SqlitePool, keys: &[(Uuid, Vec<u8>)]) -> Result<(), StoreError> {
    let keys: Vec<String> =
        keys.iter().map(|(case, wrapped)| format!("[\"{}\",\"{}\"]", case.simple(), hex(wrapped))).collect();
    sqlx::query(
        "INSERT INTO case_key (case_id, wrapped) SELECT unhex(value ->> 0), unhex(value ->> 1) \
         FROM json_each($1) WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(format!("[{}]", keys.join(",")))
    .execute(pool)
    .await
    .map_err(fault)?;
    Ok(())
}

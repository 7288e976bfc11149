//! SQLite: how its files are made and opened, and its way to keep looks.

pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod remains;

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use entente_application::ports::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlitePool, Transaction};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::database::Sqlite;
use crate::errors::fault;
use crate::looks::LookLine;
use crate::settings::Settings;

/// The file of the cases' keys.
const KEYS: &str = "keys.db";
/// The file of the access log.
const LOOKS: &str = "looks.db";
/// How many connections read the access log at most: only audits do.
const LOOK_READERS: u32 = 4;

/// Opens the files as they are; [`crate::migrations`] fills new ones.
pub(crate) async fn open(settings: &Settings) -> Result<Sqlite, StoreError> {
    let log = log_options(settings)?;
    let keys = beside_options(settings, KEYS)
        // What a destroyed key leaves in the file is overwritten, and no copy of the keys is laid down elsewhere while
        // the file is written anew.
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY");
    let looks = beside_options(settings, LOOKS);
    let readers = SqlitePoolOptions::new()
        .max_connections(settings.readers.max(1))
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false);
    let one = readers.clone().max_connections(1);
    let some = readers.clone().max_connections(settings.readers.clamp(1, LOOK_READERS));
    let reading = reading_options(settings, SqliteConnectOptions::from_str(&settings.url).map_err(fault)?);
    let reading_looks = reading_options(settings, beside(settings, LOOKS));
    // A file's writer comes first: it makes the file a write-ahead one, which readers cannot.
    // What an upload that is forgotten leaves in it is overwritten.
    let log = log.pragma("secure_delete", "ON");
    let writer = one.clone().connect_with(log).await.map_err(|error| absent("the database", &error))?;
    let keys = one.clone().connect_with(keys).await.map_err(|error| absent(KEYS, &error))?;
    let looks = one.connect_with(looks).await.map_err(|error| absent(LOOKS, &error))?;
    Ok(Sqlite {
        readers: readers.connect_with(reading).await.map_err(|error| absent("the database", &error))?,
        writer,
        keys,
        looks,
        look_readers: some.connect_with(reading_looks).await.map_err(|error| absent(LOOKS, &error))?,
        looks_file: (settings.data_dir.join(LOOKS), inode(&settings.data_dir.join(LOOKS))),
        turn: Arc::new(Mutex::new(())),
    })
}

/// Which file lies at a path, if any; SQLite writes on into one that was taken away.
#[cfg(unix)]
fn inode(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|file| file.ino())
}

/// The same where files cannot be taken from under an open connection.
#[cfg(not(unix))]
fn inode(_path: &Path) -> Option<u64> {
    None
}

/// Makes empty files where there are none, in folders that only their owner may enter.
pub(crate) async fn create(settings: &Settings) -> Result<(), StoreError> {
    let log = log_options(settings)?;
    if let Some(folder) = log.get_filename().parent().filter(|folder| !folder.as_os_str().is_empty()) {
        crate::master::private_folder(folder)?;
    }
    for options in [log, beside_options(settings, KEYS), beside_options(settings, LOOKS)] {
        let connection = options.create_if_missing(true).connect().await.map_err(fault)?;
        connection.close().await.map_err(fault)?;
    }
    Ok(())
}

/// Begins a transaction on a pool's one connection. In a task of its own: whoever asks may go away at any moment, as clients
/// do, and a BEGIN that was answered to nobody would stay open for ever.
pub(crate) async fn begin(pool: &SqlitePool) -> Result<Transaction<'static, sqlx::Sqlite>, sqlx::Error> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with("BEGIN IMMEDIATE").await });
    begun.await.map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))?
}

fn log_options(settings: &Settings) -> Result<SqliteConnectOptions, StoreError> {
    if settings.url.contains(":memory:") || settings.url.contains("mode=memory") {
        return Err(StoreError::Misconfigured("the log must be a file: memory forgets".to_owned()));
    }
    Ok(shared_options(settings, SqliteConnectOptions::from_str(&settings.url).map_err(fault)?)
        // Fewer, larger checkpoints: index pages are written back once for many batches.
        .pragma("wal_autocheckpoint", "4000"))
}

/// A file of the data folder, beside the log.
fn beside(settings: &Settings, file: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(settings.data_dir.join(file))
}

fn beside_options(settings: &Settings, file: &str) -> SqliteConnectOptions {
    shared_options(settings, beside(settings, file))
}

fn reading_options(settings: &Settings, options: SqliteConnectOptions) -> SqliteConnectOptions {
    settings.telling(options.read_only(true).busy_timeout(Duration::from_secs(5)).row_buffer_size(1024))
}

fn shared_options(settings: &Settings, options: SqliteConnectOptions) -> SqliteConnectOptions {
    let options = options
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL loses acknowledged commits when the power goes.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("recursive_triggers", "ON");
    settings.telling(options)
}

fn absent(file: &str, error: &sqlx::Error) -> StoreError {
    StoreError::Misconfigured(format!(
        "{file} cannot be opened ({error}): is the path right, was `entente migrate` run?"
    ))
}

/// Adds looks to the access log; durable when it answers.
pub(crate) async fn insert_looks(database: &Sqlite, looks: &[LookLine]) -> Result<(), StoreError> {
    let (path, opened) = &database.looks_file;
    if inode(path) != *opened {
        return Err(StoreError::Unavailable(format!("{LOOKS} was taken away while it was in use: put it back")));
    }
    let hexadecimal = |id: Option<Uuid>| id.map(|id| id.simple().to_string());
    let looks: Vec<_> = looks
        .iter()
        .map(|look| {
            let (person, case, item) =
                (hexadecimal(look.person), look.case.simple().to_string(), hexadecimal(look.item));
            (look.at, look.viewer, person, case, item, look.position, look.granted)
        })
        .collect();
    let looks =
        serde_json::to_string(&looks).map_err(|_| StoreError::Misconfigured("a look has no JSON form".to_owned()))?;
    sqlx::query(
        "INSERT INTO look (at, viewer, person, case_id, item, position, granted) \
         SELECT value ->> 0, value ->> 1, unhex(value ->> 2), unhex(value ->> 3), unhex(value ->> 4), \
         value ->> 5, value ->> 6 FROM json_each($1) ORDER BY key",
    )
    .bind(looks)
    .execute(&database.looks)
    .await
    .map_err(fault)?;
    Ok(())
}

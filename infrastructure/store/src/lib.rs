//! The log, the keys, the read models and the access log, on SQLite and PostgreSQL: the only crate that knows SQL.
//!
//! [`Store::open`] looks at the URL once; after that nobody can tell which engine it is.

mod cache;
mod case_key;
mod crypto;
mod database;
mod directory;
mod documents;
mod encryption;
mod errors;
mod exposure_batches;
mod exposure_changes;
mod exposure_rows;
mod exposures;
mod fact_rows;
mod fact_table;
mod facts;
mod key_count;
mod key_rows;
mod keys;
mod log;
mod looks;
mod master;
mod migrations;
mod names;
mod outbox;
mod place;
mod postgres;
mod process_batches;
mod processes;
mod reader;
mod recorder;
mod roster;
mod rotation;
mod rows;
mod sealing;
mod settings;
mod shredding;
mod sqlite;
mod stock;
mod tokens;
mod tree;
mod upload_rows;
mod uploads;
mod view_batches;
mod view_builds;
mod view_changes;
mod view_rows;
mod views;
mod wrapping;
mod writer;

use std::path::Path;
use std::sync::Arc;

use cqrs_es::persist::EventUpcaster;
use entente_application::ports::{Shred, Shredder as _, StoreError};
use entente_domain::CaseId;

pub use self::database::{Database, Postgres, Sqlite};
pub use self::encryption::KeyEncryption;
pub use self::key_count::KeyCount;
pub use self::rotation::Rotated;
pub use self::settings::Settings;
pub use self::stock::CaseContext;

use self::cache::Cache;
use self::keys::Keys;
use self::postgres::log::PostgresLog;
use self::recorder::Recorder;
use self::settings::Scheme;
use self::sqlite::log::SqliteLog;
use self::wrapping::Wrapping;
use self::writer::Writer;

/// The store; a clone is another handle on the same one.
#[derive(Clone)]
pub struct Store {
    database: Database,
    keys: Arc<Keys>,
    cache: Arc<Cache>,
    writer: Writer,
    recorder: Recorder,
    upcasters: Arc<[Arc<dyn EventUpcaster>]>,
}

impl Store {
    /// Opens a store for serving and starts its writers; needs a Tokio runtime.
    ///
    /// # Errors
    /// If the database does not answer, has a pending migration, would lose acknowledged events, or if the master key
    /// is missing or wrong.
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        let database = Database::open(settings).await?;
        migrations::check(&database).await?;
        let keys = Keys::open(&database, settings).await?;
        reader::check_end(&database).await?;
        let head = reader::head(&database).await?;
        let writer = match &database {
            Database::Postgres(_) => Writer::start(PostgresLog::new(settings)?, head, settings.batch),
            Database::Sqlite(sqlite) => Writer::start(SqliteLog::new(settings, sqlite)?, head, settings.batch),
        };
        Ok(Self {
            recorder: Recorder::start(&database),
            database,
            keys: Arc::new(keys),
            cache: Arc::new(Cache::new(settings.cached_cases)),
            writer,
            upcasters: settings.upcasters.as_slice().into(),
        })
    }

    /// Brings the schema up to date, and makes the data folder and the SQLite files if there are none.
    ///
    /// # Errors
    /// If the database does not answer, or is not one that this program may migrate.
    pub async fn migrate(settings: &Settings) -> Result<(), StoreError> {
        master::private_folder(&settings.data_dir)?;
        // Two programs may be started for the first time at the same moment; SQLite would let both migrate.
        let _alone = master::alone(&settings.data_dir, master::MIGRATING).await?;
        if settings.scheme()? == Scheme::Sqlite {
            sqlite::create(settings).await?;
        }
        let database = Database::open(settings).await?;
        let migrated = migrations::run(&database).await;
        database.close().await;
        migrated
    }

    /// [`Store::migrate`], then [`Store::open`].
    ///
    /// # Errors
    /// As both.
    pub async fn open_and_migrate(settings: &Settings) -> Result<Self, StoreError> {
        Self::migrate(settings).await?;
        Self::open(settings).await
    }

    /// Appends and records what waits, then ends the writers and all connections. Later requests fail.
    pub async fn close(&self) {
        self.writer.close().await;
        self.recorder.close().await;
        self.database.close().await;
    }

    /// The pools, for tests and benchmarks that look at the tables themselves.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Destroys a case's key: what was confidential in it stays shut for good, and nothing confidential can be added.
    ///
    /// Other processes may hold the key in memory until they are told to forget it.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn destroy_key(&self, case: CaseId) -> Result<(), StoreError> {
        self.shred(case, &[Shred::Case]).await
    }

    /// Copies the master key to a new file that only its owner can read, once it is found to be the right one.
    ///
    /// # Errors
    /// If the database does not answer, if the master key is missing or wrong, or if the file exists.
    pub async fn back_up_master(settings: &Settings, to: &Path) -> Result<(), StoreError> {
        if let Some(kms) = &settings.kms {
            return Err(StoreError::Misconfigured(format!("there is no master key: {} wraps the keys", kms.name())));
        }
        let database = Database::open(settings).await?;
        let found = match migrations::check(&database).await {
            Ok(()) => Wrapping::open(&database, settings, false).await.map(drop),
            Err(error) => Err(error),
        };
        database.close().await;
        found.and_then(|()| master::copy(&settings.data_dir, to))
    }

    /// Forgets a folded case, so that the next command on it reads its stream; for benchmarks of cold cases.
    pub fn forget(&self, case: CaseId) {
        self.cache.forget(case);
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("database", &self.database).finish_non_exhaustive()
    }
}

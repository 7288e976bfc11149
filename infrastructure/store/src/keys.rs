//! The cases' keys: made when first needed, wrapped by the master key, destroyed for good.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use entente_application::ports::StoreError;
use entente_domain::CaseId;
use lru::LruCache;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::crypto::{CaseKey, Master, random};
use crate::database::Database;
use crate::errors::{damaged, fault};
use crate::settings::Settings;
use crate::{master, postgres, sqlite};

/// How many new keys share a flush at most.
const BATCH: usize = 64;

/// What the check value says once it is unwrapped: the master key is the right one.
const CHECK: [u8; 32] = *b"entente: this is the master key.";

/// The keys, and a bounded number of them in memory.
pub(crate) struct Keys {
    database: Database,
    master: Master,
    known: Mutex<LruCache<CaseId, Arc<CaseKey>>>,
    new: mpsc::Sender<New>,
}

/// A key that is to be stored, and whom to tell which one counts.
struct New {
    case: Uuid,
    wrapped: Vec<u8>,
    answer: oneshot::Sender<Result<Option<Vec<u8>>, StoreError>>,
}

impl Keys {
    pub(crate) fn name(&self, space: &str, words: &[&[u8]]) -> uuid::Uuid {
        self.master.name(space, words)
    }

    /// Reads the master key, or makes it if nothing was ever wrapped; refuses one that wrapped other keys.
    pub(crate) async fn open(database: &Database, settings: &Settings) -> Result<Self, StoreError> {
        let check = stored_check(database).await?;
        let secret = match master::read(&settings.data_dir)? {
            Some(secret) => secret,
            None if check.is_none() => master::create(&settings.data_dir)?,
            None => {
                return Err(StoreError::Misconfigured(format!(
                    "the master key {} is missing, and keys were wrapped by it: restore it from its backup",
                    settings.data_dir.join(master::NAME).display()
                )));
            }
        };
        let master = Master::new(&secret);
        let check = match check {
            Some(check) => check,
            None => store_check(database, master.wrap(Uuid::nil(), &CHECK)?).await?,
        };
        if master.unwrap(Uuid::nil(), &check) != Some(CHECK) {
            return Err(StoreError::Misconfigured(format!(
                "{} is not the master key that wrapped the keys of this database: restore the right one",
                settings.data_dir.join(master::NAME).display()
            )));
        }
        let (new, waiting) = mpsc::channel(1024);
        tokio::spawn(store_new(database.clone(), waiting));
        let capacity = NonZeroUsize::new(settings.cached_cases).unwrap_or(NonZeroUsize::MIN);
        Ok(Self { database: database.clone(), master, known: Mutex::new(LruCache::new(capacity)), new })
    }

    /// The key of a case that may have none yet; `None` if it was destroyed.
    pub(crate) async fn make(&self, case: CaseId) -> Result<Option<Arc<CaseKey>>, StoreError> {
        if let Some(key) = self.known(case) {
            return Ok(Some(key));
        }
        let (answer, stored) = oneshot::channel();
        let wrapped = self.master.wrap(case.0, &random()?)?;
        let stopped = || StoreError::Unavailable("the store is closed".to_owned());
        self.new.send(New { case: case.0, wrapped, answer }).await.map_err(|_| stopped())?;
        match stored.await.map_err(|_| stopped())?? {
            Some(wrapped) => self.learn(case, &wrapped).map(Some),
            None => Ok(None),
        }
    }

    /// The keys of those of these cases that have one.
    pub(crate) async fn find(&self, cases: &BTreeSet<CaseId>) -> Result<HashMap<CaseId, Arc<CaseKey>>, StoreError> {
        let mut found = HashMap::with_capacity(cases.len());
        let mut missing = Vec::new();
        for case in cases {
            match self.known(*case) {
                Some(key) => drop(found.insert(*case, key)),
                None => missing.push(case.0),
            }
        }
        for some in missing.chunks(1000) {
            for (case, wrapped) in select(&self.database, some).await? {
                if let Some(wrapped) = wrapped {
                    found.insert(CaseId(case), self.learn(CaseId(case), &wrapped)?);
                }
            }
        }
        Ok(found)
    }

    /// Destroys a case's key: what it sealed stays shut. Other processes forget it when they restart.
    pub(crate) async fn destroy(&self, case: CaseId) -> Result<(), StoreError> {
        match &self.database {
            Database::Postgres(postgres) => sqlx::query(
                "INSERT INTO entente_keys.case_key (case_id, wrapped) VALUES ($1, NULL) \
                 ON CONFLICT (case_id) DO UPDATE SET wrapped = NULL",
            )
            .bind(case.0)
            .execute(&postgres.pool)
            .await
            .map(drop),
            Database::Sqlite(sqlite) => sqlx::query(
                "INSERT INTO case_key (case_id, wrapped) VALUES ($1, NULL) \
                 ON CONFLICT (case_id) DO UPDATE SET wrapped = NULL",
            )
            .bind(case.0)
            .execute(&sqlite.keys)
            .await
            .map(drop),
        }
        .map_err(fault)?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).pop(&case);
        Ok(())
    }

    fn known(&self, case: CaseId) -> Option<Arc<CaseKey>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&case).cloned()
    }

    fn learn(&self, case: CaseId, wrapped: &[u8]) -> Result<Arc<CaseKey>, StoreError> {
        let secret = self
            .master
            .unwrap(case.0, wrapped)
            .ok_or_else(|| damaged(format!("the key of case {case} cannot be unwrapped")))?;
        let key = Arc::new(CaseKey::new(&secret));
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(case, Arc::clone(&key));
        Ok(key)
    }
}

/// Stores keys that wait together with one flush, for as long as anybody may ask.
async fn store_new(database: Database, mut waiting: mpsc::Receiver<New>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        match stored(&database, &batch).await {
            Ok(stored) => {
                for new in batch.drain(..) {
                    // Nobody listens if the asker has gone away; the key stays for the next.
                    drop(new.answer.send(Ok(stored.get(&new.case).cloned().flatten())));
                }
            }
            Err(error) => {
                for new in batch.drain(..) {
                    drop(new.answer.send(Err(StoreError::Unavailable(error.to_string()))));
                }
            }
        }
    }
}

/// The first key of a case counts, whichever process stored it: what is read back is what is used.
async fn stored(database: &Database, batch: &[New]) -> Result<HashMap<Uuid, Option<Vec<u8>>>, StoreError> {
    let keys: Vec<(Uuid, Vec<u8>)> = batch.iter().map(|new| (new.case, new.wrapped.clone())).collect();
    let cases: Vec<Uuid> = batch.iter().map(|new| new.case).collect();
    match database {
        Database::Postgres(postgres) => postgres::insert_keys(&postgres.pool, &keys).await?,
        Database::Sqlite(sqlite) => sqlite::insert_keys(&sqlite.keys, &keys).await?,
    }
    Ok(select(database, &cases).await?.into_iter().collect())
}

async fn select(database: &Database, cases: &[Uuid]) -> Result<Vec<(Uuid, Option<Vec<u8>>)>, StoreError> {
    match database {
        Database::Postgres(postgres) => postgres::select_keys(&postgres.pool, cases).await,
        Database::Sqlite(sqlite) => sqlite::select_keys(&sqlite.keys, cases).await,
    }
}

async fn stored_check(database: &Database) -> Result<Option<Vec<u8>>, StoreError> {
    match database {
        Database::Postgres(postgres) => {
            sqlx::query_scalar("SELECT value FROM entente_keys.key_check").fetch_optional(&postgres.pool).await
        }
        Database::Sqlite(sqlite) => {
            sqlx::query_scalar("SELECT value FROM key_check").fetch_optional(&sqlite.keys).await
        }
    }
    .map_err(fault)
}

/// Two processes may start together: the first value counts.
async fn store_check(database: &Database, value: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    match database {
        Database::Postgres(postgres) => {
            sqlx::query("INSERT INTO entente_keys.key_check (one, value) VALUES (1, $1) ON CONFLICT DO NOTHING")
                .bind(value)
                .execute(&postgres.pool)
                .await
                .map(drop)
        }
        Database::Sqlite(sqlite) => {
            sqlx::query("INSERT INTO key_check (one, value) VALUES (1, $1) ON CONFLICT DO NOTHING")
                .bind(value)
                .execute(&sqlite.keys)
                .await
                .map(drop)
        }
    }
    .map_err(fault)?;
    stored_check(database).await?.ok_or_else(|| damaged("the check value of the master key cannot be read back"))
}

//! The cases' keys: made when first needed, wrapped by the key of keys, a bounded number of them in memory.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entente_application::ports::StoreError;
use entente_domain::CaseId;
use lru::LruCache;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::case_key::CaseKey;
use crate::crypto::random;
use crate::database::Database;
use crate::errors::damaged;
use crate::key_rows::{self, Kept};
use crate::settings::Settings;
use crate::wrapping::Wrapping;
use crate::{names, postgres, sqlite};

/// How many new keys share a flush at most.
const BATCH: usize = 64;

/// The keys, and a bounded number of them in memory.
pub(crate) struct Keys {
    wrapping: Wrapping,
    names: [u8; 32],
    known: Mutex<Known>,
    new: mpsc::Sender<New>,
}

/// The keys in memory.
struct Known {
    keys: LruCache<CaseId, Arc<CaseKey>>,
    /// How often one was forgotten: what was read before that may be a key of which something has been destroyed since.
    forgotten: u64,
}

impl Known {
    fn new(capacity: usize) -> Self {
        Self { keys: LruCache::new(NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN)), forgotten: 0 }
    }

    /// Keeps a key that was read when `seen` had been forgotten.
    fn keep(&mut self, case: CaseId, key: &Arc<CaseKey>, seen: u64) {
        if self.forgotten == seen {
            self.keys.put(case, Arc::clone(key));
        }
    }

    fn forget(&mut self, case: CaseId) {
        self.forgotten += 1;
        self.keys.pop(&case);
    }
}

/// A key that is to be stored, and whom to tell which one counts.
struct New {
    row: NewKey,
    answer: oneshot::Sender<Result<Stored, StoreError>>,
}

/// A key that is to be stored, if the key of keys that wrapped it still counts.
#[derive(Clone)]
pub(crate) struct NewKey {
    pub(crate) case: Uuid,
    pub(crate) wrapped: Vec<u8>,
    pub(crate) check: Vec<u8>,
}

/// What is stored of a case: a key, or that it was destroyed; or nothing, since another key of keys counts by now.
type Stored = Option<Option<Vec<u8>>>;

impl Keys {
    /// Finds the key of keys, and the secret that ids follow from.
    pub(crate) async fn open(database: &Database, settings: &Settings) -> Result<Self, StoreError> {
        let wrapping = Wrapping::open(database, settings, false).await?;
        let names = names::secret(&wrapping).await?;
        let (new, waiting) = mpsc::channel(1024);
        tokio::spawn(store_new(database.clone(), waiting));
        let known = Mutex::new(Known::new(settings.cached_cases));
        Ok(Self { wrapping, names, known, new })
    }

    /// What ids follow from.
    pub(crate) const fn names(&self) -> &[u8; 32] {
        &self.names
    }

    pub(crate) fn database(&self) -> &Database {
        self.wrapping.database()
    }

    pub(crate) const fn wrapping(&self) -> &Wrapping {
        &self.wrapping
    }

    /// The key of a case that may have none yet; `None` if it was destroyed.
    pub(crate) async fn make(&self, case: CaseId) -> Result<Option<Arc<CaseKey>>, StoreError> {
        if let Some(key) = self.known().keys.get(&case) {
            return Ok(Some(Arc::clone(key)));
        }
        let seen = self.known().forgotten;
        let stopped = || StoreError::Unavailable("the store is closed".to_owned());
        let secret: [u8; 32] = random()?;
        let wrapped = loop {
            let current = self.wrapping.current();
            let wrapped = current.encryption.wrap(&Kept::Case(case.0).context(), &secret).await?;
            let (answer, stored) = oneshot::channel();
            let row = NewKey { case: case.0, wrapped, check: current.check.clone() };
            self.new.send(New { row, answer }).await.map_err(|_| stopped())?;
            match stored.await.map_err(|_| stopped())?? {
                Some(stored) => break stored,
                None if self.wrapping.renew(&current).await? => {}
                None => return Err(damaged("a key that was stored cannot be read back")),
            }
        };
        match wrapped {
            Some(wrapped) => self.learn(case, wrapped, seen).await,
            None => Ok(None),
        }
    }

    /// The key of a case, unless it has none or it was destroyed.
    pub(crate) async fn of(&self, case: CaseId) -> Result<Option<Arc<CaseKey>>, StoreError> {
        Ok(self.find(&BTreeSet::from([case])).await?.remove(&case))
    }

    /// The keys of those of these cases that have one.
    pub(crate) async fn find(&self, cases: &BTreeSet<CaseId>) -> Result<HashMap<CaseId, Arc<CaseKey>>, StoreError> {
        let mut found = HashMap::with_capacity(cases.len());
        let mut missing = Vec::new();
        let seen = {
            let mut known = self.known();
            for case in cases {
                match known.keys.get(case) {
                    Some(key) => drop(found.insert(*case, Arc::clone(key))),
                    None => missing.push(case.0),
                }
            }
            known.forgotten
        };
        for some in missing.chunks(1000) {
            for (case, wrapped) in key_rows::select_cases(self.wrapping.database(), some).await? {
                let Some(wrapped) = wrapped else { continue };
                if let Some(key) = self.learn(CaseId(case), wrapped, seen).await? {
                    found.insert(CaseId(case), key);
                }
            }
        }
        Ok(found)
    }

    /// Forgets a case's key, and any that is being read at this moment.
    pub(crate) fn forget(&self, case: CaseId) {
        self.known().forget(case);
    }

    async fn learn(&self, case: CaseId, wrapped: Vec<u8>, seen: u64) -> Result<Option<Arc<CaseKey>>, StoreError> {
        let Some(clear) = self.wrapping.unwrap(Kept::Case(case.0), wrapped).await? else { return Ok(None) };
        let key = CaseKey::read(&clear).ok_or_else(|| damaged(format!("the key of case {case} is none")))?;
        let key = Arc::new(key);
        self.known().keep(case, &key, seen);
        Ok(Some(key))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
                    drop(new.answer.send(Ok(stored.get(&new.row.case).cloned())));
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
    let rows: Vec<&NewKey> = batch.iter().map(|new| &new.row).collect();
    let cases: Vec<Uuid> = rows.iter().map(|row| row.case).collect();
    match database {
        Database::Postgres(postgres) => postgres::keys::insert(&postgres.pool, &rows).await?,
        Database::Sqlite(sqlite) => sqlite::keys::insert(&sqlite.keys, &rows).await?,
    }
    Ok(key_rows::select_cases(database, &cases).await?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_read_before_it_was_forgotten_is_not_remembered() {
        let mut known = Known::new(2);
        let (case, key) = (CaseId(Uuid::from_u128(1)), Arc::new(CaseKey::new(&[7; 32])));
        known.keep(case, &key, known.forgotten);
        assert!(known.keys.contains(&case));
        let seen = known.forgotten;
        known.forget(case);
        known.keep(case, &key, seen);
        assert!(!known.keys.contains(&case), "something may have been taken out of it meanwhile");
        known.keep(case, &key, known.forgotten);
        assert!(known.keys.contains(&case));
    }
}

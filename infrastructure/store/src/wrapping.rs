//! The key of keys that counts at the moment: found when a store opens, and again when another process has rotated it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use entente_application::ports::StoreError;

use crate::database::Database;
use crate::encryption::{CHECK, FOR_CHECK, FileKey, KeyEncryption};
use crate::errors::damaged;
use crate::key_rows::{self, Kept};
use crate::master;
use crate::settings::Settings;

/// How often a row may be found wrapped by a key of keys that is newer than the one in hand.
const ATTEMPTS: u32 = 4;

/// A key of keys, and the check value that it wrapped: as long as that is stored, it is the one that counts.
pub(crate) struct Current {
    pub(crate) encryption: Arc<dyn KeyEncryption>,
    pub(crate) check: Vec<u8>,
    /// What ids followed from while they followed from the master key.
    pub(crate) names: Option<[u8; 32]>,
}

/// Wraps and unwraps what lies in the keys' database.
pub(crate) struct Wrapping {
    database: Database,
    folder: PathBuf,
    kms: Option<Arc<dyn KeyEncryption>>,
    current: RwLock<Arc<Current>>,
}

impl Wrapping {
    /// Finds the key of keys; makes a master key if nothing was ever wrapped, and refuses one that wrapped other keys.
    ///
    /// `alone` says that this process has locked rotation already.
    pub(crate) async fn open(database: &Database, settings: &Settings, alone: bool) -> Result<Self, StoreError> {
        let current = match &settings.kms {
            Some(kms) => of_service(database, kms).await?,
            None => of_file(database, &settings.data_dir, alone).await?,
        };
        Ok(Self {
            database: database.clone(),
            folder: settings.data_dir.clone(),
            kms: settings.kms.clone(),
            current: RwLock::new(Arc::new(current)),
        })
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks whether another key of keys counts by now, and takes it up; whether it is another than the one used.
    pub(crate) async fn renew(&self, used: &Arc<Current>) -> Result<bool, StoreError> {
        let current = self.current();
        if key_rows::check(&self.database).await?.as_ref() == Some(&current.check) {
            return Ok(!Arc::ptr_eq(used, &current));
        }
        let fresh = match &self.kms {
            Some(kms) => of_service(&self.database, kms).await?,
            None => of_file(&self.database, &self.folder, false).await?,
        };
        tracing::info!(key = fresh.encryption.name(), "the key of keys was rotated: the new one is used from now on");
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(true)
    }

    /// What was wrapped; none if it is not stored any more. What was read may have been rotated since, or the key of
    /// keys in hand may be an older one: both are looked at again before the row is called damaged.
    pub(crate) async fn unwrap(&self, kept: Kept<'_>, mut wrapped: Vec<u8>) -> Result<Option<Vec<u8>>, StoreError> {
        let context = kept.context();
        for _ in 0..ATTEMPTS {
            let current = self.current();
            if let Some(clear) = current.encryption.unwrap(&context, &wrapped).await? {
                return Ok(Some(clear));
            }
            let renewed = self.renew(&current).await?;
            let Some(stored) = key_rows::select(&self.database, kept).await? else { return Ok(None) };
            if !renewed && stored == wrapped {
                return Err(damaged(format!("{kept} cannot be unwrapped")));
            }
            wrapped = stored;
        }
        Err(StoreError::Unavailable("the key of keys is rotated again and again".to_owned()))
    }
}

async fn of_service(database: &Database, kms: &Arc<dyn KeyEncryption>) -> Result<Current, StoreError> {
    let check = match key_rows::check(database).await? {
        Some(check) => check,
        None => key_rows::insert_check(database, &kms.wrap(FOR_CHECK, &CHECK).await?).await?,
    };
    if kms.unwrap(FOR_CHECK, &check).await?.is_none_or(|clear| clear != CHECK) {
        return Err(StoreError::Misconfigured(format!(
            "{} did not wrap the keys of this database: name the service that did",
            kms.name()
        )));
    }
    Ok(Current { encryption: Arc::clone(kms), check, names: None })
}

/// The master key that wrapped the check value. Finishes a rotation that ended between its commit and its last step,
/// and clears away what one that ended before has left.
async fn of_file(database: &Database, folder: &Path, alone: bool) -> Result<Current, StoreError> {
    let (mut alone, mut tried) = (alone, alone);
    let mut lock = None;
    loop {
        let stored = key_rows::check(database).await?;
        let found = master::read(folder)?.map(|secret| FileKey::new(&secret));
        let Some(check) = stored else {
            let key = found.map_or_else(|| master::create(folder).map(|secret| FileKey::new(&secret)), Ok)?;
            let check = key_rows::insert_check(database, &key.wrap(FOR_CHECK, &CHECK).await?).await?;
            return if key.wrapped(&check) { Ok(current(key, check)) } else { Err(refused(folder, true)) };
        };
        let exists = found.is_some();
        let fits = found.filter(|key| key.wrapped(&check));
        let has_next = master::has_next(folder);
        if let Some(key) = fits {
            if !has_next || (tried && !alone) {
                return Ok(current(key, check));
            }
            if alone {
                master::remove_next(folder)?;
                return Ok(current(key, check));
            }
        } else if tried {
            let next = master::read_next(folder).map(|secret| FileKey::new(&secret));
            let Some(key) = next.filter(|key| key.wrapped(&check)) else { return Err(refused(folder, exists)) };
            if alone {
                master::promote_next(folder)?;
            }
            return Ok(current(key, check));
        }
        // What is to be seen is half of a rotation, perhaps of one that goes on: look again once none does. Where the
        // folder cannot be locked nothing is changed in it either.
        lock = master::alone(folder, master::ROTATING).await.ok().or(lock);
        (alone, tried) = (lock.is_some(), true);
    }
}

fn current(key: FileKey, check: Vec<u8>) -> Current {
    let names = Some(key.names());
    Current { encryption: Arc::new(key), check, names }
}

fn refused(folder: &Path, exists: bool) -> StoreError {
    let path = folder.join(master::NAME);
    StoreError::Misconfigured(if exists {
        format!(
            "{} is not the master key that wrapped the keys of this database: restore the right one",
            path.display()
        )
    } else {
        format!("the master key {} is missing, and keys were wrapped by it: restore it from its backup", path.display())
    })
}

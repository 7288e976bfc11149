//! Destroying keys: a whole case's, or those of single items, persons and documents by puncturing the case's key.

use std::convert::Infallible;

use async_trait::async_trait;
use entente_application::ports::{CaseLog as _, Shred, Shredder, StoreError};
use entente_domain::sealed::{Path, Seals as _};
use entente_domain::{CaseId, ObjectId, Seal};

use crate::Store;
use crate::case_key::CaseKey;
use crate::database::{Database, writing};
use crate::errors::{damaged, fault};
use crate::key_rows::{self, Kept};
use crate::keys::Keys;
use crate::place::Whose;
use crate::sqlite::remains;
use crate::upload_rows::Doomed::{Single, Whole};

/// Held while a key is replaced: rotation takes it for itself.
const COUNTS: &str = "SELECT value FROM entente_keys.key_check FOR SHARE";
const CASE: &str = "SELECT wrapped FROM entente_keys.case_key WHERE case_id = $1 AND wrapped IS NOT NULL";
const DESTROY: &str = "INSERT INTO entente_keys.case_key (case_id, wrapped) VALUES ($1, NULL) \
    ON CONFLICT (case_id) DO UPDATE SET wrapped = NULL";
const REPLACE: &str = "UPDATE entente_keys.case_key SET wrapped = $3 WHERE case_id = $1 AND wrapped = $2";
const DOCUMENTS: &str = "DELETE FROM entente_keys.document_key WHERE case_id = $1 RETURNING wrapped";
const DOCUMENT: &str = "DELETE FROM entente_keys.document_key WHERE case_id = $1 AND object = $2 RETURNING wrapped";

/// How often a case's key may be replaced by others while something is taken out of it.
const ATTEMPTS: u32 = 100;

/// Wrapped keys that are stored no more.
type Gone = Vec<Vec<u8>>;

#[async_trait]
impl Shredder for Store {
    async fn stands_alone(&self, case: CaseId, what: Shred) -> Result<bool, StoreError> {
        let Some(whose) = whose(&what) else { return Ok(true) };
        let mut alone = true;
        for mut recorded in self.stream(case).await? {
            let looked = recorded.entry.seals_at(&Path::ROOT, &mut |path: &Path<'_>, part: &mut dyn Seal| {
                if Whose::from(path.subject()) == whose && part.token().is_some_and(CaseKey::sealed_with_the_case) {
                    alone = false;
                }
                Ok::<(), Infallible>(())
            });
            match looked {
                Ok(()) => {}
                Err(never) => match never {},
            }
        }
        Ok(alone)
    }

    /// An item or a person that does not stand alone stays readable in part: whoever asks has to have looked.
    ///
    /// Copies of the keys' database, and what PostgreSQL keeps of rows and in its own log, hold what was destroyed since:
    /// they become useless when the master key is rotated and the old one is destroyed wherever it is kept.
    async fn shred(&self, case: CaseId, what: &[Shred]) -> Result<(), StoreError> {
        if what.is_empty() {
            return Ok(());
        }
        let whole = what.contains(&Shred::Case);
        let objects: Vec<ObjectId> = what.iter().filter_map(object).collect();
        // From here on no upload of these can be submitted, whatever happens in between.
        let uploads = if whole { Whole(case) } else { Single(case, &objects) };
        let given_up = uploads.give_up(&self.database).await?;
        let doubt = Doubt(&self.keys, case);
        let gone = if whole { self.destroy(case).await? } else { self.puncture(case, what, &objects).await? };
        drop(doubt);
        uploads.delete(&self.database).await?;
        // Read again at once: whoever asks next must not tell by one statement more that something was erased.
        let read = if whole { Ok(None) } else { self.keys.of(case).await };
        clear(&self.database, gone, given_up).await;
        read.map(drop)
    }

    fn forget_keys(&self, case: CaseId) {
        self.keys.forget(case);
    }
}

impl Store {
    async fn destroy(&self, case: CaseId) -> Result<Gone, StoreError> {
        let database = &self.database;
        let gone = writing!(database, keys, |transaction, Engine| {
            let counts = database.keys_sql(COUNTS);
            sqlx::query(&counts).execute(&mut *transaction).await.map_err(fault)?;
            let old = database.keys_sql(CASE);
            let mut gone: Gone =
                sqlx::query_scalar(&old).bind(case.0).fetch_all(&mut *transaction).await.map_err(fault)?;
            let destroy = database.keys_sql(DESTROY);
            sqlx::query(&destroy).bind(case.0).execute(&mut *transaction).await.map_err(fault)?;
            let documents = database.keys_sql(DOCUMENTS);
            let query = sqlx::query_scalar::<_, Option<Vec<u8>>>(&documents).bind(case.0);
            gone.extend(query.fetch_all(&mut *transaction).await.map_err(fault)?.into_iter().flatten());
            gone
        });
        Ok(gone)
    }

    /// Takes these out of the case's key. Whoever else replaces it at the same moment loses nothing: what is replaced
    /// is what was read, or it is read again.
    async fn puncture(&self, case: CaseId, what: &[Shred], objects: &[ObjectId]) -> Result<Gone, StoreError> {
        let (database, wrapping, kept) = (&self.database, self.keys.wrapping(), Kept::Case(case.0));
        let taken: Vec<Whose> = what.iter().filter_map(whose).collect();
        for _ in 0..ATTEMPTS {
            // Of a case without a key, or whose key is destroyed, nothing is left to take out.
            let Some(old) = key_rows::select(database, kept).await? else { return Ok(Gone::new()) };
            let Some(clear) = wrapping.unwrap(kept, old.clone()).await? else { return Ok(Gone::new()) };
            let key = CaseKey::read(&clear).ok_or_else(|| damaged(format!("{kept} is none")))?;
            let current = wrapping.current();
            let left = match key.without(&taken) {
                Some(left) => Some(current.encryption.wrap(&kept.context(), &left).await?),
                None => None,
            };
            let gone = writing!(database, keys, |transaction, Engine| {
                let counts = database.keys_sql(COUNTS);
                let check: Vec<u8> = sqlx::query_scalar(&counts).fetch_one(&mut *transaction).await.map_err(fault)?;
                let mut gone = Gone::new();
                let mut moved_on = check != current.check;
                if let (Some(left), false) = (&left, moved_on) {
                    let replace = database.keys_sql(REPLACE);
                    let query = sqlx::query(&replace).bind(case.0).bind(&old).bind(left);
                    moved_on = query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0;
                    gone.push(old);
                }
                if moved_on {
                    None
                } else {
                    let document = database.keys_sql(DOCUMENT);
                    for object in objects {
                        let query = sqlx::query_scalar::<_, Option<Vec<u8>>>(&document).bind(case.0).bind(object.0);
                        gone.extend(query.fetch_all(&mut *transaction).await.map_err(fault)?.into_iter().flatten());
                    }
                    Some(gone)
                }
            });
            match gone {
                Some(gone) => return Ok(gone),
                None => drop(wrapping.renew(&current).await?),
            }
        }
        Err(StoreError::Unavailable(format!("{kept} is replaced again and again")))
    }
}

/// Whatever becomes of it, and wherever it is cut off: a key that was in memory before is not to be trusted after.
struct Doubt<'a>(&'a Keys, CaseId);

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        self.0.forget(self.1);
    }
}

fn whose(what: &Shred) -> Option<Whose> {
    match what {
        Shred::Case => None,
        Shred::Item(item) => Some(Whose::Item(*item)),
        Shred::Person(person) => Some(Whose::Person(*person)),
        Shred::Object(object) => Some(Whose::Object(*object)),
    }
}

fn object(what: &Shred) -> Option<ObjectId> {
    match what {
        Shred::Object(object) => Some(*object),
        Shred::Case | Shred::Item(_) | Shred::Person(_) => None,
    }
}

/// Clears away what destroyed keys leave behind. The keys are destroyed whatever comes of it: where it fails the
/// operator is told, and nobody else.
pub(crate) async fn clear(database: &Database, gone: Gone, uploads: bool) {
    let cleared = match database {
        // A row that was replaced stays in its file until this; the log of the server keeps it for longer.
        Database::Postgres(postgres) => {
            let vacuum = "VACUUM entente_keys.case_key, entente_keys.document_key";
            sqlx::query(vacuum).execute(&postgres.pool).await.map(|_| true).map_err(fault)
        }
        Database::Sqlite(sqlite) => {
            let keys = remains::clear_keys(sqlite, gone).await;
            let log = if uploads { remains::clear_log(sqlite).await } else { Ok(true) };
            keys.and_then(|keys| Ok(keys && log?))
        }
    };
    match cleared {
        Ok(true) => {}
        Ok(false) => tracing::warn!("a destroyed key may be left in a write-ahead log until its readers have gone"),
        Err(error) => tracing::warn!(%error, "what a destroyed key has left could not be cleared away"),
    }
}

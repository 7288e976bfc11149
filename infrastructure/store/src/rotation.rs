//! A new key of keys: everything that the old one wrapped is wrapped anew, in one transaction, while others work on.

use entente_application::ports::StoreError;
use uuid::Uuid;

use crate::database::{Database, writing};
use crate::encryption::{CHECK, FOR_CHECK, FileKey, KeyEncryption};
use crate::errors::{damaged, fault};
use crate::key_rows::Kept;
use crate::settings::Settings;
use crate::sqlite::remains;
use crate::wrapping::{Current, Wrapping};
use crate::{Store, master, migrations, names};

/// How many keys are wrapped anew by one statement.
const PAGE: usize = 1000;

const CHECK_VALUE: &str = "SELECT value FROM entente_keys.key_check FOR UPDATE";
const NEW_CHECK: &str = "UPDATE entente_keys.key_check SET value = $1";
/// From an id on, so that the first page needs no statement of its own.
const CASES: &str = "SELECT case_id, wrapped FROM entente_keys.case_key WHERE wrapped IS NOT NULL AND case_id >= $1 \
    ORDER BY case_id LIMIT $2";
const SECRETS: &str = "SELECT name, wrapped FROM entente_keys.centre_secret";
const NEW_SECRET: &str = "UPDATE entente_keys.centre_secret SET wrapped = $2 WHERE name = $1";

/// What a rotation has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// How many cases' keys the new master key wraps.
    pub keys: u64,
}

impl Store {
    /// Makes a new master key and wraps everything by it that the old one wrapped; with a key management service, has
    /// that wrap everything anew. Documents' keys are wrapped by cases' keys and stay as they are.
    ///
    /// Stores that are open go on: each takes up the new key when it next needs it, from the same data folder. Data
    /// folders on other machines need a copy of the new file. Copies of the keys' database that are older still open
    /// with the old master key, and with nothing else: it is needed for as long as they are kept, and whatever was
    /// destroyed since is readable in them for as long as it exists.
    ///
    /// The new key is safe in `master.key.next` before anything is wrapped by it, and takes its place when everything
    /// is; a rotation that is cut off has been or has not been, and opening a store finishes or undoes what is left.
    ///
    /// # Errors
    /// If the database does not answer, if the master key is missing or wrong, or if a key cannot be unwrapped:
    /// then nothing is changed.
    pub async fn rotate_master(settings: &Settings) -> Result<Rotated, StoreError> {
        let database = Database::open(settings).await?;
        let rotated = rotate(&database, settings).await;
        if let (Database::Sqlite(sqlite), Ok(_)) = (&database, &rotated) {
            // As long as the keys' file is by now; without this it would stay so long.
            let cleared = remains::clear_keys(sqlite, Vec::new()).await;
            tracing::debug!(?cleared, "the keys' write-ahead log after a rotation");
        }
        database.close().await;
        rotated
    }
}

async fn rotate(database: &Database, settings: &Settings) -> Result<Rotated, StoreError> {
    migrations::check(database).await?;
    let folder = &settings.data_dir;
    if let Some(kms) = &settings.kms {
        let wrapping = Wrapping::open(database, settings, true).await?;
        names::secret(&wrapping).await?;
        return rewrap(database, &wrapping.current(), kms.as_ref()).await;
    }
    // While this is held nobody takes the new key for the leftover of a rotation that ended.
    let _alone = master::alone(folder, master::ROTATING).await?;
    let wrapping = Wrapping::open(database, settings, true).await?;
    names::secret(&wrapping).await?;
    let new = FileKey::new(&master::create_next(folder)?);
    match rewrap(database, &wrapping.current(), &new).await {
        Ok(rotated) => master::promote_next(folder).map(|()| rotated),
        // Both keys stay: the stored check value tells which of them counts.
        Err(StoreError::UnknownOutcome) => Err(StoreError::UnknownOutcome),
        Err(error) => master::remove_next(folder).and(Err(error)),
    }
}

/// All or nothing. Whoever stores a key or takes something out of one waits for the lock on the check value, then
/// finds that another one counts.
async fn rewrap(database: &Database, old: &Current, new: &dyn KeyEncryption) -> Result<Rotated, StoreError> {
    let check = new.wrap(FOR_CHECK, &CHECK).await?;
    let mut keys = 0;
    writing!(database, keys, |transaction, Engine| {
        let sql = database.keys_sql(CHECK_VALUE);
        let counts: Vec<u8> = sqlx::query_scalar(&sql).fetch_one(&mut *transaction).await.map_err(fault)?;
        if counts != old.check {
            return Err(StoreError::Unavailable("somebody else has rotated the master key just now".to_owned()));
        }
        let mut from = Uuid::nil();
        loop {
            let sql = database.keys_sql(CASES);
            let query = sqlx::query_as::<_, (Uuid, Vec<u8>)>(&sql).bind(from).bind(PAGE as i64);
            let page = query.fetch_all(&mut *transaction).await.map_err(fault)?;
            let Some((last, _)) = page.last() else { break };
            from = Uuid::from_u128(last.as_u128().saturating_add(1));
            let is_last = page.len() < PAGE;
            let mut lines = Vec::with_capacity(page.len());
            for (case, wrapped) in page {
                let anew = anew(Kept::Case(case), &wrapped, old, new).await?;
                lines.push((case, wrapped, anew));
            }
            let mut query = sqlx::QueryBuilder::<Engine>::new("UPDATE ");
            query.push(database.keys_sql("entente_keys.case_key"));
            query.push(" SET wrapped = new.column3 FROM (");
            query.push_values(&lines, |mut row, (case, wrapped, anew)| {
                row.push_bind(*case).push_bind(wrapped.as_slice()).push_bind(anew.as_slice());
            });
            query.push(") AS new WHERE case_key.case_id = new.column1 AND case_key.wrapped = new.column2");
            let changed = query.build().execute(&mut *transaction).await.map_err(fault)?.rows_affected();
            if changed != lines.len() as u64 {
                return Err(StoreError::Unavailable("keys changed while they were wrapped anew".to_owned()));
            }
            keys += changed;
            if is_last {
                break;
            }
        }
        let sql = database.keys_sql(SECRETS);
        let secrets: Vec<(String, Vec<u8>)> = sqlx::query_as(&sql).fetch_all(&mut *transaction).await.map_err(fault)?;
        for (name, wrapped) in secrets {
            let anew = anew(Kept::Secret(&name), &wrapped, old, new).await?;
            let sql = database.keys_sql(NEW_SECRET);
            sqlx::query(&sql).bind(&name).bind(anew).execute(&mut *transaction).await.map_err(fault)?;
        }
        let sql = database.keys_sql(NEW_CHECK);
        sqlx::query(&sql).bind(&check).execute(&mut *transaction).await.map_err(fault)?;
    });
    Ok(Rotated { keys })
}

async fn anew(kept: Kept<'_>, wrapped: &[u8], old: &Current, new: &dyn KeyEncryption) -> Result<Vec<u8>, StoreError> {
    let context = kept.context();
    let clear = old.encryption.unwrap(&context, wrapped).await?;
    let clear = clear.ok_or_else(|| damaged(format!("{kept} cannot be unwrapped: nothing was changed")))?;
    new.wrap(&context, &clear).await
}

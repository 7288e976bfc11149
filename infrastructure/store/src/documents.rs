//! The documents' keys: random, each wrapped by the leaf of its case's key that is for this document alone.

use entente_application::ports::{DocumentKey, StoreError};
use entente_domain::{CaseId, ObjectId};

use crate::crypto::random;
use crate::database::{Database, reading};
use crate::errors::{damaged, fault};
use crate::keys::Keys;

const SELECT: &str = "SELECT wrapped FROM entente_keys.document_key WHERE object = $1 AND case_id = $2";
/// For a case whose key is not destroyed, whatever this process remembers of it.
const INSERT: &str = "INSERT INTO entente_keys.document_key (object, case_id, wrapped) SELECT $1, $2, $3 \
    WHERE EXISTS (SELECT 1 FROM entente_keys.case_key WHERE case_id = $2 AND wrapped IS NOT NULL) \
    ON CONFLICT DO NOTHING";
/// Leaves the line, so that a document of this name never gets another key: its first content is gone for good.
const DESTROY: &str = "UPDATE entente_keys.document_key SET wrapped = NULL WHERE object = $1 AND case_id = $2";

impl Keys {
    /// The key of a document, unless it has none or it was destroyed.
    pub(crate) async fn document(&self, case: CaseId, object: ObjectId) -> Result<Option<DocumentKey>, StoreError> {
        let Some(wrapped) = select(self.database(), case, object).await? else { return Ok(None) };
        let Some(key) = self.of(case).await? else { return Ok(None) };
        let unwrapped = key.unwrap(case.0, object, &wrapped);
        Ok(unwrapped.map_err(|reason| damaged(format!("{reason}: object {object}")))?.map(DocumentKey))
    }

    /// The key of a document that may have none yet; durable when it answers.
    pub(crate) async fn make_document(&self, case: CaseId, object: ObjectId) -> Result<DocumentKey, StoreError> {
        let destroyed = || StoreError::Destroyed(object);
        let key = self.of(case).await?.ok_or_else(destroyed)?;
        let wrapped = key.wrap(case.0, object, &random()?)?.ok_or_else(destroyed)?;
        let database = self.database();
        reading!(database, keys, |pool| {
            let sql = database.keys_sql(INSERT);
            sqlx::query(&sql).bind(object.0).bind(case.0).bind(wrapped).execute(pool).await.map_err(fault)?;
        });
        // The first counts, whichever process stored it.
        self.document(case, object).await?.ok_or_else(destroyed)
    }
}

/// Destroys the key of a document alone, and leaves the case's key as it is. An older copy of the keys' database holds
/// both: it is [`crate::Store`]'s `shred` that makes these useless as well.
pub(crate) async fn destroy(database: &Database, case: CaseId, object: ObjectId) -> Result<(), StoreError> {
    reading!(database, keys, |pool| {
        let sql = database.keys_sql(DESTROY);
        sqlx::query(&sql).bind(object.0).bind(case.0).execute(pool).await.map(drop).map_err(fault)
    })
}

async fn select(database: &Database, case: CaseId, object: ObjectId) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = reading!(database, keys, |pool| {
        let sql = database.keys_sql(SELECT);
        sqlx::query_scalar(&sql).bind(object.0).bind(case.0).fetch_optional(pool).await.map_err(fault)?
    });
    Ok(found.flatten())
}

//! Whether every key can be unwrapped: what `entente keys check` asks.

use entente_application::ports::StoreError;
use entente_domain::{CaseId, ObjectId};
use uuid::Uuid;

use crate::Store;
use crate::case_key::CaseKey;
use crate::database::reading;
use crate::errors::fault;
use crate::key_rows::Kept;

/// How many are looked at together.
const PAGE: usize = 1000;

const CASES: &str = "SELECT case_id, wrapped FROM entente_keys.case_key WHERE case_id >= $1 ORDER BY case_id LIMIT $2";
const DOCUMENTS: &str = "SELECT object, case_id FROM entente_keys.document_key \
    WHERE wrapped IS NOT NULL AND object >= $1 ORDER BY object LIMIT $2";

/// How many keys there are, and which of them are of no use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyCount {
    /// Keys of cases of which nothing was erased.
    pub whole: u64,
    /// Keys of cases out of which items, persons or documents were erased.
    pub punctured: u64,
    /// Cases whose key is destroyed.
    pub destroyed: u64,
    /// Keys of documents.
    pub documents: u64,
    /// Cases whose key cannot be unwrapped: what is confidential in them cannot be read.
    pub broken: Vec<CaseId>,
    /// Documents whose key cannot be unwrapped, though their case's can.
    pub broken_documents: Vec<ObjectId>,
}

impl Store {
    /// Unwraps every key of a case and of a document.
    ///
    /// # Errors
    /// If the database or the key management service does not answer; a key that cannot be unwrapped is counted.
    pub async fn check_keys(&self) -> Result<KeyCount, StoreError> {
        let mut count = KeyCount::default();
        self.check_cases(&mut count).await?;
        self.check_documents(&mut count).await?;
        Ok(count)
    }

    async fn check_cases(&self, count: &mut KeyCount) -> Result<(), StoreError> {
        let (database, mut from) = (&self.database, Uuid::nil());
        loop {
            let page: Vec<(Uuid, Option<Vec<u8>>)> = reading!(database, keys, |pool| {
                let sql = database.keys_sql(CASES);
                sqlx::query_as(&sql).bind(from).bind(PAGE as i64).fetch_all(pool).await.map_err(fault)?
            });
            let is_last = page.len() < PAGE;
            for (case, wrapped) in page {
                from = after(case);
                let Some(wrapped) = wrapped else {
                    count.destroyed += 1;
                    continue;
                };
                match self.keys.wrapping().unwrap(Kept::Case(case), wrapped).await {
                    Ok(Some(clear)) if CaseKey::read(&clear).is_none() => count.broken.push(CaseId(case)),
                    Ok(Some(clear)) if CaseKey::is_punctured(&clear) => count.punctured += 1,
                    Ok(Some(_)) => count.whole += 1,
                    Ok(None) => count.destroyed += 1,
                    Err(StoreError::Corrupt { .. }) => count.broken.push(CaseId(case)),
                    Err(error) => return Err(error),
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    async fn check_documents(&self, count: &mut KeyCount) -> Result<(), StoreError> {
        let (database, mut from) = (&self.database, Uuid::nil());
        loop {
            let page: Vec<(Uuid, Uuid)> = reading!(database, keys, |pool| {
                let sql = database.keys_sql(DOCUMENTS);
                sqlx::query_as(&sql).bind(from).bind(PAGE as i64).fetch_all(pool).await.map_err(fault)?
            });
            let is_last = page.len() < PAGE;
            for (object, case) in page {
                from = after(object);
                let (object, case) = (ObjectId(object), CaseId(case));
                if count.broken.contains(&case) {
                    continue;
                }
                match self.keys.document(case, object).await {
                    Ok(Some(_)) => count.documents += 1,
                    // Destroyed since it was listed, or left by a case that was.
                    Ok(None) => {}
                    Err(StoreError::Corrupt { .. }) => count.broken_documents.push(object),
                    Err(error) => return Err(error),
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

/// The next id, so that the first page needs no statement of its own.
const fn after(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_add(1))
}

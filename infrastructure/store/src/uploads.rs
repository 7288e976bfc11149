//! The uploads as the application asks for them: rows beside the log, texts sealed with the document's key.

use async_trait::async_trait;
use entente_application::ports::{DocumentKey, StoreError, Upload, Uploads};
use entente_domain::event::DocumentFacts;
use entente_domain::{CaseId, ItemId, ObjectId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::database::{Database, reading, writing};
use crate::errors::fault;
use crate::sqlite::remains;
use crate::upload_rows::Doomed;
use crate::view_rows::{instant, word};
use crate::{documents, upload_rows};

const KNOWN: &str = "SELECT count(*) FROM upload WHERE object = $1";
/// What the asker may know of: one's own, and what one's camp has laid on the table. Colleagues' uploads are theirs alone
/// until then, and a mediator's predecessors' notes for ever: how much room is left must not tell of them. Cast, since
/// PostgreSQL sums up to a number of any length.
const HELD: &str = "SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM upload WHERE case_id = $1 AND seat = $2 \
    AND (person = $3 OR (seat <> 'mediator' AND item IS NOT NULL))";
const INSERT: &str = "INSERT INTO upload \
    (object, case_id, person, seat, discussion, size, received, touched, sealed, facts) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
/// Machines' clocks differ: a later touch never counts as an earlier one.
const RECEIVE: &str = "UPDATE upload SET received = $3, touched = CASE WHEN touched < $4 THEN $4 ELSE touched END \
    WHERE object = $1 AND received = $2 AND NOT swept";
const RELEASE: &str = "UPDATE upload SET facts = $2, touched = CASE WHEN touched < $3 THEN $3 ELSE touched END \
    WHERE object = $1 AND NOT swept";
const HOLD: &str = "UPDATE upload SET touched = CASE WHEN touched < $2 THEN $2 ELSE touched END \
    WHERE object = $1 AND NOT swept";
const SUBMITTED: &str = "UPDATE upload SET item = $2 WHERE object = $1 AND item IS NULL AND NOT swept";
const STALE: &str = "SELECT case_id, object FROM upload WHERE item IS NULL AND touched < $1 ORDER BY touched LIMIT $2";
/// Also what was given up and not gone when somebody stopped: it was touched at the beginning of time.
const SWEEP: &str = "UPDATE upload SET swept = true, touched = 0 WHERE object = $1 AND item IS NULL AND touched < $2 \
    RETURNING case_id";
const SWEPT: &str = "DELETE FROM upload WHERE object = $1 AND swept";
/// From then on it is as good as gone, and the sweeper ends what is begun here.
const DISCARD: &str = "UPDATE upload SET swept = true, touched = 0 \
    WHERE object = $1 AND case_id = $2 AND facts IS NULL AND item IS NULL";
const RELEASED: &str = "SELECT count(*) FROM upload WHERE object = $1 AND NOT swept";
const OBJECTS: &str = "SELECT object FROM upload WHERE case_id = $1 ORDER BY object";

/// What became of an upload that was to be noted.
enum Noted {
    New,
    Before,
    NoRoom,
}

#[async_trait]
impl Uploads for Store {
    async fn begin(&self, upload: &Upload, quota: u64) -> Result<Option<Upload>, StoreError> {
        if let Some(stored) = self.upload(upload.object).await? {
            return Ok(Some(stored));
        }
        let seat = word(&upload.seat)?;
        // No key is made for what has no room. Whether it has is asked again once nobody else can take it.
        let held = self.held_by(upload, &seat).await?;
        if !fits(held, upload.size, quota) {
            return Ok(None);
        }
        let key = self.keys.make_document(upload.case, upload.object).await?;
        match self.note(upload, &seat, &key, quota).await? {
            Noted::New => Ok(Some(Upload { touched: instant(upload.touched.as_microsecond())?, ..upload.clone() })),
            Noted::Before => {
                let stored = self.upload(upload.object).await?;
                stored.map(Some).ok_or(StoreError::Destroyed(upload.object))
            }
            Noted::NoRoom => Ok(None),
        }
    }

    async fn upload(&self, object: ObjectId) -> Result<Option<Upload>, StoreError> {
        let Some(columns) = upload_rows::select(&self.database, object).await? else { return Ok(None) };
        let Some(key) = self.keys.document(CaseId(columns.1), object).await? else { return Ok(None) };
        upload_rows::upload(columns, &key).map(Some)
    }

    async fn own_upload(&self, case: CaseId, person: PersonId, object: ObjectId) -> Result<Option<Upload>, StoreError> {
        let own = upload_rows::select_own(&self.database, case, person, object).await?;
        let Some(columns) = own else { return Ok(None) };
        let Some(key) = self.keys.document(case, object).await? else { return Ok(None) };
        upload_rows::upload(columns, &key).map(Some)
    }

    async fn held(&self, upload: &Upload) -> Result<u64, StoreError> {
        let held = self.held_by(upload, &word(&upload.seat)?).await?;
        Ok(u64::try_from(held).unwrap_or(0))
    }

    async fn receive(&self, object: ObjectId, from: u64, to: u64, at: Timestamp) -> Result<bool, StoreError> {
        let (from, to) = (bytes(from)?, bytes(to)?);
        let changed = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(RECEIVE).bind(object.0).bind(from).bind(to).bind(at.as_microsecond());
            query.execute(&mut *transaction).await.map_err(fault)?.rows_affected()
        });
        Ok(changed > 0)
    }

    async fn release(&self, object: ObjectId, facts: &DocumentFacts, at: Timestamp) -> Result<bool, StoreError> {
        let Some(columns) = upload_rows::select(&self.database, object).await? else { return Ok(false) };
        let case = CaseId(columns.1);
        let Some(key) = self.keys.document(case, object).await? else { return Ok(false) };
        let facts = upload_rows::facts(case, object, &key, facts)?;
        let changed = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(RELEASE).bind(object.0).bind(&facts).bind(at.as_microsecond());
            query.execute(&mut *transaction).await.map_err(fault)?.rows_affected()
        });
        Ok(changed > 0)
    }

    async fn hold(&self, object: ObjectId, at: Timestamp) -> Result<bool, StoreError> {
        let changed = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(HOLD).bind(object.0).bind(at.as_microsecond());
            query.execute(&mut *transaction).await.map_err(fault)?.rows_affected()
        });
        Ok(changed > 0)
    }

    async fn submitted(&self, object: ObjectId, item: ItemId) -> Result<(), StoreError> {
        writing!(&self.database, |transaction, Engine| {
            sqlx::query(SUBMITTED).bind(object.0).bind(item.0).execute(&mut *transaction).await.map_err(fault)?;
        });
        Ok(())
    }

    async fn key(&self, case: CaseId, object: ObjectId) -> Result<Option<DocumentKey>, StoreError> {
        self.keys.document(case, object).await
    }

    async fn stale(&self, before: Timestamp, limit: u32) -> Result<Vec<(CaseId, ObjectId)>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(STALE).bind(before.as_microsecond()).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        Ok(rows.into_iter().map(|(case, object)| (CaseId(case), ObjectId(object))).collect())
    }

    async fn sweep(&self, object: ObjectId, before: Timestamp) -> Result<bool, StoreError> {
        // Three steps, each of which the next sweep begins with if this one is cut off: whoever holds it comes before
        // the first or too late.
        let swept: Vec<Uuid> = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query_scalar(SWEEP).bind(object.0).bind(before.as_microsecond());
            query.fetch_all(&mut *transaction).await.map_err(fault)?
        });
        let Some(case) = swept.first() else { return Ok(false) };
        self.destroy_document(CaseId(*case), object).await?;
        writing!(&self.database, |transaction, Engine| {
            sqlx::query(SWEPT).bind(object.0).execute(&mut *transaction).await.map_err(fault)?;
        });
        Ok(true)
    }

    async fn discard(&self, case: CaseId, object: ObjectId) -> Result<bool, StoreError> {
        let released: i64 = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(DISCARD).bind(object.0).bind(case.0);
            query.execute(&mut *transaction).await.map_err(fault)?;
            sqlx::query_scalar(RELEASED).bind(object.0).fetch_one(&mut *transaction).await.map_err(fault)?
        });
        if released > 0 {
            return Ok(false);
        }
        self.destroy_document(case, object).await?;
        let doomed = [object];
        Doomed::Single(case, &doomed).delete(&self.database).await?;
        Ok(true)
    }

    async fn objects_of(&self, case: CaseId) -> Result<Vec<ObjectId>, StoreError> {
        let objects: Vec<Uuid> = reading!(&self.database, |pool| {
            sqlx::query_scalar(OBJECTS).bind(case.0).fetch_all(pool).await.map_err(fault)?
        });
        Ok(objects.into_iter().map(ObjectId).collect())
    }

    async fn is_known(&self, object: ObjectId) -> Result<bool, StoreError> {
        let known: i64 = reading!(&self.database, |pool| {
            sqlx::query_scalar(KNOWN).bind(object.0).fetch_one(pool).await.map_err(fault)?
        });
        Ok(known > 0)
    }
}

impl Store {
    async fn held_by(&self, upload: &Upload, seat: &str) -> Result<i64, StoreError> {
        reading!(&self.database, |pool| {
            let query = sqlx::query_scalar(HELD).bind(upload.case.0).bind(seat).bind(upload.person.0);
            query.fetch_one(pool).await.map_err(fault)
        })
    }

    /// Takes the room and notes the upload, or does neither: those of one seat in one case take turns.
    async fn note(&self, upload: &Upload, seat: &str, key: &DocumentKey, quota: u64) -> Result<Noted, StoreError> {
        let sealed = upload_rows::said(upload, key)?;
        let facts = upload.facts.as_ref();
        let facts = facts.map(|facts| upload_rows::facts(upload.case, upload.object, key, facts)).transpose()?;
        let (size, received) = (bytes(upload.size)?, bytes(upload.received)?);
        let turn = match &self.database {
            Database::Postgres(_) => "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            // One transaction writes at a time, whatever it is about.
            Database::Sqlite(_) => "SELECT $1",
        };
        let noted = writing!(&self.database, |transaction, Engine| {
            let seats_turn = format!("upload {} {seat}", upload.case);
            sqlx::query(turn).bind(seats_turn).execute(&mut *transaction).await.map_err(fault)?;
            let known = sqlx::query_scalar::<_, i64>(KNOWN).bind(upload.object.0);
            let held = sqlx::query_scalar::<_, i64>(HELD).bind(upload.case.0).bind(seat).bind(upload.person.0);
            if known.fetch_one(&mut *transaction).await.map_err(fault)? > 0 {
                Noted::Before
            } else if !fits(held.fetch_one(&mut *transaction).await.map_err(fault)?, upload.size, quota) {
                Noted::NoRoom
            } else {
                let inserted = sqlx::query(INSERT)
                    .bind(upload.object.0)
                    .bind(upload.case.0)
                    .bind(upload.person.0)
                    .bind(seat)
                    .bind(upload.discussion.0)
                    .bind(size)
                    .bind(received)
                    .bind(upload.touched.as_microsecond())
                    .bind(&sealed)
                    .bind(&facts)
                    .execute(&mut *transaction)
                    .await
                    .map_err(fault)?;
                if inserted.rows_affected() > 0 { Noted::New } else { Noted::Before }
            }
        });
        Ok(noted)
    }

    async fn destroy_document(&self, case: CaseId, object: ObjectId) -> Result<(), StoreError> {
        documents::destroy(&self.database, case, object).await?;
        // On PostgreSQL what is left of the row goes when the server tidies up by itself.
        if let Database::Sqlite(sqlite) = &self.database {
            let cleared = remains::clear_keys(sqlite, Vec::new()).await;
            tracing::debug!(?cleared, "the keys' write-ahead log after a document's key was destroyed");
        }
        Ok(())
    }
}

fn fits(held: i64, size: u64, quota: u64) -> bool {
    u64::try_from(held).unwrap_or(0).checked_add(size).is_some_and(|all| all <= quota)
}

fn bytes(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Misconfigured("no document is as large as that".to_owned()))
}

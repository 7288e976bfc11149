//! The rows of uploads: what is sealed in them, and how they go.

use entente_application::ports::{DocumentKey, StoreError, Upload};
use entente_domain::event::{ContentDigest, DocumentFacts};
use entente_domain::{CaseId, DiscussionId, FileName, ObjectId, PersonId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crypto::{Cipher, Token, hmac};
use crate::database::{Database, reading, writing};
use crate::errors::{damaged, fault};
use crate::view_rows::{instant, parse};

const SELECT: &str = "SELECT object, case_id, person, seat, discussion, size, received, touched, sealed, facts \
    FROM upload WHERE object = $1 AND NOT swept";
const SELECT_OWN: &str = "SELECT object, case_id, person, seat, discussion, size, received, touched, sealed, facts \
    FROM upload WHERE object = $1 AND case_id = $2 AND person = $3 AND NOT swept";
/// From then on it is as good as gone, and the sweeper ends what is begun here: neither time nor item holds it off.
const GIVE_UP: &str = "UPDATE upload SET swept = true, touched = 0, item = NULL WHERE case_id = ";
const DELETE: &str = "DELETE FROM upload WHERE case_id = ";

/// The version of tokens that a document's key has sealed.
const VERSION: u8 = 2;

/// A row but for what the store alone needs: object, case, person, seat, discussion, size, received, touched, what the
/// submitter says, facts.
pub(crate) type UploadColumns = (Uuid, Uuid, Uuid, String, Uuid, i64, i64, i64, String, Option<String>);

/// What the submitter says of a document.
#[derive(Debug, Serialize, Deserialize)]
struct Said {
    name: FileName,
    claimed: Option<ContentDigest>,
}

/// A text of a row.
#[derive(Clone, Copy, Debug)]
enum Field {
    Said,
    Facts,
}

/// Uploads whose keys are about to be destroyed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Doomed<'a> {
    /// All of a case.
    Whole(CaseId),
    /// These of a case.
    Single(CaseId, &'a [ObjectId]),
}

pub(crate) async fn select(database: &Database, object: ObjectId) -> Result<Option<UploadColumns>, StoreError> {
    reading!(database, |pool| sqlx::query_as(SELECT).bind(object.0).fetch_optional(pool).await.map_err(fault))
}

/// The row of an upload of this person's in this case. Somebody else's is asked for in the same words as one that is not
/// there, and nothing more is asked then.
pub(crate) async fn select_own(
    database: &Database,
    case: CaseId,
    person: PersonId,
    object: ObjectId,
) -> Result<Option<UploadColumns>, StoreError> {
    reading!(database, |pool| {
        let query = sqlx::query_as(SELECT_OWN).bind(object.0).bind(case.0).bind(person.0);
        query.fetch_optional(pool).await.map_err(fault)
    })
}

/// The submitter's words, as they are stored.
pub(crate) fn said(upload: &Upload, key: &DocumentKey) -> Result<String, StoreError> {
    let said = Said { name: upload.name.clone(), claimed: upload.claimed.clone() };
    seal(upload.case, upload.object, Field::Said, key, &said)
}

/// The facts, as they are stored.
pub(crate) fn facts(
    case: CaseId,
    object: ObjectId,
    key: &DocumentKey,
    facts: &DocumentFacts,
) -> Result<String, StoreError> {
    seal(case, object, Field::Facts, key, facts)
}

/// The upload that a row tells of.
pub(crate) fn upload(columns: UploadColumns, key: &DocumentKey) -> Result<Upload, StoreError> {
    let (object, case, person, seat, discussion, size, received, touched, sealed, facts) = columns;
    let (object, case) = (ObjectId(object), CaseId(case));
    let said: Said = open(case, object, Field::Said, key, &sealed)?;
    Ok(Upload {
        object,
        case,
        person: PersonId(person),
        seat: parse(&seat)?,
        discussion: DiscussionId(discussion),
        name: said.name,
        claimed: said.claimed,
        size: bytes(size)?,
        received: bytes(received)?,
        touched: instant(touched)?,
        facts: facts.map(|facts| open(case, object, Field::Facts, key, &facts)).transpose()?,
    })
}

fn bytes(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| damaged("an upload has a negative size"))
}

fn seal(
    case: CaseId,
    object: ObjectId,
    field: Field,
    key: &DocumentKey,
    value: &impl Serialize,
) -> Result<String, StoreError> {
    let clear = serde_json::to_vec(value)
        .map_err(|_| StoreError::Misconfigured("what is said of a document has no JSON form".to_owned()))?;
    cipher(key).seal(VERSION, &place(case, object, field), &clear)
}

fn open<T: DeserializeOwned>(
    case: CaseId,
    object: ObjectId,
    field: Field,
    key: &DocumentKey,
    token: &str,
) -> Result<T, StoreError> {
    let wrong = |reason: &str| damaged(format!("the upload of object {object}: {reason}"));
    let token = Token::parse(token).map_err(wrong)?;
    let clear = cipher(key).open(&place(case, object, field), &token).map_err(wrong)?;
    serde_json::from_slice(&clear).map_err(|_| wrong("what is said of the document is not what was written"))
}

/// Another key than the one that the content is encrypted with.
fn cipher(key: &DocumentKey) -> Cipher {
    Cipher::new(&hmac(&key.0, b"entente/2 upload"))
}

fn place(case: CaseId, object: ObjectId, field: Field) -> Vec<u8> {
    let field = match field {
        Field::Said => b'n',
        Field::Facts => b'f',
    };
    [b"entente/2 upload".as_slice(), case.0.as_bytes(), object.0.as_bytes(), &[field]].concat()
}

impl Doomed<'_> {
    /// Lets nobody use them any more; whether there are any.
    pub(crate) async fn give_up(self, database: &Database) -> Result<bool, StoreError> {
        self.execute(database, GIVE_UP).await
    }

    /// Forgets them.
    pub(crate) async fn delete(self, database: &Database) -> Result<bool, StoreError> {
        self.execute(database, DELETE).await
    }

    async fn execute(self, database: &Database, sql: &str) -> Result<bool, StoreError> {
        let (Self::Whole(case) | Self::Single(case, _)) = self;
        if let Self::Single(_, []) = self {
            return Ok(false);
        }
        let changed = writing!(database, |transaction, Engine| {
            let mut query = sqlx::QueryBuilder::<Engine>::new(sql);
            query.push_bind(case.0);
            if let Self::Single(_, objects) = self {
                query.push(" AND object IN (");
                let mut list = query.separated(", ");
                for object in objects {
                    list.push_bind(object.0);
                }
                query.push(")");
            }
            query.build().execute(&mut *transaction).await.map_err(fault)?.rows_affected()
        });
        Ok(changed > 0)
    }
}

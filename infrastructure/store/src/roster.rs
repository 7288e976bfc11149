//! The roster's table: versions that are only added, sealed by a key of the centre's.

use async_trait::async_trait;
use entente_application::ports::{Entered, Roster, StoreError};
use entente_domain::roster::Mediator;
use entente_domain::{CaseId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::crypto::{Cipher, Token, hmac};
use crate::database::{Database, reading, writing};
use crate::errors::{damaged, fault};
use crate::view_rows::instant;

macro_rules! versions {
    ($rest:literal) => {
        concat!("SELECT person, version, entry, written_by, at FROM mediator_entry ", $rest)
    };
}
const CURRENT: &str = versions!(
    "WHERE version = (SELECT max(later.version) FROM mediator_entry later WHERE later.person = mediator_entry.person) \
     ORDER BY person"
);
const VERSIONS: &str = versions!("WHERE person = $1 ORDER BY version");
const INSERT: &str = "INSERT INTO mediator_entry (person, version, entry, written_by, at) VALUES ($1, $2, $3, $4, $5)";
const EVER_SAT: &str = "SELECT DISTINCT case_id FROM sitting_row WHERE person = $1 AND build = \
    (SELECT build FROM view_build WHERE projection = 'exposure' AND live) ORDER BY case_id";
const VERSION: u8 = 1;

type Columns = (Uuid, i64, String, Uuid, i64);

#[async_trait]
impl Roster for Store {
    async fn mediators(&self) -> Result<Vec<Entered>, StoreError> {
        let rows: Vec<Columns> =
            reading!(&self.database, |pool| sqlx::query_as(CURRENT).fetch_all(pool).await.map_err(fault)?);
        rows.into_iter().map(|columns| self.entered(columns)).collect()
    }

    async fn enter(
        &self,
        person: PersonId,
        mediator: &Mediator,
        by: PersonId,
        at: Timestamp,
    ) -> Result<Entered, StoreError> {
        let turn = match &self.database {
            Database::Postgres(_) => "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            // One transaction writes at a time, whatever it is about.
            Database::Sqlite(_) => "SELECT $1",
        };
        let entered = writing!(&self.database, |transaction, Engine| {
            let whose_turn = format!("mediator {person}");
            sqlx::query(turn).bind(whose_turn).execute(&mut *transaction).await.map_err(fault)?;
            let query = sqlx::query_as(VERSIONS).bind(person.0);
            let stored: Vec<Columns> = query.fetch_all(&mut *transaction).await.map_err(fault)?;
            let last = stored.into_iter().next_back().map(|columns| self.entered(columns)).transpose()?;
            match last {
                Some(last) if last.mediator == *mediator => return Ok(last),
                last => {
                    let version = last.map_or(1, |last| last.version + 1);
                    let entry = self.shut(person, version, mediator)?;
                    let query = sqlx::query(INSERT).bind(person.0).bind(i64::from(version)).bind(entry);
                    let query = query.bind(by.0).bind(at.as_microsecond());
                    query.execute(&mut *transaction).await.map_err(fault)?;
                    Entered { person, version, mediator: mediator.clone(), by, at }
                }
            }
        });
        Ok(entered)
    }

    async fn versions(&self, person: PersonId) -> Result<Vec<Entered>, StoreError> {
        let rows: Vec<Columns> = reading!(&self.database, |pool| {
            sqlx::query_as(VERSIONS).bind(person.0).fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(|columns| self.entered(columns)).collect()
    }

    async fn ever_sat(&self, person: PersonId) -> Result<Vec<CaseId>, StoreError> {
        let cases: Vec<Uuid> = reading!(&self.database, |pool| {
            sqlx::query_scalar(EVER_SAT).bind(person.0).fetch_all(pool).await.map_err(fault)?
        });
        Ok(cases.into_iter().map(CaseId).collect())
    }
}

impl Store {
    fn entered(&self, (person, version, entry, by, at): Columns) -> Result<Entered, StoreError> {
        let person = PersonId(person);
        let wrong = |reason: &str| damaged(format!("the roster's entry of {person}: {reason}"));
        let version = u32::try_from(version).map_err(|_| wrong("its number is impossible"))?;
        let token = Token::parse(&entry).map_err(wrong)?;
        let clear = self.roster_cipher().open(&place(person, version), &token).map_err(wrong)?;
        let mediator = serde_json::from_slice(&clear).map_err(|_| wrong("it is none"))?;
        Ok(Entered { person, version, mediator, by: PersonId(by), at: instant(at)? })
    }

    fn shut(&self, person: PersonId, version: u32, mediator: &Mediator) -> Result<String, StoreError> {
        let clear = serde_json::to_vec(mediator)
            .map_err(|_| StoreError::Misconfigured("an entry of the roster has no JSON form".to_owned()))?;
        self.roster_cipher().seal(VERSION, &place(person, version), &clear)
    }

    /// Follows from the secret of the centre, which stays the same when the master key is rotated.
    fn roster_cipher(&self) -> Cipher {
        Cipher::new(&hmac(self.keys.names(), b"entente/1 roster"))
    }
}

fn place(person: PersonId, version: u32) -> Vec<u8> {
    [b"entente/1 mediator".as_slice(), person.0.as_bytes(), &version.to_be_bytes()].concat()
}

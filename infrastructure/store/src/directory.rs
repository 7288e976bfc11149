//! How people want to be told: a plain table, with addresses sealed by a key of the centre's.

use async_trait::async_trait;
use entente_application::ports::{Directory, Preferences, StoreError};
use entente_domain::PersonId;
use jiff::Timestamp;

use crate::Store;
use crate::crypto::{Cipher, Token, hmac};
use crate::database::{reading, writing};
use crate::errors::{damaged, fault};
use crate::view_rows::{parse, word};

const SELECT: &str = "SELECT address, language, rhythm FROM preference WHERE person = $1";
const UPSERT: &str = "INSERT INTO preference (person, address, language, rhythm, changed) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (person) DO UPDATE SET address = excluded.address, language = excluded.language, \
    rhythm = excluded.rhythm, changed = excluded.changed";
/// When the next letter is due is asked again.
const ANEW: &str = "UPDATE awaiting SET ready = 0 WHERE person = $1";
const VERSION: u8 = 1;

#[async_trait]
impl Directory for Store {
    async fn preferences(&self, person: PersonId) -> Result<Option<Preferences>, StoreError> {
        let found: Option<(Option<String>, String, String)> = reading!(&self.database, |pool| {
            sqlx::query_as(SELECT).bind(person.0).fetch_optional(pool).await.map_err(fault)?
        });
        let Some((address, language, rhythm)) = found else { return Ok(None) };
        let address = address.map(|token| {
            let wrong = |reason| damaged(format!("an address: {reason}"));
            let token = Token::parse(&token).map_err(wrong)?;
            let clear = self.addresses().open(&place(person), &token).map_err(wrong)?;
            serde_json::from_slice(&clear).map_err(|_| wrong("it is none"))
        });
        Ok(Some(Preferences { address: address.transpose()?, language: parse(&language)?, rhythm: parse(&rhythm)? }))
    }

    async fn prefer(&self, person: PersonId, wanted: &Preferences, at: Timestamp) -> Result<(), StoreError> {
        let address = wanted.address.as_ref().map(|address| {
            let clear = serde_json::to_vec(address)
                .map_err(|_| StoreError::Misconfigured("an address has no JSON form".to_owned()))?;
            self.addresses().seal(VERSION, &place(person), &clear)
        });
        let (address, language, rhythm) = (address.transpose()?, word(&wanted.language)?, word(&wanted.rhythm)?);
        writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(UPSERT).bind(person.0).bind(address.as_deref()).bind(language.as_str());
            let query = query.bind(rhythm.as_str()).bind(at.as_microsecond());
            query.execute(&mut *transaction).await.map_err(fault)?;
            sqlx::query(ANEW).bind(person.0).execute(&mut *transaction).await.map_err(fault)?;
        });
        Ok(())
    }
}

impl Store {
    /// Follows from the secret of the centre, which stays the same when the master key is rotated.
    fn addresses(&self) -> Cipher {
        Cipher::new(&hmac(self.keys.names(), b"entente/1 addresses"))
    }
}

fn place(person: PersonId) -> Vec<u8> {
    [b"entente/1 address".as_slice(), person.0.as_bytes()].concat()
}

//! Who holds a token: digests, persons and roles in a plain table.

use async_trait::async_trait;
use entente_application::ports::{Holder, Role, StoreError, Tokens};
use entente_domain::PersonId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::database::{reading, writing};
use crate::errors::{damaged, fault};

const ISSUE: &str = "INSERT INTO token (digest, person, roles, label, issued) VALUES ($1, $2, $3, $4, $5)";
const HOLDER: &str = "SELECT person, roles FROM token WHERE digest = $1 AND revoked IS NULL";
const REVOKE: &str = "UPDATE token SET revoked = $1 WHERE person = $2 AND revoked IS NULL";

#[async_trait]
impl Tokens for Store {
    async fn issue(&self, digest: [u8; 32], holder: &Holder, label: &str, at: Timestamp) -> Result<(), StoreError> {
        let roles = serde_json::to_string(&holder.roles)
            .map_err(|error| StoreError::Misconfigured(format!("the roles have no JSON form: {error}")))?;
        writing!(&self.database, |transaction, Engine| {
            sqlx::query(ISSUE)
                .bind(digest.as_slice())
                .bind(holder.person.0)
                .bind(roles.as_str())
                .bind(label)
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(fault)?;
        });
        Ok(())
    }

    async fn holder(&self, digest: [u8; 32]) -> Result<Option<Holder>, StoreError> {
        let found: Option<(Uuid, String)> = reading!(&self.database, |pool| {
            sqlx::query_as(HOLDER).bind(digest.as_slice()).fetch_optional(pool).await.map_err(fault)?
        });
        let Some((person, roles)) = found else { return Ok(None) };
        let roles: Vec<Role> = serde_json::from_str(&roles).map_err(|_| damaged("a token has unknown roles"))?;
        Ok(Some(Holder { person: PersonId(person), roles }))
    }

    async fn revoke(&self, person: PersonId, at: Timestamp) -> Result<u64, StoreError> {
        let revoked = writing!(&self.database, |transaction, Engine| {
            sqlx::query(REVOKE)
                .bind(at.as_microsecond())
                .bind(person.0)
                .execute(&mut *transaction)
                .await
                .map_err(fault)?
                .rows_affected()
        });
        Ok(revoked)
    }
}

//! The roster of mediators: a plain table with its history.

use async_trait::async_trait;
use entente_domain::roster::Mediator;
use entente_domain::{CaseId, PersonId};
use jiff::Timestamp;

use super::StoreError;

/// A version of an entry: who wrote it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Whose entry.
    pub person: PersonId,
    /// Its number, from 1.
    pub version: u32,
    /// What it says.
    pub mediator: Mediator,
    /// Who of the centre wrote it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// The roster. Nothing in it is ever changed: a new version counts from then on. Names and ties are sealed.
#[async_trait]
pub trait Roster: Send + Sync {
    /// The version that counts of every entry, by person.
    async fn mediators(&self) -> Result<Vec<Entered>, StoreError>;
    /// Writes a new version; gives the one that counts if it says the same already.
    async fn enter(
        &self,
        person: PersonId,
        mediator: &Mediator,
        by: PersonId,
        at: Timestamp,
    ) -> Result<Entered, StoreError>;
    /// All versions of an entry, the first first.
    async fn versions(&self, person: PersonId) -> Result<Vec<Entered>, StoreError>;
    /// The cases at which a person sits or has sat, for whichever side, as far as the read models have come.
    async fn ever_sat(&self, person: PersonId) -> Result<Vec<CaseId>, StoreError>;
}

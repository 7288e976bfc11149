//! What figures are made of, and what was published of them.

use std::collections::BTreeSet;
use std::path::Path;

use async_trait::async_trait;
use entente_domain::PersonId;
use entente_projections::facts::Fact;
use entente_projections::figures::{AsOf, By, Question, Scope};
use jiff::Timestamp;
use uuid::Uuid;

use super::StoreError;

/// The facts: the rows of their projection's live build.
#[async_trait]
pub trait Facts: Send + Sync {
    /// The next cases after a pseudonym, in their order; at most `limit`.
    async fn facts(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Fact>, StoreError>;
    /// Writes a new file that every program which knows SQLite reads as a table, `facts`; says how many cases it holds.
    async fn facts_table(&self, file: &Path, question: Question) -> Result<u64, StoreError>;
}

/// A report that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Its number, from 1 without gaps.
    pub number: u64,
    /// Of which cases.
    pub scope: Scope,
    /// Up to where.
    pub as_of: AsOf,
    /// When it was asked for first.
    pub at: Timestamp,
    /// By whom; none for the command line.
    pub by: Option<PersonId>,
    /// The tables that would have uncovered something beside what was published before, and were left out.
    pub left_out: BTreeSet<By>,
}

/// What was published, for ever.
#[async_trait]
pub trait Releases: Send + Sync {
    /// All, in the order of their numbers.
    async fn releases(&self) -> Result<Vec<Released>, StoreError>;
    /// Records the next; false, and nothing done, if its number is taken.
    async fn record_release(&self, released: &Released) -> Result<bool, StoreError>;
}

//! An access log with a gate before it: each look passes there before it is recorded.

use std::sync::Arc;

use async_trait::async_trait;
use entente_application::ports::{Look, Looks, Position, StoreError};
use entente_domain::{CaseId, ItemId, PersonId};
use jiff::Timestamp;

/// What stands before an access log.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Lets a look through to the log, or not.
    async fn pass(&self, look: &Look) -> Result<(), StoreError>;
}

/// An access log with a gate.
pub struct Gated<G> {
    pub gate: Arc<G>,
    pub within: Arc<dyn Looks>,
}

#[async_trait]
impl<G: Gate> Looks for Gated<G> {
    async fn record(&self, look: Look) -> Result<(), StoreError> {
        self.gate.pass(&look).await?;
        self.within.record(look).await
    }

    async fn at_item(&self, case: CaseId, item: ItemId, limit: u32) -> Result<Vec<Look>, StoreError> {
        self.within.at_item(case, item, limit).await
    }

    async fn at_page(&self, case: CaseId, person: PersonId) -> Result<Vec<(Timestamp, Position)>, StoreError> {
        self.within.at_page(case, person).await
    }

    async fn first_at_items(
        &self,
        case: CaseId,
        person: PersonId,
        first: ItemId,
        last: ItemId,
    ) -> Result<Vec<(ItemId, Timestamp)>, StoreError> {
        self.within.first_at_items(case, person, first, last).await
    }
}

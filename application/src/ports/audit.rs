//! What the audit asks of the world: the intervals of who could see what, and a log of every look.

use async_trait::async_trait;
use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId, PersonId, Seat};
use entente_projections::exposure::{Mark, Showing, Sitting};
use jiff::Timestamp;

use super::{Position, StoreError};

/// Who could see what, as far as the projection of exposures has come; each list in a fixed order.
#[async_trait]
pub trait Exposures: Send + Sync {
    /// Everyone who has ever sat at a case.
    async fn sittings(&self, case: CaseId) -> Result<Vec<Sitting>, StoreError>;
    /// From which places an item was ever seen.
    async fn showings(&self, case: CaseId, item: ItemId) -> Result<Vec<Showing>, StoreError>;
    /// What ties persons to an item.
    async fn marks(&self, case: CaseId, item: ItemId) -> Result<Vec<Mark>, StoreError>;
    /// The items that a seat was ever shown, by id, after one of them: whole items, and about `limit` rows.
    async fn shown_to(
        &self,
        case: CaseId,
        seat: Seat,
        after: Option<ItemId>,
        limit: u32,
    ) -> Result<Vec<Showing>, StoreError>;
    /// What ties a person to the items from `first` to `last`.
    async fn marks_of(
        &self,
        case: CaseId,
        person: PersonId,
        first: ItemId,
        last: ItemId,
    ) -> Result<Vec<Mark>, StoreError>;
}

/// What somebody looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// The case's page, with all that was in view up to and with a position.
    Page(Position),
    /// These items.
    Items(Vec<ItemId>),
}

/// A reading of items, granted or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Who, and as whom.
    pub viewer: Viewer,
    /// Of which case, as asked: it need not exist.
    pub case: CaseId,
    /// What.
    pub what: Looked,
    /// Whether it was shown.
    pub granted: bool,
}

/// The access log: every look, append-only, beside the log of cases.
#[async_trait]
pub trait Looks: Send + Sync {
    /// Records looks; answers once they are durable. Looks that wait together are flushed together.
    async fn record(&self, look: Look) -> Result<(), StoreError>;
    /// Looks at one item by name, granted and refused, oldest first, at most `limit`.
    async fn at_item(&self, case: CaseId, item: ItemId, limit: u32) -> Result<Vec<Look>, StoreError>;
    /// When a person was first shown the page of a case up to each position, oldest first: what it shows is the same until
    /// something happens in the case, or its return window ends.
    async fn at_page(&self, case: CaseId, person: PersonId) -> Result<Vec<(Timestamp, Position)>, StoreError>;
    /// When a person was first shown each of the items from `first` to `last` by name.
    async fn first_at_items(
        &self,
        case: CaseId,
        person: PersonId,
        first: ItemId,
        last: ItemId,
    ) -> Result<Vec<(ItemId, Timestamp)>, StoreError>;
}

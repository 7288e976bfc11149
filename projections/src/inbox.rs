//! Which items await which person, and which cases a person sits in: rows of ids and times, no content.

use entente_domain::{CaseId, ItemId, PersonId, Seat};
use jiff::Timestamp;

/// The name under which builds of this projection are kept.
pub const NAME: &str = "inbox";
/// Raised whenever the fold below would give other rows for the same events.
pub const VERSION: u32 = 1;

/// An item that a person may see and did not write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The reader.
    pub person: PersonId,
    /// The item's time.
    pub at: Timestamp,
    /// The item.
    pub item: ItemId,
    /// Its case.
    pub case: CaseId,
    /// Whether this person has opened it.
    pub opened: bool,
}

/// A person's place in a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seated {
    /// The person.
    pub person: PersonId,
    /// Since when the person has known of the case.
    pub since: Timestamp,
    /// The case.
    pub case: CaseId,
    /// The seat.
    pub seat: Seat,
}

/// What an event changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// One item more for one person.
    Put(Row),
    /// A person has opened an item.
    Opened {
        /// The person.
        person: PersonId,
        /// The item.
        item: ItemId,
    },
    /// All rows of a case, anew: who may see what has changed.
    Replace {
        /// The case.
        case: CaseId,
        /// Its items' rows now.
        rows: Vec<Row>,
        /// Its occupants now.
        seated: Vec<Seated>,
    },
}

//! A command as it is put to a case.

use jiff::Timestamp;
use uuid::Uuid;

use super::Ask;
use crate::{Actor, CaseId, CommandId};

/// A question put to a case, with everything that a decision needs: no rule looks at a clock or rolls dice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The case.
    pub case: CaseId,
    /// Sent again with the same id, it has one effect and the same answer. Ids of what it creates derive from it.
    pub id: CommandId,
    /// Who asks.
    pub by: Actor,
    /// When, to the microsecond.
    pub at: Timestamp,
    /// Random bits for what must not be guessed from the log, such as the salt of a draft's digest.
    pub entropy: Uuid,
    /// What.
    pub ask: Ask,
}

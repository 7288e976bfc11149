//! The centre's list of cases: where each stands and what is due next; skeleton only.

use entente_domain::event::{Channel, Outcome};
use entente_domain::state::Due;
use entente_domain::{Case, CaseId, Phase};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The name under which builds of this projection are kept.
pub const NAME: &str = "caseload";
/// Raised whenever the fold below would give other rows for the same events.
pub const VERSION: u32 = 3;

/// One case of the centre's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// The case.
    pub case: CaseId,
    /// When it was registered.
    pub registered: Timestamp,
    /// Where it stands.
    pub phase: Phase,
    /// What the clock has to do next, if anything. It may be about a draft: whoever lists the row asks the viewer's own cut.
    pub due_kind: Option<Due>,
    /// When.
    pub due: Option<Timestamp>,
    /// Whether 48 hours went by without a mediator.
    pub appointment_missed: bool,
    /// How the parties exchange now.
    pub channel: Channel,
    /// How it closed, if it did.
    pub outcome: Option<Outcome>,
    /// When.
    pub closed: Option<Timestamp>,
}

/// What an event changes: the case's row, whole.
pub type Change = Row;

/// The row of a case after an entry; none before it is registered.
pub fn row(case: CaseId, after: &Case) -> Option<Row> {
    let due = after.due();
    Some(Row {
        case,
        registered: after.registered?,
        phase: after.phase,
        due_kind: due.map(|(kind, _)| kind),
        due: due.map(|(_, at)| at),
        appointment_missed: after.appointment_missed,
        channel: after.channel,
        outcome: after.closing.map(|closing| closing.outcome),
        closed: after.closing.map(|closing| closing.at),
    })
}

//! The centre's cases: where each stands and what is due next.

use entente_application::Centre;
use entente_application::queries::Listed;
use entente_domain::event::{Channel, Outcome};
use entente_domain::state::Due;
use entente_domain::{CaseId, Phase};
use entente_projections::caseload::Row;
use entente_projections::page::Party;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::cursor::{Cursor, Paging};

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(caseload))
}

/// Which cases are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// How many rows, 1 to 100; 20 if not said.
    #[serde(default)]
    limit: Option<u32>,
    /// Those in one phase.
    #[serde(default)]
    #[param(inline)]
    phase: Option<Phase>,
}

/// A part of the caseload, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Caseload {
    /// The cases.
    items: Vec<CaseloadEntry>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// A case of the centre's.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseloadEntry {
    /// The case.
    case: CaseId,
    /// When it was registered.
    registered: Timestamp,
    /// Where it stands.
    phase: Phase,
    /// The parties, claimant first.
    parties: Vec<Party>,
    /// What is due next, if anything is.
    due_kind: Option<Due>,
    /// When.
    due: Option<Timestamp>,
    /// Whether 48 hours went by without a mediator (B8).
    appointment_missed: bool,
    /// How the parties exchange.
    channel: Channel,
    /// How it closed, if it did.
    outcome: Option<Outcome>,
    /// When.
    closed: Option<Timestamp>,
}

impl From<Listed<Row>> for CaseloadEntry {
    fn from(Listed { row, page }: Listed<Row>) -> Self {
        Self {
            case: row.case,
            registered: row.registered,
            phase: row.phase,
            parties: page.parties,
            due_kind: row.due_kind,
            due: row.due,
            appointment_missed: row.appointment_missed,
            channel: row.channel,
            outcome: row.outcome,
            closed: row.closed,
        }
    }
}

/// The centre's cases, newest first.
#[utoipa::path(get, path = "/api/caseload", params(Wanted), responses((status = 200, body = Caseload)))]
async fn caseload(call: Call) -> Answered {
    let Wanted { after, limit, phase } = call.query()?;
    let part = Paging { after, limit }.part()?;
    call.await_written().await?;
    let after = part.after.map(|cursor| (cursor.at, CaseId(cursor.id)));
    let found = call.centre.caseload(call.person, phase, after, part.asked()).await?;
    let (rows, next) = part.cut(found, |listed| Cursor { at: listed.row.registered, id: listed.row.case.0 });
    let items: Vec<_> = rows.into_iter().map(CaseloadEntry::from).collect();
    #[cfg(feature = "leaks")]
    let items = touched(&call, items).await;
    ok(&Caseload { items, next })
}

/// What the list tells by mistake.
#[cfg(feature = "leaks")]
async fn touched(call: &Call, mut items: Vec<CaseloadEntry>) -> Vec<CaseloadEntry> {
    use entente_domain::leaks::{Leak, seeded};
    for item in &mut items {
        if seeded(Leak::CaseloadByActivity)
            && let Ok(folded) = call.centre.log.fold(item.case).await
        {
            item.registered = folded.state.last_at.unwrap_or(item.registered);
        }
    }
    items
}

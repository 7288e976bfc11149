//! The figures, as of the head of the log or of a stated position.

use std::collections::BTreeMap;

use entente_application::Centre;
use entente_application::ports::Position;
use entente_domain::event::Outcome;
use entente_projections::figures::Figure;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(figures))
}

/// Up to where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Until {
    /// A position of the log; its head if not said.
    #[serde(default)]
    as_of: Option<u64>,
}

/// The headline, with the counts that it stands on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Report {
    /// SR1, the settlement rate of concluded mediations.
    settlement_rate: Figure,
    /// Closed cases by outcome.
    outcomes: BTreeMap<Outcome, u64>,
    /// Cases filed.
    filed: u64,
}

/// The figures: the same position gives the same figures at any later time.
#[utoipa::path(get, path = "/api/figures", params(Until), responses((status = 200, body = Report)))]
async fn figures(call: Call) -> Answered {
    let Until { as_of } = call.query()?;
    let report = call.centre.report(as_of.map(Position)).await?;
    ok(&Report { settlement_rate: report.settlement_rate, outcomes: report.outcomes, filed: report.filed })
}

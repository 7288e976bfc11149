//! A case's whole history for an auditor: the skeleton, no content.

use entente_application::Centre;
use entente_application::ports::Position;
use entente_application::queries::AsOf;
use entente_domain::CaseId;
use entente_domain::visibility::Viewer;
use entente_projections::history::Line;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::problem::{Fault, Problem};

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(history))
}

/// Up to where; the present if neither is said.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Until {
    /// A position of the log, and what stands there.
    #[serde(default)]
    as_of_position: Option<u64>,
    /// An instant, and what happened then.
    #[serde(default)]
    as_of_time: Option<Timestamp>,
}

/// The history of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    /// The case.
    case: CaseId,
    /// What has happened, in order.
    lines: Vec<Line>,
}

impl Until {
    fn as_of(&self) -> Result<Option<AsOf>, Problem> {
        match (self.as_of_position, self.as_of_time) {
            (Some(_), Some(_)) => Err(Problem::from(Fault::BadQuery).because("as_of_position or as_of_time, not both")),
            (Some(position), None) => Ok(Some(AsOf::Position(Position(position)))),
            (None, at) => Ok(at.map(AsOf::Time)),
        }
    }
}

/// A case's history, up to a position or an instant.
#[utoipa::path(get, path = "/api/cases/{case}/history", params(Until), responses((status = 200, body = History)))]
async fn history(call: Call) -> Answered {
    let (case, as_of) = (call.case()?, call.query::<Until>()?.as_of()?);
    ok(&History { case, lines: call.centre.history(case, Viewer::Auditor(call.person), as_of).await? })
}

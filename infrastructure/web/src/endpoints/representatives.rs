//! Who acts for a camp.

use entente_application::Centre;
use entente_domain::PersonId;
use entente_domain::command::{SeatRepresentative, UnseatRepresentative};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(seat_representative)).routes(routes!(unseat_representative))
}

/// A head of mandate brings somebody into the camp.
#[utoipa::path(post, path = "/api/cases/{case}/representatives", request_body = SeatRepresentative, responses(
    (status = 201, body = Written),
    (status = 200, description = "That person was seated already", body = Written)))]
async fn seat_representative(call: Call) -> Answered {
    call.ask::<SeatRepresentative>().await
}

/// Since when somebody has not acted for the camp.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Leaving {
    /// If the centre is told late; now if not said.
    #[serde(default)]
    left: Option<Timestamp>,
}

/// A head of mandate takes somebody out of the camp.
#[utoipa::path(delete, path = "/api/cases/{case}/representatives/{person}", request_body = Option<Leaving>,
    responses((status = 200, body = Written)))]
async fn unseat_representative(call: Call) -> Answered {
    let person = |call: &Call| call.id("person").map(PersonId);
    call.ask_about(person, |person, Leaving { left }| UnseatRepresentative { person, left }).await
}

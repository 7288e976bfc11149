//! The rhythm of a mediation: a pause, its end, a longer term.

use entente_application::Centre;
use entente_domain::command::{ExtendTerm, Resume, Suspend};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(suspend)).routes(routes!(resume)).routes(routes!(extend_term))
}

/// The mediation pauses.
#[utoipa::path(post, path = "/api/cases/{case}/suspension", responses((status = 200, body = Written)))]
async fn suspend(call: Call) -> Answered {
    call.ask::<Suspend>().await
}

/// It goes on.
#[utoipa::path(post, path = "/api/cases/{case}/resumption", responses((status = 200, body = Written)))]
async fn resume(call: Call) -> Answered {
    call.ask::<Resume>().await
}

/// One of the three wants a longer term.
#[utoipa::path(post, path = "/api/cases/{case}/term-extension", request_body = ExtendTerm,
    responses((status = 200, body = Written)))]
async fn extend_term(call: Call) -> Answered {
    call.ask::<ExtendTerm>().await
}

//! The mediator's seat: taken, not to be filled, left, and what a successor may read (B8).

use entente_application::Centre;
use entente_domain::command::{AppointMediator, DeclareMediatorUnavailable, ReleaseCaucus, ResignMediator};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(appoint_mediator))
        .routes(routes!(declare_mediator_unavailable))
        .routes(routes!(resign_mediator))
        .routes(routes!(release_caucus))
}

/// The centre gives the case its mediator; with the first one the table opens.
#[utoipa::path(post, path = "/api/cases/{case}/appointment", request_body = AppointMediator,
    responses((status = 201, body = Written)))]
async fn appoint_mediator(call: Call) -> Answered {
    call.ask::<AppointMediator>().await
}

/// The centre has found no mediator.
#[utoipa::path(post, path = "/api/cases/{case}/mediator-unavailability", responses((status = 200, body = Written)))]
async fn declare_mediator_unavailable(call: Call) -> Answered {
    call.ask::<DeclareMediatorUnavailable>().await
}

/// The mediator leaves the seat, and sees nothing more.
#[utoipa::path(post, path = "/api/cases/{case}/resignation", responses((status = 200, body = Written)))]
async fn resign_mediator(call: Call) -> Answered {
    call.ask::<ResignMediator>().await
}

/// A camp lets the successor read its caucus with the predecessors.
#[utoipa::path(post, path = "/api/cases/{case}/caucus-release", responses((status = 200, body = Written)))]
async fn release_caucus(call: Call) -> Answered {
    call.ask::<ReleaseCaucus>().await
}

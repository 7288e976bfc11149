//! Keeping and erasing: holds, and erasures that two of the centre's staff approve (GDPR, articles 5 and 17).

use entente_application::Centre;
use entente_domain::command::{ApproveErasure, LiftHold, PlaceHold, ProposeErasure, WithdrawErasure};
use entente_domain::event::HoldGround;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::items::Nothing;
use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(place_hold))
        .routes(routes!(lift_hold))
        .routes(routes!(propose_erasure))
        .routes(routes!(approve_erasure))
        .routes(routes!(withdraw_erasure))
}

/// The centre keeps the case's content, whatever its time.
#[utoipa::path(post, path = "/api/cases/{case}/holds", request_body = PlaceHold,
    responses((status = 200, body = Written)))]
async fn place_hold(call: Call) -> Answered {
    call.ask::<PlaceHold>().await
}

/// That reason is no more.
#[utoipa::path(delete, path = "/api/cases/{case}/holds/{ground}", responses((status = 200, body = Written)))]
async fn lift_hold(call: Call) -> Answered {
    let ground = |call: &Call| call.word::<HoldGround>("ground");
    call.ask_about(ground, |ground, Nothing {}| LiftHold { ground }).await
}

/// The centre wants content erased; whoever proposes it is the first to approve.
#[utoipa::path(post, path = "/api/cases/{case}/erasures", request_body = ProposeErasure,
    responses((status = 200, body = Written)))]
async fn propose_erasure(call: Call) -> Answered {
    call.ask::<ProposeErasure>().await
}

/// Another member of staff approves. With the second approval it is done: once this answers, the keys are destroyed.
#[utoipa::path(post, path = "/api/cases/{case}/erasures/approval", request_body = ApproveErasure,
    responses((status = 200, body = Written)))]
async fn approve_erasure(call: Call) -> Answered {
    call.approve_erasure().await
}

/// The centre takes a proposal back.
#[utoipa::path(post, path = "/api/cases/{case}/erasures/withdrawal", request_body = WithdrawErasure,
    responses((status = 200, body = Written)))]
async fn withdraw_erasure(call: Call) -> Answered {
    call.ask::<WithdrawErasure>().await
}

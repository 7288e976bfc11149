//! The centre's word on a request, and the respondent's on the invitation (B4).

use entente_application::Centre;
use entente_domain::command::{DeclareInadmissible, Decline, GiveConsent, InviteRespondent};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(reject_request))
        .routes(routes!(invite_respondent))
        .routes(routes!(give_consent))
        .routes(routes!(refuse_consent))
}

/// The centre turns the request down.
#[utoipa::path(post, path = "/api/cases/{case}/rejection", request_body = DeclareInadmissible,
    responses((status = 200, body = Written)))]
async fn reject_request(call: Call) -> Answered {
    call.ask::<DeclareInadmissible>().await
}

/// The centre invites the other company.
#[utoipa::path(post, path = "/api/cases/{case}/invitation", request_body = InviteRespondent,
    responses((status = 201, body = Written)))]
async fn invite_respondent(call: Call) -> Answered {
    call.ask::<InviteRespondent>().await
}

/// The respondent agrees to mediate.
#[utoipa::path(post, path = "/api/cases/{case}/consent", responses((status = 200, body = Written)))]
async fn give_consent(call: Call) -> Answered {
    call.ask::<GiveConsent>().await
}

/// The respondent does not wish to mediate.
#[utoipa::path(post, path = "/api/cases/{case}/refusal", responses((status = 200, body = Written)))]
async fn refuse_consent(call: Call) -> Answered {
    call.ask::<Decline>().await
}

//! Draft settlements: laid before both camps, signed, declined.

use entente_application::Centre;
use entente_domain::command::{DeclineSettlement, ProposeSettlement, SignSettlement};
use entente_domain::event::TextDigest;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::items::Nothing;
use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(propose_settlement))
        .routes(routes!(sign_settlement))
        .routes(routes!(decline_settlement))
}

/// What a camp signs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    /// The digest of the text that was read.
    digest: TextDigest,
}

/// Somebody lays a draft settlement before both camps.
#[utoipa::path(post, path = "/api/cases/{case}/settlements", request_body = ProposeSettlement,
    responses((status = 201, body = Written)))]
async fn propose_settlement(call: Call) -> Answered {
    call.ask::<ProposeSettlement>().await
}

/// A camp signs a draft.
#[utoipa::path(post, path = "/api/cases/{case}/settlements/{item}/signature", request_body = Signature,
    responses((status = 200, body = Written)))]
async fn sign_settlement(call: Call) -> Answered {
    call.ask_of_item(|item, Signature { digest }| SignSettlement { item, digest }).await
}

/// A camp will not sign it.
#[utoipa::path(post, path = "/api/cases/{case}/settlements/{item}/declination",
    responses((status = 200, body = Written)))]
async fn decline_settlement(call: Call) -> Answered {
    call.ask_of_item(|item, Nothing {}| DeclineSettlement { item }).await
}

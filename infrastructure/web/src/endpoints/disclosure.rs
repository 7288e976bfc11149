//! Passing on what a camp confided: its leave, and the mediator's act (2-domain §4).

use entente_application::Centre;
use entente_domain::command::{AuthoriseDisclosure, Disclose, RevokeDisclosure};
use entente_domain::event::{Disclosed, DisclosureForm};
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
    OpenApiRouter::new().routes(routes!(authorise_disclosure, revoke_disclosure)).routes(routes!(disclose))
}

/// How far the mediator may go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Leave {
    /// Word for word, or in substance.
    form: DisclosureForm,
}

/// What the mediator passes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PassedOn {
    /// The item's own content if verbatim, the mediator's words if in substance.
    content: Disclosed,
}

/// A camp lets the mediator pass on what it confided.
#[utoipa::path(post, path = "/api/cases/{case}/items/{item}/disclosure-authorisation", request_body = Leave,
    responses((status = 200, body = Written)))]
async fn authorise_disclosure(call: Call) -> Answered {
    call.ask_of_item(|item, Leave { form }| AuthoriseDisclosure { item, form }).await
}

/// The camp takes that back.
#[utoipa::path(delete, path = "/api/cases/{case}/items/{item}/disclosure-authorisation",
    responses((status = 200, body = Written)))]
async fn revoke_disclosure(call: Call) -> Answered {
    call.ask_of_item(|item, Nothing {}| RevokeDisclosure { item }).await
}

/// The mediator passes it on: a new item in the joint session.
#[utoipa::path(post, path = "/api/cases/{case}/items/{item}/disclosure", request_body = PassedOn,
    responses((status = 201, body = Written)))]
async fn disclose(call: Call) -> Answered {
    call.ask_of_item(|item, PassedOn { content }| Disclose { item, content }).await
}

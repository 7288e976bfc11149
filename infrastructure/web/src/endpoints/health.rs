//! The service itself: alive, ready, described.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use entente_application::Centre;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, bytes, ok};
use crate::description::openapi;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(alive)).routes(routes!(ready)).routes(routes!(described))
}

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `alive` or `ready`.
    status: &'static str,
}

/// Whether the process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Health)))]
async fn alive() -> Answered {
    ok(&Health { status: "alive" })
}

/// Whether the database answers and is migrated.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = Health)))]
async fn ready(State(centre): State<Centre>) -> Answered {
    centre.log.ready().await?;
    ok(&Health { status: "ready" })
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
async fn described() -> Answered {
    static DESCRIPTION: LazyLock<Result<Vec<u8>, crate::problem::Problem>> = LazyLock::new(|| bytes(&openapi()));
    let body = DESCRIPTION.clone()?;
    let mut response: Response = (StatusCode::OK, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

//! Discussions, and what is said in them.

use entente_application::Centre;
use entente_domain::command::{OpenDiscussion, PostMessage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(open_discussion)).routes(routes!(post_message))
}

/// Somebody opens a thread.
#[utoipa::path(post, path = "/api/cases/{case}/discussions", request_body = OpenDiscussion,
    responses((status = 201, body = Written)))]
async fn open_discussion(call: Call) -> Answered {
    call.ask::<OpenDiscussion>().await
}

/// Somebody says something.
#[utoipa::path(post, path = "/api/cases/{case}/messages", request_body = PostMessage,
    responses((status = 201, body = Written)))]
async fn post_message(call: Call) -> Answered {
    call.ask::<PostMessage>().await
}

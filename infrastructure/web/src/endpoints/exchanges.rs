//! How the parties exchange, and what took place away from the table (B15).

use entente_application::Centre;
use entente_domain::command::{RecordOfflineExchange, SwitchChannel};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(switch_channel)).routes(routes!(record_offline_exchange))
}

/// The exchange goes on by other means.
#[utoipa::path(post, path = "/api/cases/{case}/channel", request_body = SwitchChannel,
    responses((status = 200, body = Written)))]
async fn switch_channel(call: Call) -> Answered {
    call.ask::<SwitchChannel>().await
}

/// An exchange away from the table is put on record, without what was said.
#[utoipa::path(post, path = "/api/cases/{case}/offline-exchanges", request_body = RecordOfflineExchange,
    responses((status = 200, body = Written)))]
async fn record_offline_exchange(call: Call) -> Answered {
    call.ask::<RecordOfflineExchange>().await
}

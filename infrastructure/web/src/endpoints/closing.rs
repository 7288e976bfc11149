//! How a mediation ends without a settlement, and what may follow.

use entente_application::Centre;
use entente_domain::command::{RecordLaterSettlement, ReportNoAgreement, Withdraw};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(report_no_agreement))
        .routes(routes!(withdraw))
        .routes(routes!(record_later_settlement))
}

/// The mediator reports that there is no agreement.
#[utoipa::path(post, path = "/api/cases/{case}/no-agreement-report", responses((status = 200, body = Written)))]
async fn report_no_agreement(call: Call) -> Answered {
    call.ask::<ReportNoAgreement>().await
}

/// A camp stops, at any time; it need not say why.
#[utoipa::path(post, path = "/api/cases/{case}/withdrawal", request_body = Option<Withdraw>,
    responses((status = 200, body = Written)))]
async fn withdraw(call: Call) -> Answered {
    call.ask::<Withdraw>().await
}

/// A camp says that they settled after all.
#[utoipa::path(post, path = "/api/cases/{case}/later-settlement", responses((status = 200, body = Written)))]
async fn record_later_settlement(call: Call) -> Answered {
    call.ask::<RecordLaterSettlement>().await
}

//! Finding a mediator: the centre asks a candidate, who reads what a check for conflicts needs, and declares or refuses.

use entente_application::Centre;
use entente_domain::command::{DeclareIndependence, ProposeMediator, RefuseAppointment, WithdrawProposal};
use entente_projections::candidacy::Candidacy;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(propose_mediator))
        .routes(routes!(withdraw_proposal))
        .routes(routes!(candidacy))
        .routes(routes!(declare_independence))
        .routes(routes!(refuse_appointment))
}

/// The centre asks somebody to mediate; it asks one at a time.
#[utoipa::path(post, path = "/api/cases/{case}/proposals", request_body = ProposeMediator,
    responses((status = 201, body = Written)))]
async fn propose_mediator(call: Call) -> Answered {
    call.ask::<ProposeMediator>().await
}

/// The centre takes the proposal back, and can ask the next.
#[utoipa::path(post, path = "/api/cases/{case}/proposals/withdrawal", responses((status = 200, body = Written)))]
async fn withdraw_proposal(call: Call) -> Answered {
    call.ask::<WithdrawProposal>().await
}

/// Who is in dispute, for whoever is asked to mediate and for as long as the proposal stands.
#[utoipa::path(get, path = "/api/cases/{case}/candidacy", responses((status = 200, body = Candidacy)))]
async fn candidacy(call: Call) -> Answered {
    let found = call.centre.candidacy(call.case()?, call.person).await?;
    #[cfg(feature = "leaks")]
    let found = crate::leaks::candidacy(&call, found).await;
    ok(&found)
}

/// The candidate declares to be independent, and discloses what both sides have to know.
#[utoipa::path(post, path = "/api/cases/{case}/declaration", request_body = DeclareIndependence,
    responses((status = 200, body = Written)))]
async fn declare_independence(call: Call) -> Answered {
    call.ask_as_candidate::<DeclareIndependence>().await
}

/// The candidate does not wish to mediate, or cannot.
#[utoipa::path(post, path = "/api/cases/{case}/appointment-refusal", responses((status = 200, body = Written)))]
async fn refuse_appointment(call: Call) -> Answered {
    call.ask_as_candidate::<RefuseAppointment>().await
}

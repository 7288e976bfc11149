//! Calling a mediator into question: a camp challenges, the centre decides.

use entente_application::Centre;
use entente_domain::command::{ChallengeMediator, DecideChallenge};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answered;
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(challenge_mediator)).routes(routes!(decide_challenge))
}

/// A head of mandate challenges the mediator; why is for the own camp and the centre to read.
#[utoipa::path(post, path = "/api/cases/{case}/challenges", request_body = ChallengeMediator,
    responses((status = 200, body = Written)))]
async fn challenge_mediator(call: Call) -> Answered {
    call.ask::<ChallengeMediator>().await
}

/// The centre decides what is pending: the mediator stays, or leaves at once.
#[utoipa::path(post, path = "/api/cases/{case}/challenges/decision", request_body = DecideChallenge,
    responses((status = 200, body = Written)))]
async fn decide_challenge(call: Call) -> Answered {
    call.ask::<DecideChallenge>().await
}

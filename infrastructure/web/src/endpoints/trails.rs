//! One's own audit trail, and whether auditors may read what one's camp has confided.

use entente_application::Centre;
use entente_domain::command::{GrantAuditAccess, RevokeAuditAccess};
use entente_domain::{CaseId, PersonId};
use entente_projections::trail::Line;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(trail)).routes(routes!(grant_audit_access, revoke_audit_access))
}

/// What one can see of a case, was alerted to and has opened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Trail {
    /// The case.
    case: CaseId,
    /// The person: oneself.
    person: PersonId,
    /// In order of time, numbered from 1 without gaps.
    lines: Vec<Line>,
}

/// One's own trail; anybody else's is answered as if there were none.
#[utoipa::path(get, path = "/api/cases/{case}/trails/{person}", responses((status = 200, body = Trail)))]
async fn trail(call: Call) -> Answered {
    let (case, person) = (call.case()?, call.id("person").map(PersonId)?);
    let lines = call.centre.own_trail(call.viewer(), case, person).await?;
    ok(&Trail { case, person, lines })
}

/// A camp lets auditors read what it has confided.
#[utoipa::path(post, path = "/api/cases/{case}/audit-access", responses((status = 200, body = Written)))]
async fn grant_audit_access(call: Call) -> Answered {
    call.ask::<GrantAuditAccess>().await
}

/// The camp takes that back.
#[utoipa::path(delete, path = "/api/cases/{case}/audit-access", responses((status = 200, body = Written)))]
async fn revoke_audit_access(call: Call) -> Answered {
    call.ask::<RevokeAuditAccess>().await
}

//! Cases: registering one, one's own, and the page of one.

use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use entente_application::Centre;
use entente_application::looks::Shown;
use entente_application::ports::Looked;
use entente_application::queries::Listed;
use entente_domain::command::Register;
use entente_domain::event::{Channel, Outcome};
use entente_domain::{CaseId, Phase, Seat};
use entente_projections::inbox::Seated;
use entente_projections::page::{CasePage, Deadlines, Party};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, bytes, ok};
use crate::call::Call;
use crate::cursor::{Cursor, Paging};
use crate::etag;
use crate::problem::Fault;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(register, own_cases)).routes(routes!(case_page))
}

/// A part of one's own cases, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnCases {
    /// The cases.
    items: Vec<OwnCase>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// A case in which one sits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnCase {
    /// The case.
    case: CaseId,
    /// One's seat.
    seat: Seat,
    /// Since when.
    since: Timestamp,
    /// Where it stands.
    phase: Phase,
    /// The parties, claimant first.
    parties: Vec<Party>,
    /// How they exchange.
    channel: Channel,
    /// What has to happen by when.
    deadlines: Deadlines,
    /// How many items there are to see.
    visible: u64,
    /// How many of them others made and one has not opened.
    unopened: u64,
    /// How it closed, if it has.
    outcome: Option<Outcome>,
}

impl From<Listed<Seated>> for OwnCase {
    fn from(Listed { row, page }: Listed<Seated>) -> Self {
        let unopened = page.items.iter().filter(|item| item.author != row.person && item.opened.is_none()).count();
        Self {
            case: row.case,
            seat: page.seat,
            since: row.since,
            phase: page.phase,
            visible: page.items.len() as u64,
            unopened: unopened as u64,
            parties: page.parties,
            channel: page.channel,
            deadlines: page.deadlines,
            outcome: page.closing.map(|closing| closing.outcome),
        }
    }
}

/// A company registers its dispute.
#[utoipa::path(post, path = "/api/cases", request_body = Register, responses((status = 201, body = Written)))]
async fn register(call: Call) -> Answered {
    call.register().await
}

/// One's own cases, newest first.
#[utoipa::path(get, path = "/api/cases", params(Paging), responses((status = 200, body = OwnCases)))]
async fn own_cases(call: Call) -> Answered {
    let part = call.query::<Paging>()?.part()?;
    call.await_written().await?;
    let after = part.after.map(|cursor| (cursor.at, CaseId(cursor.id)));
    let found = call.centre.cases_of(call.person, after, part.asked()).await?;
    let (rows, next) = part.cut(found, |listed| Cursor { at: listed.row.since, id: listed.row.case.0 });
    let items: Vec<_> = rows.into_iter().map(OwnCase::from).collect();
    #[cfg(feature = "leaks")]
    let items = counted(&call, items).await;
    ok(&OwnCases { items, next })
}

/// A case as one sees it now.
#[utoipa::path(get, path = "/api/cases/{case}", responses(
    (status = 200, body = CasePage, headers(("ETag" = String, description = "Changes with what this viewer sees"))),
    (status = 304, description = "The caller has this already")))]
async fn case_page(call: Call) -> Answered {
    let (case, viewer) = (call.case()?, call.viewer());
    let Shown { page, position, at } = call.centre.look_at_page(case, viewer, None).await?;
    let body = bytes(&page)?;
    #[cfg(feature = "leaks")]
    let body = crate::leaks::kept(&call, case, body).await;
    let tag = etag::of(&body);
    #[cfg(feature = "leaks")]
    let tag = crate::leaks::tag(&call, case, tag, &body).await;
    let mut response = if etag::is_known(&call.headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        call.centre.record_look(viewer, case, at, Looked::Page(position), true).recorded().await?;
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    };
    let tag = HeaderValue::from_str(&tag).map_err(|_| Fault::Internal)?;
    response.headers_mut().insert(ETAG, tag);
    Ok(response)
}

/// What lists tell by mistake.
#[cfg(feature = "leaks")]
async fn counted(call: &Call, mut items: Vec<OwnCase>) -> Vec<OwnCase> {
    use entente_domain::leaks::{Leak, seeded};
    for item in &mut items {
        let Ok(folded) = call.centre.log.fold(item.case).await else { continue };
        let all = folded.state.items.len() as u64;
        if seeded(Leak::UnreadOfAll) {
            item.unopened = all;
        }
        if seeded(Leak::TotalsOfCases) {
            item.visible = all;
        }
        if seeded(Leak::SinceTheLastActivity) {
            item.since = folded.state.last_at.unwrap_or(item.since);
        }
    }
    items
}

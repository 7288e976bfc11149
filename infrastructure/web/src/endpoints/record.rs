//! One's own record of a case: everything that one sees of it, to be kept and read without the centre.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LANGUAGE;
use axum::response::IntoResponse;
use entente_application::Centre;
use entente_application::ports::Looked;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, saved};
use crate::call::Call;
use crate::description::Octets;
use crate::language::Language;
use crate::record;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(record))
}

/// What one sees of a case as a ZIP archive: a page to read in French or English, the same as JSON with one's own
/// trail, the documents, and the digests of all. The same sight gives the same bytes, on any day.
#[utoipa::path(get, path = "/api/cases/{case}/record",
    params(("Accept-Language" = Option<String>, Header, description = "French or English, for the page to read")),
    responses((status = 200, description = "The archive", content_type = "application/zip", body = inline(Octets),
        headers(("Content-Disposition" = String, description = "An attachment, with its name")))))]
async fn record(call: Call) -> Answered {
    let (case, viewer) = (call.case()?, call.viewer());
    let language = Language::preferred(&call.headers);
    let found = call.centre.own_record(case, viewer).await?;
    let shown: Vec<_> = found.page.items.iter().map(|item| item.item).collect();
    let (at, page) = (found.at, Looked::Page(found.position));
    let page = call.centre.record_look(viewer, case, at, page, true);
    let items = (!shown.is_empty()).then(|| call.centre.record_look(viewer, case, at, Looked::Items(shown), true));
    let begins = if call.is_head() { Ok(()) } else { call.centre.record_begins(&found).await };
    let files = record::files(&call.centre, found, language)?;
    // The beginning of the case's id tells records apart, and nothing to whoever sees a list of downloads.
    let name: String = case.to_string().chars().take(8).collect();
    let mut headers = saved(&format!("entente-{name}.zip"), "application/zip", record::size(&files))?;
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    #[cfg(feature = "leaks")]
    crate::leaks::tag_record(&call, case, &mut headers).await;
    page.recorded().await?;
    if let Some(items) = items {
        items.recorded().await?;
    }
    begins?;
    let body = if call.is_head() { Body::empty() } else { Body::from_stream(record::written(files)) };
    Ok((headers, body).into_response())
}

//! Documents: laid on the table, and given to whoever may see their item.

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use entente_application::documents::{DocumentError, Submission};
use entente_application::ports::Looked;
use entente_application::{Centre, CentreError};
use entente_domain::ItemId;
use entente_domain::event::{ContentDigest, DocumentFacts};
use futures::TryStreamExt as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, saved};
use crate::call::Call;
use crate::description::Octets;
use crate::etag;
use crate::problem::{Fault, Problem, broken};
use crate::range::{self, Asked};
use crate::written::Written;

/// The digest of the whole document, whichever part is sent (RFC 9530 §3).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(submit_document)).routes(routes!(content))
}

/// Somebody puts a document that was uploaded on the table.
#[utoipa::path(post, path = "/api/cases/{case}/documents", request_body = Submission,
    responses((status = 201, body = Written)))]
async fn submit_document(call: Call) -> Answered {
    call.submit().await
}

/// The document of an item, whole or a part: to be saved, never to be shown in the centre's own name.
#[utoipa::path(get, path = "/api/cases/{case}/items/{item}/content",
    params(
        ("Range" = Option<String>, Header, description = "One range of bytes; else the whole is sent"),
        ("If-Range" = Option<String>, Header, description = "The tag of the version that the range is to be of"),
        ("If-None-Match" = Option<String>, Header, description = "Tags that the caller has")),
    responses(
        (status = 200, description = "The document", content_type = "application/octet-stream", body = inline(Octets),
            headers(("ETag" = String, description = "Follows from the content"),
            ("Content-Disposition" = String, description = "An attachment, with its name"),
            ("Repr-Digest" = String, description = "SHA-256 of the whole document"))),
        (status = 206, description = "A part of it", content_type = "application/octet-stream", body = inline(Octets),
            headers(("Content-Range" = String, description = "Which part, and how much there is"))),
        (status = 304, description = "The caller has this already")))]
async fn content(call: Call) -> Answered {
    let (case, viewer, item) = (call.case()?, call.viewer(), call.id("item").map(ItemId)?);
    #[cfg(feature = "leaks")]
    crate::leaks::range_first(&call, case, item).await?;
    let document = call.centre.document(case, viewer, item).await?;
    let DocumentFacts { name, media_type, size, digest } = &document.facts;
    let tag = format!("\"sha256-{}\"", digest.as_str());
    let tagged = (ETAG, HeaderValue::from_str(&tag).map_err(|_| Fault::Internal)?);
    // On record before anything is told: a tag alone is the content's digest, and a range that there is not tells the size.
    call.centre.record_look(viewer, case, document.at, Looked::Items(vec![item]), true).recorded().await?;
    if etag::is_known(&call.headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [tagged]).into_response());
    }
    // Ranges are for GET alone (RFC 9110 §14.2).
    let asked = if call.is_head() { Asked::Whole } else { range::asked(&call.headers, *size, &tag) };
    let (status, range) = match asked {
        Asked::Whole => (StatusCode::OK, 0..*size),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Beyond => return Err(CentreError::from(DocumentError::NoSuchRange(*size)).into()),
    };
    let mut headers = saved(name.as_str(), media_type.as_str(), range.end - range.start)?;
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.extend([tagged]);
    headers.insert(REPR_DIGEST, repr_digest(digest)?);
    if status == StatusCode::PARTIAL_CONTENT {
        let place = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
        headers.insert(CONTENT_RANGE, HeaderValue::from_str(&place).map_err(|_| Fault::Internal)?);
    }
    let body = if call.is_head() {
        Body::empty()
    } else {
        Body::from_stream(call.centre.content(&document, range).await?.map_err(broken))
    };
    Ok((status, headers, body).into_response())
}

fn repr_digest(digest: &ContentDigest) -> Result<HeaderValue, Problem> {
    let hex = digest.as_str();
    let bytes =
        (0..hex.len()).step_by(2).map(|at| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()));
    let bytes: Option<Vec<u8>> = bytes.collect();
    let written = bytes.map(|bytes| format!("sha-256=:{}:", STANDARD.encode(bytes)));
    written.and_then(|written| HeaderValue::from_str(&written).ok()).ok_or_else(|| Fault::Internal.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_digest_is_written_as_rfc_9530_writes_it() {
        let digest = ContentDigest::of(&Sha256::digest(b"{\"hello\": \"world\"}\n").into());
        let written = repr_digest(&digest).unwrap();
        assert_eq!(written, "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    }
}

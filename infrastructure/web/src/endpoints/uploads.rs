//! Uploads: a document on its way in, its submitter's alone until it is submitted.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use entente_application::documents::{Arriving, DocumentError, NewUpload};
use entente_application::ports::{SEGMENT, Upload};
use entente_application::{Centre, CentreError};
use entente_domain::event::ContentDigest;
use entente_domain::{FileName, Name, ObjectId};
use futures::{StreamExt as _, stream};
use serde::Serialize;
use tracing::Instrument as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, json, ok};
use crate::call::{Call, Streamed};
use crate::description::Octets;
use crate::problem::{Fault, Problem};

/// The header that says from which byte on the body goes.
pub const OFFSET: &str = "upload-offset";
/// How long nothing may arrive before the upload counts as cut off. All of it may take longer: a slow line is no fault.
const PATIENCE: Duration = Duration::from_secs(30);

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(begin_upload)).routes(routes!(upload, receive_upload, abandon_upload))
}

/// How far an upload has come.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Uploading {
    /// The upload; a submission names it.
    upload: ObjectId,
    /// How many bytes are kept: where it goes on.
    received: u64,
    /// How many bytes were announced.
    size: u64,
    /// Of a body that does not reach the end, whole segments of this many bytes are kept.
    segment: u64,
    /// Whether all of it is there, and was found fit to be submitted.
    complete: bool,
    /// What the submitter calls it.
    name: FileName,
    /// Its media type, as its content shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<Name>,
    /// SHA-256 of its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<ContentDigest>,
}

impl From<Upload> for Uploading {
    fn from(upload: Upload) -> Self {
        let Upload { object, received, size, name, facts, .. } = upload;
        let complete = facts.is_some();
        let (media_type, digest) = facts.map(|facts| (facts.media_type, facts.digest)).unzip();
        Self { upload: object, received, size, segment: SEGMENT, complete, name, media_type, digest }
    }
}

/// Somebody announces a document; its bytes come next. The same key is the same upload.
#[utoipa::path(post, path = "/api/cases/{case}/uploads", request_body = NewUpload, responses((status = 201,
    body = Uploading, headers(("Location" = String, description = "Where its bytes go")))))]
async fn begin_upload(call: Call) -> Answered {
    let (case, command) = (call.visible_case().await?, call.command()?);
    let wanted: NewUpload = call.words()?;
    let object = ObjectId(command.derive("object"));
    let begun = call.centre.begin_upload(case, call.actor(), object, wanted).await?;
    let location = format!("/api/cases/{case}/uploads/{object}");
    let mut response = json(StatusCode::CREATED, &Uploading::from(begun))?;
    let location = HeaderValue::from_str(&location).map_err(|_| Fault::Internal)?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// How far one's own upload has come; anybody else's is answered as if there were none.
#[utoipa::path(get, path = "/api/cases/{case}/uploads/{upload}", responses((status = 200, body = Uploading)))]
async fn upload(call: Call) -> Answered {
    ok(&Uploading::from(own(&call).await?))
}

/// Bytes of an upload, from an offset on: as many as one likes. What is cut off goes on where the status says; the last
/// byte has the whole inspected, and released to its submitter.
#[utoipa::path(put, path = "/api/cases/{case}/uploads/{upload}",
    request_body(content = inline(Octets), content_type = "application/octet-stream", description = "Of any type"),
    params(("Upload-Offset" = Option<u64>, Header, description = "The first byte's place; 0 if not said")),
    responses((status = 200, body = Uploading)))]
async fn receive_upload(Streamed { call, body }: Streamed) -> Answered {
    let upload = own(&call).await?;
    let offset = offset(&call.headers)?;
    let announced = call.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    // Before a byte is read: a client that waits to be told to continue keeps its bytes.
    if offset == upload.received && announced.is_some_and(|length| length > upload.size.saturating_sub(offset)) {
        return Err(CentreError::from(DocumentError::TooMany(upload.size)).into());
    }
    let (centre, bytes) = (call.centre, arriving(body, PATIENCE));
    // Detached, with the body: if the client hangs up, the body ends in an error, and whole segments that have arrived
    // are kept. A document that is all there is inspected to the end.
    let receiving = tokio::spawn(async move { centre.receive(upload, offset, bytes).await }.in_current_span());
    let Ok(received) = receiving.await else {
        tracing::error!("an upload did not come to an end");
        return Err(Fault::Internal.into());
    };
    ok(&Uploading::from(received?))
}

/// Its submitter does not want it any more. One that is complete goes by itself if it is not submitted.
#[utoipa::path(delete, path = "/api/cases/{case}/uploads/{upload}",
    responses((status = 204, description = "It is gone")))]
async fn abandon_upload(call: Call) -> Answered {
    let upload = own(&call).await?;
    call.centre.abandon_upload(&upload).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn own(call: &Call) -> Result<Upload, Problem> {
    let (case, object) = (call.case()?, call.id("upload").map(ObjectId)?);
    #[cfg(feature = "leaks")]
    crate::leaks::forbid_upload(call, object).await?;
    Ok(call.centre.own_upload(case, call.actor(), object).await?)
}

fn offset(headers: &HeaderMap) -> Result<u64, Problem> {
    let mut values = headers.get_all(OFFSET).iter();
    let Some(value) = values.next() else { return Ok(0) };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match (digits.and_then(|digits| digits.parse().ok()), values.next()) {
        (Some(offset), None) => Ok(offset),
        _ => Err(Problem::from(Fault::BadHeader).because("Upload-Offset: a byte's number in decimal digits, once")),
    }
}

/// The bytes of a body. One that stands still is as good as broken.
fn arriving(body: Body, patience: Duration) -> Arriving {
    let arriving = stream::unfold(body.into_data_stream(), move |mut body| async move {
        match tokio::time::timeout(patience, body.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(bytes))) => Some((Ok(bytes), body)),
            Ok(Some(Err(_))) | Err(_) => Some((Err(()), body)),
        }
    });
    arriving.boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(values: &[&'static str]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(OFFSET, HeaderValue::from_static(value));
        }
        offset(&headers).ok()
    }

    #[test]
    fn an_offset_is_decimal_digits_and_nothing_is_the_beginning() {
        assert_eq!(said(&[]), Some(0));
        assert_eq!(said(&["4194304"]), Some(4_194_304));
        for wrong in ["", "+1", "-1", "0x1", "1 ", "99999999999999999999"] {
            assert_eq!(said(&[wrong]), None, "{wrong}");
        }
        assert_eq!(said(&["1", "1"]), None);
    }

    #[tokio::test]
    async fn a_body_that_stands_still_counts_as_broken() {
        let some = stream::iter([Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b"a"))]);
        let body = Body::from_stream(some.chain(stream::pending()));
        let mut arriving = arriving(body, Duration::from_millis(20));
        assert_eq!(arriving.next().await, Some(Ok(axum::body::Bytes::from_static(b"a"))));
        assert_eq!(arriving.next().await, Some(Err(())));
    }
}

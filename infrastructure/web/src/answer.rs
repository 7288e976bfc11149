//! Answers that are not problems.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::file_name;
use crate::problem::{Fault, Problem};

/// What every handler gives.
pub type Answered = Result<Response, Problem>;

/// A value as JSON bytes.
///
/// # Errors
/// A value without a JSON form, which would be our mistake.
pub fn bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|_| {
        tracing::error!("an answer has no JSON form");
        Fault::Internal.into()
    })
}

/// A status with a JSON body.
///
/// # Errors
/// As [`bytes`].
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Answered {
    let mut response = (status, bytes(value)?).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// 200 with a JSON body.
///
/// # Errors
/// As [`bytes`].
pub fn ok<T: Serialize>(value: &T) -> Answered {
    json(StatusCode::OK, value)
}

/// The head of an answer that is to be saved under a name. Whatever its bytes are, no browser runs them as ours.
///
/// # Errors
/// None that is not our mistake.
pub fn saved(name: &str, kind: &str, size: u64) -> Result<HeaderMap, Problem> {
    // A type that an import has brought need not be one.
    let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let name = HeaderValue::from_str(&file_name::attachment(name)).map_err(|_| Fault::Internal)?;
    let policy = HeaderValue::from_static("sandbox; default-src 'none'");
    let all = [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name), (CONTENT_SECURITY_POLICY, policy)];
    Ok(all.into_iter().chain([(CONTENT_LENGTH, size.into())]).collect())
}

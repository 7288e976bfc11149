//! Answers that are not problems.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

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

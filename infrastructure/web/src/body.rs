//! Request bodies: how large, how fast, and what is wrong with one that does not read as the command it should be.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use entente_domain::TextError;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::{Fault, Problem};

/// The largest body of a JSON route.
pub const LARGEST: usize = 64 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// What serde says where the shape is wrong; anything else is a right shape with a value that is not allowed.
const SHAPE: [&str; 5] = ["invalid type", "invalid length", "missing field", "unknown field", "duplicate field"];

/// Reads a body, and no more of it than is allowed.
///
/// # Errors
/// Too large, too slow, or cut off.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LARGEST as u64) {
        return Err(Fault::TooLarge.into());
    }
    let read = tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST)).await;
    read.map_err(|_| Fault::TooSlow)?.map_err(|error| {
        let limited = error.source().is_some_and(|source| source.is::<LengthLimitError>());
        if limited { Fault::TooLarge.into() } else { Fault::BadRequest.into() }
    })
}

/// Parses a body. An empty one reads as `{}`, so that what takes no words needs none.
///
/// # Errors
/// Not JSON by name or by nature, a wrong shape, or a value that is not allowed.
pub fn parse<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return shaped(b"{}");
    }
    if !is_json(headers) {
        return Err(Fault::NotJson.into());
    }
    // serde would also take an array for a struct: the fields in order, without their names.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Problem::from(Fault::Malformed).because("the body is an object"));
    }
    shaped(body)
}

fn shaped<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let reason = error.to_string();
        let not_allowed = error.classify() == Category::Data && !SHAPE.iter().any(|shape| reason.starts_with(shape));
        Problem::from(if not_allowed { not_allowed_by_name(&reason) } else { Fault::Malformed }).because(reason)
    })
}

/// The refusals of 2-domain §2 that a body meets before any rule does. The words are our own types' and serde's.
fn not_allowed_by_name(reason: &str) -> Fault {
    if reason.starts_with(&TextError::Empty.to_string()) {
        Fault::Empty
    } else if reason.starts_with("the text is longer than") {
        Fault::TooLong
    } else if reason.starts_with("unknown variant") && reason.contains("`mediator_does_not_decide`") {
        Fault::UnknownQuestion
    } else if reason.starts_with("the file's name") {
        Fault::FileName
    } else {
        Fault::NotAllowed
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::http::HeaderValue;
    use entente_application::documents::NewUpload;
    use entente_domain::command::{AnswerQuestionnaire, PostMessage, RecordOfflineExchange, Withdraw};

    use super::*;

    const DISCUSSION: &str = "\"discussion\":\"6c0f8a3e-2b1d-4f5a-9c7e-1d2e3f4a5b6c\"";

    fn status<T: DeserializeOwned>(body: &str) -> u16 {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        parse::<T>(&headers, body.as_bytes()).err().map_or(200, |problem| problem.status().as_u16())
    }

    #[test]
    fn a_wrong_shape_is_malformed_and_a_wrong_value_is_not_allowed() {
        for (body, expected) in [
            (format!("{{{DISCUSSION},\"body\":\"good\"}}"), 200),
            (format!("{{{DISCUSSION},\"body\":\"\"}}"), 422),
            (format!("{{{DISCUSSION},\"body\":\"{}\"}}", "x".repeat(16_001)), 422),
            (format!("{{{DISCUSSION},\"body\":7}}"), 400),
            (format!("{{{DISCUSSION},\"body\":\"a\",\"body\":\"b\"}}"), 400),
            (format!("{{{DISCUSSION},\"body\":\"a\",\"other\":1}}"), 400),
            (format!("{{{DISCUSSION}}}"), 400),
            (format!("[{DISCUSSION}]"), 400),
            ("{".to_owned(), 400),
            ("null".to_owned(), 400),
            ("[".repeat(100_000), 400),
            ("{} {}".to_owned(), 400),
        ] {
            assert_eq!(status::<PostMessage>(&body), expected, "{}", body.chars().take(80).collect::<String>());
        }
    }

    #[test]
    fn a_word_or_a_number_outside_the_list_is_not_allowed() {
        let body = |channel, minutes| {
            let when = "\"audience\":\"joint\",\"began\":\"2026-03-02T09:00:00Z\"";
            format!("{{\"channel\":\"{channel}\",{when},\"minutes\":{minutes}}}")
        };
        assert_eq!(status::<RecordOfflineExchange>(&body("fax", "30")), 200);
        assert_eq!(status::<RecordOfflineExchange>(&body("smoke", "30")), 422);
        assert_eq!(status::<RecordOfflineExchange>(&body("fax", "70000")), 422);
        assert_eq!(status::<RecordOfflineExchange>(&body("fax", "\"30\"")), 400);
    }

    #[test]
    fn the_refusals_of_the_domain_keep_their_names() {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let code = |problem: Problem| problem.code();
        let post = |text: &str| {
            let body = format!("{{{DISCUSSION},\"body\":\"{text}\"}}");
            code(parse::<PostMessage>(&headers, body.as_bytes()).unwrap_err())
        };
        assert_eq!(post(" "), "empty");
        assert_eq!(post(&"x".repeat(16_001)), "too-large");
        let answers = br#"{"version":1,"answers":{"the_weather":"a"}}"#;
        assert_eq!(code(parse::<AnswerQuestionnaire>(&headers, answers).unwrap_err()), "unknown-question");
        for name in ["../../x", "a\\r\\nb", "fdp\u{202E}exe", &"é".repeat(150), "x."] {
            let body = format!("{{{DISCUSSION},\"size\":1,\"name\":\"{name}\"}}");
            let refused = parse::<NewUpload>(&headers, body.as_bytes()).unwrap_err();
            assert_eq!(code(refused), "file-name-not-allowed", "{name:?}");
        }
    }

    #[test]
    fn nothing_reads_as_an_empty_object_and_needs_no_type() {
        assert!(parse::<Withdraw>(&HeaderMap::new(), b"").is_ok());
        let problem = parse::<Withdraw>(&HeaderMap::new(), b"{}").unwrap_err();
        assert_eq!(problem.status().as_u16(), 415);
    }
}

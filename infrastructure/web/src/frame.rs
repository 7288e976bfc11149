//! The frame around every answer: problems in the caller's language, headers, one line of log without ids or content.

use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::{ALLOW, CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tokio::time::Instant;

use crate::language::Language;
use crate::problem::{Fault, Problem};

/// Answers through the rest of the router, and gives what comes out its form.
pub async fn frame(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let language = Language::preferred(request.headers());
    #[cfg(feature = "leaks")]
    crate::leaks::log(&request);
    // A fault of ours must not look like a broken connection.
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!("a handler panicked");
        Problem::from(Fault::Internal).into_response()
    });
    if response.status().is_client_error() || response.status().is_server_error() {
        response = told(&response, language);
    }
    let headers = response.headers_mut();
    // But for what says so itself, nothing is kept.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let (status, latency) = (response.status().as_u16(), began.elapsed());
    tracing::info!(%method, route, status, ?latency, "answered");
    response
}

/// The same failure as a problem document, whoever has found it: our code, or a layer that knows only statuses.
fn told(response: &Response, language: Language) -> Response {
    let problem = response.extensions().get::<Problem>().cloned();
    let mut told = problem.unwrap_or_else(|| Problem::of_status(response.status())).told(language);
    if let Some(allow) = response.headers().get(ALLOW) {
        told.headers_mut().insert(ALLOW, allow.clone());
    }
    told
}

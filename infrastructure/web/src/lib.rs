//! The HTTP facade: JSON under `/api`, described by OpenAPI from the same code that answers.
//!
//! Knows HTTP and nothing else: it parses, asks the centre, and answers. What may be asked of whom stands in
//! [`access`], what can go wrong in [`problem`], and the order of all checks in [`Call`](call::Call) and `asking`.

pub mod access;
mod answer;
mod asking;
mod body;
pub mod call;
pub mod cursor;
mod description;
mod endpoints;
mod etag;
mod file_name;
mod frame;
pub mod language;
#[cfg(feature = "leaks")]
mod leaks;
mod lingering;
pub mod problem;
mod range;
mod record;
mod server;
pub mod written;

use axum::Router;
use axum::middleware;
use entente_application::Centre;

pub use self::access::{ROUTES, Route};
pub use self::description::openapi;
pub use self::problem::problems;
pub use self::server::{Limits, serve};

/// The router of a centre: every route, with the frame that each answer leaves in.
pub fn router(centre: Centre) -> Router {
    let (router, _) = endpoints::all().split_for_parts();
    #[cfg(feature = "leaks")]
    let router = router.layer(middleware::from_fn_with_state(centre.clone(), leaks::answered));
    router.layer(middleware::from_fn(frame::frame)).with_state(centre)
}

//! All integration tests in one binary: one link, one cluster.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "tests are the world that ids, time and settings come from")]

mod architecture;
mod bad_input;
mod contract;
mod docs;
mod openapi;
mod stock_defects;
mod stories;
mod strangers;
mod tidy;

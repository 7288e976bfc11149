//! All integration tests in one binary: one link, one cluster.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "tests are the world that ids, time and settings come from")]

mod architecture;
mod audit_truth;
mod bad_input;
mod candidacy;
mod contract;
mod crash;
mod demonstration;
mod docs;
mod documents;
mod erasing;
mod figures;
mod golden_events;
mod golden_matrix;
mod imports;
mod interference;
mod mail;
mod openapi;
mod processes;
mod properties;
mod rules;
mod scenarios_over_http;
mod scenarios_seen;
mod stock_defects;
mod stories;
mod strangers;
mod tidy;

//! The contract of a store, as small laws: each runs on SQLite and on PostgreSQL, as a test of its own.

mod append_only;
mod appending;
mod caseload;
mod exposures;
mod failing;
mod folding;
mod keys;
mod looks;
mod opening;
mod quotas;
mod reader;
mod sealing;
mod standing;
mod tokens;
mod upcasting;
mod uploads;
mod views;

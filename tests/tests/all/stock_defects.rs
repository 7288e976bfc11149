//! What the stock crates cqrs-es, postgres-es and sqlite-es 0.5.0 do wrong, shown on real databases; and ours beside it.
//!
//! These tests are the reason why the store writes and reads the log by itself (docs/decisions). Should a later
//! version of the crates make one of them fail, that reason has gone.

mod classification;
mod durability;
mod queries;
mod replay;
mod same_database;
mod snapshots;
mod toy;

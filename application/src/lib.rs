//! What can be asked of Entente: commands, queries, and how the read models follow the log.
//!
//! Knows what a store must do ([`ports`]), not how; knows no HTTP, no clock and no dice of its own.

pub mod audit;
pub mod candidacy;
pub mod caseload;
pub mod centre;
pub mod check;
pub mod commands;
pub mod documents;
pub mod erasing;
pub mod error;
pub mod figures;
mod folding;
pub mod follow;
#[cfg(feature = "leaks")]
pub mod leaks;
pub mod looks;
pub mod ports;
pub mod processes;
pub mod queries;
pub mod record;
pub mod roster;
pub mod tick;

pub use self::centre::Centre;
pub use self::commands::{Answer, Request};
pub use self::error::CentreError;

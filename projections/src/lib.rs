//! What people see: pure folds of events, from an entry to what changes. No I/O, no async, no database.

pub mod audit;
pub mod candidacy;
pub mod caseload;
pub mod exposure;
pub mod facts;
pub mod figures;
pub mod history;
pub mod inbox;
pub mod page;
pub mod trail;

//! What the tests share: databases to throw away, entries to put into them, and the words in which laws are written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod engines;
pub mod entries;
pub mod postgres;
mod postgres_programs;
pub mod raw;
pub mod sqlite;

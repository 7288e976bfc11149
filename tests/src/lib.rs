//! What the tests share: databases to throw away, entries to put into them, and the words in which laws are written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "tests are the world that ids, time and settings come from")]

pub mod binary;
pub mod cast;
pub mod clamd;
pub mod engines;
pub mod entries;
pub mod exposed;
pub mod generate;
pub mod interference;
pub mod invented;
pub mod measuring;
pub mod objects;
pub mod oracle;
pub mod pillar;
pub mod post_office;
pub mod postgres;
mod postgres_programs;
pub mod python;
pub mod raw;
pub mod reply;
pub mod samples;
pub mod spec;
pub mod sqlite;
pub mod story;
pub mod world;

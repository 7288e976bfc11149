//! The rules, one file a topic.

mod appointment;
mod camps;
mod closing;
mod confidence;
mod fold;
mod intake;
mod rhythm;
mod settlement;
mod table;

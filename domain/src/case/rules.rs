//! The rules, one file a topic.

mod appointment;
mod audit;
mod camps;
mod candidacy;
mod challenge;
mod closing;
mod confidence;
mod erasure;
mod fold;
mod intake;
mod rhythm;
mod settlement;
mod table;

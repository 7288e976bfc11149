//! The rules of a case: what each command does, each reason for which it is refused, and what asking again changes.

mod appointment;
mod camps;
mod closing;
mod confidence;
mod erased;
mod erasure;
mod intake;
mod nobody_else;
mod rhythm;
mod settlement;
mod table;

//! The rules of a case: what each command does, each reason for which it is refused, and what asking again changes.

mod appointment;
mod camps;
mod candidacy;
mod challenges;
mod closing;
mod confidence;
mod deadlines;
mod erased;
mod erasure;
mod intake;
mod nobody_else;
mod rhythm;
mod settlement;
mod table;

//! The case: event, state, decision, rules by topic. A reader meets them in this order.

pub mod command;
mod decide;
pub mod event;
pub mod refusal;
mod rules;
pub mod state;

//! What the store could not do, as the facade tells it: the cause goes to the service's own log, without any case's id.

use entente_application::ports::StoreError;

use super::{Fault, Problem};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => {
                tracing::warn!(reason, "the database did not answer");
                Fault::Unavailable.into()
            }
            StoreError::UnknownOutcome => {
                tracing::warn!("the outcome of a commit is unknown");
                Fault::UnknownOutcome.into()
            }
            // The case's id stays out of the log of the service; the position is enough to find it.
            StoreError::Corrupt { position, sequence, reason, .. } => {
                tracing::error!(position, sequence, reason, "the log is damaged");
                Fault::Internal.into()
            }
            StoreError::Destroyed(_) => internal("something was to be stored whose key is destroyed"),
            StoreError::Gap(position) => internal(&format!("the log has a gap at {position}")),
            StoreError::Misconfigured(reason) => internal(&format!("a setting is wrong: {reason}")),
        }
    }
}

fn internal(reason: &str) -> Problem {
    tracing::error!(reason, "the store cannot go on");
    Fault::Internal.into()
}

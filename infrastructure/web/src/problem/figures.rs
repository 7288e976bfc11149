//! What goes wrong with a question for figures, as the facade tells it.

use entente_projections::figures::{DaysError, PercentageError};

use super::{Fault, Problem};

impl From<DaysError> for Problem {
    fn from(error: DaysError) -> Self {
        match error {
            DaysError::Unreadable => Self::from(Fault::BadQuery).because(error.to_string()),
            DaysError::Reversed => Fault::PeriodReversed.into(),
        }
    }
}

impl From<PercentageError> for Problem {
    fn from(error: PercentageError) -> Self {
        match error {
            PercentageError::Unreadable => Fault::NotAPercentage.into(),
            PercentageError::OfNothing => Fault::OfNothing.into(),
            PercentageError::Range => Self::from(Fault::BadQuery).because(format!("of: {error}")),
            PercentageError::TooMany => Fault::CountAboveTotal.into(),
        }
    }
}

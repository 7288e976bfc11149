//! What the clock watches.

use serde::{Deserialize, Serialize};

/// A period that the clock watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Due {
    /// The respondent's consent.
    Consent,
    /// The mediator's appointment (B8).
    Appointment,
    /// The end of the mediation's term.
    Term,
    /// The erasure of what has been kept long enough.
    Retention,
}

//! The rules that a case was registered under: data, versioned, pinned for its whole life.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar;
use crate::sealed::skeleton;

/// A version of the rules. A new one is added, an old one never changes: cases are bound to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RuleSet {
    /// In force since 2026.
    #[default]
    #[serde(rename = "2026-1")]
    V2026_1,
}

/// What a version says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rules {
    /// Calendar days that the respondent has to consent (2-domain §2).
    pub consent_days: u16,
    /// Elapsed hours within which a mediator is appointed (B8).
    pub appointment_hours: u16,
    /// Months that a mediation lasts unless all three extend it.
    pub term_months: u16,
    /// Calendar days after closing in which each seat still reads what it could (2-domain §4).
    pub return_days: u16,
    /// Calendar days after closing in which a later settlement may be recorded.
    pub later_settlement_days: u16,
    /// Months after closing for which the content is kept: the five years in which claims can still be made (Code civil,
    /// article 2224).
    pub retention_months: u16,
    /// Whether passing the questionnaire invites a respondent whose contact the claimant gave.
    pub invites_on_passing: bool,
    /// Whether what a camp tells the mediator stays with that tenure unless the camp releases it.
    pub caucus_is_closed: bool,
    /// Whether sound or pictures may go through the table: never (B17).
    pub live_media: bool,
}

impl RuleSet {
    /// The rules in force for new cases.
    pub const CURRENT: Self = Self::V2026_1;

    /// What this version says.
    pub const fn rules(self) -> Rules {
        match self {
            Self::V2026_1 => Rules {
                consent_days: 15,
                appointment_hours: 48,
                term_months: 2,
                return_days: 30,
                later_settlement_days: 90,
                retention_months: 60,
                invites_on_passing: true,
                caucus_is_closed: true,
                live_media: false,
            },
        }
    }
}

impl Rules {
    /// When an invitation lapses.
    pub fn consent_due(&self, invited: Timestamp) -> Timestamp {
        calendar::after_days(invited, self.consent_days)
    }

    /// When a mediator must have been appointed (B8): elapsed time, whatever the calendar says.
    pub fn appointment_due(&self, ready: Timestamp) -> Timestamp {
        ready.saturating_add(SignedDuration::from_hours(i64::from(self.appointment_hours))).unwrap_or(Timestamp::MAX)
    }

    /// When the mediation's term is over.
    pub fn term_due(&self, opened: Timestamp) -> Timestamp {
        calendar::after_months(opened, self.term_months)
    }

    /// Until when each seat reads what it could see at closing.
    pub fn return_until(&self, closed: Timestamp) -> Timestamp {
        calendar::after_days(closed, self.return_days)
    }

    /// Until when a closed case's content is kept.
    pub fn retention_until(&self, closed: Timestamp) -> Timestamp {
        calendar::after_months(closed, self.retention_months)
    }

    /// Until when the camps may record that they settled after all.
    pub fn later_settlement_until(&self, closed: Timestamp) -> Timestamp {
        calendar::after_days(closed, self.later_settlement_days)
    }
}

skeleton!(RuleSet);

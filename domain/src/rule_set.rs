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
    /// Adds the periods around a mediator's appointment and a draft's signature, and reminders.
    #[serde(rename = "2026-2")]
    V2026_2,
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
    /// Elapsed hours that a candidate has to declare independence; without them a proposal stands until it is answered.
    pub declaration_hours: Option<u16>,
    /// Calendar days from an appointment in which a camp may challenge the mediator; without them nobody is challenged.
    pub challenge_days: Option<u16>,
    /// Calendar days in which both camps sign a draft; without them it can be signed for as long as the table is open.
    pub signature_days: Option<u16>,
    /// How long before its end those concerned are reminded of a period, if at all.
    pub reminders: Option<Reminders>,
    /// Whether passing the questionnaire invites a respondent whose contact the claimant gave.
    pub invites_on_passing: bool,
    /// Whether what a camp tells the mediator stays with that tenure unless the camp releases it.
    pub caucus_is_closed: bool,
    /// Whether sound or pictures may go through the table: never (B17).
    pub live_media: bool,
}

/// How long before a period's end those concerned are reminded of it. A challenge is nobody's duty: it has no reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reminders {
    /// Calendar days before the respondent's time to consent is over.
    pub consent_days: u16,
    /// Elapsed hours before a mediator must have been appointed.
    pub appointment_hours: u16,
    /// Calendar days before the term is over.
    pub term_days: u16,
    /// Calendar days before a draft can be signed no more.
    pub signature_days: u16,
    /// Calendar days before the return window is over.
    pub return_days: u16,
    /// Calendar days before the content has been kept long enough.
    pub retention_days: u16,
}

impl RuleSet {
    /// All of them, the oldest first.
    pub const ALL: [Self; 2] = [Self::V2026_1, Self::V2026_2];

    /// The rules in force for new cases.
    pub const CURRENT: Self = Self::V2026_2;

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
                declaration_hours: None,
                challenge_days: None,
                signature_days: None,
                reminders: None,
                invites_on_passing: true,
                caucus_is_closed: true,
                live_media: false,
            },
            Self::V2026_2 => Rules {
                declaration_hours: Some(24),
                challenge_days: Some(15),
                signature_days: Some(15),
                reminders: Some(Reminders {
                    consent_days: 3,
                    appointment_hours: 24,
                    term_days: 7,
                    signature_days: 3,
                    return_days: 7,
                    retention_days: 30,
                }),
                ..Self::V2026_1.rules()
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
        after_hours(ready, self.appointment_hours)
    }

    /// Until when a candidate may declare independence.
    pub fn declaration_due(&self, proposed: Timestamp) -> Option<Timestamp> {
        self.declaration_hours.map(|hours| after_hours(proposed, hours))
    }

    /// Until when a camp may challenge a mediator.
    pub fn challenge_until(&self, appointed: Timestamp) -> Option<Timestamp> {
        self.challenge_days.map(|days| calendar::after_days(appointed, days))
    }

    /// Until when a draft may be signed.
    pub fn signature_until(&self, drafted: Timestamp) -> Option<Timestamp> {
        self.signature_days.map(|days| calendar::after_days(drafted, days))
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

/// Elapsed time, whatever the calendar says.
fn after_hours(start: Timestamp, hours: u16) -> Timestamp {
    start.saturating_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX)
}

skeleton!(RuleSet);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_version_says_what_it_has_always_said() {
        let first = RuleSet::V2026_1.rules();
        assert_eq!((first.consent_days, first.appointment_hours, first.term_months), (15, 48, 2));
        assert_eq!((first.return_days, first.later_settlement_days, first.retention_months), (30, 90, 60));
        assert_eq!((first.declaration_hours, first.challenge_days, first.signature_days), (None, None, None));
        assert_eq!(first.reminders, None);
    }

    #[test]
    fn the_second_version_keeps_every_period_of_the_first() {
        let (first, second) = (RuleSet::V2026_1.rules(), RuleSet::V2026_2.rules());
        let added =
            Rules { declaration_hours: None, challenge_days: None, signature_days: None, reminders: None, ..second };
        assert_eq!(added, first);
    }
}

//! The rates of 2-domain §6: where each puts a case. docs/figures.md says the same in words, and a test computes both.

use entente_domain::event::Outcome;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::breakdown::Mode;
use super::scope::{AsOf, Scope};
use crate::facts::{Fact, Milestone};

/// The version of these definitions: raised whenever the same facts would give another figure.
pub const DEFINITION: u32 = 1;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// A rate's code (2-domain §6).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            /// All of them, in the order in which they are reported.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As it is written.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

codes! {
    /// Settlement rate of concluded mediations: the headline.
    SR1,
    /// … with partial settlements.
    SR2,
    /// … with settlements within 90 days after.
    SR3,
    /// Settlement rate of engaged tables.
    SR4,
    /// Settlement rate from consent.
    SR5,
    /// Settlement rate from request.
    SR6,
    /// Uptake: consents among invitations that were answered or are due.
    U1,
    /// Appointments within 48 hours; those overdue count as missed (B8).
    E1,
    /// Share conducted wholly on line (B16).
    H1,
    /// Withdrawal rate.
    W1,
    /// Cross-border share (B3).
    C1,
}

impl Code {
    /// The code that is written so, in capitals or not.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(name))
    }

    /// Whether it is one of the settlement rates, which are nested in each other.
    pub const fn is_settlement(self) -> bool {
        matches!(self, Self::SR1 | Self::SR2 | Self::SR3 | Self::SR4 | Self::SR5 | Self::SR6)
    }
}

/// Why a case is not in a denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Exclusion {
    /// Not closed.
    StillOpen,
    /// Closed outside the period.
    ClosedOutside,
    /// No mediator was ever appointed.
    NoMediator,
    /// Not both sides put something on the table.
    NotEngaged,
    /// The respondent never agreed.
    NoConsent,
    /// The respondent was never invited.
    NotInvited,
    /// It ended before the invitation was answered or due.
    EndedBeforeAnswer,
    /// The invitation is not answered and not due.
    AnswerNotDue,
    /// The invitation was answered, or due, outside the period.
    DecidedOutside,
    /// It ended before the appointment was due.
    EndedBeforeDue,
    /// No mediator is appointed, and the appointment is not due.
    NotDue,
    /// The appointment was due outside the period.
    DueOutside,
    /// The time that is measured began outside the period.
    StartedOutside,
}

/// Where a figure puts a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the denominator.
    Counted {
        /// Whether in the numerator too.
        hit: bool,
        /// The date that it is counted by.
        dated: Timestamp,
    },
    /// Left out.
    Excluded(Exclusion),
}

/// What is asked: of which cases, up to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Of which cases.
    pub scope: Scope,
    /// Up to where.
    pub as_of: AsOf,
}

impl Question {
    /// Whether a case belongs to the whole that every figure divides.
    pub fn is_about(&self, fact: &Fact) -> bool {
        match self.scope {
            Scope::All | Scope::Period(_) => true,
            Scope::Cohort(days) => days.hold(fact.filing.registered.at),
        }
    }

    /// Whether a date of a figure's own is in the period, if there is one.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        match self.scope {
            Scope::All | Scope::Cohort(_) => true,
            Scope::Period(days) => days.hold(at),
        }
    }

    /// The one place where a figure puts a case: counted, or left out for the first reason that applies.
    pub fn standing(&self, code: Code, fact: &Fact) -> Standing {
        match self.place(code, fact) {
            Ok((hit, dated)) => Standing::Counted { hit, dated },
            Err(why) => Standing::Excluded(why),
        }
    }

    fn place(&self, code: Code, fact: &Fact) -> Result<(bool, Timestamp), Exclusion> {
        let settled = fact.outcome == Some(Outcome::Settled);
        match code {
            Code::SR1 => Ok((settled, self.concluded(fact)?)),
            Code::SR2 => Ok((settled || fact.outcome == Some(Outcome::PartlySettled), self.concluded(fact)?)),
            Code::SR3 => Ok((settled || fact.settled_later.is_some(), self.concluded(fact)?)),
            Code::SR4 => {
                let dated = self.concluded(fact)?;
                fact.claimant_item.and(fact.respondent_item).ok_or(Exclusion::NotEngaged)?;
                Ok((settled, dated))
            }
            Code::SR5 => {
                let dated = self.closed(fact)?;
                fact.consented.ok_or(Exclusion::NoConsent)?;
                Ok((settled, dated))
            }
            Code::SR6 => Ok((settled, self.closed(fact)?)),
            Code::U1 => self.answered(fact),
            Code::E1 => self.appointed_in_time(fact),
            Code::H1 => Ok((Mode::of(fact) == Mode::Online, self.concluded(fact)?)),
            Code::W1 => Ok((fact.outcome == Some(Outcome::Withdrawn), self.closed(fact)?)),
            Code::C1 => {
                let dated = match self.scope {
                    Scope::All | Scope::Period(_) => self.closed(fact)?,
                    Scope::Cohort(_) => fact.filing.registered.at,
                };
                Ok((fact.filing.cross_border, dated))
            }
        }
    }

    /// When it closed, if that was in the period.
    fn closed(&self, fact: &Fact) -> Result<Timestamp, Exclusion> {
        let Milestone { at, .. } = fact.closed.ok_or(Exclusion::StillOpen)?;
        if self.holds(at) { Ok(at) } else { Err(Exclusion::ClosedOutside) }
    }

    /// The same of a mediation that had a mediator.
    fn concluded(&self, fact: &Fact) -> Result<Timestamp, Exclusion> {
        let at = self.closed(fact)?;
        fact.appointed.map(|_| at).ok_or(Exclusion::NoMediator)
    }

    fn answered(&self, fact: &Fact) -> Result<(bool, Timestamp), Exclusion> {
        let (Some(_), Some(due)) = (fact.invited, fact.invitation_due) else { return Err(Exclusion::NotInvited) };
        let decided = match (fact.consented, fact.outcome, fact.closed) {
            (Some(consented), _, _) => (true, consented.at),
            (None, Some(Outcome::Declined), Some(closed)) => (false, closed.at),
            (None, Some(Outcome::Lapsed), Some(_)) => (false, due),
            (None, _, Some(_)) => return Err(Exclusion::EndedBeforeAnswer),
            (None, _, None) if due <= self.as_of.time => (false, due),
            (None, _, None) => return Err(Exclusion::AnswerNotDue),
        };
        if self.holds(decided.1) { Ok(decided) } else { Err(Exclusion::DecidedOutside) }
    }

    fn appointed_in_time(&self, fact: &Fact) -> Result<(bool, Timestamp), Exclusion> {
        let (Some(_), Some(due)) = (fact.consented, fact.appointment_due) else { return Err(Exclusion::NoConsent) };
        let in_time = match (fact.appointed, fact.closed) {
            (Some(appointed), _) => appointed.at <= due,
            (None, Some(closed)) if closed.at < due => return Err(Exclusion::EndedBeforeDue),
            (None, None) if due > self.as_of.time => return Err(Exclusion::NotDue),
            (None, _) => false,
        };
        if self.holds(due) { Ok((in_time, due)) } else { Err(Exclusion::DueOutside) }
    }
}

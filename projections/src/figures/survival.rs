//! How long things take while some are still pending: the estimate of Kaplan and Meier (JASA 53, 1958, p. 457–481).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::measure::{Exclusion, Question};
use crate::facts::Fact;

/// A time that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Span {
    /// From consent, or the questionnaire if that came later, to the mediator's appointment (B8).
    E2,
    /// From the invitation to the consent.
    D1,
    /// From registration to closing.
    D2,
}

impl Span {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::E2, Self::D1, Self::D2];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::E2 => "E2",
            Self::D1 => "D1",
            Self::D2 => "D2",
        }
    }

    /// The one that is written so, in capitals or not.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name().eq_ignore_ascii_case(name))
    }
}

/// How long it took in one case, or has taken so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasted {
    /// When it began.
    pub began: Timestamp,
    /// Whole minutes.
    pub minutes: u64,
    /// Whether it came to its end; otherwise it is pending, or the case closed before.
    pub ended: bool,
}

impl Question {
    /// How long something took in a case, or why that is not measured.
    ///
    /// # Errors
    /// The reason for which the case is left out.
    pub fn lasted(&self, span: Span, fact: &Fact) -> Result<Lasted, Exclusion> {
        let (began, end) = match span {
            Span::E2 => {
                let consented = fact.consented.ok_or(Exclusion::NoConsent)?.at;
                (fact.qualified.map_or(consented, |passed| passed.at.max(consented)), fact.appointed)
            }
            Span::D1 => (fact.invited.ok_or(Exclusion::NotInvited)?.at, fact.consented),
            Span::D2 => (fact.filing.registered.at, fact.closed),
        };
        if !self.holds(began) {
            return Err(Exclusion::StartedOutside);
        }
        let until = end.or(fact.closed).map_or(self.as_of.time, |reached| reached.at);
        let minutes = until.duration_since(began).as_mins();
        Ok(Lasted { began, minutes: u64::try_from(minutes).unwrap_or(0), ended: end.is_some() })
    }
}

/// What lasted how long: by minute, how many came to their end and how many did not. As large as there are different
/// minutes, however many cases there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survival(BTreeMap<u64, (u64, u64)>);

/// A step of the curve: by then, so large a share had come to its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Minutes since the beginning.
    pub minutes: u64,
    /// The share.
    pub ended: f64,
}

impl Survival {
    /// Adds a case.
    pub fn add(&mut self, minutes: u64, ended: bool) {
        let (ends, pending) = self.0.entry(minutes).or_default();
        *(if ended { ends } else { pending }) += 1;
    }

    /// How many came to their end.
    pub fn observed(&self) -> u64 {
        self.0.values().map(|(ends, _)| ends).sum()
    }

    /// How many came to their end within so many minutes.
    pub fn observed_by(&self, minutes: u64) -> u64 {
        self.0.range(..=minutes).map(|(_, (ends, _))| ends).sum()
    }

    /// How many did not.
    pub fn pending(&self) -> u64 {
        self.0.values().map(|(_, pending)| pending).sum()
    }

    /// The longest that came to its end, in minutes.
    pub fn longest(&self) -> Option<u64> {
        self.0.iter().rev().find(|(_, (ends, _))| *ends > 0).map(|(minutes, _)| *minutes)
    }

    /// The curve, one step for each minute at which something ended. Who is pending at that minute is still at risk in it.
    pub fn curve(&self) -> Vec<Step> {
        let mut at_risk = self.observed() + self.pending();
        let mut left = 1.0;
        let mut steps = Vec::new();
        for (&minutes, &(ends, pending)) in &self.0 {
            if ends > 0 {
                left *= 1.0 - ends as f64 / at_risk as f64;
                steps.push(Step { minutes, ended: 1.0 - left });
            }
            at_risk -= ends + pending;
        }
        steps
    }

    /// The least time by which this share had come to its end; none if the curve does not come so far.
    pub fn percentile(&self, share: f64) -> Option<u64> {
        // A product of shares may miss a half by its last digit.
        const CRUMB: f64 = 1e-12;
        self.curve().into_iter().find(|step| 1.0 - step.ended <= 1.0 - share + CRUMB).map(|step| step.minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pending_hold_the_curve_down() {
        // Worked by hand: 1 of 4 ends at 10, one is pending at 20, 1 of 2 ends at 30, the last is pending.
        let mut survival = Survival::default();
        for (minutes, ended) in [(10, true), (20, false), (30, true), (40, false)] {
            survival.add(minutes, ended);
        }
        let curve = survival.curve();
        assert_eq!(curve.iter().map(|step| step.minutes).collect::<Vec<_>>(), [10, 30]);
        assert!((curve[0].ended - 0.25).abs() < 1e-15 && (curve[1].ended - 0.625).abs() < 1e-15);
        assert_eq!(
            (survival.percentile(0.25), survival.percentile(0.5), survival.percentile(0.9)),
            (Some(10), Some(30), None)
        );
        assert_eq!((survival.observed(), survival.pending(), survival.longest()), (2, 2, Some(30)));
    }

    #[test]
    fn without_pending_it_is_the_plain_percentile() {
        let mut survival = Survival::default();
        (1..=10).for_each(|minutes| survival.add(minutes, true));
        assert_eq!((survival.percentile(0.5), survival.percentile(0.9)), (Some(5), Some(9)));
        assert_eq!(Survival::default().percentile(0.5), None);
    }
}

//! The figures: folds of the log up to a stated position (2-domain §6). For now the headline, SR1.

use std::collections::BTreeMap;

use entente_domain::event::{CaseEvent, Outcome};
use entente_domain::{CaseId, Entry};
use serde::Serialize;

/// What is remembered of each case: enough for every count of the headline, no content, no names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Course {
    appointed: bool,
    outcome: Option<Outcome>,
}

/// The fold: feed it the log in order, then ask.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    cases: BTreeMap<CaseId, Course>,
}

impl Figures {
    /// Takes one entry into account.
    pub fn fold(&mut self, case: CaseId, entry: &Entry) {
        match &entry.event {
            CaseEvent::Registered(_) => {
                self.cases.entry(case).or_default();
            }
            CaseEvent::MediatorAppointed(_) => self.cases.entry(case).or_default().appointed = true,
            CaseEvent::CaseClosed(event) => self.cases.entry(case).or_default().outcome = Some(event.outcome),
            _ => {}
        }
    }

    /// SR1, the settlement rate of concluded mediations: settled among those with a mediator that have closed.
    ///
    /// What is left out is counted by reason, so that `n` and the exclusions make up all cases filed.
    pub fn settlement_rate(&self, as_of: u64) -> Figure {
        let mut excluded = BTreeMap::from([(Exclusion::NoMediator, 0), (Exclusion::StillOpen, 0)]);
        let (mut k, mut n) = (0_u64, 0_u64);
        for course in self.cases.values() {
            match (course.appointed, course.outcome) {
                (true, Some(outcome)) => {
                    n += 1;
                    k += u64::from(outcome == Outcome::Settled);
                }
                (true, None) => *excluded.entry(Exclusion::StillOpen).or_default() += 1,
                (false, _) => *excluded.entry(Exclusion::NoMediator).or_default() += 1,
            }
        }
        Figure::new("SR1", k, n, as_of, excluded)
    }

    /// How many closed cases had each outcome.
    pub fn outcomes(&self) -> BTreeMap<Outcome, u64> {
        let mut counts = BTreeMap::from(Outcome::ALL.map(|outcome| (outcome, 0)));
        for outcome in self.cases.values().filter_map(|course| course.outcome) {
            *counts.entry(outcome).or_default() += 1;
        }
        counts
    }

    /// How many cases were filed.
    pub fn filed(&self) -> u64 {
        self.cases.len() as u64
    }
}

/// Why a case is not in the denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Exclusion {
    /// No mediator was ever appointed.
    NoMediator,
    /// Not closed at that position.
    StillOpen,
}

/// A rate that can be defended: what was counted, among how many, how sure that is, and what was left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// Its code in 2-domain §6.
    pub code: &'static str,
    /// Numerator.
    pub k: u64,
    /// Denominator.
    pub n: u64,
    /// `k / n`; none of nothing.
    pub rate: Option<f64>,
    /// Lower end of the interval; none of nothing.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// How the interval is made.
    pub method: &'static str,
    /// The log position up to which it is true.
    pub as_of: u64,
    /// What is not in `n`, by reason.
    pub excluded: BTreeMap<Exclusion, u64>,
}

impl Figure {
    fn new(code: &'static str, k: u64, n: u64, as_of: u64, excluded: BTreeMap<Exclusion, u64>) -> Self {
        let interval = wilson(k, n);
        Self {
            code,
            k,
            n,
            rate: (n > 0).then(|| k as f64 / n as f64),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            method: "Wilson 95 %",
            as_of,
            excluded,
        }
    }
}

/// The score interval of Wilson (JASA 22, 1927, p. 209–212) at 95 %; none of nothing.
pub fn wilson(k: u64, n: u64) -> Option<(f64, f64)> {
    // The 97.5th percentile of the standard normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    if n == 0 || k > n {
        return None;
    }
    let (count, size) = (k as f64, n as f64);
    let square = Z * Z;
    let rate = count / size;
    let centre = (rate + square / (2.0 * size)) / (1.0 + square / size);
    let half = Z / (1.0 + square / size) * (rate * (1.0 - rate) / size + square / (4.0 * size * size)).sqrt();
    // At the ends the exact bound is 0 or 1; the subtraction alone would leave a crumb of rounding.
    let low = if k == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if k == n { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_sixty_in_seventy_is_the_published_one() {
        // Reference: the closed form worked in 30 decimal digits.
        let (low, high) = wilson(60, 70).unwrap_or_default();
        assert!((low - 0.756_615_801_163_332).abs() < 1e-12, "{low}");
        assert!((high - 0.920_510_582_829_334).abs() < 1e-12, "{high}");
    }

    #[test]
    fn nothing_has_no_rate_and_the_ends_are_exact() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
        assert_eq!(wilson(0, 10).map(|(low, _)| low), Some(0.0));
        assert_eq!(wilson(10, 10).map(|(_, high)| high), Some(1.0));
    }
}

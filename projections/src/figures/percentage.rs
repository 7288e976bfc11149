//! The check of a published percentage: every numerator that gives it, for every denominator that it may have, or none.

use serde::{Deserialize, Serialize};

/// How a percentage was rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Rounding {
    /// To the nearest; a half may have gone either way.
    #[default]
    Nearest,
    /// To the nearest, halves up.
    HalfUp,
    /// To the nearest, halves to the even digit.
    HalfEven,
    /// Cut off.
    Down,
    /// To the next above.
    Up,
}

impl Rounding {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Nearest, Self::HalfUp, Self::HalfEven, Self::Down, Self::Up];
}

/// The largest denominator that is looked at, and how many at most.
pub const MOST: u64 = 1_000_000_000;
/// How many denominators at most.
pub const WIDEST: u64 = 100_000;
/// Digits after the point at most.
const DIGITS: usize = 9;

/// Why a check makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PercentageError {
    /// Not a number between 0 and 100.
    #[error(
        "write the percentage as it was published, such as 85 or 85.7, between 0 and 100, with up to 9 digits after the point"
    )]
    Unreadable,
    /// Of nothing there is no percentage.
    #[error("a percentage of 0 cases means nothing: give how many cases there were, at least 1")]
    OfNothing,
    /// The denominators are not in order, too many or too large.
    #[error(
        "give one number of cases or two with dots between, the smaller first, such as 70 or 40..70; up to 1,000,000,000 and 100,000 numbers"
    )]
    Range,
    /// More were counted than there were.
    #[error("there cannot be more cases counted than there were: give a smaller count, or more cases")]
    TooMany,
}

/// A percentage as it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// In units of its last digit.
    units: u128,
    /// How many units are one per cent.
    per_cent: u128,
    digits: usize,
}

impl Percentage {
    /// As it is written: `85`, `85.7`, `85,7`, with or without the sign.
    ///
    /// # Errors
    /// [`PercentageError::Unreadable`].
    pub fn parse(text: &str) -> Result<Self, PercentageError> {
        let number = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
        let (whole, digits) = number.split_once('.').unwrap_or((&number, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_sound =
            (1..=3).contains(&whole.len()) && is_number(whole) && is_number(digits) && digits.len() <= DIGITS;
        if !is_sound || number.ends_with('.') {
            return Err(PercentageError::Unreadable);
        }
        let units: u128 = format!("{whole}{digits}").parse().map_err(|_| PercentageError::Unreadable)?;
        let per_cent = (0..digits.len()).fold(1, |all, _| all * 10);
        if units > 100 * per_cent {
            Err(PercentageError::Unreadable)
        } else {
            Ok(Self { units, per_cent, digits: digits.len() })
        }
    }

    /// Whether so many of so many, rounded so, are published as this.
    pub fn is_given_by(self, k: u64, n: u64, rounding: Rounding) -> bool {
        // k / n in units of the last digit is `exact / n`; halves are told apart without a fraction.
        let (n, exact) = (u128::from(n), u128::from(k) * 100 * self.per_cent);
        let (below, rest) = (exact / n, exact % n);
        let nearest = |half_up: bool| if 2 * rest > n || (2 * rest == n && half_up) { below + 1 } else { below };
        match rounding {
            Rounding::Nearest => self.units == nearest(true) || self.units == nearest(false),
            Rounding::HalfUp => self.units == nearest(true),
            Rounding::HalfEven => self.units == nearest(below % 2 == 1),
            Rounding::Down => self.units == below,
            Rounding::Up => self.units == if rest > 0 { below + 1 } else { below },
        }
    }

    /// The numerators of a denominator that give this: they are neighbours, if there are any.
    fn numerators(self, n: u64, rounding: Rounding) -> Option<(u64, u64)> {
        let per_case = u128::from(n) * self.units / (100 * self.per_cent);
        // The last digit is worth at most so many cases; beyond them no count gives it.
        let reach = u128::from(n) / (100 * self.per_cent) + 2;
        let narrow = |number: u128| u64::try_from(number).unwrap_or(n).min(n);
        let (first, last) = (narrow(per_case.saturating_sub(reach)), narrow(per_case + reach));
        // What is given grows with the count: the ends of a run are found by halving.
        let low = bound(first, last, |k| self.reached(k, n, rounding))?;
        let high =
            bound(low, last, |k| !self.is_given_by(k, n, rounding)).map_or(last, |beyond| beyond.saturating_sub(1));
        (low <= high && self.is_given_by(low, n, rounding)).then_some((low, high))
    }

    /// Whether so many give this or more.
    fn reached(self, k: u64, n: u64, rounding: Rounding) -> bool {
        self.is_given_by(k, n, rounding) || u128::from(k) * 100 * self.per_cent > self.units * u128::from(n)
    }
}

/// The first number from `first` to `last` for which something holds that holds from there on.
fn bound(first: u64, last: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (first, last);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    holds(low).then_some(low)
}

impl std::fmt::Display for Percentage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.units / self.per_cent, self.units % self.per_cent);
        if self.digits == 0 { write!(f, "{whole}") } else { write!(f, "{whole}.{rest:0digits$}", digits = self.digits) }
    }
}

/// The numerators that give a percentage of one denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Giving {
    /// The denominator.
    pub n: u64,
    /// The least numerator.
    pub from: u64,
    /// The greatest.
    pub to: u64,
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    /// The percentage.
    pub percentage: String,
    /// How it was rounded.
    pub rounding: Rounding,
    /// The denominators that were looked at.
    pub of: (u64, u64),
    /// The count that was claimed, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Every denominator for which there is a numerator, with all of them; none if there is none.
    pub given_by: Vec<Giving>,
    /// If none gives it: what would, had it been cut off or raised to the next digit instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Otherwise>,
}

/// What gives a percentage if it was rounded in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Otherwise {
    /// The other way.
    pub rounding: Rounding,
    /// What gives it so.
    #[serde(flatten)]
    pub giving: Giving,
}

impl Check {
    /// Looks for what gives a percentage: any count of these many, or one that was claimed.
    ///
    /// # Errors
    /// [`PercentageError`].
    pub fn of(
        percentage: Percentage,
        rounding: Rounding,
        (least, most): (u64, u64),
        count: Option<u64>,
    ) -> Result<Self, PercentageError> {
        if least == 0 {
            return Err(PercentageError::OfNothing);
        }
        if most < least || most > MOST || most - least >= WIDEST {
            return Err(PercentageError::Range);
        }
        if count.is_some_and(|count| count > most) {
            return Err(PercentageError::TooMany);
        }
        let giving = |n: u64, rounding| match count {
            None => percentage.numerators(n, rounding).map(|(from, to)| Giving { n, from, to }),
            Some(k) => (k <= n && percentage.is_given_by(k, n, rounding)).then_some(Giving { n, from: k, to: k }),
        };
        let given_by: Vec<Giving> = (least..=most).filter_map(|n| giving(n, rounding)).collect();
        let others = [Rounding::Nearest, Rounding::Down, Rounding::Up].into_iter().filter(|other| *other != rounding);
        let otherwise = others.flat_map(|rounding| {
            let given = (least..=most).filter_map(move |n| giving(n, rounding));
            given.map(move |giving| Otherwise { rounding, giving })
        });
        let otherwise = if given_by.is_empty() { otherwise.collect() } else { Vec::new() };
        Ok(Self { percentage: percentage.to_string(), rounding, of: (least, most), count, given_by, otherwise })
    }

    /// The denominators that a text names: `70`, or `40..70`.
    ///
    /// # Errors
    /// [`PercentageError::Range`].
    pub fn denominators(text: &str) -> Result<(u64, u64), PercentageError> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let number = |part: &str| part.trim().parse::<u64>().map_err(|_| PercentageError::Range);
        Ok((number(first)?, number(last)?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn check(text: &str, of: (u64, u64), rounding: Rounding) -> Vec<(u64, u64, u64)> {
        let found = Check::of(Percentage::parse(text).unwrap(), rounding, of, None).unwrap();
        found.given_by.iter().map(|giving| (giving.n, giving.from, giving.to)).collect()
    }

    #[test]
    fn no_whole_number_of_seventy_cases_is_eighty_five_per_cent() {
        assert_eq!(check("85", (70, 70), Rounding::Nearest), []);
        assert_eq!(check("84.3", (70, 70), Rounding::Nearest), [(70, 59, 59)]);
        assert_eq!(check("85,7 %", (70, 70), Rounding::Nearest), [(70, 60, 60)]);
        assert_eq!(check("85", (60, 60), Rounding::Nearest), [(60, 51, 51)]);
        assert_eq!(check("85", (40, 40), Rounding::Nearest), [(40, 34, 34)]);
        assert_eq!(check("85", (67, 67), Rounding::Nearest), [(67, 57, 57)]);
        // Cut off and not rounded it could be.
        assert_eq!(check("85", (70, 70), Rounding::Down), [(70, 60, 60)]);
        assert_eq!(check("85", (70, 70), Rounding::Up), [(70, 59, 59)]);
    }

    #[test]
    fn a_half_goes_where_the_rounding_says() {
        // 1 of 8 is 12.5 %.
        assert_eq!(check("12", (8, 8), Rounding::Nearest), [(8, 1, 1)]);
        assert_eq!(check("13", (8, 8), Rounding::Nearest), [(8, 1, 1)]);
        assert_eq!(check("12", (8, 8), Rounding::HalfUp), []);
        assert_eq!(check("12", (8, 8), Rounding::HalfEven), [(8, 1, 1)]);
        assert_eq!(check("13", (8, 8), Rounding::HalfEven), []);
    }

    #[test]
    fn every_count_is_found_that_trying_all_finds() {
        for rounding in Rounding::ALL {
            for text in ["0", "100", "85", "33.3", "99.9", "0.1", "50", "12.5"] {
                let percentage = Percentage::parse(text).unwrap();
                for n in (1..=260).chain([999, 1_000, 1_001, 4_001]) {
                    let tried: Vec<u64> = (0..=n).filter(|k| percentage.is_given_by(*k, n, rounding)).collect();
                    let found = percentage.numerators(n, rounding);
                    let expected = tried.first().zip(tried.last()).map(|(low, high)| (*low, *high));
                    assert_eq!(found, expected, "{text} % of {n}, {rounding:?}");
                    assert!(expected.is_none_or(|(low, high)| high - low + 1 == tried.len() as u64));
                }
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for wrong in ["", "abc", "-1", "100.1", "101", "85.", ".5", "85.1234567890", "8e1", "1000"] {
            assert_eq!(Percentage::parse(wrong).err(), Some(PercentageError::Unreadable), "{wrong}");
        }
        let percentage = Percentage::parse("85").unwrap();
        let refusal = |of, count| Check::of(percentage, Rounding::Nearest, of, count).err();
        assert_eq!(refusal((0, 0), None), Some(PercentageError::OfNothing));
        assert_eq!(refusal((70, 40), None), Some(PercentageError::Range));
        assert_eq!(refusal((1, 200_000), None), Some(PercentageError::Range));
        assert_eq!(refusal((70, 70), Some(71)), Some(PercentageError::TooMany));
        assert_eq!(Check::denominators("x"), Err(PercentageError::Range));
        assert_eq!(Check::denominators("40..70"), Ok((40, 70)));
    }
}

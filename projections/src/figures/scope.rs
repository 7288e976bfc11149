//! What a figure is of: all cases, those that closed in a period, or those that were registered in one.

use entente_domain::calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// Whole days in Paris, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Days {
    /// The first.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    from: Date,
    /// The last.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    to: Date,
}

/// Why a text names no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// Not a year, a month or a day, or two of them.
    #[error("write a year, a month or a day, or two with dots between: 2026, 2026-03, 2026-01..2026-06")]
    Unreadable,
    /// The end lies before the beginning.
    #[error("the period ends before it begins: write the earlier day first")]
    Reversed,
}

impl Days {
    /// From one day to another.
    ///
    /// # Errors
    /// [`DaysError::Reversed`].
    pub fn new(from: Date, to: Date) -> Result<Self, DaysError> {
        if to < from { Err(DaysError::Reversed) } else { Ok(Self { from, to }) }
    }

    /// The days that a text names: `2026`, `2026-03`, `2026-03-02`, or two of these with `..` between.
    ///
    /// # Errors
    /// [`DaysError`].
    pub fn parse(text: &str) -> Result<Self, DaysError> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        Self::new(span(first)?.0, span(last)?.1)
    }

    /// A calendar year.
    pub fn year(year: i16) -> Option<Self> {
        Some(Self { from: Date::new(year, 1, 1).ok()?, to: Date::new(year, 12, 31).ok()? })
    }

    /// The first day.
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Date {
        self.to
    }

    /// Whether an instant's day in Paris is one of them.
    pub fn hold(self, at: Timestamp) -> bool {
        let day = calendar::paris_date(at);
        self.from <= day && day <= self.to
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

/// The first and the last day of a year, a month or a day.
fn span(text: &str) -> Result<(Date, Date), DaysError> {
    let digits = |part: &str, length: usize| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<i16>().map_err(|_| DaysError::Unreadable) } else { Err(DaysError::Unreadable) }
    };
    let date = |year, month, day| Date::new(year, month, day).map_err(|_| DaysError::Unreadable);
    let small = |part| digits(part, 2).and_then(|number| i8::try_from(number).map_err(|_| DaysError::Unreadable));
    let parts: Vec<&str> = text.trim().split('-').collect();
    match parts.as_slice() {
        [year] => {
            let year = digits(year, 4)?;
            Ok((date(year, 1, 1)?, date(year, 12, 31)?))
        }
        [year, month] => {
            let first = date(digits(year, 4)?, small(month)?, 1)?;
            Ok((first, first.last_of_month()))
        }
        [year, month, day] => date(digits(year, 4)?, small(month)?, small(day)?).map(|day| (day, day)),
        _ => Err(DaysError::Unreadable),
    }
}

/// Which cases a report is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// All.
    #[default]
    All,
    /// Those that closed on these days; what has another date of its own is counted by that.
    Period(Days),
    /// Those that were registered on these days.
    Cohort(Days),
}

impl Scope {
    /// Its days, if it has any.
    pub const fn days(self) -> Option<Days> {
        match self {
            Self::All => None,
            Self::Period(days) | Self::Cohort(days) => Some(days),
        }
    }

    /// Whether it begins after an instant: then there is nothing to report yet.
    pub fn is_to_come(self, now: Timestamp) -> bool {
        self.days().is_some_and(|days| days.from > calendar::paris_date(now))
    }

    /// Whether its last day was not over at an instant.
    pub fn is_under_way(self, now: Timestamp) -> bool {
        self.days().is_some_and(|days| days.to >= calendar::paris_date(now))
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all cases"),
            Self::Period(days) => write!(f, "the period {days}"),
            Self::Cohort(days) => write!(f, "the cohort {days}"),
        }
    }
}

/// Up to where a report is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AsOf {
    /// The last position of the log that is taken into account.
    pub position: u64,
    /// When that was: what is pending is pending at this instant.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub time: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        Days::parse(text).map_or_else(|error| format!("{error:?}"), |days| days.to_string())
    }

    #[test]
    fn a_year_a_month_and_a_day_are_whole() {
        assert_eq!(said("2026"), "2026-01-01..2026-12-31");
        assert_eq!(said("2024-02"), "2024-02-01..2024-02-29");
        assert_eq!(said("2026-03-02"), "2026-03-02..2026-03-02");
        assert_eq!(said("2026-01..2026-03"), "2026-01-01..2026-03-31");
        assert_eq!(said("2025..2026-06-30"), "2025-01-01..2026-06-30");
    }

    #[test]
    fn what_is_reversed_or_no_date_is_refused() {
        assert_eq!(said("2026..2025"), "Reversed");
        for wrong in ["", "26", "2026-13", "2026-02-30", "2026-3", "2026-01-01-01", "tomorrow", "2026..", "+026"] {
            assert_eq!(said(wrong), "Unreadable", "{wrong}");
        }
    }

    #[test]
    fn a_day_is_a_day_in_paris() {
        let new_year = Days::parse("2026");
        let late: Result<Timestamp, _> = "2025-12-31T23:30:00Z".parse();
        assert!(new_year.is_ok_and(|days| late.is_ok_and(|late| days.hold(late))));
    }
}

//! Deadlines in calendar days of Paris, as French civil procedure counts them.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// The instant at which a period of whole days, counted from `start` and not including its day, is over.
///
/// The last day counts in full, to midnight in Paris (code de procédure civile, art. 641–642); a last day on a
/// Saturday, a Sunday or a public holiday moves to the next working day. The period is half-open: at the instant
/// that is returned it is too late.
pub fn after_days(start: Timestamp, days: u16) -> Timestamp {
    end_of_working_day(add(paris_date(start), i64::from(days).days()))
}

/// The same for whole months: the same day of the month, or the month's last (art. 641).
pub fn after_months(start: Timestamp, months: u16) -> Timestamp {
    end_of_working_day(add(paris_date(start), i64::from(months).months()))
}

/// The same for a date that somebody chose: the end of that day, or of the next working day.
pub fn end_of_working_day(date: Date) -> Timestamp {
    let mut last = date;
    while !is_working_day(last) {
        last = add(last, 1.day());
    }
    midnight(add(last, 1.day()))
}

/// So many days before a period is over, at the same time of day in Paris; no matter whether that is a working day.
pub fn days_before(end: Timestamp, days: u16) -> Timestamp {
    let earlier = end.to_zoned(paris()).checked_sub(i64::from(days).days());
    earlier.map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

/// Whether a day is neither Saturday, Sunday nor a French public holiday.
pub fn is_working_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(date)
}

/// The eleven public holidays of code du travail, art. L3133-1.
pub fn is_holiday(date: Date) -> bool {
    const FIXED: [(i8, i8); 8] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    let easter = easter_sunday(date.year());
    FIXED.contains(&(date.month(), date.day()))
        || [1, 39, 50].into_iter().any(|after: i64| add(easter, after.days()) == date)
}

/// The date in Paris at an instant.
pub fn paris_date(at: Timestamp) -> Date {
    at.to_zoned(paris()).date()
}

/// An hour of a day in Paris. One that the change to summer time leaves out is the hour after.
pub fn paris_hour(date: Date, hour: i8) -> Timestamp {
    date.at(hour.clamp(0, 23), 0, 0, 0).to_zoned(paris()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// Easter in the Gregorian calendar, by the method of Meeus, Jones and Butcher (Nature, 20 April 1876).
fn easter_sunday(year: i16) -> Date {
    let year_number = i32::from(year);
    let golden = year_number % 19;
    let century = year_number / 100;
    let in_century = year_number % 100;
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let correction = (golden + 11 * epact + 22 * to_sunday) / 451;
    let days = epact + to_sunday - 7 * correction + 114;
    let month = i8::try_from(days / 31).unwrap_or(4);
    let day = i8::try_from(days % 31 + 1).unwrap_or(1);
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

fn paris() -> TimeZone {
    // The time-zone database is compiled in: no file of the machine can change when a period ends.
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

fn midnight(date: Date) -> Timestamp {
    date.to_zoned(paris()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn add(date: Date, span: Span) -> Date {
    date.saturating_add(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn fifteen_days_end_at_midnight_in_paris_across_the_change_to_summer_time() {
        // 16 March 2026 + 15 = 31 March; summer time began on the 29th, so midnight is 22:00 UTC.
        assert_eq!(after_days(at("2026-03-16T12:00:00Z"), 15), at("2026-03-31T22:00:00Z"));
    }

    #[test]
    fn a_last_day_on_a_weekend_moves_to_monday() {
        // 2 January 2026 + 15 = Saturday the 17th.
        assert_eq!(after_days(at("2026-01-02T12:00:00Z"), 15), at("2026-01-19T23:00:00Z"));
    }

    #[test]
    fn a_last_day_on_easter_monday_or_ascension_moves_on() {
        assert_eq!(easter_sunday(2026).to_string(), "2026-04-05");
        assert!(is_holiday(Date::constant(2026, 4, 6)));
        assert!(is_holiday(Date::constant(2026, 5, 14)));
        assert!(is_holiday(Date::constant(2026, 5, 25)));
        assert!(!is_holiday(Date::constant(2026, 5, 26)));
    }

    #[test]
    fn two_months_from_the_end_of_december_end_with_february() {
        // 31 December 2026 + 2 months = 28 February 2027, a Sunday: Monday 1 March.
        assert_eq!(after_months(at("2026-12-31T10:00:00Z"), 2), at("2027-03-01T23:00:00Z"));
    }

    #[test]
    fn days_before_midnight_are_midnights_across_both_changes_of_the_clocks() {
        // Summer time began on 29 March 2026 and ends on 25 October.
        assert_eq!(days_before(at("2026-03-31T22:00:00Z"), 3), at("2026-03-28T23:00:00Z"));
        assert_eq!(days_before(at("2026-10-26T23:00:00Z"), 3), at("2026-10-23T22:00:00Z"));
    }

    #[test]
    fn the_day_is_the_one_of_paris_not_of_greenwich() {
        assert_eq!(paris_date(at("2026-06-30T22:30:00Z")).to_string(), "2026-07-01");
    }

    #[test]
    fn easter_of_known_years() {
        for (year, date) in [(1999, "1999-04-04"), (2000, "2000-04-23"), (2019, "2019-04-21"), (2038, "2038-04-25")] {
            assert_eq!(easter_sunday(year).to_string(), date);
        }
    }
}

//! When the next letter is due: on a grid that is each person's own and never moves, so that the hour of a letter says
//! nothing of the hour of what it is about.

use entente_domain::{PersonId, calendar};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::ports::Rhythm;

/// Seconds between two hours of the usual rhythm.
const GRID: i64 = 15 * 60;
/// The hour of Paris at which daily letters begin to go out.
const MORNING: i8 = 8;

/// A stretch of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    /// The last hour at or before now: what is older goes out with it.
    pub(super) last: Timestamp,
    /// The next one.
    pub(super) next: Timestamp,
}

/// The hours around an instant; none for whoever wants no letters.
pub(super) fn hours(rhythm: Rhythm, person: PersonId, now: Timestamp) -> Option<Hours> {
    // Each has another place on the grid, always the same: letters do not all go out in one minute.
    let offset = i64::try_from(person.0.as_u128() % (GRID as u128)).unwrap_or(0);
    match rhythm {
        Rhythm::Never => None,
        Rhythm::AtOnce => {
            let soon = now.saturating_add(SignedDuration::from_micros(1)).unwrap_or(now);
            Some(Hours { last: soon, next: soon })
        }
        Rhythm::Quarterly => {
            let since = (now.as_second() - offset).rem_euclid(GRID);
            let last = Timestamp::from_second(now.as_second() - since).unwrap_or(now);
            Some(Hours { last, next: last.saturating_add(SignedDuration::from_secs(GRID)).unwrap_or(Timestamp::MAX) })
        }
        Rhythm::Daily => {
            let at = |days: i64| {
                let date = calendar::paris_date(now).saturating_add(days.days());
                let morning = calendar::paris_hour(date, MORNING);
                morning.saturating_add(SignedDuration::from_secs(offset)).unwrap_or(Timestamp::MAX)
            };
            let today = at(0);
            Some(if today <= now { Hours { last: today, next: at(1) } } else { Hours { last: at(-1), next: today } })
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_grid_is_each_persons_own_and_never_moves() {
        for person in [0_u128, 1, 899, 900, 12_345_678_901_234_567_890] {
            let person = PersonId(Uuid::from_u128(person));
            let mut hours = hours(Rhythm::Quarterly, person, at("2026-03-29T00:10:00Z")).unwrap();
            for _ in 0..200 {
                assert_eq!(hours.next.duration_since(hours.last).as_secs(), GRID);
                let just_before = hours.next - SignedDuration::from_micros(1);
                assert_eq!(super::hours(Rhythm::Quarterly, person, just_before).unwrap(), hours);
                let next = super::hours(Rhythm::Quarterly, person, hours.next).unwrap();
                assert_eq!(next.last, hours.next, "half-open");
                hours = next;
            }
        }
    }

    #[test]
    fn a_day_is_one_of_paris_also_when_the_hour_changes() {
        let person = PersonId(Uuid::nil());
        for (now, last, next) in [
            ("2026-03-28T07:00:00Z", "2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"),
            ("2026-03-29T05:59:59Z", "2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"),
            ("2026-10-24T06:00:00Z", "2026-10-24T06:00:00Z", "2026-10-25T07:00:00Z"),
        ] {
            assert_eq!(hours(Rhythm::Daily, person, at(now)).unwrap(), Hours { last: at(last), next: at(next) });
        }
    }

    #[test]
    fn whoever_wants_none_has_no_hour_and_whoever_wants_them_at_once_has_any() {
        let (person, now) = (PersonId(Uuid::nil()), at("2026-03-28T07:00:00Z"));
        assert_eq!(hours(Rhythm::Never, person, now), None);
        assert!(hours(Rhythm::AtOnce, person, now).unwrap().last > now);
    }
}

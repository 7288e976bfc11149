//! Places in a list, opaque to whoever carries them; made of nothing but what the viewer was shown.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::problem::{Fault, Problem};

/// Rows a page, unless the caller says otherwise.
const DEFAULT: u32 = 20;
/// Rows a page at most.
const MOST: u32 = 100;

/// After which row of a list to go on: its time and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's time.
    pub at: Timestamp,
    /// The row's id.
    pub id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}|{}", self.at.as_microsecond(), self.id)))
    }
}

impl FromStr for Cursor {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parsed = || {
            let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (micros, id) = plain.split_once('|')?;
            let at = Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
            Some(Self { at, id: Uuid::try_parse(id).ok()? })
        };
        parsed().ok_or_else(|| Fault::BadCursor.into())
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// How many rows, 1 to 100; 20 if not said.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A part of a list, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// After which row.
    pub after: Option<Cursor>,
    /// How many rows at most.
    pub limit: u32,
}

impl Paging {
    /// Checks it.
    ///
    /// # Errors
    /// A cursor that is none, or a limit out of bounds.
    pub fn part(&self) -> Result<Part, Problem> {
        let limit = self.limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::from(Fault::BadQuery).because("limit: 1 to 100"));
        }
        Ok(Part { after: self.after.as_deref().map(str::parse).transpose()?, limit })
    }
}

impl Part {
    /// How many rows to ask for: one more than are shown tells whether there are others.
    pub const fn asked(self) -> u32 {
        self.limit + 1
    }

    /// A page that is to be filled with those rows alone that the caller may see.
    pub const fn page<T>(self) -> Page<T> {
        Page { part: self, seen: Vec::new(), wants: Some(self.after) }
    }

    /// Cuts what was found down to the page, and says where the next one begins, if there is one.
    pub fn cut<T>(self, mut found: Vec<T>, place: impl Fn(&T) -> Cursor) -> (Vec<T>, Option<String>) {
        let limit = self.limit as usize;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| place(last).to_string());
        (found, next)
    }
}

/// A page in the making: it is asked for rows until it is full or there are no others. A row that the caller may not see
/// leaves neither a gap in the page nor a trace in its end.
#[derive(Debug)]
pub struct Page<T> {
    part: Part,
    seen: Vec<T>,
    wants: Option<Option<Cursor>>,
}

impl<T> Page<T> {
    /// After which row it wants [`Part::asked`] more; none once it has enough.
    pub const fn wants(&self) -> Option<Option<Cursor>> {
        self.wants
    }

    /// Takes the rows that it wanted, each with whether the caller may see it.
    pub fn take(&mut self, found: Vec<(T, bool)>, place: impl Fn(&T) -> Cursor) {
        let asked = self.part.asked() as usize;
        let last = found.last().map(|(row, _)| place(row)).filter(|_| found.len() == asked);
        self.seen.extend(found.into_iter().filter_map(|(row, visible)| visible.then_some(row)));
        self.wants = last.filter(|_| self.seen.len() < asked).map(Some);
    }

    /// The page, and where the next one begins, if there is one.
    pub fn cut(self, place: impl Fn(&T) -> Cursor) -> (Vec<T>, Option<String>) {
        self.part.cut(self.seen, place)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn cursor(micros: i64) -> Cursor {
        Cursor { at: Timestamp::from_microsecond(micros).unwrap(), id: Uuid::from_u128(7) }
    }

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        for micros in [-1, 0, 1_767_225_600_000_001] {
            assert_eq!(cursor(micros).to_string().parse::<Cursor>().unwrap(), cursor(micros));
        }
    }

    #[test]
    fn anything_else_is_no_cursor() {
        let other = URL_SAFE_NO_PAD.encode("12");
        for text in ["", "?", "MXwy", &other, "9999999999999999999"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_names_the_next_one_only_if_there_is_one() {
        let part = Paging { after: None, limit: Some(2) }.part().unwrap();
        assert_eq!(part.cut(vec![1, 2], |n| cursor(*n)), (vec![1, 2], None));
        assert_eq!(part.cut(vec![1, 2, 3], |n| cursor(*n)), (vec![1, 2], Some(cursor(2).to_string())));
    }

    #[test]
    fn what_is_not_to_be_seen_leaves_neither_a_gap_nor_a_trace() {
        let part = Paging { after: None, limit: Some(2) }.part().unwrap();
        let fill = |rows: &[(i64, bool)]| {
            let (mut page, mut rows) = (part.page(), rows.to_vec());
            while page.wants().is_some() {
                let rest = rows.split_off(rows.len().min(part.asked() as usize));
                page.take(rows, |n| cursor(*n));
                rows = rest;
            }
            page.cut(|n| cursor(*n))
        };
        for visible in [&[][..], &[1], &[1, 2], &[1, 2, 3]] {
            let without: Vec<_> = visible.iter().map(|n| (*n, true)).collect();
            let with = (-9..0).chain(visible.iter().copied()).chain(10..17).map(|n| (n, visible.contains(&n)));
            let with: Vec<_> = with.collect();
            assert_eq!(fill(&with), fill(&without), "{visible:?}");
        }
    }

    #[test]
    fn a_page_has_one_to_a_hundred_rows() {
        for (limit, taken) in [(0, false), (1, true), (100, true), (101, false)] {
            assert_eq!(Paging { after: None, limit: Some(limit) }.part().is_ok(), taken, "{limit}");
        }
    }
}

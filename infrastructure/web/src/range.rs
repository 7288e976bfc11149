//! Which bytes of a representation are asked for (RFC 9110 §14): one range, or all of it.

use std::ops::Range;

use axum::http::HeaderMap;
use axum::http::header::{IF_RANGE, RANGE};

/// What to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it: nothing else is asked for, or nothing that has to be understood.
    Whole,
    /// These bytes, one at least.
    Part(Range<u64>),
    /// Bytes that are not there.
    Beyond,
}

/// What a request for a representation of this size and tag asks for. The header may be ignored, and is so for several
/// ranges, other units, and what does not parse.
pub fn asked(headers: &HeaderMap, size: u64, tag: &str) -> Asked {
    let mut values = headers.get_all(RANGE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Asked::Whole };
    // A part of another version would not fit to what the caller has. A weak tag or a date never says that it does.
    if headers.get_all(IF_RANGE).iter().any(|named| named.as_bytes() != tag.as_bytes()) {
        return Asked::Whole;
    }
    value.to_str().ok().and_then(|text| part(text, size)).unwrap_or(Asked::Whole)
}

/// None for what is to be ignored.
fn part(text: &str, size: u64) -> Option<Asked> {
    let (unit, range) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    if first.is_empty() {
        let suffix = number(last)?.min(size);
        return Some(if suffix == 0 { Asked::Beyond } else { Asked::Part(size - suffix..size) });
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    Some(if first < size { Asked::Part(first..last.saturating_add(1).min(size)) } else { Asked::Beyond })
}

/// Digits and nothing else; more of them than fit are beyond every document.
fn number(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const TAG: &str = "\"sha256-00\"";

    fn asked_with(size: u64, named: &[(HeaderName, &str)]) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in named {
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        asked(&headers, size, TAG)
    }

    fn range(text: &str) -> Asked {
        asked_with(10, &[(RANGE, text)])
    }

    #[test]
    fn one_range_is_given_as_far_as_it_is_there() {
        assert_eq!(range("bytes=0-0"), Asked::Part(0..1));
        assert_eq!(range("bytes=2-5"), Asked::Part(2..6));
        assert_eq!(range("bytes=2-"), Asked::Part(2..10));
        assert_eq!(range("bytes=9-99"), Asked::Part(9..10));
        assert_eq!(range("bytes=-3"), Asked::Part(7..10));
        assert_eq!(range("bytes=-99"), Asked::Part(0..10));
        assert_eq!(range("Bytes=0-"), Asked::Part(0..10));
        assert_eq!(range("bytes=1-99999999999999999999999"), Asked::Part(1..10));
    }

    #[test]
    fn what_is_not_there_is_said_to_be_beyond() {
        assert_eq!(range("bytes=10-"), Asked::Beyond);
        assert_eq!(range("bytes=10-20"), Asked::Beyond);
        assert_eq!(range("bytes=-0"), Asked::Beyond);
        assert_eq!(range("bytes=99999999999999999999999-"), Asked::Beyond);
    }

    #[test]
    fn anything_else_is_ignored() {
        for text in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-2",
            "bytes=0-1,4-5",
            "items=0-1",
            "bytes=+1-2",
            "bytes=0x1-2",
            "bytes=--3",
            "bytes 0-1",
            "bytes=0-1-2",
            "bytes=\u{ff11}-2",
        ] {
            assert_eq!(range(text), Asked::Whole, "{text}");
        }
        assert_eq!(asked_with(10, &[(RANGE, "bytes=0-1"), (RANGE, "bytes=2-3")]), Asked::Whole);
        assert_eq!(asked_with(10, &[]), Asked::Whole);
    }

    #[test]
    fn a_part_fits_only_to_the_very_version_that_is_named() {
        assert_eq!(asked_with(10, &[(RANGE, "bytes=0-1"), (IF_RANGE, TAG)]), Asked::Part(0..2));
        for other in ["\"sha256-01\"", "W/\"sha256-00\"", "Wed, 21 Oct 2026 07:28:00 GMT", "*"] {
            assert_eq!(asked_with(10, &[(RANGE, "bytes=0-1"), (IF_RANGE, other)]), Asked::Whole, "{other}");
        }
    }
}

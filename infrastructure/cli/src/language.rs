//! The two languages in which results are printed, and how each writes numbers and instants.

use entente_application::ports::Position;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A language of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
}

impl Language {
    /// The language of a two-letter code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "fr" => Some(Self::French),
            _ => None,
        }
    }

    /// Its two letters.
    pub fn code(self) -> &'static str {
        self.pick("en", "fr")
    }

    /// The one or the other.
    pub fn pick<T>(self, english: T, french: T) -> T {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }

    /// A count, its thousands set apart.
    pub fn count(self, number: u64) -> String {
        let digits = number.to_string();
        // French sets thousands apart by a narrow space that does not break.
        let separator = self.pick(',', '\u{202f}');
        let mut written = String::with_capacity(digits.len() * 2);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                written.push(separator);
            }
            written.push(digit);
        }
        written
    }

    /// A rate between 0 and 1, in per cent with one digit.
    pub fn per_cent(self, rate: f64) -> String {
        let number = format!("{:.1} %", rate * 100.0);
        match self {
            Self::English => number,
            Self::French => number.replace('.', ","),
        }
    }

    /// How long something lasted, in its two largest units.
    pub fn duration(self, seconds: u64) -> String {
        let mut rest = seconds;
        let units = [(86_400, self.pick("d", "j")), (3_600, "h"), (60, "min"), (1, "s")].map(|(length, unit)| {
            let number = rest / length;
            rest %= length;
            (number, unit)
        });
        let largest = units.into_iter().skip_while(|(number, _)| *number == 0).take(2);
        let parts: Vec<_> =
            largest.filter(|(number, _)| *number > 0).map(|(no, unit)| format!("{no} {unit}")).collect();
        if parts.is_empty() { self.pick("less than 1 s", "moins de 1 s").to_owned() } else { parts.join(" ") }
    }

    /// A place in the log.
    pub fn position(self, position: Position) -> String {
        format!("position {}", self.count(position.0))
    }

    /// An instant as a clock in Paris shows it, with its distance from UTC: one hour a year is there twice.
    pub fn instant(self, at: Timestamp) -> String {
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        let format = self.pick("%Y-%m-%d %H:%M:%S %:z", "%d/%m/%Y %H:%M:%S %:z");
        at.to_zoned(zone).strftime(format).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_numbers_its_own_way() {
        assert_eq!(Language::English.count(1_041_250), "1,041,250");
        assert_eq!(Language::French.count(41_250), "41\u{202f}250");
        assert_eq!(Language::French.count(999), "999");
        assert_eq!(Language::English.per_cent(1005.0 / 1030.0), "97.6 %");
        assert_eq!(Language::French.per_cent(1005.0 / 1030.0), "97,6 %");
    }

    #[test]
    fn a_duration_has_its_two_largest_units() {
        assert_eq!(Language::English.duration(0), "less than 1 s");
        assert_eq!(Language::English.duration(45), "45 s");
        assert_eq!(Language::English.duration(7_200), "2 h");
        assert_eq!(Language::English.duration(7_384), "2 h 3 min");
        assert_eq!(Language::French.duration(86_400 + 30), "1 j");
        assert_eq!(Language::French.duration(90_000), "1 j 1 h");
    }

    #[test]
    fn an_instant_is_shown_as_in_paris() {
        let at = Timestamp::from_second(1_772_442_000).unwrap_or_default();
        assert_eq!(Language::English.instant(at), "2026-03-02 10:00:00 +01:00");
        assert_eq!(Language::French.instant(at), "02/03/2026 10:00:00 +01:00");
    }
}

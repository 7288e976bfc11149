//! Bars of characters: a rate with its interval on an axis from 0 to 100 %, and a length beside others.

/// How many places the axis has: one for every five per cent.
const PLACES: usize = 21;
/// The longest bar, in characters.
const LONGEST: u64 = 40;

/// The head of a column of rates.
pub const AXIS: &str = "0 %      50 %     100 %";

/// A rate with its interval, between the axis's ends: `│             ├──█─┤  │`.
pub fn rate(low: f64, rate: f64, high: f64) -> String {
    let (low, rate, high) = (place(low), place(rate), place(high));
    let mark = |at: usize| match at {
        at if at == rate => '█',
        at if at == low => '├',
        at if at == high => '┤',
        at if low < at && at < high => '─',
        _ => ' ',
    };
    let drawn: String = (0..PLACES).map(mark).collect();
    format!("│{drawn}│")
}

/// The axis with nothing on it.
pub fn nothing() -> String {
    format!("│{}│", " ".repeat(PLACES))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number of places")]
fn place(share: f64) -> usize {
    (share.clamp(0.0, 1.0) * (PLACES - 1) as f64).round() as usize
}

/// A bar as long as its share of the longest; what is not nothing has at least a sliver.
pub fn length(count: u64, most: u64) -> String {
    let full = count.saturating_mul(LONGEST).checked_div(most).unwrap_or(0).min(LONGEST);
    if full == 0 && count > 0 { "▏".to_owned() } else { (0..full).map(|_| '█').collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_stands_between_the_ends_of_its_interval() {
        assert_eq!(rate(0.40, 0.50, 0.60), "│        ├─█─┤        │");
        assert_eq!(rate(0.0, 0.0, 0.1), "│█─┤                  │");
        assert_eq!(rate(0.9, 1.0, 1.0), "│                  ├─█│");
        assert_eq!(rate(0.50, 0.51, 0.52), "│          █          │");
        assert_eq!(nothing().chars().count(), AXIS.chars().count());
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(length(10, 10).chars().count(), 40);
        assert_eq!(length(5, 10).chars().count(), 20);
        assert_eq!(length(1, 1_000), "▏");
        assert_eq!(length(0, 10), "");
        assert_eq!(length(0, 0), "");
    }
}

//! How sure a rate is, and a difference of two: Wilson's and Newcombe's intervals at 95 %.

/// The 97.5th percentile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The score interval of Wilson (JASA 22, 1927, p. 209–212); none of nothing, and none if more were counted than there are.
pub fn wilson(k: u64, n: u64) -> Option<(f64, f64)> {
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

/// What two rates differ by, the first less the second, with the hybrid score interval of Newcombe (Statistics in Medicine 17,
/// 1998, p. 873–890, method 10): difference, low, high. None if either is of nothing.
pub fn newcombe(first: (u64, u64), second: (u64, u64)) -> Option<(f64, f64, f64)> {
    let ((low1, high1), (low2, high2)) = (wilson(first.0, first.1)?, wilson(second.0, second.1)?);
    let (rate1, rate2) = (first.0 as f64 / first.1 as f64, second.0 as f64 / second.1 as f64);
    let difference = rate1 - rate2;
    let below = (rate1 - low1).hypot(high2 - rate2);
    let above = (high1 - rate1).hypot(rate2 - low2);
    Some((difference, (difference - below).max(-1.0), (difference + above).min(1.0)))
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

    #[test]
    fn the_differences_of_newcombe_s_paper_are_found() {
        // Table II of the paper, method 10: 56/70 − 48/80 and 9/10 − 3/10.
        let near = |found: Option<(f64, f64, f64)>, low: f64, high: f64| {
            found.is_some_and(|(_, a, b)| (a - low).abs() < 5e-5 && (b - high).abs() < 5e-5)
        };
        assert!(near(newcombe((56, 70), (48, 80)), 0.0524, 0.3339));
        assert!(near(newcombe((9, 10), (3, 10)), 0.1705, 0.8090));
        assert!(near(newcombe((10, 10), (0, 10)), 0.6075, 1.0));
        assert_eq!(newcombe((0, 0), (1, 2)), None);
    }
}

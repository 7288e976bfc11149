//! What every benchmark needs: its options, the middle of what it measured, and how much memory it took.

use std::str::FromStr;

/// What follows an option on the command line, if the option is there.
pub fn argument(name: &str) -> Option<String> {
    let mut arguments = std::env::args();
    arguments.find(|argument| argument == name)?;
    arguments.next()
}

/// The same as a number.
pub fn number<N: FromStr>(name: &str) -> Option<N> {
    argument(name)?.parse().ok()
}

/// The value in the middle; none of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The most that was ever resident of this process, in KiB: `VmHWM` (proc(5)); none where there is no such file.
pub fn high_water() -> f64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return f64::NAN };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(f64::NAN)
}

//! What rates differ by: one channel against another, a year against the year before; and whether the data can tell.

use serde::{Deserialize, Serialize};

use super::breakdown::Dimension;
use super::interval::newcombe;
use super::measure::Code;
use super::report::{Report, ReportCell};

/// What a difference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Tells {
    /// The first is higher.
    Higher,
    /// The first is lower.
    Lower,
    /// The data cannot tell.
    Nothing,
}

/// A difference of two rates, the first less the second.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// Of which rate.
    pub code: Code,
    /// By what the two differ.
    pub by: Dimension,
    /// The value of the first; of two years the later.
    pub first: String,
    /// The value of the second.
    pub second: String,
    /// What they differ by.
    pub difference: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How the interval is made.
    pub method: &'static str,
    /// What it says: nothing where the interval holds no difference at all as well.
    pub tells: Tells,
    /// Whether either denominator is under 30.
    pub small: bool,
}

/// The channels against each other, and each year against the one before, wherever both are told.
pub(super) fn all(report: &Report) -> Vec<Comparison> {
    let channels = report.cells(&[Dimension::Channel]);
    let pairs = [("online", "hybrid"), ("online", "offline"), ("hybrid", "offline")];
    let by_channel = pairs.into_iter().flat_map(|(first, second)| {
        let named = |value| channels.iter().find(|cell| name(cell, Dimension::Channel) == value);
        let found = named(first).zip(named(second));
        found.into_iter().flat_map(|(first, second)| compared(Dimension::Channel, first, second))
    });
    // The cells are in the order of their years; a year without cases has no cell, and is no year before.
    let years = report.cells(&[Dimension::Year]);
    let by_year = years.windows(2).flat_map(|pair| {
        let year = |cell| name(cell, Dimension::Year).parse::<i32>().unwrap_or_default();
        let adjacent = pair.iter().zip(pair.iter().skip(1)).filter(|(one, next)| year(one) + 1 == year(next));
        adjacent.flat_map(|(one, next)| compared(Dimension::Year, next, one)).collect::<Vec<_>>()
    });
    by_channel.chain(by_year).collect()
}

fn name(cell: &ReportCell, dimension: Dimension) -> &str {
    cell.at.get(dimension.name()).map_or("", String::as_str)
}

/// The settlement rates of two cells.
fn compared(by: Dimension, first: &ReportCell, second: &ReportCell) -> Vec<Comparison> {
    let rates = Code::ALL.iter().copied().filter(|code| code.is_settlement());
    let compare = |code| {
        let (one, other) = (first.counted(code)?, second.counted(code)?);
        let (difference, low, high) = newcombe((one.k, one.n), (other.k, other.n))?;
        let tells = match (low > 0.0, high < 0.0) {
            (true, _) => Tells::Higher,
            (_, true) => Tells::Lower,
            (false, false) => Tells::Nothing,
        };
        Some(Comparison {
            code,
            by,
            first: name(first, by).to_owned(),
            second: name(second, by).to_owned(),
            difference,
            low,
            high,
            method: "Newcombe 95 %",
            tells,
            small: one.small || other.small,
        })
    };
    rates.filter_map(compare).collect()
}

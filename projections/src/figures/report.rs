//! The report: what was counted, in the shape in which it is published, for the centre whole and for everybody else with what
//! must not be told left out.

use std::collections::{BTreeMap, BTreeSet};

use entente_domain::event::Outcome;
use entente_domain::rule_set::RuleSet;
use serde::Serialize;

use super::breakdown::{By, Dimension};
use super::comparison::{self, Comparison};
use super::disclosure::Mask;
use super::measure::{Code, DEFINITION, Exclusion};
use super::scope::{AsOf, Scope};
use super::shape::Shape;
use super::survival::Span;
use super::tally::Tables;

/// Under this denominator a rate says little.
pub const SMALL: u64 = 30;

/// For whose eyes a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum View {
    /// For publication: with disclosure control.
    Released,
    /// For the centre's own staff: all of it.
    Centre,
}

/// What a rate comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counted {
    /// Numerator.
    pub k: u64,
    /// Denominator.
    pub n: u64,
    /// `k / n`; none of nothing.
    pub rate: Option<f64>,
    /// Lower end of the interval; none of nothing.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Whether `n` is under 30, so that the rate says little.
    pub small: bool,
    /// What is not in `n`, by reason. Together they are the whole. In a released report the total alone says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<BTreeMap<Exclusion, u64>>,
}

/// A value, or that it must not be told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Told<T> {
    /// The value.
    Shown(T),
    /// That there is one, and why it is not told is not told either.
    Suppressed {
        /// Always true.
        suppressed: bool,
    },
}

impl<T> Told<T> {
    /// Not told.
    pub const SUPPRESSED: Self = Self::Suppressed { suppressed: true };

    /// The value, if it is told.
    pub const fn shown(&self) -> Option<&T> {
        match self {
            Self::Shown(value) => Some(value),
            Self::Suppressed { .. } => None,
        }
    }
}

/// A rate that can be defended: what was counted, among how many, how sure that is, and what was left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// Its code in 2-domain §6.
    pub code: Code,
    /// What it comes to.
    #[serde(flatten)]
    pub value: Told<Counted>,
    /// How the interval is made.
    pub method: &'static str,
    /// Of which cases.
    pub scope: Scope,
    /// Up to where.
    pub as_of: AsOf,
    /// The rules that bound the cases.
    pub rule_set: BTreeSet<RuleSet>,
}

/// How long something took.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Times {
    /// In how many cases it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// In how many it came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<u64>,
    /// In how many it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<u64>,
    /// By when half had come to their end, in minutes, as Kaplan and Meier estimate it.
    pub p50: Option<u64>,
    /// By when nine in ten had.
    pub p90: Option<u64>,
    /// The longest that came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// Which share had come to its end by when, every six hours of the first week; in the total alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hour: Vec<ByHour>,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByHour {
    /// Hours since it began.
    pub hours: u64,
    /// The share that had come to its end, as Kaplan and Meier estimate it.
    pub ended: f64,
}

/// How long something took, by its code.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Duration {
    /// Its code.
    pub code: Span,
    /// How long.
    #[serde(flatten)]
    pub value: Told<Times>,
}

/// A cell: the cases that have the same value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportCell {
    /// Their value, by dimension; nothing for the total.
    pub at: BTreeMap<&'static str, String>,
    /// The rates.
    pub figures: Vec<Figure>,
    /// How long things took.
    pub durations: Vec<Duration>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Table {
    /// By what it is split.
    pub by: Vec<Dimension>,
    /// Its cells.
    pub cells: Vec<ReportCell>,
}

/// All figures of a scope as of a position: the same whenever it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// The version of the definitions (docs/figures.md).
    pub definition: u32,
    /// Of which cases.
    pub scope: Scope,
    /// Up to where.
    pub as_of: AsOf,
    /// For whose eyes.
    pub view: View,
    /// Whether the period was not over then.
    pub under_way: bool,
    /// How many cases were filed: the whole that every figure divides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed: Option<u64>,
    /// The rules that bound the cases.
    pub rule_set: BTreeSet<RuleSet>,
    /// Closed cases by outcome; in the centre's view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<BTreeMap<Outcome, u64>>,
    /// The tables, the total first.
    pub tables: Vec<Table>,
    /// What channels and years differ by.
    pub comparisons: Vec<Comparison>,
}

impl Report {
    /// What was counted, for these eyes.
    pub fn of(tables: &Tables, view: View) -> Self {
        match view {
            View::Released => Self::released(tables, &BTreeSet::new()),
            View::Centre => Self::masked(tables, view, &Mask::default()),
        }
    }

    /// What may be published beside what was, which is to be without these tables.
    pub fn released(tables: &Tables, left_out: &BTreeSet<By>) -> Self {
        Self::masked(tables, View::Released, &Mask::of(tables).without(left_out))
    }

    fn masked(tables: &Tables, view: View, mask: &Mask) -> Self {
        let (scope, as_of) = (tables.question.scope, tables.question.as_of);
        let shape = Shape { tables, mask, view };
        let mut report = Self {
            definition: DEFINITION,
            scope,
            as_of,
            view,
            under_way: scope.is_under_way(as_of.time),
            filed: Some(tables.filed).filter(|_| !mask.withholds_all()),
            rule_set: BTreeSet::new(),
            outcomes: Some(tables.outcomes.clone()).filter(|_| view == View::Centre),
            tables: tables
                .all()
                .filter(|(by, _)| *by == By::Nothing || !mask.withholds(*by))
                .map(|(by, _)| shape.table(by))
                .collect(),
            comparisons: Vec::new(),
        };
        report.rule_set = report
            .tables
            .iter()
            .flat_map(|table| &table.cells)
            .flat_map(|cell| &cell.figures)
            .flat_map(|figure| figure.rule_set.clone())
            .collect();
        report.comparisons = comparison::all(&report);
        report
    }

    /// Keeps the total and the tables by these alone, and what is compared by them.
    pub fn keep(&mut self, by: &[Dimension]) {
        self.tables.retain(|table| table.by.iter().all(|dimension| by.contains(dimension)));
        self.comparisons.retain(|comparison| by.contains(&comparison.by));
    }

    /// The cells of a table; none if it is not told.
    pub fn cells(&self, by: &[Dimension]) -> &[ReportCell] {
        self.tables.iter().find(|table| table.by == by).map_or(&[], |table| &table.cells)
    }

    /// A rate of the total, if it is told.
    pub fn total(&self, code: Code) -> Option<&Counted> {
        self.cells(&[]).first().and_then(|cell| cell.counted(code))
    }
}

impl ReportCell {
    /// What a rate comes to, if it is told.
    pub fn counted(&self, code: Code) -> Option<&Counted> {
        self.figures.iter().find(|figure| figure.code == code).and_then(|figure| figure.value.shown())
    }

    /// How long something took, if it is told.
    pub fn times(&self, span: Span) -> Option<&Times> {
        self.durations.iter().find(|duration| duration.code == span).and_then(|duration| duration.value.shown())
    }
}

//! Counts put into the shape of a report, for these eyes: what must not be told is left out here.

use std::collections::{BTreeMap, BTreeSet};

use super::breakdown::{By, Key};
use super::disclosure::{CASES, Mask};
use super::interval::wilson;
use super::measure::{Code, Exclusion};
use super::report::{ByHour, Counted, Duration, Figure, ReportCell, SMALL, Table, Times, Told, View};
use super::survival::{Span, Survival};
use super::tally::{Cell, Count, Tables};

/// How what was counted is put into shape.
pub(super) struct Shape<'a> {
    pub(super) tables: &'a Tables,
    pub(super) mask: &'a Mask,
    pub(super) view: View,
}

impl Shape<'_> {
    pub(super) fn table(&self, by: By) -> Table {
        let mut cells: Vec<_> = self.tables.table(by).map(|(key, cell)| self.cell(by, key, cell)).collect();
        if cells.is_empty() && by == By::Nothing {
            cells.push(self.cell(by, (None, None), &Cell::default()));
        }
        Table { by: by.dimensions(), cells }
    }

    fn cell(&self, by: By, key: Key, cell: &Cell) -> ReportCell {
        let values = [key.0, key.1].into_iter().flatten();
        let suited = Code::ALL.iter().copied().filter(|code| by.suits(*code));
        ReportCell {
            at: values.map(|value| (value.dimension().name(), value.name())).collect(),
            figures: suited.map(|code| self.figure(by, key, code, cell)).collect(),
            durations: Span::ALL.map(|span| self.duration(by, key, span, cell)).into(),
        }
    }

    fn figure(&self, by: By, key: Key, code: Code, cell: &Cell) -> Figure {
        let is_hidden = self.mask.hides(by, key, code);
        let with_reasons = self.view == View::Centre || by == By::Nothing;
        let counted = || counted(cell.count(code), with_reasons.then(|| cell.excluded(code)));
        Figure {
            code,
            value: if is_hidden { Told::SUPPRESSED } else { Told::Shown(counted()) },
            method: "Wilson 95 %",
            scope: self.tables.question.scope,
            as_of: self.tables.question.as_of,
            rule_set: if is_hidden { BTreeSet::new() } else { cell.rule_sets(code) },
        }
    }

    fn tells_no_rate(&self, by: By, key: Key) -> bool {
        Code::ALL.iter().filter(|code| by.suits(**code)).all(|code| self.mask.hides(by, key, *code))
    }

    fn duration(&self, by: By, key: Key, span: Span, cell: &Cell) -> Duration {
        let survival = cell.span(span);
        let in_total = by == By::Nothing;
        let value = match self.view {
            View::Centre => Told::Shown(Times {
                n: Some(survival.observed() + survival.pending()),
                observed: Some(survival.observed()),
                pending: Some(survival.pending()),
                p50: survival.percentile(0.5),
                p90: survival.percentile(0.9),
                max: survival.longest(),
                by_hour: if in_total { points(&survival, 0) } else { Vec::new() },
            }),
            View::Released if self.tells_no_rate(by, key) => Told::SUPPRESSED,
            // All within 48 hours, which E1 does not tell, the curve would.
            View::Released => rounded(&survival, in_total && !self.mask.hides(by, key, Code::E1)),
        };
        Duration { code: span, value }
    }
}

fn counted(Count { k, n, .. }: Count, excluded: Option<BTreeMap<Exclusion, u64>>) -> Counted {
    let interval = wilson(k, n);
    Counted {
        k,
        n,
        rate: (n > 0).then(|| k as f64 / n as f64),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        small: n < SMALL,
        excluded,
    }
}

/// What may be told of single cases' times: percentiles with five cases at least on either side, up to the next whole hour.
fn rounded(survival: &Survival, in_total: bool) -> Told<Times> {
    // Twice five of which half lie beyond the median; fifty of which a tenth lies beyond the ninth tenth.
    const HALVES: u64 = 10;
    const TENTHS: u64 = 50;
    let observed = survival.observed();
    let hours = |share| survival.percentile(share).map(|minutes| minutes.div_ceil(60) * 60);
    if observed < HALVES {
        return Told::SUPPRESSED;
    }
    let p90 = if observed < TENTHS { None } else { hours(0.9) };
    let by_hour = if in_total { points(survival, CASES) } else { Vec::new() };
    Told::Shown(Times { n: None, observed: None, pending: None, p50: hours(0.5), p90, max: None, by_hour })
}

/// The curve every six hours of the first week. Points that have fewer than so many cases between them, before the first or
/// after the last are left out.
fn points(survival: &Survival, apart: u64) -> Vec<ByHour> {
    let (curve, all) = (survival.curve(), survival.observed() + survival.pending());
    let (mut points, mut last) = (Vec::new(), 0);
    for hours in (6..=168).step_by(6) {
        let ends = survival.observed_by(hours * 60);
        if ends - last < apart || all - ends < apart {
            continue;
        }
        let ended = curve.iter().take_while(|step| step.minutes <= hours * 60).last().map_or(0.0, |step| step.ended);
        points.push(ByHour { hours, ended });
        last = ends;
    }
    points
}

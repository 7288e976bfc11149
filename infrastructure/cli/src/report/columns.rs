//! The columns of the report as text: rates with their intervals, and times.

use std::collections::BTreeSet;

use entente_projections::figures::{Code, Counted, Dimension, Report, ReportCell, Span, View};

use crate::language::Language;
use crate::output::{self, Side};
use crate::report::{bar, notes, said};
use crate::words;

/// A rate, right-aligned with or without its mark.
fn marked(counted: Option<&Counted>, language: Language) -> String {
    let is_few = counted.is_some_and(|counted| counted.small && counted.rate.is_some());
    format!("{} {}", said::rate(counted, language), if is_few { said::FEW } else { " " })
}

/// Numerator, denominator, rate, interval and bar.
fn measured(counted: Option<&Counted>, language: Language) -> [String; 5] {
    let count =
        |of: fn(&Counted) -> u64| counted.map_or_else(|| said::WITHHELD.to_owned(), |it| language.count(of(it)));
    let ends = counted.and_then(|it| Some((it.low?, it.rate?, it.high?)));
    let interval = match (counted, ends) {
        (None, _) => said::WITHHELD.to_owned(),
        (Some(_), None) => said::NONE.to_owned(),
        (Some(_), Some((low, _, high))) => said::interval(low, high, language),
    };
    let bar = ends.map_or_else(bar::nothing, |(low, rate, high)| bar::rate(low, rate, high));
    [count(|it| it.k), count(|it| it.n), marked(counted, language), interval, bar]
}

/// The heads above [`measured`].
fn heads(language: Language) -> [String; 5] {
    let rate = language.pick("rate  ", "taux  ");
    let interval = language.pick("95 % interval", "intervalle 95\u{202f}%");
    ["k", "n", rate, interval, bar::AXIS].map(str::to_owned)
}

const MEASURED: [Side; 5] = [Side::Right, Side::Right, Side::Right, Side::Right, Side::Left];

/// The rates of the total, each with its interval.
pub fn rates(total: &ReportCell, language: Language) -> Vec<String> {
    let first = [language.pick("Rates", "Taux"), ""].map(str::to_owned);
    let mut rows = vec![first.into_iter().chain(heads(language)).collect::<Vec<_>>()];
    for figure in &total.figures {
        let named = [format!("  {}", figure.code.name()), words::figures::rate(figure.code, language).to_owned()];
        rows.push(named.into_iter().chain(measured(figure.value.shown(), language)).collect());
    }
    let sides: Vec<Side> = [Side::Left; 2].into_iter().chain(MEASURED).collect();
    output::columns(&sides, &rows)
}

/// How long things took.
pub fn times(total: &ReportCell, view: View, language: Language) -> Vec<String> {
    let heads = said::time_heads(view, language);
    let sides: Vec<Side> = [Side::Left; 2].into_iter().chain(heads.iter().map(|_| Side::Right)).collect();
    let first = [language.pick("Times", "Durées"), ""];
    let mut rows = vec![first.into_iter().chain(heads).map(str::to_owned).collect::<Vec<_>>()];
    for span in Span::ALL {
        let named = [format!("  {}", span.name()), words::figures::span(span, language).to_owned()];
        rows.push(named.into_iter().chain(said::times(total.times(span), view, language)).collect());
    }
    let mut lines = output::columns(&sides, &rows);
    lines.push(format!("  {}", notes::pending(language)));
    lines
}

/// A table: the headline of each cell with its interval, then the other rates.
pub fn table(report: &Report, by: &[Dimension], language: Language) -> Vec<String> {
    let (title, cells) = (said::heading(by, language), report.cells(by));
    if cells.is_empty() {
        return vec![title, format!("  {}", notes::no_cells(report, by, language))];
    }
    let mut headline = vec![[format!("{title}, SR1")].into_iter().chain(heads(language)).collect::<Vec<_>>()];
    let others: BTreeSet<Code> = cells
        .iter()
        .flat_map(|cell| &cell.figures)
        .map(|figure| figure.code)
        .filter(|code| *code != Code::SR1)
        .collect();
    let first = format!("  {}", language.pick("the other rates, in %", "les autres taux, en %"));
    let mut rest =
        vec![[first].into_iter().chain(others.iter().map(|code| format!("{} ", code.name()))).collect::<Vec<_>>()];
    for cell in cells {
        let name = format!("  {}", said::cell(cell, by, language));
        let rates = others.iter().map(|code| short(cell.counted(*code), language));
        rest.push([name.clone()].into_iter().chain(rates).collect());
        headline.push([name].into_iter().chain(measured(cell.counted(Code::SR1), language)).collect());
    }
    let sides: Vec<Side> = [Side::Left].into_iter().chain(MEASURED).collect();
    let mut lines = output::columns(&sides, &headline);
    let sides: Vec<Side> = [Side::Left].into_iter().chain(others.iter().map(|_| Side::Right)).collect();
    lines.extend(output::columns(&sides, &rest));
    lines
}

/// A rate as short as it can be said.
fn short(counted: Option<&Counted>, language: Language) -> String {
    let Some(counted) = counted else { return format!("{} ", said::WITHHELD) };
    let mark = if counted.small { said::FEW } else { " " };
    counted
        .rate
        .map_or_else(|| format!("{} ", said::NONE), |rate| format!("{}{mark}", said::number(rate * 100.0, language)))
}

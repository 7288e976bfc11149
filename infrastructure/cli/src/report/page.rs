//! What the report's page shows, put into words, field by field.

use entente_projections::figures::{
    By, Code, Comparison, Counted, Dimension, Duration, Figure, Report, ReportCell, Span, Tells, Times, View,
};

use crate::language::Language;
use crate::report::charts::Row;
use crate::report::funnel::Step;
use crate::report::{notes, said};
use crate::words;

/// The head.
pub struct Head {
    /// Of which cases.
    pub scope: String,
    /// For whose eyes.
    pub view: &'static str,
    /// Up to where.
    pub as_of: String,
    /// The version of the definitions.
    pub definition: u32,
    /// How many cases were filed.
    pub filed: Option<String>,
    /// What else must be known first.
    pub notes: Vec<&'static str>,
}

/// The head of a report.
pub fn head(report: &Report, language: Language) -> Head {
    let nothing = notes::tells_nothing(report).then(|| notes::nothing(language));
    let no_case = report.total(Code::SR1).filter(|counted| counted.n == 0).map(|_| notes::no_case(language));
    let under_way = report.under_way.then(|| notes::under_way(language));
    Head {
        scope: said::capital(&notes::scope(report.scope, language)),
        view: notes::view(report.view, language),
        as_of: said::capital(&notes::as_of(report.as_of, language)),
        definition: report.definition,
        filed: notes::filed(report, language).map(|filed| said::capital(&filed)),
        notes: [nothing, no_case, under_way].into_iter().flatten().collect(),
    }
}

/// SR1 of the total.
pub struct Headline {
    /// What it is.
    pub words: String,
    /// How much it is, of what.
    pub rate: String,
    /// How sure that is.
    pub interval: Option<String>,
}

/// The headline of a report.
pub fn headline(report: &Report, language: Language) -> Headline {
    let told = report.total(Code::SR1);
    let ends = told.and_then(|counted| counted.low.zip(counted.high));
    let interval = language.pick("95 % interval: ", "Intervalle à 95\u{202f}%\u{202f}: ");
    let few =
        if told.is_some_and(|counted| counted.small) { format!(" {}", notes::few(language)) } else { String::new() };
    Headline {
        words: format!("SR1 · {}", words::figures::rate(Code::SR1, language)),
        rate: told.map_or_else(|| said::WITHHELD.to_owned(), |counted| said::fraction(counted, language)),
        interval: ends.map(|(low, high)| format!("{interval}{} (Wilson).{few}", said::interval(low, high, language))),
    }
}

/// A stage, how many came there, and which share that is.
pub fn step(step: &Step, language: Language) -> (String, String, String) {
    let withheld = || said::WITHHELD.to_owned();
    let count = step.count.map_or_else(withheld, |count| language.count(count));
    let share = step.count.map_or_else(withheld, |_| said::share_of(step.share, language));
    (said::capital(step.stage.words(language)), count, share)
}

/// Numerator, denominator, rate and interval.
fn measured(counted: Option<&Counted>, language: Language) -> [String; 4] {
    let Some(counted) = counted else { return [(); 4].map(|()| said::WITHHELD.to_owned()) };
    let interval = counted.low.zip(counted.high).map(|(low, high)| said::interval(low, high, language));
    [
        language.count(counted.k),
        language.count(counted.n),
        marked(counted, language),
        interval.unwrap_or_else(|| said::NONE.to_owned()),
    ]
}

/// A rate with its mark if it is of few cases.
fn marked(counted: &Counted, language: Language) -> String {
    let is_few = counted.small && counted.rate.is_some();
    let mark = if is_few { format!(" {}", said::FEW) } else { String::new() };
    format!("{}{mark}", said::rate(Some(counted), language))
}

/// The rows of the chart of rates, the heads left out.
pub fn intervals(rows: &[Row<'_>], language: Language) -> Vec<(String, [String; 4])> {
    let rate = |row: &Row<'_>| match row {
        Row::Head(_) => None,
        Row::Rate(name, counted) => Some((said::capital(name), measured(*counted, language))),
    };
    rows.iter().filter_map(rate).collect()
}

/// A rate of the total.
pub struct RateLine {
    /// Its code.
    pub code: &'static str,
    /// What it is.
    pub words: &'static str,
    /// Numerator, denominator, rate and interval.
    pub measured: [String; 4],
    /// What is left out, and how much.
    pub excluded: String,
}

/// The rates of the total.
pub fn rates(total: &ReportCell, language: Language) -> Vec<RateLine> {
    let line = |figure: &Figure| {
        let counted = figure.value.shown();
        let excluded = counted.and_then(|counted| counted.excluded.as_ref()).into_iter().flatten();
        let reasons = excluded.filter(|(_, count)| **count > 0).map(|(why, count)| {
            let why = words::figures::exclusion(*why, language);
            format!("{why}{} {}", language.pick(":", "\u{202f}:"), language.count(*count))
        });
        RateLine {
            code: figure.code.name(),
            words: words::figures::rate(figure.code, language),
            measured: measured(counted, language),
            excluded: reasons.collect::<Vec<_>>().join(language.pick("; ", "\u{202f}; ")),
        }
    };
    total.figures.iter().map(line).collect()
}

/// How long things took.
pub fn times(total: &ReportCell, view: View, language: Language) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let line = |duration: &Duration| {
        let words = words::figures::span(duration.code, language);
        (duration.code.name(), words, said::times(duration.value.shown(), view, language))
    };
    total.durations.iter().map(line).collect()
}

/// The closed cases by outcome, where that is told.
pub fn outcomes(report: &Report, language: Language) -> Vec<(&'static str, String)> {
    let outcomes = report.outcomes.iter().flatten();
    outcomes.map(|(outcome, count)| (words::outcome(*outcome, language), language.count(*count))).collect()
}

/// A table by one or two dimensions.
pub struct Grid {
    /// Its id.
    pub id: String,
    /// By what it is split.
    pub heading: String,
    /// Its columns: the cells.
    pub heads: Vec<String>,
    /// Its rows: the code of a rate or a time, what it is, and its value in each cell.
    pub rows: Vec<(&'static str, &'static str, Vec<Field>)>,
    /// Why it has none.
    pub missing: &'static str,
}

/// A value, and what it stands on.
pub struct Field {
    /// The value.
    pub value: String,
    /// How sure it is.
    pub more: Option<String>,
}

/// All tables but the total.
pub fn grids(report: &Report, language: Language) -> Vec<Grid> {
    let dimensions = By::ALL.map(By::dimensions).into_iter().filter(|by| !by.is_empty());
    dimensions.map(|by| grid(report, &by, language)).collect()
}

fn grid(report: &Report, by: &[Dimension], language: Language) -> Grid {
    let cells = report.cells(by);
    // Every cell of a table has the same rates and the same times.
    let (rates, spans) = cells.first().map_or((&[][..], &[][..]), |cell| (&cell.figures, &cell.durations));
    let rates = rates.iter().map(|Figure { code, .. }| {
        let fields = cells.iter().map(|cell| rate(cell.counted(*code), language));
        (code.name(), words::figures::rate(*code, language), fields.collect())
    });
    let spans = spans.iter().map(|Duration { code, .. }| {
        let fields = cells.iter().map(|cell| time(cell.times(*code), language));
        (code.name(), words::figures::span(*code, language), fields.collect())
    });
    let names: Vec<_> = by.iter().map(|dimension| dimension.name()).collect();
    Grid {
        id: format!("by-{}", names.join("-")),
        heading: said::heading(by, language),
        heads: cells.iter().map(|cell| said::capital(&said::cell(cell, by, language))).collect(),
        rows: rates.chain(spans).collect(),
        missing: notes::no_cells(report, by, language),
    }
}

fn rate(told: Option<&Counted>, language: Language) -> Field {
    let Some(counted) = told else { return withheld() };
    let interval = counted.low.zip(counted.high).map(|(low, high)| said::interval(low, high, language));
    Field { value: said::beside(counted, language), more: interval }
}

fn time(told: Option<&Times>, language: Language) -> Field {
    let mut said = said::times(told, View::Released, language).into_iter();
    Field { value: said.next().unwrap_or_default(), more: said.next().filter(|_| told.is_some()) }
}

fn withheld() -> Field {
    Field { value: said::WITHHELD.to_owned(), more: None }
}

/// A difference of two rates.
pub struct Difference {
    /// Of which rate.
    pub code: &'static str,
    /// Of what first.
    pub first: String,
    /// And of what second.
    pub second: String,
    /// The difference and its interval, in points.
    pub points: [String; 3],
    /// What it says.
    pub tells: &'static str,
}

/// All differences.
pub fn differences(report: &Report, language: Language) -> Vec<Difference> {
    let difference = |compared: &Comparison| Difference {
        code: compared.code.name(),
        first: words::figures::value(compared.by, &compared.first, language),
        second: words::figures::value(compared.by, &compared.second, language),
        points: [compared.difference, compared.low, compared.high].map(|it| said::number(it * 100.0, language)),
        tells: match compared.tells {
            Tells::Higher => language.pick("higher", "plus élevé"),
            Tells::Lower => language.pick("lower", "plus bas"),
            Tells::Nothing => language.pick("cannot be told", "sans conclusion"),
        },
    };
    report.comparisons.iter().map(difference).collect()
}

/// What each figure, and each value that does not speak for itself, means.
pub fn meanings(language: Language) -> Vec<(String, String)> {
    let rates = Code::ALL.iter().map(|code| {
        let (of, what) = words::figures::definition(*code, language);
        let meaning =
            language.pick(format!("n: {of}; k: {what}."), format!("n\u{202f}: {of}\u{202f}; k\u{202f}: {what}."));
        (format!("{} · {}", code.name(), words::figures::rate(*code, language)), meaning)
    });
    let times = Span::ALL.into_iter().map(|span| {
        let term = format!("{} · {}", span.name(), words::figures::span(span, language));
        (term, format!("{}.", said::capital(words::figures::measured(span, language))))
    });
    let values = Dimension::ALL.into_iter().filter_map(|dimension| {
        let meaning = words::figures::explained(dimension, language)?;
        Some((said::capital(words::figures::dimension(dimension, language)), format!("{}.", said::capital(meaning))))
    });
    rates.chain(times).chain(values).collect()
}

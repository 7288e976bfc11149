//! What stands behind a figure, in words: the cases by where it puts them.

use std::collections::BTreeMap;

use entente_application::ports::Position;
use entente_projections::figures::{Code, Exclusion, Question};

use crate::language::Language;
use crate::output::{self, Side};
use crate::words;

/// A reason as programs read it.
pub fn reason(why: Exclusion) -> String {
    match serde_json::to_value(why) {
        Ok(serde_json::Value::String(word)) => word,
        // The enum has no data.
        _ => String::new(),
    }
}

/// About which figure and as of when.
pub fn head(code: Code, question: Question, language: Language) -> String {
    let (name, position) = (words::figures::rate(code, language), language.position(Position(question.as_of.position)));
    match language {
        Language::English => format!(
            "{} · {name}, as of {position}\nk: counted and in the numerator · n: counted · else why it is left out\n",
            code.name()
        ),
        Language::French => format!(
            "{} · {name}, à la {position}\nk : comptée, et au numérateur · n : comptée · sinon pourquoi elle ne l’est pas\n",
            code.name()
        ),
    }
}

/// How many are where; those of the numerator are in the denominator too.
pub fn sums<'a>(places: impl Iterator<Item = &'a str>, language: Language) -> String {
    let mut counts = BTreeMap::<&str, u64>::new();
    places.for_each(|place| *counts.entry(place).or_default() += 1);
    let hits = counts.remove("k").unwrap_or_default();
    let counted = hits + counts.remove("n").unwrap_or_default();
    let row = |name: &str, count: u64| vec![name.to_owned(), language.count(count)];
    let mut rows = vec![row("k", hits), row("n", counted)];
    rows.extend(counts.into_iter().map(|(why, count)| row(why, count)));
    format!("\n{}", output::columns(&[Side::Left, Side::Right], &rows).join("\n"))
}

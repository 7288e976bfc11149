//! What a report says in words: its numbers, the names of its tables and cells, and its comparisons.

use entente_projections::figures::{
    Code, Comparison, Counted, Dimension, Report, ReportCell, SMALL, Tells, Times, View,
};

use crate::language::Language;
use crate::words;

/// Stands for what must not be told.
pub const WITHHELD: &str = "·";
/// Stands for what there is none of: a rate of no cases.
pub const NONE: &str = "—";
/// Marks a rate of few cases.
pub const FEW: &str = "*";

/// A number with one digit, its minus a minus.
pub fn number(value: f64, language: Language) -> String {
    let written = format!("{:.1}", value.abs());
    let minus = if value < 0.0 && written != "0.0" { "−" } else { "" };
    format!("{minus}{}", language.pick(written.clone(), written.replace('.', ",")))
}

/// A rate in per cent.
pub fn share(rate: f64, language: Language) -> String {
    format!("{}{}", number(rate * 100.0, language), language.pick(" %", "\u{202f}%"))
}

/// An interval in per cent.
pub fn interval(low: f64, high: f64, language: Language) -> String {
    let to = language.pick("to", "à");
    format!("{} {to} {}", number(low * 100.0, language), share(high, language))
}

/// A rate in per cent, or that there is none.
pub fn share_of(rate: Option<f64>, language: Language) -> String {
    rate.map_or_else(|| NONE.to_owned(), |rate| share(rate, language))
}

/// A rate; that it must not be told, or that there is none.
pub fn rate(counted: Option<&Counted>, language: Language) -> String {
    counted.map_or_else(|| WITHHELD.to_owned(), |counted| share_of(counted.rate, language))
}

/// How long something took.
pub fn minutes(minutes: u64, language: Language) -> String {
    if minutes == 0 {
        return language.pick("under 1 min", "moins de 1 min").to_owned();
    }
    language.duration(minutes.saturating_mul(60))
}

/// What is said of each time, in these eyes: counts and the longest are for the centre alone.
pub fn time_heads(view: View, language: Language) -> Vec<&'static str> {
    let halves = [language.pick("half by", "moitié en"), language.pick("9 in 10 by", "9 sur 10 en")];
    match (view, language) {
        (View::Released, _) => halves.into(),
        (View::Centre, Language::English) => [&["cases", "ended", "pending"], &halves[..], &["longest"]].concat(),
        (View::Centre, Language::French) => [&["affaires", "finies", "en attente"], &halves[..], &["maximum"]].concat(),
    }
}

/// How long something took, as [`time_heads`] says.
pub fn times(told: Option<&Times>, view: View, language: Language) -> Vec<String> {
    let withheld = || WITHHELD.to_owned();
    let Some(times) = told else { return time_heads(view, language).iter().map(|_| withheld()).collect() };
    let count = |of: Option<u64>| of.map_or_else(withheld, |count| language.count(count));
    let lasted = |of: Option<u64>| of.map_or_else(|| NONE.to_owned(), |it| minutes(it, language));
    let halves = [lasted(times.p50), lasted(times.p90)];
    match view {
        View::Released => halves.into(),
        View::Centre => {
            let counts = [times.n, times.observed, times.pending].map(count);
            counts.into_iter().chain(halves).chain([lasted(times.max)]).collect()
        }
    }
}

/// By what a table is split.
pub fn heading(by: &[Dimension], language: Language) -> String {
    let names: Vec<_> = by.iter().map(|dimension| words::figures::dimension(*dimension, language)).collect();
    if names.is_empty() {
        return language.pick("All together", "Ensemble").to_owned();
    }
    format!("{} {}", language.pick("By", "Par"), names.join(language.pick(" and ", " et ")))
}

/// Which cell of a table it is.
pub fn cell(cell: &ReportCell, by: &[Dimension], language: Language) -> String {
    let named = |dimension: &Dimension| {
        let name = cell.at.get(dimension.name())?;
        Some(words::figures::value(*dimension, name, language))
    };
    by.iter().filter_map(named).collect::<Vec<_>>().join(", ")
}

/// Two rates side by side, and whether the data can tell them apart.
pub fn comparison(report: &Report, compared: &Comparison, language: Language) -> String {
    let side = |name: &str| {
        let value = words::figures::value(compared.by, name, language);
        let told = report
            .cells(&[compared.by])
            .iter()
            .find(|cell| cell.at.get(compared.by.name()).is_some_and(|at| at == name));
        match told.and_then(|cell| cell.counted(compared.code)) {
            Some(counted) => format!("{value} {}", fraction(counted, language)),
            None => value,
        }
    };
    let (first, second) = (capital(&side(&compared.first)), side(&compared.second));
    let points = points(compared.difference, language);
    let (low, high) = (number(compared.low * 100.0, language), number(compared.high * 100.0, language));
    let tells = match compared.tells {
        Tells::Higher => language.pick("The data say that it is higher.", "Les données disent qu’il est plus élevé."),
        Tells::Lower => language.pick("The data say that it is lower.", "Les données disent qu’il est plus bas."),
        Tells::Nothing => language.pick("The data cannot tell.", "Les données ne permettent pas de conclure."),
    };
    let few = if compared.small {
        language.pick(format!(" Fewer than {SMALL} cases on a side."), format!(" Moins de {SMALL} affaires d’un côté."))
    } else {
        String::new()
    };
    language.pick(
        format!("{first} against {second}: {points}, 95 % interval {low} to {high}. {tells}{few}"),
        format!("{first} contre {second}\u{202f}: {points}, intervalle à 95\u{202f}% de {low} à {high}. {tells}{few}"),
    )
}

/// A rate and what it is of: `88.1 % (52 of 59)`.
pub fn fraction(counted: &Counted, language: Language) -> String {
    let rate = rate(Some(counted), language);
    format!("{rate} ({})", counts(counted, language))
}

/// The same with its mark if it is of few cases; that there is none, of none.
pub fn beside(counted: &Counted, language: Language) -> String {
    match (counted.rate, counted.small) {
        (None, _) => NONE.to_owned(),
        (Some(_), true) => format!("{} {FEW}", fraction(counted, language)),
        (Some(_), false) => fraction(counted, language),
    }
}

/// What a rate is of: `52 of 59`.
pub fn counts(counted: &Counted, language: Language) -> String {
    format!("{} {} {}", language.count(counted.k), language.pick("of", "sur"), language.count(counted.n))
}

/// A difference of two rates in points.
pub fn points(difference: f64, language: Language) -> String {
    let written = number((difference * 100.0).abs(), language);
    let (more, less) = (language.pick("more", "de plus"), language.pick("less", "de moins"));
    match written.as_str() {
        "0.0" | "0,0" => language.pick("no difference", "aucun écart").to_owned(),
        _ => format!("{written} points {}", if difference > 0.0 { more } else { less }),
    }
}

/// The comparisons of the headline.
pub fn headline(report: &Report) -> impl Iterator<Item = &Comparison> {
    report.comparisons.iter().filter(|compared| compared.code == Code::SR1)
}

/// With a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        assert_eq!(number(-1.25, Language::English), "−1.2");
        assert_eq!(number(-0.04, Language::English), "0.0");
        assert_eq!(share(0.881, Language::French), "88,1\u{202f}%");
        assert_eq!(interval(0.775, 0.941, Language::English), "77.5 to 94.1 %");
        assert_eq!(interval(0.775, 0.941, Language::French), "77,5 à 94,1\u{202f}%");
        assert_eq!(points(-0.167, Language::French), "16,7 points de moins");
        assert_eq!(points(0.0001, Language::English), "no difference");
        assert_eq!(minutes(0, Language::English), "under 1 min");
        assert_eq!(minutes(1_290, Language::French), "21 h 30 min");
    }

    #[test]
    fn a_comparison_is_a_sentence_with_all_that_it_stands_on() {
        let report = samples::large(View::Centre);
        let compared = Comparison {
            code: Code::SR1,
            by: Dimension::Channel,
            first: "online".to_owned(),
            second: "hybrid".to_owned(),
            difference: 0.167,
            low: -0.012,
            high: 0.38,
            method: "Newcombe 95 %",
            tells: Tells::Nothing,
            small: true,
        };
        let said = comparison(&report, &compared, Language::English);
        assert!(said.starts_with("Online ") && said.contains(" of "), "{said}");
        assert!(said.contains("16.7 points more, 95 % interval −1.2 to 38.0. The data cannot tell."), "{said}");
        assert!(said.ends_with("Fewer than 30 cases on a side."), "{said}");
        let said = comparison(&report, &Comparison { tells: Tells::Lower, ..compared }, Language::French);
        assert!(said.starts_with("En ligne ") && said.contains("plus bas"), "{said}");
        assert!(said.contains("à 95\u{202f}% de −1,2 à 38,0."), "{said}");
    }
}

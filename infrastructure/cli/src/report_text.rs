//! The report as text: the rate in words, what is not counted, and the outcomes as bars.

use entente_application::figures::Report;
use entente_application::ports::Position;
use entente_projections::figures::Figure;

use crate::language::Language;
use crate::output::{self, Side};
use crate::words;

/// The longest bar, in characters.
const LONGEST: u64 = 40;

/// The whole report.
pub fn report(report: &Report, language: Language) -> String {
    let figure = &report.settlement_rate;
    let mut text = vec![
        language
            .pick("SR1 · settlement rate of concluded mediations", "SR1 · taux d’accord des médiations terminées")
            .to_owned(),
        format!("{} {}", language.pick("as of", "à la"), language.position(Position(figure.as_of))),
        String::new(),
    ];
    text.extend(rate(figure, language));
    text.push(String::new());
    text.push(language.pick("Not counted", "Non comptées").to_owned());
    let excluded: Vec<_> = figure
        .excluded
        .iter()
        .map(|(why, count)| vec![format!("  {}", words::exclusion(*why, language)), language.count(*count)])
        .collect();
    text.extend(output::columns(&[Side::Left, Side::Right], &excluded));
    text.push(String::new());
    text.push(language.pick("Closed cases by outcome", "Affaires closes, par issue").to_owned());
    text.extend(outcomes(report, language));
    text.push(String::new());
    let filed = language.count(report.filed);
    text.push(language.pick(format!("Cases filed: {filed}"), format!("Affaires enregistrées : {filed}")));
    text.join("\n")
}

fn rate(figure: &Figure, language: Language) -> Vec<String> {
    let (Some(rate), Some(low), Some(high)) = (figure.rate, figure.low, figure.high) else {
        return vec![
            language
                .pick(
                    "There is nothing to report yet: no mediation with a mediator has closed.",
                    "Il n’y a encore rien à rapporter : aucune médiation avec médiateur n’est close.",
                )
                .to_owned(),
        ];
    };
    let (k, n) = (language.count(figure.k), language.count(figure.n));
    let [rate, low, high] = [rate, low, high].map(|share| language.per_cent(share));
    match language {
        Language::English => vec![
            format!("{rate}: k = {k} settled of n = {n} mediations concluded with a mediator"),
            format!("{low} to {high} ({})", figure.method),
        ],
        Language::French => vec![
            format!("{rate} : k = {k} accords sur n = {n} médiations terminées avec un médiateur"),
            format!("de {low} à {high} ({})", figure.method),
        ],
    }
}

fn outcomes(report: &Report, language: Language) -> Vec<String> {
    let most = report.outcomes.values().copied().max().unwrap_or(0);
    let rows: Vec<_> = report
        .outcomes
        .iter()
        .map(|(outcome, count)| {
            vec![format!("  {}", words::outcome(*outcome, language)), language.count(*count), bar(*count, most)]
        })
        .collect();
    output::columns(&[Side::Left, Side::Right, Side::Left], &rows)
}

/// A bar as long as its share of the longest; what is not nothing has at least a sliver.
fn bar(count: u64, most: u64) -> String {
    let mut drawn = String::new();
    let full = count.saturating_mul(LONGEST).checked_div(most).unwrap_or(0);
    for _ in 0..full {
        drawn.push('█');
    }
    if full == 0 && count > 0 {
        drawn.push('▏');
    }
    drawn
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use entente_domain::event::Outcome;
    use entente_projections::figures::{Exclusion, wilson};

    use super::*;

    fn made(k: u64, n: u64) -> Report {
        let interval = wilson(k, n);
        Report {
            settlement_rate: Figure {
                code: "SR1",
                k,
                n,
                rate: (n > 0).then(|| k as f64 / n as f64),
                low: interval.map(|(low, _)| low),
                high: interval.map(|(_, high)| high),
                method: "Wilson 95 %",
                as_of: 41_250,
                excluded: BTreeMap::from([(Exclusion::NoMediator, 3), (Exclusion::StillOpen, 0)]),
            },
            outcomes: BTreeMap::from([(Outcome::Settled, k), (Outcome::Withdrawn, n - k)]),
            filed: n + 3,
        }
    }

    #[test]
    fn the_rate_is_said_with_what_it_stands_on() {
        let text = report(&made(1005, 1030), Language::English);
        assert!(text.contains("97.6 %: k = 1,005 settled of n = 1,030"), "{text}");
        assert!(text.contains("as of position 41,250"), "{text}");
        let text = report(&made(1005, 1030), Language::French);
        assert!(text.contains("97,6 % : k = 1\u{202f}005 accords"), "{text}");
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        let text = report(&made(0, 0), Language::English);
        assert!(text.contains("nothing to report yet") && !text.contains('%'), "{text}");
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(10, 10).chars().count(), 40);
        assert_eq!(bar(5, 10).chars().count(), 20);
        assert_eq!(bar(1, 1_000), "▏");
        assert_eq!(bar(0, 10), "");
        assert_eq!(bar(0, 0), "");
    }
}

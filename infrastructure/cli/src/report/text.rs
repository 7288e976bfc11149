//! The report as text, for a terminal of 120 columns.

use std::collections::BTreeMap;

use entente_projections::figures::{By, Code, Exclusion, Report, ReportCell};

use crate::language::Language;
use crate::output::{self, Side};
use crate::replay_text;
use crate::report::{bar, columns, funnel, notes, said};
use crate::words;

/// How many characters of prose fit on a line.
const WIDE: usize = 118;

/// The whole report, with these tables below the total.
pub fn report(report: &Report, tables: &[By], language: Language) -> String {
    let mut text = head(report, language);
    if notes::tells_nothing(report) {
        text.push(String::new());
        text.extend(wrapped(["", ""], notes::nothing(language)));
        return text.join("\n");
    }
    if report.total(Code::SR1).is_some_and(|counted| counted.n == 0) {
        text.push(notes::no_case(language).to_owned());
    }
    let total = report.cells(&[]).first();
    let dimensions: Vec<_> = tables.iter().map(|by| by.dimensions()).filter(|by| !by.is_empty()).collect();
    let sections = [
        total.map(|cell| columns::rates(cell, language)).unwrap_or_default(),
        total.map(|cell| exclusions(cell, language)).unwrap_or_default(),
        total.map(|cell| columns::times(cell, report.view, language)).unwrap_or_default(),
        funnel(report, language),
        outcomes(report, language),
    ];
    let tables = dimensions.iter().map(|by| columns::table(report, by, language));
    for section in sections.into_iter().chain(tables).chain([comparisons(report, language)]) {
        if !section.is_empty() {
            text.push(String::new());
            text.extend(section);
        }
    }
    let signs = signs(&text, language);
    text.push(String::new());
    text.extend(signs);
    text.push(notes::recomputing(report, language));
    text.join("\n")
}

fn head(report: &Report, language: Language) -> Vec<String> {
    let figures = language.pick("Figures", "Chiffres");
    let colon = language.pick(":", "\u{202f}:");
    let definition = language.pick("definition", "définition");
    let mut head = vec![
        format!("{figures}{colon} {} · {}", notes::scope(report.scope, language), notes::view(report.view, language)),
        format!("{} · {definition} {}", notes::as_of(report.as_of, language), report.definition),
    ];
    head.extend(notes::filed(report, language));
    if report.under_way {
        head.push(notes::under_way(language).to_owned());
    }
    head
}

/// What is left out of which rates; those that leave out the same are told together.
fn exclusions(total: &ReportCell, language: Language) -> Vec<String> {
    let mut groups: Vec<(Vec<&str>, &BTreeMap<Exclusion, u64>)> = Vec::new();
    for figure in &total.figures {
        let Some(excluded) = figure.value.shown().and_then(|counted| counted.excluded.as_ref()) else { continue };
        match groups.iter_mut().find(|(_, same)| *same == excluded) {
            Some((codes, _)) => codes.push(figure.code.name()),
            None => groups.push((vec![figure.code.name()], excluded)),
        }
    }
    let lines = groups.into_iter().filter(|(_, excluded)| excluded.values().any(|count| *count > 0)).flat_map(
        |(codes, excluded)| {
            let told = excluded.iter().filter(|(_, count)| **count > 0);
            let reasons = told.map(|(why, count)| {
                let why = words::figures::exclusion(*why, language);
                format!("{why}{} {}", language.pick(":", "\u{202f}:"), language.count(*count))
            });
            [format!("  {}", codes.join(" "))].into_iter().chain(replay_text::below(reasons))
        },
    );
    let lines: Vec<String> = lines.collect();
    titled(language.pick("Not counted", "Non comptées"), lines)
}

fn funnel(report: &Report, language: Language) -> Vec<String> {
    let steps = funnel::steps(report);
    let most = steps.iter().filter_map(|step| step.count).max().unwrap_or(0);
    let rows: Vec<_> = steps
        .iter()
        .map(|step| {
            let told = |text: Option<String>| text.unwrap_or_else(|| said::WITHHELD.to_owned());
            vec![
                format!("  {}", step.stage.words(language)),
                told(step.count.map(|count| language.count(count))),
                step.count.map_or_else(|| said::WITHHELD.to_owned(), |_| said::share_of(step.share, language)),
                step.count.map(|count| bar::length(count, most)).unwrap_or_default(),
            ]
        })
        .collect();
    let title = language.pick("How far cases came", "Jusqu’où vont les affaires");
    titled(title, output::columns(&[Side::Left, Side::Right, Side::Right, Side::Left], &rows))
}

fn outcomes(report: &Report, language: Language) -> Vec<String> {
    let Some(outcomes) = &report.outcomes else { return Vec::new() };
    let most = outcomes.values().copied().max().unwrap_or(0);
    let row = |(outcome, count): (&_, &u64)| {
        let bar = bar::length(*count, most);
        vec![format!("  {}", words::outcome(*outcome, language)), language.count(*count), bar]
    };
    let rows: Vec<_> = outcomes.iter().map(row).collect();
    let title = language.pick("Closed cases by outcome", "Affaires closes, par issue");
    titled(title, output::columns(&[Side::Left, Side::Right, Side::Left], &rows))
}

fn comparisons(report: &Report, language: Language) -> Vec<String> {
    let sentence = |compared| wrapped(["  ", "    "], &said::comparison(report, compared, language));
    let mut lines: Vec<_> = said::headline(report).flat_map(sentence).collect();
    if !lines.is_empty() {
        lines.extend(wrapped(["  ", "    "], notes::association(language)));
    }
    titled(language.pick("Side by side, SR1", "Côte à côte, SR1"), lines)
}

/// Lines under a title; nothing without lines.
fn titled(title: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() { lines } else { [title.to_owned()].into_iter().chain(lines).collect() }
}

/// Prose within the width, with the margins of its first line and of the others.
fn wrapped([first, others]: [&str; 2], prose: &str) -> Vec<String> {
    let mut lines = vec![first.to_owned()];
    for word in prose.split(' ') {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line + word.chars().count() < WIDE {
            lines.last_mut().into_iter().for_each(|line| line.push_str(word));
        } else {
            lines.push(format!("{others}{word}"));
        }
        lines.last_mut().into_iter().for_each(|line| line.push(' '));
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// What the signs mean that are there.
fn signs(text: &[String], language: Language) -> Vec<String> {
    let has = |sign: &str| text.iter().any(|line| line.contains(sign));
    let mut notes = Vec::new();
    if has(said::FEW) {
        notes.push(notes::few(language));
    }
    // In a column it stands apart; as a mere dot between two words it does not.
    if has(&format!("  {}", said::WITHHELD)) {
        notes.push(notes::withheld(language));
    }
    if has(said::NONE) {
        notes.push(notes::none(language));
    }
    notes
}

#[cfg(test)]
mod tests {
    use entente_projections::figures::{Dimension, View};

    use super::*;
    use crate::report::samples;

    const BOTH: [Language; 2] = [Language::English, Language::French];

    #[test]
    fn each_rate_stands_with_all_that_it_stands_on() {
        let sample = samples::large(View::Centre);
        let text = report(&sample, &[], Language::English);
        assert!(text.contains("223  309  72.2 %    66.9 to 76.9 %  │             ├█┤     │"), "{text}");
        assert!(text.contains("as of position 41,250, 2026-06-30 12:00:00 +02:00"), "{text}");
        assert!(text.contains("SR6 W1 C1\n          still open: 42\n"), "{text}");
        assert!(text.contains("entente facts --as-of 41250;"), "{text}");
        assert!(!text.contains("not told"), "{text}");
        let text = report(&sample, &[], Language::French);
        assert!(text.contains("72,2\u{202f}%      66,9 à 76,9\u{202f}%"), "{text}");
        assert!(text.contains("Affaires closes, par issue"), "{text}");
    }

    #[test]
    fn what_must_not_be_told_is_a_dot_with_its_meaning() {
        let by_channel = [By::One(Dimension::Channel)];
        let text = report(&samples::under_way(View::Released), &by_channel, Language::English);
        assert!(text.contains("·  │                     │"), "{text}");
        assert!(text.contains("· not told: too few cases"), "{text}");
        assert!(text.contains("The period was not over then"), "{text}");
        assert!(!text.contains("by outcome"), "{text}");
    }

    #[test]
    fn a_rate_of_few_cases_is_marked() {
        let by_channel = [By::One(Dimension::Channel)];
        let text = report(&samples::large(View::Centre), &by_channel, Language::English);
        assert!(text.contains("7   12  58.3 % *  "), "{text}");
        assert!(text.contains("* of fewer than 30 cases"), "{text}");
    }

    #[test]
    fn where_nothing_is_told_it_says_what_to_do() {
        for language in BOTH {
            let text = report(&samples::small(View::Released), &By::ALL, language);
            assert!(text.contains("--staff") && !text.contains("SR1"), "{text}");
        }
        let text = report(&samples::empty(View::Centre), &By::ALL, Language::English);
        assert!(text.contains("nothing to report yet") && text.contains("No case is in this table."), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        for language in BOTH {
            for view in [View::Centre, View::Released] {
                for sample in [samples::large(view), samples::under_way(view), samples::empty(view)] {
                    let text = report(&sample, &By::ALL, language);
                    let widest = text.lines().max_by_key(|line| line.chars().count()).unwrap_or_default();
                    assert!(widest.chars().count() <= 120, "{widest}");
                }
            }
        }
    }

    #[test]
    fn the_same_report_is_the_same_text() {
        let text = || report(&samples::large(View::Released), &By::ALL, Language::French);
        assert_eq!(text(), text());
    }
}

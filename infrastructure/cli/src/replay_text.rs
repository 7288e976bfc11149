//! A case's history as text: what happened, when, from which seat, and the facts below it; never content.

use std::collections::BTreeMap;

use entente_domain::{CaseId, PersonId};
use entente_projections::history::Line;

use crate::language::Language;
use crate::output::{self, Side};
use crate::words;

/// Facts go on a further line beyond this many characters.
const WIDE: usize = 96;
/// How far facts stand in from the margin.
const MARGIN: &str = "          ";

const SIDES: [Side; 5] = [Side::Right, Side::Right, Side::Left, Side::Left, Side::Left];

/// The whole history, its people spelled out at the end.
pub fn history(case: CaseId, lines: &[Line], language: Language) -> String {
    let mut text = vec![language.pick(format!("Case {case}"), format!("Affaire {case}")), String::new()];
    text.extend(entries(lines, language));
    text.push(String::new());
    let mut people = People::default();
    people.act(lines, language);
    text.extend(people.spelled_out());
    text.push(String::new());
    let count = language.count(lines.len() as u64);
    text.push(language.pick(
        format!("{count} entries. Content is confidential and is no part of a history."),
        format!("{count} entrées. Le contenu est confidentiel et ne fait pas partie de l’historique."),
    ));
    text.join("\n")
}

/// The lines under their heads, each with its facts below it.
pub fn entries(lines: &[Line], language: Language) -> Vec<String> {
    let heads = language
        .pick(["position", "#", "when (Paris)", "who", "what"], ["position", "n°", "quand (Paris)", "qui", "quoi"]);
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| row(line, language)));
    with_below(&SIDES, &rows, lines.iter().map(|line| facts(line, language)))
}

/// Rows set in columns under a first row of heads, each with what stands below it.
pub fn with_below(sides: &[Side], rows: &[Vec<String>], below: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let mut set = output::columns(sides, rows).into_iter();
    let mut text = Vec::from_iter(set.next());
    for (row, below) in set.zip(below) {
        text.push(row);
        text.extend(below);
    }
    text
}

fn row(line: &Line, language: Language) -> Vec<String> {
    let seat = words::hand(line.seat, line.person, language);
    let who = line.person.map_or_else(|| seat.to_owned(), |person| format!("{seat} {}", short(person)));
    vec![
        // Without thousands apart: it is what --as-of takes.
        line.position.to_string(),
        line.sequence.to_string(),
        language.instant(line.at),
        who,
        words::event(line.event, language).to_owned(),
    ]
}

/// The facts, as many on a line as fit.
fn facts(line: &Line, language: Language) -> Vec<String> {
    let colon = language.pick(": ", " : ");
    let told = line.facts.iter().filter(|fact| !fact.value.is_empty());
    below(told.map(|fact| {
        let (name, value) = (words::fact(fact.name, language), words::value(fact.name, &fact.value, language));
        format!("{name}{colon}{value}")
    }))
}

/// What stands below a row, as much on a line as fits.
pub fn below(parts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for said in parts {
        match lines.last_mut() {
            Some(last) if last.chars().count() + said.chars().count() + 3 <= WIDE => {
                last.push_str(" · ");
                last.push_str(&said);
            }
            _ => lines.push(format!("{MARGIN}{said}")),
        }
    }
    lines
}

/// Who is meant, in full: tables show the beginning of each id.
#[derive(Default)]
pub struct People(BTreeMap<PersonId, Vec<&'static str>>);

impl People {
    /// Somebody is met as something.
    pub fn meet(&mut self, person: PersonId, part: &'static str) {
        let seen = self.0.entry(person).or_default();
        if !seen.contains(&part) {
            seen.push(part);
        }
    }

    /// Whoever acts in these lines is met.
    pub fn act(&mut self, lines: &[Line], language: Language) {
        for line in lines {
            if let Some(person) = line.person {
                self.meet(person, words::hand(line.seat, line.person, language));
            }
        }
    }

    /// All of them, a line each.
    pub fn spelled_out(self) -> Vec<String> {
        let spelled =
            |(person, parts): (PersonId, Vec<&str>)| vec![short(person), person.to_string(), parts.join(", ")];
        output::columns(&[Side::Left; 3], &self.0.into_iter().map(spelled).collect::<Vec<_>>())
    }
}

/// The beginning of a person's id, by which a table names the person.
pub fn short(person: PersonId) -> String {
    person.to_string().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use entente_domain::{EventKind, Seat};
    use entente_projections::history::Fact;
    use jiff::Timestamp;

    use super::*;

    fn posted() -> Result<Line, Box<dyn std::error::Error>> {
        Ok(Line {
            position: 1_250,
            sequence: 9,
            at: "2026-03-02T09:00:00Z".parse::<Timestamp>()?,
            seat: Some(Seat::Claimant),
            person: Some("3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11".parse()?),
            event: EventKind::MessagePosted,
            facts: vec![Fact { name: "audience", value: "joint".to_owned() }],
        })
    }

    #[test]
    fn a_line_tells_position_time_seat_event_and_facts() -> Result<(), Box<dyn std::error::Error>> {
        let case = CaseId("8f7b4f8e-5d0e-4f2f-8f62-0d2b3c4d5e6f".parse()?);
        let text = history(case, &[posted()?], Language::English);
        assert!(text.contains("1250  9  2026-03-02 10:00:00 +01:00  claimant 3b0f1f52  message posted"), "{text}");
        assert!(text.contains("audience: joint"), "{text}");
        assert!(text.contains("3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11  claimant"), "{text}");
        let text = history(case, &[posted()?], Language::French);
        assert!(text.contains("demandeur 3b0f1f52  message envoyé"), "{text}");
        assert!(text.contains("cercle : joint"), "{text}");
        Ok(())
    }
}

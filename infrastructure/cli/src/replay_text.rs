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
    let heads = language
        .pick(["position", "#", "when (Paris)", "who", "what"], ["position", "n°", "quand (Paris)", "qui", "quoi"]);
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| row(line, language)));
    let mut text = vec![language.pick(format!("Case {case}"), format!("Affaire {case}")), String::new()];
    let mut set = output::columns(&SIDES, &rows).into_iter();
    text.extend(set.next());
    for (event, line) in set.zip(lines) {
        text.push(event);
        text.extend(facts(line, language));
    }
    text.push(String::new());
    text.extend(people(lines, language));
    text.push(String::new());
    let count = language.count(lines.len() as u64);
    text.push(language.pick(
        format!("{count} entries. Content is confidential and is not part of an audit."),
        format!("{count} entrées. Le contenu est confidentiel et ne fait pas partie de l’audit."),
    ));
    text.join("\n")
}

fn row(line: &Line, language: Language) -> Vec<String> {
    let seat = words::seat(line.seat, language);
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
    let mut lines: Vec<String> = Vec::new();
    for fact in line.facts.iter().filter(|fact| !fact.value.is_empty()) {
        let said = format!("{}{colon}{}", words::fact(fact.name, language), fact.value);
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

/// Who acted, in full: the table shows the beginning of each id.
fn people(lines: &[Line], language: Language) -> Vec<String> {
    let mut seats = BTreeMap::<PersonId, Vec<&'static str>>::new();
    for line in lines {
        let Some(person) = line.person else { continue };
        let (seat, seen) = (words::seat(line.seat, language), seats.entry(person).or_default());
        if !seen.contains(&seat) {
            seen.push(seat);
        }
    }
    let rows: Vec<_> =
        seats.into_iter().map(|(person, seats)| vec![short(person), person.to_string(), seats.join(", ")]).collect();
    output::columns(&[Side::Left; 3], &rows)
}

fn short(person: PersonId) -> String {
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

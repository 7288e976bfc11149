//! The audit's answers as text: who could see an item, and what a person could see; each with its rule and its positions.

use entente_application::audit::{About, Readers};
use entente_domain::{PersonId, Seat};
use entente_projections::audit::{Ground, Knew, Point, Reader, Sight};
use jiff::Timestamp;

use crate::language::Language;
use crate::output::Side;
use crate::replay_text::{People, below, short, with_below};
use crate::words;

/// What stands where there is nothing.
pub const NONE: &str = "—";

/// About which case and what of it, at which instant, as of which knowledge.
pub fn head(about: &About, what: &str, language: Language) -> Vec<String> {
    let About { case, at, as_known_on, rule_set } = about;
    let (at, rules) = (language.instant(*at), words::rule_set(*rule_set));
    // Without thousands apart: it is what --as-known-on takes.
    let position = as_known_on.position;
    let on = as_known_on.on.map(|on| language.instant(on));
    let lines = match language {
        Language::English => {
            let on = on.map(|on| format!("by {on} ")).unwrap_or_default();
            [format!("Case {case}, {what}"), format!("At {at}, as known {on}at position {position}; rules {rules}")]
        }
        Language::French => {
            let on = on.map(|on| format!(" au {on}")).unwrap_or_default();
            [
                format!("Affaire {case}, {what}"),
                format!("Au {at}, tel que connu{on} à la position {position} ; règlement {rules}"),
            ]
        }
    };
    lines.into_iter().chain([String::new()]).collect()
}

/// Who could see an item.
pub fn readers(answer: &Readers, language: Language) -> String {
    let item = answer.item;
    let mut text = head(&answer.about, &language.pick(format!("item {item}"), format!("pièce {item}")), language);
    let heads = language.pick(
        ["person", "seat", "could see", "since (position)", "until (position)"],
        ["personne", "place", "pouvait voir", "depuis (position)", "jusqu’au (position)"],
    );
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let mut people = People::default();
    for reader in &answer.persons {
        rows.push(row(reader, language));
        people.meet(reader.person, reader.seat.map_or(NONE, |seat| words::seat(Some(seat), language)));
    }
    let told = answer.persons.iter().map(|reader| {
        let mut lines = below([because(reader.ground, language)]);
        lines.extend(below(relations(reader.alerted, reader.opened, reader.knew, language)));
        lines
    });
    text.extend(with_below(&[Side::Left; 5], &rows, told));
    text.push(String::new());
    text.extend(people.spelled_out());
    text.join("\n")
}

fn row(reader: &Reader, language: Language) -> Vec<String> {
    let could = if reader.could_see { language.pick("yes", "oui") } else { language.pick("no", "non") };
    vec![
        short(reader.person),
        reader.seat.map_or_else(|| NONE.to_owned(), |seat| place(seat, reader.tenure, language)),
        could.to_owned(),
        moment(reader.since, reader.opened_position, language),
        moment(reader.until, reader.closed_position, language),
    ]
}

/// A seat and, for the mediator's, which holding of it.
pub fn place(seat: Seat, tenure: u32, language: Language) -> String {
    let name = words::seat(Some(seat), language);
    if tenure == 0 { name.to_owned() } else { format!("{name} {tenure}") }
}

/// When, and where the log says so.
pub fn moment(at: Option<Timestamp>, position: Option<u64>, language: Language) -> String {
    match (at, position) {
        (None, _) => NONE.to_owned(),
        (Some(at), None) => language.instant(at),
        (Some(at), Some(position)) => format!("{} ({position})", language.instant(at)),
    }
}

/// What the rule says, and where it stands.
pub fn because(ground: Ground, language: Language) -> String {
    format!("{} ({})", words::text(ground.sentence(), language), ground.rule())
}

/// The three relations to an item that are not policy.
fn relations(alerted: Option<Point>, opened: Option<Point>, knew: Option<Knew>, language: Language) -> Vec<String> {
    let knew = match knew {
        None => {
            language.pick("nothing says that the item was known", "rien n’indique que la pièce était connue").to_owned()
        }
        Some(Knew { at, by, position }) => {
            let (since, how) = (moment(Some(at), position, language), words::knowing(by, language));
            language.pick(format!("knew since {since}: {how}"), format!("connue depuis le {since} : {how}"))
        }
    };
    let [alerted, opened] = ties(alerted, opened, language);
    vec![alerted, opened, knew]
}

/// Whether and when somebody was alerted, and opened the item.
pub fn ties(alerted: Option<Point>, opened: Option<Point>, language: Language) -> [String; 2] {
    let point = |point: Option<Point>, done: &str, not: &str| match point {
        None => not.to_owned(),
        Some(Point { at, position }) => format!("{done} {}", moment(Some(at), Some(position), language)),
    };
    [
        point(alerted, language.pick("alerted", "alerte le"), language.pick("not alerted", "aucune alerte")),
        point(opened, language.pick("opened", "ouverture le"), language.pick("not opened", "aucune ouverture")),
    ]
}

/// The head of what a person could see.
pub fn sights(about: &About, person: PersonId, seat: Option<Seat>, language: Language) -> String {
    let seat =
        seat.map_or(language.pick("without a seat then", "alors sans place"), |seat| words::seat(Some(seat), language));
    let what = language.pick(format!("person {person} ({seat})"), format!("personne {person} ({seat})"));
    let mut text = head(about, &what, language);
    // What comes next brings its own empty line.
    text.pop();
    text.join("\n")
}

/// The next items that the person could see; under heads, if they are the first.
pub fn items(part: &[Sight], first: bool, language: Language) -> String {
    let heads = language
        .pick(["item", "since (position)", "until (position)"], ["pièce", "depuis (position)", "jusqu’au (position)"]);
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(part.iter().map(|sight| {
        vec![
            sight.item.to_string(),
            moment(Some(sight.since), Some(sight.opened_position), language),
            moment(sight.until, sight.closed_position, language),
        ]
    }));
    let told = part.iter().map(|sight| {
        let mut lines = below([because(sight.ground, language)]);
        lines.extend(below(relations(sight.alerted, sight.opened, sight.knew, language)));
        lines
    });
    let mut text = with_below(&[Side::Left; 3], &rows, told);
    if first {
        text.insert(0, String::new());
    } else {
        text.remove(0);
    }
    text.join("\n")
}

/// How many items there were.
pub fn shown(count: u64, language: Language) -> String {
    let count = language.count(count);
    language.pick(format!("\nItems in view: {count}"), format!("\nPièces en vue : {count}"))
}

#[cfg(test)]
mod tests {
    use entente_domain::rule_set::RuleSet;
    use entente_domain::visibility::{Denial, Grant};
    use entente_projections::audit::{Knowing, Known};

    use super::*;

    type Tried<T = ()> = Result<T, Box<dyn std::error::Error>>;

    fn reader(ground: Ground) -> Tried<Reader> {
        let at: Timestamp = "2026-03-02T09:00:00Z".parse()?;
        let seen = matches!(ground, Ground::Granted(_));
        Ok(Reader {
            person: "3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11".parse()?,
            seat: Some(Seat::Mediator),
            tenure: 2,
            could_see: seen,
            ground,
            rule: ground.rule(),
            since: seen.then_some(at),
            opened_position: seen.then_some(12),
            until: None,
            closed_position: None,
            alerted: Some(Point { at, position: 13 }),
            opened: None,
            knew: Some(Knew { at, by: Knowing::Looked, position: None }),
        })
    }

    fn answer(persons: Vec<Reader>) -> Tried<Readers> {
        let known = Known {
            position: 1_250,
            on: Some("2026-03-09T00:00:00+01:00".parse()?),
            looks_until: jiff::Timestamp::MAX,
        };
        let (case, item) =
            ("8f7b4f8e-5d0e-4f2f-8f62-0d2b3c4d5e6f".parse()?, "11111111-1111-4111-8111-111111111111".parse()?);
        let at = "2026-03-02T10:00:00+01:00".parse()?;
        Ok(Readers { about: About { case, at, as_known_on: known, rule_set: RuleSet::V2026_1 }, item, persons })
    }

    #[test]
    fn a_reader_is_told_with_rule_positions_and_each_relation() -> Tried {
        let persons = vec![reader(Ground::Granted(Grant::CaucusOfTenure))?];
        let text = readers(&answer(persons.clone())?, Language::English);
        assert!(text.contains("as known by 2026-03-09 00:00:00 +01:00 at position 1250; rules 2026-1"), "{text}");
        assert!(text.contains("3b0f1f52  mediator 2  yes        2026-03-02 10:00:00 +01:00 (12)  —"), "{text}");
        assert!(text.contains("a caucus held in this tenure (2-domain §3)"), "{text}");
        assert!(text.contains("alerted 2026-03-02 10:00:00 +01:00 (13) · not opened"), "{text}");
        assert!(text.contains("knew since 2026-03-02 10:00:00 +01:00: was shown it"), "{text}");
        let text = readers(&answer(persons)?, Language::French);
        assert!(text.contains("aparté tenu pendant ce mandat (2-domain §3)"), "{text}");
        assert!(text.contains("alerte le 02/03/2026 10:00:00 +01:00 (13) · aucune ouverture"), "{text}");
        Ok(())
    }

    #[test]
    fn whoever_could_not_see_it_is_told_why() -> Tried {
        let text = readers(&answer(vec![reader(Ground::Denied(Denial::NotSeated))?])?, Language::English);
        assert!(text.contains("no         —"), "{text}");
        assert!(text.contains("holds no seat at that instant (2-domain §1)"), "{text}");
        Ok(())
    }
}

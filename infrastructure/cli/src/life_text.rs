//! The life of an item as text: who made it, what became of it, who could see it, who looked, and what it says.

use entente_application::audit::{Exposed, Life, LookedAt};
use entente_domain::event::{DocumentClass, DocumentFacts};
use entente_domain::{Audience, EventKind};
use entente_projections::audit::Ground;
use entente_projections::page::ItemContent;

use crate::audit_text::{NONE, because, head, moment, place};
use crate::language::Language;
use crate::output::{self, Side};
use crate::replay_text::{People, below, entries, short, with_below};
use crate::words;

/// How far what an item says stands in from the margin.
const INSET: &str = "  ";

/// The whole life.
pub fn life(life: &Life, language: Language) -> String {
    let item = life.item;
    let mut text = head(&life.about, &language.pick(format!("item {item}"), format!("pièce {item}")), language);
    text.extend(made(life, language));
    let mut people = People::default();
    people.meet(life.author, words::seat(Some(life.seat), language));
    people.act(&life.events, language);
    text.extend(section("What the log says of it", "Ce que le journal en dit", language));
    text.extend(entries(&life.events, language));
    text.extend(section("Who could see it", "Qui pouvait la voir", language));
    text.extend(exposures(&life.exposures, language));
    life.exposures.iter().for_each(|held| people.meet(held.person, words::seat(Some(held.seat), language)));
    text.extend(section("Looks at it by name", "Consultations nommées", language));
    text.extend(looks(&life.looks, language));
    for look in &life.looks {
        if let Some(person) = look.person {
            people.meet(person, words::viewer(look.viewer, language));
        }
    }
    text.extend(section("What it says", "Ce qu’elle dit", language));
    let erased = life.events.iter().any(|line| matches!(line.event, EventKind::ItemErased | EventKind::CaseErased));
    text.extend(if erased { vec![gone(language)] } else { content(life.content.as_ref(), life.audience, language) });
    text.extend(section("Persons", "Personnes", language));
    text.extend(people.spelled_out());
    text.join("\n")
}

fn section(english: &str, french: &str, language: Language) -> [String; 2] {
    [String::new(), language.pick(english, french).to_owned()]
}

fn made(life: &Life, language: Language) -> Vec<String> {
    let (kind, seat) = (words::item(life.kind, language), words::seat(Some(life.seat), language));
    let (author, when) = (short(life.author), moment(Some(life.made.at), Some(life.made.position), language));
    let audience = words::audience(life.audience, language);
    let leave = life.disclosure_authorised.map(|form| words::form(form, language));
    match language {
        Language::English => vec![
            format!("A {kind}, made {when} by {seat} {author}"),
            format!("Its audience: {audience}"),
            format!("May be passed on: {}", leave.unwrap_or("no")),
        ],
        Language::French => vec![
            format!("Nature : {kind} ; faite le {when} par : {seat} {author}"),
            format!("Son cercle : {audience}"),
            format!("Peut être transmise : {}", leave.unwrap_or("non")),
        ],
    }
}

fn exposures(exposed: &[Exposed], language: Language) -> Vec<String> {
    let heads = language.pick(
        ["person", "seat", "since (position)", "until (position)"],
        ["personne", "place", "depuis (position)", "jusqu’au (position)"],
    );
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(exposed.iter().map(|held| {
        vec![
            short(held.person),
            place(held.seat, held.tenure, language),
            moment(Some(held.from), Some(held.opened_position), language),
            moment(held.until, held.closed_position, language),
        ]
    }));
    let rules = exposed.iter().map(|held| {
        let granted = because(Ground::Granted(held.ground), language);
        let ended = held.closed_by.map(|denial| {
            format!("{} {}", language.pick("ended:", "fin :"), because(Ground::Denied(denial), language))
        });
        below([granted].into_iter().chain(ended))
    });
    with_below(&[Side::Left; 4], &rows, rules)
}

fn looks(looks: &[LookedAt], language: Language) -> Vec<String> {
    let page = language.pick(
        "A look at the case's page shows it too, and counts for who knew it (entente audit readers).",
        "La page de l’affaire la montre aussi, et compte pour savoir qui la connaissait (entente audit readers).",
    );
    let mut text = if looks.is_empty() {
        vec![language.pick("None on record.", "Aucune n’est consignée.").to_owned()]
    } else {
        let heads = language
            .pick(["when (Paris)", "who", "as", "answer"], ["quand (Paris)", "qui", "en qualité de", "réponse"]);
        let row = |look: &LookedAt| {
            let who = look.person.map_or_else(|| NONE.to_owned(), short);
            let (shown, refused) = language.pick(("shown", "refused"), ("montrée", "refusée"));
            let answer = if look.granted { shown } else { refused };
            let viewer = words::viewer(look.viewer, language);
            vec![language.instant(look.at), who, viewer.to_owned(), answer.to_owned()]
        };
        let rows: Vec<_> = std::iter::once(heads.map(str::to_owned).to_vec()).chain(looks.iter().map(row)).collect();
        output::columns(&[Side::Left; 4], &rows)
    };
    text.push(page.to_owned());
    text
}

fn content(content: Option<&ItemContent>, audience: Audience, language: Language) -> Vec<String> {
    let Some(content) = content else {
        let closed = match audience {
            Audience::MediatorNotes => language.pick(
                "A mediator's notes: nobody can let auditors read them.",
                "Notes d’un médiateur : personne ne peut permettre aux auditeurs de les lire.",
            ),
            _ => language.pick(
                "Those whose confidence it is have not let auditors read it.",
                "Ceux dont c’est la confidence n’ont pas permis aux auditeurs de la lire.",
            ),
        };
        return vec![closed.to_owned()];
    };
    match content {
        ItemContent::Message { body } => said(body.as_deref(), language),
        ItemContent::Document { facts, class } => {
            let class = match class {
                DocumentClass::DrawnUp => language.pick("drawn up for this mediation", "établi pour cette médiation"),
                DocumentClass::PreExisting => language.pick("existed before", "préexistant"),
            };
            document(facts.as_ref(), language).into_iter().chain([format!("{INSET}{class}")]).collect()
        }
        ItemContent::Settlement { text } => said(text.as_deref(), language),
        ItemContent::Disclosure { form, body, facts } => {
            let mut text = vec![format!("{INSET}({})", words::form(*form, language))];
            match facts {
                Some(facts) => text.extend(document(Some(facts), language)),
                None => text.extend(said(body.as_deref(), language)),
            }
            text
        }
    }
}

/// Words, as they may be shown on a terminal.
fn said(words: Option<&str>, language: Language) -> Vec<String> {
    let Some(words) = words else { return vec![gone(language)] };
    // A carriage return would write over the beginning of its own line.
    let plain = |line: &str| line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    words.lines().map(|line| format!("{INSET}{}", plain(line))).collect()
}

fn document(facts: Option<&DocumentFacts>, language: Language) -> Vec<String> {
    let Some(DocumentFacts { name, media_type, size, digest }) = facts else { return vec![gone(language)] };
    let (size, bytes) = (language.count(*size), language.pick("bytes", "octets"));
    let digest = serde_json::to_value(digest).ok().and_then(|digest| digest.as_str().map(str::to_owned));
    let mut text = said(Some(&format!("{name} ({media_type}, {size} {bytes})")), language);
    text.push(format!("{INSET}SHA-256 {}", digest.unwrap_or_default()));
    text
}

fn gone(language: Language) -> String {
    format!("{INSET}{}", language.pick("erased", "effacé"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_consented_to_is_said_to_be_closed() {
        let [english, french] =
            [Language::English, Language::French].map(|it| content(None, Audience::Joint, it).join("\n"));
        assert!(english.contains("have not let auditors read it"), "{english}");
        assert!(french.contains("n’ont pas permis aux auditeurs"), "{french}");
    }

    #[test]
    fn words_stand_in_from_the_margin_and_move_no_cursor() {
        let message = ItemContent::Message { body: Some("one\rtwo\r\nthree".to_owned()) };
        assert_eq!(content(Some(&message), Audience::Joint, Language::English), ["  one two", "  three"]);
        let gone = ItemContent::Settlement { text: None };
        assert_eq!(content(Some(&gone), Audience::Joint, Language::French), ["  effacé"]);
    }

    #[test]
    fn a_refused_look_is_told_as_such() -> Result<(), Box<dyn std::error::Error>> {
        let look = LookedAt { at: "2026-03-02T09:00:00Z".parse()?, person: None, viewer: "operator", granted: false };
        let text = looks(&[look], Language::English).join("\n");
        assert!(text.contains("2026-03-02 10:00:00 +01:00  —    console  refused"), "{text}");
        Ok(())
    }
}

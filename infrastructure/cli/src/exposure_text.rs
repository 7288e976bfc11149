//! What a restriction came too late for, as text: a sentence, then everyone who lost sight of the item.

use entente_application::audit::Exposure;
use entente_projections::audit::{Loser, Restriction};

use crate::audit_text::{head, moment, ties};
use crate::language::Language;
use crate::output::Side;
use crate::replay_text::{People, below, short, with_below};
use crate::words;

/// All restrictions of an item.
pub fn exposure(answer: &Exposure, language: Language) -> String {
    let item = answer.item;
    let mut text = head(&answer.about, &language.pick(format!("item {item}"), format!("pièce {item}")), language);
    if answer.restrictions.is_empty() {
        let none = language.pick(
            "No restriction has taken this item out of anybody's view.",
            "Aucune restriction n’a soustrait cette pièce à la vue de quiconque.",
        );
        text.push(none.to_owned());
    }
    let mut people = People::default();
    for restriction in &answer.restrictions {
        text.extend(told(restriction, language));
        text.push(String::new());
        restriction.persons.iter().for_each(|loser| people.meet(loser.person, words::seat(Some(loser.seat), language)));
    }
    text.extend(people.spelled_out());
    text.join("\n")
}

fn told(restriction: &Restriction, language: Language) -> Vec<String> {
    let Restriction { at, position, audience, could, alerted, did, seconds, persons } = restriction;
    let when = moment(Some(*at), Some(*position), language);
    let circle = audience.map(|audience| words::audience(audience, language));
    let mut text = vec![match (language, circle) {
        (Language::English, None) => format!("Restricted {when}"),
        (Language::English, Some(circle)) => format!("Restricted {when} to: {circle}"),
        (Language::French, None) => format!("Restreinte le {when}"),
        (Language::French, Some(circle)) => format!("Restreinte le {when} au cercle : {circle}"),
    }];
    text.push(format!("{}.", sentence(*could, *alerted, *did, *seconds, language)));
    if persons.is_empty() {
        return text;
    }
    let heads = language.pick(
        ["person", "seat", "could see from", "until", "for"],
        ["personne", "place", "pouvait voir du", "au", "durée"],
    );
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(persons.iter().map(|loser| row(loser, language)));
    text.extend(with_below(&[Side::Left; 5], &rows, persons.iter().map(|loser| below(relations(loser, language)))));
    text
}

/// How many could see an item before it was restricted and for how long, how many were alerted, how many did see it.
pub fn sentence(could: u32, alerted: u32, did: u32, seconds: u64, language: Language) -> String {
    let longest = language.duration(seconds);
    match language {
        Language::English => {
            if could == 0 {
                return "nobody else could see it before".to_owned();
            }
            let alerted = match alerted {
                0 => "nobody was alerted".to_owned(),
                1 => "1 was alerted".to_owned(),
                _ => format!("{alerted} were alerted"),
            };
            let did = if did == 0 { "nobody did".to_owned() } else { format!("{did} did") };
            format!("{could} could see it, for {longest} at the longest; {alerted}, {did}")
        }
        Language::French => {
            let could = match could {
                0 => return "personne d’autre ne pouvait la voir auparavant".to_owned(),
                1 => "1 personne pouvait la voir".to_owned(),
                _ => format!("{could} personnes pouvaient la voir"),
            };
            let alerted = match alerted {
                0 => "aucune n’avait été avertie".to_owned(),
                1 => "1 avait été avertie".to_owned(),
                _ => format!("{alerted} avaient été averties"),
            };
            let did = match did {
                0 => "aucune ne l’a vue".to_owned(),
                1 => "1 l’a vue".to_owned(),
                _ => format!("{did} l’ont vue"),
            };
            format!("{could}, pendant {longest} au plus ; {alerted}, {did}")
        }
    }
}

fn row(loser: &Loser, language: Language) -> Vec<String> {
    vec![
        short(loser.person),
        words::seat(Some(loser.seat), language).to_owned(),
        language.instant(loser.from),
        language.instant(loser.until),
        language.duration(loser.seconds),
    ]
}

fn relations(loser: &Loser, language: Language) -> Vec<String> {
    let [alerted, opened] = ties(loser.alerted, loser.opened, language);
    let looked = match loser.looked {
        None => language.pick("never shown it", "jamais présentée").to_owned(),
        Some(at) => format!("{} {}", language.pick("first shown it", "présentée d’abord le"), language.instant(at)),
    };
    let rule = format!("{} ({})", language.pick(loser.ground.sentence().en, loser.ground.sentence().fr), loser.rule);
    let since = format!("{} {}", language.pick("since position", "depuis la position"), loser.opened_position);
    vec![rule, since, alerted, opened, looked]
}

#[cfg(test)]
mod tests {
    use entente_application::audit::About;
    use entente_domain::rule_set::RuleSet;
    use entente_domain::visibility::Grant;
    use entente_domain::{Audience, Seat};
    use entente_projections::audit::{Known, Point};
    use jiff::Timestamp;

    use super::*;

    type Tried<T = ()> = Result<T, Box<dyn std::error::Error>>;

    #[test]
    fn the_counts_are_a_sentence_in_each_language() {
        let [english, french] = [Language::English, Language::French].map(|it| sentence(3, 1, 1, 7_200, it));
        assert_eq!(english, "3 could see it, for 2 h at the longest; 1 was alerted, 1 did");
        assert_eq!(french, "3 personnes pouvaient la voir, pendant 2 h au plus ; 1 avait été avertie, 1 l’a vue");
        let [english, french] = [Language::English, Language::French].map(|it| sentence(1, 0, 0, 0, it));
        assert_eq!(english, "1 could see it, for less than 1 s at the longest; nobody was alerted, nobody did");
        assert!(french.ends_with("aucune n’avait été avertie, aucune ne l’a vue"), "{french}");
        assert_eq!(sentence(0, 0, 0, 0, Language::English), "nobody else could see it before");
    }

    fn answer(restrictions: Vec<Restriction>) -> Tried<Exposure> {
        let (case, item) =
            ("8f7b4f8e-5d0e-4f2f-8f62-0d2b3c4d5e6f".parse()?, "11111111-1111-4111-8111-111111111111".parse()?);
        let as_known_on = Known { position: 40, on: None, looks_until: Timestamp::MAX };
        let about = About { case, at: "2026-03-02T13:00:00Z".parse()?, as_known_on, rule_set: RuleSet::V2026_1 };
        Ok(Exposure { about, item, restrictions })
    }

    #[test]
    fn everyone_who_lost_sight_of_it_has_a_row() -> Tried {
        let (from, until): (Timestamp, Timestamp) = ("2026-03-02T09:00:00Z".parse()?, "2026-03-02T11:00:00Z".parse()?);
        let loser = Loser {
            person: "3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11".parse()?,
            seat: Seat::Respondent,
            ground: Grant::JointSession,
            rule: Grant::JointSession.rule(),
            from,
            opened_position: 12,
            until,
            seconds: 7_200,
            alerted: Some(Point { at: from, position: 13 }),
            opened: None,
            looked: Some(from),
        };
        let restriction = Restriction {
            at: until,
            position: 21,
            audience: Some(Audience::ClaimantCaucus),
            could: 1,
            alerted: 1,
            did: 1,
            seconds: 7_200,
            persons: vec![loser],
        };
        let text = exposure(&answer(vec![restriction])?, Language::English);
        assert!(text.contains("Restricted 2026-03-02 12:00:00 +01:00 (21) to: claimant's caucus"), "{text}");
        assert!(text.contains("1 could see it, for 2 h at the longest; 1 was alerted, 1 did."), "{text}");
        assert!(text.contains("respondent  2026-03-02 10:00:00 +01:00  2026-03-02 12:00:00 +01:00  2 h"), "{text}");
        assert!(text.contains("alerted 2026-03-02 10:00:00 +01:00 (13) · not opened"), "{text}");
        assert!(text.contains("first shown it 2026-03-02 10:00:00 +01:00"), "{text}");
        Ok(())
    }

    #[test]
    fn an_item_that_was_never_restricted_is_said_to_be_so() -> Tried {
        let text = exposure(&answer(vec![])?, Language::French);
        assert!(text.contains("Aucune restriction"), "{text}");
        Ok(())
    }
}

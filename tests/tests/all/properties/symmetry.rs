//! The two camps are alike: from the consent on, swapping them in what is asked swaps them in all that comes of it.

use std::collections::BTreeMap;

use entente_domain::visibility::{Viewer, sight, vantage};
use entente_domain::{Actor, Ask, DiscussionId, Issued, PersonId};
use entente_tests::cast::*;
use entente_tests::exposed::Exposed;
use entente_tests::generate::{Played, attempt, steps, straight_to_the_table};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::Value;

use super::{PERSONS, config, page_of, replay, shown};

/// Who and what stands where the other camp's stands, by the words that JSON has for it.
struct Swap(BTreeMap<String, String>);

impl Swap {
    fn of(commands: &[Issued]) -> Self {
        let mut words = BTreeMap::new();
        let mut pair = |one: String, other: String| {
            words.insert(one.clone(), other.clone());
            words.insert(other, one);
        };
        pair("claimant".into(), "respondent".into());
        pair("claimant_caucus".into(), "respondent_caucus".into());
        pair("claimant_workspace".into(), "respondent_workspace".into());
        for (one, other) in [(C1, R1), (C2, R2), (CL, RL)] {
            pair(one.to_string(), other.to_string());
        }
        for appointing in commands.iter().filter(|issued| matches!(issued.ask, Ask::AppointMediator(_))) {
            let caucus = |camp: &str| DiscussionId(appointing.id.derive(&format!("{camp} caucus"))).to_string();
            pair(caucus("claimant"), caucus("respondent"));
        }
        Self(words)
    }

    fn word(&self, word: String) -> String {
        self.0.get(&word).cloned().unwrap_or(word)
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(word) => Value::String(self.word(word)),
            Value::Array(inner) => Value::Array(inner.into_iter().map(|inner| self.value(inner)).collect()),
            Value::Object(fields) => {
                Value::Object(fields.into_iter().map(|(field, inner)| (field, self.value(inner))).collect())
            }
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
        }
    }

    fn person(&self, person: PersonId) -> PersonId {
        self.word(person.to_string()).parse().unwrap()
    }

    fn command(&self, issued: &Issued) -> Issued {
        let by = match issued.by {
            Actor::Person(person) => Actor::Person(self.person(person)),
            other @ (Actor::Staff(_) | Actor::Clock) => other,
        };
        let ask = serde_json::from_value(self.value(serde_json::to_value(&issued.ask).unwrap())).unwrap();
        Issued { by, ask, ..issued.clone() }
    }
}

/// Lists of plain words, and of threads, have no order that a camp could have a hand in.
fn in_order(value: Value) -> Value {
    match value {
        Value::Array(inner) => {
            let mut inner: Vec<_> = inner.into_iter().map(in_order).collect();
            let is_thread = |value: &Value| value.get("discussion").is_some() && value.get("items").is_some();
            if inner.iter().all(|value| value.is_string() || is_thread(value)) {
                inner.sort_by_key(ToString::to_string);
            }
            Value::Array(inner)
        }
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(field, inner)| (field, in_order(inner))).collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

/// A page without what only the registration and its questionnaire have put there.
fn since_consent(page: Option<String>) -> Option<Value> {
    let mut page: Value = serde_json::from_str(&page?).unwrap();
    let fields = page.as_object_mut().unwrap();
    for before in ["parties", "people", "questionnaire", "timeline", "nature", "registered"] {
        assert!(fields.remove(before).is_some(), "a page has {before}");
    }
    Some(page)
}

/// What somebody sees of the entries from this one on.
fn entries_since(played: &Played, first: usize, viewer: Viewer) -> Option<Value> {
    let vantage = vantage(&played.case, viewer, played.now())?;
    let later = &played.entries[first..];
    let seen: Vec<_> = later.iter().filter_map(|entry| sight(&played.case, vantage, entry, played.now())).collect();
    Some(shown(&seen))
}

/// The entries of one append in no order: two standing caucuses open together.
fn together(entries: Value) -> Vec<String> {
    let Value::Array(entries) = in_order(entries) else { panic!("entries are a list") };
    let mut entries: Vec<_> = entries.iter().map(ToString::to_string).collect();
    entries.sort();
    entries
}

/// What the audit says of everyone and every item at an instant, and of every restriction.
fn audited(played: &Played, at: jiff::Timestamp, swap: impl Fn(Value) -> Value) -> Value {
    let exposed = Exposed::of(&played.entries);
    let answers = exposed.items().map(|item| {
        let readers = exposed.readers(item, at, exposed.known());
        let restrictions = exposed.evidence(item).restrictions(exposed.known());
        let mut readers: Vec<_> = readers.iter().map(|reader| swap(serde_json::to_value(reader).unwrap())).collect();
        readers.sort_by_key(|reader| reader["person"].to_string());
        let mut restrictions = swap(serde_json::to_value(restrictions).unwrap());
        for restriction in restrictions.as_array_mut().unwrap() {
            restriction["persons"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
        }
        (item.to_string(), serde_json::json!([readers, restrictions]))
    });
    answers.collect()
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn swapping_the_camps_swaps_every_answer_and_every_page(straight in 4..6_usize, steps in steps(50)) {
        let mut tried = straight_to_the_table(false, straight);
        let consented = straight_to_the_table(false, 4);
        let before = consented.entries.len();
        attempt(&mut tried, &steps);
        // What belongs to one camp by its nature has no counterpart.
        let one_sided = |issued: &Issued| {
            matches!(issued.ask, Ask::Register(_) | Ask::AnswerQuestionnaire(_) | Ask::GiveConsent(_) | Ask::Decline(_))
        };
        let (first, rest) = tried.asked.split_at(4);
        let first: Vec<_> = first.iter().map(|asked| asked.issued.clone()).collect();
        let rest: Vec<_> = rest.iter().map(|asked| asked.issued.clone()).filter(|issued| !one_sided(issued)).collect();
        let swap = Swap::of(&rest);
        let swapped: Vec<_> = rest.iter().map(|issued| swap.command(issued)).collect();
        let (one, other) = (replay(first.iter().chain(&rest)), replay(first.iter().chain(&swapped)));

        for (one, other) in one.asked.iter().zip(&other.asked).skip(4) {
            match (&one.answer, &other.answer) {
                (Ok(one), Ok(other)) => {
                    prop_assert_eq!(together(swap.value(shown(one))), together(shown(other)));
                }
                (one, other) => prop_assert_eq!(one, other),
            }
        }
        for at in super::instants(&one) {
            prop_assert_eq!(audited(&one, at, |value| swap.value(value)), audited(&other, at, |value| value));
        }
        for person in PERSONS {
            let (viewer, counterpart) = (Viewer::Person(person), Viewer::Person(swap.person(person)));
            for at in [one.now(), one.now() + SignedDuration::from_hours(24 * 45)] {
                let here = since_consent(page_of(&one, viewer, at)).map(|page| in_order(swap.value(page)));
                let there = since_consent(page_of(&other, counterpart, at)).map(in_order);
                prop_assert_eq!(here, there, "{:?} at {}", person, at);
            }
            // Who mediates sees both caucuses open, the claimant's first.
            let mediates = one.case.seating.iter().any(|held| held.person == person && held.seat == entente_domain::Seat::Mediator);
            if !mediates {
                let here = entries_since(&one, before, viewer).map(|cut| in_order(swap.value(cut)));
                let there = entries_since(&other, before, counterpart).map(in_order);
                prop_assert_eq!(here, there, "{:?}", person);
            }
        }
    }
}

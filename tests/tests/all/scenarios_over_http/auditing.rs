//! Asking the auditor's API, and holding its answers against what each person was really shown.

use std::collections::BTreeMap;

use entente_tests::cast::day;
use entente_tests::world::Reply;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::fixture::Told;

/// What is said of a person who could see an item, in the item's readers and in the person's items alike.
const FACTS: [&str; 9] =
    ["ground", "rule", "since", "opened_position", "until", "closed_position", "alerted", "opened", "knew"];

/// The end of every story, long after the case has closed.
pub(super) fn the_end() -> Timestamp {
    day(60, 12, 0)
}

impl Told {
    /// What an auditor reads below the audit of the case.
    pub(super) async fn audit(&self, below: &str) -> Reply {
        self.read("u", &format!("/audit/{below}")).await
    }

    /// Who could see an item at an instant, as known on a day, or now.
    pub(super) async fn readers(&self, called: &str, at: Timestamp, known: Option<Timestamp>) -> Value {
        let answer = self.audit(&format!("items/{}/readers?{}", self.item(called), when(at, known))).await.ok();
        assert_eq!((&answer["item"], &answer["at"]), (&json!(self.item(called)), &json!(at)));
        assert_eq!(answer["as_known_on"]["on"], json!(known));
        answer
    }

    /// What those readers say of one person.
    pub(super) async fn reader(&self, who: &str, called: &str, at: Timestamp, known: Option<Timestamp>) -> Value {
        self.line_of(who, &self.readers(called, at, known).await)
    }

    /// One person's line among an item's readers; none if the person has never sat at the case.
    pub(super) fn line_of(&self, who: &str, readers: &Value) -> Value {
        let person = json!(self.person(who));
        let found = readers["persons"].as_array().unwrap().iter().find(|line| line["person"] == person);
        found.cloned().unwrap_or_default()
    }

    /// What a person could see at an instant, as known on a day, or now.
    pub(super) async fn sights(&self, who: &str, at: Timestamp, known: Option<Timestamp>) -> Reply {
        self.audit(&format!("persons/{}/items?{}", self.person(who), when(at, known))).await
    }

    /// The life of an item.
    pub(super) async fn life(&self, called: &str) -> Value {
        self.audit(&format!("items/{}", self.item(called))).await.ok()
    }

    /// What has happened to an item, in order.
    pub(super) async fn happened_to(&self, called: &str) -> Vec<String> {
        let life = self.life(called).await;
        let events = life["events"].as_array().unwrap().iter();
        events.map(|line| line["event"].as_str().unwrap().to_owned()).collect()
    }

    /// Brings the story to its end, and asks the auditor's API about all that was asked before: as it is known at the end,
    /// and as it was known when it was asked.
    pub(super) async fn is_audited(&mut self) {
        self.until(the_end()).await;
        self.table.world.settle().await;
        let mut asked = BTreeMap::<(Timestamp, &str), Vec<(&str, bool)>>::new();
        for (who, called, at, seen) in &self.asked {
            asked.entry((*at, *called)).or_default().push((*who, *seen));
        }
        assert!(!asked.is_empty());
        for ((at, called), answers) in asked {
            for known in [None, Some(at)] {
                let readers = self.readers(called, at, known).await;
                for (who, seen) in &answers {
                    self.agrees(who, called, &self.line_of(who, &readers), *seen, (at, known)).await;
                }
            }
        }
    }

    /// One person's line among an item's readers, the item's line among the person's, and what the person was shown.
    async fn agrees(
        &self,
        who: &str,
        called: &str,
        line: &Value,
        seen: bool,
        (at, known): (Timestamp, Option<Timestamp>),
    ) {
        let about = format!("{called} by {who} at {at} as known on {known:?}: {line}");
        assert_eq!(line["could_see"] == true, seen, "{about}");
        let sights = self.sights(who, at, known).await;
        if ["s", "x"].contains(&who) {
            assert_eq!(line, &Value::Null, "{about}");
            assert_eq!(sights.problem(), (404, "not-found".to_owned()));
            return;
        }
        let sights = sights.ok();
        let sight = sights["items"].as_array().unwrap().iter().find(|sight| sight["item"] == self.item(called));
        assert_eq!(sight.is_some(), seen, "{about}");
        let Some(sight) = sight else { return };
        for fact in FACTS {
            assert_eq!(line[fact], sight[fact], "{fact} of {about}");
        }
        assert_eq!(line["seat"], sights["seat"], "{about}");
        // A person who was shown something is on record.
        assert!(line["knew"].is_object(), "{about}");
        let time = |fact: &str| line[fact].as_str().map(|text| text.parse::<Timestamp>().unwrap());
        assert!(time("since").unwrap() <= at && time("until").is_none_or(|until| at < until), "{about}");
    }
}

fn when(at: Timestamp, known: Option<Timestamp>) -> String {
    let known = known.map(|on| format!("&as_known_on={on}")).unwrap_or_default();
    format!("at={at}{known}")
}

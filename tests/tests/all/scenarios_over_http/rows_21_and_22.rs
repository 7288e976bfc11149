//! Rows 21 and 22: one's own trail and nobody else's; the camps swapped throughout.

use std::collections::BTreeMap;

use entente_tests::cast::day;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::BOTH;
use super::auditing::the_end;
use super::fixture::{CAST, NEVER, Told};

impl Told {
    /// The lines of somebody's own trail; numbered from 1 without gaps, whatever else has happened.
    async fn trail(&self, who: &str) -> Vec<Value> {
        let trail = self.read(who, &format!("/trails/{}", self.person(who))).await.ok();
        assert_eq!((&trail["case"], &trail["person"]), (&json!(self.case()), &json!(self.person(who))));
        let lines = trail["lines"].as_array().unwrap().clone();
        let numbers: Vec<_> = lines.iter().map(|line| line["no"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=lines.len() as u64).collect::<Vec<_>>(), "{who} at {}", self.now);
        lines
    }

    fn line(&self, no: u32, at: Timestamp, called: &str, relation: &str, ground: Option<&str>) -> Value {
        let rule = ground.map(|_| "2-domain §3");
        json!({"no": no, "at": at, "item": self.item(called), "relation": relation, "ground": ground, "rule": rule})
    }
}

#[tokio::test]
async fn row_21_ones_own_trail_has_what_one_can_see_was_alerted_to_and_opened_and_nothing_else() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(6, 11, 30)).await;
        let (joint, own) = (Some("joint_session"), Some("own_caucus"));
        let expected = [
            told.line(1, day(4, 9, 0), "item 3", "can_see", joint),
            told.line(2, day(4, 10, 30), "their caucus", "can_see", own),
            told.line(3, day(4, 13, 0), "item 3", "alerted", None),
            told.line(4, day(6, 10, 0), "item 8", "can_see", joint),
            told.line(5, day(6, 11, 0), "item 8", "opened", None),
        ];
        assert_eq!(told.trail("r1").await, expected);
        told.until(day(21, 9, 0)).await;
        let expected = [
            told.line(1, day(4, 9, 0), "item 3", "can_see", joint),
            told.line(2, day(4, 10, 30), "their caucus", "can_see", own),
            told.line(3, day(4, 13, 0), "item 3", "alerted", None),
            // What is withdrawn from view is left with its receipt.
            told.line(4, day(6, 11, 0), "item 8", "opened", None),
            told.line(5, day(8, 10, 0), "item 12", "can_see", joint),
        ];
        assert_eq!(told.trail("r1").await, expected);
        // r2 had been alerted to it and had not opened it.
        let of_r2 = told.trail("r2").await;
        assert_eq!(of_r2[2], told.line(3, day(6, 11, 15), "item 8", "alerted", None));
        assert_eq!(of_r2.len(), 4);
        for called in ["item 3", "their caucus", "item 12", "item 8", "item 5", "item 7", "notes"] {
            let seen = told.sees("r1", called).await;
            let said = |line: &&Value| line["item"] == told.item(called) && line["relation"] == "can_see";
            assert_eq!(expected.iter().find(said).is_some(), seen, "{called}");
        }
        told.is_audited().await;
        let sights = told.sights("r1", day(21, 9, 0), None).await.ok();
        assert_eq!(sights["items"].as_array().unwrap().len(), 3);
        for sight in sights["items"].as_array().unwrap() {
            let said = |line: &&Value| line["item"] == sight["item"] && line["relation"] == "can_see";
            let line = expected.iter().find(said).unwrap_or_else(|| panic!("{sight} is not in the trail"));
            assert_eq!(
                [&line["at"], &line["ground"], &line["rule"]],
                [&sight["since"], &sight["ground"], &sight["rule"]]
            );
        }
        told.trail("r1").await;
        told.trail("c1").await;
    }
}

#[tokio::test]
async fn row_21_nobody_reads_another_ones_trail() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        for at in [day(4, 14, 0), day(21, 9, 0)] {
            told.until(at).await;
            for who in CAST {
                let absent = told.read_nowhere(who, &format!("/trails/{}", told.person(who))).await;
                assert_eq!(absent.problem(), (404, "not-found".to_owned()));
                let others = CAST.iter().filter(|other| **other != who).map(|other| told.person(other).to_string());
                for other in others.chain([NEVER.to_owned(), "nobody".to_owned()]) {
                    let reply = told.read(who, &format!("/trails/{other}")).await;
                    assert_eq!(reply, absent, "the trail of {other} by {who}");
                }
            }
            let strangers_own = told.read("x", &format!("/trails/{}", told.person("x"))).await;
            assert_eq!(strangers_own, told.read_nowhere("x", "").await);
            for who in ["c1", "r1"] {
                told.trail(who).await;
            }
        }
        // A mediator who has resigned has no trail left either.
        assert_eq!(told.read("m1", &format!("/trails/{}", told.person("m1"))).await.problem().0, 404);
    }
}

/// What of whom is seen by whom: on everybody's page, and in the auditor's answers, by the names of the rows.
async fn seen_by_all(swapped: bool) -> BTreeMap<(Timestamp, &'static str, &'static str), (bool, Value)> {
    let mut told = Told::begin(swapped).await;
    let instants = [
        day(4, 12, 0),
        day(5, 12, 0),
        day(6, 11, 30),
        day(6, 12, 30),
        day(8, 10, 30),
        day(9, 18, 1),
        day(12, 9, 1),
        day(13, 11, 0),
        day(13, 12, 30),
        day(21, 9, 0),
        the_end(),
    ];
    let mut seen = BTreeMap::new();
    for at in instants {
        told.until(at).await;
        for who in CAST {
            let page = told.read(who, "").await;
            for called in told.item_names() {
                let shown = page.status.is_success()
                    && page.json()["items"].as_array().unwrap().iter().any(|item| item["item"] == told.item(called));
                seen.insert((at, who, called), (shown, Value::Null));
            }
        }
    }
    told.table.world.settle().await;
    for called in told.item_names() {
        for at in instants {
            let readers = told.readers(called, at, None).await;
            for who in CAST {
                let line = told.line_of(who, &readers);
                let Some((shown, answer)) = seen.get_mut(&(at, who, called)) else { continue };
                assert_eq!(line["could_see"] == true, *shown, "{called} by {who} at {at}");
                let facts = ["could_see", "ground", "rule", "since", "until", "alerted", "opened", "knew", "tenure"];
                *answer = facts.iter().map(|fact| line[fact].clone()).collect();
            }
        }
    }
    seen
}

#[tokio::test]
async fn row_22_camps_swapped_throughout_swap_every_answer() {
    let [straight, swapped] = [seen_by_all(false).await, seen_by_all(true).await];
    assert!(straight.values().filter(|(shown, _)| *shown).count() > 100);
    for (about, answer) in &straight {
        assert_eq!(Some(answer), swapped.get(about), "{about:?}");
    }
    assert_eq!(straight.len(), swapped.len());
}

//! What was so, and what was known: a leaving that the centre is told of late, and a restriction before it was heard of.

use entente_tests::cast::day;
use serde_json::{Value, json};

use super::BOTH;
use super::fixture::{JOINT_WORDS, Plot, Told};
use super::steps::Step;

#[tokio::test]
async fn a_leaving_told_late_is_answered_as_it_was_known_on_each_day() {
    for swapped in BOTH {
        let mut told = Told::begin_as(Plot { swapped, without: &[Step::Unseat] }).await;
        // rl has left two hours ago, and nobody has told the centre: the page is what rl gets.
        let asked = day(8, 20, 0);
        told.until(asked).await;
        let page = told.read("rl", "").await;
        assert_eq!(page.ok()["seat"], json!(told.camp("r1")));
        assert!(page.text().contains(JOINT_WORDS));
        told.until(day(9, 18, 0)).await;
        told.unseat(Some(json!({"left": day(8, 18, 0)}))).await;
        told.until(day(9, 18, 1)).await;
        assert_eq!(told.read("rl", "").await, told.read_nowhere("rl", "").await);
        let people = told.page("c1").await["people"].as_array().unwrap().clone();
        let rl = people.iter().find(|held| held["person"] == json!(told.person("rl"))).unwrap();
        assert_eq!(rl["to"], json!(day(8, 18, 0)));
        told.until(day(30, 12, 0)).await;
        told.table.world.settle().await;

        let as_known_then = told.reader("rl", "item 3", asked, Some(day(9, 12, 0))).await;
        assert_eq!((&as_known_then["could_see"], &as_known_then["ground"]), (&json!(true), &json!("joint_session")));
        assert_eq!(as_known_then["until"], json!(null));
        let sights = told.sights("rl", asked, Some(day(9, 12, 0))).await.ok();
        assert_eq!(sights["seat"], json!(told.camp("r1")));
        assert_eq!(sights["items"].as_array().unwrap().len(), 3);

        for known in [None, Some(day(9, 18, 0)), Some(day(30, 12, 0))] {
            let line = told.reader("rl", "item 3", asked, known).await;
            assert_eq!((&line["could_see"], &line["ground"]), (&json!(false), &json!("not_seated")), "{known:?}");
            assert_eq!(line["until"], json!(day(8, 18, 0)));
            // Not to be seen, and seen all the same: the record of looks says so.
            assert_eq!(line["knew"], json!({"at": asked, "by": "looked", "position": null}));
            let sights = told.sights("rl", asked, known).await.ok();
            assert_eq!((&sights["seat"], &sights["items"]), (&json!(null), &json!([])));
        }
        let before = told.reader("rl", "item 3", day(8, 17, 59), None).await;
        assert_eq!((&before["could_see"], &before["knew"]), (&json!(true), &json!(null)));
    }
}

#[tokio::test]
async fn an_answer_as_known_at_a_position_knows_nothing_of_what_came_after_it() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(21, 9, 0)).await;
        told.table.world.settle().await;
        let history = told.read("u", "/history").await.ok();
        let restricted = |line: &&Value| line["event"] == "VisibilityRestricted";
        let line = history["lines"].as_array().unwrap().iter().find(restricted).unwrap();
        let position = line["position"].as_u64().unwrap();
        for (known, could) in [(position - 1, true), (position, false)] {
            let below =
                format!("items/{}/readers?at={}&as_known_at_position={known}", told.item("item 8"), day(6, 12, 30));
            let readers = told.audit(&below).await.ok();
            let asked = (&readers["as_known_on"]["position"], &readers["as_known_on"]["on"]);
            assert_eq!(asked, (&json!(known), &json!(null)));
            let r1 = json!(told.person("r1"));
            let line = readers["persons"].as_array().unwrap().iter().find(|line| line["person"] == r1).unwrap();
            assert_eq!(line["could_see"], could, "{line}");
        }
    }
}

//! Rows 17 to 20: a withdrawal and its reason, what is left after closing, what an auditor reads, what an alert tells.

use axum::http::Method;
use entente_domain::Audience;
use entente_tests::cast::day;
use serde_json::{Value, json};

use super::BOTH;
use super::asking::same;
use super::auditing::the_end;
use super::fixture::{ANSWER, CONFIDENCE, DOCUMENT, DRAFT, JOINT_WORDS, NOTES, REASON, Told};

#[tokio::test]
async fn row_17_the_reason_of_a_withdrawal_is_for_whom_its_author_chose() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(20, 11, 59)).await;
        assert_eq!(told.page("c1").await["closing"], json!(null));
        told.until(day(20, 12, 30)).await;
        let readers =
            [("c1", false), ("c2", false), ("cl", false), ("s", false), ("r1", true), ("r2", true), ("m2", true)];
        for (who, reads) in readers {
            let page = told.page(who).await;
            let closing = &page["closing"];
            assert_eq!((&closing["outcome"], &closing["at"]), (&json!("withdrawn"), &json!(day(20, 12, 0))), "{who}");
            assert_eq!(closing["withdrawn_by"], json!(told.camp("r1")), "the fact is everybody's");
            assert_eq!(closing["reason"], json!(reads.then_some(REASON)), "{who}");
            assert_eq!(page.to_string().contains(REASON), reads, "{who}");
        }
        told.until(the_end()).await;
        let history = told.read("u", "/history").await;
        let withdrew = |line: &&Value| line["event"] == "PartyWithdrew";
        let lines = history.ok()["lines"].as_array().unwrap().clone();
        let line = lines.iter().find(withdrew).unwrap();
        assert_eq!(line["facts"], json!([{"name": "camp", "value": told.camp("r1")}]));
        assert_eq!((&line["person"], &line["at"]), (&json!(told.person("r1")), &json!(day(20, 12, 0))));
        assert!(!history.text().contains(REASON));
    }
}

#[tokio::test]
async fn row_18_after_closing_each_reads_on_and_nobody_posts() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(21, 9, 0)).await;
        told.is_seen_by("item 3", &["c1", "c2", "cl", "r1", "r2", "m2"]).await;
        told.is_seen_by("item 12", &["c1", "c2", "cl", "r1", "r2", "m2"]).await;
        told.is_seen_by("their caucus", &["r1", "r2"]).await;
        for audience in [Audience::Joint, told.caucus("c1"), told.workspace("c1")] {
            let more = json!({"discussion": told.thread(audience), "body": "One more thing."});
            let refused = told.table.ask(told.hand("c1"), "messages", more).await;
            assert_eq!(refused.problem(), (409, "already-closed".to_owned()), "{audience:?}");
        }
        // After the thirty days of return, each camp has its own record and the mediator nothing.
        told.until(the_end()).await;
        told.is_seen_by("item 3", &["c1", "c2", "cl"]).await;
        told.is_seen_by("item 5", &["c1", "c2", "cl"]).await;
        told.is_seen_by("their caucus", &["r1", "r2"]).await;
        told.is_seen_by("item 12", &[]).await;
        told.is_audited().await;
        let over = told.reader("r1", "item 3", the_end(), None).await;
        assert_eq!(over["ground"], "return_window_over");
        assert_eq!(told.reader("c1", "item 3", the_end(), None).await["ground"], "own_record");
    }
}

#[tokio::test]
async fn row_19_an_auditor_reads_what_a_camp_confided_once_that_camp_allows_it_and_no_more() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(the_end()).await;
        told.table.world.settle().await;
        let history = told.read("u", "/history").await;
        assert!(history.text().contains(&told.item("item 5")));
        for words in [JOINT_WORDS, CONFIDENCE, ANSWER, DRAFT, NOTES, DOCUMENT, REASON] {
            assert!(!history.text().contains(words), "{words}");
        }
        told.is_read_by_the_auditor(&[]).await;

        let (case, items) = (told.case().to_owned(), told.items());
        let before = told.everything("r1", &case, &items).await;
        assert_eq!(told.page("c1").await["audit_access"], false);
        told.ask("c1", "audit-access", json!({})).await;
        told.table.world.settle().await;
        told.is_read_by_the_auditor(&["item 5", "item 7", "item 8"]).await;
        assert_eq!(told.life("item 5").await["content"], json!({"kind": "message", "body": CONFIDENCE}));
        assert_eq!(told.life("item 8").await["content"]["facts"]["name"], DOCUMENT);
        assert_eq!(told.page("c1").await["audit_access"], true);
        same(&before, &told.everything("r1", &case, &items).await);

        told.ask("r1", "audit-access", json!({})).await;
        told.table.world.settle().await;
        let all = ["item 3", "item 5", "item 7", "item 8", "item 12", "their caucus"];
        told.is_read_by_the_auditor(&all).await;
        assert_eq!(told.life("item 3").await["content"]["body"], JOINT_WORDS);

        let path = format!("{}/audit-access", told.table.path);
        told.table.world.ask(told.hand("c1"), Method::DELETE, &path, None, Some("no-more")).await.ok();
        told.table.world.settle().await;
        told.is_read_by_the_auditor(&["their caucus"]).await;
        assert_eq!(told.page("c1").await["audit_access"], false);
        assert_eq!(told.page("r1").await["audit_access"], true);
        // Whatever a camp allows, it is no party's reading, and who could see is answered as before.
        assert!(!told.sees("r1", "item 5").await && !told.sees("c1", "their caucus").await);
        told.is_audited().await;
    }
}

impl Told {
    /// Of these items and no others the auditor reads what they say; a mediator's notes are never among them.
    async fn is_read_by_the_auditor(&self, read: &[&str]) {
        for called in self.item_names() {
            let life = self.life(called).await;
            assert_eq!(!life["content"].is_null(), read.contains(&called), "{called}: {}", life["content"]);
        }
    }
}

/// As there are no letters yet: what the recipients' own timelines and trails say of an alert.
#[tokio::test]
async fn row_20_an_alert_of_joint_words_and_one_of_a_confidence_say_the_same() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(4, 14, 0)).await;
        let mut said = Vec::new();
        for (who, called) in [("r1", "item 3"), ("m1", "item 5")] {
            let page = told.page(who).await;
            let of_alerts = |line: &&Value| line["event"] == "PersonAlerted";
            let [line] = page["timeline"].as_array().unwrap().iter().filter(of_alerts).collect::<Vec<_>>()[..] else {
                panic!("one alert of {who}: {page}")
            };
            let mut line = line.clone();
            assert!(line.as_object_mut().unwrap().remove("no").is_some_and(|no| no.is_u64()));
            assert_eq!(line, json!({"at": day(4, 13, 0), "seat": null, "person": null, "event": "PersonAlerted"}));

            let trail = told.read(who, &format!("/trails/{}", told.person(who))).await.ok();
            let of_alerts = |line: &&Value| line["relation"] == "alerted";
            let mut of_trail = trail["lines"].as_array().unwrap().iter().find(of_alerts).unwrap().clone();
            of_trail.as_object_mut().unwrap().remove("no");
            assert_eq!(of_trail.as_object_mut().unwrap().remove("item"), Some(json!(told.item(called))));
            said.push((line, of_trail));
            assert!(told.sees(who, called).await);
        }
        assert_eq!(said[0], said[1]);
        for who in ["c1", "c2", "r2", "rl", "s"] {
            assert!(!told.page_says(who, "PersonAlerted").await, "{who} is told of another's alert");
        }
        told.is_audited().await;
        for (who, called) in [("r1", "item 3"), ("m1", "item 5")] {
            let line = told.reader(who, called, day(4, 14, 0), None).await;
            assert_eq!(line["alerted"]["at"], json!(day(4, 13, 0)));
            assert_eq!(told.reader(who, called, day(4, 12, 0), None).await["alerted"], json!(null));
        }
    }
}

//! Rows 8 to 11: a document that is hidden after some have read it, and who may hide what.

use entente_domain::Audience;
use entente_tests::cast::day;
use serde_json::{Value, json};

use super::BOTH;
use super::asking::same;
use super::auditing::the_end;
use super::fixture::{DOCUMENT, NEVER, Plot, Told};
use super::steps::Step;

#[tokio::test]
async fn row_8_who_had_opened_a_hidden_document_keeps_the_own_receipt_and_the_audit_remembers() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(6, 11, 30)).await;
        told.is_seen_by("item 8", &["c1", "c2", "cl", "r1", "r2", "rl", "m1"]).await;
        let shown = told.on_page("r1", "item 8").await;
        assert_eq!((&shown["content"]["facts"]["name"], &shown["opened"]), (&json!(DOCUMENT), &json!(day(6, 11, 0))));
        told.until(day(6, 12, 30)).await;
        told.is_seen_by("item 8", &["c1", "c2", "cl", "m1"]).await;
        let page = told.page("r1").await;
        assert_eq!(page["withdrawn_from_view"], json!([{"item": told.item("item 8"), "opened": day(6, 11, 0)}]));
        assert_eq!(page["tombstones"], json!([]));
        assert!(!page.to_string().contains(DOCUMENT));
        // The author's side hears that r1 had read it, the mediator does not.
        assert_eq!(told.on_page("c2", "item 8").await["seen_before"], json!([told.person("r1")]));
        assert_eq!(told.on_page("m1", "item 8").await["seen_before"], json!([]));

        told.until(day(30, 12, 0)).await;
        told.table.world.settle().await;
        for known in [None, Some(day(30, 12, 0))] {
            let line = told.reader("r1", "item 8", day(6, 11, 30), known).await;
            assert_eq!((&line["could_see"], &line["ground"]), (&json!(true), &json!("joint_session")));
            assert_eq!((&line["since"], &line["until"]), (&json!(day(6, 10, 0)), &json!(day(6, 12, 0))));
            assert_eq!(line["opened"]["at"], json!(day(6, 11, 0)));
            assert_eq!((&line["knew"]["by"], &line["knew"]["at"]), (&json!("opened"), &json!(day(6, 11, 0))));
            let line = told.reader("r1", "item 8", day(6, 12, 30), known).await;
            assert_eq!((&line["could_see"], &line["ground"]), (&json!(false), &json!("not_in_audience")));
            assert_eq!(line["opened"]["at"], json!(day(6, 11, 0)), "the receipt stays");
        }
        // At 10:30 nobody had opened it yet, and while it was in view nobody knew that it would be hidden.
        assert_eq!(told.reader("r1", "item 8", day(6, 10, 30), None).await["opened"], json!(null));
        let then = told.reader("r1", "item 8", day(6, 11, 30), Some(day(6, 11, 30))).await;
        assert_eq!((&then["could_see"], &then["until"]), (&json!(true), &json!(null)));
        told.is_audited().await;
    }
}

#[tokio::test]
async fn row_9_who_was_alerted_and_had_not_opened_it_finds_a_neutral_tombstone() {
    // Whether r2 looks at the case in between or not, r2 has opened nothing.
    for (swapped, looks) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut told = Told::begin(swapped).await;
        told.until(day(6, 11, 30)).await;
        if looks {
            assert!(told.sees("r2", "item 8").await);
        }
        told.until(day(6, 12, 30)).await;
        assert!(!told.sees("r2", "item 8").await);
        let (page, item) = (told.page("r2").await, told.item("item 8"));
        assert_eq!(page["tombstones"], json!([{"item": item, "alerted": day(6, 11, 15)}]));
        assert_eq!(page["withdrawn_from_view"], json!([]));
        let text = page.to_string();
        assert_eq!(text.matches(&item).count(), 1, "nothing else tells of it");
        assert!(!text.contains(DOCUMENT) && !text.contains("48213") && !text.contains(&"0f".repeat(32)));
        told.is_audited().await;

        let knew = |at: Option<_>| at.map_or(Value::Null, |at| json!({"at": at, "by": "looked", "position": null}));
        for (at, could, ground) in [(day(6, 11, 30), true, "joint_session"), (day(6, 12, 30), false, "not_in_audience")]
        {
            let line = told.reader("r2", "item 8", at, None).await;
            assert_eq!((&line["could_see"], &line["ground"]), (&json!(could), &json!(ground)));
            assert_eq!((&line["alerted"]["at"], &line["opened"]), (&json!(day(6, 11, 15)), &json!(null)));
            assert_eq!(line["knew"], knew(looks.then_some(day(6, 11, 30))), "could, and did only if r2 looked");
        }
        let exposure = told.audit(&format!("items/{item}/exposure")).await.ok();
        let [restriction] = exposure["restrictions"].as_array().unwrap().as_slice() else { panic!("{exposure}") };
        let figures = ["could", "alerted", "did"].map(|figure| restriction[figure].as_u64().unwrap());
        assert_eq!(figures, [3, 1, 1 + u64::from(looks)]);
        assert_eq!((&restriction["at"], &restriction["seconds"]), (&json!(day(6, 12, 0)), &json!(7_200)));
        assert_eq!(restriction["audience"], json!(told.caucus("c1")));
    }
}

#[tokio::test]
async fn row_9_a_colleague_who_was_neither_alerted_nor_had_opened_it_finds_no_trace() {
    for swapped in BOTH {
        let unsubmitted: &[Step] = &[Step::Submit, Step::Open, Step::AlertOfDocument, Step::Restrict];
        let mut with = Told::begin(swapped).await;
        let mut without = Told::begin_as(Plot { swapped, without: unsubmitted }).await;
        for at in [day(6, 12, 30), day(9, 17, 0)] {
            with.until(at).await;
            without.until(at).await;
            let items = with.items();
            let seen = with.everything("rl", with.case(), &items).await;
            same(&seen, &without.everything("rl", without.case(), &items).await);
            assert!(!with.sees("rl", "item 8").await);
            assert_eq!(with.page("rl").await["tombstones"], json!([]));
            assert_ne!(with.page("r2").await["tombstones"], json!([]));
        }
        with.is_audited().await;
        let could = with.reader("rl", "item 8", day(6, 11, 30), None).await;
        assert_eq!(
            (&could["could_see"], &could["alerted"], &could["knew"]),
            (&json!(true), &json!(null), &json!(null))
        );
    }
}

#[tokio::test]
async fn row_10_nobody_restricts_what_is_not_theirs() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(7, 12, 0)).await;
        let before = [told.read("c1", "").await, told.read("r1", "").await, told.read("m1", "").await];
        let own = told.caucus("r1");
        let visible = told.restrict("r1", &told.item("item 3"), own).await;
        assert_eq!(visible.problem(), (409, "not-author".to_owned()));
        assert_eq!(told.restrict("m1", &told.item("item 3"), own).await.problem().1, "not-author");
        let absent = told.restrict("r1", NEVER, own).await;
        assert_eq!(absent.problem(), (404, "not-found".to_owned()));
        // Of the claimant's, in its caucus and its workspace; withdrawn from view; the mediator's.
        for hidden in ["item 5", "item 7", "item 8", "notes"] {
            assert_eq!(told.restrict("r1", &told.item(hidden), own).await, absent, "{hidden}");
        }
        let after = [told.read("c1", "").await, told.read("r1", "").await, told.read("m1", "").await];
        assert_eq!(before, after);
        told.is_seen_by("item 3", &["c1", "c2", "cl", "r1", "r2", "rl", "m1"]).await;
        told.is_seen_by("item 5", &["c1", "c2", "cl", "m1"]).await;
        told.is_audited().await;
        assert_eq!(told.happened_to("item 3").await, ["MessagePosted", "PersonAlerted"], "a refusal is no event");
    }
}

#[tokio::test]
async fn row_11_a_restriction_only_narrows() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(7, 12, 0)).await;
        let before = [told.read("c1", "").await, told.read("r1", "").await, told.read("m1", "").await];
        for wider in [Audience::Joint, told.caucus("r1")] {
            let refused = told.restrict("c1", &told.item("item 8"), wider).await;
            assert_eq!(refused.problem(), (422, "would-widen".to_owned()));
        }
        let after = [told.read("c1", "").await, told.read("r1", "").await, told.read("m1", "").await];
        assert_eq!(before, after);
        told.is_seen_by("item 8", &["c1", "c2", "cl", "m1"]).await;
        told.is_audited().await;
        let happened = ["DocumentSubmitted", "ItemOpened", "PersonAlerted", "VisibilityRestricted"];
        assert_eq!(told.happened_to("item 8").await, happened);
        assert_eq!(told.now, the_end());
    }
}

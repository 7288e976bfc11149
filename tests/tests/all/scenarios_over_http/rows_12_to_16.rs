//! Rows 12 to 16: a confidence passed on, a counsel who leaves, one mediator after another.

use entente_tests::cast::day;
use serde_json::json;

use super::BOTH;
use super::asking::same;
use super::fixture::{ANSWER, CONFIDENCE, NOTES, Told};

#[tokio::test]
async fn row_12_what_is_disclosed_is_a_new_item_whose_source_the_other_camp_cannot_see() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(8, 9, 30)).await;
        assert!(!told.sees("r1", "item 5").await);
        assert!(!told.page_says("r1", CONFIDENCE).await, "a leave is not yet a disclosure");
        assert_eq!(told.on_page("c1", "item 5").await["disclosure_authorised"], "verbatim");
        told.until(day(8, 10, 30)).await;
        told.is_seen_by("item 12", &["c1", "c2", "cl", "r1", "r2", "rl", "m1"]).await;
        told.is_seen_by("item 5", &["c1", "c2", "cl", "m1"]).await;
        let copy = told.on_page("r1", "item 12").await;
        assert_eq!((&copy["content"]["body"], &copy["source"]), (&json!(CONFIDENCE), &json!(null)));
        assert_ne!(told.item("item 12"), told.item("item 5"));
        for who in ["r1", "r2", "rl", "s"] {
            assert!(!told.page_says(who, &told.item("item 5")).await);
        }
        for who in ["c1", "cl", "m1"] {
            assert_eq!(told.on_page(who, "item 12").await["source"], json!(told.item("item 5")));
        }
        told.is_audited().await;
        for at in [day(8, 9, 30), day(8, 10, 30)] {
            assert_eq!(told.reader("r1", "item 5", at, None).await["ground"], "not_in_audience");
        }
        let before = told.reader("r1", "item 12", day(8, 9, 30), None).await;
        assert_eq!((&before["could_see"], &before["ground"]), (&json!(false), &json!("not_made_yet")));
        assert_eq!(told.reader("r1", "item 12", day(8, 10, 30), None).await["ground"], "joint_session");
    }
}

#[tokio::test]
async fn row_13_a_counsel_taken_out_sees_nothing_from_that_instant() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(9, 17, 59)).await;
        told.is_seen_by("item 3", &["c1", "c2", "cl", "r1", "r2", "rl", "m1"]).await;
        for at in [day(9, 18, 0), day(9, 18, 1)] {
            told.until(at).await;
            told.is_seen_by("item 3", &["c1", "c2", "cl", "r1", "r2", "m1"]).await;
            assert!(!told.sees("rl", "their caucus").await);
            assert_eq!(told.read("rl", "").await, told.read_nowhere("rl", "").await);
        }
        told.table.world.settle().await;
        let cases = told.table.world.read(told.hand("rl"), "/api/cases").await.ok();
        let inbox = told.table.world.read(told.hand("rl"), "/api/inbox").await.ok();
        assert_eq!((&cases["items"], &inbox["items"]), (&json!([]), &json!([])));
        told.is_audited().await;
        let gone = told.reader("rl", "item 3", day(9, 18, 1), None).await;
        assert_eq!((&gone["ground"], &gone["until"]), (&json!("not_seated"), &json!(day(9, 18, 0))));
    }
}

#[tokio::test]
async fn row_14_a_mediator_who_resigned_loses_everything_at_once() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        for (at, seen) in [(day(12, 8, 59), true), (day(12, 9, 1), false)] {
            told.until(at).await;
            for called in ["item 3", "item 5", "item 8", "item 12", "their caucus", "notes"] {
                assert_eq!(told.sees("m1", called).await, seen, "{called} at {at}");
            }
            assert!(!told.sees("m1", "item 7").await);
        }
        assert_eq!(told.read("m1", "").await.problem(), (404, "not-found".to_owned()));
        told.is_audited().await;
        let gone = told.reader("m1", "item 5", day(12, 9, 1), None).await;
        assert_eq!((&gone["ground"], &gone["until"]), (&json!("not_seated"), &json!(day(12, 9, 0))));
    }
}

#[tokio::test]
async fn row_15_a_successor_sees_joint_items_and_no_confidence_and_no_old_notes() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(13, 9, 0)).await;
        assert!(!told.sees("m2", "item 3").await);
        told.until(day(13, 11, 0)).await;
        for (called, seen) in [
            ("item 3", true),
            ("item 12", true),
            ("item 5", false),
            ("item 7", false),
            ("item 8", false),
            ("their caucus", false),
            ("notes", false),
        ] {
            assert_eq!(told.sees("m2", called).await, seen, "{called}");
        }
        // Nor from where the disclosed copy came.
        assert_eq!(told.on_page("m2", "item 12").await["source"], json!(null));
        assert!(!told.page_says("m2", &told.item("item 5")).await);
        assert!(!told.page_says("m2", NOTES).await);
        told.is_audited().await;
        for (called, ground) in
            [("item 3", "joint_session"), ("item 5", "caucus_not_released"), ("notes", "notes_never_pass")]
        {
            assert_eq!(told.reader("m2", called, day(13, 11, 0), None).await["ground"], ground, "{called}");
        }
    }
}

#[tokio::test]
async fn row_16_each_caucus_passes_to_a_successor_by_its_own_camps_choice_alone() {
    for swapped in BOTH {
        let mut told = Told::begin(swapped).await;
        told.until(day(13, 11, 59)).await;
        let (case, items) = (told.case().to_owned(), told.items());
        let before = [told.everything("r1", &case, &items).await, told.everything("s", &case, &items).await];
        told.until(day(13, 12, 30)).await;
        for (called, seen) in [("item 5", true), ("item 8", true), ("their caucus", false), ("notes", false)] {
            assert_eq!(told.sees("m2", called).await, seen, "{called}");
        }
        assert!(told.page_says("m2", CONFIDENCE).await && !told.page_says("m2", ANSWER).await);
        // The source of the copy is in view with the caucus.
        assert_eq!(told.on_page("m2", "item 12").await["source"], json!(told.item("item 5")));
        let after = [told.everything("r1", &case, &items).await, told.everything("s", &case, &items).await];
        before.iter().zip(&after).for_each(|(before, after)| same(before, after));
        assert!(told.page_says("c1", "CaucusReleased").await && told.page_says("m2", "CaucusReleased").await);
        told.is_seen_by("item 5", &["c1", "c2", "cl", "m2"]).await;
        told.is_seen_by("their caucus", &["r1", "r2"]).await;
        told.is_audited().await;
        let line = told.reader("m2", "item 5", day(13, 12, 30), None).await;
        assert_eq!((&line["ground"], &line["since"]), (&json!("caucus_released"), &json!(day(13, 12, 0))));
        let line = told.reader("m2", "their caucus", day(13, 12, 30), None).await;
        assert_eq!(line["ground"], "caucus_not_released");
    }
}

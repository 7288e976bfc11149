//! Up and down again: the bytes are the same, whatever their number, and everything that is said of them is true.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::*;

#[tokio::test]
async fn what_comes_up_comes_down_byte_for_byte_whatever_its_size() {
    let desk = Desk::open().await;
    let (claimant, respondent) = (&desk.table.claimant, &desk.table.respondent);
    let chunk = 65_536;
    for size in [1, chunk - 1, chunk, chunk + 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 9 << 20] {
        let bytes = text(size);
        let item = desk.lay(claimant, "joint", &format!("annex {size}.txt"), &bytes).await;
        for hand in [claimant, respondent] {
            let content = desk.content(hand, &item, &[]).await;
            assert_eq!(content.status, StatusCode::OK, "{}", content.text());
            assert!(content.body == bytes, "{size} bytes came back otherwise");
            let page = desk.table.page(hand).await;
            let shown = page["items"].as_array().unwrap().iter().find(|shown| shown["item"] == json!(item)).unwrap();
            let facts = &shown["content"]["facts"];
            assert_eq!((&facts["size"], &facts["digest"]), (&json!(size), &json!(digest(&bytes))), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_document_may_come_in_parts_of_any_length_from_a_segment_on() {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(2 * SEGMENT + 77);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    // More than a segment: what is beyond the last whole one is to be sent again.
    let first = desk.put(hand, &upload, 0, bytes[..SEGMENT + 9_999].to_vec()).await.ok();
    assert_eq!((&first["received"], &first["complete"]), (&json!(SEGMENT), &json!(false)), "{first}");
    assert_eq!(first["segment"], json!(SEGMENT));
    let second = desk.put(hand, &upload, SEGMENT, bytes[SEGMENT..].to_vec()).await.ok();
    assert_eq!((&second["received"], &second["complete"]), (&json!(bytes.len()), &json!(true)), "{second}");
    assert_eq!(second["digest"], json!(digest(&bytes)), "it is made of what is stored, not of what came last");
    let item = desk.submit(hand, &upload).await.ok();
    let content = desk.content(hand, item["item"].as_str().unwrap(), &[]).await;
    assert!(content.body == bytes);
}

#[tokio::test]
async fn an_announced_digest_is_held_against_what_arrives() {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(1_000);
    let right = json!({"discussion": joint, "name": "a.txt", "size": 1_000, "digest": digest(&bytes)});
    let begun = desk.announce(hand, "right", right).await.ok();
    let upload = format!("uploads/{}", begun["upload"].as_str().unwrap());
    let done = desk.put(hand, &upload, 0, bytes).await.ok();
    assert_eq!(done["complete"], true);
}

#[tokio::test]
async fn until_it_is_submitted_an_upload_is_its_submitters_alone() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let joint = table.discussion(&table.claimant, "joint").await;
    let before: Vec<_> = [&table.respondent, &table.mediator].map(|hand| table.world.read(hand, &table.path)).into();
    let before = futures::future::join_all(before).await;
    let upload = desk.begin(&table.claimant, &joint, "annex.txt", 500).await;
    desk.put(&table.claimant, &upload, 0, text(500)).await.ok();
    let head = table.world.store().head().await.unwrap();
    for (hand, before) in [&table.respondent, &table.mediator].into_iter().zip(before) {
        let status = desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await;
        let never = desk.ask(hand, Method::GET, &format!("uploads/{NOWHERE}"), &[], Body::empty()).await;
        assert_eq!(status.problem(), (404, "not-found".to_owned()));
        assert_eq!(bare(status), bare(never));
        assert_eq!(bare(table.world.read(hand, &table.path).await), bare(before), "the page has changed");
    }
    // Before, there was no event; with the submission there is one, and the page has the item.
    desk.submit(&table.claimant, &upload).await.ok();
    assert_eq!(table.world.store().head().await.unwrap().0, head.0 + 1);
    assert!(table.sees(&table.respondent, "annex.txt").await);
}

#[tokio::test]
async fn the_same_key_is_the_same_upload_and_a_new_key_begins_anew() {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(SEGMENT + 5);
    let announced = json!({"discussion": joint, "name": "annex.txt", "size": bytes.len()});
    let first = desk.announce(hand, "k1", announced.clone()).await.ok();
    let upload = format!("uploads/{}", first["upload"].as_str().unwrap());
    desk.put(hand, &upload, 0, bytes[..SEGMENT].to_vec()).await.ok();
    let again = desk.announce(hand, "k1", announced.clone()).await.ok();
    assert_eq!(again["upload"], first["upload"]);
    assert_eq!(again["received"], json!(SEGMENT), "a repeat says how far it has come");
    let mut other = announced.clone();
    other["size"] = json!(7);
    let reused = desk.announce(hand, "k1", other).await;
    assert_eq!(reused.problem(), (422, "idempotency-key-reused".to_owned()));
    let anew = desk.announce(hand, "k2", announced).await.ok();
    assert_ne!(anew["upload"], first["upload"]);
    assert_eq!(anew["received"], 0);
}

#[tokio::test]
async fn who_gives_an_upload_up_leaves_nothing_behind() {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let before = desk.traces().await;
    let upload = desk.begin(hand, &joint, "annex.txt", SEGMENT + 5).await;
    desk.put(hand, &upload, 0, text(SEGMENT)).await.ok();
    assert_ne!(desk.traces().await, before);
    let gone = desk.ask(hand, Method::DELETE, &upload, &[], Body::empty()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.traces().await, before);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let reply = desk.ask(hand, method, &upload, &[], Body::empty()).await;
        assert_eq!(reply.problem(), (404, "not-found".to_owned()));
    }
    // What is complete is submitted, or goes by itself: it may be on its way to the table.
    let whole = desk.begin(hand, &joint, "whole.txt", 5).await;
    desk.put(hand, &whole, 0, text(5)).await.ok();
    let kept = desk.ask(hand, Method::DELETE, &whole, &[], Body::empty()).await;
    assert_eq!(kept.problem(), (409, "upload-complete".to_owned()));
    desk.submit(hand, &whole).await.ok();
}

#[tokio::test]
async fn nothing_of_a_document_lies_on_the_disk_in_clear() {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let canary = "a canary that sings in the annex and nowhere else";
    let item = desk.lay(hand, "claimant_caucus", "canary-in-the-name.txt", canary.repeat(2_000).as_bytes()).await;
    assert!(desk.content(hand, &item, &[]).await.text().contains(canary));
    desk.table.world.settle().await;
    // Parts of it as well: a cut may fall anywhere.
    let texts = [&canary[..18], &canary[18..36], "sings in the annex", "canary-in-the-name"];
    assert_eq!(found_in(&desk.folder, &texts), Vec::<String>::new());
    // The search finds what is there.
    std::fs::write(desk.folder.join("in-clear"), canary).unwrap();
    assert_eq!(found_in(&desk.folder, &texts).len(), 1);
}

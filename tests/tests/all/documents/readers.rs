//! Who is given a document: whoever may see its item now, and nobody else learns that there is one.

use axum::http::{Method, StatusCode};
use entente_application::ports::{Looked, Role};
use entente_domain::ItemId;
use entente_domain::visibility::Viewer;
use serde_json::json;

use super::*;

/// Ways to ask for a content, each of which could tell by its answer that there is one.
async fn asked(desk: &Desk, hand: &Hand, item: &str, tag: &str) -> Vec<Reply> {
    let path = format!("items/{item}/content");
    let ways: [(Method, &[(&str, &str)]); 7] = [
        (Method::GET, &[]),
        (Method::HEAD, &[]),
        (Method::GET, &[("range", "bytes=0-3")]),
        (Method::GET, &[("range", "bytes=999999999-")]),
        (Method::GET, &[("range", "bytes=0-3"), ("if-range", tag)]),
        (Method::GET, &[("if-none-match", tag)]),
        (Method::GET, &[("if-none-match", "*")]),
    ];
    let mut replies = vec![];
    for (method, headers) in ways {
        replies.push(bare(desk.ask(hand, method, &path, headers, Body::empty()).await));
    }
    replies
}

/// That somebody is answered as if the item had never been.
async fn sees_nothing(desk: &Desk, hand: &Hand, item: &str, tag: &str) {
    let (real, never) = (asked(desk, hand, item, tag).await, asked(desk, hand, NOWHERE, tag).await);
    assert!(real.iter().all(|reply| [403, 404].contains(&reply.status.as_u16())), "{real:?}");
    assert_eq!(real, never);
}

#[tokio::test]
async fn a_content_is_given_to_those_who_see_the_item_and_to_others_there_is_none() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let rows = [
        (&table.claimant, "joint", [true, true, true]),
        (&table.claimant, "claimant_caucus", [true, false, true]),
        (&table.respondent, "respondent_caucus", [false, true, true]),
        (&table.mediator, "joint", [true, true, true]),
    ];
    for (author, audience, seen) in rows {
        let bytes = text(1_000 + audience.len());
        let item = desk.lay(author, audience, &format!("for {audience} by {}.txt", author.token), &bytes).await;
        let tag = desk.content(author, &item, &[]).await.headers["etag"].to_str().unwrap().to_owned();
        for (hand, seen) in [&table.claimant, &table.respondent, &table.mediator].into_iter().zip(seen) {
            if seen {
                assert_eq!(desk.content(hand, &item, &[]).await.body, bytes, "{audience}");
            } else {
                sees_nothing(&desk, hand, &item, &tag).await;
            }
        }
        for hand in [&table.staff, &table.auditor, &table.analyst, &table.stranger] {
            sees_nothing(&desk, hand, &item, &tag).await;
        }
    }
    let message = table.say(&table.claimant, "joint", "no document at all").await;
    sees_nothing(&desk, &table.claimant, &message, "\"x\"").await;
}

#[tokio::test]
async fn a_restriction_closes_a_content_at_once() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let bytes = text(2_000);
    let item = desk.lay(&table.claimant, "joint", "cost sheet.txt", &bytes).await;
    let read = desk.content(&table.respondent, &item, &[]).await;
    assert_eq!(read.body, bytes);
    let tag = read.headers["etag"].to_str().unwrap();
    let below = format!("items/{item}/restriction");
    table.ask(&table.claimant, &below, json!({"audience": "claimant_caucus"})).await.ok();
    sees_nothing(&desk, &table.respondent, &item, tag).await;
    for hand in [&table.claimant, &table.mediator] {
        assert_eq!(desk.content(hand, &item, &[]).await.body, bytes);
    }
}

#[tokio::test]
async fn who_leaves_the_table_leaves_its_documents() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let counsel = table.world.hand("cl", &[Role::Party]).await;
    let seat = json!({"contact": {"person": counsel.person, "name": "Maître Vidal"}, "capacity": "counsel"});
    let item = desk.lay(&table.claimant, "claimant_caucus", "floor.txt", &text(300)).await;
    sees_nothing(&desk, &counsel, &item, "\"x\"").await;
    table.ask(&table.claimant, "representatives", seat).await.ok();
    assert_eq!(desk.content(&counsel, &item, &[]).await.body, text(300));
    table.take_back(&table.claimant, &format!("representatives/{}", counsel.person)).await.ok();
    sees_nothing(&desk, &counsel, &item, "\"x\"").await;
    assert_eq!(desk.content(&table.mediator, &item, &[]).await.status, StatusCode::OK);
    table.ask(&table.mediator, "resignation", json!({})).await.ok();
    sees_nothing(&desk, &table.mediator, &item, "\"x\"").await;
}

#[tokio::test]
async fn what_is_passed_on_word_for_word_is_the_same_document_under_another_item() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let bytes = text(SEGMENT + 100);
    let source = desk.lay(&table.claimant, "claimant_caucus", "offer.txt", &bytes).await;
    let form = json!({"form": "verbatim"});
    table.ask(&table.claimant, &format!("items/{source}/disclosure-authorisation"), form).await.ok();
    let page = table.page(&table.mediator).await;
    let shown = page["items"].as_array().unwrap().iter().find(|shown| shown["item"] == json!(source)).unwrap();
    let content = json!({"content": {"document": shown["content"]["facts"]}});
    let told = table.ask(&table.mediator, &format!("items/{source}/disclosure"), content).await.ok();
    let copy = told["item"].as_str().unwrap().to_owned();
    let read = desk.content(&table.respondent, &copy, &[]).await;
    assert!(read.body == bytes, "{} {}", read.status, read.body.len());
    assert_eq!(desk.content(&table.claimant, &copy, &[]).await.body.len(), bytes.len());
    let part = desk.content(&table.respondent, &copy, &[("range", "bytes=4194300-4194310")]).await;
    assert_eq!(part.body, bytes[4_194_300..=4_194_310]);
    let tag = read.headers["etag"].to_str().unwrap();
    sees_nothing(&desk, &table.respondent, &source, tag).await;
}

#[tokio::test]
async fn every_look_at_a_content_is_on_record_and_so_is_every_refusal() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let item = desk.lay(&table.claimant, "claimant_caucus", "floor.txt", &text(300)).await;
    let id = ItemId(item.parse().unwrap());
    let looks = || async { table.world.centre.looks.at_item(desk.case(), id, 100).await.unwrap() };
    let before = looks().await.len();
    desk.content(&table.mediator, &item, &[]).await;
    desk.content(&table.mediator, &item, &[("range", "bytes=0-9")]).await;
    desk.content(&table.respondent, &item, &[]).await;
    let told: Vec<_> = looks().await.split_off(before).into_iter().map(|look| (look.viewer, look.granted)).collect();
    let mediator = Viewer::Person(table.mediator.person);
    let respondent = Viewer::Person(table.respondent.person);
    assert_eq!(told, [(mediator, true), (mediator, true), (respondent, false)]);
    let last = looks().await.pop().unwrap();
    assert_eq!(last.what, Looked::Items(vec![id]));
    // Looking is no event of the case: nobody at the table learns of it.
    let head = table.world.store().head().await.unwrap();
    desk.content(&table.mediator, &item, &[]).await;
    assert_eq!(table.world.store().head().await.unwrap(), head);
}

#[tokio::test]
async fn a_receipt_is_given_by_whoever_opens_the_item_as_with_any_other() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let item = desk.lay(&table.claimant, "joint", "annex.txt", &text(300)).await;
    table.ask(&table.respondent, &format!("items/{item}/opening"), json!({})).await.ok();
    table.ask(&table.claimant, &format!("items/{item}/restriction"), json!({"audience": "claimant_caucus"})).await.ok();
    let page = table.page(&table.respondent).await;
    assert_eq!(page["withdrawn_from_view"][0]["item"], json!(item));
    // The receipt stays, the name and the content do not.
    assert!(!page.to_string().contains("annex.txt"));
    sees_nothing(&desk, &table.respondent, &item, "\"x\"").await;
}

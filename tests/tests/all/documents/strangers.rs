//! Uploads of others, into discussions of others, into cases at rest: as if there were none, or the pause's own refusal.

use axum::http::Method;
use serde_json::json;

use super::*;

/// What somebody else may try with an upload.
async fn tried(desk: &Desk, hand: &Hand, upload: &str) -> Vec<Reply> {
    let mut replies = vec![];
    for (method, offset, body) in [
        (Method::GET, "0", vec![]),
        (Method::HEAD, "0", vec![]),
        (Method::PUT, "0", text(500)),
        (Method::PUT, "500", vec![]),
        (Method::PUT, "7", text(5)),
        (Method::PUT, "nonsense", text(5)),
        (Method::DELETE, "0", vec![]),
    ] {
        replies.push(bare(desk.ask(hand, method, upload, &[("upload-offset", offset)], body).await));
    }
    let body = json!({"upload": upload.rsplit('/').next().unwrap(), "class": "drawn_up"}).to_string();
    let json = ("content-type", "application/json");
    replies.push(bare(desk.ask(hand, Method::POST, "documents", &[json], body).await));
    replies
}

#[tokio::test]
async fn somebody_elses_upload_is_as_if_there_were_none_at_every_step() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let joint = table.discussion(&table.claimant, "joint").await;
    let others = [&table.respondent, &table.mediator, &table.staff, &table.auditor, &table.analyst, &table.stranger];
    let bytes = text(500);
    let upload = desk.begin(&table.claimant, &joint, "annex.txt", bytes.len()).await;
    let never = format!("uploads/{NOWHERE}");
    // Announced, complete, submitted.
    for step in 0..3 {
        let before = desk.traces().await;
        for hand in others {
            let (real, none) = (tried(&desk, hand, &upload).await, tried(&desk, hand, &never).await);
            assert!(real.iter().all(|reply| [403, 404].contains(&reply.status.as_u16())), "step {step}: {real:?}");
            assert_eq!(real, none, "step {step}");
        }
        assert_eq!(desk.traces().await, before);
        match step {
            0 => drop(desk.put(&table.claimant, &upload, 0, bytes.clone()).await.ok()),
            1 => drop(desk.submit(&table.claimant, &upload).await.ok()),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_colleague_of_the_same_camp_has_uploads_of_their_own() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let counsel = table.world.hand("cl", &[entente_application::ports::Role::Party]).await;
    let seat = json!({"contact": {"person": counsel.person, "name": "Maître Vidal"}, "capacity": "counsel"});
    table.ask(&table.claimant, "representatives", seat).await.ok();
    let joint = table.discussion(&table.claimant, "joint").await;
    let upload = desk.begin(&table.claimant, &joint, "annex.txt", 500).await;
    let never = tried(&desk, &counsel, &format!("uploads/{NOWHERE}")).await;
    assert_eq!(tried(&desk, &counsel, &upload).await, never);
    desk.put(&table.claimant, &upload, 0, text(500)).await.ok();
}

#[tokio::test]
async fn ones_own_upload_of_another_case_is_as_if_there_were_none() {
    let mut desk = Desk::open().await;
    let hand = desk.table.claimant.clone();
    let joint = desk.table.discussion(&hand, "joint").await;
    let half = desk.begin(&hand, &joint, "half.txt", SEGMENT + 5).await;
    desk.put(&hand, &half, 0, text(SEGMENT)).await.ok();
    let whole = desk.begin(&hand, &joint, "whole.txt", 500).await;
    desk.put(&hand, &whole, 0, text(500)).await.ok();
    let before = desk.traces().await;
    let mut registration = entente_tests::story::registration();
    registration["nature"] = json!("Another dispute of the same two.");
    let case = desk.table.world.post(&hand, "/api/cases", registration).await.ok();
    let first = std::mem::replace(&mut desk.table.path, format!("/api/cases/{}", case["case"].as_str().unwrap()));
    // Before there is a table, where every submission is refused, and at it.
    for open in [false, true] {
        if open {
            desk.table.pass().await;
            desk.table.invite().await;
            desk.table.ask(&desk.table.respondent, "consent", json!({})).await.ok();
            desk.table.appoint(&desk.table.mediator, "Marguerite Ollier").await.ok();
        }
        let never = tried(&desk, &hand, &format!("uploads/{NOWHERE}")).await;
        assert!(never.iter().all(|reply| reply.status.as_u16() == 404), "{never:?}");
        for upload in [&half, &whole] {
            assert_eq!(tried(&desk, &hand, upload).await, never, "open: {open}");
        }
    }
    desk.table.path = first;
    assert_eq!((desk.traces().await.rows, desk.traces().await.stored), (before.rows, before.stored));
    desk.submit(&hand, &whole).await.ok();
}

#[tokio::test]
async fn an_upload_to_a_hidden_discussion_and_to_none_are_answered_alike() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let hidden = table.discussion(&table.respondent, "respondent_caucus").await;
    let before = desk.traces().await;
    for hand in [&table.claimant, &table.staff, &table.stranger, &table.auditor] {
        for (name, size) in [("annex.txt", 10), ("annex.txt", 0), ("annex.txt", 999_999_999), ("../x", 10)] {
            let announced = |discussion: &str| json!({"discussion": discussion, "name": name, "size": size});
            let real = desk.announce(hand, "k", announced(&hidden)).await;
            let none = desk.announce(hand, "k", announced(NOWHERE)).await;
            assert!(real.status.is_client_error(), "{}", real.text());
            assert_eq!(bare(real), bare(none), "{name} of {size}");
        }
    }
    let own = json!({"discussion": hidden, "name": "annex.txt", "size": 10});
    assert_eq!(desk.announce(&table.claimant, "k", own).await.problem(), (404, "not-found".to_owned()));
    assert_eq!(desk.traces().await, before);
}

#[tokio::test]
async fn who_cannot_see_the_discussion_any_more_has_no_upload_to_it_any_more() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let caucus = table.discussion(&table.mediator, "claimant_caucus").await;
    let upload = desk.begin(&table.mediator, &caucus, "notes.txt", 500).await;
    desk.put(&table.mediator, &upload, 0, text(500)).await.ok();
    table.ask(&table.mediator, "resignation", json!({})).await.ok();
    let never = tried(&desk, &table.mediator, &format!("uploads/{NOWHERE}")).await;
    assert_eq!(tried(&desk, &table.mediator, &upload).await, never);
}

#[tokio::test]
async fn a_pause_and_the_end_stop_documents_as_they_stop_words() {
    let desk = Desk::open().await;
    let table = &desk.table;
    let hand = &table.claimant;
    let joint = table.discussion(hand, "joint").await;
    let ready = desk.begin(hand, &joint, "ready.txt", 500).await;
    desk.put(hand, &ready, 0, text(500)).await.ok();
    let half = desk.begin(hand, &joint, "half.txt", SEGMENT + 5).await;
    desk.put(hand, &half, 0, text(SEGMENT)).await.ok();
    for (step, code) in [("suspension", "suspended"), ("withdrawal", "already-closed")] {
        table.ask(hand, step, json!({})).await.ok();
        let before = desk.traces().await;
        let announced = json!({"discussion": joint, "name": "late.txt", "size": 10});
        assert_eq!(desk.announce(hand, step, announced).await.problem(), (409, code.to_owned()));
        assert_eq!(desk.submit(hand, &ready).await.problem(), (409, code.to_owned()));
        // In every discussion alike.
        let caucus = table.discussion(hand, "claimant_caucus").await;
        let announced = json!({"discussion": caucus, "name": "late.txt", "size": 10});
        assert_eq!(desk.announce(hand, step, announced).await.problem(), (409, code.to_owned()));
        // One's own is still there to be looked at: a pause takes nothing away.
        for upload in [&ready, &half] {
            desk.ask(hand, Method::GET, upload, &[], Body::empty()).await.ok();
        }
        assert_eq!(desk.traces().await, before);
    }
}

#[tokio::test]
async fn there_is_nothing_to_upload_to_before_the_table_is_open() {
    let desk = Desk::open().await;
    let folder = sqlite::folder();
    let url = sqlite::url(folder.path());
    let table = Table::registered(World::on(folder, &url).await).await;
    let desk = Desk { router: table.world.router(), table, ..desk };
    let announced = json!({"discussion": NOWHERE, "name": "early.txt", "size": 10});
    let reply = desk.announce(&desk.table.claimant, "k", announced).await;
    assert_eq!(reply.problem(), (409, "not-open".to_owned()));
    assert!(desk.traces().await.rows.is_empty());
}

//! What is not taken in: each with its name and its reason, and nothing half-done left of it.

use axum::http::{Method, StatusCode};
use futures::stream;
use serde_json::json;

use super::*;

/// A desk, its joint session, and how things stood before anybody tried anything.
async fn ready() -> (Desk, String, Traces) {
    let desk = Desk::open().await;
    let joint = desk.table.discussion(&desk.table.claimant, "joint").await;
    let traces = desk.traces().await;
    (desk, joint, traces)
}

fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.problem(), (status, code.to_owned()), "{}", reply.text());
}

#[tokio::test]
async fn a_name_that_is_a_path_or_hides_something_is_refused() {
    let (desk, joint, before) = ready().await;
    for name in [
        "../x",
        "../../etc/passwd",
        "a/b",
        "/etc/passwd",
        "a\\b",
        "C:x",
        "..",
        "con|sole",
        "a\0b",
        "a\rb",
        "a\nb",
        "a\r\nSet-Cookie: b=c",
        "tab\tbed",
        "inv\u{202E}fdp.exe",
        "iso\u{2066}late",
        "zero\u{200B}width",
        "join\u{200D}er",
        "\u{FEFF}bom",
        "soft\u{AD}hyphen",
        "\u{7f}",
        "ends.",
        " begins",
        &"é".repeat(128),
    ] {
        let announced = json!({"discussion": joint, "name": name, "size": 10});
        let reply = desk.announce(&desk.table.claimant, "k", announced).await;
        refused(&reply, 422, "file-name-not-allowed");
    }
    let announced = json!({"discussion": joint, "name": "", "size": 10});
    assert_eq!(desk.announce(&desk.table.claimant, "k", announced).await.status.as_u16(), 422);
    // 201 characters of one byte each: not too long for a file system, but for a text of this kind.
    let announced = json!({"discussion": joint, "name": "x".repeat(201), "size": 10});
    assert_eq!(desk.announce(&desk.table.claimant, "k", announced).await.status.as_u16(), 422);
    assert_eq!(desk.traces().await, before);
    // 254 bytes of 127 characters are a name.
    let announced = json!({"discussion": joint, "name": "é".repeat(127), "size": 10});
    desk.announce(&desk.table.claimant, "k", announced).await.ok();
}

#[tokio::test]
async fn sizes_have_a_least_and_a_most() {
    let (desk, joint, before) = ready().await;
    let hand = &desk.table.claimant;
    let announce = |size: u64| {
        let announced = json!({"discussion": joint, "name": "annex.txt", "size": size});
        let desk = &desk;
        async move { desk.announce(hand, &format!("of {size}"), announced).await }
    };
    refused(&announce(0).await, 422, "empty-file");
    refused(&announce(100_000_001).await, 413, "document-too-large");
    refused(&announce(u64::MAX).await, 413, "document-too-large");
    for size in [json!(-1), json!(1.5), json!("10"), json!(1e30)] {
        let announced = json!({"discussion": joint, "name": "annex.txt", "size": size});
        let reply = desk.announce(hand, "k", announced).await;
        assert!([400, 422].contains(&reply.problem().0), "{size}: {}", reply.text());
    }
    for digest in ["", "abc", &"A".repeat(64), &"g".repeat(64)] {
        let announced = json!({"discussion": joint, "name": "annex.txt", "size": 1, "digest": digest});
        assert_eq!(desk.announce(hand, "k", announced).await.problem().0, 422, "{digest}");
    }
    assert_eq!(desk.traces().await, before);
    announce(100_000_000).await.ok();
}

#[tokio::test]
async fn a_quota_is_of_one_side_in_one_case_and_what_is_given_up_counts_no_more() {
    let (desk, joint, _) = ready().await;
    let table = &desk.table;
    let announce = |hand: Hand, key: &'static str, size: u64| {
        let announced = json!({"discussion": joint, "name": "annex.txt", "size": size});
        let desk = &desk;
        async move { desk.announce(&hand, key, announced).await }
    };
    // 250 MB a seat in this world.
    let first = announce(table.claimant.clone(), "1", 100_000_000).await.ok();
    announce(table.claimant.clone(), "2", 100_000_000).await.ok();
    let before = desk.traces().await;
    refused(&announce(table.claimant.clone(), "3", 50_000_001).await, 422, "over-quota");
    assert_eq!(desk.traces().await, before);
    // The other camp and the mediator have all of theirs, and cannot tell that somebody has none left.
    for hand in [&table.respondent, &table.mediator] {
        announce(hand.clone(), "4", 100_000_000).await.ok();
        announce(hand.clone(), "5", 100_000_000).await.ok();
        announce(hand.clone(), "6", 50_000_000).await.ok();
        refused(&announce(hand.clone(), "7", 1).await, 422, "over-quota");
    }
    announce(table.claimant.clone(), "8", 50_000_000).await.ok();
    refused(&announce(table.claimant.clone(), "9", 1).await, 422, "over-quota");
    // A repeat is the same upload and takes no room of its own.
    announce(table.claimant.clone(), "1", 100_000_000).await.ok();
    let upload = format!("uploads/{}", first["upload"].as_str().unwrap());
    let gone = desk.ask(&table.claimant, Method::DELETE, &upload, &[], Body::empty()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    announce(table.claimant.clone(), "10", 100_000_000).await.ok();
}

#[tokio::test]
async fn what_colleagues_have_each_room_for_is_counted_together_once_it_is_submitted() {
    let (desk, joint, _) = ready().await;
    let desk = desk.with(|centre| centre.documents.quota = 1_500);
    let table = &desk.table;
    let counsel = table.world.hand("cl", &[entente_application::ports::Role::Party]).await;
    let seat = json!({"contact": {"person": counsel.person, "name": "Maître Vidal"}, "capacity": "counsel"});
    table.ask(&table.claimant, "representatives", seat).await.ok();
    let first = desk.begin(&table.claimant, &joint, "first.txt", 1_000).await;
    let second = desk.begin(&counsel, &joint, "second.txt", 1_000).await;
    desk.put(&table.claimant, &first, 0, text(1_000)).await.ok();
    desk.put(&counsel, &second, 0, text(1_000)).await.ok();
    assert_eq!(desk.submit(&table.claimant, &first).await.status, StatusCode::CREATED);
    let told = || async { desk.ask(&counsel, Method::GET, &second, &[], Body::empty()).await.ok() };
    let before = (desk.traces().await, told().await);
    refused(&desk.submit(&counsel, &second).await, 422, "over-quota");
    assert_eq!((desk.traces().await, told().await), before);
    assert_eq!(before.1["complete"], true, "it waits for the sweep, or for a larger quota");
}

#[tokio::test]
async fn another_file_than_was_announced_is_discarded() {
    let (desk, joint, before) = ready().await;
    let hand = &desk.table.claimant;
    for (key, size, parts) in [("small", 1_000, 1), ("large", SEGMENT + 10, 2)] {
        let announced =
            json!({"discussion": joint, "name": "annex.txt", "size": size, "digest": digest(b"another file")});
        let begun = desk.announce(hand, key, announced.clone()).await.ok();
        let upload = format!("uploads/{}", begun["upload"].as_str().unwrap());
        let bytes = text(size);
        if parts == 2 {
            desk.put(hand, &upload, 0, bytes[..SEGMENT].to_vec()).await.ok();
        }
        let from = if parts == 2 { SEGMENT } else { 0 };
        let reply = desk.put(hand, &upload, from, bytes[from..].to_vec()).await;
        refused(&reply, 422, "wrong-digest");
        assert!(reply.text().contains(&digest(&bytes)), "what arrived is named: {}", reply.text());
        refused(&desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await, 404, "not-found");
        refused(&desk.submit(hand, &upload).await, 404, "not-found");
        assert_eq!(desk.traces().await, before);
        // The same key names what is gone: it is no way back, and no second upload under an old name.
        let again = desk.announce(hand, key, announced).await;
        assert!(!again.status.is_success(), "{}", again.text());
        assert_eq!(desk.traces().await, before);
    }
}

#[tokio::test]
async fn more_bytes_than_announced_are_not_taken() {
    let (desk, joint, _) = ready().await;
    let hand = &desk.table.claimant;
    let upload = desk.begin(hand, &joint, "annex.txt", 1_000).await;
    let before = desk.traces().await;
    refused(&desk.put(hand, &upload, 0, text(1_001)).await, 422, "more-than-announced");
    // With no length said before, it shows only as the bytes come.
    let pieces = || {
        stream::iter(text(2_000).chunks(300).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>())
    };
    refused(&desk.put(hand, &upload, 0, Body::from_stream(pieces())).await, 422, "more-than-announced");
    assert_eq!(desk.traces().await, before);
    assert!(desk.stored().await.is_empty(), "nothing of it is stored");
    refused(&desk.submit(hand, &upload).await, 409, "upload-incomplete");
    let status = desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.ok();
    assert_eq!((&status["received"], &status["complete"]), (&json!(0), &json!(false)));
    desk.put(hand, &upload, 0, text(1_000)).await.ok();
}

#[tokio::test]
async fn fewer_bytes_than_announced_wait_for_the_rest() {
    let (desk, joint, _) = ready().await;
    let hand = &desk.table.claimant;
    let upload = desk.begin(hand, &joint, "annex.txt", 1_000).await;
    refused(&desk.put(hand, &upload, 0, text(999)).await, 422, "part-too-small");
    refused(&desk.submit(hand, &upload).await, 409, "upload-incomplete");
    assert!(desk.stored().await.is_empty());
    let long = desk.begin(hand, &joint, "long.txt", SEGMENT + 100).await;
    let part = desk.put(hand, &long, 0, text(SEGMENT + 99)).await.ok();
    assert_eq!((&part["received"], &part["complete"]), (&json!(SEGMENT), &json!(false)));
    refused(&desk.submit(hand, &long).await, 409, "upload-incomplete");
}

#[tokio::test]
async fn parts_of_a_byte_each_leave_nothing_but_one_row() {
    let (desk, joint, _) = ready().await;
    let hand = &desk.table.claimant;
    let upload = desk.begin(hand, &joint, "annex.txt", 100_000).await;
    let before = desk.traces().await;
    assert_eq!(before.rows.len(), 1);
    for _ in 0..300 {
        refused(&desk.put(hand, &upload, 0, vec![b'x']).await, 422, "part-too-small");
    }
    assert_eq!(desk.traces().await, before);
    assert!(before.stored.is_empty());
}

#[tokio::test]
async fn an_upload_goes_on_where_it_is_and_nowhere_else() {
    let (desk, joint, _) = ready().await;
    let hand = &desk.table.claimant;
    let bytes = text(SEGMENT + 10);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    desk.put(hand, &upload, 0, bytes[..SEGMENT].to_vec()).await.ok();
    let before = desk.traces().await;
    for offset in [0, 1, SEGMENT - 1, SEGMENT + 1, bytes.len(), usize::MAX] {
        let reply = desk.put(hand, &upload, offset, vec![b'y'; 10]).await;
        refused(&reply, 409, "wrong-offset");
        assert!(reply.text().contains(&SEGMENT.to_string()), "it says where: {}", reply.text());
    }
    for offset in ["-1", "+0", "0x10", "", "4194304.0", "99999999999999999999"] {
        let reply = desk.ask(hand, Method::PUT, &upload, &[("upload-offset", offset)], vec![b'y'; 10]).await;
        refused(&reply, 400, "bad-header");
    }
    assert_eq!(desk.traces().await, before);
    desk.put(hand, &upload, SEGMENT, bytes[SEGMENT..].to_vec()).await.ok();
    let item = desk.submit(hand, &upload).await.ok();
    assert!(desk.content(hand, item["item"].as_str().unwrap(), &[]).await.body == bytes);
}

#[tokio::test]
async fn what_is_complete_takes_no_more_bytes_and_is_submitted_once() {
    let (desk, joint, _) = ready().await;
    let hand = &desk.table.claimant;
    let bytes = text(1_000);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    let done = desk.put(hand, &upload, 0, bytes.clone()).await.ok();
    // The same again, as from a client that did not hear the answer; and from the end, with nothing.
    refused(&desk.put(hand, &upload, 0, bytes.clone()).await, 409, "wrong-offset");
    refused(&desk.put(hand, &upload, 0, vec![b'z'; 1_000]).await, 409, "wrong-offset");
    refused(&desk.put(hand, &upload, 1_000, vec![b'z']).await, 422, "more-than-announced");
    assert_eq!(desk.put(hand, &upload, 1_000, vec![]).await.ok(), done);
    let item = desk.submit(hand, &upload).await.ok();
    let head = desk.traces().await;
    assert_eq!(desk.submit(hand, &upload).await.ok(), item, "the same key has the same answer");
    let headers = [("content-type", "application/json"), ("idempotency-key", "another-key")];
    let body = json!({"upload": upload.rsplit('/').next().unwrap(), "class": "pre_existing"}).to_string();
    let again = desk.ask(hand, Method::POST, "documents", &headers, body).await;
    refused(&again, 409, "already-submitted");
    refused(&desk.put(hand, &upload, 0, bytes.clone()).await, 409, "wrong-offset");
    refused(&desk.ask(hand, Method::DELETE, &upload, &[], Body::empty()).await, 409, "upload-complete");
    assert_eq!(desk.traces().await, head);
    assert_eq!(desk.content(hand, item["item"].as_str().unwrap(), &[]).await.body, bytes);
}

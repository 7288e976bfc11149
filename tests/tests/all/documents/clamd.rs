//! ClamAV's own daemon as the scanner: what it finds is gone, what it cannot look at is not released, and it may go away.

use axum::http::Method;
use entente_tests::clamd::{Daemon, EICAR};
use serde_json::json;

use super::scanning::scanned_by;
use super::zips::packed;
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_clamd_finds_is_gone_and_what_it_passes_is_released() {
    let daemon = Daemon::start(&[]);
    let desk = scanned_by(&daemon.address()).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let eicar = EICAR.concat().into_bytes();
    let before = desk.traces().await;
    for (name, bytes) in [
        ("eicar.txt", eicar.clone()),
        ("deep, behind the first segment.txt", [text(SEGMENT + 9), eicar.clone(), text(70_000)].concat()),
        ("across two segments.txt", [text(SEGMENT - 30), eicar.clone(), text(900)].concat()),
        ("packed.zip", packed("annex.txt", &[text(5_000), eicar].concat())),
    ] {
        let found = desk.bring(hand, &joint, name, &bytes).await;
        assert_eq!(found.problem(), (422, "malware".to_owned()), "{name}: {}", found.text());
        assert!(!found.text().contains("Entente.Test"), "what was found is the operator's to know: {}", found.text());
        assert_eq!(desk.traces().await, before, "{name} has left something");
    }
    for (name, bytes) in [
        ("half of it.txt", EICAR[0].as_bytes().to_vec()),
        ("large.txt", text(2 * SEGMENT + 900)),
        ("packed.zip", packed("annex.txt", &text(5_000))),
    ] {
        let item = desk.lay(hand, "joint", name, &bytes).await;
        assert!(desk.content(&desk.table.respondent, &item, &[]).await.body == bytes, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_clamd_is_stopped_an_upload_waits_and_once_it_runs_again_it_goes_on() {
    let mut daemon = Daemon::start(&[]);
    let desk = scanned_by(&daemon.address()).await;
    let table = &desk.table;
    let hand = &table.claimant;
    let joint = table.discussion(hand, "joint").await;
    let clean = text(SEGMENT + 800);
    let infected = [text(2_000), EICAR.concat().into_bytes()].concat();
    daemon.stop();
    let mut waiting = vec![];
    for (name, bytes) in [("clean.txt", &clean), ("infected.txt", &infected)] {
        let upload = desk.begin(hand, &joint, name, bytes.len()).await;
        let head = desk.traces().await.head;
        let waits = desk.put(hand, &upload, 0, bytes.clone()).await;
        assert_eq!(waits.problem(), (503, "not-scanned".to_owned()));
        assert!(waits.headers.contains_key("retry-after"));
        // All there, its submitter's alone, and not to be laid on the table.
        let status = desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.ok();
        assert_eq!((&status["received"], &status["complete"]), (&json!(bytes.len()), &json!(false)));
        assert!(status.get("digest").is_none());
        for other in [&table.respondent, &table.mediator] {
            assert_eq!(desk.ask(other, Method::GET, &upload, &[], Body::empty()).await.problem().0, 404);
        }
        assert_eq!(desk.submit(hand, &upload).await.problem(), (409, "upload-incomplete".to_owned()));
        assert_eq!(desk.put(hand, &upload, bytes.len(), vec![]).await.problem().1, "not-scanned");
        assert_eq!(desk.traces().await.head, head);
        waiting.push((upload, bytes));
    }
    daemon.start_again();
    let (upload, bytes) = &waiting[0];
    let released = desk.put(hand, upload, bytes.len(), vec![]).await.ok();
    assert_eq!((&released["complete"], &released["digest"]), (&json!(true), &json!(digest(bytes))));
    let item = desk.submit(hand, upload).await.ok()["item"].as_str().unwrap().to_owned();
    assert!(desk.content(&table.respondent, &item, &[]).await.body == **bytes);
    let (upload, bytes) = &waiting[1];
    assert_eq!(desk.put(hand, upload, bytes.len(), vec![]).await.problem(), (422, "malware".to_owned()));
    assert_eq!(desk.ask(hand, Method::GET, upload, &[], Body::empty()).await.problem().0, 404);
    assert_eq!(desk.stored().await.len(), 1, "what waited and was found infected is gone");
}

/// A document of two megabytes and more, clean but for its end, at a daemon with these settings: the answer to its bytes,
/// and whether it was released.
async fn brought_to(settings: &[&str]) -> (Reply, bool) {
    let daemon = Daemon::start(settings);
    let desk = scanned_by(&daemon.address()).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    // As much as it takes is passed.
    desk.lay(hand, "joint", "small.txt", &text(900_000)).await;
    let bytes = [text(2_500_000), EICAR.concat().into_bytes()].concat();
    let upload = desk.begin(hand, &joint, "large.txt", bytes.len()).await;
    let answer = desk.put(hand, &upload, 0, bytes).await;
    let released = desk.submit(hand, &upload).await.status.is_success();
    (answer, released)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_larger_than_clamd_takes_or_looks_at_is_not_released() {
    let (answer, released) = brought_to(&["StreamMaxLength 1M"]).await;
    assert_eq!((answer.problem(), released), ((503, "not-scanned".to_owned()), false), "{}", answer.text());
    // Without the second of these, clamd calls clean what it did not look at: nobody could tell from its answer.
    let (answer, released) = brought_to(&["MaxFileSize 1M", "AlertExceedsMax yes"]).await;
    assert_eq!((answer.problem(), released), ((422, "malware".to_owned()), false), "{}", answer.text());
}

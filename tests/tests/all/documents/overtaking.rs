//! Two at a time on one upload: what was inspected, scanned and signed for is what stays.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Method;
use futures::channel::mpsc;
use serde_json::json;

use super::*;

/// A body whose pieces come when a test says so.
fn slow() -> (mpsc::UnboundedSender<Result<Bytes, std::io::Error>>, Body) {
    let (sender, receiver) = mpsc::unbounded();
    (sender, Body::from_stream(receiver))
}

/// Waits for something for a while, but not for ever: what does not come is judged by what is there then.
async fn wait(until: impl Fn() -> bool) {
    for _ in 0..100 {
        if until() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_come_late_never_replace_what_was_released() {
    let desk = Desk::open().await;
    let hand = desk.table.claimant.clone();
    let joint = desk.table.discussion(&hand, "joint").await;
    let (good, other) = (text(SEGMENT + 100), vec![b'!'; SEGMENT + 100]);
    let upload = desk.begin(&hand, &joint, "annex.txt", good.len()).await;
    // The first begins at the beginning, and then takes its time.
    let (sender, body) = slow();
    let desk = Arc::new(desk);
    let late = tokio::spawn({
        let (desk, hand, upload) = (desk.clone(), hand.clone(), upload.clone());
        async move { desk.put(&hand, &upload, 0, body).await }
    });
    sender.unbounded_send(Ok(Bytes::copy_from_slice(&other[..1_000]))).unwrap();
    wait(|| sender.is_empty()).await;
    // The second is quick. It may be told to wait its turn; if it is let in, it is all there.
    let quick = tokio::spawn({
        let (desk, hand, upload, good) = (desk.clone(), hand.clone(), upload.clone(), good.clone());
        async move {
            let done = desk.put(&hand, &upload, 0, good).await;
            if done.status.is_success() { Some(desk.submit(&hand, &upload).await.ok()) } else { None }
        }
    });
    wait(|| quick.is_finished()).await;
    for piece in other[1_000..].chunks(1 << 20) {
        let _ = sender.unbounded_send(Ok(Bytes::copy_from_slice(piece)));
    }
    drop(sender);
    let (late, quick) = (late.await.unwrap(), quick.await.unwrap());
    let status = desk.ask(&hand, Method::GET, &upload, &[], Body::empty()).await.ok();
    assert_eq!(status["complete"], true, "one of the two is all there: {late:?} {quick:?}");
    let item = match quick {
        Some(item) => item,
        None => desk.submit(&hand, &upload).await.ok(),
    };
    let content = desk.content(&desk.table.respondent, item["item"].as_str().unwrap(), &[]).await;
    assert_eq!(
        status["digest"],
        json!(digest(&content.body)),
        "what is given out is not what was inspected; the late one was answered {}",
        late.status
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_send_the_same_upload_at_once_one_is_enough_and_none_does_harm() {
    let desk = Arc::new(Desk::open().await);
    let hand = desk.table.claimant.clone();
    let joint = desk.table.discussion(&hand, "joint").await;
    for round in 0..4 {
        let bytes = text(2 * SEGMENT + round);
        let upload = desk.begin(&hand, &joint, &format!("{round}.txt"), bytes.len()).await;
        let tries: Vec<_> = (0..3)
            .map(|_| {
                let (desk, hand, upload, bytes) = (desk.clone(), hand.clone(), upload.clone(), bytes.clone());
                tokio::spawn(async move { desk.put(&hand, &upload, 0, bytes).await })
            })
            .collect();
        for tried in tries {
            let reply = tried.await.unwrap();
            assert!(reply.status.is_success() || reply.problem().1 == "wrong-offset", "{}", reply.text());
        }
        // Whoever is told another offset goes on there: the client's ordinary way.
        loop {
            let status = desk.ask(&hand, Method::GET, &upload, &[], Body::empty()).await.ok();
            if status["complete"] == json!(true) {
                assert_eq!(status["digest"], json!(digest(&bytes)));
                break;
            }
            let from = usize::try_from(status["received"].as_u64().unwrap()).unwrap();
            let _ = desk.put(&hand, &upload, from, bytes[from..].to_vec()).await;
        }
        let items: Vec<_> = (0..3)
            .map(|_| {
                let (desk, hand, upload) = (desk.clone(), hand.clone(), upload.clone());
                tokio::spawn(async move { desk.submit(&hand, &upload).await.ok()["item"].clone() })
            })
            .collect();
        let items = futures::future::join_all(items).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
        assert!(items.iter().all(|item| *item == items[0]), "one submission, one item");
        let content = desk.content(&desk.table.respondent, items[0].as_str().unwrap(), &[]).await;
        assert!(content.body == bytes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_in_the_bytes_that_it_was_begun_with() {
    let desk = Desk::open().await;
    let hand = desk.table.claimant.clone();
    let joint = desk.table.discussion(&hand, "joint").await;
    let good = text(SEGMENT + 9);
    let upload = desk.begin(&hand, &joint, "annex.txt", good.len()).await;
    desk.put(&hand, &upload, 0, good[..SEGMENT].to_vec()).await.ok();
    // As if the process had been killed after the segment was stored and before the row said so.
    let object = entente_domain::ObjectId(upload.rsplit('/').next().unwrap().parse().unwrap());
    let pool = sqlx::SqlitePool::connect(&desk.table.world.settings().url).await.unwrap();
    sqlx::query("UPDATE upload SET received = 0 WHERE object = $1").bind(object.0).execute(&pool).await.unwrap();
    let refused = desk.put(&hand, &upload, 0, vec![b'!'; good.len()]).await;
    assert_eq!(refused.problem(), (409, "other-bytes".to_owned()));
    let status = desk.ask(&hand, Method::GET, &upload, &[], Body::empty()).await.ok();
    assert_eq!((&status["received"], &status["complete"]), (&json!(0), &json!(false)));
    let done = desk.put(&hand, &upload, 0, good.clone()).await.ok();
    assert_eq!((&done["complete"], &done["digest"]), (&json!(true), &json!(digest(&good))));
}

//! Many who upload at the same time: slow lines are not felt by others, and no quota is outrun.

use std::time::Duration;

use axum::body::Bytes;
use entente_tests::engines::Home;
use entente_tests::laws;
use futures::channel::mpsc;
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_slow_lines_of_one_side_hold_nobody_else_up() {
    let desk = std::sync::Arc::new(Desk::open().await);
    let (slow, quick) = (desk.table.claimant.clone(), desk.table.respondent.clone());
    let joint = desk.table.discussion(&slow, "joint").await;
    let mut lines = vec![];
    // More than are stored at a time, and more than one person may send.
    for number in 0..40 {
        let upload = desk.begin(&slow, &joint, &format!("{number}.txt"), 1_000).await;
        let (sender, receiver) = mpsc::unbounded::<Result<Bytes, std::io::Error>>();
        sender.unbounded_send(Ok(Bytes::from_static(b"a"))).unwrap();
        let (desk, slow) = (desk.clone(), slow.clone());
        let line = tokio::spawn(async move { desk.put(&slow, &upload, 0, Body::from_stream(receiver)).await });
        lines.push((sender, line));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let upload = desk.begin(&quick, &joint, "quick.txt", 1_000).await;
    // Far longer than it takes; without an end, a failure would be a test that hangs.
    let put = desk.put(&quick, &upload, 0, text(1_000));
    let done = tokio::time::timeout(Duration::from_secs(10), put).await;
    let done = done.expect("the other side's slow lines are felt: nothing is taken in while they last");
    assert_eq!(done.ok()["complete"], true);
    let mut refused = 0;
    for (sender, line) in lines {
        drop(sender);
        match line.await.unwrap().problem() {
            (429, code) if code == "too-many-uploads" => refused += 1,
            other => assert_eq!(other, (422, "part-too-small".to_owned())),
        }
    }
    assert_eq!(refused, 32, "eight at a time are borne of one person");
    // And when they are over, there is room again.
    let upload = desk.begin(&slow, &joint, "again.txt", 1_000).await;
    assert_eq!(desk.put(&slow, &upload, 0, text(1_000)).await.ok()["complete"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_slow_lines_of_four_persons_hold_no_fifth_up() {
    let desk = std::sync::Arc::new(Desk::open().await);
    let table = &desk.table;
    let mut slow = vec![table.claimant.clone(), table.respondent.clone(), table.mediator.clone()];
    for (principal, name) in [(&table.claimant, "cl"), (&table.respondent, "rl")] {
        let counsel = table.world.hand(name, &[entente_application::ports::Role::Party]).await;
        let seat = json!({"contact": {"person": counsel.person, "name": "Maître Vidal"}, "capacity": "counsel"});
        table.ask(principal, "representatives", seat).await.ok();
        slow.push(counsel);
    }
    let quick = slow.pop().unwrap();
    let joint = table.discussion(&quick, "joint").await;
    let mut lines = vec![];
    // Thirty-two, where twenty-four segments are stored at a time; each waits in the middle of its one segment.
    for (who, hand) in slow.iter().enumerate() {
        for number in 0..8 {
            let upload = desk.begin(hand, &joint, &format!("{who} {number}.txt"), 1_000).await;
            let (sender, receiver) = mpsc::unbounded::<Result<Bytes, std::io::Error>>();
            sender.unbounded_send(Ok(Bytes::from_static(b"a"))).unwrap();
            let (desk, hand) = (desk.clone(), hand.clone());
            let line = tokio::spawn(async move { desk.put(&hand, &upload, 0, Body::from_stream(receiver)).await });
            lines.push((sender, line));
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(lines.iter().all(|(_, line)| !line.is_finished()), "each of them is borne");
    let upload = desk.begin(&quick, &joint, "quick.txt", 1_000).await;
    let done = tokio::time::timeout(Duration::from_secs(10), desk.put(&quick, &upload, 0, text(1_000))).await;
    assert_eq!(done.expect("others' slow lines are felt").ok()["complete"], true);
    for (sender, line) in lines {
        drop(sender);
        assert_eq!(line.await.unwrap().problem(), (422, "part-too-small".to_owned()));
    }
}

async fn a_quota_is_not_outrun_by_announcing_at_once(home: Home) {
    let desk = std::sync::Arc::new(Desk::on(entente_tests::sqlite::folder(), &home.settings().url).await);
    let hands = [desk.table.claimant.clone(), desk.table.respondent.clone()];
    let joint = desk.table.discussion(&hands[0], "joint").await;
    let announcements: Vec<_> = (0..20)
        .map(|number| {
            let (desk, hand, joint) = (desk.clone(), hands[number % 2].clone(), joint.clone());
            let announced = json!({"discussion": joint, "name": format!("{number}.txt"), "size": 100_000_000});
            tokio::spawn(async move { (number % 2, desk.announce(&hand, &format!("{number}"), announced).await) })
        })
        .collect();
    let mut taken = [0, 0];
    for announcement in announcements {
        let (side, reply) = announcement.await.unwrap();
        if reply.status.is_success() {
            taken[side] += 1;
        } else {
            assert_eq!(reply.problem(), (422, "over-quota".to_owned()));
        }
    }
    // 250 MB a seat in this world.
    assert_eq!(taken, [2, 2]);
    assert_eq!(desk.traces().await.rows.len(), 4);
}

laws!(a_quota_is_not_outrun_by_announcing_at_once);

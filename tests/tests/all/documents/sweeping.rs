//! What a sweep leaves: what an item names, though the table has forgotten it; what somebody has in hand, however old its bytes.

use entente_application::documents::Submission;
use entente_application::ports::Uploads as _;
use entente_domain::Actor;
use entente_domain::event::DocumentClass;
use entente_tests::engines::Home;
use entente_tests::laws;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;

/// A desk on a home, at which two days from now the vault's bytes, which have the machine's clock, are old.
async fn desk(home: &Home) -> Desk {
    Desk::on(entente_tests::sqlite::folder(), &home.settings().url).await
}

async fn a_document_that_the_table_of_uploads_has_forgotten_stays(home: Home) {
    let desk = desk(&home).await;
    let bytes = text(SEGMENT + 77);
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &bytes).await;
    let stored = desk.stored().await;
    assert_eq!(home.raw().await.execute("DELETE FROM upload").await, 1);
    desk.table.world.clock.set(Timestamp::now() + SignedDuration::from_hours(48));
    let swept = desk.table.world.centre.sweep().await.unwrap();
    assert_eq!((swept.uploads, swept.orphans), (0, 0), "the log knows it");
    assert_eq!(desk.stored().await, stored);
    assert!(desk.content(&desk.table.respondent, &item, &[]).await.body == bytes);
}

async fn an_upload_that_was_just_touched_stays_however_old_its_bytes_are(home: Home) {
    let desk = desk(&home).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let whole = desk.begin(hand, &joint, "whole.txt", 500).await;
    desk.put(hand, &whole, 0, text(500)).await.ok();
    let half = desk.begin(hand, &joint, "half.txt", SEGMENT + 5).await;
    desk.put(hand, &half, 0, text(SEGMENT)).await.ok();
    let before = desk.traces().await;
    let world = &desk.table.world;
    world.clock.set(Timestamp::now() + SignedDuration::from_hours(48));
    for upload in [&whole, &half] {
        assert!(world.store().hold(named(upload), world.centre.now()).await.unwrap());
    }
    let swept = world.centre.sweep().await.unwrap();
    assert_eq!((swept.uploads, swept.orphans), (0, 0));
    assert_eq!(desk.traces().await, before);
    for (upload, complete) in [(&whole, true), (&half, false)] {
        let told = desk.ask(hand, Method::GET, upload, &[], Body::empty()).await.ok();
        assert_eq!(told["complete"], json!(complete));
    }
    // And both go in the end.
    world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(world.centre.sweep().await.unwrap().uploads, 2);
    assert!(desk.stored().await.is_empty());
}

async fn whoever_submits_keeps_the_sweeper_away(home: Home) {
    let desk = desk(&home).await;
    let (hand, world) = (&desk.table.claimant, &desk.table.world);
    let joint = desk.table.discussion(hand, "joint").await;
    let upload = desk.begin(hand, &joint, "annex.txt", 500).await;
    desk.put(hand, &upload, 0, text(500)).await.ok();
    let touched = || async { world.store().upload(named(&upload)).await.unwrap().unwrap().touched };
    let before = touched().await;
    world.clock.advance(SignedDuration::from_hours(23));
    let wanted = Submission { upload: named(&upload), class: DocumentClass::DrawnUp };
    world.centre.submission(desk.case(), Actor::Person(hand.person), &wanted).await.unwrap();
    assert_eq!(touched().await, world.centre.now());
    assert!(before < touched().await);
    // As long after it was sent as anything is kept, and not as long after somebody began to submit it.
    world.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(world.centre.sweep().await.unwrap().uploads, 0);
    desk.submit(hand, &upload).await.ok();
}

laws!(
    a_document_that_the_table_of_uploads_has_forgotten_stays,
    an_upload_that_was_just_touched_stays_however_old_its_bytes_are,
    whoever_submits_keeps_the_sweeper_away,
);

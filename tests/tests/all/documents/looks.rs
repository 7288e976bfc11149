//! Every answer about a document is one look on record, whatever it says, and so is every record that is taken home.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::Method;
use entente_application::ports::{Look, Looked, StoreError};
use entente_domain::ItemId;
use entente_domain::visibility::Viewer;

use super::gated::{Gate, Gated};
use super::*;

/// An access log that tells what was recorded.
struct Heard {
    recorded: Mutex<Vec<Look>>,
}

impl Heard {
    /// What was recorded since this was asked last: who looked, at what, and whether it was shown.
    fn since(&self) -> Vec<(Viewer, Looked, bool)> {
        let looks = std::mem::take(&mut *self.recorded.lock().unwrap());
        looks.into_iter().map(|look| (look.viewer, look.what, look.granted)).collect()
    }
}

#[async_trait]
impl Gate for Heard {
    async fn pass(&self, look: &Look) -> Result<(), StoreError> {
        self.recorded.lock().unwrap().push(look.clone());
        Ok(())
    }
}

async fn desk() -> (Desk, Arc<Heard>) {
    let desk = Desk::open().await;
    let heard = Arc::new(Heard { recorded: Mutex::default() });
    let gated = Gated { gate: heard.clone(), within: desk.table.world.centre.looks.clone() };
    (desk.with(|centre| centre.looks = Arc::new(gated)), heard)
}

/// A way to ask, and how it is answered.
type Way<'a> = (Method, &'a [(&'a str, &'a str)], u16);

fn id(item: &str) -> ItemId {
    ItemId(item.parse().unwrap())
}

#[tokio::test]
async fn each_answer_about_a_content_is_one_look() {
    let (desk, heard) = desk().await;
    let hand = &desk.table.respondent;
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &text(1_000)).await;
    let hidden = desk.lay(&desk.table.claimant, "claimant_caucus", "secret.txt", &text(1_000)).await;
    let tag = desk.content(hand, &item, &[]).await.headers["etag"].to_str().unwrap().to_owned();
    let ways: [Way<'_>; 7] = [
        (Method::GET, &[], 200),
        (Method::HEAD, &[], 200),
        (Method::GET, &[("range", "bytes=5-20")], 206),
        (Method::GET, &[("range", "bytes=1000-")], 416),
        (Method::GET, &[("if-none-match", &tag)], 304),
        (Method::GET, &[("if-none-match", "*")], 304),
        (Method::HEAD, &[("if-none-match", &tag)], 304),
    ];
    heard.since();
    for (wanted, granted) in [(item.as_str(), true), (&hidden, false), (NOWHERE, false)] {
        for (method, headers, status) in &ways {
            let path = format!("items/{wanted}/content");
            let answer = desk.ask(hand, method.clone(), &path, headers, Body::empty()).await;
            assert_eq!(answer.status.as_u16(), if granted { *status } else { 404 }, "{method} {headers:?}");
            let look = (Viewer::Person(hand.person), Looked::Items(vec![id(wanted)]), granted);
            assert_eq!(heard.since(), [look], "{method} {headers:?}");
        }
    }
    let kept = desk.table.world.centre.looks.at_item(desk.case(), id(&item), 100).await.unwrap();
    assert_eq!(kept.iter().filter(|look| look.granted).count(), 8, "as durable as any other look");
}

#[tokio::test]
async fn whoever_takes_a_record_home_has_looked_at_all_that_it_shows() {
    let (desk, heard) = desk().await;
    let table = &desk.table;
    let mut items = vec![];
    for (hand, audience, name) in [
        (&table.claimant, "joint", "a.txt"),
        (&table.claimant, "claimant_caucus", "b.txt"),
        (&table.respondent, "respondent_caucus", "c.txt"),
    ] {
        items.push(id(&desk.lay(hand, audience, name, &text(1_000)).await));
        items.push(id(&table.say(hand, audience, name).await));
    }
    let head = desk.table.world.store().head().await.unwrap();
    for (hand, shown) in [(&table.mediator, 0..6), (&table.claimant, 0..4)] {
        for method in [Method::GET, Method::HEAD] {
            heard.since();
            assert_eq!(desk.ask(hand, method, "record", &[], Body::empty()).await.status.as_u16(), 200);
            let viewer = Viewer::Person(hand.person);
            let mut looks = heard.since();
            looks.sort_by_key(|(_, what, _)| matches!(what, Looked::Items(_)));
            let items = Looked::Items(items[shown.clone()].to_vec());
            assert_eq!(looks, [(viewer, Looked::Page(head), true), (viewer, items, true)]);
        }
    }
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(desk.ask(&table.stranger, method, "record", &[], Body::empty()).await.status.as_u16(), 404);
        let looked = (Viewer::Person(table.stranger.person), Looked::Page(Position::default()), false);
        assert_eq!(heard.since(), [looked]);
    }
}

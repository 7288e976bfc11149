//! Letters over a real server: down for an hour, putting off, refusing, breaking off within a letter and after its last byte.

use std::collections::BTreeMap;

use entente_tests::post_office::{Behaviour, PostOffice};
use jiff::SignedDuration;
use serde_json::json;

use super::*;

struct Served {
    table: Table,
    post: PostOffice,
    program: Program,
}

impl Served {
    /// A table whose people have an address each, and have been told of all that was before.
    async fn open() -> Self {
        let post = PostOffice::open(Behaviour::default());
        let settings = entente_mail::Settings {
            url: Some(post.url()),
            from: Some("centre@entente.example".to_owned()),
            site: Some("https://entente.example/".to_owned()),
            timeout: Some(std::time::Duration::from_secs(2)),
            ..Default::default()
        };
        let world = World::new().await.with_post(entente_mail::open(&settings).unwrap());
        let table = Table::open(world).await;
        for hand in [&table.claimant, &table.respondent, &table.mediator] {
            let wanted = json!({"address": address(hand), "language": "en"});
            table.world.write(hand, "/api/me/letters", wanted).await.ok();
        }
        let program = Program::new(&table.world.centre, 1);
        let mut served = Self { table, post, program };
        served.after(QUARTER).await;
        served.after(QUARTER).await;
        served
    }

    async fn after(&mut self, time: SignedDuration) -> Turn {
        self.table.world.clock.advance(time);
        self.program.work().await
    }

    /// How often each Message-ID has arrived for whom.
    fn arrived(&self) -> BTreeMap<(String, String), usize> {
        let mut arrived = BTreeMap::new();
        for letter in self.post.received() {
            let text = String::from_utf8(letter.bytes.clone()).unwrap();
            let id = text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:")).unwrap();
            *arrived.entry((letter.to.join(","), id.to_owned())).or_default() += 1;
        }
        arrived
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_for_an_hour_gets_every_letter_once_when_it_is_back() {
    let mut served = Served::open().await;
    let before = served.arrived().len();
    served.post.down();
    served.table.say(&served.table.claimant, "joint", "while nobody answers").await;
    for _ in 0..10 {
        served.after(SignedDuration::from_mins(6)).await;
    }
    assert_eq!(served.arrived().len(), before);
    served.post.up();
    served.after(SignedDuration::from_hours(1)).await;
    served.after(SignedDuration::from_hours(1)).await;
    let arrived = served.arrived();
    assert_eq!(arrived.len() - before, 2, "the respondent and the mediator");
    assert!(arrived.values().all(|times| *times == 1), "{arrived:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_breaks_off_after_the_last_byte_gets_at_most_one_more_of_each() {
    let mut served = Served::open().await;
    let before = served.arrived();
    served.post.drop_after_data(2);
    served.table.say(&served.table.claimant, "joint", "and the line went dead").await;
    served.after(QUARTER).await;
    for _ in 0..4 {
        served.after(SignedDuration::from_mins(5)).await;
    }
    let mut arrived = served.arrived();
    arrived.retain(|letter, _| !before.contains_key(letter));
    assert_eq!(arrived.len(), 2, "every letter arrives, under one name: {arrived:?}");
    assert!(arrived.values().all(|times| (1..=2).contains(times)), "{arrived:?}");
    assert!(arrived.values().any(|times| *times == 2), "or nothing was broken off: {arrived:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_breaks_off_before_the_last_byte_is_asked_again_and_gets_every_letter() {
    let mut served = Served::open().await;
    let before = served.arrived();
    served.post.drop_in_data(2);
    served.table.say(&served.table.claimant, "joint", "and the line went dead early").await;
    served.after(QUARTER).await;
    assert_eq!(served.arrived(), before, "or nothing was broken off");
    for _ in 0..4 {
        served.after(SignedDuration::from_mins(5)).await;
    }
    let mut arrived = served.arrived();
    arrived.retain(|letter, _| !before.contains_key(letter));
    assert_eq!(arrived.len(), 2, "{arrived:?}");
    assert!(arrived.values().all(|times| *times == 1), "{arrived:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_is_refused_and_one_who_is_put_off_hold_nobody_else_up() {
    let mut served = Served::open().await;
    let before = served.arrived().len();
    served.post.refuse(&address(&served.table.respondent));
    served.post.greylist(1);
    served.table.say(&served.table.claimant, "joint", "for two").await;
    served.after(QUARTER).await;
    for _ in 0..3 {
        served.after(SignedDuration::from_mins(5)).await;
    }
    let arrived = served.arrived();
    assert_eq!(arrived.len() - before, 1);
    assert!(arrived.keys().any(|(to, _)| to.contains(&address(&served.table.mediator))));
    let refused = served.table.world.read(&served.table.staff, "/api/letters?trouble=refused").await.ok();
    assert_eq!(refused["items"][0]["person"], json!(served.table.respondent.person));
    assert!(refused["items"][0]["code"].as_u64().unwrap() >= 500, "{refused}");
}

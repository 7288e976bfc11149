//! The executable, killed between an event and its letter, and paused while it holds the lease: every letter arrives, at
//! most once more for each time.

use std::process::Command;
use std::time::{Duration, Instant};

use entente_tests::binary;
use entente_tests::engines::{Engine, Home};
use entente_tests::post_office::{Behaviour, PostOffice};
use serde_json::json;

use super::*;
use crate::documents::process::Service;

struct Street {
    home: Home,
    table: Table,
    post: PostOffice,
    client: reqwest::Client,
}

impl Street {
    async fn open(engine: Engine) -> Self {
        let (home, world) = Self::world(engine).await;
        let table = Table::open(world).await;
        Self::of(home, table).await
    }

    /// A world whose clock is a month behind: the executable has the real one, and tells of nothing that is long past.
    async fn world(engine: Engine) -> (Home, World) {
        let home = Home::new(engine);
        let world = World::on(entente_tests::sqlite::folder(), &home.settings().url).await;
        world.clock.set(jiff::Timestamp::now() - SignedDuration::from_hours(24 * 30));
        (home, world)
    }

    async fn of(home: Home, table: Table) -> Self {
        let wanted = json!({"address": "r1@people.example", "language": "en", "rhythm": "at_once"});
        table.world.write(&table.respondent, "/api/me/letters", wanted).await.ok();
        table.world.store().close().await;
        entente_vault::provide_tls();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { home, table, post: PostOffice::open(Behaviour::default()), client }
    }

    fn serve(&self) -> Service {
        let url = self.post.url();
        let variables = [
            ("ENTENTE_MAIL_URL", url.as_str()),
            ("ENTENTE_MAIL_FROM", "centre@entente.example"),
            ("ENTENTE_MAIL_SITE", "https://entente.example/"),
        ];
        Service::start(binary::path(), self.table.world.folder(), &self.home.settings().url, &variables)
    }

    /// The claimant says something to both sides.
    async fn say(&self, service: &Service, words: &str) {
        let path = format!("{}{}", service.address, self.table.path);
        let page: serde_json::Value =
            self.client.get(&path).bearer_auth(&self.table.claimant.token).send().await.unwrap().json().await.unwrap();
        let threads = page["discussions"].as_array().unwrap();
        let joint = threads.iter().find(|thread| thread["audience"] == "joint").unwrap();
        let said = json!({"discussion": joint["discussion"], "body": words});
        let request = self.client.post(format!("{path}/messages")).bearer_auth(&self.table.claimant.token);
        let answer = request.header("idempotency-key", words.replace(' ', "-")).json(&said).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 201);
    }

    /// How many different letters the respondent has, and how often the one that came most often.
    fn arrived(&self) -> (usize, usize) {
        let mut times = std::collections::BTreeMap::<String, usize>::new();
        for letter in self.post.received() {
            if letter.to == ["r1@people.example"] {
                let text = String::from_utf8(letter.bytes).unwrap().to_ascii_lowercase();
                let id = text.lines().find(|line| line.starts_with("message-id:")).unwrap().to_owned();
                *times.entry(id).or_default() += 1;
            }
        }
        (times.len(), times.values().copied().max().unwrap_or(0))
    }

    async fn wait_for(&self, letters: usize) -> (usize, usize) {
        let began = Instant::now();
        while self.arrived().0 < letters && began.elapsed() < Duration::from_secs(60) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // A second one of the same would follow soon.
        tokio::time::sleep(Duration::from_secs(2)).await;
        self.arrived()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_step_loses_no_letter_and_doubles_it_at_most_once() {
    let street = Street::open(Engine::Sqlite).await;
    // Between the event and everything that follows from it.
    let service = street.serve();
    street.say(&service, "first").await;
    drop(service);
    let service = street.serve();
    assert_eq!(street.wait_for(1).await, (1, 1));
    // While the server takes its time: before it has all, and when it has all and has not said so.
    let mut running = service;
    for (number, wait) in [(2, 700), (3, 2_500)] {
        street.post.slow(500);
        street.say(&running, &format!("and {number}")).await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        drop(running);
        street.post.slow(0);
        running = street.serve();
        let (letters, most) = street.wait_for(number).await;
        assert_eq!(letters, number);
        assert!(most <= 2, "one kill, at most one more: {most}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_paused_while_it_holds_the_lease_is_stood_in_for_and_does_no_harm() {
    let street = Street::open(Engine::Postgres).await;
    let holder = street.serve();
    street.say(&holder, "to begin with").await;
    assert_eq!(street.wait_for(1).await, (1, 1));
    let other = street.serve();
    let signal = |signal: &str| {
        let id = holder.process().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    };
    signal("-STOP");
    street.say(&other, "while one sleeps").await;
    let (letters, _) = street.wait_for(2).await;
    assert_eq!(letters, 2, "the other has taken over");
    signal("-CONT");
    street.say(&holder, "awake again").await;
    let (letters, most) = street.wait_for(3).await;
    assert_eq!((letters, most), (3, 1), "and nothing is done twice");
    drop(other);
    let alerts =
        street.home.raw().await.texts("SELECT count(*)::text FROM events WHERE event_type = 'PersonAlerted'").await;
    assert_eq!(alerts, ["3"], "one record each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_that_comes_while_the_holder_is_paused_for_a_minute_is_worked_off_once() {
    let (home, world) = Street::world(Engine::Postgres).await;
    world.clock.set(jiff::Timestamp::now() - SignedDuration::from_hours(25));
    let table = Table::registered(world).await;
    table.pass().await;
    table.invite().await;
    // The candidate has a day; all of it but half a minute is over when the programs start.
    let half_a_minute = SignedDuration::from_secs(30);
    table.world.clock.set(jiff::Timestamp::now() - SignedDuration::from_hours(24) + half_a_minute);
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    let mediator = json!({"mediator": {"person": table.mediator.person, "name": "Marguerite Ollier"}});
    table.ask(&table.staff, "proposals", mediator).await.ok();
    let street = Street::of(home, table).await;
    let holder = street.serve();
    let raw = street.home.raw().await;
    let leases = "SELECT count(*)::text FROM process WHERE holder IS NOT NULL";
    while raw.texts(leases).await != ["3"] {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let other = street.serve();
    let signal = |signal: &str| {
        let id = holder.process().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    };
    signal("-STOP");
    tokio::time::sleep(Duration::from_secs(60)).await;
    let lapsed = "SELECT count(*)::text FROM events WHERE event_type = 'ProposalLapsed'";
    assert_eq!(raw.texts(lapsed).await, ["1"], "the other has taken over, and nothing is lost");
    signal("-CONT");
    tokio::time::sleep(Duration::from_secs(3)).await;
    drop(other);
    // The one that was paused goes on alone.
    let done = "SELECT count(*)::text FROM errand WHERE what LIKE '%declaration%' AND state = 'done'";
    assert_eq!((raw.texts(lapsed).await, raw.texts(done).await), (vec!["1".to_owned()], vec!["1".to_owned()]));
}

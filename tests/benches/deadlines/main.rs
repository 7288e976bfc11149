//! Deadlines that are all due at the same second, worked off while people use the centre: how fast, and what it costs them.
//!
//! `cargo bench -p entente-tests --bench deadlines` invites the respondents of 10,000 cases on one day, so that all
//! invitations lapse at one midnight of Paris, on SQLite and on a throw-away PostgreSQL. It prints how many a second the clock
//! works off, alone and beside people who read a case's page and post messages in turn through the real router, and what
//! they wait for, idle and meanwhile. `-- --cases 1000` for fewer, `--engine sqlite` for one engine, `--clients 8` for
//! more people.
#![allow(clippy::disallowed_methods, reason = "a benchmark runs in real time, with real dice")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod people;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use entente_application::processes::{Manager, Process};
use entente_application::{Centre, Request};
use entente_domain::{Actor, Ask, CaseId, CommandId};
use entente_tests::cast;
use entente_tests::engines::{Engine, Home};
use entente_tests::measuring::{argument, number};
use entente_tests::sqlite;
use entente_tests::story::{Table, registration};
use entente_tests::world::World;
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::people::Waits;

/// For how long people are watched while nothing is due.
const IDLE: Duration = Duration::from_secs(5);

/// The midnight of Paris at which an invitation of the worlds' first day lapses.
const LAPSE: &str = "2026-03-17T23:00:00Z";
/// Tables at which people write, in turn: none grows much meanwhile.
const TABLES: usize = 64;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let cases = number("--cases").unwrap_or(10_000);
    let clients = number("--clients").unwrap_or(4);
    let named = argument("--engine").unwrap_or_default();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !format!("{engine:?}").to_lowercase().contains(&named) {
            continue;
        }
        println!("{engine:?}: {cases} invitations that lapse at the same second");
        let alone = Street::prepare(engine, cases).await;
        let (seconds, _) = alone.work_off(None).await;
        println!("the clock alone    | {:>7.0} deadlines/s", cases as f64 / seconds);
        let street = Street::prepare(engine, cases).await;
        let stop = Arc::new(AtomicBool::new(false));
        let ended = stop.clone();
        tokio::spawn(async move {
            tokio::time::sleep(IDLE).await;
            ended.store(true, Ordering::Relaxed);
        });
        let idle = people::use_it(&street.table, &street.others, clients, &stop).await;
        let (seconds, meanwhile) = street.work_off(Some(clients)).await;
        let meanwhile = meanwhile.expect("people were there");
        println!(
            "beside {clients} people    | {:>7.0} deadlines/s, all of them done after {seconds:.1} s",
            cases as f64 / seconds
        );
        println!("what people do     |  page/s  p50 ms  p99 ms  max ms | message/s  p50 ms  p99 ms  max ms");
        println!("nothing is due     | {} | {}", idle.pages, idle.messages);
        println!("meanwhile          | {} | {}", meanwhile.pages, meanwhile.messages);
        println!(
            "ratio              | {:>7.2} {:>7.2}                 | {:>9.2} {:>7.2}\n",
            meanwhile.pages.rate() / idle.pages.rate(),
            meanwhile.pages.median() / idle.pages.median(),
            meanwhile.messages.rate() / idle.messages.rate(),
            meanwhile.messages.median() / idle.messages.median(),
        );
    }
}

/// A centre on the eve of many deadlines.
struct Street {
    table: Arc<Table>,
    /// The paths of other open tables, and their joint sessions.
    others: Arc<Vec<(String, String)>>,
    clock: Manager,
    cases: usize,
    home: Home,
}

impl Street {
    async fn prepare(engine: Engine, cases: usize) -> Self {
        let home = Home::new(engine);
        let world = World::on(sqlite::folder(), &home.settings().url).await;
        let mut table = Table::open(world).await;
        let mut others = Vec::new();
        for _ in 0..TABLES {
            let joint = table.discussion(&table.claimant, "joint").await;
            let registered = table.world.post(&table.claimant, "/api/cases", registration()).await.ok();
            let next = format!("/api/cases/{}", registered["case"].as_str().unwrap());
            others.push((std::mem::replace(&mut table.path, next), joint));
            table.pass().await;
            table.invite().await;
            table.ask(&table.respondent, "consent", json!({})).await.ok();
            table.appoint(&table.mediator, "Marguerite Ollier").await.ok();
        }
        for number in 0..50 {
            table.say(&table.claimant, "joint", &format!("what was said before, {number}")).await;
        }
        let centre = &table.world.centre;
        let invited = futures::stream::iter(0..cases).map(|_| invite(centre)).buffer_unordered(32);
        invited.collect::<Vec<()>>().await;
        let mut clock = Manager::new(centre, Process::Clock, Uuid::from_u128(1));
        clock.catch_up().await.unwrap();
        Self { table: Arc::new(table), others: Arc::new(others), clock, cases, home }
    }

    /// Lets the midnight come at which all is due; how many seconds the clock took, and what people waited for meanwhile.
    async fn work_off(mut self, clients: Option<usize>) -> (f64, Option<Waits>) {
        // The reminders come days before, and are done by then.
        let due: Timestamp = LAPSE.parse().unwrap();
        self.table.world.clock.set(due - SignedDuration::from_secs(1));
        self.clock.catch_up().await.unwrap();
        self.table.world.clock.set(due);
        let stop = Arc::new(AtomicBool::new(false));
        let Self { table, others, mut clock, cases, home } = self;
        let (using, over) = ((table.clone(), others.clone()), stop.clone());
        let people = tokio::spawn(async move {
            match clients {
                Some(clients) => Some(people::use_it(&using.0, &using.1, clients, &over).await),
                None => None,
            }
        });
        let work = tokio::spawn(async move {
            let start = Instant::now();
            let mut done = 0;
            while done < cases as u64 {
                let turn = clock.turn().await.unwrap();
                assert!(turn.done > 0 || turn.more || turn.read > 0, "nothing is left, and {done} were done");
                done += turn.done;
            }
            stop.store(true, Ordering::Relaxed);
            start.elapsed().as_secs_f64()
        });
        let (waits, seconds) = (people.await.unwrap(), work.await.unwrap());
        let lapsed = "SELECT CAST(count(*) AS TEXT) FROM events WHERE event_type = 'InvitationLapsed'";
        let lapsed = home.raw().await.texts(lapsed).await.concat();
        assert_eq!(lapsed, cases.to_string(), "each once");
        (seconds, waits)
    }
}

/// A case whose respondent is invited now.
async fn invite(centre: &Centre) {
    let case = CaseId(Uuid::new_v4());
    let asks: [(Actor, Ask); 3] = [
        (Actor::Person(cast::C1), cast::register().into()),
        (Actor::Person(cast::C1), cast::passing().into()),
        (Actor::Staff(cast::S), cast::invite(cast::R1).into()),
    ];
    for (by, ask) in asks {
        let command = CommandId(Uuid::new_v4());
        let request = Request { case, command, by, at: None, request: None, seen_at: None, ask };
        centre.execute(request).await.unwrap();
    }
}

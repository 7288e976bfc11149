//! Process managers over a whole centre: what is due happens, who has news is told, once, whoever does it.

mod clock;
mod content;
mod killed;
mod leases;
mod letters;
mod roster;
mod served;
mod sharing;
mod troubles;

use std::sync::Arc;

use entente_application::Centre;
use entente_application::processes::{Manager, Process, Turn};
use entente_tests::pillar::Pillar;
use entente_tests::raw::Raw;
use entente_tests::story::Table;
use entente_tests::world::{Hand, World};
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

/// Longer than the usual rhythm.
const QUARTER: SignedDuration = SignedDuration::from_mins(16);

fn address(hand: &Hand) -> String {
    format!("{}@people.example", hand.person)
}

/// An office in which everybody has been told of what was before.
async fn quiet() -> Office {
    let mut office = Office::open().await;
    for hand in [&office.table.claimant, &office.table.respondent, &office.table.mediator] {
        let wanted = json!({"address": address(hand), "language": "en"});
        office.table.world.write(hand, "/api/me/letters", wanted).await.ok();
    }
    office.after(QUARTER).await;
    office.after(QUARTER).await;
    office
}

/// A program with a letter box, as `serve` runs it, but for the waiting.
struct Program {
    clock: Manager,
    alerts: Manager,
}

impl Program {
    fn new(centre: &Centre, name: u128) -> Self {
        let manager = |process| Manager::new(centre, process, Uuid::from_u128(name));
        Self { clock: manager(Process::Clock), alerts: manager(Process::Alerts) }
    }

    /// Does all that is to be done now; what the letters did.
    async fn work(&mut self) -> Turn {
        self.clock.catch_up().await.unwrap();
        self.alerts.catch_up().await.unwrap()
    }
}

/// An open table, whose letters go into a box, and a program.
struct Office {
    table: Table,
    pillar: Arc<Pillar>,
    program: Program,
}

impl Office {
    async fn open() -> Self {
        let (world, pillar) = world().await;
        let table = Table::open(world).await;
        Self::of(table, pillar).await
    }

    async fn of(table: Table, pillar: Arc<Pillar>) -> Self {
        let program = Program::new(&table.world.centre, 1);
        Self { table, pillar, program }
    }

    /// Lets time pass, and does what is to be done then.
    async fn after(&mut self, time: SignedDuration) -> Turn {
        self.table.world.clock.advance(time);
        self.program.work().await
    }

    /// How many rows of a table there are, of those that are meant.
    async fn rows(&self, table: &str) -> usize {
        let raw = Raw::of_file(&self.table.world.settings().url).await;
        raw.texts(&format!("SELECT CAST(count(*) AS TEXT) FROM {table}")).await.concat().parse().unwrap()
    }

    /// To whom letters have gone, by their addresses.
    fn told(&self) -> Vec<String> {
        self.pillar.brought().iter().map(|letter| letter.to.as_str().to_owned()).collect()
    }
}

async fn world() -> (World, Arc<Pillar>) {
    let pillar = Arc::new(Pillar::default());
    (World::new().await.with_post(pillar.clone()), pillar)
}

//! The fixture of the scenarios: its people, its words, and a story that goes on to the instant that a row asks about.

use std::collections::BTreeMap;

use axum::http::Method;
use entente_application::ports::Role;
use entente_domain::{Audience, Camp, PersonId};
use entente_tests::cast::day;
use entente_tests::story::Table;
use entente_tests::world::{Hand, Reply, World};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::steps::{STORY, Step};

/// Everyone whom the rows ask about, as they call them. In the mirror image `c1` is the respondent's head of mandate.
pub(super) const CAST: [&str; 10] = ["c1", "c2", "cl", "r1", "r2", "rl", "m1", "m2", "s", "x"];

/// An id that was never issued, to a case, an item or a person.
pub(super) const NEVER: &str = "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111";

/// Item 3.
pub(super) const JOINT_WORDS: &str = "Twelve looms stand still.";
/// Item 5, and item 12, which is its copy.
pub(super) const CONFIDENCE: &str = "We could take 4,000.";
/// What r1 tells the mediator.
pub(super) const ANSWER: &str = "We could pay 5,000.";
/// Item 7.
pub(super) const DRAFT: &str = "A draft of ours.";
/// What m1 notes.
pub(super) const NOTES: &str = "They are near.";
/// The name of item 8.
pub(super) const DOCUMENT: &str = "inspection.pdf";
/// Why r1 withdraws.
pub(super) const REASON: &str = "Our board has changed.";

/// Which story is told.
#[derive(Clone, Copy, Default)]
pub(super) struct Plot {
    /// Row 22: from consent on, everything that c1, c2 and cl do is done by r1, r2 and rl, and the other way round.
    pub(super) swapped: bool,
    /// What does not happen in it.
    pub(super) without: &'static [Step],
}

/// A story as far as it has been told.
pub(super) struct Told {
    /// The table.
    pub(super) table: Table,
    /// The instant to which the clock was set last.
    pub(super) now: Timestamp,
    /// What everybody's commands were answered.
    pub(super) answers: Vec<(&'static str, Reply)>,
    /// What was asked so far: who, about what, when, and whether it was seen.
    pub(super) asked: Vec<(&'static str, &'static str, Timestamp, bool)>,
    plot: Plot,
    hands: BTreeMap<&'static str, Hand>,
    threads: BTreeMap<String, String>,
    items: BTreeMap<&'static str, String>,
    next: usize,
}

impl Told {
    /// The whole story, or its mirror image.
    pub(super) async fn begin(swapped: bool) -> Self {
        Self::begin_as(Plot { swapped, without: &[] }).await
    }

    /// A story that begins with the registration on day 0.
    pub(super) async fn begin_as(plot: Plot) -> Self {
        let table = Table::registered(World::new().await).await;
        let mut hands = BTreeMap::from([
            ("c1", table.claimant.clone()),
            ("r1", table.respondent.clone()),
            ("m1", table.mediator.clone()),
            ("s", table.staff.clone()),
            ("u", table.auditor.clone()),
            ("x", table.stranger.clone()),
            ("m2", table.world.hand("m2", &[Role::Mediator]).await),
        ]);
        for name in ["c2", "cl", "r2", "rl"] {
            hands.insert(name, table.world.hand(name, &[Role::Party]).await);
        }
        if plot.swapped {
            for (one, other) in [("c1", "r1"), ("c2", "r2"), ("cl", "rl")] {
                let (left, right) = (hands[one].clone(), hands[other].clone());
                hands.extend([(one, right), (other, left)]);
            }
        }
        let now = day(0, 9, 0);
        let (answers, asked, threads, items) = Default::default();
        Self { table, now, answers, asked, plot, hands, threads, items, next: 0 }
    }

    /// Goes on with all that happens up to and with an instant, and stays there.
    pub(super) async fn until(&mut self, at: Timestamp) {
        while let Some((when, step)) = STORY.get(self.next).filter(|(when, _)| *when <= at) {
            self.next += 1;
            if !self.plot.without.contains(step) {
                self.table.world.clock.set(*when);
                self.take(*step).await;
            }
        }
        self.table.world.clock.set(at);
        self.now = at;
    }

    /// Somebody, as the rows call them.
    pub(super) fn hand(&self, who: &str) -> &Hand {
        &self.hands[who]
    }

    /// The same, as programs call them.
    pub(super) fn person(&self, who: &str) -> PersonId {
        self.hands[who].person
    }

    /// An item, as programs call it.
    pub(super) fn item(&self, called: &str) -> String {
        self.items[called].clone()
    }

    /// Every item that there has been.
    pub(super) fn items(&self) -> Vec<String> {
        self.items.values().cloned().collect()
    }

    /// Every item's name in the rows.
    pub(super) fn item_names(&self) -> Vec<&'static str> {
        self.items.keys().copied().collect()
    }

    /// The camp of c1, or that of r1.
    pub(super) fn camp(&self, who: &str) -> Camp {
        if who.starts_with('c') != self.plot.swapped { Camp::Claimant } else { Camp::Respondent }
    }

    /// The caucus of somebody's camp.
    pub(super) fn caucus(&self, who: &str) -> Audience {
        Audience::caucus(self.camp(who))
    }

    /// The workspace of somebody's camp.
    pub(super) fn workspace(&self, who: &str) -> Audience {
        Audience::workspace(self.camp(who))
    }

    /// The thread of an audience.
    pub(super) fn thread(&self, audience: Audience) -> String {
        self.threads[json!(audience).as_str().unwrap()].clone()
    }

    /// Finds every thread, while there is nothing in them yet: nobody is to have looked at an item by this.
    pub(super) async fn find_threads(&mut self) {
        for who in ["c1", "r1", "m1"] {
            let page = self.table.page(self.hand(who)).await;
            for thread in page["discussions"].as_array().unwrap() {
                let word = |name: &str| thread[name].as_str().unwrap().to_owned();
                self.threads.insert(word("audience"), word("discussion"));
            }
        }
    }

    /// Somebody does something that is answered well.
    pub(super) async fn ask(&mut self, who: &'static str, below: &str, body: Value) -> Value {
        let reply = self.table.ask(self.hand(who), below, body).await;
        let done = reply.ok();
        self.answers.push((who, reply));
        done
    }

    /// The same, where a new item comes of it.
    pub(super) async fn make(&mut self, called: &'static str, who: &'static str, below: &str, body: Value) {
        let made = self.ask(who, below, body).await;
        self.made(called, &made);
    }

    /// Remembers what an answer says was made.
    pub(super) fn made(&mut self, called: &'static str, made: &Value) {
        self.items.insert(called, made["item"].as_str().unwrap().to_owned());
    }

    /// Somebody says something.
    pub(super) async fn say(&mut self, called: &'static str, who: &'static str, audience: Audience, words: &str) {
        let body = json!({"discussion": self.thread(audience), "body": words});
        self.make(called, who, "messages", body).await;
    }

    /// Somebody narrows who may see an item, or tries to.
    pub(super) async fn restrict(&self, who: &str, item: &str, audience: Audience) -> Reply {
        self.table.ask(self.hand(who), &format!("items/{item}/restriction"), json!({"audience": audience})).await
    }

    /// r1 takes rl out of the camp, now or since an instant that has been.
    pub(super) async fn unseat(&mut self, body: Option<Value>) {
        let path = format!("{}/representatives/{}", self.table.path, self.person("rl"));
        let reply =
            self.table.world.ask(self.hand("r1"), Method::DELETE, &path, body.as_ref(), Some("rl-leaves")).await;
        reply.ok();
        self.answers.push(("r1", reply));
    }
}

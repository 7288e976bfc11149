//! Non-interference: pairs of histories that differ only in what a viewer may not see, played through the real router;
//! whatever the viewer asks, every byte of the answers is the same (2-domain §5).

pub mod deeds;
pub mod desk;
pub mod hidden;
mod inserting;
pub mod outcome;
mod pairing;
pub mod pairs;
mod play;
pub mod probes;
pub mod runs;
pub mod stage;
pub mod statements;
pub mod watching;
pub mod words;

use entente_domain::Actor;
use jiff::{SignedDuration, Timestamp};

use self::desk::PAST_THE_HOUR;
pub use self::outcome::{Difference, NoPair, Outcome};
use self::play::Play;
use self::probes::Probe;
use self::stage::{Side, person_of, recast};
use self::statements::listen;
use crate::cast::{CL, alert};

/// Two worlds in which pair after pair is played.
pub struct Theatre {
    one: Side,
    other: Side,
    now: Timestamp,
    spent: bool,
}

impl Theatre {
    /// Two new worlds.
    pub async fn new() -> Self {
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let (one, other) = (Side::new().await, Side::new().await);
        one.neglect_a_case().await;
        other.neglect_a_case().await;
        Self { one, other, now, spent: false }
    }

    /// Whether what is left of the pairs so far would tell the worlds apart for a viewer to come who has the centre's lists.
    pub const fn is_spent(&self) -> bool {
        self.spent
    }

    /// Plays a pair.
    pub async fn play(&mut self, pair: u64) -> Outcome {
        let plan = pairs::plan(pair);
        self.one.begin(pair, plan.viewer).await;
        self.other.begin(pair, plan.viewer).await;
        // Letters that did not arrive are on the centre's list by their days, whatever their readers had news of.
        self.spent |= plan.viewer == CL;
        let viewer = person_of(pair, plan.viewer);
        let mut play = Play::new(pair, viewer, plan.viewer == CL);
        self.now += SignedDuration::from_hours(1);
        let total = plan.deeds();
        let place = plan.place;
        for n in 0..=total {
            if n == place {
                self.set(390_000);
                self.write_letter(&play, "first").await;
                // What is hidden is then the first that there is to tell.
                self.deliver().await;
            }
            let before = self.now;
            self.now += SignedDuration::from_mins(plan.minutes(n));
            if n == place {
                let at = if plan.together { self.now } else { before };
                if let Err(reason) = self.insert(&mut play, &plan, (before, at)).await {
                    return Outcome::NoPair(reason);
                }
            }
            if let Some(difference) = play.difference {
                return Outcome::Different(difference);
            }
            if n == total {
                break;
            }
            let (by, ask) = plan.deed(n, &self.one.state().await, self.now);
            let deed = recast(pair, by, &ask);
            let key = format!("p{pair}s{n}");
            self.set(u64::try_from(n).unwrap() * 1_000);
            let own = deed.by == Actor::Person(viewer) || deed.by == Actor::Staff(viewer);
            // What the viewer does next is answered alike only as long as nothing of it is the viewer's to see.
            if own && n > place && !self.is_still_pair(&play).await {
                return Outcome::NoPair(NoPair::BecameVisible);
            }
            let (one, other) = (self.one.act(&deed, &key).await, self.other.act(&deed, &key).await);
            if own {
                play.hold(&format!("own deed: {}", ask.name()), one.zip(other));
            } else if one.map(|reply| reply.status) != other.map(|reply| reply.status) {
                return Outcome::NoPair(NoPair::OthersWentOtherwise);
            }
        }
        self.end(play).await
    }

    fn set(&self, dice: u64) {
        self.one.set(self.now, dice);
        self.other.set(self.now, dice);
    }

    /// A letter to the viewer, in both worlds: of everything that there is, so that the case has to leave out what is not
    /// the viewer's.
    async fn write_letter(&mut self, play: &Play, which: &str) {
        let everything: Vec<_> = self.other.state().await.items.keys().copied().collect();
        let letter = deeds::Deed::of(Actor::Clock, &alert(play.viewer, &everything).into());
        let key = format!("p{}{which}", play.pair);
        self.one.act(&letter, &key).await;
        self.other.act(&letter, &key).await;
    }

    /// Brings the managers and the read models of both worlds up to date, at the same instant.
    async fn settle(&mut self) {
        for side in [&mut self.one, &mut self.other] {
            side.desk.catch_up().await;
            side.world.settle().await;
        }
    }

    /// Lets the hour of everybody's letters come.
    async fn deliver(&mut self) {
        self.settle().await;
        self.now += PAST_THE_HOUR;
        self.one.world.clock.set(self.now);
        self.other.world.clock.set(self.now);
        self.settle().await;
    }

    /// The viewer's letters are the same, and came at the same hours.
    fn hold_letters(&self, play: &mut Play) {
        let letters = |side: &Side| side.desk.letters_to(play.viewer);
        let (without, with) = (letters(&self.one), letters(&self.other));
        play.letters = without.lines().count() as u64;
        play.hold_texts("one's letters", (without, with));
    }

    /// The end: everything that the viewer can ask, and everything that the viewer can do.
    async fn end(&mut self, mut play: Play) -> Outcome {
        self.set(600_000);
        self.write_letter(&play, "last").await;
        self.deliver().await;
        if !self.is_still_pair(&play).await {
            return Outcome::NoPair(NoPair::BecameVisible);
        }
        self.hold_letters(&mut play);
        play.look_for_ids(&self.one).await;
        let readings = play.ids.readings();
        self.ask(&mut play, &readings).await;
        let writings = play.ids.writings(play.pair, 12);
        self.ask(&mut play, &writings).await;
        for (deed, key, at) in &play.elsewhere {
            let at = if matches!(deed.what, deeds::What::Elsewhere) { *at } else { self.now };
            self.one.set(at, 500_000);
            self.one.act(deed, key).await;
        }
        match play.difference {
            Some(difference) => Outcome::Different(difference),
            None => Outcome::Alike { asked: play.asked, letters: play.letters },
        }
    }

    async fn ask(&self, play: &mut Play, probes: &[Probe]) {
        let (Some(one), Some(other)) = (self.one.hands.get(&play.viewer), self.other.hands.get(&play.viewer)) else {
            return;
        };
        for (n, probe) in probes.iter().enumerate() {
            if play.difference.is_some() {
                return;
            }
            self.set(700_000 + u64::try_from(n).unwrap() * 10);
            let request = |hand| {
                let request = Side::request(hand, &probe.method, &probe.path);
                probe.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
            };
            let (without, heard) = listen(self.one.send(request(one), probe.body.as_deref())).await;
            let (with, heard_with) = listen(self.other.send(request(other), probe.body.as_deref())).await;
            play.asked += 1;
            play.hold(&probe.name, Some((without, with)));
            play.hold_heard(probe, &heard, &heard_with);
        }
    }
}

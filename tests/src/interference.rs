//! Non-interference: pairs of histories that differ only in what a viewer may not see, played through the real router;
//! whatever the viewer asks, every byte of the answers is the same (2-domain §5).

pub mod deeds;
pub mod hidden;
pub mod outcome;
pub mod pairs;
mod play;
pub mod probes;
pub mod runs;
pub mod stage;
pub mod statements;
pub mod watching;
pub mod words;

use entente_domain::event::CaseEvent;
use entente_domain::{Actor, CommandId, Entry, PersonId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use self::hidden::Scene;
pub use self::outcome::{Difference, NoPair, Outcome};
use self::pairs::Plan;
use self::play::Play;
use self::probes::Probe;
use self::stage::{Side, person_of, recast};
use self::statements::listen;
use self::watching::Watching;
use crate::cast::alert;
use crate::oracle::Model;

/// Two worlds in which pair after pair is played.
pub struct Theatre {
    one: Side,
    other: Side,
    now: Timestamp,
}

impl Theatre {
    /// Two new worlds.
    pub async fn new() -> Self {
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        Self { one: Side::new().await, other: Side::new().await, now }
    }

    /// Plays a pair.
    pub async fn play(&mut self, pair: u64) -> Outcome {
        let plan = pairs::plan(pair);
        self.one.begin(pair).await;
        self.other.begin(pair).await;
        let viewer = person_of(pair, plan.viewer);
        let mut play = Play::new(pair, viewer);
        self.now += SignedDuration::from_hours(1);
        let total = plan.deeds();
        let place = plan.place;
        for n in 0..=total {
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

    /// The hidden deeds, in one of the worlds, and what the viewer can tell at once; whether it is still a pair.
    async fn insert(
        &mut self,
        play: &mut Play,
        plan: &Plan,
        (before, at): (Timestamp, Timestamp),
    ) -> Result<(), NoPair> {
        self.one.set(before, 400_000);
        self.other.set(before, 400_000);
        self.write_letter(play, "first").await;
        self.settle().await;
        play.look(&self.one).await;
        play.look(&self.other).await;
        let key = format!("p{}own", play.pair);
        play.ids.own_upload = Some((key.clone(), self.one.command(play.viewer, &key).derive("object")));
        let begun = self.other.entries().await.len();
        let (mut slipped, mut reasoned) = (false, false);
        let watching = if plan.watched { Watching::begin(&self.one, &self.other, play.viewer).await } else { None };
        let mut done = false;
        for (nth, kind) in plan.doings.iter().enumerate() {
            // What cannot be done now gives way to the next that can.
            let kinds: Vec<_> = (0..hidden::DOINGS).map(|further| (kind + further) % hidden::DOINGS).collect();
            let (dice, key) = (500_000 + u64::try_from(nth).unwrap() * 1_000, format!("p{}h{nth}", play.pair));
            let state = self.other.state().await;
            let other = &self.other;
            let command = |person: PersonId, key: &str| other.command(person, key);
            let staff = play.viewer == person_of(play.pair, crate::cast::S);
            let scene = Scene {
                case: &state,
                viewer: play.viewer,
                staff,
                at,
                pick: plan.pick + nth,
                pair: play.pair,
                command: &command,
            };
            let found = kinds.iter().find_map(|kind| scene.doing(*kind, &key).map(|deeds| (*kind, deeds)));
            let Some((kind, deeds)) = found else { continue };
            let (length, silent) = (self.other.entries().await.len(), [14, 15, 17, 20, 24].contains(&kind));
            slipped |= kind == 13;
            reasoned |= [18, 25].contains(&kind);
            play.ids.hidden_receipts |= kind == 5;
            for (deed, key) in deeds {
                self.other.set(at, dice);
                self.other.act(&deed, &key).await;
                // The same without a reason, or for another: the fact is everyone's, the reason is not.
                let quiet: Option<entente_domain::Ask> = match kind {
                    18 => Some(crate::cast::withdraw().into()),
                    25 => Some(crate::cast::challenge("Something else.").into()),
                    _ => None,
                };
                if let Some(quiet) = quiet {
                    let quiet = deeds::Deed::of(deed.by, &quiet);
                    self.one.set(at, dice);
                    self.one.act(&quiet, &key).await;
                }
                // What the centre sees of this case goes on to be seen in pairs to come.
                if matches!(deed.what, deeds::What::Elsewhere) || matches!(deed.by, Actor::Staff(_)) {
                    play.elsewhere.push((deed.clone(), key.clone(), at));
                }
                if let Actor::Person(person) = deed.by {
                    let command = self.other.command(person, &key);
                    play.ids.hidden_commands.push(command.0);
                    play.ids.hidden_uploads.extend(upload_of(&deed, &key, |key| self.other.command(person, key)));
                    play.ids.hidden_keys.push(key);
                }
            }
            done |= silent || self.other.entries().await.len() > length;
        }
        if !done {
            return Err(NoPair::NothingHidden);
        }
        play.learn_hidden(&self.one.state().await, &self.other.state().await);
        let watched = match watching {
            Some(watching) => Some(watching.end().await),
            None => None,
        };
        // What takes something from the viewer's view is the viewer's to see as well.
        if !self.is_pair(play, begun, reasoned).await || !self.is_still_pair(play).await {
            return Err(NoPair::Shown);
        }
        // What slipped was to be seen for a moment.
        if let Some(events) = watched.filter(|_| !slipped && !reasoned) {
            play.hold_texts("the stream of changes", events);
        }
        self.settle().await;
        self.now = self.now.max(at);
        self.set(450_000);
        let at_once = play.ids.at_once(play.pair);
        self.ask(play, &at_once).await;
        let readings = play.ids.readings();
        self.ask(play, &readings).await;
        Ok(())
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

    /// Brings the read models of both worlds up to date.
    async fn settle(&self) {
        self.one.world.settle().await;
        self.other.world.settle().await;
    }

    /// Whether what the hidden deeds did is nothing of the viewer's, as the published tables say.
    async fn is_pair(&self, play: &Play, begun: usize, reasoned: bool) -> bool {
        let entries = self.other.entries().await;
        let viewer = self.other.viewer(play.pair, play.viewer);
        let at = entries.last().map_or(self.now, |entry| entry.at.max(self.now));
        let with = Model::of(&entries).observed(&entries, viewer, at);
        if reasoned {
            let without = self.one.entries().await;
            return Model::of(&without).observed(&without, viewer, at) == with;
        }
        let hidden = self.one.entries().await.len();
        let count = entries.len().saturating_sub(hidden);
        let told = |entry: &Entry| Model::of(&entries).observed(std::slice::from_ref(entry), viewer, at);
        let done = entries.iter().skip(begun).take(count);
        done.filter(|entry| !matches!(entry.event, CaseEvent::CaseClosed(_))).all(|entry| told(entry).is_empty())
    }

    /// The end: everything that the viewer can ask, and everything that the viewer can do.
    async fn end(&mut self, mut play: Play) -> Outcome {
        self.set(600_000);
        self.write_letter(&play, "last").await;
        self.settle().await;
        if !self.is_still_pair(&play).await {
            return Outcome::NoPair(NoPair::BecameVisible);
        }
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
            None => Outcome::Alike(play.asked),
        }
    }

    /// Whether nothing of the hidden deeds has become the viewer's to see since, by a release or a new seat.
    async fn is_still_pair(&self, play: &Play) -> bool {
        let viewer = self.other.viewer(play.pair, play.viewer);
        let (one, other) = (self.one.entries().await, self.other.entries().await);
        let last = |entries: &[Entry]| entries.last().map_or(self.now, |entry| entry.at.max(self.now));
        let seen = |entries: &[Entry]| Model::of(entries).observed(entries, viewer, last(entries));
        kinds(&seen(&one)) == kinds(&seen(&other))
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
            play.hold_heard(&probe.name, &heard, &heard_with);
        }
    }
}

/// The upload that a deed begins, if it begins one.
fn upload_of(deed: &deeds::Deed, key: &str, command: impl Fn(&str) -> CommandId) -> Option<uuid::Uuid> {
    match &deed.what {
        deeds::What::Document(_) => Some(command(&format!("{key}.upload")).derive("object")),
        deeds::What::Sent(sent) if sent.below.as_deref() == Some("uploads") => Some(command(key).derive("object")),
        _ => None,
    }
}

/// What kinds of events these are, in order: ids and digests are the product's own choice, and compared as bytes. An author
/// who hides an item is told how many had opened it: from then on their receipts are the author's to know.
fn kinds(observed: &[Value]) -> Vec<String> {
    let name = |entry: &Value| {
        let (name, event) = entry["event"].as_object()?.iter().next()?;
        let readers = event["seen_before"].as_array().map_or(0, Vec::len);
        Some(if readers > 0 { format!("{name}, opened by {readers}") } else { name.clone() })
    };
    observed.iter().filter_map(name).filter(|name| name != "PersonAlerted").collect()
}

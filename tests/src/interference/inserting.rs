//! The hidden deeds: done in one of the worlds, while the viewer watches or does not.

use entente_domain::{Actor, CommandId, PersonId};
use jiff::Timestamp;

use super::hidden::Scene;
use super::pairs::Plan;
use super::play::Play;
use super::stage::person_of;
use super::watching::Watching;
use super::{NoPair, Theatre, deeds, hidden};

impl Theatre {
    /// The hidden deeds, in one of the worlds, and what the viewer can tell at once; whether it is still a pair.
    pub(super) async fn insert(
        &mut self,
        play: &mut Play,
        plan: &Plan,
        (before, at): (Timestamp, Timestamp),
    ) -> Result<(), NoPair> {
        self.one.set(before, 400_000);
        self.other.set(before, 400_000);
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
                lists: staff || plan.viewer == crate::cast::CL,
                at,
                pick: plan.pick + nth,
                pair: play.pair,
                command: &command,
            };
            let found = kinds.iter().find_map(|kind| scene.doing(*kind, &key).map(|deeds| (*kind, deeds)));
            let Some((kind, deeds)) = found else { continue };
            let (length, silent) = (self.other.entries().await.len(), [14, 15, 17, 20, 24].contains(&kind));
            slipped |= kind == 13;
            // The candidate is on the centre's list from now on, and in one of the worlds alone.
            self.spent |= kind == hidden::ASKED;
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
        self.now = self.now.max(at);
        self.set(450_000);
        self.settle().await;
        self.hold_letters(play);
        let at_once = play.ids.at_once(play.pair);
        self.ask(play, &at_once).await;
        let readings = play.ids.readings();
        self.ask(play, &readings).await;
        Ok(())
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

//! Whether two histories are a pair: whether they differ in nothing that is the viewer's to see, as the published tables say.

use entente_domain::Entry;
use entente_domain::event::CaseEvent;
use serde_json::Value;

use super::Theatre;
use super::play::Play;
use crate::oracle::Model;

impl Theatre {
    /// Whether what the hidden deeds did is nothing of the viewer's, as the published tables say.
    pub(super) async fn is_pair(&self, play: &Play, begun: usize, reasoned: bool) -> bool {
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

    /// Whether nothing of the hidden deeds has become the viewer's to see since, by a release or a new seat.
    pub(super) async fn is_still_pair(&self, play: &Play) -> bool {
        let viewer = self.other.viewer(play.pair, play.viewer);
        let (one, other) = (self.one.entries().await, self.other.entries().await);
        let last = |entries: &[Entry]| entries.last().map_or(self.now, |entry| entry.at.max(self.now));
        let seen = |entries: &[Entry]| Model::of(entries).observed(entries, viewer, last(entries));
        kinds(&seen(&one)) == kinds(&seen(&other))
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

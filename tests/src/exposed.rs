//! The rows of exposures in memory: what the changes of a history come to, applied one after the other.

use std::collections::BTreeMap;

use entente_domain::visibility::{Denial, ruling};
use entente_domain::{Case, Entry, ItemId};
use entente_projections::audit::{Evidence, Known, Reader};
use entente_projections::exposure::{Change, Sitting, Source, changes};
use jiff::Timestamp;

use crate::cast::CASE;

/// Who could see what in a history.
#[derive(Clone, Debug, Default)]
pub struct Exposed {
    /// The case, folded.
    pub case: Case,
    sittings: Vec<Sitting>,
    items: BTreeMap<ItemId, Evidence>,
    entries: u64,
}

impl Exposed {
    /// The rows of a history whose entries are recorded as they happen, at positions from 1.
    pub fn of(entries: &[Entry]) -> Self {
        let mut exposed = Self::default();
        for entry in entries {
            exposed.case.fold(entry);
            exposed.entries += 1;
            let source = Source { position: exposed.entries, recorded: entry.at };
            for change in changes(CASE, &exposed.case, entry, source) {
                exposed.apply(change);
            }
        }
        exposed
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Sat(sitting) => self.sittings.push(sitting),
            Change::Stood { person, at, source, .. } => {
                let open = self.sittings.iter_mut().filter(|held| held.person == person && held.ended.is_none());
                open.for_each(|held| held.ended = Some((at, source)));
            }
            Change::Shown(showing) => self.items.entry(showing.item).or_default().showings.push(showing),
            Change::Hidden { item, place, at, source, denial, .. } => {
                let showings = &mut self.items.entry(item).or_default().showings;
                let open = showings.iter_mut().filter(|showing| showing.place == place && showing.ended.is_none());
                open.for_each(|showing| showing.ended = Some((at, source, denial)));
            }
            Change::Marked(mark) => self.items.entry(mark.item).or_default().marks.push(mark),
        }
    }

    /// All that is known.
    pub fn known(&self) -> Known {
        Known { position: self.entries, on: None, looks_until: Timestamp::MAX }
    }

    /// The items.
    pub fn items(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.items.keys().copied()
    }

    /// The evidence of an item.
    pub fn evidence(&self, item: ItemId) -> Evidence {
        let evidence = self.items.get(&item).cloned().unwrap_or_default();
        Evidence { sittings: self.sittings.clone(), ..evidence }
    }

    /// Everyone's relation to an item at an instant.
    pub fn readers(&self, item: ItemId, at: Timestamp, known: Known) -> Vec<Reader> {
        let never = |place| ruling(&self.case, place, item, at).err().unwrap_or(Denial::NotInAudience);
        self.evidence(item).readers(at, known, never)
    }
}

//! What a batch of changes comes to in who could see what: what was open before and is closed, and what is new.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use entente_domain::visibility::{Denial, Place};
use entente_domain::{CaseId, ItemId, PersonId};
use entente_projections::exposure::{Change, Mark, Showing, Sitting, Source};
use jiff::Timestamp;

/// Who sits: one person at one case.
pub(crate) type Sitter = (CaseId, PersonId);
/// What is shown where: one item to one place of its case.
pub(crate) type Shown = (CaseId, ItemId, Place);

/// The outcome of changes in their order, to be written in the order of these fields.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Exposure {
    /// Sittings of before the batch that have ended.
    pub(crate) stood: BTreeMap<Sitter, (Timestamp, Source)>,
    /// Showings of before the batch that have ended.
    pub(crate) hidden: BTreeMap<Shown, (Timestamp, Source, Denial)>,
    /// Sittings of the batch, as they are after it.
    pub(crate) sat: Vec<Sitting>,
    /// Showings of the batch, as they are after it.
    pub(crate) shown: Vec<Showing>,
    /// Marks of the batch.
    pub(crate) marked: Vec<Mark>,
    open_sittings: Open<Sitter>,
    open_showings: Open<Shown>,
}

/// Where in the list of new rows those stand that are still open.
type Open<Key> = HashMap<Key, Vec<usize>>;

impl Exposure {
    pub(crate) fn add(&mut self, change: &Change) {
        match change {
            Change::Sat(sitting) => {
                note(&mut self.open_sittings, (sitting.case, sitting.person), self.sat.len());
                self.sat.push(sitting.clone());
            }
            Change::Stood { case, person, at, source } => {
                let (sitter, end) = ((*case, *person), (*at, *source));
                // After the first end nothing of before the batch is open any more.
                self.stood.entry(sitter).or_insert(end);
                for number in self.open_sittings.remove(&sitter).unwrap_or_default() {
                    self.sat[number].ended = Some(end);
                }
            }
            Change::Shown(showing) => {
                note(&mut self.open_showings, (showing.case, showing.item, showing.place), self.shown.len());
                self.shown.push(showing.clone());
            }
            Change::Hidden { case, item, place, at, source, denial } => {
                let (shown, end) = ((*case, *item, *place), (*at, *source, *denial));
                self.hidden.entry(shown).or_insert(end);
                for number in self.open_showings.remove(&shown).unwrap_or_default() {
                    self.shown[number].ended = Some(end);
                }
            }
            Change::Marked(mark) => self.marked.push(mark.clone()),
        }
    }
}

fn note<Key: Eq + Hash>(open: &mut Open<Key>, key: Key, number: usize) {
    open.entry(key).or_default().push(number);
}

#[cfg(test)]
mod tests {
    use entente_domain::Seat;
    use entente_domain::visibility::Grant;
    use uuid::Uuid;

    use super::*;

    const CASE: CaseId = CaseId(Uuid::from_u128(1));
    const ITEM: ItemId = ItemId(Uuid::from_u128(2));
    const PERSON: PersonId = PersonId(Uuid::from_u128(3));
    const PLACE: Place = Place { seat: Seat::Claimant, tenure: 0 };

    fn by(position: u64) -> Source {
        Source { position, recorded: Timestamp::UNIX_EPOCH }
    }

    fn showing(position: u64, ended: Option<u64>) -> Showing {
        let ended = ended.map(|position| (Timestamp::UNIX_EPOCH, by(position), Denial::NotInAudience));
        let (from, opened, grant) = (Timestamp::UNIX_EPOCH, by(position), Grant::OwnCaucus);
        Showing { case: CASE, item: ITEM, place: PLACE, from, opened, grant, ended }
    }

    fn shown(position: u64) -> Change {
        Change::Shown(showing(position, None))
    }

    fn hidden(position: u64) -> Change {
        let (at, source, denial) = (Timestamp::UNIX_EPOCH, by(position), Denial::NotInAudience);
        Change::Hidden { case: CASE, item: ITEM, place: PLACE, at, source, denial }
    }

    fn sitting(position: u64, ended: Option<u64>) -> Sitting {
        let ended = ended.map(|position| (Timestamp::UNIX_EPOCH, by(position)));
        let (from, opened) = (Timestamp::UNIX_EPOCH, by(position));
        Sitting { case: CASE, person: PERSON, place: PLACE, from, opened, ended }
    }

    fn stood(position: u64) -> Change {
        Change::Stood { case: CASE, person: PERSON, at: Timestamp::UNIX_EPOCH, source: by(position) }
    }

    fn after(changes: &[Change]) -> Exposure {
        let mut exposure = Exposure::default();
        changes.iter().for_each(|change| exposure.add(change));
        exposure
    }

    #[test]
    fn what_is_shown_and_hidden_is_one_row() {
        assert_eq!(after(&[shown(5), hidden(6)]).shown, [showing(5, Some(6))]);
    }

    #[test]
    fn what_is_hidden_first_and_shown_then_stays_open() {
        let exposure = after(&[hidden(5), shown(5)]);
        assert_eq!(exposure.hidden.values().map(|(_, source, _)| *source).collect::<Vec<_>>(), [by(5)]);
        assert_eq!(exposure.shown, [showing(5, None)]);
    }

    #[test]
    fn each_hiding_ends_what_is_open_then_and_nothing_that_ended_before() {
        let exposure = after(&[hidden(4), shown(5), hidden(6), hidden(7), shown(8), hidden(9), shown(9)]);
        assert_eq!(exposure.hidden.values().map(|(_, source, _)| *source).collect::<Vec<_>>(), [by(4)]);
        assert_eq!(exposure.shown, [showing(5, Some(6)), showing(8, Some(9)), showing(9, None)]);
    }

    #[test]
    fn who_stands_and_sits_again_has_two_sittings() {
        let sat = |position| Change::Sat(sitting(position, None));
        let exposure = after(&[sat(1), stood(2), sat(3)]);
        assert_eq!(exposure.sat, [sitting(1, Some(2)), sitting(3, None)]);
        assert_eq!(exposure.stood.len(), 1, "in case somebody sat there before the batch");
    }
}

//! What a batch of changes comes to: each row at most once, so that it can be written set by set.

use std::collections::{BTreeMap, BTreeSet};

use entente_application::ports::Change;
use entente_domain::{CaseId, ItemId, PersonId};
use entente_projections::facts::Fact;
use entente_projections::{caseload, inbox};
use uuid::Uuid;

use crate::exposure_changes::Exposure;

/// The outcome of changes in their order, to be written in the order of these fields.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Net {
    /// Rows of before the batch that were opened in it.
    pub(crate) opened: BTreeSet<(PersonId, ItemId)>,
    /// Cases whose rows of before the batch are gone.
    pub(crate) replaced: BTreeSet<CaseId>,
    /// Inbox rows as they are after the batch.
    pub(crate) put: BTreeMap<(PersonId, ItemId), inbox::Row>,
    /// Occupants of the replaced cases.
    pub(crate) seated: BTreeMap<CaseId, Vec<inbox::Seated>>,
    /// Caseload rows as they are after the batch.
    pub(crate) cases: BTreeMap<CaseId, caseload::Row>,
    /// Who could see what.
    pub(crate) exposure: Exposure,
    /// What figures count, as it is after the batch.
    pub(crate) facts: BTreeMap<Uuid, Fact>,
}

impl Net {
    pub(crate) fn of(changes: &[Change]) -> Self {
        let mut net = Self::default();
        for change in changes {
            match change {
                Change::Inbox(inbox::Change::Put(row)) => {
                    net.put.insert((row.person, row.item), row.clone());
                }
                Change::Inbox(inbox::Change::Opened { person, item }) => net.open(*person, *item),
                Change::Inbox(inbox::Change::Replace { case, rows, seated }) => net.replace(*case, rows, seated),
                Change::Caseload(row) => {
                    net.cases.insert(row.case, row.clone());
                }
                Change::Exposure(change) => net.exposure.add(change),
                Change::Fact(fact) => {
                    net.facts.insert(fact.pseudonym, fact.as_ref().clone());
                }
            }
        }
        net
    }

    fn open(&mut self, person: PersonId, item: ItemId) {
        if let Some(row) = self.put.get_mut(&(person, item)) {
            row.opened = true;
        } else {
            self.opened.insert((person, item));
        }
    }

    fn replace(&mut self, case: CaseId, rows: &[inbox::Row], seated: &[inbox::Seated]) {
        self.put.retain(|_, row| row.case != case);
        self.put.extend(rows.iter().map(|row| ((row.person, row.item), row.clone())));
        self.seated.insert(case, seated.to_vec());
        self.replaced.insert(case);
    }
}

#[cfg(test)]
mod tests {
    use entente_domain::Seat;
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    const READER: PersonId = PersonId(Uuid::from_u128(1));
    const CASE: CaseId = CaseId(Uuid::from_u128(2));

    fn item(number: u128) -> ItemId {
        ItemId(Uuid::from_u128(number))
    }

    fn row(number: u128) -> inbox::Row {
        inbox::Row { person: READER, at: Timestamp::UNIX_EPOCH, item: item(number), case: CASE, opened: false }
    }

    fn net(changes: impl IntoIterator<Item = inbox::Change>) -> Net {
        Net::of(&changes.into_iter().map(Change::Inbox).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_put_and_opened_is_written_once() {
        let net = net([inbox::Change::Put(row(7)), inbox::Change::Opened { person: READER, item: item(7) }]);
        assert_eq!(net.put.into_values().collect::<Vec<_>>(), [inbox::Row { opened: true, ..row(7) }]);
        assert!(net.opened.is_empty());
    }

    #[test]
    fn what_was_put_before_the_batch_is_opened_in_the_table() {
        let net = net([inbox::Change::Opened { person: READER, item: item(7) }]);
        assert_eq!(net.opened, BTreeSet::from([(READER, item(7))]));
    }

    #[test]
    fn replacing_a_case_forgets_what_was_put_in_it_before_and_keeps_what_comes_after() {
        let seated =
            vec![inbox::Seated { person: READER, since: Timestamp::UNIX_EPOCH, case: CASE, seat: Seat::Mediator }];
        let net = net([
            inbox::Change::Put(row(7)),
            inbox::Change::Replace { case: CASE, rows: vec![row(8)], seated: seated.clone() },
            inbox::Change::Put(row(9)),
        ]);
        assert_eq!(net.put.into_values().collect::<Vec<_>>(), [row(8), row(9)]);
        assert_eq!(net.seated, BTreeMap::from([(CASE, seated)]));
        assert_eq!(net.replaced, BTreeSet::from([CASE]));
    }
}

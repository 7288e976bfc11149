//! What is kept for the audit: who was alerted (B13), and whether a camp lets auditors read what it has confided.

use std::collections::BTreeSet;

use crate::case::decide::{Decision, events};
use crate::command::RecordAlert;
use crate::event::{AuditAccessGranted, AuditAccessRevoked, PersonAlerted};
#[cfg(feature = "leaks")]
use crate::leaks::{Leak, seeded};
use crate::visibility;
use crate::{By, Case, Issued, ItemId};

impl Case {
    /// Only what the person can see now, did not make and was not alerted to before: a letter that was under way when an
    /// item was hidden has told of the others alone.
    pub(crate) fn record_alert(&self, ask: &RecordAlert, issued: &Issued, by: By) -> Decision {
        by.must_be_clock()?;
        let is_new = |id: &ItemId| {
            self.items.get(id).is_some_and(|item| {
                item.author != ask.person
                    && !item.alerted.contains_key(&ask.person)
                    && visibility::could_see(self, ask.person, *id, issued.at)
            })
        };
        #[cfg(feature = "leaks")]
        let is_new = |id: &ItemId| is_new(id) || (seeded(Leak::AlertsOfTheHidden) && self.items.contains_key(id));
        let items: BTreeSet<ItemId> = ask.items.iter().copied().filter(is_new).collect();
        if items.is_empty() {
            return Ok(events![]);
        }
        #[cfg(feature = "leaks")]
        if seeded(Leak::AlertForEachItem) {
            let items: Vec<ItemId> = items.into_iter().collect();
            let alert = |_| PersonAlerted { person: ask.person, items: items.clone() }.into();
            return Ok(ask.items.iter().filter(|item| self.items.contains_key(item)).map(alert).collect());
        }
        Ok(events![PersonAlerted { person: ask.person, items: items.into_iter().collect() }])
    }

    /// At any time, also after closing: audits are made when all is over.
    pub(crate) fn grant_audit_access(&self, by: By) -> Decision {
        let camp = self.mandate(by)?;
        if self.audit_access.contains(&camp) {
            return Ok(events![]);
        }
        Ok(events![AuditAccessGranted { camp }])
    }

    pub(crate) fn revoke_audit_access(&self, by: By) -> Decision {
        let camp = self.mandate(by)?;
        if !self.audit_access.contains(&camp) {
            return Ok(events![]);
        }
        Ok(events![AuditAccessRevoked { camp }])
    }
}

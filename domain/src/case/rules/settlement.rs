//! Drafts and signatures: both camps sign the same text, or there is no settlement.

use super::table::new_item;
use crate::case::decide::{Decision, events};
use crate::case::state::Settlement;
use crate::command::{DeclineSettlement, ProposeSettlement, SignSettlement};
use crate::event::{
    Draft, Outcome, SettlementDeclined, SettlementProposed, SettlementReached, SettlementScope, SettlementSigned,
    TextDigest,
};
use crate::{By, Case, CaseError, Issued, ItemId};

impl Case {
    pub(crate) fn propose_settlement(&self, ask: &ProposeSettlement, issued: &Issued, by: By) -> Decision {
        by.at_table()?;
        self.can_post()?;
        let draft = Draft { text: ask.text.clone(), salt: issued.entropy };
        Ok(events![SettlementProposed {
            item: new_item(issued),
            digest: TextDigest::of(draft.salt, &draft.text),
            scope: ask.scope,
            draft: draft.into(),
        }])
    }

    pub(crate) fn sign_settlement(&self, ask: &SignSettlement, issued: &Issued, by: By) -> Decision {
        let camp = by.camp()?;
        let draft = self.draft(ask.item, issued, by)?;
        // Only who binds the company signs for it.
        self.mandate(by)?;
        if draft.signed.contains(&camp) && draft.digest == ask.digest {
            return Ok(events![]);
        }
        self.can_post()?;
        if draft.declined.is_some() {
            return Err(CaseError::DraftDeclined);
        }
        if draft.digest != ask.digest {
            return Err(CaseError::DigestMismatch);
        }
        let mut happened = events![SettlementSigned { item: ask.item, camp, digest: ask.digest.clone() }];
        if draft.signed.contains(&camp.other()) {
            let outcome = match draft.scope {
                SettlementScope::Whole => Outcome::Settled,
                SettlementScope::Part => Outcome::PartlySettled,
            };
            happened.push(SettlementReached { item: ask.item, scope: draft.scope }.into());
            happened.push(self.closed(outcome, issued).into());
        }
        Ok(happened)
    }

    pub(crate) fn decline_settlement(&self, ask: &DeclineSettlement, issued: &Issued, by: By) -> Decision {
        let camp = by.camp()?;
        let draft = self.draft(ask.item, issued, by)?;
        self.mandate(by)?;
        if draft.declined.is_some() {
            return Ok(events![]);
        }
        self.can_post()?;
        if draft.signed.contains(&camp) {
            return Err(CaseError::AlreadySigned);
        }
        Ok(events![SettlementDeclined { item: ask.item, camp }])
    }

    fn draft(&self, item: ItemId, issued: &Issued, by: By) -> Result<&Settlement, CaseError> {
        self.visible_item(item, issued, by)?;
        self.settlements.get(&item).ok_or(CaseError::NotFound)
    }
}

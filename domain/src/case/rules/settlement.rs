//! Drafts and signatures: both camps sign the same text, or there is no settlement.

use super::table::new_item;
use crate::case::decide::{Decision, events};
use crate::case::state::Settlement;
use crate::command::{DeclineSettlement, LapseSettlement, ProposeSettlement, SignSettlement};
use crate::event::{
    Draft, Outcome, SettlementDeclined, SettlementLapsed, SettlementProposed, SettlementReached, SettlementScope,
    SettlementSigned, TextDigest,
};
use crate::{By, Camp, Case, CaseError, Issued, ItemId, Phase};

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
        self.may_still_be_signed(ask.item, draft, issued)?;
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
        self.may_still_be_signed(ask.item, draft, issued)?;
        Ok(events![SettlementDeclined { item: ask.item, camp }])
    }

    pub(crate) fn lapse_settlement(&self, ask: &LapseSettlement, issued: &Issued, by: By) -> Decision {
        by.must_be_clock()?;
        let draft = self.settlements.get(&ask.item).ok_or(CaseError::NotFound)?;
        let is_moot = draft.lapsed || draft.declined.is_some() || draft.signed.len() == Camp::BOTH.len();
        if is_moot || !matches!(self.phase, Phase::Open | Phase::Suspended) {
            return Ok(events![]);
        }
        match self.signature_until(ask.item) {
            Some(until) if until <= issued.at => Ok(events![SettlementLapsed { item: ask.item }]),
            Some(_) => Err(CaseError::NotDue),
            None => Ok(events![]),
        }
    }

    /// Over is over, even before the clock has said so.
    fn may_still_be_signed(&self, item: ItemId, draft: &Settlement, issued: &Issued) -> Result<(), CaseError> {
        let is_over = self.signature_until(item).is_some_and(|until| until <= issued.at);
        if draft.lapsed || is_over { Err(CaseError::DraftLapsed) } else { Ok(()) }
    }

    fn draft(&self, item: ItemId, issued: &Issued, by: By) -> Result<&Settlement, CaseError> {
        self.visible_item(item, issued, by)?;
        self.settlements.get(&item).ok_or(CaseError::NotFound)
    }
}

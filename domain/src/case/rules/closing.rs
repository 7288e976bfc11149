//! Stopping, and what may still be said afterwards (B6).

use crate::case::decide::{Decision, events};
use crate::command::Withdraw;
use crate::event::{
    CaseClosed, LaterSettlementConfirmed, NoAgreementReported, Outcome, PartyWithdrew, Reason, SettledAfterwards,
};
use crate::{By, Case, CaseError, Issued, Seat};

impl Case {
    pub(crate) fn withdraw(&self, ask: &Withdraw, issued: &Issued, by: By) -> Decision {
        let camp = by.camp()?;
        // B6: from every state but closed, and without a reason.
        self.not_closed()?;
        let reason = ask.reason.as_ref().map(|said| Reason { readers: said.readers, text: said.text.clone().into() });
        Ok(events![PartyWithdrew { camp, reason }, self.closed(Outcome::Withdrawn, issued)])
    }

    pub(crate) fn report_no_agreement(&self, issued: &Issued, by: By) -> Decision {
        by.must_be(Seat::Mediator)?;
        self.not_closed()?;
        Ok(events![NoAgreementReported {}, self.closed(Outcome::NoAgreement, issued)])
    }

    pub(crate) fn record_later_settlement(&self, issued: &Issued, by: By) -> Decision {
        let camp = self.mandate(by)?;
        let closing = self.closing.ok_or(CaseError::NotClosed)?;
        // Only a mediation can be without agreement: declined and lapsed requests never were one.
        let without_agreement = matches!(
            closing.outcome,
            Outcome::NoAgreement | Outcome::Withdrawn | Outcome::Expired | Outcome::MediatorUnavailable
        );
        if !without_agreement || !self.has_table() {
            return Err(CaseError::NothingLeftToSettle);
        }
        if self.settled_later.contains(&camp) {
            return Ok(events![]);
        }
        if issued.at >= self.rule_set.rules().later_settlement_until(closing.at) {
            return Err(CaseError::TooLate);
        }
        let mut happened = events![LaterSettlementConfirmed { camp }];
        if self.settled_later.contains(&camp.other()) {
            happened.push(SettledAfterwards {}.into());
        }
        Ok(happened)
    }

    /// The event that ends the case; each caller has made sure that it is the only one.
    pub(super) fn closed(&self, outcome: Outcome, issued: &Issued) -> CaseClosed {
        CaseClosed { outcome, return_until: self.rule_set.rules().return_until(issued.at) }
    }

    pub(super) fn not_closed(&self) -> Result<(), CaseError> {
        if self.closing.is_some() { Err(CaseError::AlreadyClosed) } else { Ok(()) }
    }
}

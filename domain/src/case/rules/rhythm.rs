//! Channel, pauses and the length of a mediation (B15, 2-domain §4).

use crate::calendar;
use crate::case::decide::{Decision, events};
use crate::command::{ExtendTerm, RecordOfflineExchange, SwitchChannel};
use crate::event::{
    CaseResumed, CaseSuspended, Channel, ChannelSwitched, OfflineExchangeRecorded, Outcome, TermExpired, TermExtended,
    TermExtensionAgreed,
};
use crate::{Audience, By, Case, CaseError, Issued, Phase, Seat};

impl Case {
    pub(crate) fn switch_channel(&self, ask: &SwitchChannel, by: By) -> Decision {
        self.keeps_the_record(by)?;
        self.not_closed()?;
        if self.channel == ask.channel {
            return Ok(events![]);
        }
        Ok(events![ChannelSwitched { channel: ask.channel }])
    }

    pub(crate) fn record_offline_exchange(&self, ask: &RecordOfflineExchange, issued: &Issued, by: By) -> Decision {
        let seat = self.keeps_the_record(by)?;
        self.not_closed()?;
        if !self.has_table() {
            return Err(CaseError::NotOpen);
        }
        if ask.channel == Channel::Online {
            return Err(CaseError::NotOffline);
        }
        // A call between the mediator and one camp is a caucus: the centre neither hears of it nor records it.
        let allowed = match seat {
            Seat::Mediator => ask.audience.seats().len() > 1,
            Seat::Claimant | Seat::Respondent | Seat::Centre => ask.audience == Audience::Joint,
        };
        if !allowed {
            return Err(CaseError::AudienceNotAllowed);
        }
        if ask.began > issued.at {
            return Err(CaseError::InTheFuture);
        }
        Ok(events![OfflineExchangeRecorded {
            channel: ask.channel,
            audience: ask.audience,
            began: ask.began,
            minutes: ask.minutes,
        }])
    }

    pub(crate) fn suspend(&self, by: By) -> Decision {
        by.at_table()?;
        match self.can_post() {
            Ok(()) => Ok(events![CaseSuspended {}]),
            Err(CaseError::Suspended) => Ok(events![]),
            Err(refusal) => Err(refusal),
        }
    }

    pub(crate) fn resume(&self, by: By) -> Decision {
        by.at_table()?;
        match self.can_post() {
            Err(CaseError::Suspended) => Ok(events![CaseResumed {}]),
            Ok(()) => Ok(events![]),
            Err(refusal) => Err(refusal),
        }
    }

    pub(crate) fn extend_term(&self, ask: &ExtendTerm, issued: &Issued, by: By) -> Decision {
        let seat = by.at_table()?;
        self.not_closed()?;
        let due = self.term_due.ok_or(CaseError::NotOpen)?;
        // Over is over, even before the clock has said so.
        if issued.at >= due {
            return Err(CaseError::TooLate);
        }
        let until = calendar::end_of_working_day(ask.until);
        if until == due {
            return Ok(events![]);
        }
        if until < due {
            return Err(CaseError::NotLonger);
        }
        if self.extension.get(&seat) == Some(&until) {
            return Ok(events![]);
        }
        let mut happened = events![TermExtensionAgreed { seat, until }];
        let agreed = [Seat::Claimant, Seat::Respondent, Seat::Mediator]
            .into_iter()
            .all(|other| other == seat || self.extension.get(&other) == Some(&until));
        if agreed {
            happened.push(TermExtended { until }.into());
        }
        Ok(happened)
    }

    pub(crate) fn expire_term(&self, issued: &Issued, by: By) -> Decision {
        by.must_be_clock()?;
        match (self.phase, self.term_due) {
            (Phase::Open | Phase::Suspended, Some(due)) if issued.at >= due => {
                Ok(events![TermExpired { due }, self.closed(Outcome::Expired, issued)])
            }
            (Phase::Open | Phase::Suspended, Some(_)) => Err(CaseError::NotDue),
            _ => Ok(events![]),
        }
    }

    fn keeps_the_record(&self, by: By) -> Result<Seat, CaseError> {
        match by.seat() {
            Some(seat @ (Seat::Mediator | Seat::Centre)) => Ok(seat),
            Some(Seat::Claimant | Seat::Respondent) | None => Err(CaseError::NotYourPart),
        }
    }
}

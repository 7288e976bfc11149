//! What runs out: every period of a case, from when until when, and what the clock has to do at its end.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::rule_set::Reminders;
use crate::state::Occupancy;
use crate::{Camp, Case, ItemId, PersonId, Phase, Seat, calendar};

/// A period that runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Due {
    /// The respondent's consent.
    Consent,
    /// A candidate's declaration of independence.
    Declaration,
    /// The mediator's appointment (B8).
    Appointment,
    /// The camps' right to challenge the mediator.
    Challenge,
    /// The end of the mediation's term.
    Term,
    /// The signatures under a draft.
    Signature,
    /// The time after closing in which each seat still reads what it could.
    ReturnWindow,
    /// The erasure of what has been kept long enough.
    Retention,
}

/// Whom or what of a case a period concerns, where there can be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Matter {
    /// A draft.
    Item(ItemId),
    /// A candidate, or the mediator.
    Person(PersonId),
}

/// A period that has begun and that nothing has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deadline {
    /// Which.
    pub kind: Due,
    /// When it began to run.
    pub since: Timestamp,
    /// When it is over: at this instant it is too late.
    pub due: Timestamp,
    /// Whom or what it concerns, if there can be several of the kind.
    pub about: Option<Matter>,
    /// When those concerned are reminded; none if the rules know no reminder, or if it would come before the period.
    pub reminder: Option<Timestamp>,
}

impl Deadline {
    /// Whether it is over at an instant.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.due <= at
    }
}

impl Case {
    /// Every period that runs, the soonest first. One that ends by itself stays here when it is over, as does what is overdue:
    /// the appointment until there is a mediator, the erasure until it is done.
    ///
    /// What a viewer may know of is what this says of a case folded from that viewer's own cut: it knows no draft and no
    /// candidate that the viewer does not.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let mut running = Vec::new();
        match self.phase {
            Phase::Invited => running.extend(self.consent_deadline()),
            Phase::Consented => {
                running.extend(self.declaration_deadline());
                running.extend(self.appointment_deadline());
            }
            Phase::Open | Phase::Suspended => {
                running.extend(self.declaration_deadline());
                running.extend(self.challenge_deadline());
                running.extend(self.term_deadline());
                running.extend(self.signature_deadlines());
            }
            Phase::Closed => running.extend(self.closed_deadlines()),
            Phase::Absent | Phase::Registered | Phase::Qualified | Phase::Erased => {}
        }
        running.sort_by_key(|deadline| (deadline.due, deadline.kind, deadline.about));
        running
    }

    /// The soonest period at whose end the clock has something to do.
    pub fn duty(&self) -> Option<Deadline> {
        self.deadlines().into_iter().find(|deadline| self.is_duty(deadline.kind))
    }

    /// What is due next, and when: the clock's work.
    pub fn due(&self) -> Option<(Due, Timestamp)> {
        self.duty().map(|deadline| (deadline.kind, deadline.due))
    }

    /// Whether the clock says something when a period of this kind is over, and has not said it yet.
    const fn is_duty(&self, kind: Due) -> bool {
        match kind {
            Due::Consent | Due::Declaration | Due::Term | Due::Signature => true,
            Due::Appointment => !self.appointment_missed,
            Due::Retention => !self.retention_noticed,
            // Rights that end by themselves: whoever uses one asks the time.
            Due::Challenge | Due::ReturnWindow => false,
        }
    }

    fn consent_deadline(&self) -> Option<Deadline> {
        let invited = self.seating.iter().find(|held| held.seat == Seat::Respondent)?.from;
        let reminder = |leads: Reminders, due| calendar::days_before(due, leads.consent_days);
        Some(self.deadline(Due::Consent, invited, self.consent_due?, reminder))
    }

    fn appointment_deadline(&self) -> Option<Deadline> {
        let (due, rules) = (self.appointment_due?, self.rule_set.rules());
        let since = hours_before(due, rules.appointment_hours);
        let reminder = |leads: Reminders, due| hours_before(due, leads.appointment_hours);
        Some(self.deadline(Due::Appointment, since, due, reminder))
    }

    fn declaration_deadline(&self) -> Option<Deadline> {
        let candidate = self.candidate().filter(|candidate| candidate.declared.is_none())?;
        let about = Some(Matter::Person(candidate.person));
        // The proposal itself tells the candidate of these few hours.
        Some(Deadline { kind: Due::Declaration, since: candidate.proposed, due: candidate.due?, about, reminder: None })
    }

    fn challenge_deadline(&self) -> Option<Deadline> {
        let mediator = self.mediator()?;
        let due = self.rule_set.rules().challenge_until(mediator.from)?;
        let about = Some(Matter::Person(mediator.person));
        // Nobody is pressed to challenge.
        Some(Deadline { kind: Due::Challenge, since: mediator.from, due, about, reminder: None })
    }

    fn term_deadline(&self) -> Option<Deadline> {
        // The table opened with the first mediator's appointment, and a longer term has run since then as well.
        let opened = self.seating.iter().find(|held: &&Occupancy| held.seat == Seat::Mediator)?.from;
        let reminder = |leads: Reminders, due| calendar::days_before(due, leads.term_days);
        Some(self.deadline(Due::Term, opened, self.term_due?, reminder))
    }

    fn signature_deadlines(&self) -> impl Iterator<Item = Deadline> {
        let open = self
            .settlements
            .iter()
            .filter(|(_, draft)| !draft.lapsed && draft.declined.is_none() && draft.signed.len() < Camp::BOTH.len());
        open.filter_map(|(id, _)| {
            let drafted = self.items.get(id)?.at;
            let due = self.signature_until(*id)?;
            let reminder = |leads: Reminders, due| calendar::days_before(due, leads.signature_days);
            let deadline = self.deadline(Due::Signature, drafted, due, reminder);
            Some(Deadline { about: Some(Matter::Item(*id)), ..deadline })
        })
    }

    /// Until when a draft may be signed, if the rules say.
    pub fn signature_until(&self, draft: ItemId) -> Option<Timestamp> {
        self.rule_set.rules().signature_until(self.items.get(&draft)?.at)
    }

    fn closed_deadlines(&self) -> impl Iterator<Item = Deadline> {
        self.closing.into_iter().flat_map(|closing| {
            let window = |leads: Reminders, due| calendar::days_before(due, leads.return_days);
            let kept = |leads: Reminders, due| calendar::days_before(due, leads.retention_days);
            let retention = self.retention_due().filter(|_| self.holds.is_empty());
            let retention = retention.map(|due| self.deadline(Due::Retention, closing.at, due, kept));
            let window = self.deadline(Due::ReturnWindow, closing.at, closing.return_until, window);
            [window].into_iter().chain(retention)
        })
    }

    fn deadline(
        &self,
        kind: Due,
        since: Timestamp,
        due: Timestamp,
        reminder: impl FnOnce(Reminders, Timestamp) -> Timestamp,
    ) -> Deadline {
        let reminder = self.rule_set.rules().reminders.map(|leads| reminder(leads, due));
        Deadline { kind, since, due, about: None, reminder: reminder.filter(|at| since < *at) }
    }
}

/// Elapsed time, whatever the calendar says.
fn hours_before(due: Timestamp, hours: u16) -> Timestamp {
    due.saturating_sub(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MIN)
}

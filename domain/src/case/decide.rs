//! Deciding and applying: every command by its rule, every event into the state.

use cqrs_es::{Aggregate, event_sink::EventSink};
use jiff::Timestamp;

use crate::event::{CaseEvent, Entry};
use crate::visibility::{self, Viewer};
use crate::{Actor, Ask, By, Camp, Case, CaseError, DiscussionId, Issued, PersonId, Phase, Seat};

/// What a rule answers: what is then true, nothing if it was true already, or a refusal.
pub(crate) type Decision = Result<Vec<CaseEvent>, CaseError>;

macro_rules! events {
    ($($event:expr),* $(,)?) => { vec![$($crate::CaseEvent::from($event)),*] };
}
pub(crate) use events;

impl Case {
    /// Answers a command.
    ///
    /// # Errors
    /// The refusal of the first rule that does not hold; the case is then as it was.
    pub fn decide(&self, issued: &Issued) -> Result<Vec<Entry>, CaseError> {
        let by = self.hand(issued)?;
        // Intervals and audiences are functions of time: an entry before the last would rewrite what could be seen.
        if self.last_at.is_some_and(|last| issued.at < last) {
            return Err(CaseError::OutOfOrder);
        }
        // Nothing happens any more to what is erased; a registration finds its id taken.
        if self.phase == Phase::Erased && !matches!(issued.ask, Ask::Register(_)) {
            return Err(CaseError::AlreadyErased);
        }
        let happened = self.rule(issued, by)?;
        Ok(happened.into_iter().map(|event| Entry { at: issued.at, by, event }).collect())
    }

    /// Which seat the asking hand has in this case; who has none is told nothing, not even that the case exists.
    fn hand(&self, issued: &Issued) -> Result<By, CaseError> {
        if let Ask::Register(_) = issued.ask {
            return match issued.by {
                Actor::Person(person) => Ok(By::Seat { seat: Seat::Claimant, person }),
                Actor::Staff(_) | Actor::Clock => Err(CaseError::NotYourPart),
            };
        }
        if self.phase == Phase::Absent {
            return Err(CaseError::NotFound);
        }
        let answers = matches!(issued.ask, Ask::DeclareIndependence(_) | Ask::RefuseAppointment(_));
        if let Some(candidate) = self.candidates_hand(issued).filter(|_| answers) {
            return Ok(candidate);
        }
        self.hand_at(issued.by, issued.at)
    }

    /// As [`Case::hand`], of somebody who is known to ask something of a case that is there.
    fn hand_at(&self, by: Actor, at: Timestamp) -> Result<By, CaseError> {
        match by {
            Actor::Clock => Ok(By::Clock),
            Actor::Person(person) => self.seated_hand(person, at),
            // Staff who sit, or sat, at this case act from that seat or not at all.
            Actor::Staff(person) if self.seating.iter().any(|held| held.person == person) => {
                self.seated_hand(person, at)
            }
            Actor::Staff(person) => Ok(By::Seat { seat: Seat::Centre, person }),
        }
    }

    /// Whether somebody may put a document into a discussion now, and from which seat: asked before its content is taken in.
    ///
    /// # Errors
    /// The refusal that the submission would meet.
    pub fn may_submit(&self, discussion: DiscussionId, by: Actor, at: Timestamp) -> Result<Seat, CaseError> {
        if self.phase == Phase::Absent {
            return Err(CaseError::NotFound);
        }
        let by = self.hand_at(by, at)?;
        let seat = by.at_table()?;
        self.addressed(discussion, at, by).map(|_| seat)
    }

    /// Who may not look any more may not act either, and is told the same.
    fn seated_hand(&self, person: PersonId, at: Timestamp) -> Result<By, CaseError> {
        let held = self.occupancy(person).ok_or(CaseError::NotFound)?;
        match visibility::vantage(self, Viewer::Person(person), at) {
            None if self.closing.is_some() => Err(CaseError::NotFound),
            // A clock that is behind another process's must not lock out who has just sat down.
            Some(_) | None => Ok(By::Seat { seat: held.seat, person }),
        }
    }

    fn rule(&self, issued: &Issued, by: By) -> Decision {
        match &issued.ask {
            Ask::Register(ask) => self.register(ask, issued),
            Ask::AnswerQuestionnaire(ask) => self.answer_questionnaire(ask, issued, by),
            Ask::DeclareInadmissible(ask) => self.declare_inadmissible(ask, issued, by),
            Ask::InviteRespondent(ask) => self.invite_respondent(ask, issued, by),
            Ask::GiveConsent(_) => self.give_consent(issued, by),
            Ask::Decline(_) => self.decline(issued, by),
            Ask::LapseInvitation(_) => self.lapse_invitation(issued, by),
            Ask::ProposeMediator(ask) => self.propose_mediator(ask, issued, by),
            Ask::DeclareIndependence(ask) => self.declare_independence(ask, issued, by),
            Ask::RefuseAppointment(_) => self.refuse_appointment(by),
            Ask::WithdrawProposal(_) => self.withdraw_proposal(by),
            Ask::LapseProposal(_) => self.lapse_proposal(issued, by),
            Ask::AppointMediator(ask) => self.appoint_mediator(ask, issued, by),
            Ask::RecordMissedAppointment(_) => self.record_missed_appointment(issued, by),
            Ask::DeclareMediatorUnavailable(_) => self.declare_mediator_unavailable(issued, by),
            Ask::ChallengeMediator(ask) => self.challenge_mediator(ask, issued, by),
            Ask::DecideChallenge(ask) => self.decide_challenge(ask, by),
            Ask::ResignMediator(_) => self.resign_mediator(by),
            Ask::ReleaseCaucus(_) => self.release_caucus(by),
            Ask::SeatRepresentative(ask) => self.seat_representative(ask, issued, by),
            Ask::UnseatRepresentative(ask) => self.unseat_representative(ask, issued, by),
            Ask::OpenDiscussion(ask) => self.open_discussion(ask, issued, by),
            Ask::PostMessage(ask) => self.post_message(ask, issued, by),
            Ask::SubmitDocument(ask) => self.submit_document(ask, issued, by),
            Ask::RestrictVisibility(ask) => self.restrict_visibility(ask, issued, by),
            Ask::AuthoriseDisclosure(ask) => self.authorise_disclosure(ask, issued, by),
            Ask::RevokeDisclosure(ask) => self.revoke_disclosure(ask, issued, by),
            Ask::Disclose(ask) => self.disclose(ask, issued, by),
            Ask::OpenItem(ask) => self.open_item(ask, issued, by),
            Ask::RecordAlert(ask) => self.record_alert(ask, issued, by),
            Ask::GrantAuditAccess(_) => self.grant_audit_access(by),
            Ask::RevokeAuditAccess(_) => self.revoke_audit_access(by),
            Ask::SwitchChannel(ask) => self.switch_channel(ask, by),
            Ask::RecordOfflineExchange(ask) => self.record_offline_exchange(ask, issued, by),
            Ask::Suspend(_) => self.suspend(by),
            Ask::Resume(_) => self.resume(by),
            Ask::ExtendTerm(ask) => self.extend_term(ask, issued, by),
            Ask::ProposeSettlement(ask) => self.propose_settlement(ask, issued, by),
            Ask::SignSettlement(ask) => self.sign_settlement(ask, issued, by),
            Ask::DeclineSettlement(ask) => self.decline_settlement(ask, issued, by),
            Ask::LapseSettlement(ask) => self.lapse_settlement(ask, issued, by),
            Ask::ReportNoAgreement(_) => self.report_no_agreement(issued, by),
            Ask::Withdraw(ask) => self.withdraw(ask, issued, by),
            Ask::ExpireTerm(_) => self.expire_term(issued, by),
            Ask::RecordLaterSettlement(_) => self.record_later_settlement(issued, by),
            Ask::PlaceHold(ask) => self.place_hold(ask, by),
            Ask::LiftHold(ask) => self.lift_hold(ask, by),
            Ask::ProposeErasure(ask) => self.propose_erasure(ask, issued, by),
            Ask::ApproveErasure(ask) => self.approve_erasure(ask, by),
            Ask::WithdrawErasure(ask) => self.withdraw_erasure(ask, by),
        }
    }
}

impl By {
    /// The camp acted for.
    pub(crate) fn camp(self) -> Result<Camp, CaseError> {
        self.seat().and_then(Seat::camp).ok_or(CaseError::NotYourPart)
    }

    /// A seat of the table: a camp or the mediator.
    pub(crate) fn at_table(self) -> Result<Seat, CaseError> {
        match self.seat() {
            Some(seat @ (Seat::Claimant | Seat::Respondent | Seat::Mediator)) => Ok(seat),
            Some(Seat::Centre) | None => Err(CaseError::NotYourPart),
        }
    }

    /// Exactly this seat.
    pub(crate) fn must_be(self, seat: Seat) -> Result<(), CaseError> {
        if self.seat() == Some(seat) { Ok(()) } else { Err(CaseError::NotYourPart) }
    }

    /// The clock and nobody else.
    pub(crate) fn must_be_clock(self) -> Result<(), CaseError> {
        if self == Self::Clock { Ok(()) } else { Err(CaseError::NotYourPart) }
    }
}

impl Aggregate for Case {
    const TYPE: &'static str = "case";
    type Command = Issued;
    type Event = Entry;
    type Error = CaseError;
    type Services = ();

    async fn handle(&mut self, command: Issued, (): &(), sink: &EventSink<Self>) -> Result<(), CaseError> {
        for entry in self.decide(&command)? {
            sink.write(entry, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, entry: Entry) {
        self.fold(&entry);
    }
}

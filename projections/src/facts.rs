//! The facts: one row a case, of dates and of what figures count; no content, no names, no mediator. Folded from the public
//! skeleton alone, so that erasure changes nothing of it.

use entente_domain::company::{AmountBand, Sector};
use entente_domain::event::{CaseEvent, Channel, Outcome};
use entente_domain::rule_set::RuleSet;
use entente_domain::{CaseId, Entry, Seat};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name under which builds of this projection are kept.
pub const NAME: &str = "facts";
/// Raised whenever the fold below would give other rows for the same events.
pub const VERSION: u32 = 1;

/// Something that a case has reached: when it was so, and which position of the log says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// When.
    pub at: Timestamp,
    /// The position of the log.
    pub position: u64,
}

/// A change of how the parties exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// The means from then on.
    pub channel: Channel,
    /// Since when.
    pub since: Milestone,
}

/// What is known of a case from its registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The rules that bind it.
    pub rule_set: RuleSet,
    /// The trade.
    pub sector: Sector,
    /// How much is in dispute.
    pub amount: AmountBand,
    /// Whether the two companies are of two countries (B3).
    pub cross_border: bool,
    /// The claimant, by an id that is always the same for the same company.
    pub claimant: Uuid,
    /// The respondent likewise.
    pub respondent: Uuid,
    /// When it was registered.
    pub registered: Milestone,
}

/// A case's facts, as far as the log had come: each is written once and never changes, so that the facts as of any earlier
/// position follow from today's ([`Fact::as_of`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The case, by an id that says nothing of it and is not the one at its table.
    pub pseudonym: Uuid,
    /// Its registration.
    pub filing: Filing,
    /// When the questionnaire was passed (B7).
    pub qualified: Option<Milestone>,
    /// When the respondent was invited.
    pub invited: Option<Milestone>,
    /// Until when the respondent could answer.
    pub invitation_due: Option<Timestamp>,
    /// When the respondent agreed (B4).
    pub consented: Option<Milestone>,
    /// Until when a mediator was to be appointed (B8).
    pub appointment_due: Option<Timestamp>,
    /// When the first mediator was appointed.
    pub appointed: Option<Milestone>,
    /// When the claimant's side first put something on the table, for whomever.
    pub claimant_item: Option<Milestone>,
    /// When the respondent's side did.
    pub respondent_item: Option<Milestone>,
    /// How the parties exchanged, in order; on line before the first.
    pub channels: Vec<Switch>,
    /// When an exchange away from the table was first recorded (B15).
    pub offline_exchange: Option<Milestone>,
    /// When it closed.
    pub closed: Option<Milestone>,
    /// How.
    pub outcome: Option<Outcome>,
    /// When both said that they settled after all.
    pub settled_later: Option<Milestone>,
}

/// The ids under which a case and its companies are counted; they follow from the ids of the log by a secret.
pub trait Pseudonyms {
    /// A case's.
    fn case(&self, case: CaseId) -> Uuid;
    /// A company's.
    fn company(&self, company: entente_domain::CompanyId) -> Uuid;
}

/// A case's row in the making: none before it is registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    fact: Option<Fact>,
    changed: bool,
}

impl Row {
    /// Takes an entry into account.
    pub fn fold(&mut self, case: CaseId, position: u64, entry: &Entry, names: &impl Pseudonyms) {
        let here = Milestone { at: entry.at, position };
        let CaseEvent::Registered(event) = &entry.event else {
            self.changed = self.fact.as_mut().is_some_and(|fact| fact.fold(here, entry));
            return;
        };
        self.changed = self.fact.is_none();
        self.fact.get_or_insert_with(|| {
            let filing = Filing {
                rule_set: event.rule_set,
                sector: event.sector,
                amount: event.amount,
                cross_border: event.claimant.country != event.respondent.country,
                claimant: names.company(event.claimant.id),
                respondent: names.company(event.respondent.id),
                registered: here,
            };
            Fact::new(names.case(case), filing)
        });
    }

    /// The row, if the last entry changed it.
    pub fn changed(&self) -> Option<&Fact> {
        self.fact.as_ref().filter(|_| self.changed)
    }
}

impl Fact {
    /// A case that was registered, and nothing else.
    pub const fn new(pseudonym: Uuid, filing: Filing) -> Self {
        Self {
            pseudonym,
            filing,
            qualified: None,
            invited: None,
            invitation_due: None,
            consented: None,
            appointment_due: None,
            appointed: None,
            claimant_item: None,
            respondent_item: None,
            channels: Vec::new(),
            offline_exchange: None,
            closed: None,
            outcome: None,
            settled_later: None,
        }
    }

    fn fold(&mut self, here: Milestone, entry: &Entry) -> bool {
        match &entry.event {
            CaseEvent::QuestionnairePassed(_) => first(&mut self.qualified, here),
            CaseEvent::RespondentInvited(event) => {
                self.invitation_due.get_or_insert(event.due);
                first(&mut self.invited, here)
            }
            CaseEvent::ConsentGiven(event) => {
                self.appointment_due.get_or_insert(event.appointment_due);
                first(&mut self.consented, here)
            }
            CaseEvent::MediatorAppointed(_) => first(&mut self.appointed, here),
            CaseEvent::MessagePosted(_)
            | CaseEvent::DocumentSubmitted(_)
            | CaseEvent::SettlementProposed(_)
            | CaseEvent::ItemDisclosed(_) => match entry.by.seat() {
                Some(Seat::Claimant) => first(&mut self.claimant_item, here),
                Some(Seat::Respondent) => first(&mut self.respondent_item, here),
                Some(Seat::Mediator | Seat::Centre) | None => false,
            },
            CaseEvent::ChannelSwitched(event) => {
                self.channels.push(Switch { channel: event.channel, since: here });
                true
            }
            CaseEvent::OfflineExchangeRecorded(_) => first(&mut self.offline_exchange, here),
            CaseEvent::CaseClosed(event) => {
                self.outcome.get_or_insert(event.outcome);
                first(&mut self.closed, here)
            }
            CaseEvent::SettledAfterwards(_) => first(&mut self.settled_later, here),
            // Taken in above, or nothing that a figure counts.
            CaseEvent::Registered(_)
            | CaseEvent::QuestionnaireAnswered(_)
            | CaseEvent::QuestionnaireFailed(_)
            | CaseEvent::RequestRejected(_)
            | CaseEvent::ConsentDeclined(_)
            | CaseEvent::InvitationLapsed(_)
            | CaseEvent::AppointmentDeadlineMissed(_)
            | CaseEvent::MediatorProposed(_)
            | CaseEvent::IndependenceDeclared(_)
            | CaseEvent::AppointmentRefused(_)
            | CaseEvent::ProposalLapsed(_)
            | CaseEvent::ProposalWithdrawn(_)
            | CaseEvent::TableOpened(_)
            | CaseEvent::MediatorUnavailabilityDeclared(_)
            | CaseEvent::MediatorChallenged(_)
            | CaseEvent::ChallengeUpheld(_)
            | CaseEvent::ChallengeRejected(_)
            | CaseEvent::TenureEnded(_)
            | CaseEvent::CaucusReleased(_)
            | CaseEvent::RepresentativeSeated(_)
            | CaseEvent::RepresentativeUnseated(_)
            | CaseEvent::DiscussionOpened(_)
            | CaseEvent::VisibilityRestricted(_)
            | CaseEvent::DisclosureAuthorised(_)
            | CaseEvent::DisclosureRevoked(_)
            | CaseEvent::ItemOpened(_)
            | CaseEvent::PersonAlerted(_)
            | CaseEvent::AuditAccessGranted(_)
            | CaseEvent::AuditAccessRevoked(_)
            | CaseEvent::CaseSuspended(_)
            | CaseEvent::CaseResumed(_)
            | CaseEvent::TermExtensionAgreed(_)
            | CaseEvent::TermExtended(_)
            | CaseEvent::SettlementSigned(_)
            | CaseEvent::SettlementDeclined(_)
            | CaseEvent::SettlementLapsed(_)
            | CaseEvent::SettlementReached(_)
            | CaseEvent::NoAgreementReported(_)
            | CaseEvent::PartyWithdrew(_)
            | CaseEvent::TermExpired(_)
            | CaseEvent::LaterSettlementConfirmed(_)
            | CaseEvent::HoldPlaced(_)
            | CaseEvent::HoldLifted(_)
            | CaseEvent::ErasureProposed(_)
            | CaseEvent::ErasureApproved(_)
            | CaseEvent::ErasureWithdrawn(_)
            | CaseEvent::ItemErased(_)
            | CaseEvent::PersonErased(_)
            | CaseEvent::CaseErased(_) => false,
        }
    }

    /// The facts as the log had them at a position; none if the case was not registered then.
    pub fn as_of(mut self, position: u64) -> Option<Self> {
        let known = |reached: Option<Milestone>| reached.filter(|reached| reached.position <= position);
        if self.filing.registered.position > position {
            return None;
        }
        self.qualified = known(self.qualified);
        self.invited = known(self.invited);
        self.invitation_due = self.invitation_due.filter(|_| self.invited.is_some());
        self.consented = known(self.consented);
        self.appointment_due = self.appointment_due.filter(|_| self.consented.is_some());
        self.appointed = known(self.appointed);
        self.claimant_item = known(self.claimant_item);
        self.respondent_item = known(self.respondent_item);
        self.channels.retain(|switch| switch.since.position <= position);
        self.offline_exchange = known(self.offline_exchange);
        self.closed = known(self.closed);
        self.outcome = self.outcome.filter(|_| self.closed.is_some());
        self.settled_later = known(self.settled_later);
        Some(self)
    }

    /// When the parties first left the table for other means.
    pub fn left_online(&self) -> Option<Milestone> {
        self.channels.iter().find(|switch| switch.channel != Channel::Online).map(|switch| switch.since)
    }
}

/// Keeps the first; true if this is it.
const fn first(reached: &mut Option<Milestone>, here: Milestone) -> bool {
    let is_first = reached.is_none();
    if is_first {
        *reached = Some(here);
    }
    is_first
}

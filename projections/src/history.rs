//! A case's history as an auditor replays it: every entry, in words, without content.

use entente_domain::event::CaseEvent;
use entente_domain::{By, Entry, EventKind, PersonId, Seat};
use jiff::Timestamp;
use serde::Serialize;

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// Its place in the log.
    pub position: u64,
    /// Its number in the case's stream.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// From which seat; none for the clock, and for who is asked to mediate.
    pub seat: Option<Seat>,
    /// Who; none for the clock.
    pub person: Option<PersonId>,
    /// What.
    pub event: EventKind,
    /// The public skeleton of it: ids, audiences, dates, digests; never content.
    pub facts: Vec<Fact>,
}

/// One public fact of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// The line of an entry at a place.
pub fn line(position: u64, sequence: u64, entry: &Entry) -> Line {
    let (seat, person) = match entry.by {
        By::Seat { seat, person } => (Some(seat), Some(person)),
        By::Candidate { person } => (None, Some(person)),
        By::Clock => (None, None),
    };
    Line { position, sequence, at: entry.at, seat, person, event: entry.event.kind(), facts: facts(&entry.event) }
}

macro_rules! facts {
    ($($name:literal: $value:expr),* $(,)?) => { vec![$(Fact { name: $name, value: word(&$value) }),*] };
}

fn facts(event: &CaseEvent) -> Vec<Fact> {
    match event {
        CaseEvent::Registered(e) => facts![
            "rule set": e.rule_set, "claimant": e.claimant.id, "claimant country": e.claimant.country,
            "respondent": e.respondent.id, "respondent country": e.respondent.country,
            "sector": e.sector, "amount": e.amount,
        ],
        CaseEvent::QuestionnaireAnswered(e) => facts!["version": e.version],
        CaseEvent::QuestionnairePassed(e) => facts!["version": e.version],
        CaseEvent::QuestionnaireFailed(e) => facts!["version": e.version],
        CaseEvent::RequestRejected(e) => facts!["ground": e.ground],
        CaseEvent::RespondentInvited(e) => facts!["person": e.person, "due": e.due],
        CaseEvent::ConsentGiven(e) => facts!["appointment due": e.appointment_due],
        CaseEvent::InvitationLapsed(e) => facts!["due": e.due],
        CaseEvent::AppointmentDeadlineMissed(e) => facts!["due": e.due],
        CaseEvent::MediatorProposed(e) => {
            let mut facts = facts!["person": e.candidate.person];
            facts.extend(e.due.iter().flat_map(|due| facts!["due": due]));
            facts
        }
        CaseEvent::IndependenceDeclared(e) => facts!["person": e.candidate],
        CaseEvent::AppointmentRefused(e) => facts!["person": e.candidate],
        CaseEvent::ProposalLapsed(e) => facts!["person": e.candidate],
        CaseEvent::ProposalWithdrawn(e) => facts!["person": e.candidate],
        CaseEvent::MediatorChallenged(e) => facts!["tenure": e.tenure, "camp": e.camp],
        CaseEvent::ChallengeUpheld(e) => facts!["tenure": e.tenure],
        CaseEvent::ChallengeRejected(e) => facts!["tenure": e.tenure],
        CaseEvent::SettlementLapsed(e) => facts!["item": e.item],
        CaseEvent::MediatorAppointed(e) => facts!["person": e.mediator.person, "tenure": e.tenure],
        CaseEvent::TableOpened(e) => facts!["term due": e.term_due],
        CaseEvent::TenureEnded(e) => facts!["tenure": e.tenure],
        CaseEvent::CaucusReleased(e) => facts!["camp": e.camp, "tenure": e.tenure],
        CaseEvent::RepresentativeSeated(e) => {
            facts!["camp": e.camp, "person": e.contact.person, "capacity": e.capacity]
        }
        CaseEvent::RepresentativeUnseated(e) => facts!["camp": e.camp, "person": e.person, "left": e.left],
        CaseEvent::DiscussionOpened(e) => facts!["discussion": e.discussion, "audience": e.audience],
        CaseEvent::MessagePosted(e) => facts!["item": e.item, "audience": e.audience],
        CaseEvent::DocumentSubmitted(e) => facts!["item": e.item, "audience": e.audience, "class": e.class],
        CaseEvent::VisibilityRestricted(e) => {
            facts![
                "item": e.item, "audience": e.audience, "seen before": e.seen_before,
                "alerted before": e.alerted_before,
            ]
        }
        CaseEvent::DisclosureAuthorised(e) => facts!["item": e.item, "camp": e.camp, "form": e.form],
        CaseEvent::DisclosureRevoked(e) => facts!["item": e.item, "camp": e.camp],
        CaseEvent::ItemDisclosed(e) => {
            let mut facts = facts!["item": e.item, "form": e.form];
            if let Some(source) = &e.source {
                facts.extend(facts!["source": source.item, "camp": source.camp]);
            }
            facts
        }
        CaseEvent::ItemOpened(e) => facts!["item": e.item],
        CaseEvent::PersonAlerted(e) => facts!["person": e.person, "items": e.items],
        CaseEvent::AuditAccessGranted(e) => facts!["camp": e.camp],
        CaseEvent::AuditAccessRevoked(e) => facts!["camp": e.camp],
        CaseEvent::ChannelSwitched(e) => facts!["channel": e.channel],
        CaseEvent::OfflineExchangeRecorded(e) => {
            facts!["channel": e.channel, "audience": e.audience, "began": e.began, "minutes": e.minutes]
        }
        CaseEvent::TermExtensionAgreed(e) => facts!["seat": e.seat, "until": e.until],
        CaseEvent::TermExtended(e) => facts!["until": e.until],
        CaseEvent::SettlementProposed(e) => facts!["item": e.item, "scope": e.scope, "digest": e.digest],
        CaseEvent::SettlementSigned(e) => facts!["item": e.item, "camp": e.camp, "digest": e.digest],
        CaseEvent::SettlementDeclined(e) => facts!["item": e.item, "camp": e.camp],
        CaseEvent::SettlementReached(e) => facts!["item": e.item, "scope": e.scope],
        CaseEvent::PartyWithdrew(e) => facts!["camp": e.camp],
        CaseEvent::TermExpired(e) => facts!["due": e.due],
        CaseEvent::CaseClosed(e) => facts!["outcome": e.outcome, "return until": e.return_until],
        CaseEvent::LaterSettlementConfirmed(e) => facts!["camp": e.camp],
        CaseEvent::HoldPlaced(e) => facts!["ground": e.ground],
        CaseEvent::HoldLifted(e) => facts!["ground": e.ground],
        CaseEvent::ErasureProposed(e) => facts!["what": e.what, "ground": e.ground],
        CaseEvent::ErasureApproved(e) => facts!["what": e.what],
        CaseEvent::ErasureWithdrawn(e) => facts!["what": e.what],
        CaseEvent::ItemErased(e) => facts!["item": e.item, "ground": e.ground, "approvers": e.approvers],
        CaseEvent::PersonErased(e) => facts!["person": e.person, "ground": e.ground, "approvers": e.approvers],
        CaseEvent::CaseErased(e) => facts!["ground": e.ground, "approvers": e.approvers],
        CaseEvent::ConsentDeclined(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::SettledAfterwards(_) => vec![],
    }
}

/// A fact as the log spells it: its JSON, without the quotation marks of a plain word.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).map_or_else(
        |_| String::new(),
        |json| match json {
            serde_json::Value::String(text) => text,
            serde_json::Value::Array(words) => words
                .iter()
                .map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(", "),
            other => other.to_string(),
        },
    )
}

//! Who may see an event, in the terms of the case: one line an event kind.

use crate::event::CaseEvent;
use crate::{Audience, Camp, DiscussionId, ItemId, PersonId};

/// Who may see an event, in the terms of the case; §3's table, one line an event kind.
pub(super) enum Scope {
    /// The procedural core: both camps, the mediator, the centre.
    Core,
    /// The claimant and the centre.
    ClaimantAndCentre,
    /// Whoever sees the item.
    Item(ItemId),
    /// Whoever sees the discussion.
    Discussion(DiscussionId),
    /// An exchange away from the table among these.
    Exchange(Audience),
    /// The reader, and those of the reader's camp who see the item themselves.
    Receipt(ItemId),
    /// The releasing camp and the successor.
    Release(Camp, u32),
    /// Who was alerted, for as long as there is anything left to tell of.
    Alert(PersonId),
    /// One camp alone.
    OwnCamp(Camp),
    /// The centre; everyone at the case, from the appointment of the candidate who declared it.
    Declaration(PersonId),
    /// Everyone who can know of the person: of somebody who was only asked to mediate, the centre alone.
    Person(PersonId),
    /// The centre alone.
    Centre,
}

/// No `_` arm: a new event does not compile until somebody has said who may see it.
pub(super) fn scope(event: &CaseEvent) -> Scope {
    match event {
        CaseEvent::Registered(_)
        | CaseEvent::QuestionnairePassed(_)
        | CaseEvent::RequestRejected(_)
        | CaseEvent::RespondentInvited(_)
        | CaseEvent::ConsentGiven(_)
        | CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::AppointmentDeadlineMissed(_)
        | CaseEvent::MediatorAppointed(_)
        | CaseEvent::TableOpened(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::TenureEnded(_)
        | CaseEvent::RepresentativeSeated(_)
        | CaseEvent::RepresentativeUnseated(_)
        | CaseEvent::ChannelSwitched(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::TermExtensionAgreed(_)
        | CaseEvent::TermExtended(_)
        | CaseEvent::SettlementReached(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::PartyWithdrew(_)
        | CaseEvent::TermExpired(_)
        | CaseEvent::CaseClosed(_)
        | CaseEvent::LaterSettlementConfirmed(_)
        | CaseEvent::SettledAfterwards(_)
        | CaseEvent::MediatorChallenged(_)
        | CaseEvent::ChallengeUpheld(_)
        | CaseEvent::ChallengeRejected(_)
        | CaseEvent::CaseErased(_) => Scope::Core,
        CaseEvent::QuestionnaireAnswered(_) | CaseEvent::QuestionnaireFailed(_) => Scope::ClaimantAndCentre,
        CaseEvent::DiscussionOpened(event) => Scope::Discussion(event.discussion),
        CaseEvent::MessagePosted(event) => Scope::Item(event.item),
        CaseEvent::DocumentSubmitted(event) => Scope::Item(event.item),
        CaseEvent::VisibilityRestricted(event) => Scope::Item(event.item),
        CaseEvent::DisclosureAuthorised(event) => Scope::Item(event.item),
        CaseEvent::DisclosureRevoked(event) => Scope::Item(event.item),
        CaseEvent::ItemDisclosed(event) => Scope::Item(event.item),
        CaseEvent::SettlementProposed(event) => Scope::Item(event.item),
        CaseEvent::SettlementSigned(event) => Scope::Item(event.item),
        CaseEvent::SettlementDeclined(event) => Scope::Item(event.item),
        CaseEvent::SettlementLapsed(event) => Scope::Item(event.item),
        CaseEvent::ItemErased(event) => Scope::Item(event.item),
        CaseEvent::HoldPlaced(_)
        | CaseEvent::HoldLifted(_)
        | CaseEvent::ErasureProposed(_)
        | CaseEvent::ErasureApproved(_)
        | CaseEvent::ErasureWithdrawn(_)
        // Neither side learns who was asked to mediate and did not come.
        | CaseEvent::MediatorProposed(_)
        | CaseEvent::AppointmentRefused(_)
        | CaseEvent::ProposalLapsed(_)
        | CaseEvent::ProposalWithdrawn(_) => Scope::Centre,
        CaseEvent::IndependenceDeclared(event) => Scope::Declaration(event.candidate),
        CaseEvent::PersonErased(event) => Scope::Person(event.person),
        CaseEvent::ItemOpened(event) => Scope::Receipt(event.item),
        CaseEvent::OfflineExchangeRecorded(event) => Scope::Exchange(event.audience),
        CaseEvent::CaucusReleased(event) => Scope::Release(event.camp, event.tenure),
        CaseEvent::PersonAlerted(event) => Scope::Alert(event.person),
        // Neither side learns what the other lets auditors read.
        CaseEvent::AuditAccessGranted(event) => Scope::OwnCamp(event.camp),
        CaseEvent::AuditAccessRevoked(event) => Scope::OwnCamp(event.camp),
    }
}

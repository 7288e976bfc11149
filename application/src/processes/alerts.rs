//! What people are to be told of: everything new that they can see and did not do themselves (B13). Who can see it is
//! decided where everything is (2-domain §3), so that a letter tells of nothing hidden, not even by being sent.

use std::collections::BTreeSet;

use entente_domain::event::CaseEvent;
use entente_domain::state::Item;
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{Case, ItemId, PersonId};
use jiff::Timestamp;

use super::LetterPolicy;
use crate::ports::{News, Outgoing, Recorded};

pub(super) fn react(line: &Recorded, after: &Case, policy: &LetterPolicy) -> Vec<Outgoing> {
    match &line.entry.event {
        CaseEvent::CaseErased(_) => return vec![Outgoing::Forget(line.case)],
        CaseEvent::PersonErased(event) => return vec![Outgoing::ForgetPerson(event.person)],
        _ => {}
    }
    let Some(about) = subject(&line.entry.event) else { return vec![] };
    if line.recorded.duration_since(line.entry.at) > policy.history {
        return vec![];
    }
    let (case, source, at) = (line.case, line.command, line.recorded);
    let item = match about {
        About::Item(item) => Some(item),
        About::Case | About::Person(_) | About::Centre => None,
    };
    let only = match about {
        About::Person(person) => Some(person),
        About::Case | About::Item(_) | About::Centre => None,
    };
    let mut asked = match only {
        // Who is asked to mediate has no seat, and reads by another rule.
        Some(person) if matches!(line.entry.event, CaseEvent::MediatorProposed(_)) => BTreeSet::from([person]),
        _ if matches!(about, About::Centre) => BTreeSet::new(),
        _ => readers(line, after),
    };
    if is_for_the_centre_to_act(&line.entry.event) {
        asked.extend(hands(after, at).filter(|person| line.entry.by.person() != Some(*person)));
    }
    asked
        .into_iter()
        .filter(|person| only.is_none_or(|only| only == *person))
        .map(|person| Outgoing::News(News { person, case, source, item, at }))
        .collect()
}

/// Everyone at the case who can see an entry the moment it is there, and did not make it.
fn readers(line: &Recorded, after: &Case) -> BTreeSet<PersonId> {
    let entry = &line.entry;
    let sees = |person: &PersonId| {
        let vantage = visibility::vantage(after, Viewer::Person(*person), entry.at);
        vantage.is_some_and(|vantage| visibility::sight(after, vantage, entry, entry.at).is_some())
    };
    #[cfg(feature = "leaks")]
    let sees = |person: &PersonId| sees(person) || crate::leaks::is_written_to_all();
    let persons = after.seating.iter().map(|held| held.person).filter(|person| entry.by.person() != Some(*person));
    persons.filter(|person| !after.erased_persons.contains(person)).filter(sees).collect()
}

/// Those of the centre's staff who have had a hand in the case, and see it from the centre.
pub(super) fn hands(case: &Case, at: Timestamp) -> impl Iterator<Item = PersonId> {
    case.centre_hands.iter().copied().filter(move |person| acts_for_the_centre(case, *person, at))
}

fn acts_for_the_centre(case: &Case, person: PersonId, at: Timestamp) -> bool {
    case.centre_hands.contains(&person) && visibility::vantage(case, Viewer::Staff(person), at) == Some(Vantage::Centre)
}

/// Whether it is the centre's turn after an event: to find a mediator, or to decide.
fn is_for_the_centre_to_act(event: &CaseEvent) -> bool {
    matches!(
        event,
        CaseEvent::ConsentGiven(_)
            | CaseEvent::IndependenceDeclared(_)
            | CaseEvent::AppointmentRefused(_)
            | CaseEvent::ProposalLapsed(_)
            | CaseEvent::AppointmentDeadlineMissed(_)
            | CaseEvent::MediatorChallenged(_)
            | CaseEvent::TenureEnded(_)
            | CaseEvent::ErasureProposed(_)
    )
}

/// What an event tells of.
enum About {
    /// What the centre alone waits for.
    Centre,
    /// The case.
    Case,
    /// An item.
    Item(ItemId),
    /// One person's own matter.
    Person(PersonId),
}

/// What an event tells people of; none if it is no news to anybody. No `_` arm: a new event does not compile until
/// somebody has said whether people are alerted to it.
fn subject(event: &CaseEvent) -> Option<About> {
    match event {
        CaseEvent::MessagePosted(event) => Some(About::Item(event.item)),
        CaseEvent::DocumentSubmitted(event) => Some(About::Item(event.item)),
        CaseEvent::ItemDisclosed(event) => Some(About::Item(event.item)),
        CaseEvent::SettlementProposed(event) => Some(About::Item(event.item)),
        CaseEvent::SettlementSigned(event) => Some(About::Item(event.item)),
        CaseEvent::SettlementDeclined(event) => Some(About::Item(event.item)),
        CaseEvent::SettlementLapsed(event) => Some(About::Item(event.item)),
        CaseEvent::RepresentativeSeated(event) => Some(About::Person(event.contact.person)),
        CaseEvent::MediatorProposed(event) => Some(About::Person(event.candidate.person)),
        CaseEvent::MediatorChallenged(_)
        | CaseEvent::ChallengeUpheld(_)
        | CaseEvent::ChallengeRejected(_)
        | CaseEvent::RequestRejected(_)
        | CaseEvent::RespondentInvited(_)
        | CaseEvent::ConsentGiven(_)
        | CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::MediatorAppointed(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::TenureEnded(_)
        | CaseEvent::CaucusReleased(_)
        | CaseEvent::ChannelSwitched(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::TermExtensionAgreed(_)
        | CaseEvent::TermExtended(_)
        | CaseEvent::SettlementReached(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::PartyWithdrew(_)
        | CaseEvent::TermExpired(_)
        | CaseEvent::LaterSettlementConfirmed(_)
        | CaseEvent::SettledAfterwards(_) => Some(About::Case),
        CaseEvent::IndependenceDeclared(_)
        | CaseEvent::AppointmentRefused(_)
        | CaseEvent::ProposalLapsed(_)
        | CaseEvent::AppointmentDeadlineMissed(_)
        | CaseEvent::ErasureProposed(_) => Some(About::Centre),
        // One's own doing, told by what comes with it, or nothing that anybody waits for.
        CaseEvent::Registered(_)
        | CaseEvent::QuestionnaireAnswered(_)
        | CaseEvent::QuestionnairePassed(_)
        | CaseEvent::QuestionnaireFailed(_)
        | CaseEvent::ProposalWithdrawn(_)
        | CaseEvent::TableOpened(_)
        | CaseEvent::DiscussionOpened(_)
        | CaseEvent::RepresentativeUnseated(_)
        | CaseEvent::VisibilityRestricted(_)
        | CaseEvent::DisclosureAuthorised(_)
        | CaseEvent::DisclosureRevoked(_)
        | CaseEvent::ItemOpened(_)
        | CaseEvent::PersonAlerted(_)
        | CaseEvent::AuditAccessGranted(_)
        | CaseEvent::AuditAccessRevoked(_)
        | CaseEvent::OfflineExchangeRecorded(_)
        | CaseEvent::CaseClosed(_)
        | CaseEvent::HoldPlaced(_)
        | CaseEvent::HoldLifted(_)
        | CaseEvent::ErasureApproved(_)
        | CaseEvent::ErasureWithdrawn(_)
        | CaseEvent::ItemErased(_)
        | CaseEvent::PersonErased(_)
        | CaseEvent::CaseErased(_) => None,
    }
}

/// Whether something is still new to somebody: it can be seen, and was not opened meanwhile.
pub(super) fn is_still_new(case: &Case, person: PersonId, item: Option<ItemId>, now: Timestamp) -> bool {
    if case.erased_persons.contains(&person) {
        return false;
    }
    match item {
        None => {
            visibility::vantage(case, Viewer::Person(person), now).is_some()
                || visibility::is_asked(case, person, now)
                || acts_for_the_centre(case, person, now)
        }
        Some(item) => {
            let over = |found: &Item| found.erased || found.opened.contains_key(&person);
            let seen = visibility::could_see(case, person, item, now);
            #[cfg(feature = "leaks")]
            let seen = seen || crate::leaks::goes_anyway(case, person, now);
            !case.items.get(&item).is_none_or(over) && seen
        }
    }
}

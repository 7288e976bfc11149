//! What is left of an event once something of it is erased, as the page says, and the item that an event is about.

use entente_domain::event::CaseEvent;
use entente_domain::{Entry, ItemId, PersonId};
use serde_json::Value;

use super::Model;

impl Model {
    /// Empties the parts of an event that are erased.
    pub(super) fn without_what_is_erased(&self, entry: &Entry, event: &mut Value) {
        let of_items: &[&str] = match &entry.event {
            CaseEvent::MessagePosted(_) => &["/body"],
            CaseEvent::DocumentSubmitted(_) => &["/facts"],
            CaseEvent::ItemDisclosed(_) => &["/content"],
            CaseEvent::SettlementProposed(_) => &["/draft"],
            _ => &[],
        };
        let of_case: &[&str] = match &entry.event {
            CaseEvent::Registered(_) => &["/claimant/name", "/respondent/name", "/nature"],
            CaseEvent::QuestionnaireAnswered(_) => &["/answers"],
            CaseEvent::QuestionnaireFailed(_) => &["/guidance"],
            CaseEvent::DiscussionOpened(_) => &["/name"],
            CaseEvent::PartyWithdrew(_) => &["/reason/text"],
            CaseEvent::MediatorChallenged(_) => &["/ground"],
            _ => &[],
        };
        let persons: Vec<(PersonId, &[&str])> = match &entry.event {
            CaseEvent::Registered(e) => {
                let named = e.respondent_contact.as_ref();
                let named = named.map(|c| (c.person, &["/respondent_contact/name", "/respondent_contact/email"][..]));
                [(e.head.person, &["/head/name", "/head/email"][..])].into_iter().chain(named).collect()
            }
            CaseEvent::RespondentInvited(e) => {
                e.contact.iter().map(|c| (c.person, &["/contact/name", "/contact/email"][..])).collect()
            }
            CaseEvent::RepresentativeSeated(e) => {
                vec![(e.contact.person, &["/contact/name", "/contact/email"][..])]
            }
            CaseEvent::MediatorAppointed(e) => {
                vec![(e.mediator.person, &["/mediator/name", "/mediator/email", "/declaration"][..])]
            }
            CaseEvent::MediatorProposed(e) => {
                vec![(e.candidate.person, &["/candidate/name", "/candidate/email"][..])]
            }
            CaseEvent::IndependenceDeclared(e) => vec![(e.candidate, &["/declaration"][..])],
            _ => vec![],
        };
        let mut gone: Vec<&str> = vec![];
        if self.gone.case || item_of(&entry.event).is_some_and(|item| self.gone.items.contains(&item)) {
            gone.extend(of_items);
        }
        if self.gone.case {
            gone.extend(of_case);
        }
        for (person, parts) in persons {
            if self.gone.case || self.gone.persons.contains(&person) {
                gone.extend(parts);
            }
        }
        for part in gone {
            // A part that was left out with what it belongs to is not put back.
            if let Some(part) = event.pointer_mut(part).filter(|part| !part.is_null()) {
                *part = Value::Null;
            }
        }
    }
}

/// The item that an event is about.
pub(super) fn item_of(event: &CaseEvent) -> Option<ItemId> {
    Some(match event {
        CaseEvent::MessagePosted(e) => e.item,
        CaseEvent::DocumentSubmitted(e) => e.item,
        CaseEvent::SettlementProposed(e) => e.item,
        CaseEvent::SettlementSigned(e) => e.item,
        CaseEvent::SettlementDeclined(e) => e.item,
        CaseEvent::ItemDisclosed(e) => e.item,
        CaseEvent::ItemOpened(e) => e.item,
        CaseEvent::VisibilityRestricted(e) => e.item,
        CaseEvent::DisclosureAuthorised(e) => e.item,
        CaseEvent::DisclosureRevoked(e) => e.item,
        CaseEvent::ItemErased(e) => e.item,
        CaseEvent::SettlementLapsed(e) => e.item,
        _ => return None,
    })
}

//! Which words an event says, and whom they are for.

use entente_domain::Seat::{Centre, Claimant, Mediator, Respondent};
use entente_domain::company::Contact;
use entente_domain::event::{CaseEvent, Disclosed, ReasonFor};
use entente_domain::{Entry, Seat};

use super::{For, Model, everyone};

impl Model {
    pub(super) fn words(&self, entry: &Entry) -> Vec<(String, For)> {
        if self.gone.case {
            return vec![];
        }
        let told = self.words_told(entry).into_iter();
        told.filter(|(_, whom)| !matches!(whom, For::Item(item) if self.gone.items.contains(item))).collect()
    }

    fn words_told(&self, entry: &Entry) -> Vec<(String, For)> {
        let only = |seats: &[Seat]| For::Seats(seats.to_vec());
        let person = |contact: &Contact, addressed: &[Seat]| {
            if self.gone.persons.contains(&contact.person) {
                return vec![];
            }
            let name = contact.name.clear().map(|name| (name.to_string(), everyone()));
            let email = contact.email.clear().cloned().flatten().map(|email| (email.to_string(), only(addressed)));
            name.into_iter().chain(email).collect::<Vec<_>>()
        };
        let one = |words: Option<String>, whom: For| words.map(|words| (words, whom)).into_iter().collect::<Vec<_>>();
        match &entry.event {
            CaseEvent::Registered(e) => {
                let mut words = person(&e.head, &[Claimant, Centre]);
                words.extend(one(e.nature.clear().map(ToString::to_string), everyone()));
                if let Some(contact) = &e.respondent_contact {
                    // Whom the claimant named concerns the respondent only if it was that person who was invited.
                    let invited = self.invited == Some(contact.person);
                    let addressed: &[Seat] =
                        if invited { &[Claimant, Respondent, Centre] } else { &[Claimant, Centre] };
                    let named = person(contact, addressed).into_iter();
                    words.extend(named.map(|(w, whom)| (w, if invited { whom } else { only(addressed) })));
                }
                words
            }
            CaseEvent::RespondentInvited(e) => {
                e.contact.as_ref().map(|contact| person(contact, &[Respondent, Centre])).unwrap_or_default()
            }
            CaseEvent::MediatorAppointed(e) => {
                let mut words = person(&e.mediator, &[Mediator, Centre]);
                // The declaration is about the mediator, and goes with the name.
                if !words.is_empty() {
                    let typed = e.declaration.as_ref().and_then(|declared| declared.clear());
                    words.extend(one(typed.map(ToString::to_string), everyone()));
                }
                words
            }
            CaseEvent::MediatorProposed(e) => {
                let told = person(&e.candidate, &[Centre]).into_iter();
                told.map(|(words, _)| (words, only(&[Centre]))).collect()
            }
            CaseEvent::IndependenceDeclared(e) if self.gone.persons.contains(&e.candidate) => vec![],
            CaseEvent::IndependenceDeclared(e) => {
                let since = For::Since(self.read_since(e.candidate, entry.at));
                one(e.declaration.clear().map(ToString::to_string), since)
            }
            CaseEvent::MediatorChallenged(e) => {
                one(e.ground.clear().map(ToString::to_string), only(&[e.camp.seat(), Centre]))
            }
            CaseEvent::RepresentativeSeated(e) => person(&e.contact, &[e.camp.seat(), Centre]),
            CaseEvent::DiscussionOpened(e) => {
                let name = e.name.as_ref().and_then(|name| name.clear().map(ToString::to_string));
                one(name, For::Thread(e.discussion))
            }
            CaseEvent::MessagePosted(e) => one(e.body.clear().map(ToString::to_string), For::Item(e.item)),
            CaseEvent::DocumentSubmitted(e) => one(e.facts.clear().map(|f| f.name.to_string()), For::Item(e.item)),
            CaseEvent::SettlementProposed(e) => one(e.draft.clear().map(|d| d.text.to_string()), For::Item(e.item)),
            CaseEvent::ItemDisclosed(e) => {
                let words = e.content.clear().map(|content| match content {
                    Disclosed::Words(words) => words.to_string(),
                    Disclosed::Document(facts) => facts.name.to_string(),
                });
                one(words, For::Item(e.item))
            }
            CaseEvent::PartyWithdrew(e) => {
                let Some(reason) = &e.reason else { return vec![] };
                let whom = match reason.readers {
                    ReasonFor::Everyone => everyone(),
                    ReasonFor::Mediator => only(&[e.camp.seat(), Mediator]),
                };
                one(reason.text.clear().map(ToString::to_string), whom)
            }
            _ => vec![],
        }
    }
}

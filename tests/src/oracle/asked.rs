//! Who was asked to mediate, as the page says: what a candidate declares is read by the centre, and by everyone at the case
//! once that candidate is appointed.

use entente_domain::event::CaseEvent;
use entente_domain::{Entry, PersonId};
use jiff::Timestamp;

use super::Model;

/// Somebody who was asked to mediate.
pub(super) struct Asked {
    person: PersonId,
    declared: Option<Timestamp>,
    appointed: Option<Timestamp>,
    over: bool,
}

impl Model {
    pub(super) fn learn_of_candidates(&mut self, entry: &Entry) {
        match &entry.event {
            CaseEvent::MediatorProposed(e) => {
                let person = e.candidate.person;
                self.asked.push(Asked { person, declared: None, appointed: None, over: false });
            }
            CaseEvent::IndependenceDeclared(e) => self.still_asked(e.candidate, |it| it.declared = Some(entry.at)),
            CaseEvent::AppointmentRefused(e) => self.still_asked(e.candidate, |it| it.over = true),
            CaseEvent::ProposalLapsed(e) => self.still_asked(e.candidate, |it| it.over = true),
            CaseEvent::ProposalWithdrawn(e) => self.still_asked(e.candidate, |it| it.over = true),
            CaseEvent::RepresentativeSeated(e) => self.still_asked(e.contact.person, |it| it.over = true),
            CaseEvent::MediatorAppointed(e) => {
                self.still_asked(e.mediator.person, |it| it.appointed = Some(entry.at));
                self.asked.iter_mut().for_each(|it| it.over = true);
            }
            _ => {}
        }
    }

    fn still_asked(&mut self, person: PersonId, change: impl Fn(&mut Asked)) {
        self.asked.iter_mut().filter(|it| it.person == person && !it.over).for_each(change);
    }

    /// Since when everyone at the case reads what a person declared at an instant.
    pub(super) fn read_since(&self, person: PersonId, declared: Timestamp) -> Option<Timestamp> {
        let its = self.asked.iter().find(|it| it.person == person && it.declared == Some(declared));
        its.and_then(|it| it.appointed)
    }

    /// Whether a person is known to those at the case: whoever was only asked to mediate is the centre's to know.
    pub(super) fn is_known(&self, person: PersonId) -> bool {
        self.asked.iter().all(|it| it.person != person)
            || self.named == Some(person)
            || self.sitting.iter().any(|(sat, ..)| *sat == person)
    }
}

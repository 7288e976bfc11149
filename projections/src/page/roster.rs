//! The part of a page about who was asked to mediate, and who was called into question.

use entente_domain::event::{CaseEvent, Entry, MediatorChallenged, MediatorProposed};
use entente_domain::state::CandidacyEnd;
use entente_domain::{Camp, PersonId, Seat};
use jiff::Timestamp;
use serde::Serialize;

use super::macros::page;
use super::parts::text;
use super::{CasePage, Participant};

page! {
    /// Somebody whom the centre asked to mediate.
    pub struct CandidateView {
        /// The person.
        person: PersonId,
        /// The name; none once erased.
        name: Option<String>,
        /// When asked.
        proposed: Timestamp,
        /// Until when the candidate may declare independence, if the rules say.
        due: Option<Timestamp>,
        /// When the candidate declared.
        declared: Option<Timestamp>,
        /// What the candidate declared; none once erased.
        declaration: Option<String>,
        /// How it ended, if it has.
        ended: Option<CandidacyEnd>,
    }

    /// A camp's challenge of a mediator.
    pub struct ChallengeView {
        /// Which holding of the seat.
        tenure: u32,
        /// The camp.
        camp: Camp,
        /// When.
        at: Timestamp,
        /// Why; for the camp itself and the centre.
        ground: Option<String>,
        /// What the centre decided, once it has.
        upheld: Option<bool>,
    }
}

pub(super) fn propose(page: &mut CasePage, event: &MediatorProposed, entry: &Entry) {
    page.candidates.push(CandidateView {
        person: event.candidate.person,
        name: text(&event.candidate.name),
        proposed: entry.at,
        due: event.due,
        declared: None,
        declaration: None,
        ended: None,
    });
}

/// The candidacies that run change: of one person or of all.
pub(super) fn running(page: &mut CasePage, whose: Option<PersonId>, change: impl Fn(&mut CandidateView)) {
    let running = page.candidates.iter_mut().filter(|found| found.ended.is_none());
    running.filter(|found| whose.is_none_or(|person| found.person == person)).for_each(change);
}

pub(super) fn end(page: &mut CasePage, whose: Option<PersonId>, how: CandidacyEnd) {
    running(page, whose, |candidate| candidate.ended = Some(how));
}

pub(super) fn challenge(page: &mut CasePage, event: &MediatorChallenged, entry: &Entry) {
    let MediatorChallenged { tenure, camp, ground } = event;
    let ground = text(ground);
    page.challenges.push(ChallengeView { tenure: *tenure, camp: *camp, at: entry.at, ground, upheld: None });
}

pub(super) fn decide(page: &mut CasePage, tenure: u32, upheld: bool) {
    let pending = page.challenges.iter_mut().filter(|found| found.tenure == tenure && found.upheld.is_none());
    pending.for_each(|found| found.upheld = Some(upheld));
}

/// What mediators had declared as candidates, where the appointment itself says nothing.
pub(super) fn declared_before(people: &mut [Participant], seen: &[Entry]) {
    let undeclared = |held: &&mut Participant| held.seat == Seat::Mediator && held.declaration.is_none();
    for held in people.iter_mut().filter(undeclared) {
        let own = seen.iter().rev().find_map(|entry| match &entry.event {
            CaseEvent::IndependenceDeclared(event) if event.candidate == held.person => Some(&event.declaration),
            _ => None,
        });
        held.declaration = own.and_then(text);
    }
}

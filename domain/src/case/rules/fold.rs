//! Applying: each event into the state. Total: whatever the log says has happened.

use jiff::Timestamp;

use crate::case::state::{
    CandidacyEnd, Challenge, Closing, Discussion, Item, ItemKind, Occupancy, Proposal, Settlement,
};
use crate::event::{CaseEvent, Entry, Erasable};
use crate::{Audience, By, Capacity, Case, ItemId, PersonId, Phase, Seat};

impl Case {
    /// Takes an entry into the state.
    pub fn fold(&mut self, entry: &Entry) {
        self.last_at = Some(entry.at);
        if let By::Seat { seat: Seat::Centre, person } = entry.by {
            self.centre_hands.insert(person);
        }
        match &entry.event {
            CaseEvent::Registered(event) => {
                self.phase = Phase::Registered;
                self.rule_set = event.rule_set;
                self.registered = Some(entry.at);
                self.respondent_contact = event.respondent_contact.as_ref().map(|contact| contact.person);
                self.sit(event.head.person, Seat::Claimant, Some(Capacity::HeadOfMandate), entry);
            }
            CaseEvent::QuestionnairePassed(_) => {
                self.phase = Phase::Qualified;
                self.qualified = Some(entry.at);
            }
            CaseEvent::RespondentInvited(event) => {
                self.phase = Phase::Invited;
                self.consent_due = Some(event.due);
                self.sit(event.person, Seat::Respondent, Some(Capacity::HeadOfMandate), entry);
            }
            CaseEvent::ConsentGiven(event) => {
                self.phase = Phase::Consented;
                self.appointment_due = Some(event.appointment_due);
            }
            CaseEvent::AppointmentDeadlineMissed(_) => self.appointment_missed = true,
            CaseEvent::MediatorProposed(event) => self.ask_candidate(event.candidate.person, entry.at, event.due),
            CaseEvent::IndependenceDeclared(event) => {
                let running = self.candidates.iter_mut().filter(|found| found.ended.is_none());
                running
                    .filter(|found| found.person == event.candidate)
                    .for_each(|found| found.declared = Some(entry.at));
            }
            CaseEvent::AppointmentRefused(event) => {
                self.end_candidacy(CandidacyEnd::Refused, entry.at, Some(event.candidate));
            }
            CaseEvent::ProposalLapsed(event) => {
                self.end_candidacy(CandidacyEnd::Lapsed, entry.at, Some(event.candidate));
            }
            CaseEvent::ProposalWithdrawn(event) => {
                self.end_candidacy(CandidacyEnd::Withdrawn, entry.at, Some(event.candidate));
            }
            CaseEvent::MediatorChallenged(event) => {
                self.challenges.push(Challenge { tenure: event.tenure, camp: event.camp, upheld: None });
            }
            CaseEvent::ChallengeUpheld(event) => self.settle_challenges(event.tenure, true),
            CaseEvent::ChallengeRejected(event) => self.settle_challenges(event.tenure, false),
            CaseEvent::MediatorAppointed(event) => {
                self.end_candidacy(CandidacyEnd::Appointed, entry.at, Some(event.mediator.person));
                self.end_candidacy(CandidacyEnd::Overtaken, entry.at, None);
                self.tenure = event.tenure;
                self.sit(event.mediator.person, Seat::Mediator, None, entry);
            }
            CaseEvent::TableOpened(event) => {
                self.phase = Phase::Open;
                self.term_due = Some(event.term_due);
            }
            CaseEvent::TenureEnded(_) => {
                // What a mediator agreed to does not bind the successor.
                self.extension.remove(&Seat::Mediator);
                self.stand(entry.at, |held| held.seat == Seat::Mediator);
            }
            CaseEvent::CaucusReleased(event) => {
                self.releases.entry(event.camp).or_default().entry(event.tenure).or_insert(entry.at);
            }
            CaseEvent::RepresentativeSeated(event) => {
                self.sit(event.contact.person, event.camp.seat(), Some(event.capacity), entry);
            }
            CaseEvent::RepresentativeUnseated(event) => self.stand(event.left, |held| held.person == event.person),
            CaseEvent::DiscussionOpened(event) => {
                let discussion = Discussion {
                    audience: event.audience,
                    standing: event.name.is_none(),
                    tenure: self.tenure,
                    opened: entry.at,
                    author: author(entry),
                };
                self.discussions.insert(event.discussion, discussion);
            }
            CaseEvent::MessagePosted(event) => self.put(event.item, ItemKind::Message, event.audience, entry),
            CaseEvent::DocumentSubmitted(event) => {
                self.put(event.item, ItemKind::Document, event.audience, entry);
                self.change(event.item, |item| item.object = event.object);
            }
            CaseEvent::ItemDisclosed(event) => {
                self.put(event.item, ItemKind::Disclosure, Audience::Joint, entry);
                let source = event.source.as_ref().map(|source| source.item);
                let object = source.and_then(|source| self.items.get(&source)).and_then(|source| source.object);
                self.change(event.item, |copy| (copy.source, copy.object) = (source, object));
                if let Some(source) = source {
                    self.change(source, |item| item.disclosed = true);
                }
            }
            CaseEvent::SettlementProposed(event) => {
                self.put(event.item, ItemKind::Settlement, Audience::Joint, entry);
                let draft = Settlement {
                    digest: event.digest.clone(),
                    scope: event.scope,
                    signed: [].into(),
                    declined: None,
                    lapsed: false,
                };
                self.settlements.insert(event.item, draft);
            }
            CaseEvent::VisibilityRestricted(event) => {
                self.change(event.item, |item| item.audience.push((entry.at, event.audience)));
            }
            CaseEvent::DisclosureAuthorised(event) => {
                self.change(event.item, |item| item.authorised = Some(event.form));
            }
            CaseEvent::DisclosureRevoked(event) => self.change(event.item, |item| item.authorised = None),
            CaseEvent::ItemOpened(event) => {
                let reader = author(entry);
                self.change(event.item, |item| {
                    item.opened.entry(reader).or_insert(entry.at);
                });
            }
            CaseEvent::PersonAlerted(event) => {
                for item in &event.items {
                    self.change(*item, |item| {
                        item.alerted.entry(event.person).or_insert(entry.at);
                    });
                }
            }
            CaseEvent::AuditAccessGranted(event) => {
                self.audit_access.insert(event.camp);
            }
            CaseEvent::AuditAccessRevoked(event) => {
                self.audit_access.remove(&event.camp);
            }
            CaseEvent::ChannelSwitched(event) => self.channel = event.channel,
            CaseEvent::CaseSuspended(_) => self.phase = Phase::Suspended,
            CaseEvent::CaseResumed(_) => self.phase = Phase::Open,
            CaseEvent::TermExtensionAgreed(event) => {
                self.extension.insert(event.seat, event.until);
            }
            CaseEvent::TermExtended(event) => {
                self.term_due = Some(event.until);
                self.extension.clear();
            }
            CaseEvent::SettlementSigned(event) => self.change_draft(event.item, |draft| {
                draft.signed.insert(event.camp);
            }),
            CaseEvent::SettlementDeclined(event) => self.change_draft(event.item, |draft| {
                draft.declined.get_or_insert(event.camp);
            }),
            CaseEvent::SettlementLapsed(event) => self.change_draft(event.item, |draft| draft.lapsed = true),
            CaseEvent::CaseClosed(event) => {
                self.phase = Phase::Closed;
                let closing = Closing { outcome: event.outcome, at: entry.at, return_until: event.return_until };
                self.closing.get_or_insert(closing);
            }
            CaseEvent::LaterSettlementConfirmed(event) => {
                self.settled_later.insert(event.camp);
            }
            CaseEvent::HoldPlaced(event) => {
                self.holds.insert(event.ground);
            }
            CaseEvent::HoldLifted(event) => {
                self.holds.remove(&event.ground);
            }
            CaseEvent::ErasureProposed(event) => {
                self.retention_noticed |= entry.by == By::Clock;
                self.erasures.push(Proposal {
                    what: event.what,
                    ground: event.ground,
                    approvers: entry.by.person().into_iter().collect(),
                });
            }
            CaseEvent::ErasureApproved(event) => {
                let proposals = self.erasures.iter_mut().filter(|proposal| proposal.what == event.what);
                proposals.for_each(|proposal| proposal.approvers.extend(entry.by.person()));
            }
            CaseEvent::ErasureWithdrawn(event) => self.settle(event.what),
            CaseEvent::ItemErased(event) => {
                self.settle(Erasable::Item(event.item));
                self.change(event.item, |item| item.erased = true);
            }
            CaseEvent::PersonErased(event) => {
                self.settle(Erasable::Person(event.person));
                self.erased_persons.insert(event.person);
            }
            CaseEvent::CaseErased(_) => {
                self.phase = Phase::Erased;
                self.erasures.clear();
            }
            // Their whole effect on the state is in the event that follows in the same append, or there is none.
            CaseEvent::QuestionnaireAnswered(_)
            | CaseEvent::QuestionnaireFailed(_)
            | CaseEvent::RequestRejected(_)
            | CaseEvent::ConsentDeclined(_)
            | CaseEvent::InvitationLapsed(_)
            | CaseEvent::MediatorUnavailabilityDeclared(_)
            | CaseEvent::SettlementReached(_)
            | CaseEvent::NoAgreementReported(_)
            | CaseEvent::PartyWithdrew(_)
            | CaseEvent::TermExpired(_)
            | CaseEvent::OfflineExchangeRecorded(_)
            | CaseEvent::SettledAfterwards(_) => {}
        }
    }

    /// A proposal is no more: carried out, or taken back.
    fn settle(&mut self, what: Erasable) {
        self.erasures.retain(|proposal| proposal.what != what);
    }

    fn sit(&mut self, person: PersonId, seat: Seat, capacity: Option<Capacity>, entry: &Entry) {
        // Whoever sits down is no candidate any more, even where nobody there knew of it.
        self.end_candidacy(CandidacyEnd::Overtaken, entry.at, Some(person));
        let tenure = if seat == Seat::Mediator { self.tenure } else { 0 };
        self.seating.push(Occupancy { person, seat, capacity, tenure, from: entry.at, to: None });
    }

    fn stand(&mut self, left: Timestamp, who: impl Fn(&Occupancy) -> bool) {
        for held in self.seating.iter_mut().filter(|held| held.to.is_none() && who(held)) {
            held.to = Some(left);
        }
    }

    fn put(&mut self, id: ItemId, kind: ItemKind, audience: Audience, entry: &Entry) {
        let item = Item {
            kind,
            author: author(entry),
            seat: entry.by.seat().unwrap_or(Seat::Centre),
            tenure: self.tenure,
            at: entry.at,
            audience: vec![(entry.at, audience)],
            opened: [].into(),
            alerted: [].into(),
            authorised: None,
            disclosed: false,
            source: None,
            object: None,
            erased: false,
        };
        self.items.insert(id, item);
    }

    fn change(&mut self, id: ItemId, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.get_mut(&id) {
            change(item);
        }
    }

    fn change_draft(&mut self, id: ItemId, change: impl FnOnce(&mut Settlement)) {
        if let Some(draft) = self.settlements.get_mut(&id) {
            change(draft);
        }
    }
}

fn author(entry: &Entry) -> PersonId {
    // Only persons post, open and restrict; the clock's nil never equals a person's id.
    entry.by.person().unwrap_or(PersonId(uuid::Uuid::nil()))
}

//! The fold: from what a viewer can see to the page.

use entente_domain::event::{CaseEvent, Disclosed, Entry};
use entente_domain::state::CandidacyEnd;
use entente_domain::visibility::Vantage;
use entente_domain::{Audience, Camp, Capacity, CaseId, PersonId, Phase, Seat};

use super::parts::{
    bury, change, closing, draft, forget, milestone, number, participant, party, put, sit, stand, text,
};
use super::roster::{challenge, decide, declared_before, end, propose, running};
use super::{
    CasePage, ClosedItem, Deadlines, ErasedView, ErasureView, Exchange, ItemContent, Participant, QuestionnaireState,
    SettlementView, Thread,
};

/// The page of a viewer at a vantage, from the entries that the viewer sees, in order; none without a registration.
pub fn fold(case: CaseId, vantage: Vantage, seen: &[Entry]) -> Option<CasePage> {
    let (viewer, seat) = match vantage {
        Vantage::Seat { person, seat, .. } => (Some(person), seat),
        Vantage::Centre | Vantage::Auditor => (None, Seat::Centre),
    };
    let (first, rest) = seen.split_first()?;
    let mut page = begin(case, seat, first)?;
    milestone(&mut page, first);
    for entry in rest {
        milestone(&mut page, entry);
        apply(&mut page, viewer, entry);
    }
    page.people.retain(|held| held.seat != Seat::Respondent || held.capacity.is_some());
    declared_before(&mut page.people, seen);
    page.items.iter_mut().zip(1..).for_each(|(item, no)| item.no = no);
    number(&mut page);
    Some(page)
}

fn begin(case: CaseId, seat: Seat, first: &Entry) -> Option<CasePage> {
    let CaseEvent::Registered(event) = &first.event else { return None };
    let questionnaire = matches!(seat, Seat::Claimant | Seat::Centre).then(|| QuestionnaireState {
        attempts: 0,
        passed: false,
        guidance: vec![],
    });
    let mut page = CasePage {
        case,
        phase: Phase::Registered,
        seat,
        rule_set: event.rule_set,
        rules: event.rule_set.rules(),
        registered: first.at,
        nature: event.nature.clear().map(ToString::to_string),
        parties: vec![party(Camp::Claimant, &event.claimant), party(Camp::Respondent, &event.respondent)],
        people: vec![],
        candidates: vec![],
        challenges: vec![],
        questionnaire,
        deadlines: Deadlines { consent: None, appointment: None, term: None },
        appointment_missed: false,
        channel: Default::default(),
        exchanges: vec![],
        discussions: vec![],
        items: vec![],
        withdrawn_from_view: vec![],
        tombstones: vec![],
        audit_access: false,
        settlements: vec![],
        closing: None,
        erased: None,
        holds: vec![],
        erasures: vec![],
        timeline: vec![],
    };
    sit(&mut page, &event.head, Seat::Claimant, Some(Capacity::HeadOfMandate), first);
    // Kept until the invitation says that this person was invited; dropped from the page otherwise.
    if let Some(contact) = &event.respondent_contact {
        page.people.push(participant(contact, Seat::Respondent, None, first));
    }
    Some(page)
}

fn apply(page: &mut CasePage, viewer: Option<PersonId>, entry: &Entry) {
    match &entry.event {
        CaseEvent::Registered(_) | CaseEvent::SettledAfterwards(_) => {}
        CaseEvent::QuestionnaireAnswered(_) => {
            if let Some(state) = &mut page.questionnaire {
                state.attempts += 1;
            }
        }
        CaseEvent::QuestionnairePassed(_) => {
            page.phase = Phase::Qualified;
            if let Some(state) = &mut page.questionnaire {
                state.passed = true;
                state.guidance.clear();
            }
        }
        CaseEvent::QuestionnaireFailed(event) => {
            if let Some(state) = &mut page.questionnaire {
                state.guidance = event.guidance.clear().cloned().unwrap_or_default();
            }
        }
        CaseEvent::RequestRejected(event) => closing(page, entry).ground = Some(event.ground),
        CaseEvent::RespondentInvited(event) => {
            page.phase = Phase::Invited;
            page.deadlines.consent = Some(event.due);
            let named = page.people.iter().position(|held| held.seat == Seat::Respondent && held.capacity.is_none());
            let named = named.map(|index| page.people.remove(index));
            let name = match (&event.contact, named) {
                (Some(contact), _) => text(&contact.name),
                (None, named) => named.and_then(|held| held.name),
            };
            let from = entry.at;
            let capacity = Some(Capacity::HeadOfMandate);
            let seat = Seat::Respondent;
            page.people.push(Participant {
                person: event.person,
                name,
                seat,
                capacity,
                from,
                to: None,
                declaration: None,
                number: 0,
            });
        }
        CaseEvent::ConsentGiven(event) => {
            page.phase = Phase::Consented;
            page.deadlines.appointment = Some(event.appointment_due);
        }
        CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::TermExpired(_) => {}
        CaseEvent::AppointmentDeadlineMissed(_) => page.appointment_missed = true,
        CaseEvent::MediatorProposed(event) => propose(page, event, entry),
        CaseEvent::IndependenceDeclared(event) => running(page, Some(event.candidate), |candidate| {
            candidate.declared = Some(entry.at);
            candidate.declaration = text(&event.declaration);
        }),
        CaseEvent::AppointmentRefused(event) => end(page, Some(event.candidate), CandidacyEnd::Refused),
        CaseEvent::ProposalLapsed(event) => end(page, Some(event.candidate), CandidacyEnd::Lapsed),
        CaseEvent::ProposalWithdrawn(event) => end(page, Some(event.candidate), CandidacyEnd::Withdrawn),
        CaseEvent::MediatorChallenged(event) => challenge(page, event, entry),
        CaseEvent::ChallengeUpheld(event) => decide(page, event.tenure, true),
        CaseEvent::ChallengeRejected(event) => decide(page, event.tenure, false),
        CaseEvent::MediatorAppointed(event) => {
            end(page, Some(event.mediator.person), CandidacyEnd::Appointed);
            end(page, None, CandidacyEnd::Overtaken);
            sit(page, &event.mediator, Seat::Mediator, None, entry);
            if let Some(held) = page.people.last_mut() {
                held.declaration = event.declaration.as_ref().and_then(text);
            }
        }
        CaseEvent::TableOpened(event) => {
            page.phase = Phase::Open;
            page.deadlines.term = Some(event.term_due);
        }
        CaseEvent::TenureEnded(_) => stand(page, entry.at, |held| held.seat == Seat::Mediator),
        CaseEvent::CaucusReleased(_) => {}
        CaseEvent::RepresentativeSeated(event) => {
            end(page, Some(event.contact.person), CandidacyEnd::Overtaken);
            sit(page, &event.contact, event.camp.seat(), Some(event.capacity), entry);
        }
        CaseEvent::RepresentativeUnseated(event) => stand(page, event.left, |held| held.person == event.person),
        CaseEvent::DiscussionOpened(event) => page.discussions.push(Thread {
            discussion: event.discussion,
            audience: event.audience,
            name: event.name.as_ref().and_then(text),
            items: 0,
        }),
        CaseEvent::MessagePosted(event) => {
            let content = ItemContent::Message { body: text(&event.body) };
            put(page, event.item, Some(event.discussion), event.audience, content, entry);
        }
        CaseEvent::DocumentSubmitted(event) => {
            let content = ItemContent::Document { facts: event.facts.clear().cloned(), class: event.class };
            put(page, event.item, Some(event.discussion), event.audience, content, entry);
        }
        CaseEvent::ItemDisclosed(event) => {
            let (body, facts) = match event.content.clear() {
                Some(Disclosed::Words(words)) => (Some(words.to_string()), None),
                Some(Disclosed::Document(facts)) => (None, Some(facts.clone())),
                None => (None, None),
            };
            let content = ItemContent::Disclosure { form: event.form, body, facts };
            put(page, event.item, Some(event.discussion), Audience::Joint, content, entry);
            let source = event.source.as_ref().map(|source| source.item);
            change(page, event.item, |item| item.source = source);
        }
        CaseEvent::SettlementProposed(event) => {
            let text = event.draft.clear().map(|draft| draft.text.to_string());
            put(page, event.item, None, Audience::Joint, ItemContent::Settlement { text }, entry);
            page.settlements.push(SettlementView {
                item: event.item,
                digest: event.digest.clone(),
                scope: event.scope,
                signed: vec![],
                declined: None,
                sign_by: page.rules.signature_until(entry.at),
                lapsed: false,
                reached: false,
            });
        }
        CaseEvent::VisibilityRestricted(event) => change(page, event.item, |item| {
            item.audience = event.audience;
            item.seen_before.extend(&event.seen_before);
        }),
        CaseEvent::DisclosureAuthorised(event) => {
            change(page, event.item, |item| item.disclosure_authorised = Some(event.form));
        }
        CaseEvent::DisclosureRevoked(event) => change(page, event.item, |item| item.disclosure_authorised = None),
        CaseEvent::ItemOpened(event) if entry.by.person() == viewer => {
            match page.items.iter_mut().find(|item| item.item == event.item) {
                Some(item) => item.opened = Some(entry.at),
                None => {
                    page.tombstones.retain(|stone| stone.item != event.item);
                    page.withdrawn_from_view.push(ClosedItem { item: event.item, opened: entry.at });
                }
            }
        }
        CaseEvent::ItemOpened(_) => {}
        CaseEvent::PersonAlerted(event) => event.items.iter().for_each(|item| bury(page, *item, entry)),
        CaseEvent::AuditAccessGranted(event) => page.audit_access |= event.camp.seat() == page.seat,
        CaseEvent::AuditAccessRevoked(event) => page.audit_access &= event.camp.seat() != page.seat,
        CaseEvent::ChannelSwitched(event) => page.channel = event.channel,
        CaseEvent::OfflineExchangeRecorded(event) => page.exchanges.push(Exchange {
            channel: event.channel,
            audience: event.audience,
            began: event.began,
            minutes: event.minutes,
        }),
        CaseEvent::CaseSuspended(_) => page.phase = Phase::Suspended,
        CaseEvent::CaseResumed(_) => page.phase = Phase::Open,
        CaseEvent::TermExtensionAgreed(_) => {}
        CaseEvent::TermExtended(event) => page.deadlines.term = Some(event.until),
        CaseEvent::SettlementSigned(event) => draft(page, event.item, |draft| draft.signed.push(event.camp)),
        CaseEvent::SettlementDeclined(event) => draft(page, event.item, |draft| draft.declined = Some(event.camp)),
        CaseEvent::SettlementLapsed(event) => draft(page, event.item, |draft| draft.lapsed = true),
        CaseEvent::SettlementReached(event) => draft(page, event.item, |draft| draft.reached = true),
        CaseEvent::PartyWithdrew(event) => {
            let view = closing(page, entry);
            view.withdrawn_by = Some(event.camp);
            view.reason = event.reason.as_ref().and_then(|reason| text(&reason.text));
        }
        CaseEvent::CaseClosed(event) => {
            page.phase = Phase::Closed;
            let view = closing(page, entry);
            view.outcome = event.outcome;
            view.at = entry.at;
            view.return_until = event.return_until;
        }
        CaseEvent::LaterSettlementConfirmed(event) => closing(page, entry).settled_later.push(event.camp),
        CaseEvent::ItemErased(event) => change(page, event.item, |item| item.erased = Some(entry.at)),
        CaseEvent::PersonErased(event) => forget(page, |held| held.person == event.person),
        CaseEvent::CaseErased(event) => {
            page.phase = Phase::Erased;
            page.erased = Some(ErasedView { at: entry.at, ground: event.ground });
            forget(page, |_| true);
        }
        // For the centre alone, as a list of what it has to do.
        CaseEvent::HoldPlaced(event) => page.holds.push(event.ground),
        CaseEvent::HoldLifted(event) => page.holds.retain(|held| *held != event.ground),
        CaseEvent::ErasureProposed(event) => page.erasures.push(ErasureView {
            what: event.what,
            ground: event.ground,
            approvers: entry.by.person().into_iter().collect(),
        }),
        CaseEvent::ErasureApproved(event) => {
            let proposed = page.erasures.iter_mut().filter(|proposed| proposed.what == event.what);
            proposed.for_each(|proposed| proposed.approvers.extend(entry.by.person()));
        }
        CaseEvent::ErasureWithdrawn(event) => page.erasures.retain(|proposed| proposed.what != event.what),
    }
}

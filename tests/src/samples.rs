//! One full sample of every event, and a least one of each that has something to leave out or to seal.

use std::convert::Infallible;

use entente_domain::company::{AmountBand, Company, Contact, Country, Language, Sector};
use entente_domain::event::*;
use entente_domain::questionnaire::{QuestionnaireVersion, Topic};
use entente_domain::rule_set::RuleSet;
use entente_domain::{
    Audience, By, Camp, Capacity, CaseEvent, CompanyId, Entry, EventKind, PersonId, Sealed, Seals, Seat,
};
use jiff::Timestamp;

use crate::cast::*;

const V1: QuestionnaireVersion = QuestionnaireVersion(1);

/// Every part that may be there is there, and readable.
pub fn full(kind: EventKind) -> Entry {
    let (item, discussion) = (item("item"), discussion("thread"));
    let (claimant, respondent) = (Camp::Claimant, Camp::Respondent);
    let event: CaseEvent = match kind {
        EventKind::Registered => registered().into(),
        EventKind::QuestionnaireAnswered => {
            QuestionnaireAnswered { version: V1, answers: passing().answers.into() }.into()
        }
        EventKind::QuestionnairePassed => QuestionnairePassed { version: V1 }.into(),
        EventKind::QuestionnaireFailed => {
            QuestionnaireFailed { version: V1, guidance: vec![Topic::Voluntary, Topic::NoJudge].into() }.into()
        }
        EventKind::RequestRejected => RequestRejected { ground: InadmissibleGround::NotBetweenCompanies }.into(),
        EventKind::RespondentInvited => {
            RespondentInvited { person: R1, contact: Some(person(R1, "Ryu Ha-eun")), due: day(16, 23, 0) }.into()
        }
        EventKind::ConsentGiven => ConsentGiven { appointment_due: day(4, 11, 0) }.into(),
        EventKind::ConsentDeclined => ConsentDeclined {}.into(),
        EventKind::InvitationLapsed => InvitationLapsed { due: day(16, 23, 0) }.into(),
        EventKind::AppointmentDeadlineMissed => AppointmentDeadlineMissed { due: day(4, 11, 0) }.into(),
        EventKind::MediatorAppointed => {
            let declaration = Some(statement("I know neither company.").into());
            MediatorAppointed { mediator: person(M1, "Mireille Caron"), tenure: 1, declaration }.into()
        }
        EventKind::MediatorProposed => {
            MediatorProposed { candidate: person(M1, "Mireille Caron"), due: Some(day(3, 11, 0)) }.into()
        }
        EventKind::IndependenceDeclared => {
            let declaration = statement("I once taught a cousin of the claimant's.").into();
            IndependenceDeclared { candidate: M1, declaration }.into()
        }
        EventKind::AppointmentRefused => AppointmentRefused { candidate: M1 }.into(),
        EventKind::ProposalLapsed => ProposalLapsed { candidate: M1 }.into(),
        EventKind::ProposalWithdrawn => ProposalWithdrawn { candidate: M1 }.into(),
        EventKind::MediatorChallenged => {
            let ground = statement("They were partners until last year.").into();
            MediatorChallenged { tenure: 1, camp: respondent, ground }.into()
        }
        EventKind::ChallengeUpheld => ChallengeUpheld { tenure: 1 }.into(),
        EventKind::ChallengeRejected => ChallengeRejected { tenure: 2 }.into(),
        EventKind::SettlementLapsed => SettlementLapsed { item }.into(),
        EventKind::TableOpened => TableOpened { term_due: day(64, 22, 0) }.into(),
        EventKind::MediatorUnavailabilityDeclared => MediatorUnavailabilityDeclared {}.into(),
        EventKind::TenureEnded => TenureEnded { tenure: 1 }.into(),
        EventKind::CaucusReleased => CaucusReleased { camp: claimant, tenure: 2 }.into(),
        EventKind::RepresentativeSeated => {
            let contact = person(CL, "Luc Ferrand");
            RepresentativeSeated { camp: claimant, contact, capacity: Capacity::Counsel }.into()
        }
        EventKind::RepresentativeUnseated => {
            RepresentativeUnseated { camp: respondent, person: RL, left: day(3, 18, 0) }.into()
        }
        EventKind::DiscussionOpened => {
            let name = Some(name("Delivery dates").into());
            DiscussionOpened { discussion, audience: Audience::Joint, name }.into()
        }
        EventKind::MessagePosted => {
            let body = body("We could take 4,000 €.\nNot less.").into();
            MessagePosted { item, discussion, audience: Audience::ClaimantCaucus, body }.into()
        }
        EventKind::DocumentSubmitted => {
            let (facts, class) = (facts("contract.pdf").into(), DocumentClass::PreExisting);
            let object = Some(object("contract.pdf"));
            DocumentSubmitted { item, discussion, audience: Audience::RespondentCaucus, facts, class, object }.into()
        }
        EventKind::VisibilityRestricted => {
            let (seen_before, alerted_before) = (vec![C1, M1], vec![C2]);
            VisibilityRestricted { item, audience: Audience::RespondentWorkspace, seen_before, alerted_before }.into()
        }
        EventKind::DisclosureAuthorised => {
            DisclosureAuthorised { item, camp: respondent, form: DisclosureForm::Substance }.into()
        }
        EventKind::DisclosureRevoked => DisclosureRevoked { item, camp: respondent }.into(),
        EventKind::ItemDisclosed => disclosed().into(),
        EventKind::ItemOpened => ItemOpened { item }.into(),
        EventKind::PersonAlerted => PersonAlerted { person: R2, items: vec![item, self::item("copy")] }.into(),
        EventKind::AuditAccessGranted => AuditAccessGranted { camp: claimant }.into(),
        EventKind::AuditAccessRevoked => AuditAccessRevoked { camp: claimant }.into(),
        EventKind::ChannelSwitched => ChannelSwitched { channel: Channel::InPerson }.into(),
        EventKind::OfflineExchangeRecorded => OfflineExchangeRecorded {
            channel: Channel::Telephone,
            audience: Audience::MediatorNotes,
            began: day(4, 8, 0),
            minutes: 45,
        }
        .into(),
        EventKind::CaseSuspended => CaseSuspended {}.into(),
        EventKind::CaseResumed => CaseResumed {}.into(),
        EventKind::TermExtensionAgreed => TermExtensionAgreed { seat: Seat::Mediator, until: day(88, 22, 0) }.into(),
        EventKind::TermExtended => TermExtended { until: day(88, 22, 0) }.into(),
        EventKind::SettlementProposed => {
            let text = body("Six looms are replaced.");
            let digest = TextDigest::of(SALT, &text);
            let draft = Draft { text, salt: SALT }.into();
            SettlementProposed { item, digest, scope: SettlementScope::Whole, draft }.into()
        }
        EventKind::SettlementSigned => {
            let digest = TextDigest::of(SALT, &body("Six looms are replaced."));
            SettlementSigned { item, camp: respondent, digest }.into()
        }
        EventKind::SettlementDeclined => SettlementDeclined { item, camp: claimant }.into(),
        EventKind::SettlementReached => SettlementReached { item, scope: SettlementScope::Part }.into(),
        EventKind::NoAgreementReported => NoAgreementReported {}.into(),
        EventKind::PartyWithdrew => {
            let reason = Reason { readers: ReasonFor::Mediator, text: statement("Our board has changed.").into() };
            PartyWithdrew { camp: respondent, reason: Some(reason) }.into()
        }
        EventKind::TermExpired => TermExpired { due: day(64, 22, 0) }.into(),
        EventKind::CaseClosed => {
            CaseClosed { outcome: Outcome::MediatorUnavailable, return_until: day(50, 22, 0) }.into()
        }
        EventKind::LaterSettlementConfirmed => LaterSettlementConfirmed { camp: claimant }.into(),
        EventKind::SettledAfterwards => SettledAfterwards {}.into(),
        EventKind::HoldPlaced => HoldPlaced { ground: HoldGround::LegalClaim }.into(),
        EventKind::HoldLifted => HoldLifted { ground: HoldGround::CourtOrder }.into(),
        EventKind::ErasureProposed => {
            ErasureProposed { what: Erasable::Person(C2), ground: ErasureGround::PersonsRequest }.into()
        }
        EventKind::ErasureApproved => ErasureApproved { what: Erasable::Case }.into(),
        EventKind::ErasureWithdrawn => ErasureWithdrawn { what: Erasable::Item(item) }.into(),
        EventKind::ItemErased => ItemErased { item, ground: ErasureGround::Unlawful, approvers: vec![S, X] }.into(),
        EventKind::PersonErased => {
            PersonErased { person: C2, ground: ErasureGround::PersonsRequest, approvers: vec![S, X] }.into()
        }
        EventKind::CaseErased => CaseErased { ground: ErasureGround::RetentionOver, approvers: vec![S, X] }.into(),
    };
    Entry { at: at(), by: by(kind), event }
}

/// Nothing that may be left out is there, and what is sealed is shut; none for events without such parts.
pub fn least(kind: EventKind) -> Option<Entry> {
    let mut least = full(kind);
    let mut has_less = false;
    // First, since a part that is left out has nothing to shut.
    match &mut least.event {
        CaseEvent::Registered(event) => event.respondent_contact = None,
        CaseEvent::RespondentInvited(event) => has_less = event.contact.take().is_some(),
        CaseEvent::DiscussionOpened(event) => has_less = event.name.take().is_some(),
        CaseEvent::ItemDisclosed(event) => event.source = None,
        CaseEvent::MediatorProposed(event) => event.due = None,
        CaseEvent::MediatorAppointed(event) => event.declaration = None,
        CaseEvent::DocumentSubmitted(event) => event.object = None,
        CaseEvent::PartyWithdrew(event) => has_less = event.reason.take().is_some(),
        CaseEvent::QuestionnaireFailed(event) => {
            event.guidance.clear();
            has_less = true;
        }
        CaseEvent::VisibilityRestricted(event) => {
            event.seen_before.clear();
            event.alerted_before.clear();
            has_less = true;
        }
        _ => {}
    }
    let Ok(()) = least.seals::<Infallible>(&mut |part| {
        has_less = true;
        part.shut("c2VhbGVkIGZvciBnb29k".to_owned());
        Ok(())
    });
    has_less.then_some(least)
}

fn registered() -> Registered {
    Registered {
        rule_set: RuleSet::V2026_1,
        claimant: business(1, "FR", "Tissages du Rhône"),
        head: person(C1, "Claire Morel"),
        respondent: business(2, "KR", "Daehan Looms"),
        nature: statement("Twelve looms stopped after a week.").into(),
        sector: Sector::Manufacturing,
        amount: AmountBand::Under1m,
        languages: vec![Language::parse("fr").unwrap(), Language::parse("en").unwrap()],
        respondent_contact: Some(Contact { email: Sealed::Clear(None), ..person(R1, "Ryu Ha-eun") }),
    }
}

fn disclosed() -> ItemDisclosed {
    ItemDisclosed {
        item: item("copy"),
        discussion: discussion("thread"),
        source: Some(Source { item: item("item"), camp: Camp::Claimant }),
        form: DisclosureForm::Verbatim,
        content: Disclosed::Document(facts("contract.pdf")).into(),
    }
}

fn person(person: PersonId, called: &str) -> Contact {
    let email = Some(name(&format!("{called} at home")));
    Contact { person, name: name(called).into(), email: email.into() }
}

fn business(n: u128, country: &str, called: &str) -> Company {
    let id = CompanyId(uuid::Uuid::from_u128(SALT.as_u128() + n));
    Company { id, country: Country::parse(country).unwrap(), name: name(called).into() }
}

fn at() -> Timestamp {
    "2026-03-06T09:30:00.123456Z".parse().unwrap()
}

/// Whoever can have done it: the clock, the centre, a camp or the mediator.
fn by(kind: EventKind) -> By {
    use EventKind::*;
    let (seat, person) = match kind {
        InvitationLapsed
        | AppointmentDeadlineMissed
        | TermExpired
        | PersonAlerted
        | ProposalLapsed
        | SettlementLapsed => return By::Clock,
        IndependenceDeclared | AppointmentRefused => return By::Candidate { person: M1 },
        RequestRejected
        | RespondentInvited
        | MediatorAppointed
        | MediatorProposed
        | ProposalWithdrawn
        | ChallengeUpheld
        | ChallengeRejected
        | TableOpened
        | MediatorUnavailabilityDeclared
        | HoldPlaced
        | HoldLifted
        | ErasureProposed
        | ErasureApproved
        | ErasureWithdrawn
        | ItemErased
        | PersonErased
        | CaseErased => (Seat::Centre, S),
        TenureEnded | ItemDisclosed | ChannelSwitched | OfflineExchangeRecorded | NoAgreementReported => {
            (Seat::Mediator, M1)
        }
        ConsentGiven
        | ConsentDeclined
        | RepresentativeUnseated
        | SettlementSigned
        | PartyWithdrew
        | MediatorChallenged => (Seat::Respondent, R1),
        _ => (Seat::Claimant, C1),
    };
    By::Seat { seat, person }
}

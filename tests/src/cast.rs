//! The cast of the scenarios: persons with fixed ids, the days of their case, and the words in which they ask.

mod finding;

use std::collections::BTreeMap;

use entente_domain::command::*;
use entente_domain::company::{AmountBand, Country, Language, Sector};
use entente_domain::event::{
    Channel, Disclosed, DisclosureForm, DocumentClass, DocumentFacts, InadmissibleGround, ReasonFor, SettlementScope,
    TextDigest,
};
use entente_domain::questionnaire::{self, Choice, Topic};
use entente_domain::{
    Actor, Audience, Body, Capacity, CaseId, CommandId, DiscussionId, ItemId, Name, ObjectId, PersonId, Statement,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub use self::finding::*;
use crate::spec::Question;

const fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x0e47_e47e_0000_4000_8000_0000_0000_0000 + n))
}

/// The claimant's head of mandate.
pub const C1: PersonId = person(0xc1);
/// The claimant's second.
pub const C2: PersonId = person(0xc2);
/// The claimant's counsel.
pub const CL: PersonId = person(0xc3);
/// The respondent's head of mandate.
pub const R1: PersonId = person(0xa1);
/// The respondent's second.
pub const R2: PersonId = person(0xa2);
/// The respondent's counsel.
pub const RL: PersonId = person(0xa3);
/// The first mediator.
pub const M1: PersonId = person(0xe1);
/// The successor.
pub const M2: PersonId = person(0xe2);
/// The centre's staff.
pub const S: PersonId = person(0x51);
/// Another of the centre's staff.
pub const S2: PersonId = person(0x52);
/// Somebody who has nothing to do with the case.
pub const X: PersonId = person(0xff);

/// The case of the scenarios.
pub const CASE: CaseId = CaseId(Uuid::from_u128(0x0e47_e47e_0000_4000_8000_0000_0000_ca5e));
/// The random bits that come with every command here.
pub const SALT: Uuid = Uuid::from_u128(0x0e47_e47e_0000_4000_8000_0000_0000_5a17);

/// A hand that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand(pub Actor);

/// c1, who binds the claimant.
pub const CLAIMANT: Hand = Hand(Actor::Person(C1));
/// r1, who binds the respondent.
pub const RESPONDENT: Hand = Hand(Actor::Person(R1));
/// s2, of the centre as well.
pub const COLLEAGUE: Hand = Hand(Actor::Staff(S2));
/// m1.
pub const MEDIATOR: Hand = Hand(Actor::Person(M1));
/// m2.
pub const SUCCESSOR: Hand = Hand(Actor::Person(M2));
/// s.
pub const CENTRE: Hand = Hand(Actor::Staff(S));
/// Time passing.
pub const CLOCK: Hand = Hand(Actor::Clock);
/// x.
pub const STRANGER: Hand = Hand(Actor::Person(X));

/// Somebody else of the cast.
pub const fn hand(person: PersonId) -> Hand {
    Hand(Actor::Person(person))
}

impl Hand {
    /// This hand asks the case something.
    pub fn asks(self, ask: impl Into<Ask>) -> Question {
        Question { by: self.0, ask: ask.into(), at: None, id: None }
    }
}

/// An hour and a minute (UTC) of a day of the case; day 0 is Monday 2 March 2026.
pub fn day(n: i64, hour: i64, minute: i64) -> Timestamp {
    let zero: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    zero + SignedDuration::from_mins((n * 24 + hour) * 60 + minute)
}

/// The command of this name: always the same.
pub fn command(name: &str) -> CommandId {
    CommandId(Uuid::new_v5(&SALT, name.as_bytes()))
}

/// The item that the command of this name makes.
pub fn item(name: &str) -> ItemId {
    ItemId(command(name).derive("item"))
}

/// The thread that the command of this name opens.
pub fn discussion(name: &str) -> DiscussionId {
    DiscussionId(command(name).derive("discussion"))
}

/// Both camps and the mediator.
pub const JOINT: Audience = Audience::Joint;

/// The cast's thread for an audience: standing ones come with the table, the others are opened by `spec::every_thread`.
pub fn thread(audience: Audience) -> DiscussionId {
    let standing = |what| DiscussionId(command("appoint m1").derive(what));
    match audience {
        Audience::Joint => standing("joint"),
        Audience::ClaimantCaucus => standing("claimant caucus"),
        Audience::RespondentCaucus => standing("respondent caucus"),
        Audience::ClaimantWorkspace => discussion("open claimant workspace"),
        Audience::RespondentWorkspace => discussion("open respondent workspace"),
        Audience::MediatorNotes => discussion("open mediator notes"),
    }
}

/// A name.
pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// A longer text.
pub fn statement(text: &str) -> Statement {
    Statement::parse(text).unwrap()
}

/// What is said in a message.
pub fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}

/// What is known of a document of this name.
pub fn facts(name: &str) -> DocumentFacts {
    serde_json::from_value(serde_json::json!({
        "name": name, "media_type": "application/pdf", "size": 48_213, "digest": "0f".repeat(32),
    }))
    .unwrap()
}

/// The content of a document of this name, in the vault.
pub fn object(name: &str) -> ObjectId {
    ObjectId(command(name).derive("object"))
}

/// A person as a request names one; the address follows from the name.
pub fn contact(person: PersonId, called: &str) -> ContactAsk {
    ContactAsk { person: Some(person), name: name(called), email: Some(name(&format!("{called} at home"))) }
}

/// A company of a country.
pub fn company(country: &str, called: &str) -> CompanyAsk {
    CompanyAsk { id: None, country: Country::parse(country).unwrap(), name: name(called) }
}

/// The manufacturer in Lyon and its Korean supplier (B3); nobody is named at the supplier's.
pub fn register() -> Register {
    Register {
        claimant: company("FR", "Tissages du Rhône"),
        head: name("Claire Morel"),
        head_email: Some(name("claire at home")),
        respondent: company("KR", "Daehan Looms"),
        respondent_contact: None,
        nature: statement("Twelve looms stopped after a week."),
        sector: Sector::Manufacturing,
        amount: AmountBand::Under1m,
        languages: vec![Language::parse("fr").unwrap(), Language::parse("en").unwrap()],
    }
}

/// The same, and whom to invite.
pub fn register_naming(person: PersonId) -> Register {
    Register { respondent_contact: Some(contact(person, "Ryu Ha-eun")), ..register() }
}

/// Answers that show understanding.
pub fn passing() -> AnswerQuestionnaire {
    let understood = [
        (Topic::Voluntary, Choice::B),
        (Topic::Confidential, Choice::A),
        (Topic::NoJudge, Choice::C),
        (Topic::StopAtAnyTime, Choice::A),
        (Topic::MediatorDoesNotDecide, Choice::B),
    ];
    AnswerQuestionnaire { version: questionnaire::CURRENT, answers: BTreeMap::from(understood) }
}

/// Answers that take the mediator for a judge.
pub fn failing() -> AnswerQuestionnaire {
    let mut ask = passing();
    ask.answers.insert(Topic::MediatorDoesNotDecide, Choice::A);
    ask
}

/// Turn the request down.
pub fn inadmissible() -> DeclareInadmissible {
    DeclareInadmissible { ground: InadmissibleGround::Incomplete }
}

/// Invite this person.
pub fn invite(person: PersonId) -> InviteRespondent {
    InviteRespondent { contact: contact(person, "Ryu Ha-eun") }
}

/// Appoint this person, who has declared independence.
pub fn appoint(person: PersonId) -> AppointMediator {
    AppointMediator {
        mediator: contact(person, "Mireille Caron"),
        declaration: Some(statement("I know neither company.")),
    }
}

/// Bring this person into the camp.
pub fn seat(person: PersonId, capacity: Capacity) -> SeatRepresentative {
    SeatRepresentative { contact: contact(person, &format!("Colleague {:x}", person.0.as_u128() & 0xff)), capacity }
}

/// Take this person out of the camp.
pub fn unseat(person: PersonId) -> UnseatRepresentative {
    UnseatRepresentative { person, left: None }
}

/// Take this person out of the camp, who had left it then.
pub fn unseat_late(person: PersonId, left: Timestamp) -> UnseatRepresentative {
    UnseatRepresentative { person, left: Some(left) }
}

/// A letter has told this person of these items.
pub fn alert(person: PersonId, items: &[ItemId]) -> RecordAlert {
    RecordAlert { person, items: items.to_vec() }
}

/// Open a thread.
pub fn open_thread(audience: Audience, called: &str) -> OpenDiscussion {
    OpenDiscussion { audience, name: name(called) }
}

/// Say something in the cast's thread for an audience.
pub fn post_to(audience: Audience, text: &str) -> PostMessage {
    PostMessage { discussion: thread(audience), body: body(text) }
}

/// Put a document into the cast's thread for an audience.
pub fn submit_to(audience: Audience, called: &str) -> SubmitDocument {
    let (discussion, class) = (thread(audience), DocumentClass::DrawnUp);
    SubmitDocument { discussion, facts: facts(called), class, object: object(&format!("{called} in {discussion}")) }
}

/// Narrow who may see an item.
pub fn restrict(item: ItemId, audience: Audience) -> RestrictVisibility {
    RestrictVisibility { item, audience }
}

/// Let the mediator pass an item on.
pub fn authorise(item: ItemId, form: DisclosureForm) -> AuthoriseDisclosure {
    AuthoriseDisclosure { item, form }
}

/// Pass words on.
pub fn disclose(item: ItemId, words: &str) -> Disclose {
    Disclose { item, content: Disclosed::Words(body(words)) }
}

/// Put on record an hour on the telephone, begun an hour before this instant.
pub fn telephoned(audience: Audience, until: Timestamp) -> RecordOfflineExchange {
    let began = until - SignedDuration::from_hours(1);
    RecordOfflineExchange { channel: Channel::Telephone, audience, began, minutes: 60 }
}

/// A term until the end of this day of 2026.
pub fn extend(month: i8, day: i8) -> ExtendTerm {
    ExtendTerm { until: jiff::civil::Date::constant(2026, month, day) }
}

/// Lay a draft for the whole dispute before both.
pub fn propose(text: &str) -> ProposeSettlement {
    ProposeSettlement { text: body(text), scope: SettlementScope::Whole }
}

/// Sign the draft that the command of this name proposed, as this text.
pub fn sign(draft: &str, text: &str) -> SignSettlement {
    SignSettlement { item: item(draft), digest: TextDigest::of(SALT, &body(text)) }
}

/// Stop, without a word.
pub fn withdraw() -> Withdraw {
    Withdraw { reason: None }
}

/// Stop, and say why.
pub fn withdraw_because(readers: ReasonFor, text: &str) -> Withdraw {
    Withdraw { reason: Some(ReasonAsk { readers, text: statement(text) }) }
}

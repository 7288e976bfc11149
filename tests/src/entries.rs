//! Entries that a store may be given: valid histories as far as a store is concerned, which decides nothing.

use std::sync::atomic::{AtomicI64, Ordering};

use cqrs_es::Aggregate;
use entente_application::ports::{Append, Appended, CaseLog, Change, Position, Recorded};
use entente_domain::company::{AmountBand, Company, Contact, Country, Language, Sector};
use entente_domain::event::{MessagePosted, Registered};
use entente_domain::rule_set::RuleSet;
use entente_domain::{
    Audience, Body, By, Case, CaseId, CommandId, CompanyId, DiscussionId, Entry, ItemId, Name, PersonId, Sealed, Seat,
    Statement,
};
use entente_projections::inbox;
use entente_store::Store;
use jiff::Timestamp;
use uuid::Uuid;

/// A case that no store knows yet.
pub fn case_id() -> CaseId {
    CaseId(Uuid::new_v4())
}

/// A command that nobody has given yet.
pub fn command_id() -> CommandId {
    CommandId(Uuid::new_v4())
}

/// An instant a microsecond after the one before; the first is in January 2026.
pub fn instant() -> Timestamp {
    static TICKS: AtomicI64 = AtomicI64::new(1_768_000_000_000_000);
    Timestamp::from_microsecond(TICKS.fetch_add(1, Ordering::Relaxed)).unwrap()
}

/// The first entry of a case, with confidential parts of every shape.
pub fn registered() -> Entry {
    registered_by("Soieries de la Croix-Rousse")
}

/// The same by a company of this name.
pub fn registered_by(name: &str) -> Entry {
    let head = PersonId(Uuid::new_v4());
    let event = Registered {
        rule_set: RuleSet::CURRENT,
        claimant: company("FR", name),
        head: Contact {
            person: head,
            name: sealed_name("Odile Marchand"),
            email: Sealed::Clear(Some(Name::parse("odile@example.org").unwrap())),
        },
        respondent: company("KR", "Hanbit Precision"),
        nature: Sealed::Clear(Statement::parse("Forty looms came six weeks late.").unwrap()),
        sector: Sector::Manufacturing,
        amount: AmountBand::Under100k,
        languages: vec![Language::parse("fr").unwrap(), Language::parse("en").unwrap()],
        respondent_contact: Some(Contact {
            person: PersonId(Uuid::new_v4()),
            name: sealed_name("Min-jun Seo"),
            email: Sealed::Clear(None),
        }),
    };
    Entry { at: instant(), by: By::Seat { seat: Seat::Claimant, person: head }, event: event.into() }
}

/// A message of this text.
pub fn message(body: &str) -> Entry {
    let event = MessagePosted {
        item: ItemId(Uuid::new_v4()),
        discussion: DiscussionId(Uuid::new_v4()),
        audience: Audience::ClaimantCaucus,
        body: Sealed::Clear(Body::parse(body).unwrap()),
    };
    let by = By::Seat { seat: Seat::Claimant, person: PersonId(Uuid::new_v4()) };
    Entry { at: instant(), by, event: event.into() }
}

/// These entries by a new command.
pub fn append(case: CaseId, expected: u64, entries: Vec<Entry>) -> Append {
    Append { case, expected, command: command_id(), request: None, recorded: None, entries }
}

/// Appends that must be taken; the positions of the first and the last entry.
pub async fn must_append(log: &Store, append: Append) -> (Position, Position) {
    match log.append(append).await.unwrap() {
        Appended::At { first, last } => (first, last),
        other => panic!("nothing stands against this append, and yet: {other:?}"),
    }
}

/// Appends a registration and `messages` messages to each of `cases` new cases; the head afterwards.
pub async fn fill(log: &Store, cases: u64, messages: u64) -> u64 {
    let mut head = Position(0);
    for _ in 0..cases {
        let texts = (0..messages).map(|n| message(&format!("message {n}")));
        let entries = std::iter::once(registered()).chain(texts).collect();
        (_, head) = must_append(log, append(case_id(), 0, entries)).await;
    }
    head.0
}

/// Everything from the first position to the head, sealed, read in pages.
pub async fn whole_log(log: &Store) -> Vec<Recorded> {
    let (mut all, mut at) = (Vec::new(), Position(0));
    loop {
        let page = log.page(at, 100).await.unwrap();
        let Some(last) = page.last() else { return all };
        at = last.position;
        all.extend(page);
    }
}

/// The case that these entries of one stream make.
pub fn folded(stream: &[Recorded]) -> Case {
    let mut case = Case::default();
    for recorded in stream {
        case.apply(recorded.entry.clone());
    }
    case
}

/// One row more in somebody's inbox.
pub fn inbox_row() -> Change {
    Change::Inbox(inbox::Change::Put(inbox::Row {
        person: PersonId(Uuid::new_v4()),
        at: instant(),
        item: ItemId(Uuid::new_v4()),
        case: case_id(),
        opened: false,
    }))
}

fn company(country: &str, name: &str) -> Company {
    Company { id: CompanyId(Uuid::new_v4()), country: Country::parse(country).unwrap(), name: sealed_name(name) }
}

fn sealed_name(name: &str) -> Sealed<Name> {
    Sealed::Clear(Name::parse(name).unwrap())
}

/// A stored event whose first sealed part is of the first version, as far as that can be told without a key: the version is
/// the first byte of a token, and 1 instead of 2 in base64 is a letter sixteen places before.
///
/// # Panics
/// If nothing is sealed in it.
pub fn of_the_first_version(payload: &str) -> String {
    let at = payload.find("\"shut\":\"A").expect("nothing is sealed in it") + "\"shut\":\"A".len();
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let second = payload[at..].chars().next().and_then(|letter| letters.find(letter)).unwrap();
    format!("{}{}{}", &payload[..at], &letters[second - 16..=second - 16], &payload[at + 1..])
}

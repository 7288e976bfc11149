//! The published table of who sees which event (docs/confidence.md), read by the tests and held against the product.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use entente_domain::event::{CaseEvent, ReasonFor};
use entente_domain::visibility::Viewer;
use entente_domain::{Audience, Entry, EventKind, Seat};
use jiff::Timestamp;
use serde_json::Value;

use super::Model;
use super::gone::item_of;

/// A word of the table: who of a seat sees an event of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Always.
    Yes,
    /// Never.
    No,
    /// Who sees the item that it is about.
    Item,
    /// Who takes part in the thread.
    Thread,
    /// Who takes part in the exchange.
    Exchange,
    /// If it was a joint one.
    Joint,
    /// The reader, and colleagues of the same camp who see the item.
    Receipt,
    /// Who was alerted.
    Alert,
    /// The camp that it is about.
    OwnCamp,
    /// The successor that it is about.
    Successor,
    /// Since the candidate who declared it was appointed.
    Appointed,
    /// Unless the person was only asked to mediate.
    Known,
}

impl Word {
    /// The word as the page spells it.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "yes" => Self::Yes,
            "no" => Self::No,
            "item" => Self::Item,
            "thread" => Self::Thread,
            "exchange" => Self::Exchange,
            "if joint" => Self::Joint,
            "receipt" => Self::Receipt,
            "alert" => Self::Alert,
            "own camp" => Self::OwnCamp,
            "successor" => Self::Successor,
            "once appointed" => Self::Appointed,
            "if known" => Self::Known,
            _ => return None,
        })
    }
}

/// The table: for each kind of event a word for the claimant, the respondent, the mediator and the centre.
pub type Table = BTreeMap<EventKind, [Word; 4]>;

/// The table as it is published.
///
/// # Panics
/// If the page has no such table, or a line that cannot be read.
pub fn published() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/confidence.md");
        parse(&std::fs::read_to_string(page).unwrap())
    })
}

/// Reads the table of a page: the lines between its head and the first line that is none of it.
///
/// # Panics
/// As [`published`].
pub fn parse(page: &str) -> Table {
    let head = "| event | claimant | respondent | mediator | centre |";
    let lines = page.lines().skip_while(|line| *line != head).skip(2).take_while(|line| line.starts_with('|'));
    let table: Table = lines
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
            let [event, words @ ..] = &cells[..] else { panic!("no event in {line}") };
            let kind = EventKind::ALL.iter().find(|kind| kind.name() == *event);
            let words: Vec<_> =
                words.iter().map(|word| Word::parse(word).unwrap_or_else(|| panic!("{word}?"))).collect();
            (*kind.unwrap_or_else(|| panic!("no event is called {event}")), words.try_into().unwrap())
        })
        .collect();
    assert!(!table.is_empty(), "the page has no table that begins with {head}");
    table
}

impl Model {
    /// What a viewer may observe of a history at an instant, as the published tables say: events in order, as JSON, without
    /// the parts that are not for this viewer. Nothing for a stranger.
    ///
    /// # Panics
    /// For an auditor, who is not a matter of these tables.
    pub fn observed(&self, entries: &[Entry], viewer: Viewer, at: Timestamp) -> Vec<Value> {
        let Some(place) = self.place(viewer, at) else { return vec![] };
        let seen = entries.iter().filter(|entry| entry.at <= at && self.sees_event(entry, viewer, place, at));
        seen.map(|entry| self.without_parts(entry, place, at)).collect()
    }

    fn sees_event(&self, entry: &Entry, viewer: Viewer, place: (Seat, u32), at: Timestamp) -> bool {
        let (seat, tenure) = place;
        let column = match seat {
            Seat::Claimant => 0,
            Seat::Respondent => 1,
            Seat::Mediator => 2,
            Seat::Centre => 3,
        };
        let own = match viewer {
            Viewer::Person(person) | Viewer::Staff(person) => Some(person),
            Viewer::Auditor(_) | Viewer::Operator => None,
        };
        let event = &entry.event;
        match published()[&event.kind()][column] {
            Word::Yes => true,
            Word::No => false,
            Word::Item => item_of(event).is_some_and(|item| self.sees_item(item, place, at)),
            Word::Thread => match event {
                CaseEvent::DiscussionOpened(event) => self.sees_thread(event.discussion, place, at),
                _ => false,
            },
            Word::Exchange => match event {
                // Whoever mediated then had a part in it.
                CaseEvent::OfflineExchangeRecorded(e) => self.took_part(e.audience, entry.at, place, at),
                _ => false,
            },
            Word::Joint => matches!(event, CaseEvent::OfflineExchangeRecorded(e) if e.audience == Audience::Joint),
            Word::Receipt => {
                let colleague = seat != Seat::Mediator && entry.by.seat() == Some(seat);
                let sees = item_of(event).is_some_and(|item| self.sees_item(item, place, at));
                entry.by.person() == own || (colleague && sees)
            }
            Word::Alert => matches!(event, CaseEvent::PersonAlerted(event) if Some(event.person) == own),
            Word::OwnCamp => match event {
                CaseEvent::AuditAccessGranted(event) => event.camp.seat() == seat,
                CaseEvent::AuditAccessRevoked(event) => event.camp.seat() == seat,
                CaseEvent::CaucusReleased(event) => event.camp.seat() == seat,
                _ => false,
            },
            Word::Appointed => match event {
                CaseEvent::IndependenceDeclared(event) => {
                    self.read_since(event.candidate, entry.at).is_some_and(|since| since <= at)
                }
                _ => false,
            },
            Word::Known => matches!(event, CaseEvent::PersonErased(event) if self.is_known(event.person)),
            Word::Successor => matches!(event, CaseEvent::CaucusReleased(event) if event.tenure == tenure),
        }
    }

    fn took_part(&self, audience: Audience, then: Timestamp, (seat, tenure): (Seat, u32), at: Timestamp) -> bool {
        if !audience.admits(seat) {
            return false;
        }
        let of_then = self.sitting.iter().rfind(|(_, sat, _, from, _)| *sat == Seat::Mediator && *from <= then);
        let of_then = of_then.map_or(0, |(_, _, tenure, ..)| *tenure);
        let released = |camp| self.released.iter().any(|(c, t, from)| (*c, *t) == (camp, tenure) && *from <= at);
        match audience.caucus_of() {
            Some(camp) if seat == Seat::Mediator => of_then == tenure || released(camp),
            _ => audience != Audience::MediatorNotes || of_then == tenure,
        }
    }

    /// The second table of the page: parts that are left out although the event is seen.
    fn without_parts(&self, entry: &Entry, place: (Seat, u32), at: Timestamp) -> Value {
        let (seat, _) = place;
        let mut written = serde_json::to_value(entry).unwrap();
        let name = entry.event.kind().name();
        let event = &mut written["event"][name];
        let gone = Value::Null;
        let keeps_address = |owner: Seat| seat == owner || seat == Seat::Centre;
        match &entry.event {
            CaseEvent::Registered(e) => {
                if !keeps_address(Seat::Claimant) {
                    event["head"]["email"] = gone.clone();
                }
                let named = e.respondent_contact.as_ref().map(|contact| contact.person);
                if seat != Seat::Claimant && seat != Seat::Centre && (named.is_none() || named != self.invited) {
                    event["respondent_contact"] = gone;
                } else if named.is_some() && seat == Seat::Mediator {
                    event["respondent_contact"]["email"] = gone;
                }
            }
            CaseEvent::RespondentInvited(e) if e.contact.is_some() && !keeps_address(Seat::Respondent) => {
                event["contact"]["email"] = gone;
            }
            CaseEvent::MediatorAppointed(_) if !keeps_address(Seat::Mediator) => event["mediator"]["email"] = gone,
            CaseEvent::RepresentativeSeated(e) if !keeps_address(e.camp.seat()) => event["contact"]["email"] = gone,
            CaseEvent::MediatorChallenged(e) if seat != e.camp.seat() && seat != Seat::Centre => {
                event["ground"] = gone;
            }
            CaseEvent::PartyWithdrew(e) => {
                let for_mediator = e.reason.as_ref().is_some_and(|reason| reason.readers == ReasonFor::Mediator);
                if for_mediator && seat != Seat::Mediator && seat != e.camp.seat() {
                    event["reason"] = gone;
                }
            }
            CaseEvent::ItemDisclosed(e)
                if !e.source.as_ref().is_some_and(|source| self.sees_item(source.item, place, at)) =>
            {
                event["source"] = gone;
            }
            CaseEvent::VisibilityRestricted(e) => {
                event["alerted_before"] = gone.clone();
                if self.items.get(&e.item).map(|item| item.maker) != Some(seat) {
                    event["seen_before"] = gone;
                }
            }
            // Items that are gone for another reason than a restriction are left out; none of them tells anything new.
            CaseEvent::PersonAlerted(_) => event["items"] = gone,
            _ => {}
        }
        self.without_what_is_erased(entry, event);
        written
    }
}

//! Which items await which person, and which cases a person sits in: rows of ids and times, no content.

use entente_domain::event::CaseEvent;
use entente_domain::{Case, CaseId, Entry, ItemId, PersonId, Seat};
use jiff::Timestamp;

/// The name under which builds of this projection are kept.
pub const NAME: &str = "inbox";
/// Raised whenever the fold below would give other rows for the same events.
pub const VERSION: u32 = 1;

/// An item that a person may see and did not write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The reader.
    pub person: PersonId,
    /// The item's time.
    pub at: Timestamp,
    /// The item.
    pub item: ItemId,
    /// Its case.
    pub case: CaseId,
    /// Whether this person has opened it.
    pub opened: bool,
}

/// A person's place in a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seated {
    /// The person.
    pub person: PersonId,
    /// Since when the person has known of the case.
    pub since: Timestamp,
    /// The case.
    pub case: CaseId,
    /// The seat.
    pub seat: Seat,
}

/// What an event changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// One item more for one person.
    Put(Row),
    /// A person has opened an item.
    Opened {
        /// The person.
        person: PersonId,
        /// The item.
        item: ItemId,
    },
    /// All rows of a case, anew: who may see what has changed.
    Replace {
        /// The case.
        case: CaseId,
        /// Its items' rows now.
        rows: Vec<Row>,
        /// Its occupants now.
        seated: Vec<Seated>,
    },
}

/// What an entry changes; `after` is the case with the entry applied.
pub fn changes(case: CaseId, after: &Case, entry: &Entry) -> Vec<Change> {
    match &entry.event {
        CaseEvent::MessagePosted(event) => new_item(case, after, event.item, entry),
        CaseEvent::DocumentSubmitted(event) => new_item(case, after, event.item, entry),
        CaseEvent::SettlementProposed(event) => new_item(case, after, event.item, entry),
        CaseEvent::ItemDisclosed(event) => new_item(case, after, event.item, entry),
        CaseEvent::ItemOpened(event) => {
            entry.by.person().map(|person| Change::Opened { person, item: event.item }).into_iter().collect()
        }
        // Who sits, or who sees what was there before, has changed.
        CaseEvent::Registered(_)
        | CaseEvent::RespondentInvited(_)
        | CaseEvent::MediatorAppointed(_)
        | CaseEvent::TenureEnded(_)
        | CaseEvent::CaucusReleased(_)
        | CaseEvent::RepresentativeSeated(_)
        | CaseEvent::RepresentativeUnseated(_)
        | CaseEvent::VisibilityRestricted(_) => vec![replace(case, after, entry)],
        CaseEvent::QuestionnaireAnswered(_)
        | CaseEvent::QuestionnairePassed(_)
        | CaseEvent::QuestionnaireFailed(_)
        | CaseEvent::RequestRejected(_)
        | CaseEvent::ConsentGiven(_)
        | CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::AppointmentDeadlineMissed(_)
        | CaseEvent::TableOpened(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::DiscussionOpened(_)
        | CaseEvent::DisclosureAuthorised(_)
        | CaseEvent::DisclosureRevoked(_)
        | CaseEvent::PersonAlerted(_)
        | CaseEvent::AuditAccessGranted(_)
        | CaseEvent::AuditAccessRevoked(_)
        | CaseEvent::ChannelSwitched(_)
        | CaseEvent::OfflineExchangeRecorded(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::TermExtensionAgreed(_)
        | CaseEvent::TermExtended(_)
        | CaseEvent::SettlementSigned(_)
        | CaseEvent::MediatorProposed(_)
        | CaseEvent::IndependenceDeclared(_)
        | CaseEvent::AppointmentRefused(_)
        | CaseEvent::ProposalLapsed(_)
        | CaseEvent::ProposalWithdrawn(_)
        | CaseEvent::MediatorChallenged(_)
        | CaseEvent::ChallengeUpheld(_)
        | CaseEvent::ChallengeRejected(_)
        | CaseEvent::SettlementDeclined(_)
        | CaseEvent::SettlementLapsed(_)
        | CaseEvent::SettlementReached(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::PartyWithdrew(_)
        | CaseEvent::TermExpired(_)
        | CaseEvent::CaseClosed(_)
        | CaseEvent::LaterSettlementConfirmed(_)
        | CaseEvent::SettledAfterwards(_)
        | CaseEvent::HoldPlaced(_)
        | CaseEvent::HoldLifted(_)
        | CaseEvent::ErasureProposed(_)
        | CaseEvent::ErasureApproved(_)
        | CaseEvent::ErasureWithdrawn(_)
        | CaseEvent::ItemErased(_)
        | CaseEvent::PersonErased(_)
        | CaseEvent::CaseErased(_) => vec![],
    }
}

fn new_item(case: CaseId, after: &Case, item: ItemId, entry: &Entry) -> Vec<Change> {
    rows(case, after, item, entry).map(Change::Put).collect()
}

fn replace(case: CaseId, after: &Case, entry: &Entry) -> Change {
    let rows = after.items.keys().flat_map(|item| rows(case, after, *item, entry)).collect();
    let seated = after
        .seating
        .iter()
        .filter(|held| held.to.is_none())
        .map(|held| Seated { person: held.person, since: held.from, case, seat: held.seat })
        .collect();
    Change::Replace { case, rows, seated }
}

/// A row for everyone who can see an item and did not write it.
fn rows<'a>(case: CaseId, after: &'a Case, id: ItemId, entry: &Entry) -> impl Iterator<Item = Row> + use<'a> {
    let readers = after.readers(id, entry.at);
    after.items.get(&id).into_iter().flat_map(move |item| {
        let readers = readers.clone();
        readers.into_iter().filter(|person| *person != item.author).map(move |person| Row {
            person,
            at: item.at,
            item: id,
            case,
            opened: item.opened.contains_key(&person),
        })
    })
}

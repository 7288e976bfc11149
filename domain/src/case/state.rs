//! What a case remembers of its history: enough to decide and to say who may see what, and no content.

mod candidate;
mod due;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::candidate::{CandidacyEnd, Candidate, Challenge};
pub use self::due::{Deadline, Due, Matter};
use crate::event::{
    Channel, DisclosureForm, Erasable, ErasureGround, HoldGround, Outcome, SettlementScope, TextDigest,
};
use crate::rule_set::RuleSet;
use crate::{Audience, Camp, Capacity, DiscussionId, ItemId, ObjectId, PersonId, Seat};

/// Where a case stands (2-domain §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Phase {
    /// Not registered: there is no such case.
    #[default]
    Absent,
    /// The questionnaire is to be passed.
    Registered,
    /// The respondent is to be invited.
    Qualified,
    /// The respondent is to answer.
    Invited,
    /// A mediator is to be appointed within 48 hours (B8).
    Consented,
    /// The table is open.
    Open,
    /// The table is paused.
    Suspended,
    /// Over.
    Closed,
    /// Over, and its content unreadable for ever.
    Erased,
}

/// A person in a seat, from an instant and until another (half-open).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupancy {
    /// Who.
    pub person: PersonId,
    /// Which seat.
    pub seat: Seat,
    /// As what; mediators bind nobody and have none.
    pub capacity: Option<Capacity>,
    /// Which holding of the mediator's seat, from 1; 0 for the camps.
    pub tenure: u32,
    /// From when.
    pub from: Timestamp,
    /// Until when, if it has ended.
    pub to: Option<Timestamp>,
}

impl Occupancy {
    /// Whether the seat is held at an instant.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// A thread of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussion {
    /// Who takes part.
    pub audience: Audience,
    /// Whether it came with the table, and so belongs to every mediator.
    pub standing: bool,
    /// The tenure in which it was opened.
    pub tenure: u32,
    /// When.
    pub opened: Timestamp,
    /// Who opened it.
    pub author: PersonId,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ItemKind {
    /// Something said.
    Message,
    /// A document.
    Document,
    /// A draft settlement.
    Settlement,
    /// Something confided, passed on.
    Disclosure,
}

/// An item: who made it, where, and who may see it since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Who made it.
    pub author: PersonId,
    /// From which seat.
    pub seat: Seat,
    /// The tenure in which it was made; 0 before the first.
    pub tenure: u32,
    /// When.
    pub at: Timestamp,
    /// Its audience as a step function of time: each from its instant until the next.
    pub audience: Vec<(Timestamp, Audience)>,
    /// Who has opened it, and when first.
    pub opened: BTreeMap<PersonId, Timestamp>,
    /// Who was alerted to it, and when first.
    pub alerted: BTreeMap<PersonId, Timestamp>,
    /// How its confider lets it be passed on, if so.
    pub authorised: Option<DisclosureForm>,
    /// Whether it was passed on.
    pub disclosed: bool,
    /// What it was copied from, if it is a disclosure.
    pub source: Option<ItemId>,
    /// Its document in the vault, if it has one; a document that is passed on shares its source's.
    pub object: Option<ObjectId>,
    /// Whether its content is erased.
    pub erased: bool,
}

impl Item {
    /// The audience now.
    pub fn audience_now(&self) -> Audience {
        self.audience.last().map_or(Audience::MediatorNotes, |(_, audience)| *audience)
    }

    /// The audience at an instant; none before the item existed.
    pub fn audience_at(&self, at: Timestamp) -> Option<Audience> {
        self.audience.iter().rev().find(|(from, _)| *from <= at).map(|(_, audience)| *audience)
    }
}

/// A draft settlement's signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What a signature must name.
    pub digest: TextDigest,
    /// How much it settles.
    pub scope: SettlementScope,
    /// Who has signed.
    pub signed: BTreeSet<Camp>,
    /// Who will not.
    pub declined: Option<Camp>,
    /// Whether not both signed in time.
    pub lapsed: bool,
}

/// How and when the case closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// How.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// Until when each seat still reads what it could.
    pub return_until: Timestamp,
}

/// A proposal to erase something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub what: Erasable,
    /// Why.
    pub ground: ErasureGround,
    /// Who of the centre has approved so far; who proposed is the first.
    pub approvers: BTreeSet<PersonId>,
}

/// The aggregate: one case, folded from its stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Where it stands.
    pub phase: Phase,
    /// The rules that bind it.
    pub rule_set: RuleSet,
    /// When it was registered.
    pub registered: Option<Timestamp>,
    /// When the questionnaire was passed.
    pub qualified: Option<Timestamp>,
    /// Whom the claimant named to be invited.
    pub respondent_contact: Option<PersonId>,
    /// Until when the respondent may consent.
    pub consent_due: Option<Timestamp>,
    /// Until when a mediator is to be appointed (B8).
    pub appointment_due: Option<Timestamp>,
    /// Whether that was missed.
    pub appointment_missed: bool,
    /// When the term is over.
    pub term_due: Option<Timestamp>,
    /// Who of the three agreed to which longer term.
    pub extension: BTreeMap<Seat, Timestamp>,
    /// Everyone who has ever sat at the case, in the order of sitting down.
    pub seating: Vec<Occupancy>,
    /// The centre's staff who have acted in the case: they never sit elsewhere in it.
    pub centre_hands: BTreeSet<PersonId>,
    /// Whom the centre asked to mediate, one after another.
    pub candidates: Vec<Candidate>,
    /// The challenges of mediators, in order.
    pub challenges: Vec<Challenge>,
    /// The number of the last tenure.
    pub tenure: u32,
    /// The threads of the table.
    pub discussions: BTreeMap<DiscussionId, Discussion>,
    /// The items.
    pub items: BTreeMap<ItemId, Item>,
    /// The draft settlements.
    pub settlements: BTreeMap<ItemId, Settlement>,
    /// Which camp let which tenure read its caucus, and since when.
    pub releases: BTreeMap<Camp, BTreeMap<u32, Timestamp>>,
    /// Which camps let auditors read what they have confided.
    pub audit_access: BTreeSet<Camp>,
    /// How the parties exchange.
    pub channel: Channel,
    /// How it closed.
    pub closing: Option<Closing>,
    /// Who says that they settled after all.
    pub settled_later: BTreeSet<Camp>,
    /// Why its content is to be kept.
    pub holds: BTreeSet<HoldGround>,
    /// What is proposed to be erased.
    pub erasures: Vec<Proposal>,
    /// Whether the clock has proposed what it had to.
    pub retention_noticed: bool,
    /// Who is not to be known any more.
    pub erased_persons: BTreeSet<PersonId>,
    /// When the last entry was made.
    pub last_at: Option<Timestamp>,
}

impl Case {
    /// The occupancy of a person now, if seated.
    pub fn occupancy(&self, person: PersonId) -> Option<&Occupancy> {
        self.seating.iter().find(|held| held.person == person && held.to.is_none())
    }

    /// The occupancy of a person at an instant.
    pub fn occupancy_at(&self, person: PersonId, at: Timestamp) -> Option<&Occupancy> {
        self.seating.iter().find(|held| held.person == person && held.holds_at(at))
    }

    /// The mediator's present occupancy of the seat.
    pub fn mediator(&self) -> Option<&Occupancy> {
        self.seating.iter().find(|held| held.seat == Seat::Mediator && held.to.is_none())
    }

    /// Since when a tenure reads what a camp had told its predecessors, if at all.
    pub fn released(&self, camp: Camp, tenure: u32) -> Option<Timestamp> {
        self.releases.get(&camp).and_then(|tenures| tenures.get(&tenure)).copied()
    }

    /// Whether the return window is over: each camp has its own record left, the mediator nothing (2-domain §4).
    pub fn window_is_over(&self, at: Timestamp) -> bool {
        self.closing.is_some_and(|closing| closing.return_until <= at)
    }

    /// Whether the table was ever opened.
    pub fn has_table(&self) -> bool {
        self.term_due.is_some()
    }

    /// The proposal to erase something, if there is one.
    pub fn erasure(&self, what: Erasable) -> Option<&Proposal> {
        self.erasures.iter().find(|proposal| proposal.what == what)
    }

    /// Until when the content is kept; none while the case is not closed.
    pub fn retention_due(&self) -> Option<Timestamp> {
        self.closing.map(|closing| self.rule_set.rules().retention_until(closing.at))
    }

    /// Whether any item whose content is not erased has its document in this object.
    pub fn needs_object(&self, object: ObjectId) -> bool {
        self.phase != Phase::Erased && self.items.values().any(|item| item.object == Some(object) && !item.erased)
    }
}

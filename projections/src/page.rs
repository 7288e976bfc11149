//! The case page of one viewer, folded from that viewer's own cut of the history and from nothing else.

mod content;
mod fold;
mod macros;
mod parts;
mod roster;

use entente_domain::event::{
    Channel, DisclosureForm, Erasable, ErasureGround, HoldGround, InadmissibleGround, Outcome, SettlementScope,
    TextDigest,
};
use entente_domain::rule_set::{RuleSet, Rules};
use entente_domain::{
    Audience, Camp, Capacity, CaseId, DiscussionId, ItemId, PersonId, Phase, Seat, questionnaire::Topic,
};
use jiff::Timestamp;
use serde::Serialize;

pub use self::content::ItemContent;
pub use self::fold::fold;
use self::macros::page;
pub use self::roster::{CandidateView, ChallengeView};

page! {
    /// A case as one viewer sees it now.
    pub struct CasePage {
        /// The case.
        case: CaseId,
        /// Where it stands.
        phase: Phase,
        /// From which seat this is seen.
        seat: Seat,
        /// The rules that bind it.
        rule_set: RuleSet,
        /// What they say.
        rules: Rules,
        /// When it was registered.
        registered: Timestamp,
        /// What the dispute is about; none once erased.
        nature: Option<String>,
        /// The parties, claimant first.
        parties: Vec<Party>,
        /// Everyone who sits or has sat at the case.
        people: Vec<Participant>,
        /// Whom the centre asked to mediate; for the centre.
        candidates: Vec<CandidateView>,
        /// The challenges of mediators.
        challenges: Vec<ChallengeView>,
        /// The questionnaire, for the claimant and the centre.
        questionnaire: Option<QuestionnaireState>,
        /// What has to happen by when.
        deadlines: Deadlines,
        /// Whether 48 hours went by without a mediator.
        appointment_missed: bool,
        /// How the parties exchange.
        channel: Channel,
        /// Exchanges away from the table.
        exchanges: Vec<Exchange>,
        /// The threads that this viewer takes part in.
        discussions: Vec<Thread>,
        /// The items that this viewer can see, numbered from 1 for this viewer.
        items: Vec<ItemView>,
        /// What this viewer had opened and can see no more.
        withdrawn_from_view: Vec<ClosedItem>,
        /// What this viewer had been alerted to, had not opened, and can see no more.
        tombstones: Vec<Tombstone>,
        /// The drafts that this viewer can see.
        settlements: Vec<SettlementView>,
        /// Whether this viewer's camp lets auditors read what it has confided.
        audit_access: bool,
        /// How it ended, if it has.
        closing: Option<ClosingView>,
        /// When and why its content was erased, if it was.
        erased: Option<ErasedView>,
        /// Why its content is kept whatever its time; for the centre.
        holds: Vec<HoldGround>,
        /// What is proposed to be erased; for the centre.
        erasures: Vec<ErasureView>,
        /// What has happened that this viewer can see, numbered from 1 for this viewer.
        timeline: Vec<Milestone>,
    }

    /// A party.
    pub struct Party {
        /// Which side.
        camp: Camp,
        /// Its name; none once erased.
        name: Option<String>,
        /// Its country.
        country: entente_domain::company::Country,
    }

    /// A person at the case.
    pub struct Participant {
        /// The person.
        person: PersonId,
        /// The name; none once erased.
        name: Option<String>,
        /// The seat.
        seat: Seat,
        /// As what.
        capacity: Option<Capacity>,
        /// From when.
        from: Timestamp,
        /// Until when, if it has ended.
        to: Option<Timestamp>,
        /// What a mediator declared about independence.
        declaration: Option<String>,
        /// Which person of that seat this is, from 1: what is left of a name that is erased.
        number: u32,
    }

    /// How the claimant fares with the questionnaire (B7).
    pub struct QuestionnaireState {
        /// How often it was answered.
        attempts: u32,
        /// Whether it was passed.
        passed: bool,
        /// What to read again after the last attempt.
        guidance: Vec<Topic>,
    }

    /// What has to happen by when; each is the instant at which it is too late.
    pub struct Deadlines {
        /// The respondent's consent.
        consent: Option<Timestamp>,
        /// The mediator's appointment (B8).
        appointment: Option<Timestamp>,
        /// The end of the term.
        term: Option<Timestamp>,
    }

    /// An exchange away from the table (B15).
    pub struct Exchange {
        /// By what means.
        channel: Channel,
        /// Who took part.
        audience: Audience,
        /// When it began.
        began: Timestamp,
        /// How long it lasted, in minutes.
        minutes: u16,
    }

    /// A thread.
    pub struct Thread {
        /// The discussion.
        discussion: DiscussionId,
        /// Who takes part.
        audience: Audience,
        /// Its name; the joint session and a camp's caucus have none.
        name: Option<String>,
        /// How many items this viewer can see in it.
        items: u32,
    }

    /// An item.
    pub struct ItemView {
        /// Its number for this viewer.
        no: u32,
        /// The item.
        item: ItemId,
        /// When it was made.
        at: Timestamp,
        /// Who made it.
        author: PersonId,
        /// From which seat.
        seat: Seat,
        /// Where; drafts are in no thread.
        discussion: Option<DiscussionId>,
        /// Who can see it now.
        audience: Audience,
        /// What it holds.
        content: ItemContent,
        /// When this viewer first opened it.
        opened: Option<Timestamp>,
        /// Those excluded by a restriction who had opened it before; for the author's side.
        seen_before: Vec<PersonId>,
        /// How its confider lets it be passed on.
        disclosure_authorised: Option<DisclosureForm>,
        /// What it was copied from; for the confider and the mediator.
        source: Option<ItemId>,
        /// When its content was erased, if it was.
        erased: Option<Timestamp>,
    }

    /// An item that this viewer had opened before it was withdrawn from view: the viewer's own receipt, nothing more.
    pub struct ClosedItem {
        /// The item.
        item: ItemId,
        /// When this viewer opened it.
        opened: Timestamp,
    }

    /// An item that was withdrawn from view after this viewer had been alerted to it: neither what it was, nor whose, nor
    /// how large (2-domain §4).
    pub struct Tombstone {
        /// The item.
        item: ItemId,
        /// When this viewer was alerted.
        alerted: Timestamp,
    }

    /// A draft settlement.
    pub struct SettlementView {
        /// The item.
        item: ItemId,
        /// What a signature must name.
        digest: TextDigest,
        /// How much it settles.
        scope: SettlementScope,
        /// Who has signed.
        signed: Vec<Camp>,
        /// Who will not.
        declined: Option<Camp>,
        /// Until when it may be signed, if the rules say.
        sign_by: Option<Timestamp>,
        /// Whether not both signed in time.
        lapsed: bool,
        /// Whether it became the settlement.
        reached: bool,
    }

    /// How a case ended.
    pub struct ClosingView {
        /// How.
        outcome: Outcome,
        /// When.
        at: Timestamp,
        /// Until when each seat still reads what it could.
        return_until: Timestamp,
        /// Why the centre turned the request down.
        ground: Option<InadmissibleGround>,
        /// Which camp withdrew.
        withdrawn_by: Option<Camp>,
        /// Why, if this viewer may know.
        reason: Option<String>,
        /// Who says that they settled after all.
        settled_later: Vec<Camp>,
    }

    /// That a case's content was erased.
    pub struct ErasedView {
        /// When.
        at: Timestamp,
        /// Why.
        ground: ErasureGround,
    }

    /// Something that is proposed to be erased.
    pub struct ErasureView {
        /// What.
        what: Erasable,
        /// Why.
        ground: ErasureGround,
        /// Who of the centre has approved so far.
        approvers: Vec<PersonId>,
    }

    /// Something that has happened.
    pub struct Milestone {
        /// Its number for this viewer.
        no: u32,
        /// When.
        at: Timestamp,
        /// Who; none for the clock, and for who is asked to mediate.
        seat: Option<Seat>,
        /// The person.
        person: Option<PersonId>,
        /// What.
        event: entente_domain::EventKind,
    }
}

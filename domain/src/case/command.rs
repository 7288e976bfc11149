//! What can be asked of a case. Fields that do not parse never get this far.

mod asks;
mod issued;
mod parts;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use self::asks::asks;
pub use self::issued::Issued;
pub use self::parts::{CompanyAsk, ContactAsk, ReasonAsk};

use crate::company::{AmountBand, Language, Sector};
use crate::event::{
    Channel, Disclosed, DisclosureForm, DocumentClass, DocumentFacts, Erasable, ErasureGround, HoldGround,
    InadmissibleGround, SettlementScope, TextDigest,
};
use crate::questionnaire::{Answers, QuestionnaireVersion};
use crate::{Audience, Body, Capacity, DiscussionId, ItemId, Name, ObjectId, PersonId, Statement};

asks! {
    /// A company registers its dispute (B7).
    Register {
        /// The company that registers.
        claimant: CompanyAsk,
        /// The name of the person who registers, and binds the company.
        head: Name,
        /// Where that person's alerts go.
        #[serde(default)]
        head_email: Option<Name>,
        /// The other company.
        respondent: CompanyAsk,
        /// Whom to invite there, if known.
        #[serde(default)]
        respondent_contact: Option<ContactAsk>,
        /// What the dispute is about.
        nature: Statement,
        /// The trade.
        sector: Sector,
        /// How much is in dispute.
        amount: AmountBand,
        /// Languages in which the claimant can mediate, one at least.
        languages: Vec<Language>,
    };
    /// The claimant answers the questionnaire (B7).
    AnswerQuestionnaire {
        /// Which questionnaire was answered.
        version: QuestionnaireVersion,
        /// The choice for each topic.
        answers: Answers,
    };
    /// The centre turns the request down.
    DeclareInadmissible {
        /// Why.
        ground: InadmissibleGround,
    };
    /// The centre invites the other company.
    InviteRespondent {
        /// Who is asked there.
        contact: ContactAsk,
    };
    /// The respondent agrees to mediate (B4).
    GiveConsent {};
    /// The respondent does not wish to.
    Decline {};
    /// The clock: the time to consent is over.
    LapseInvitation {};
    /// The centre asks somebody to mediate.
    ProposeMediator {
        /// Who.
        mediator: ContactAsk,
    };
    /// The candidate declares to be independent.
    DeclareIndependence {
        /// What both sides have to know, or that there is nothing.
        declaration: Statement,
    };
    /// The candidate does not wish to mediate, or cannot.
    RefuseAppointment {};
    /// The centre takes the proposal back.
    WithdrawProposal {};
    /// The clock: the candidate's time to declare is over.
    LapseProposal {};
    /// The centre gives the case its mediator (B8); by policy, the clock does, once the candidate has declared.
    AppointMediator {
        /// Who.
        mediator: ContactAsk,
        /// What the mediator declared about independence, unless the candidate has declared to the case.
        #[serde(default)]
        declaration: Option<Statement>,
    };
    /// The clock: 48 hours are over (B8).
    RecordMissedAppointment {};
    /// The centre has found no mediator.
    DeclareMediatorUnavailable {};
    /// A head of mandate calls the mediator into question.
    ChallengeMediator {
        /// Why.
        ground: Statement,
    };
    /// The centre decides what is pending of that.
    DecideChallenge {
        /// Whether the mediator has to leave.
        upheld: bool,
    };
    /// The mediator leaves the seat.
    ResignMediator {};
    /// A camp lets the successor read its caucus with the predecessors.
    ReleaseCaucus {};
    /// A head of mandate brings somebody into the camp.
    SeatRepresentative {
        /// Who.
        contact: ContactAsk,
        /// As what; a camp has one head of mandate from the start and no second.
        capacity: Capacity,
    };
    /// A head of mandate takes somebody out of the camp.
    UnseatRepresentative {
        /// Who.
        person: PersonId,
        /// Since when the person has not acted for the camp, if the centre is told late; now if not said.
        #[serde(default)]
        left: Option<Timestamp>,
    };
    /// Somebody opens a thread.
    OpenDiscussion {
        /// Who takes part.
        audience: Audience,
        /// What it is called.
        name: Name,
    };
    /// Somebody says something.
    PostMessage {
        /// Where.
        discussion: DiscussionId,
        /// What.
        body: Body,
    };
    /// Somebody puts a document on the table.
    SubmitDocument {
        /// Where.
        discussion: DiscussionId,
        /// What is known of it.
        facts: DocumentFacts,
        /// Its legal class.
        class: DocumentClass,
        /// Its content, which is in the vault already.
        object: ObjectId,
    };
    /// The author narrows who may see an item.
    RestrictVisibility {
        /// The item.
        item: ItemId,
        /// Who may see it from now on.
        audience: Audience,
    };
    /// A camp lets the mediator pass on what it confided.
    AuthoriseDisclosure {
        /// The confided item.
        item: ItemId,
        /// How.
        form: DisclosureForm,
    };
    /// The camp takes that back.
    RevokeDisclosure {
        /// The confided item.
        item: ItemId,
    };
    /// The mediator passes it on.
    Disclose {
        /// The confided item.
        item: ItemId,
        /// What is passed on: the item's own content if verbatim, the mediator's words if in substance.
        content: Disclosed,
    };
    /// Somebody opens an item.
    OpenItem {
        /// The item.
        item: ItemId,
    };
    /// The clock: a letter without content has told somebody of these items (B13).
    RecordAlert {
        /// Who was told.
        person: PersonId,
        /// Because of which items.
        items: Vec<ItemId>,
    };
    /// A camp lets auditors read what it has confided.
    GrantAuditAccess {};
    /// The camp takes that back.
    RevokeAuditAccess {};
    /// The exchange goes on by other means (B15).
    SwitchChannel {
        /// The means.
        channel: Channel,
    };
    /// An exchange away from the table is put on record, without what was said (B15).
    RecordOfflineExchange {
        /// By what means; not online.
        channel: Channel,
        /// Who took part.
        audience: Audience,
        /// When it began.
        began: Timestamp,
        /// How long it lasted, in minutes.
        minutes: u16,
    };
    /// The mediation pauses.
    Suspend {};
    /// It goes on.
    Resume {};
    /// One of the three wants a longer term; it is extended once all three want the same.
    ExtendTerm {
        /// The last day of the longer term.
        until: Date,
    };
    /// Somebody lays a draft settlement before both camps.
    ProposeSettlement {
        /// Its text.
        text: Body,
        /// How much it settles.
        scope: SettlementScope,
    };
    /// A camp signs a draft.
    SignSettlement {
        /// The draft.
        item: ItemId,
        /// The digest of the text that was read.
        digest: TextDigest,
    };
    /// A camp will not sign it.
    DeclineSettlement {
        /// The draft.
        item: ItemId,
    };
    /// The clock: the time to sign a draft is over.
    LapseSettlement {
        /// The draft.
        item: ItemId,
    };
    /// The mediator reports that there is no agreement.
    ReportNoAgreement {};
    /// A camp stops, at any time, from every state (B6).
    Withdraw {
        /// Why, if it wishes to say.
        #[serde(default)]
        reason: Option<ReasonAsk>,
    };
    /// The clock: the term is over.
    ExpireTerm {};
    /// A camp says that they settled after all.
    RecordLaterSettlement {};
    /// The centre keeps the case's content, whatever its time.
    PlaceHold {
        /// Why.
        ground: HoldGround,
    };
    /// That reason is no more.
    LiftHold {
        /// Which one.
        ground: HoldGround,
    };
    /// The centre, or the clock, wants content erased.
    ProposeErasure {
        /// What.
        what: Erasable,
        /// Why.
        ground: ErasureGround,
    };
    /// Another member of staff approves; with the second approval it is done.
    ApproveErasure {
        /// What.
        what: Erasable,
    };
    /// The centre takes a proposal back.
    WithdrawErasure {
        /// What was to be erased.
        what: Erasable,
    };
}

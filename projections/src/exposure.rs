//! Who could see what, from when until when: intervals, each with the positions of the log that opened and closed it.
//!
//! `could see` is two facts that meet: a person sat in a place, and an item was shown to that place. Kept apart, each has one
//! beginning and one end, in valid time (what was so) and in recorded time (what the centre knew); an answer joins them.

use entente_domain::event::CaseEvent;
use entente_domain::visibility::{Denial, Grant, Place, ruling};
use entente_domain::{Case, CaseId, Entry, ItemId, PersonId, Seat};
use jiff::Timestamp;

/// The name under which builds of this projection are kept.
pub const NAME: &str = "exposure";
/// Raised whenever the fold below would give other rows for the same events.
pub const VERSION: u32 = 1;

/// Where and when the log says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The position of the event that says so.
    pub position: u64,
    /// When the centre has known: recorded time.
    pub recorded: Timestamp,
}

/// A person in a place of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// The case.
    pub case: CaseId,
    /// The person.
    pub person: PersonId,
    /// The place.
    pub place: Place,
    /// From when.
    pub from: Timestamp,
    /// What says so.
    pub opened: Source,
    /// Until when, and what says so.
    pub ended: Option<(Timestamp, Source)>,
}

/// An item shown to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    /// The case.
    pub case: CaseId,
    /// The item.
    pub item: ItemId,
    /// The place.
    pub place: Place,
    /// From when.
    pub from: Timestamp,
    /// What says so.
    pub opened: Source,
    /// The rule that shows it.
    pub grant: Grant,
    /// Until when, what says so, and the rule that hides it.
    pub ended: Option<(Timestamp, Source, Denial)>,
}

/// What else ties a person to an item; each happens once and is never undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Tie {
    /// Made it.
    Made,
    /// Was told by a letter without content that something new awaits.
    Alerted,
    /// Declared to have opened it: a receipt.
    Opened,
}

/// A person's tie to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The case.
    pub case: CaseId,
    /// The item.
    pub item: ItemId,
    /// The person.
    pub person: PersonId,
    /// Which.
    pub tie: Tie,
    /// When.
    pub at: Timestamp,
    /// What says so.
    pub source: Source,
}

/// What an event changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A person sat down.
    Sat(Sitting),
    /// A person's sitting ended.
    Stood {
        /// The case.
        case: CaseId,
        /// The person.
        person: PersonId,
        /// When: what was so.
        at: Timestamp,
        /// What says so.
        source: Source,
    },
    /// An item came into a place's view.
    Shown(Showing),
    /// It left that view, if it was in it.
    Hidden {
        /// The case.
        case: CaseId,
        /// The item.
        item: ItemId,
        /// The place.
        place: Place,
        /// When.
        at: Timestamp,
        /// What says so.
        source: Source,
        /// The rule.
        denial: Denial,
    },
    /// A person and an item were tied.
    Marked(Mark),
}

/// What an entry changes; `after` is the case with the entry applied, `source` where the log keeps the entry.
pub fn changes(case: CaseId, after: &Case, entry: &Entry, source: Source) -> Vec<Change> {
    let fold = Fold { case, after, at: entry.at, source };
    match &entry.event {
        CaseEvent::Registered(event) => vec![fold.sat(event.head.person, Seat::Claimant)],
        CaseEvent::RespondentInvited(event) => vec![fold.sat(event.person, Seat::Respondent)],
        CaseEvent::RepresentativeSeated(event) => vec![fold.sat(event.contact.person, event.camp.seat())],
        CaseEvent::MediatorAppointed(event) => {
            let mut changes = vec![fold.sat(event.mediator.person, Seat::Mediator)];
            // A new holding of the seat: what it sees of what was there before.
            let place = Place { seat: Seat::Mediator, tenure: event.tenure };
            changes.extend(after.items.keys().filter_map(|item| fold.shown(*item, place)));
            changes
        }
        CaseEvent::RepresentativeUnseated(event) => vec![fold.stood(event.person, event.left)],
        CaseEvent::TenureEnded(event) => {
            let mediators = after.seating.iter().filter(|held| held.seat == Seat::Mediator);
            let gone = mediators.filter(|held| held.tenure == event.tenure).map(|held| held.person);
            gone.map(|person| fold.stood(person, entry.at)).collect()
        }
        CaseEvent::MessagePosted(event) => fold.made(event.item, entry),
        CaseEvent::DocumentSubmitted(event) => fold.made(event.item, entry),
        CaseEvent::SettlementProposed(event) => fold.made(event.item, entry),
        CaseEvent::ItemDisclosed(event) => fold.made(event.item, entry),
        CaseEvent::VisibilityRestricted(event) => fold.narrowed(event.item),
        CaseEvent::CaucusReleased(event) => {
            // What was said in the successor's own tenure is in view already.
            let place = Place { seat: Seat::Mediator, tenure: event.tenure };
            let released = |item: &ItemId| {
                // Where the rules let every caucus pass, the appointment has shown it already.
                after.rule_set.rules().caucus_is_closed
                    && after.items.get(item).is_some_and(|found| {
                        found.tenure != event.tenure && found.audience_now().caucus_of() == Some(event.camp)
                    })
            };
            after.items.keys().filter(|item| released(item)).filter_map(|item| fold.shown(*item, place)).collect()
        }
        CaseEvent::ItemOpened(event) => {
            entry.by.person().map(|person| fold.marked(person, event.item, Tie::Opened)).into_iter().collect()
        }
        CaseEvent::PersonAlerted(event) => {
            event.items.iter().map(|item| fold.marked(event.person, *item, Tie::Alerted)).collect()
        }
        CaseEvent::CaseClosed(event) => {
            // What the end of the return window will hide is known now: nothing but time stands between.
            after.items.keys().flat_map(|item| fold.window_ends(*item, event.return_until)).collect()
        }
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

struct Fold<'a> {
    case: CaseId,
    after: &'a Case,
    at: Timestamp,
    source: Source,
}

impl Fold<'_> {
    fn sat(&self, person: PersonId, seat: Seat) -> Change {
        let tenure = if seat == Seat::Mediator { self.after.tenure } else { 0 };
        let place = Place { seat, tenure };
        Change::Sat(Sitting { case: self.case, person, place, from: self.at, opened: self.source, ended: None })
    }

    fn stood(&self, person: PersonId, at: Timestamp) -> Change {
        Change::Stood { case: self.case, person, at, source: self.source }
    }

    /// Every place that there has been: each camp, and each holding of the mediator's seat.
    fn places(&self) -> impl Iterator<Item = Place> + use<> {
        let camps = [Seat::Claimant, Seat::Respondent].map(|seat| Place { seat, tenure: 0 });
        camps.into_iter().chain((1..=self.after.tenure).map(|tenure| Place { seat: Seat::Mediator, tenure }))
    }

    fn made(&self, item: ItemId, entry: &Entry) -> Vec<Change> {
        let author = entry.by.person().map(|person| self.marked(person, item, Tie::Made));
        author.into_iter().chain(self.places().filter_map(|place| self.shown(item, place))).collect()
    }

    fn shown(&self, item: ItemId, place: Place) -> Option<Change> {
        ruling(self.after, place, item, self.at).ok().map(|grant| self.showing(item, place, self.at, grant))
    }

    fn showing(&self, item: ItemId, place: Place, from: Timestamp, grant: Grant) -> Change {
        Change::Shown(Showing { case: self.case, item, place, from, opened: self.source, grant, ended: None })
    }

    fn hidden(&self, item: ItemId, place: Place, at: Timestamp, denial: Denial) -> Change {
        Change::Hidden { case: self.case, item, place, at, source: self.source, denial }
    }

    /// A narrower audience: where the item is not seen any more, and where it is, by another rule than before.
    fn narrowed(&self, item: ItemId) -> Vec<Change> {
        let narrowed = |place| {
            let hidden = |denial| self.hidden(item, place, self.at, denial);
            match ruling(self.after, place, item, self.at) {
                Err(denial) => vec![hidden(denial)],
                Ok(grant) => vec![hidden(Denial::SeenByAnotherRule), self.showing(item, place, self.at, grant)],
            }
        };
        self.places().flat_map(narrowed).collect()
    }

    /// Where the end of the return window hides an item, or leaves it in view by another rule.
    fn window_ends(&self, item: ItemId, end: Timestamp) -> impl Iterator<Item = Change> {
        self.places().flat_map(move |place| {
            match (ruling(self.after, place, item, self.at), ruling(self.after, place, item, end)) {
                (Ok(_), Err(denial)) => vec![self.hidden(item, place, end, denial)],
                (Ok(now), Ok(then)) if now != then => {
                    let hidden = self.hidden(item, place, end, Denial::SeenByAnotherRule);
                    vec![hidden, self.showing(item, place, end, then)]
                }
                _ => vec![],
            }
        })
    }

    fn marked(&self, person: PersonId, item: ItemId, tie: Tie) -> Change {
        Change::Marked(Mark { case: self.case, item, person, tie, at: self.at, source: self.source })
    }
}

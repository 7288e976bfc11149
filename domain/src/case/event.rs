//! What has happened in a case, as it is stored for ever: a shape here never changes in place (docs/adding-an-event.md).

mod candidacy;
mod closing;
mod erasure;
mod intake;
mod table;
mod upcasting;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::candidacy::*;
pub use self::closing::*;
pub use self::erasure::*;
pub use self::intake::*;
pub use self::table::*;
pub use self::upcasting::upcasters;
use crate::company::Contact;
use crate::sealed::{Path, Seals, Subject, Visit};
use crate::{By, PersonId};

macro_rules! case_events {
    ($($name:ident),* $(,)?) => {
        /// Everything that can happen in a case.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "each variant is documented at the struct of its name")]
        pub enum CaseEvent { $($name($name)),* }

        /// The name of an event, as the log and the tables of docs/EVENTS.md spell it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[allow(missing_docs, reason = "each variant is documented at the struct of its name")]
        pub enum EventKind { $($name),* }

        impl EventKind {
            /// All of them, in the order in which a case may meet them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in the log.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }

        impl CaseEvent {
            /// Which kind this is.
            pub const fn kind(&self) -> EventKind {
                match self { $(Self::$name(_) => EventKind::$name),* }
            }
        }

        impl Seals for CaseEvent {
            fn seals_at<E>(&mut self, path: &Path<'_>, visit: &mut Visit<'_, E>) -> Result<(), E> {
                let path = path.about(self.subject());
                match self { $(Self::$name(event) => event.seals_at(&path, visit)),* }
            }
        }

        $(impl From<$name> for CaseEvent {
            fn from(event: $name) -> Self {
                Self::$name(event)
            }
        })*
    };
}

case_events! {
    Registered, QuestionnaireAnswered, QuestionnairePassed, QuestionnaireFailed, RequestRejected,
    RespondentInvited, ConsentGiven, ConsentDeclined, InvitationLapsed, AppointmentDeadlineMissed,
    MediatorProposed, IndependenceDeclared, AppointmentRefused, ProposalLapsed, ProposalWithdrawn,
    MediatorAppointed, TableOpened, MediatorUnavailabilityDeclared,
    MediatorChallenged, ChallengeUpheld, ChallengeRejected, TenureEnded, CaucusReleased,
    RepresentativeSeated, RepresentativeUnseated, DiscussionOpened, MessagePosted, DocumentSubmitted,
    VisibilityRestricted, DisclosureAuthorised, DisclosureRevoked, ItemDisclosed, ItemOpened,
    PersonAlerted, AuditAccessGranted, AuditAccessRevoked,
    ChannelSwitched, OfflineExchangeRecorded, CaseSuspended, CaseResumed, TermExtensionAgreed, TermExtended,
    SettlementProposed, SettlementSigned, SettlementDeclined, SettlementLapsed, SettlementReached,
    NoAgreementReported, PartyWithdrew, TermExpired, CaseClosed, LaterSettlementConfirmed, SettledAfterwards,
    HoldPlaced, HoldLifted, ErasureProposed, ErasureApproved, ErasureWithdrawn, ItemErased, PersonErased, CaseErased,
}

impl CaseEvent {
    /// Whose content the event's confidential parts are; contacts are their persons' own wherever they stand.
    const fn subject(&self) -> Subject {
        match self {
            Self::MessagePosted(event) => Subject::Item(event.item),
            Self::DocumentSubmitted(event) => Subject::Item(event.item),
            Self::ItemDisclosed(event) => Subject::Item(event.item),
            Self::SettlementProposed(event) => Subject::Item(event.item),
            Self::MediatorAppointed(event) => Subject::Person(event.mediator.person),
            Self::IndependenceDeclared(event) => Subject::Person(event.candidate),
            _ => Subject::Case,
        }
    }
}

impl CaseEvent {
    /// What an event says of how to reach a person, if it does.
    pub fn contact_of(&self, person: PersonId) -> Option<&Contact> {
        let named: [Option<&Contact>; 2] = match self {
            Self::Registered(event) => [Some(&event.head), event.respondent_contact.as_ref()],
            Self::RespondentInvited(event) => [event.contact.as_ref(), None],
            Self::MediatorAppointed(event) => [Some(&event.mediator), None],
            Self::MediatorProposed(event) => [Some(&event.candidate), None],
            Self::RepresentativeSeated(event) => [Some(&event.contact), None],
            _ => [None, None],
        };
        named.into_iter().flatten().find(|contact| contact.person == person)
    }
}

/// One line of a case's history: what happened, who did it, and when. This is what a stream stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When, to the microsecond, as the command brought it.
    pub at: Timestamp,
    /// Who, and from which seat.
    pub by: By,
    /// What.
    pub event: CaseEvent,
}

impl Seals for Entry {
    fn seals_at<E>(&mut self, path: &Path<'_>, visit: &mut Visit<'_, E>) -> Result<(), E> {
        self.event.seals_at(path, visit)
    }
}

impl cqrs_es::DomainEvent for Entry {
    fn event_type(&self) -> String {
        self.event.kind().name().to_owned()
    }

    fn event_version(&self) -> String {
        self.event.kind().version().to_owned()
    }
}

impl EventKind {
    /// The version of the shape that is written now; older ones are upcast when read.
    pub const fn version(self) -> &'static str {
        match self {
            Self::VisibilityRestricted
            | Self::RepresentativeUnseated
            | Self::DocumentSubmitted
            | Self::MediatorAppointed => "2",
            _ => "1",
        }
    }
}

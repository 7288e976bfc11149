//! The life of an item: from its making to the last look, with its content where its confiders let auditors read.

use entente_domain::event::{CaseEvent, DisclosureForm, Erasable};
use entente_domain::state::ItemKind;
use entente_domain::visibility::{Denial, Grant, Viewer};
use entente_domain::{Audience, CaseId, ItemId, PersonId, Seat};
use entente_projections::audit::{Known, Point};
use entente_projections::exposure::{Source, Tie};
use entente_projections::history::{self, Line};
use entente_projections::page::ItemContent;
use jiff::Timestamp;
use serde::Serialize;

use super::{About, MOST_LOOKS, When};
use crate::centre::Centre;
use crate::error::CentreError;
use crate::looks::Recording;
use crate::ports::{Looked, Recorded};
use crate::queries::AsOf;

/// A person who could see an item for a time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exposed {
    /// The person.
    pub person: PersonId,
    /// From where.
    pub seat: Seat,
    /// The mediator's tenure; 0 for camps.
    pub tenure: u32,
    /// Since when.
    pub from: Timestamp,
    /// What opened that.
    pub opened_position: u64,
    /// By which rule.
    pub ground: Grant,
    /// Where that rule stands.
    pub rule: &'static str,
    /// Until when, if it has ended.
    pub until: Option<Timestamp>,
    /// What closed that.
    pub closed_position: Option<u64>,
    /// By which rule.
    pub closed_by: Option<Denial>,
}

/// A look at the item that is on record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookedAt {
    /// When.
    pub at: Timestamp,
    /// Who; none at the centre's console.
    pub person: Option<PersonId>,
    /// As whom: `person`, `staff`, `auditor` or `operator`.
    pub viewer: &'static str,
    /// Whether it was shown.
    pub granted: bool,
}

/// The life of an item.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Life {
    /// About what.
    #[serde(flatten)]
    pub about: About,
    /// The item.
    pub item: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// Who made it.
    pub author: PersonId,
    /// From which seat.
    pub seat: Seat,
    /// When it was made.
    pub made: Point,
    /// Who may see it, as of what is known.
    pub audience: Audience,
    /// How its confider lets it be passed on, as of what is known.
    pub disclosure_authorised: Option<DisclosureForm>,
    /// All that the log says of it, in order; the skeleton.
    pub events: Vec<Line>,
    /// Who could see it, from when until when.
    pub exposures: Vec<Exposed>,
    /// Looks at it by name, the first thousand. Looks at the case's page show it too, and count for who knew it.
    pub looks: Vec<LookedAt>,
    /// What it says, if every camp whose confidence it is lets auditors read.
    pub content: Option<ItemContent>,
}

impl Centre {
    /// The life of an item, and the record of this look at it: what it says must not be shown before that is durable.
    ///
    /// # Errors
    /// As [`Centre::readers`]; before the case as well for what was not known of yet.
    pub async fn life(
        &self,
        viewer: Viewer,
        case: CaseId,
        item: ItemId,
        known: Option<AsOf>,
    ) -> Result<(Life, Recording), CentreError> {
        let audited = self.audited_item(viewer, case, item).await?;
        let about = self.about(&audited, When { at: None, known }).await?;
        let known = about.as_known_on;
        let stream: Vec<Recorded> = self.log.stream(case).await?;
        let evidence = self.evidence(case, item, about).await?;
        let made = evidence.marks.iter().find(|mark| mark.tie == Tie::Made && known.has(mark.source));
        let made = made.map(|mark| Point { at: mark.at, position: mark.source.position });
        let made = made.ok_or(CentreError::BeforeTheCase)?;
        let mut state = entente_domain::Case::default();
        stream.iter().filter(|line| was_known(line, known)).for_each(|line| state.fold(&line.entry));
        let found = state.items.get(&item).ok_or(CentreError::BeforeTheCase)?;
        let of_item = stream.iter().filter(|line| was_known(line, known) && is_about(&line.entry.event, item));
        let events = of_item.map(|line| history::line(line.position.0, line.sequence, &line.entry)).collect();
        let content = self.consented_content(viewer, case, item).await?;
        // Asked before this look is put on record: an answer does not speak of itself.
        let looks = self.looks_at(case, item, known).await?;
        let recording = self.record_look(viewer, case, self.now(), Looked::Items(vec![item]), content.is_some());
        let life = Life {
            about,
            item,
            kind: found.kind,
            author: found.author,
            seat: found.seat,
            made,
            audience: found.audience_now(),
            disclosure_authorised: found.authorised,
            events,
            exposures: exposures(&evidence, known),
            looks,
            content,
        };
        Ok((life, recording))
    }

    async fn looks_at(&self, case: CaseId, item: ItemId, known: Known) -> Result<Vec<LookedAt>, CentreError> {
        let looks = self.looks.at_item(case, item, MOST_LOOKS).await?;
        let looked = looks.into_iter().filter(|look| known.has_look(look.at)).map(|look| {
            let (person, viewer) = match look.viewer {
                Viewer::Person(person) => (Some(person), "person"),
                Viewer::Staff(person) => (Some(person), "staff"),
                Viewer::Auditor(person) => (Some(person), "auditor"),
                Viewer::Operator => (None, "operator"),
            };
            LookedAt { at: look.at, person, viewer, granted: look.granted }
        });
        Ok(looked.collect())
    }

    /// What an item says, from the auditor's own cut: what was not consented to was withheld before it was decrypted.
    async fn consented_content(
        &self,
        viewer: Viewer,
        case: CaseId,
        item: ItemId,
    ) -> Result<Option<ItemContent>, CentreError> {
        let folded = self.log.fold_now(case).await?;
        if !entente_domain::visibility::auditors_read(&folded.state, item) {
            return Ok(None);
        }
        let seen = self.seen(case, viewer, self.now()).await?;
        let page = seen.page(case).ok_or(CentreError::ABSENT)?;
        Ok(page.items.into_iter().find(|found| found.item == item).map(|found| found.content))
    }
}

pub(super) fn was_known(line: &Recorded, known: Known) -> bool {
    known.has(Source { position: line.position.0, recorded: line.recorded })
}

fn exposures(evidence: &entente_projections::audit::Evidence, known: Known) -> Vec<Exposed> {
    let mut persons: Vec<PersonId> = Vec::new();
    for sitting in &evidence.sittings {
        if !persons.contains(&sitting.person) {
            persons.push(sitting.person);
        }
    }
    let intervals = persons.into_iter().flat_map(|person| evidence.intervals(person, known));
    let exposed = intervals.map(|interval| Exposed {
        person: interval.person,
        seat: interval.place.seat,
        tenure: interval.place.tenure,
        from: interval.from,
        opened_position: interval.opened.position,
        ground: interval.grant,
        rule: interval.grant.rule(),
        until: interval.until.map(|(until, _)| until),
        closed_position: interval.until.map(|(_, source)| source.position),
        closed_by: interval.denial,
    });
    exposed.collect()
}

/// Whether an event speaks of an item, as its maker, as its subject or as its source.
fn is_about(event: &CaseEvent, item: ItemId) -> bool {
    match event {
        CaseEvent::MessagePosted(event) => event.item == item,
        CaseEvent::DocumentSubmitted(event) => event.item == item,
        CaseEvent::SettlementProposed(event) => event.item == item,
        CaseEvent::SettlementSigned(event) => event.item == item,
        CaseEvent::SettlementDeclined(event) => event.item == item,
        CaseEvent::SettlementLapsed(event) => event.item == item,
        CaseEvent::SettlementReached(event) => event.item == item,
        CaseEvent::VisibilityRestricted(event) => event.item == item,
        CaseEvent::DisclosureAuthorised(event) => event.item == item,
        CaseEvent::DisclosureRevoked(event) => event.item == item,
        CaseEvent::ItemDisclosed(event) => {
            event.item == item || event.source.as_ref().is_some_and(|source| source.item == item)
        }
        CaseEvent::ItemOpened(event) => event.item == item,
        CaseEvent::PersonAlerted(event) => event.items.contains(&item),
        CaseEvent::ItemErased(event) => event.item == item,
        CaseEvent::ErasureProposed(event) => event.what == Erasable::Item(item),
        CaseEvent::ErasureApproved(event) => event.what == Erasable::Item(item),
        CaseEvent::ErasureWithdrawn(event) => event.what == Erasable::Item(item),
        CaseEvent::CaseErased(_) => true,
        // No `_` arm: a new event says here whether it speaks of an item.
        CaseEvent::Registered(_)
        | CaseEvent::QuestionnaireAnswered(_)
        | CaseEvent::QuestionnairePassed(_)
        | CaseEvent::QuestionnaireFailed(_)
        | CaseEvent::RequestRejected(_)
        | CaseEvent::RespondentInvited(_)
        | CaseEvent::ConsentGiven(_)
        | CaseEvent::ConsentDeclined(_)
        | CaseEvent::InvitationLapsed(_)
        | CaseEvent::AppointmentDeadlineMissed(_)
        | CaseEvent::MediatorAppointed(_)
        | CaseEvent::TableOpened(_)
        | CaseEvent::MediatorUnavailabilityDeclared(_)
        | CaseEvent::MediatorProposed(_)
        | CaseEvent::IndependenceDeclared(_)
        | CaseEvent::AppointmentRefused(_)
        | CaseEvent::ProposalLapsed(_)
        | CaseEvent::ProposalWithdrawn(_)
        | CaseEvent::MediatorChallenged(_)
        | CaseEvent::ChallengeUpheld(_)
        | CaseEvent::ChallengeRejected(_)
        | CaseEvent::TenureEnded(_)
        | CaseEvent::CaucusReleased(_)
        | CaseEvent::RepresentativeSeated(_)
        | CaseEvent::RepresentativeUnseated(_)
        | CaseEvent::DiscussionOpened(_)
        | CaseEvent::AuditAccessGranted(_)
        | CaseEvent::AuditAccessRevoked(_)
        | CaseEvent::ChannelSwitched(_)
        | CaseEvent::OfflineExchangeRecorded(_)
        | CaseEvent::CaseSuspended(_)
        | CaseEvent::CaseResumed(_)
        | CaseEvent::TermExtensionAgreed(_)
        | CaseEvent::TermExtended(_)
        | CaseEvent::NoAgreementReported(_)
        | CaseEvent::PartyWithdrew(_)
        | CaseEvent::TermExpired(_)
        | CaseEvent::CaseClosed(_)
        | CaseEvent::LaterSettlementConfirmed(_)
        | CaseEvent::SettledAfterwards(_)
        | CaseEvent::HoldPlaced(_)
        | CaseEvent::HoldLifted(_)
        | CaseEvent::PersonErased(_) => false,
    }
}

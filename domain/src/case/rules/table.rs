//! The virtual negotiating table: discussions, messages, documents, opening an item (B9, B10).

use jiff::Timestamp;

use crate::case::decide::{Decision, events};
use crate::command::{OpenDiscussion, OpenItem, PostMessage, SubmitDocument};
use crate::event::{DiscussionOpened, DocumentSubmitted, ItemOpened, MessagePosted};
#[cfg(feature = "leaks")]
use crate::leaks::{Leak, seeded};
use crate::visibility;
use crate::{Audience, By, Case, CaseError, DiscussionId, Issued, ItemId, Phase};

impl Case {
    pub(crate) fn open_discussion(&self, ask: &OpenDiscussion, issued: &Issued, by: By) -> Decision {
        let seat = by.at_table()?;
        self.can_post()?;
        if !ask.audience.admits(seat) {
            return Err(CaseError::AudienceNotAllowed);
        }
        #[cfg(feature = "leaks")]
        if seeded(Leak::OneFurtherThread) && self.discussions.values().any(|found| !found.standing) {
            return Err(CaseError::Duplicate);
        }
        let discussion = DiscussionId(issued.id.derive("discussion"));
        Ok(events![DiscussionOpened { discussion, audience: ask.audience, name: Some(ask.name.clone().into()) }])
    }

    pub(crate) fn post_message(&self, ask: &PostMessage, issued: &Issued, by: By) -> Decision {
        let audience = self.addressed(ask.discussion, issued.at, by)?;
        let item = new_item(issued);
        #[cfg(feature = "leaks")]
        let item = if seeded(Leak::IdsInOrder) { self.next_in_order(issued) } else { item };
        Ok(events![MessagePosted { item, discussion: ask.discussion, audience, body: ask.body.clone().into() }])
    }

    pub(crate) fn submit_document(&self, ask: &SubmitDocument, issued: &Issued, by: By) -> Decision {
        let audience = self.addressed(ask.discussion, issued.at, by)?;
        // What an item names is that item's; only a disclosed copy shares its source's.
        if self.items.values().any(|item| item.object == Some(ask.object)) {
            return Err(CaseError::AlreadySubmitted);
        }
        Ok(events![DocumentSubmitted {
            item: new_item(issued),
            discussion: ask.discussion,
            audience,
            facts: ask.facts.clone().into(),
            class: ask.class,
            object: Some(ask.object),
        }])
    }

    pub(crate) fn open_item(&self, ask: &OpenItem, issued: &Issued, by: By) -> Decision {
        let item = self.visible_item(ask.item, issued, by)?;
        let person = by.person().ok_or(CaseError::NotFound)?;
        // Authors know their own words; a second look is no second receipt.
        if item.author == person || item.opened.contains_key(&person) {
            return Ok(events![]);
        }
        Ok(events![ItemOpened { item: ask.item }])
    }

    #[cfg(feature = "leaks")]
    fn next_in_order(&self, issued: &Issued) -> ItemId {
        let (time, random) = (issued.at.as_microsecond().unsigned_abs(), issued.id.0.as_u128() as u32);
        let count = self.items.len() as u128;
        ItemId(uuid::Uuid::from_u128(u128::from(time) << 64 | u128::from(random) << 32 | count))
    }

    /// The audience of a discussion that this person may write in now.
    pub(crate) fn addressed(&self, discussion: DiscussionId, at: Timestamp, by: By) -> Result<Audience, CaseError> {
        by.at_table()?;
        // What the person may not see is absent, whatever the state of the case: the order of checks tells nothing.
        let known = by.person().is_some_and(|person| visibility::can_see_discussion(self, person, discussion, at));
        if self.has_table() && !known {
            return Err(CaseError::NotFound);
        }
        self.can_post()?;
        self.discussions.get(&discussion).map(|found| found.audience).ok_or(CaseError::NotFound)
    }

    /// An item that this person can see at the time of asking.
    pub(super) fn visible_item(
        &self,
        id: ItemId,
        issued: &Issued,
        by: By,
    ) -> Result<&crate::case::state::Item, CaseError> {
        let person = by.person().ok_or(CaseError::NotFound)?;
        let seen = visibility::could_see(self, person, id, issued.at);
        self.items.get(&id).filter(|_| seen).ok_or(CaseError::NotFound)
    }

    /// Posting of any kind: the same answer in every discussion, so that a pause tells nothing (2-domain §4).
    pub(super) fn can_post(&self) -> Result<(), CaseError> {
        #[cfg(feature = "leaks")]
        if seeded(Leak::QuotaOfTheCase) && self.items.len() >= 6 {
            return Err(CaseError::TooLate);
        }
        match self.phase {
            Phase::Open => Ok(()),
            Phase::Suspended => Err(CaseError::Suspended),
            Phase::Closed | Phase::Erased => Err(CaseError::AlreadyClosed),
            Phase::Absent | Phase::Registered | Phase::Qualified | Phase::Invited | Phase::Consented => {
                Err(CaseError::NotOpen)
            }
        }
    }
}

/// The id of the item that a command makes.
pub(super) fn new_item(issued: &Issued) -> ItemId {
    ItemId(issued.id.derive("item"))
}

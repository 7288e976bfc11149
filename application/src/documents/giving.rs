//! Submitting what was uploaded, and giving a document out to those who may see its item.

use std::ops::Range;

use entente_domain::event::{CaseEvent, DocumentFacts};
use entente_domain::visibility::Viewer;
use entente_domain::{Actor, Ask, Case, CaseId, ItemId, command};
use entente_projections::page::{CasePage, ItemContent, ItemView};
use jiff::Timestamp;

use super::{ABSENT, DocumentError, Submission};
use crate::centre::Centre;
use crate::commands::Answer;
use crate::error::CentreError;
use crate::looks::Shown;
use crate::ports::{Content, DocumentKey};

/// A document that a viewer may read.
pub struct Document {
    /// What is known of it.
    pub facts: DocumentFacts,
    /// When it was looked for; for the access log.
    pub at: Timestamp,
    object: entente_domain::ObjectId,
    key: DocumentKey,
}

impl Centre {
    /// The command that lays an upload of this person's on the table.
    ///
    /// # Errors
    /// Absent if it is nobody's or somebody else's; not complete.
    pub async fn submission(&self, case: CaseId, by: Actor, wanted: &Submission) -> Result<Ask, CentreError> {
        let upload = self.own_upload(case, by, wanted.upload).await?;
        let facts = upload.facts.clone().ok_or(DocumentError::Incomplete(upload.received))?;
        // Colleagues' uploads were theirs alone until they were submitted: only now do they count together.
        let quota = self.documents.quota;
        if self.uploads.held(&upload).await? > quota {
            return Err(DocumentError::OverQuota(quota).into());
        }
        // The sweeper keeps away while the command is under way.
        if !self.uploads.hold(upload.object, self.now()).await? {
            return Err(ABSENT.into());
        }
        let (discussion, class, object) = (upload.discussion, wanted.class, upload.object);
        Ok(command::SubmitDocument { discussion, facts, class, object }.into())
    }

    /// Tells the table of uploads that items name them.
    pub(crate) async fn note_submitted(&self, answer: &Answer) {
        for event in &answer.happened {
            let CaseEvent::DocumentSubmitted(event) = event else { continue };
            let Some(object) = event.object else { continue };
            // Not more than a note: the sweeper asks the log before it takes anything away.
            if let Err(error) = self.uploads.submitted(object, event.item).await {
                tracing::warn!(%error, "a submitted document could not be noted as such");
            }
        }
    }

    /// The document of an item, for whoever may see the item now. A refusal is on record; what is given is for the caller
    /// to record.
    ///
    /// # Errors
    /// Absent: no such item, no document, not this viewer's, or erased.
    pub async fn document(&self, case: CaseId, viewer: Viewer, item: ItemId) -> Result<Document, CentreError> {
        #[cfg(feature = "leaks")]
        let viewer = super::leaks::as_its_author(self, case, item, viewer).await;
        let Shown { page, at, .. } = self.look_at_page(case, viewer, Some(item)).await?;
        let found = page.items.into_iter().find(|found| found.item == item).ok_or(ABSENT)?;
        let folded = self.log.fold_now(case).await?;
        Ok(self.readable(case, &folded.state, &found, at).await?.ok_or(ABSENT)?)
    }

    /// The documents of a page that its viewer was found to see at an instant, in the order of its items; what is erased,
    /// or was made known without its content, is left out.
    ///
    /// # Errors
    /// A store that cannot.
    pub(crate) async fn documents_of(
        &self,
        page: &CasePage,
        at: Timestamp,
    ) -> Result<Vec<(ItemId, Document)>, CentreError> {
        let folded = self.log.fold_now(page.case).await?;
        let mut documents = Vec::new();
        for item in &page.items {
            let document = self.readable(page.case, &folded.state, item, at).await?;
            documents.extend(document.map(|document| (item.item, document)));
        }
        Ok(documents)
    }

    /// The document of an item on a viewer's page, if it has one that can be read.
    async fn readable(
        &self,
        case: CaseId,
        state: &Case,
        item: &ItemView,
        at: Timestamp,
    ) -> Result<Option<Document>, CentreError> {
        let (ItemContent::Document { facts, .. } | ItemContent::Disclosure { facts, .. }) = &item.content else {
            return Ok(None);
        };
        let object = state.items.get(&item.item).and_then(|item| item.object);
        let (Some(facts), Some(object)) = (facts.clone(), object) else { return Ok(None) };
        let key = self.uploads.key(case, object).await?;
        Ok(key.map(|key| Document { facts, at, object, key }))
    }

    /// The clear bytes of a range of a document.
    ///
    /// # Errors
    /// No such range, or a vault that cannot.
    pub async fn content(&self, document: &Document, range: Range<u64>) -> Result<Content, CentreError> {
        let size = document.facts.size;
        if range.start > range.end || range.end > size {
            return Err(DocumentError::NoSuchRange(size).into());
        }
        let read = self.vault.read(document.object, &document.key, size, range).await;
        Ok(read.map_err(DocumentError::from)?)
    }
}

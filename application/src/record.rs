//! A viewer's own record of a case, to be taken away: page, trail and documents of one and the same cut.

use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId};
use entente_projections::page::CasePage;
use entente_projections::trail;
use futures::StreamExt as _;
use jiff::Timestamp;

use crate::centre::Centre;
use crate::documents::{Document, DocumentError};
use crate::error::CentreError;
use crate::ports::{Looked, Position};

/// What a viewer can see of a case at an instant.
pub struct Record {
    /// The page.
    pub page: CasePage,
    /// The viewer's own trail; the centre has none.
    pub trail: Vec<trail::Line>,
    /// The documents of the page's items that can be read, in their order.
    pub documents: Vec<(ItemId, Document)>,
    /// Up to which position of the log it goes; for the access log alone.
    pub position: Position,
    /// The instant; for the access log alone.
    pub at: Timestamp,
}

impl Centre {
    /// A viewer's own record of a case, now. A refusal is recorded here; that it is shown is for the caller to record.
    ///
    /// # Errors
    /// As [`Centre::seen`].
    pub async fn own_record(&self, case: CaseId, viewer: Viewer) -> Result<Record, CentreError> {
        let now = self.now();
        let seen = match self.seen(case, viewer, now).await {
            Ok(seen) => seen,
            Err(error) => {
                if let CentreError::Refused(_) = &error {
                    let nothing = Looked::Page(Position::default());
                    self.record_look(viewer, case, now, nothing, false).recorded().await?;
                }
                return Err(error);
            }
        };
        let page = seen.page(case).ok_or(CentreError::ABSENT)?;
        // What the viewer sees decides the instant, as everywhere in a trail: not what is hidden and came last.
        let until = seen.entries.last().map_or(now, |entry| entry.at.max(now));
        let trail = trail::fold(seen.vantage, &seen.entries, until);
        let documents = self.documents_of(&page, seen.at).await?;
        Ok(Record { page, trail, documents, position: seen.position, at: seen.at })
    }

    /// Whether the first document of a record can be read now: once the record is on its way, all that is left to say is
    /// that it breaks off.
    ///
    /// # Errors
    /// A vault that cannot.
    pub async fn record_begins(&self, record: &Record) -> Result<(), CentreError> {
        let Some((_, document)) = record.documents.first() else { return Ok(()) };
        let mut first = self.content(document, 0..1).await?;
        while let Some(piece) = first.next().await {
            piece.map_err(DocumentError::from)?;
        }
        Ok(())
    }
}

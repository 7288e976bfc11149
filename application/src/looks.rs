//! Looking: what is shown is on record before it is shown, and what is refused is on record too.

use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId};
use entente_projections::page::CasePage;
use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::{Look, Looked, Position, StoreError};

/// A look on its way into the access log. Nothing is shown before it is durable: a reader that was answered is on record.
#[must_use = "what it stands for must not be shown before it is recorded"]
pub struct Recording(JoinHandle<Result<(), StoreError>>);

impl Recording {
    /// Waits until the look is durable.
    ///
    /// # Errors
    /// A store that cannot: then nothing is to be shown.
    pub async fn recorded(self) -> Result<(), CentreError> {
        let lost = |_| StoreError::Unavailable("a look could not be recorded".to_owned());
        Ok(self.0.await.map_err(lost)??)
    }
}

/// A page to be shown.
pub struct Shown {
    /// The page.
    pub page: CasePage,
    /// Up to which position of the log it shows the case; for the access log alone.
    pub position: Position,
    /// The instant that it shows: now, or that of the last entry if another process's clock is ahead.
    pub at: Timestamp,
}

impl Centre {
    /// Puts a look on its way: it is flushed together with others, while the answer is being written.
    pub fn record_look(&self, viewer: Viewer, case: CaseId, at: Timestamp, what: Looked, granted: bool) -> Recording {
        let looks = self.looks.clone();
        Recording(tokio::spawn(async move { looks.record(Look { at, viewer, case, what, granted }).await }))
    }

    /// The case page of a viewer, now, with the position of the log that it shows. A refusal is recorded here; what is
    /// shown of the page is for the caller to record.
    ///
    /// # Errors
    /// As [`Centre::seen`].
    pub async fn look_at_page(
        &self,
        case: CaseId,
        viewer: Viewer,
        named: Option<ItemId>,
    ) -> Result<Shown, CentreError> {
        let looked = async {
            let seen = self.seen(case, viewer, self.now()).await?;
            let page = seen.page(case).ok_or(CentreError::ABSENT)?;
            let known = named.is_none_or(|named| page.items.iter().any(|item| item.item == named));
            let (position, at) = (seen.position, seen.at);
            if known { Ok(Shown { page, position, at }) } else { Err(CentreError::ABSENT) }
        };
        let looked = looked.await;
        if let Err(CentreError::Refused(_)) = &looked {
            let what = named.map_or(Looked::Page(Position::default()), |item| Looked::Items(vec![item]));
            self.record_look(viewer, case, self.now(), what, false).recorded().await?;
        }
        looked
    }
}

//! Sweeping: what was uploaded and never submitted goes after a grace period, and so does what a crash has left.

use std::collections::BTreeSet;

use entente_domain::ObjectId;
use entente_domain::event::CaseEvent;
use serde::Serialize;

use super::DocumentError;
use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::Position;

/// Uploads looked at together.
const PAGE: u32 = 500;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Uploads that nobody had gone on with.
    pub uploads: u64,
    /// Objects that no upload and no item knew of.
    pub orphans: u64,
    /// Uploads that an item turned out to name.
    pub kept: u64,
}

impl Centre {
    /// Takes away what nothing names and nobody has touched for the grace period. The log is asked before anything goes.
    ///
    /// # Errors
    /// A store or a vault that cannot; what was done until then is done.
    pub async fn sweep(&self) -> Result<Swept, CentreError> {
        let before = self.now().saturating_sub(self.documents.grace).unwrap_or(jiff::Timestamp::MIN);
        let mut swept = Swept::default();
        let mut seen = BTreeSet::new();
        loop {
            let stale = self.uploads.stale(before, PAGE).await?;
            let fresh: Vec<_> = stale.into_iter().filter(|(_, object)| seen.insert(*object)).collect();
            if fresh.is_empty() {
                break;
            }
            for (case, object) in fresh {
                let folded = self.log.fold_now(case).await?;
                let named = folded.state.items.iter().find(|(_, item)| item.object == Some(object));
                if let Some((item, _)) = named {
                    self.uploads.submitted(object, *item).await?;
                    swept.kept += 1;
                } else if self.uploads.sweep(object, before).await? {
                    self.vault.delete(object).await.map_err(DocumentError::from)?;
                    swept.uploads += 1;
                }
            }
        }
        let mut orphans = BTreeSet::new();
        for (object, written) in self.vault.objects().await.map_err(DocumentError::from)? {
            if written < before && !self.uploads.is_known(object).await? {
                orphans.insert(object);
            }
        }
        self.leave_out_the_named(&mut orphans).await?;
        for object in orphans {
            self.vault.delete(object).await.map_err(DocumentError::from)?;
            swept.orphans += 1;
        }
        Ok(swept)
    }

    /// Leaves out what an item names: the table of uploads may have been lost, or restored from an older copy than the log.
    /// The whole log is read, if there is anything to look for.
    async fn leave_out_the_named(&self, objects: &mut BTreeSet<ObjectId>) -> Result<(), CentreError> {
        let mut at = Position::default();
        while !objects.is_empty() {
            let page = self.log.page(at, PAGE).await?;
            let Some(last) = page.last() else { break };
            at = last.position;
            for line in &page {
                if let CaseEvent::DocumentSubmitted(event) = &line.entry.event
                    && let Some(object) = event.object
                {
                    objects.remove(&object);
                }
            }
        }
        Ok(())
    }
}

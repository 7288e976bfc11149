//! Sweeping: what was uploaded and never submitted goes after a grace period, and so does what a crash has left.

use std::collections::BTreeSet;

use serde::Serialize;

use super::DocumentError;
use crate::centre::Centre;
use crate::error::CentreError;

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
        for (object, written) in self.vault.objects().await.map_err(DocumentError::from)? {
            if written < before && !self.uploads.is_known(object).await? {
                self.vault.delete(object).await.map_err(DocumentError::from)?;
                swept.orphans += 1;
            }
        }
        Ok(swept)
    }
}

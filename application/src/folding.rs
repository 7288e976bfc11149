//! What is folded of each case along the log, so that a busy case is read once.

use std::collections::HashMap;

use entente_domain::{Case, CaseId};

use crate::ports::{CaseLog, Recorded, StoreError};

/// Cases kept folded between batches.
const WARM: usize = 4_096;

/// The cases that a reader of the log has come across, each as far as it has read: their state, or another fold.
pub(crate) struct Folding<S = Case>(HashMap<CaseId, (u64, S)>);

impl<S> Default for Folding<S> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl Folding {
    /// The case with this entry applied.
    pub(crate) async fn after(&mut self, log: &dyn CaseLog, line: &Recorded) -> Result<&Case, StoreError> {
        self.with(log, line, |case, line| case.fold(&line.entry)).await
    }
}

impl<S: Default> Folding<S> {
    /// The same for any fold.
    pub(crate) async fn with(
        &mut self,
        log: &dyn CaseLog,
        line: &Recorded,
        fold: impl Fn(&mut S, &Recorded) + Send,
    ) -> Result<&S, StoreError> {
        let before = line.sequence.saturating_sub(1);
        if self.0.len() >= WARM {
            self.0.clear();
        }
        if self.0.get(&line.case).is_none_or(|(version, _)| *version != before) {
            let mut case = S::default();
            if before > 0 {
                let stream = log.stream(line.case).await?;
                stream.iter().take_while(|past| past.sequence <= before).for_each(|past| fold(&mut case, past));
            }
            self.0.insert(line.case, (before, case));
        }
        let (version, case) = self.0.entry(line.case).or_default();
        fold(case, line);
        *version = line.sequence;
        Ok(case)
    }

    /// Forgets them all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

//! Folded cases kept in memory, so that a command on a warm case reads nothing.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cqrs_es::Aggregate as _;
use entente_application::ports::Folded;
use entente_domain::{Case, CaseId, Entry};
use lru::LruCache;

/// The cases used last, each at the version last seen. Being behind does no harm: the append says so.
pub(crate) struct Cache(Mutex<LruCache<CaseId, Folded>>);

impl Cache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN))))
    }

    pub(crate) fn find(&self, case: CaseId) -> Option<Folded> {
        self.cases().get(&case).cloned()
    }

    /// Keeps a case that was folded from its stream, unless a newer one came in meanwhile.
    pub(crate) fn keep(&self, case: CaseId, folded: &Folded) {
        let mut cases = self.cases();
        if cases.peek(&case).is_none_or(|known| known.version < folded.version) {
            cases.put(case, folded.clone());
        }
    }

    /// Folds entries that were just appended after `expected`. Copies the state only if somebody else still holds it.
    pub(crate) fn advance(&self, case: CaseId, expected: u64, entries: Vec<Entry>) {
        let mut cases = self.cases();
        if expected == 0 && !cases.contains(&case) {
            cases.put(case, Folded { state: Arc::default(), version: 0 });
        }
        let Some(folded) = cases.get_mut(&case).filter(|folded| folded.version == expected) else { return };
        folded.version += entries.len() as u64;
        let state: &mut Case = Arc::make_mut(&mut folded.state);
        for entry in entries {
            state.apply(entry);
        }
    }

    pub(crate) fn forget(&self, case: CaseId) {
        self.cases().pop(&case);
    }

    fn cases(&self) -> MutexGuard<'_, LruCache<CaseId, Folded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

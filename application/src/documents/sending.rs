//! How many uploads one person sends at once: each needs memory for as long as it lasts, however slow the line.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entente_domain::PersonId;

use super::DocumentError;

/// Uploads that one person may send at a time. It is the person's own number: nobody else's uploads are told by it.
const EACH: usize = 8;

/// Who is sending, and how many uploads.
#[derive(Clone, Debug, Default)]
pub struct Senders(Arc<Mutex<HashMap<PersonId, usize>>>);

/// One upload on its way; another may begin when it is dropped.
pub(super) struct Sending(Senders, PersonId);

impl Senders {
    /// One upload more of this person's.
    pub(super) fn begin(&self, person: PersonId) -> Result<Sending, DocumentError> {
        let mut all = self.all();
        let sending = all.entry(person).or_default();
        if *sending >= EACH {
            return Err(DocumentError::TooManyAtOnce(EACH));
        }
        *sending += 1;
        drop(all);
        Ok(Sending(self.clone(), person))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let mut all = self.0.all();
        if let Some(sending) = all.get_mut(&self.1) {
            *sending -= 1;
            if *sending == 0 {
                all.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_person_has_a_number_of_ones_own() {
        let (senders, one, other) = (Senders::default(), PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let mut lines: Vec<_> = (0..EACH).map(|_| senders.begin(one).unwrap()).collect();
        assert!(senders.begin(one).is_err());
        assert!(senders.begin(other).is_ok());
        lines.pop();
        assert!(senders.begin(one).is_ok());
        drop(lines);
        assert!(senders.all().is_empty());
    }
}

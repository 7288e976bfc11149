//! Ids that follow from words, by the centre's secret.

use entente_application::ports::Names;
use uuid::Uuid;

use crate::Store;

impl Names for Store {
    fn name(&self, space: &str, words: &[&[u8]]) -> Uuid {
        self.keys.name(space, words)
    }
}

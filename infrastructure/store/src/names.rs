//! Ids that follow from words, by a secret of the centre's that stays the same whatever becomes of the master key.

use entente_application::ports::{Names, StoreError};
use uuid::Uuid;

use crate::Store;
use crate::crypto::{hmac, random};
use crate::errors::damaged;
use crate::key_rows::{self, Kept};
use crate::wrapping::Wrapping;

impl Names for Store {
    fn name(&self, space: &str, words: &[&[u8]]) -> Uuid {
        name(self.keys.names(), space, words)
    }
}

/// What the secret is called where it is kept.
const NAME: &str = "names";

/// The secret, which is stored the first time; what ids followed from before is what they follow from ever after.
pub(crate) async fn secret(wrapping: &Wrapping) -> Result<[u8; 32], StoreError> {
    let (database, kept) = (wrapping.database(), Kept::Secret(NAME));
    if key_rows::select(database, kept).await?.is_none() {
        let current = wrapping.current();
        let first = current.names.map_or_else(random, Ok)?;
        let wrapped = current.encryption.wrap(&kept.context(), &first).await?;
        // Two processes may start together: the first counts.
        key_rows::insert_secret(database, NAME, &wrapped).await?;
    }
    let stored = key_rows::select(database, kept).await?.ok_or_else(missing)?;
    let secret = wrapping.unwrap(kept, stored).await?.ok_or_else(missing)?;
    secret.try_into().map_err(|_| missing())
}

fn missing() -> StoreError {
    damaged("the secret that ids follow from cannot be read back")
}

/// The same for the same words, and no help to whoever guesses them (UUIDv8, RFC 9562 §5.8).
fn name(secret: &[u8; 32], space: &str, words: &[&[u8]]) -> Uuid {
    let mut message = Vec::with_capacity(128);
    for part in std::iter::once(space.as_bytes()).chain(words.iter().copied()) {
        // With its length in front, so that no two lists of words spell the same bytes.
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hmac(secret, &message)[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encryption::FileKey;

    #[test]
    fn a_name_follows_from_its_words_and_the_secret_and_from_nothing_else() {
        let (one, other) = ([7; 32], [8; 32]);
        let command = name(&one, "command", &[b"ab", b"c"]);
        assert_eq!(command, name(&one, "command", &[b"ab", b"c"]));
        assert_ne!(command, name(&one, "command", &[b"a", b"bc"]));
        assert_ne!(command, name(&one, "person", &[b"ab", b"c"]));
        assert_ne!(command, name(&other, "command", &[b"ab", b"c"]));
    }

    #[test]
    fn names_from_before_the_secret_was_kept_apart_are_the_same() {
        let command = name(&FileKey::new(&[7; 32]).names(), "command", &[b"ab", b"c"]);
        assert_eq!(command.to_string(), "9f57adac-3f10-88fb-b8f8-aed7f55baf71");
    }
}

//! What wraps the keys: a master key in a file, or a key management service elsewhere.

use async_trait::async_trait;
use entente_application::ports::StoreError;
use uuid::Uuid;

use crate::crypto::{Cipher, hmac};

/// What the check value is wrapped for; no case has this id.
pub(crate) const FOR_CHECK: &[u8] = Uuid::nil().as_bytes();

/// What the check value says once it is unwrapped: the key is the right one.
pub(crate) const CHECK: [u8; 32] = *b"entente: this is the master key.";

/// Wraps keys. What comes of it lies in the keys' database, and opens by the same service and context alone.
///
/// A service that changes its own key must go on unwrapping what the older one wrapped, until
/// [`crate::Store::rotate_master`] has wrapped everything anew.
#[async_trait]
pub trait KeyEncryption: Send + Sync {
    /// Encrypts a secret, bound to a context. Most secrets have 32 bytes; one out of which something was erased has
    /// some thousands.
    async fn wrap(&self, context: &[u8], secret: &[u8]) -> Result<Vec<u8>, StoreError>;
    /// The secret; none if it was not wrapped by this service in this context.
    async fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// What it is called in messages.
    fn name(&self) -> &str;
}

/// The master key of a file.
pub(crate) struct FileKey {
    cipher: Cipher,
    names: [u8; 32],
}

impl FileKey {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self { cipher: Cipher::new(&hmac(secret, b"entente/1 wrap")), names: hmac(secret, b"entente/1 names") }
    }

    /// Whether it wrapped this check value.
    pub(crate) fn wrapped(&self, check: &[u8]) -> bool {
        self.cipher.unwrap(FOR_CHECK, check).is_some_and(|clear| clear == CHECK)
    }

    /// The secret that ids followed from before it was kept apart from the master key.
    pub(crate) const fn names(&self) -> [u8; 32] {
        self.names
    }
}

#[async_trait]
impl KeyEncryption for FileKey {
    async fn wrap(&self, context: &[u8], secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.cipher.wrap(context, secret)
    }

    async fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.cipher.unwrap(context, wrapped))
    }

    fn name(&self) -> &str {
        crate::master::NAME
    }
}

#[cfg(test)]
#[path = "encryption_tests.rs"]
mod tests;

//! The key of a case: seals and opens its confidential parts, each with a key of whosever content it is, and can be
//! made to forget one of these keys for good.

use std::sync::{Mutex, PoisonError};

use entente_application::ports::StoreError;
use entente_domain::ObjectId;
use lru::LruCache;
use uuid::Uuid;

use crate::crypto::{Cipher, Token, hmac};
use crate::place::{Place, Whose};
use crate::tree::Tree;

/// Tokens whose key was the case's own, whosever content they hold.
const FIRST: u8 = 1;
/// Tokens whose key is a leaf of the case's tree.
const LEAVES: u8 = 2;
/// The form of a case's key out of which something was taken, told from a secret of 32 bytes by its length.
const PUNCTURED: u8 = 2;

/// How many leaves of a case stay in memory: some 50 KiB for a long one. A page opens all items of a case in order, and
/// would find none of them again if one more were opened than stay.
const KNOWN: usize = 512;

/// What seals and opens the parts of one case.
pub(crate) struct CaseKey {
    first: [u8; 32],
    request: [u8; 32],
    tree: Tree,
    known: Mutex<LruCache<u64, [u8; 32]>>,
}

impl CaseKey {
    /// One key per purpose, derived from the case's secret.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        let tree = Tree::whole(hmac(secret, b"entente/2 tree"));
        Self::of(hmac(secret, b"entente/1 seal"), hmac(secret, b"entente/1 request"), tree)
    }

    fn of(first: [u8; 32], request: [u8; 32], tree: Tree) -> Self {
        // Made as it fills: most cases in memory are never opened.
        Self { first, request, tree, known: Mutex::new(LruCache::unbounded()) }
    }

    /// From what was wrapped: a secret, or what is left of one; none if it is neither.
    pub(crate) fn read(clear: &[u8]) -> Option<Self> {
        if let Ok(secret) = clear.try_into() {
            return Some(Self::new(secret));
        }
        let (first, rest) = clear.strip_prefix(&[PUNCTURED])?.split_first_chunk()?;
        let (request, nodes) = rest.split_first_chunk()?;
        Some(Self::of(*first, *request, Tree::read(nodes)?))
    }

    /// Whether something was taken out of what was wrapped.
    pub(crate) fn is_punctured(clear: &[u8]) -> bool {
        clear.len() != 32
    }

    /// How the key is stored without those of these; none if they were taken out before. Neither the secret nor any key
    /// that theirs follow from is in it.
    pub(crate) fn without(&self, taken: &[Whose]) -> Option<Vec<u8>> {
        let mut tree = self.tree.clone();
        // All of them, not only until the first that was there.
        let punctured = taken.iter().filter(|whose| tree.puncture(whose.leaf())).count();
        let mut bytes = vec![PUNCTURED];
        bytes.extend_from_slice(&self.first);
        bytes.extend_from_slice(&self.request);
        tree.write(&mut bytes);
        (punctured > 0).then_some(bytes)
    }

    /// A token that opens only here; none if the key is destroyed.
    pub(crate) fn seal(&self, place: Place<'_>, clear: &[u8]) -> Result<Option<String>, StoreError> {
        let Some(leaf) = self.leaf(place.whose()) else { return Ok(None) };
        Cipher::new(&leaf).seal(LEAVES, &place.bytes(), clear).map(Some)
    }

    /// The clear bytes, unless the key is destroyed; or what is wrong with the token.
    pub(crate) fn open(&self, place: Place<'_>, token: &str) -> Result<Option<Vec<u8>>, &'static str> {
        let token = Token::parse(token)?;
        match token.version() {
            FIRST => Cipher::new(&self.first).open(&place.first_bytes(), &token).map(Some),
            LEAVES => {
                let leaf = self.leaf(place.whose());
                leaf.map(|leaf| Cipher::new(&leaf).open(&place.bytes(), &token)).transpose()
            }
            _ => Err("a sealed part has an unknown version"),
        }
    }

    /// Whether a token's key is the case's own, whosever content it holds.
    pub(crate) fn sealed_with_the_case(token: &str) -> bool {
        Token::parse(token).is_ok_and(|token| token.version() == FIRST)
    }

    /// A document's key, wrapped for nothing else; none if the document's leaf is destroyed.
    pub(crate) fn wrap(&self, case: Uuid, object: ObjectId, key: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(leaf) = self.leaf(Whose::Object(object)) else { return Ok(None) };
        Cipher::new(&leaf).wrap(&document(case, object), key).map(Some)
    }

    /// A document's key, unless the document's leaf is destroyed; or what is wrong with it.
    pub(crate) fn unwrap(
        &self,
        case: Uuid,
        object: ObjectId,
        wrapped: &[u8],
    ) -> Result<Option<[u8; 32]>, &'static str> {
        let Some(leaf) = self.leaf(Whose::Object(object)) else { return Ok(None) };
        let key = Cipher::new(&leaf).unwrap(&document(case, object), wrapped);
        key.and_then(|key| key.try_into().ok()).map(Some).ok_or("a document's key was not wrapped here")
    }

    /// A fingerprint of a request that says nothing to those who do not hold the key.
    pub(crate) fn request_mac(&self, request: &[u8; 32]) -> String {
        crate::crypto::hex(&hmac(&self.request, request))
    }

    fn leaf(&self, whose: Whose) -> Option<[u8; 32]> {
        let leaf = whose.leaf();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known().get(&leaf) {
            return Some(*key);
        }
        let key = self.tree.leaf(leaf)?;
        let mut known = known();
        known.put(leaf, key);
        if known.len() > KNOWN {
            known.pop_lru();
        }
        Some(key)
    }
}

fn document(case: Uuid, object: ObjectId) -> Vec<u8> {
    [b"entente/2 document".as_slice(), case.as_bytes(), object.0.as_bytes()].concat()
}

#[cfg(test)]
#[path = "case_key_tests.rs"]
mod tests;

//! The ciphers: a case's key seals its confidential parts, the master key wraps the cases' keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{AeadInOut, Key, KeyInit, XChaCha20Poly1305, XNonce};
use entente_application::ports::StoreError;
use entente_domain::sealed::Path;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const VERSION: u8 = 1;
const NONCE: usize = 24;
const COMMITMENT: usize = 32;
const SALT: usize = 16;
const TAG: usize = 16;
const HEADER: usize = 1 + NONCE + COMMITMENT;

/// Where a sealed part stands; a token opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The stream.
    pub(crate) case: Uuid,
    /// The number in the stream.
    pub(crate) sequence: u64,
    /// The fields that lead to it.
    pub(crate) path: &'a Path<'a>,
}

impl Place<'_> {
    /// All lengths but the last are fixed, so that no two places spell the same bytes. Stream and number name one
    /// event for ever; its kind and version are left out, for both may be another once it has been upcast.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(b"entente/1 part");
        bytes.extend_from_slice(self.case.as_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        self.path.spell(&mut bytes);
        bytes
    }
}

/// What seals and opens the parts of one case.
pub(crate) struct CaseKey {
    cipher: XChaCha20Poly1305,
    request: [u8; 32],
}

impl CaseKey {
    /// One key per purpose, derived from the case's secret.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self { cipher: cipher(&hmac(secret, b"entente/1 seal")), request: hmac(secret, b"entente/1 request") }
    }

    /// version ‖ nonce ‖ SHA-256(salt ‖ clear) ‖ ciphertext of (salt ‖ clear), in base64.
    ///
    /// The cipher does not commit to its key: the hash is what makes a second way to open the token infeasible.
    pub(crate) fn seal(&self, place: Place<'_>, clear: &[u8]) -> Result<String, StoreError> {
        let random: [u8; NONCE + SALT] = random()?;
        let (nonce, salt) = random.split_at(NONCE);
        let mut token = Vec::with_capacity(HEADER + SALT + clear.len() + TAG);
        token.push(VERSION);
        token.extend_from_slice(nonce);
        token.extend_from_slice(&Sha256::new().chain_update(salt).chain_update(clear).finalize());
        token.extend_from_slice(salt);
        token.extend_from_slice(clear);
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce_of(nonce)?, &place.bytes(), (&mut token[HEADER..]).into())
            .map_err(|_| StoreError::Misconfigured("a confidential part is too long to be sealed".to_owned()))?;
        token.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(token))
    }

    /// The clear bytes; or what is wrong with the token.
    pub(crate) fn open(&self, place: Place<'_>, token: &str) -> Result<Vec<u8>, &'static str> {
        let token = URL_SAFE_NO_PAD.decode(token).map_err(|_| "a sealed part is not base64")?;
        if token.len() < HEADER + SALT + TAG {
            return Err("a sealed part is too short");
        }
        if token[0] != VERSION {
            return Err("a sealed part has an unknown version");
        }
        let nonce = nonce_of(&token[1..=NONCE]).map_err(|_| "a sealed part is too short")?;
        let mut salted = self
            .cipher
            .decrypt(&nonce, Payload { msg: &token[HEADER..], aad: &place.bytes() })
            .map_err(|_| "a sealed part was not sealed here with this case's key")?;
        if !same(&Sha256::digest(&salted), &token[1 + NONCE..HEADER]) {
            return Err("a sealed part is not the one that was committed to");
        }
        salted.drain(..SALT);
        Ok(salted)
    }

    /// A fingerprint of a request that says nothing to those who do not hold the key.
    pub(crate) fn request_mac(&self, request: &[u8; 32]) -> String {
        hex(&hmac(&self.request, request))
    }
}

/// The key of keys.
pub(crate) struct Master {
    cipher: XChaCha20Poly1305,
    names: [u8; 32],
}

impl Master {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self { cipher: cipher(&hmac(secret, b"entente/1 wrap")), names: hmac(secret, b"entente/1 names") }
    }

    /// An id that follows from words and from the master key: the same for the same words, and no help to whoever
    /// guesses them (UUIDv8, RFC 9562 §5.8).
    pub(crate) fn name(&self, space: &str, words: &[&[u8]]) -> Uuid {
        let mut message = Vec::with_capacity(128);
        for part in std::iter::once(space.as_bytes()).chain(words.iter().copied()) {
            // With its length in front, so that no two lists of words spell the same bytes.
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hmac(&self.names, &message)[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// nonce ‖ ciphertext, bound to the case.
    pub(crate) fn wrap(&self, case: Uuid, secret: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE] = random()?;
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: case.as_bytes() })
            .map_err(|_| StoreError::Misconfigured("a key cannot be wrapped".to_owned()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The case's secret, if it was wrapped for this case by this master key.
    pub(crate) fn unwrap(&self, case: Uuid, wrapped: &[u8]) -> Option<[u8; 32]> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE)?;
        let secret = self.cipher.decrypt(&nonce_of(nonce).ok()?, Payload { msg: sealed, aad: case.as_bytes() }).ok()?;
        secret.try_into().ok()
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| StoreError::Unavailable(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}

fn nonce_of(bytes: &[u8]) -> Result<XNonce, StoreError> {
    <[u8; NONCE]>::try_from(bytes)
        .map(XNonce::from)
        .map_err(|_| StoreError::Misconfigured("a nonce has 24 bytes".to_owned()))
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// HMAC-SHA256 (RFC 2104) with a key of 32 bytes.
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(pad, key)| *pad ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
#[path = "crypto_tests.rs"]
mod tests;

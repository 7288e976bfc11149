//! The ciphers: how a text is sealed into a token, how a key is wrapped by another, how keys follow from keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{AeadInOut, Key, KeyInit, XChaCha20Poly1305, XNonce};
use entente_application::ports::StoreError;
use sha2::{Digest, Sha256};

pub(crate) const NONCE: usize = 24;
const COMMITMENT: usize = 32;
const SALT: usize = 16;
const TAG: usize = 16;
const HEADER: usize = 1 + NONCE + COMMITMENT;

/// A sealed text as it is stored: version ‖ nonce ‖ SHA-256(salt ‖ clear) ‖ ciphertext of (salt ‖ clear), in base64.
///
/// The cipher does not commit to its key: the hash is what makes a second way to open the token infeasible.
pub(crate) struct Token(Vec<u8>);

impl Token {
    /// Takes a token apart; or says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let token = URL_SAFE_NO_PAD.decode(text).map_err(|_| "a sealed part is not base64")?;
        if token.len() < HEADER + SALT + TAG {
            return Err("a sealed part is too short");
        }
        Ok(Self(token))
    }

    /// Which key sealed it, and what it is bound to.
    pub(crate) fn version(&self) -> u8 {
        self.0[0]
    }
}

/// One key, ready to seal and to wrap.
pub(crate) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&Key::from(*key)))
    }

    /// A token that opens with this key and `bound` alone.
    pub(crate) fn seal(&self, version: u8, bound: &[u8], clear: &[u8]) -> Result<String, StoreError> {
        let random: [u8; NONCE + SALT] = random()?;
        let (nonce, salt) = random.split_at(NONCE);
        let mut token = Vec::with_capacity(HEADER + SALT + clear.len() + TAG);
        token.push(version);
        token.extend_from_slice(nonce);
        token.extend_from_slice(&Sha256::new().chain_update(salt).chain_update(clear).finalize());
        token.extend_from_slice(salt);
        token.extend_from_slice(clear);
        let tag = self
            .0
            .encrypt_inout_detached(&nonce_of(nonce)?, bound, (&mut token[HEADER..]).into())
            .map_err(|_| StoreError::Misconfigured("a confidential part is too long to be sealed".to_owned()))?;
        token.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(token))
    }

    /// The clear bytes; or what is wrong with the token.
    pub(crate) fn open(&self, bound: &[u8], token: &Token) -> Result<Vec<u8>, &'static str> {
        let Token(token) = token;
        let nonce = nonce_of(&token[1..=NONCE]).map_err(|_| "a sealed part is too short")?;
        let mut salted = self
            .0
            .decrypt(&nonce, Payload { msg: &token[HEADER..], aad: bound })
            .map_err(|_| "a sealed part was not sealed here with this case's key")?;
        if !same(&Sha256::digest(&salted), &token[1 + NONCE..HEADER]) {
            return Err("a sealed part is not the one that was committed to");
        }
        salted.drain(..SALT);
        Ok(salted)
    }

    /// nonce ‖ ciphertext of a key, bound to what it is the key of.
    pub(crate) fn wrap(&self, bound: &[u8], secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE] = random()?;
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: bound })
            .map_err(|_| StoreError::Misconfigured("a key cannot be wrapped".to_owned()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The key, if it was wrapped for this by this one.
    pub(crate) fn unwrap(&self, bound: &[u8], wrapped: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE)?;
        self.0.decrypt(&nonce_of(nonce).ok()?, Payload { msg: sealed, aad: bound }).ok()
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

/// HMAC-SHA256 (RFC 2104) with a key of 32 bytes.
pub(crate) fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(pad, key)| *pad ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_that_of_the_standard() {
        // RFC 4231 has no 32-byte key; its case 1 has 20 bytes, which HMAC pads with zeros up to a block.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(hex(&hmac(&key, b"Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "AQ", "not base64!"] {
            assert!(Token::parse(text).is_err(), "{text:?}");
        }
    }
}

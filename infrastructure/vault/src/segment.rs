//! How a segment is stored: a version, a random nonce prefix, and chunks of which each can be opened alone.

use std::ops::Range;

use aead_stream::{NewStream as _, StreamBE32, StreamPrimitive as _};
use bytes::Bytes;
use chacha20poly1305::aead::Payload;
use chacha20poly1305::{Key, XChaCha20Poly1305};
use entente_application::ports::{DocumentKey, SEGMENT, VaultError};
use entente_domain::ObjectId;

const VERSION: u8 = 1;
const PREFIX: usize = 19;
const TAG: u64 = 16;

/// Bytes of a chunk in clear: the least that can be opened.
pub(crate) const CHUNK: u64 = 64 * 1024;

/// Bytes before the first chunk.
pub(crate) const HEADER: u64 = 1 + PREFIX as u64;

/// Which segment of which object; its chunks open nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The object.
    pub(crate) object: ObjectId,
    /// The segment's number, from 0.
    pub(crate) segment: u32,
}

impl Place {
    /// All lengths are fixed, so that no two places spell the same bytes.
    fn bytes(self) -> Vec<u8> {
        [b"entente/1 document".as_slice(), self.object.0.as_bytes(), &self.segment.to_be_bytes()].concat()
    }

    fn damaged(self, why: &'static str) -> VaultError {
        VaultError::Damaged(self.object, why)
    }
}

/// Bytes that a segment of `clear` bytes takes where it is stored.
pub(crate) const fn stored(clear: u64) -> u64 {
    HEADER + clear + clear.div_ceil(CHUNK) * TAG
}

/// Where chunks of a segment of `clear` bytes are stored in it.
pub(crate) fn stored_at(chunks: &Range<u64>, clear: u64) -> Range<u64> {
    HEADER + chunks.start * (CHUNK + TAG)..stored(clear.min(chunks.end * CHUNK))
}

/// The header and the chunks, to be stored one after another.
///
/// The prefix is random each time. So a segment that is sent again, and perhaps with other bytes, uses no nonce twice,
/// and chunks of the two do not fit together. The chunk's number is part of its nonce, and so is whether it is the last: chunks
/// cannot be left out, moved or cut off unnoticed.
pub(crate) fn seal(key: &DocumentKey, place: Place, clear: &[u8]) -> Result<Vec<Bytes>, VaultError> {
    if clear.is_empty() || clear.len() as u64 > SEGMENT {
        return Err(VaultError::Misconfigured(format!("a segment has 1 to {SEGMENT} bytes")));
    }
    let mut prefix = [0; PREFIX];
    getrandom::fill(&mut prefix)
        .map_err(|error| VaultError::Unavailable(format!("the system gives no random bytes: {error}")))?;
    let stream = stream(key, prefix);
    let aad = place.bytes();
    let mut sealed = vec![Bytes::from([&[VERSION], prefix.as_slice()].concat())];
    let chunks = clear.chunks(CHUNK as usize);
    let last = chunks.len() - 1;
    for (position, msg) in (0..).zip(chunks) {
        let chunk = stream
            .encrypt(position, position as usize == last, Payload { msg, aad: &aad })
            .map_err(|_| VaultError::Misconfigured("a chunk is too long to be sealed".to_owned()))?;
        sealed.push(chunk.into());
    }
    Ok(sealed)
}

/// What opens the chunks of one stored segment.
pub(crate) struct Opener {
    stream: StreamBE32<XChaCha20Poly1305>,
    place: Place,
}

impl Opener {
    /// Reads the header.
    pub(crate) fn parse(key: &DocumentKey, place: Place, header: &[u8]) -> Result<Self, VaultError> {
        match header.split_first() {
            Some((&VERSION, prefix)) => match prefix.try_into() {
                Ok(prefix) => Ok(Self { stream: stream(key, prefix), place }),
                Err(_) => Err(place.damaged("a segment is too short")),
            },
            _ => Err(place.damaged("a segment has an unknown version")),
        }
    }

    /// The clear bytes of these chunks of a segment of `clear` bytes, each chunk by itself.
    pub(crate) fn open(&self, chunks: &Range<u64>, clear: u64, sealed: &[u8]) -> Result<Vec<Bytes>, VaultError> {
        let aad = self.place.bytes();
        let last = clear.div_ceil(CHUNK) - 1;
        let mut opened = Vec::with_capacity(sealed.len() / CHUNK as usize + 1);
        for (position, msg) in chunks.clone().zip(sealed.chunks((CHUNK + TAG) as usize)) {
            let chunk = u32::try_from(position)
                .ok()
                .and_then(|at| self.stream.decrypt(at, position == last, Payload { msg, aad: &aad }).ok())
                .ok_or_else(|| self.place.damaged("a chunk is not what was sealed there with this key"))?;
            opened.push(chunk.into());
        }
        if opened.len() as u64 == chunks.end - chunks.start {
            Ok(opened)
        } else {
            Err(self.place.damaged("a segment is too short"))
        }
    }
}

/// A whole segment of `clear` bytes as it is stored, opened.
pub(crate) fn open(key: &DocumentKey, place: Place, clear: u64, segment: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (header, sealed) = segment.split_at_checked(HEADER as usize).ok_or_else(|| place.damaged("it is too short"))?;
    let opened = Opener::parse(key, place, header)?.open(&(0..clear.div_ceil(CHUNK)), clear, sealed)?;
    Ok(opened.concat())
}

fn stream(key: &DocumentKey, prefix: [u8; PREFIX]) -> StreamBE32<XChaCha20Poly1305> {
    StreamBE32::new(&Key::from(key.0), &prefix.into())
}

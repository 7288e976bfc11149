//! What a document is, told by its content and not by its name; and what no document may be.
//!
//! Looked at are its first and last bytes, and the whole directory of a ZIP archive. What lies between is not, nor what
//! is in an archive: another archive in it is not opened. So this tells honest files apart and refuses known tricks; it
//! does not replace a scanner.

#[cfg(test)]
mod by_hand;
mod names;
mod signs;
mod zip;

use std::future::Future;
use std::ops::Range;

use bytes::Bytes;

use self::signs::{Family, Sign};
use crate::ports::VaultError;

/// The type of everything that is not known, and of everything that a browser could run.
pub const UNKNOWN: &str = "application/octet-stream";

/// How many of the first bytes are looked at.
const HEAD: u64 = 8 * 1024;

/// How many of the last bytes: the end of a ZIP directory lies in them, however long its comment is.
const TAIL: u64 = 66 * 1024;

/// The most that an archive may say it unpacks to.
const LARGEST: u64 = 10 * 1024 * 1024 * 1024;

/// What an archive may unpack to, however well it is compressed.
const HARMLESS: u64 = 100 * 1024 * 1024;

/// How many times its own size an archive may unpack to beyond that.
const RATIO: u64 = 1000;

/// Why a file cannot be a document. The sentence tells its submitter what to do, and nothing of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It has no bytes.
    #[error("the file is empty; choose the one that you meant")]
    Empty,
    /// An archive whose directory does not fit what is there.
    #[error("the file is damaged or incomplete; open it, save it anew, and upload that")]
    Damaged,
    /// Programs would not agree on what it is, and people not on what they have seen.
    #[error("the file can be read as two kinds of file at once; save it anew as one of them, and upload that")]
    Ambiguous,
    /// It would unpack to more than anybody wants to receive.
    #[error("the archive unpacks to far more than it is; upload the files that are in it by themselves")]
    Bomb,
}

/// Why there is no media type.
#[derive(Debug, thiserror::Error)]
pub enum Inspected {
    /// The file is none that is taken in.
    #[error("{0}")]
    Unfit(#[from] Unfit),
    /// It could not be looked at, which says nothing about it.
    #[error("{0}")]
    Vault(#[from] VaultError),
}

/// The media type (RFC 6838) of a document of `size` bytes, of which `read` gives any range.
///
/// What a browser could run (HTML, XHTML, SVG and other XML, scripts) is [`UNKNOWN`], so that no client shows it as
/// what it claims to be. A script without a mark of its own, such as JavaScript, cannot be told from prose: it is
/// `text/plain`, which must be served with `nosniff`.
pub async fn inspect<R, F>(size: u64, read: R) -> Result<&'static str, Inspected>
where
    R: Fn(Range<u64>) -> F,
    F: Future<Output = Result<Bytes, VaultError>>,
{
    if size == 0 {
        return Err(Unfit::Empty.into());
    }
    let head = fetch(&read, 0..HEAD.min(size)).await?;
    let tail = fetch(&read, size - TAIL.min(size)..size).await?;
    let ends = Ends { size, head, tail };
    let sign = signs::read(&ends)?;
    signs::only_one(&ends, sign)?;
    match sign {
        Sign { family: Family::Zip, .. } => zip::inspect(&ends, &read).await,
        Sign { family: Family::Ole, media_type } => {
            let id = match signs::ole_id(&ends) {
                Some(at) => fetch(&read, at).await?,
                None => Bytes::new(),
            };
            Ok(signs::ole(&id).unwrap_or(media_type))
        }
        Sign { family: Family::Gzip, media_type } => {
            // The last four bytes tell the size, modulo 2³² and as the maker wants: a bomb may pass, no more is meant.
            let unpacked = ends.tail.last_chunk().map_or(0, |last| u64::from(u32::from_le_bytes(*last)));
            no_bomb(size, unpacked)?;
            Ok(media_type)
        }
        Sign { media_type, .. } => Ok(media_type),
    }
}

/// The first and the last bytes of a document; of a small one they are the same.
struct Ends {
    size: u64,
    head: Bytes,
    tail: Bytes,
}

impl Ends {
    /// Where the tail begins.
    fn tail_at(&self) -> u64 {
        self.size - self.tail.len() as u64
    }
}

/// An archive of `size` bytes may say that it unpacks to so many.
fn no_bomb(size: u64, unpacked: u64) -> Result<(), Unfit> {
    let too_dense = unpacked > HARMLESS && unpacked / RATIO > size;
    if unpacked > LARGEST || too_dense { Err(Unfit::Bomb) } else { Ok(()) }
}

/// The bytes of a range, all of them.
async fn fetch<R, F>(read: &R, range: Range<u64>) -> Result<Bytes, Inspected>
where
    R: Fn(Range<u64>) -> F,
    F: Future<Output = Result<Bytes, VaultError>>,
{
    let length = range.end - range.start;
    let bytes = read(range).await?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(VaultError::Unavailable("a range was not read to its end".to_owned()).into())
    }
}

/// Where a needle is found first.
fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
#[path = "inspect_tests.rs"]
mod tests;

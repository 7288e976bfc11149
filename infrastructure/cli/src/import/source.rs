//! Where a document's content is: in the line itself, or in a file beside the lines and nowhere else.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use bytes::{Bytes, BytesMut};
use entente_application::documents::Arriving;
use entente_application::ports::VaultError;
use futures::StreamExt as _;
use futures::stream;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::line::Refused;

/// Bytes read from a file at a time.
const PIECE: usize = 256 * 1024;

/// Content that is to be taken in.
pub(super) enum Source {
    /// These words.
    Words(Bytes),
    /// A file that was found in the folder.
    File(PathBuf),
}

impl Source {
    /// The file of a line, in the folder of the lines.
    pub(super) fn inside(folder: Option<&Path>, path: &Path) -> Result<Self, Refused> {
        found(folder, path).map(Self::File)
    }

    /// Size and SHA-256.
    pub(super) async fn measured(&self) -> Result<(u64, [u8; 32]), Refused> {
        match self {
            Self::Words(words) => Ok((words.len() as u64, Sha256::digest(words).into())),
            Self::File(path) => measured(path.clone()).await,
        }
    }

    /// The bytes of a range.
    pub(super) async fn read(&self, range: Range<u64>) -> Result<Bytes, VaultError> {
        let lost = |()| VaultError::Unavailable("the document's file cannot be read".to_owned());
        let mut left = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let (mut bytes, mut read) = (self.bytes(range.start), BytesMut::new());
        while left > 0
            && let Some(piece) = bytes.next().await
        {
            let piece = piece.map_err(lost)?;
            read.extend_from_slice(piece.get(..left.min(piece.len())).unwrap_or_default());
            left = left.saturating_sub(piece.len());
        }
        Ok(read.freeze())
    }

    /// The bytes from an offset on; what cannot be read breaks off.
    pub(super) fn bytes(&self, from: u64) -> Arriving {
        match self {
            Self::Words(words) => {
                let rest = words.slice(usize::try_from(from).unwrap_or(usize::MAX).min(words.len())..);
                stream::iter([Ok(rest)]).boxed()
            }
            Self::File(path) => {
                let path = path.clone();
                let opened = async move {
                    let mut file = tokio::fs::File::open(path).await.map_err(drop)?;
                    file.seek(io::SeekFrom::Start(from)).await.map_err(drop)?;
                    Ok(pieces(file))
                };
                stream::once(opened)
                    .flat_map(|opened| match opened {
                        Ok(pieces) => pieces,
                        Err(()) => stream::iter([Err(())]).boxed(),
                    })
                    .boxed()
            }
        }
    }
}

fn pieces(file: tokio::fs::File) -> Arriving {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await.map_err(drop)?;
        Ok((read > 0).then(|| (piece.freeze(), file)))
    })
    .boxed()
}

/// Where a file is, if it is in the folder: what a line names is given to others, and must not be anything else that the
/// importer may read.
fn found(folder: Option<&Path>, path: &Path) -> Result<PathBuf, Refused> {
    let bad = |why: &str| Refused::new("bad-path", format!("the document's file {why}"));
    let folder = folder.ok_or_else(|| bad("has no folder to lie in: the lines come from standard input"))?;
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    if path.as_os_str().is_empty() || !plain {
        return Err(bad("must be named by a path from the folder of the lines on, without .."));
    }
    let absent = |error: io::Error| Refused::new("no-such-file", format!("the document's file is not there: {error}"));
    // Links are followed, then looked at where they lead.
    let found = folder.join(path).canonicalize().map_err(absent)?;
    if !found.starts_with(folder) {
        return Err(bad("leads out of the folder of the lines"));
    }
    if fs::metadata(&found).map_err(absent)?.is_file() { Ok(found) } else { Err(bad("is not a file")) }
}

/// Size and SHA-256 of a file.
async fn measured(path: PathBuf) -> Result<(u64, [u8; 32]), Refused> {
    let measure = move || {
        let (mut file, mut hash, mut size) = (File::open(path)?, Sha256::new(), 0);
        let mut piece = vec![0; PIECE];
        loop {
            match io::Read::read(&mut file, &mut piece)? {
                0 => return Ok::<_, io::Error>((size, hash.finalize().into())),
                read => {
                    size += read as u64;
                    hash.update(piece.get(..read).unwrap_or_default());
                }
            }
        }
    };
    let measured = tokio::task::spawn_blocking(measure).await.unwrap_or_else(|error| Err(io::Error::other(error)));
    measured.map_err(|error| Refused::new("no-such-file", format!("the document's file cannot be read: {error}")))
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;

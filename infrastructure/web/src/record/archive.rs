//! An archive on its way out: a piece of a file at a time, of a length that is known before.

use std::io;

use axum::body::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt as _};
use jiff::Timestamp;

use super::zip::Writer;

/// What a file holds.
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes, asked for when it is their turn.
    Later(u64, Opening),
}

/// Asks for a file's bytes.
pub type Opening = Box<dyn FnOnce() -> BoxFuture<'static, io::Result<Pieces>> + Send>;

/// A file's bytes.
pub type Pieces = BoxStream<'static, io::Result<Bytes>>;

/// A file of an archive.
pub struct File {
    /// Its path in the archive.
    pub path: String,
    /// Its time.
    pub at: Option<Timestamp>,
    /// What it holds.
    pub content: Content,
}

impl File {
    fn size(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Later(size, _) => *size,
        }
    }
}

/// How many bytes an archive of these files has.
pub fn size(files: &[File]) -> u64 {
    let mut writer = Writer::default();
    let around = files.iter().map(|file| {
        let head = writer.begin(&file.path, file.size(), file.at);
        (head.len() + writer.end(0).len()) as u64 + file.size()
    });
    let members: u64 = around.sum();
    members + writer.close().len() as u64
}

/// The archive's bytes, in order. A file that cannot be read, or is not of its size, ends them with an error.
pub fn written(files: Vec<File>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let archive = Archive { files: files.into_iter(), writer: Writer::default(), open: None, closed: false };
    stream::try_unfold(archive, |mut archive| async move {
        let piece = archive.next().await?;
        Ok(piece.map(|piece| (piece, archive)))
    })
}

struct Archive {
    files: std::vec::IntoIter<File>,
    writer: Writer,
    open: Option<Open>,
    closed: bool,
}

/// A file of which bytes are on their way.
struct Open {
    pieces: Pieces,
    checksum: crc32fast::Hasher,
    left: u64,
}

impl Archive {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if let Some(open) = &mut self.open {
            if let Some(piece) = open.next().await? {
                return Ok(Some(piece));
            }
            let checksum = open.checksum.clone().finalize();
            self.open = None;
            return Ok(Some(self.writer.end(checksum).into()));
        }
        let Some(file) = self.files.next() else {
            let closed = std::mem::replace(&mut self.closed, true);
            return Ok((!closed).then(|| self.writer.close().into()));
        };
        let left = file.size();
        let head = self.writer.begin(&file.path, left, file.at);
        let pieces = match file.content {
            Content::Bytes(bytes) => stream::iter([Ok(bytes.into())]).boxed(),
            Content::Later(_, open) => open().await?,
        };
        self.open = Some(Open { pieces, checksum: crc32fast::Hasher::new(), left });
        Ok(Some(head.into()))
    }
}

impl Open {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let short = || io::Error::other("a file is not of the size that was told");
        let Some(piece) = self.pieces.next().await.transpose()? else {
            return if self.left == 0 { Ok(None) } else { Err(short()) };
        };
        self.left = self.left.checked_sub(piece.len() as u64).ok_or_else(short)?;
        self.checksum.update(&piece);
        Ok(Some(piece))
    }
}

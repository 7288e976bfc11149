//! Reading a range of a document: which segments and chunks it takes, opened a piece at a time.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use entente_application::ports::{Content, DocumentKey, SEGMENT, VaultError};
use entente_domain::ObjectId;
use futures::{StreamExt as _, TryStreamExt as _, future, stream};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _};
use tokio::sync::OnceCell;

use crate::errors;
use crate::objects::{blocking, path};
use crate::segment::{CHUNK, HEADER, Opener, Place, stored, stored_at};

/// Clear bytes that are fetched and opened at once. A segment is a whole number of these.
pub(crate) const PIECE: u64 = 1024 * 1024;

/// How many pieces are on their way while one is given away. Memory is bounded by this and [`PIECE`].
const AHEAD: usize = 2;

/// A document to be read.
pub(crate) struct Reading {
    /// Where its segments are.
    pub(crate) store: Arc<dyn ObjectStore>,
    /// Its name.
    pub(crate) object: ObjectId,
    /// What opens it.
    pub(crate) key: DocumentKey,
    /// Its size.
    pub(crate) size: u64,
}

impl Reading {
    /// The clear bytes of a range. The first are opened before this answers, so that an error that is there from the
    /// beginning is not found out when half an answer is given.
    pub(crate) async fn content(self, range: Range<u64>) -> Result<Content, VaultError> {
        if range.start > range.end || range.end > self.size || self.size.div_ceil(SEGMENT) > u64::from(u32::MAX) {
            return Err(VaultError::Misconfigured("the range lies outside the document".to_owned()));
        }
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let mut segment = Arc::new(self.segment(range.start / SEGMENT));
        let pieces = range.start / PIECE..range.end.div_ceil(PIECE);
        let mut content = stream::iter(pieces)
            .map(move |piece| {
                let wanted = range.start.max(piece * PIECE)..range.end.min((piece + 1) * PIECE);
                let number = wanted.start / SEGMENT;
                if u64::from(segment.place.segment) != number {
                    segment = Arc::new(self.segment(number));
                }
                let start = number * SEGMENT;
                // A task, so that it goes on while the piece before it is being given away.
                let opened = tokio::spawn(Arc::clone(&segment).open(wanted.start - start..wanted.end - start));
                async move { opened.await.map_err(|error| errors::task(&error))? }
            })
            .buffered(AHEAD)
            .map_ok(|chunks| stream::iter(chunks.into_iter().map(Ok)))
            .try_flatten()
            .scan(false, |over, item| {
                let before = std::mem::replace(over, item.is_err());
                future::ready((!before).then_some(item))
            })
            .boxed();
        let first = content.try_next().await?;
        Ok(stream::iter(first.map(Ok)).chain(content).boxed())
    }

    fn segment(&self, number: u64) -> Segment {
        let place = Place { object: self.object, segment: u32::try_from(number).unwrap_or(u32::MAX) };
        Segment {
            store: Arc::clone(&self.store),
            path: path(place),
            place,
            key: self.key.clone(),
            clear: SEGMENT.min(self.size - number * SEGMENT),
            opener: OnceCell::new(),
        }
    }
}

/// A segment to be read, whose header is read once.
struct Segment {
    store: Arc<dyn ObjectStore>,
    path: Path,
    place: Place,
    key: DocumentKey,
    clear: u64,
    opener: OnceCell<Arc<Opener>>,
}

impl Segment {
    /// The clear bytes of a range of the segment that is not empty, in order.
    async fn open(self: Arc<Self>, wanted: Range<u64>) -> Result<Vec<Bytes>, VaultError> {
        let opener = Arc::clone(self.opener.get_or_try_init(|| self.opener()).await?);
        let chunks = wanted.start / CHUNK..wanted.end.div_ceil(CHUNK);
        let at = stored_at(&chunks, self.clear);
        let sealed = self.store.get_range(&self.path, at).await.map_err(|error| self.unread(&error))?;
        let (first, clear) = (chunks.start * CHUNK, self.clear);
        let mut opened = blocking(move || opener.open(&chunks, clear, &sealed)).await?;
        // The ends first, then the beginnings: they may be of one chunk.
        if let Some(last) = opened.last_mut() {
            let surplus = (wanted.end.div_ceil(CHUNK) * CHUNK).min(clear) - wanted.end;
            last.truncate(last.len() - surplus as usize);
        }
        if let Some(chunk) = opened.first_mut() {
            *chunk = chunk.slice((wanted.start - first) as usize..);
        }
        Ok(opened)
    }

    async fn opener(&self) -> Result<Arc<Opener>, VaultError> {
        let options = GetOptions { range: Some(GetRange::Bounded(0..HEADER)), ..GetOptions::default() };
        let found = match self.store.get_opts(&self.path, options).await {
            Ok(found) => found,
            Err(error) if errors::may_be_empty(&error) => {
                return Err(self.empty().await.unwrap_or_else(|| self.unread(&error)));
            }
            Err(error) => return Err(self.unread(&error)),
        };
        // Looked at before any chunk: a segment that was cut off is damaged wherever it is read.
        if found.meta.size != stored(self.clear) {
            return Err(VaultError::Damaged(self.place.object, "a segment has not the length that it must have"));
        }
        let header = found.bytes().await.map_err(|error| self.unread(&error))?;
        Opener::parse(&self.key, self.place, &header).map(Arc::new)
    }

    /// What is wrong with a segment of no bytes: it is there, but no range of it can be asked for.
    async fn empty(&self) -> Option<VaultError> {
        let meta = self.store.head(&self.path).await.ok()?;
        (meta.size == 0).then_some(VaultError::Damaged(self.place.object, "a segment is empty"))
    }

    fn unread(&self, error: &object_store::Error) -> VaultError {
        errors::unread(self.place.object, error)
    }
}

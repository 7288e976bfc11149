//! The laws of a vault, for tests to run on a folder and on a bucket alike.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a law that does not hold fails a test")]

use std::ops::Range;

use bytes::Bytes;
use entente_application::ports::{DocumentKey, SEGMENT, Vault as _, VaultError};
use entente_domain::ObjectId;
use futures::TryStreamExt as _;
use object_store::ObjectStoreExt as _;

use crate::Objects;
use crate::objects::path;
use crate::reading::PIECE;
use crate::segment::{CHUNK, HEADER, Place};

const SEALED_CHUNK: usize = CHUNK as usize + 16;

/// All laws, one after another.
pub async fn all(objects: &Objects) {
    what_is_put_is_read(objects).await;
    any_range_is_read(objects).await;
    a_range_lies_in_the_document(objects).await;
    a_segment_is_neither_empty_nor_too_long(objects).await;
    nothing_is_read_that_was_changed(objects).await;
    nothing_is_read_from_another_place(objects).await;
    another_key_opens_nothing(objects).await;
    what_is_missing_is_said_to_be(objects).await;
    a_segment_is_never_replaced(objects).await;
    of_many_at_once_one_is_stored(objects).await;
    no_two_sealings_are_alike(objects).await;
    what_is_deleted_is_gone(objects).await;
    objects_are_listed_once(objects).await;
}

/// A document comes back as it went in, whatever its size.
pub async fn what_is_put_is_read(objects: &Objects) {
    for size in [1, CHUNK - 1, CHUNK, CHUNK + 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT + SEGMENT / 4 + 5] {
        let document = Document::put(objects, size).await;
        assert_eq!(document.read(objects, 0..size).await.unwrap(), document.clear, "{size} bytes");
        objects.delete(document.object).await.unwrap();
    }
}

/// A range is what it is of the whole, across the borders of chunks, pieces and segments too.
pub async fn any_range_is_read(objects: &Objects) {
    let size = 2 * SEGMENT + CHUNK + 7;
    let document = Document::put(objects, size).await;
    let mut ranges =
        vec![0..0, 0..1, size - 1..size, size..size, CHUNK - 1..PIECE + 1, SEGMENT - PIECE - 1..SEGMENT + 1];
    ranges.push(SEGMENT - 1..2 * SEGMENT + 1);
    for border in [CHUNK, PIECE, SEGMENT, 2 * SEGMENT, 2 * SEGMENT + CHUNK] {
        ranges.extend([border - 1..border, border..border + 1, border - 1..border + 1, border..border]);
    }
    for Range { start, end } in ranges {
        let read = document.read(objects, start..end).await.unwrap();
        assert!(read == document.clear[start as usize..end as usize], "bytes {start} to {end}");
    }
    objects.delete(document.object).await.unwrap();
}

/// What is asked for beyond the end is not made up.
pub async fn a_range_lies_in_the_document(objects: &Objects) {
    let document = Document::put(objects, 10).await;
    #[expect(clippy::reversed_empty_ranges, reason = "that is the point")]
    for range in [0..11, 11..11, 3..2] {
        let refused = document.read(objects, range).await;
        assert!(matches!(refused, Err(VaultError::Misconfigured(_))), "{refused:?}");
    }
    objects.delete(document.object).await.unwrap();
}

/// What is no segment is not stored.
pub async fn a_segment_is_neither_empty_nor_too_long(objects: &Objects) {
    let (object, key) = (object(), key());
    for size in [0, SEGMENT as usize + 1] {
        let refused = objects.put(object, &key, 0, vec![0; size].into()).await;
        assert!(matches!(refused, Err(VaultError::Misconfigured(_))), "{refused:?}");
    }
    assert!(listed(objects, object).await.is_empty());
}

/// One bit elsewhere, a byte less or more, two chunks exchanged: the document is damaged, and nothing of it is given.
pub async fn nothing_is_read_that_was_changed(objects: &Objects) {
    type Change = fn(&mut Vec<u8>);
    let changes: &[(&str, Change)] = &[
        ("version", |bytes| bytes[0] ^= 1),
        ("nonce", |bytes| bytes[7] ^= 1),
        ("first byte", |bytes| bytes[HEADER as usize] ^= 1),
        ("tag", |bytes| *bytes.last_mut().unwrap() ^= 1),
        ("a byte less", |bytes| bytes.truncate(bytes.len() - 1)),
        ("a byte more", |bytes| bytes.push(0)),
        ("without its last chunk", |bytes| bytes.truncate(HEADER as usize + SEALED_CHUNK)),
        ("its header only", |bytes| bytes.truncate(HEADER as usize)),
        ("empty", Vec::clear),
        ("chunks exchanged", |bytes| {
            bytes[HEADER as usize..HEADER as usize + 2 * SEALED_CHUNK].rotate_left(SEALED_CHUNK)
        }),
    ];
    for (change, make) in changes {
        let document = Document::put(objects, 3 * CHUNK).await;
        let place = document.place(0);
        let mut stored = raw(objects, place).await;
        make(&mut stored);
        objects.store.put(&path(place), stored.into()).await.unwrap();
        let read = document.read(objects, 0..document.size()).await;
        assert!(matches!(read, Err(VaultError::Damaged(..))), "{change}: {read:?}");
        objects.delete(document.object).await.unwrap();
    }
}

/// A segment opens under its own number of its own object, and a last chunk nowhere but at the end.
pub async fn nothing_is_read_from_another_place(objects: &Objects) {
    let document = Document::put(objects, 2 * SEGMENT).await;
    let other = Document { object: object(), ..document.clone() };
    let stored = raw(objects, document.place(0)).await;
    for place in [document.place(1), other.place(0), other.place(1)] {
        objects.store.put(&path(place), stored.clone().into()).await.unwrap();
    }
    for (document, range) in [(&document, SEGMENT..2 * SEGMENT), (&other, 0..1), (&other, SEGMENT..SEGMENT + 1)] {
        let read = document.read(objects, range).await;
        assert!(matches!(read, Err(VaultError::Damaged(..))), "{read:?}");
    }
    let shorter = objects.read(document.object, &document.key, CHUNK, 0..CHUNK).await;
    assert!(matches!(shorter, Err(VaultError::Damaged(..))), "the size is part of what is checked");
    for object in [document.object, other.object] {
        objects.delete(object).await.unwrap();
    }
}

/// A key opens its own document.
pub async fn another_key_opens_nothing(objects: &Objects) {
    let document = Document::put(objects, 10).await;
    let read = Document { key: key(), ..document.clone() }.read(objects, 0..10).await;
    assert!(matches!(read, Err(VaultError::Damaged(..))), "{read:?}");
    objects.delete(document.object).await.unwrap();
}

/// What is there is given, and where a segment is not, it ends with that.
pub async fn what_is_missing_is_said_to_be(objects: &Objects) {
    let document = Document::put(objects, SEGMENT + 10).await;
    objects.store.delete(&path(document.place(1))).await.unwrap();
    let mut content = objects.read(document.object, &document.key, SEGMENT + 10, 0..SEGMENT + 10).await.unwrap();
    let mut read = 0;
    let error = loop {
        match content.try_next().await {
            Ok(piece) => read += piece.expect("it does not end as if it were whole").len() as u64,
            Err(error) => break error,
        }
    };
    assert_eq!(read, SEGMENT);
    assert!(matches!(error, VaultError::Missing(object) if object == document.object), "{error}");
    assert!(content.try_next().await.unwrap().is_none(), "an error is the last that is given");
    let at_once = objects.read(document.object, &document.key, SEGMENT + 10, SEGMENT..SEGMENT + 1).await;
    assert!(matches!(at_once.err(), Some(VaultError::Missing(_))));
    objects.delete(document.object).await.unwrap();
}

/// Sent again, a segment stays as it was stored first: the same bytes are well, and others are refused, be they as many
/// or not.
pub async fn a_segment_is_never_replaced(objects: &Objects) {
    let document = Document::put(objects, 2 * CHUNK).await;
    let first = raw(objects, document.place(0)).await;
    let put =
        |clear: Vec<u8>, key: DocumentKey| async move { objects.put(document.object, &key, 0, clear.into()).await };
    put(document.clear.clone(), document.key.clone()).await.unwrap();
    let mut other = document.clear.clone();
    other[0] ^= 1;
    let longer = [document.clear.as_slice(), &[0]].concat();
    let shorter = document.clear[..CHUNK as usize].to_vec();
    for clear in [other, longer, shorter] {
        let refused = put(clear, document.key.clone()).await;
        assert!(matches!(refused, Err(VaultError::Differs(object)) if object == document.object), "{refused:?}");
    }
    assert!(matches!(put(document.clear.clone(), key()).await, Err(VaultError::Differs(_))));
    assert_eq!(raw(objects, document.place(0)).await, first);
    assert_eq!(document.read(objects, 0..2 * CHUNK).await.unwrap(), document.clear);
    objects.delete(document.object).await.unwrap();
}

/// Of many who put at the same moment one is first, and what each was told is true.
pub async fn of_many_at_once_one_is_stored(objects: &Objects) {
    let (object, key) = (object(), key());
    let puts = (0..8_u8).map(|number| {
        let key = &key;
        async move { (number, objects.put(object, key, 0, vec![number / 2; 100].into()).await) }
    });
    let puts = futures::future::join_all(puts).await;
    let stored = objects.read(object, &key, 100, 0..100).await.unwrap().try_collect::<Vec<Bytes>>().await.unwrap();
    for (number, put) in puts {
        assert_eq!(put.is_ok(), stored.concat() == vec![number / 2; 100], "{number}: {put:?}");
    }
    objects.delete(object).await.unwrap();
}

/// Two ways to seal the same bytes have nothing in common that says so, and their chunks do not fit together.
pub async fn no_two_sealings_are_alike(objects: &Objects) {
    let document = Document::put(objects, 2 * CHUNK).await;
    let first = raw(objects, document.place(0)).await;
    objects.delete(document.object).await.unwrap();
    objects.put(document.object, &document.key, 0, document.clear.clone().into()).await.unwrap();
    let second = raw(objects, document.place(0)).await;
    assert!(first.windows(16).step_by(16).zip(second.windows(16).step_by(16)).all(|(one, other)| one != other));
    let mixed = [&first[..HEADER as usize + SEALED_CHUNK], &second[HEADER as usize + SEALED_CHUNK..]].concat();
    objects.store.put(&path(document.place(0)), mixed.into()).await.unwrap();
    let read = document.read(objects, 0..2 * CHUNK).await;
    assert!(matches!(read, Err(VaultError::Damaged(..))), "chunks of the two do not fit together");
    objects.delete(document.object).await.unwrap();
}

/// All segments go, those of others stay, and going again is well.
pub async fn what_is_deleted_is_gone(objects: &Objects) {
    let (document, other) = (Document::put(objects, 2 * SEGMENT + 1).await, Document::put(objects, 1).await);
    for _ in 0..2 {
        objects.delete(document.object).await.unwrap();
        assert!(listed(objects, document.object).await.is_empty());
        let read = document.read(objects, 0..1).await;
        assert!(matches!(read, Err(VaultError::Missing(_))), "{read:?}");
    }
    assert_eq!(other.read(objects, 0..1).await.unwrap(), other.clear);
    objects.delete(other.object).await.unwrap();
}

/// However many segments it has, an object is one.
pub async fn objects_are_listed_once(objects: &Objects) {
    let document = Document::put(objects, SEGMENT + 1).await;
    objects.store.put(&"no-object-of-ours/00000000".into(), "foreign".into()).await.unwrap();
    let found = listed(objects, document.object).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].1.as_second() > 1_700_000_000, "{}", found[0].1);
    objects.store.delete(&"no-object-of-ours/00000000".into()).await.unwrap();
    objects.delete(document.object).await.unwrap();
}

/// A document of bytes that do not repeat.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) object: ObjectId,
    pub(crate) key: DocumentKey,
    pub(crate) clear: Vec<u8>,
}

impl Document {
    pub(crate) async fn put(objects: &Objects, size: u64) -> Self {
        let mut state = size | 1;
        let clear = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        });
        let document = Self { object: object(), key: key(), clear: clear.take(size as usize).collect() };
        for (number, segment) in (0..).zip(document.clear.chunks(SEGMENT as usize)) {
            objects.put(document.object, &document.key, number, Bytes::copy_from_slice(segment)).await.unwrap();
        }
        document
    }

    pub(crate) fn place(&self, segment: u32) -> Place {
        Place { object: self.object, segment }
    }

    fn size(&self) -> u64 {
        self.clear.len() as u64
    }

    pub(crate) async fn read(&self, objects: &Objects, range: Range<u64>) -> Result<Vec<u8>, VaultError> {
        let content = objects.read(self.object, &self.key, self.size(), range).await?;
        let pieces: Vec<Bytes> = content.try_collect().await?;
        Ok(pieces.concat())
    }
}

/// Where an object stands in the list of all.
pub(crate) async fn listed(objects: &Objects, object: ObjectId) -> Vec<(ObjectId, jiff::Timestamp)> {
    objects.objects().await.unwrap().into_iter().filter(|(found, _)| *found == object).collect()
}

async fn raw(objects: &Objects, place: Place) -> Vec<u8> {
    objects.store.get(&path(place)).await.unwrap().bytes().await.unwrap().to_vec()
}

fn object() -> ObjectId {
    ObjectId(uuid::Builder::from_random_bytes(random()).into_uuid())
}

fn key() -> DocumentKey {
    DocumentKey(random())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

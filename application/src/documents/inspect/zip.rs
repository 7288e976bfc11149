//! The directory of a ZIP archive: what it says is in it, and whether that can be.
//!
//! Only the directory is believed and looked at, as most programs do; not what stands before each file, which may
//! say otherwise. A file that unpacks to more than is declared here is for who unpacks it to refuse.

use std::future::Future;
use std::ops::Range;

use bytes::Bytes;

use super::names::Names;
use super::{Ends, Inspected, Unfit, fetch, no_bomb, signs};
use crate::ports::VaultError;

const ENTRY: &[u8] = b"PK\x01\x02";
const FILE: &[u8] = b"PK\x03\x04";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";

const ENTRY_LENGTH: u64 = 46;
const END_LENGTH: usize = 22;
const END_64_LENGTH: u64 = 56;
const LOCATOR_LENGTH: usize = 20;

/// The most files that an archive may hold.
const MOST: u64 = 100_000;

/// The longest that a directory may be.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Bytes of the directory that are read at once.
const PIECE: u64 = 256 * 1024;

/// Whether a file that is something else ends with an archive that programs would open. If `exactly`, nothing may
/// follow the archive.
pub(super) fn ends_in_one(ends: &Ends, exactly: bool) -> bool {
    ends_of(&ends.tail).any(|(at, end)| {
        let (entries, size, offset) = (short(end, 10), u64::from(long(end, 12)), u64::from(long(end, 16)));
        let place = ends.tail_at() + at as u64;
        if entries == 0 || (exactly && !is_exact(&ends.tail, at)) {
            return false;
        }
        if is_64(end) {
            return locator(&ends.tail, at).is_some();
        }
        // Some programs look for the directory where it is said to be, others right before its end.
        let starts = |from: u64| match from.checked_sub(ends.tail_at()) {
            Some(from) => ends.tail.get(from as usize..).is_some_and(|rest| rest.starts_with(ENTRY)),
            None => true,
        };
        size >= ENTRY_LENGTH && offset + size <= place && (starts(place - size) || starts(offset))
    })
}

/// The media type of an archive that begins with its first file.
pub(super) async fn inspect<R, F>(ends: &Ends, read: &R) -> Result<&'static str, Inspected>
where
    R: Fn(Range<u64>) -> F,
    F: Future<Output = Result<Bytes, VaultError>>,
{
    let directory = Directory::find(ends, read).await?;
    if directory.entries > MOST || directory.at.end - directory.at.start > LONGEST {
        return Err(Unfit::Bomb.into());
    }
    let mut rest = Rest { read, at: directory.at.clone(), held: Bytes::new() };
    let mut sums = Sums::default();
    for _ in 0..directory.entries {
        let fixed = rest.take(ENTRY_LENGTH).await?;
        if !fixed.starts_with(ENTRY) || ![0, u16::MAX].contains(&short(&fixed, 34)) {
            return Err(Unfit::Damaged.into());
        }
        let name = rest.take(short(&fixed, 28).into()).await?;
        let extra = rest.take(short(&fixed, 30).into()).await?;
        rest.take(short(&fixed, 32).into()).await?;
        sums.add(&fixed, &name, &extra, directory.at.start, &ends.head)?;
    }
    if !rest.is_empty() {
        return Err(Unfit::Damaged.into());
    }
    // Files that share bytes: the least that a small archive needs to unpack to a huge one.
    if sums.packed > directory.at.start {
        return Err(Unfit::Bomb.into());
    }
    no_bomb(ends.size, sums.unpacked)?;
    // What stands before the first file is in no directory, and programs that read from the front would find it.
    let hidden = sums.first.unwrap_or(directory.at.end) != 0;
    // An archive may well hold a PDF, but a mark elsewhere is there for readers of PDF.
    let pdf = signs::pdf_marks(&ends.head).any(|at| !sums.pdfs.contains(&at));
    if hidden || pdf { Err(Unfit::Ambiguous.into()) } else { Ok(sums.names.media_type(&ends.head)) }
}

/// Where the directory is, and of how many files.
struct Directory {
    entries: u64,
    at: Range<u64>,
}

impl Directory {
    async fn find<R, F>(ends: &Ends, read: &R) -> Result<Self, Inspected>
    where
        R: Fn(Range<u64>) -> F,
        F: Future<Output = Result<Bytes, VaultError>>,
    {
        let found: Vec<_> = ends_of(&ends.tail).collect();
        let exact: Vec<_> = found.iter().filter(|(at, _)| is_exact(&ends.tail, *at)).collect();
        let (at, end) = match (exact.as_slice(), found.last()) {
            ([one], Some(last)) if *one == last => **one,
            ([], _) => return Err(Unfit::Damaged.into()),
            // One end is in another's comment, and programs do not agree on which of them counts.
            _ => return Err(Unfit::Ambiguous.into()),
        };
        let place = ends.tail_at() + at as u64;
        let (disk, start_disk, here) = (short(end, 4), short(end, 6), u64::from(short(end, 8)));
        let (entries, size, offset) = (u64::from(short(end, 10)), u64::from(long(end, 12)), u64::from(long(end, 16)));
        let Some(locator) = locator(&ends.tail, at) else {
            let whole = disk == 0 && start_disk == 0 && here == entries && offset + size == place;
            return if whole { Ok(Self { entries, at: offset..place }) } else { Err(Unfit::Damaged.into()) };
        };
        let (record_at, locator_at) = (longer(locator, 8), place - LOCATOR_LENGTH as u64);
        if record_at.checked_add(END_64_LENGTH).is_none_or(|end| end > locator_at) {
            return Err(Unfit::Damaged.into());
        }
        let record = fetch(read, record_at..record_at + END_64_LENGTH).await?;
        let (here_64, entries_64) = (longer(&record, 24), longer(&record, 32));
        let (size_64, offset_64) = (longer(&record, 40), longer(&record, 48));
        // Where the old field says something, it says the same.
        let same = |old: u64, most: u64, new: u64| old == most || old == new;
        let whole = record.starts_with(END_64)
            && longer(&record, 4).checked_add(record_at + 12) == Some(locator_at)
            && long(&record, 16) == 0
            && long(&record, 20) == 0
            && here_64 == entries_64
            && offset_64.checked_add(size_64) == Some(record_at)
            && same(entries, u16::MAX.into(), entries_64)
            && same(size, u32::MAX.into(), size_64)
            && same(offset, u32::MAX.into(), offset_64);
        if whole { Ok(Self { entries: entries_64, at: offset_64..record_at }) } else { Err(Unfit::Damaged.into()) }
    }
}

/// What the entries come to.
#[derive(Default)]
struct Sums {
    packed: u64,
    unpacked: u64,
    first: Option<u64>,
    /// Where the content of early files begins, as it would be found if it is not compressed.
    pdfs: Vec<usize>,
    names: Names,
}

impl Sums {
    fn add(&mut self, fixed: &[u8], name: &[u8], extra: &[u8], end: u64, head: &[u8]) -> Result<(), Unfit> {
        let mut large = large(extra);
        // In this order, and only those that do not fit.
        let mut field = |at: usize| match long(fixed, at) {
            u32::MAX => large.next().unwrap_or_else(|| u32::MAX.into()),
            small => small.into(),
        };
        let (unpacked, packed, offset) = (field(24), field(20), field(42));
        let least = FILE.len() as u64 + 26 + name.len() as u64;
        if offset.checked_add(packed).and_then(|last| last.checked_add(least)).is_none_or(|last| last > end) {
            return Err(Unfit::Damaged);
        }
        self.packed = self.packed.saturating_add(packed);
        self.unpacked = self.unpacked.saturating_add(unpacked);
        self.first = Some(self.first.map_or(offset, |first| first.min(offset)));
        self.names.add(name);
        if let Some(file) = usize::try_from(offset).ok().and_then(|offset| head.get(offset..))
            && file.starts_with(FILE)
            && file.len() >= 30
        {
            let content = offset as usize + 30 + usize::from(short(file, 26)) + usize::from(short(file, 28));
            // As it is, or in a block of what was not worth compressing, which has a head of five bytes.
            self.pdfs.push(if short(fixed, 10) == 0 { content } else { content + 5 });
        }
        Ok(())
    }
}

/// What is still to be read of the directory.
struct Rest<'a, R> {
    read: &'a R,
    at: Range<u64>,
    held: Bytes,
}

impl<R, F> Rest<'_, R>
where
    R: Fn(Range<u64>) -> F,
    F: Future<Output = Result<Bytes, VaultError>>,
{
    async fn take(&mut self, length: u64) -> Result<Bytes, Inspected> {
        let missing = length.saturating_sub(self.held.len() as u64);
        if missing > self.at.end - self.at.start {
            return Err(Unfit::Damaged.into());
        }
        if missing > 0 {
            let end = self.at.end.min(self.at.start + PIECE.max(missing));
            let more = fetch(self.read, self.at.start..end).await?;
            self.held = Bytes::from([&*self.held, &*more].concat());
            self.at.start = end;
        }
        Ok(self.held.split_to(length as usize))
    }

    fn is_empty(&self) -> bool {
        self.held.is_empty() && self.at.is_empty()
    }
}

/// Everything in the last bytes that looks like the end of a directory, and where.
fn ends_of(tail: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    tail.windows(END_LENGTH).enumerate().filter(|(_, end)| end.starts_with(END))
}

/// Whether the comment of the end that stands here reaches to the end of the file.
fn is_exact(tail: &[u8], at: usize) -> bool {
    at + END_LENGTH + usize::from(short(&tail[at..], 20)) == tail.len()
}

/// Whether an end leaves something to its larger successor.
fn is_64(end: &[u8]) -> bool {
    short(end, 10) == u16::MAX || long(end, 12) == u32::MAX || long(end, 16) == u32::MAX
}

/// What leads to the larger end, if it stands before this one.
fn locator(tail: &[u8], at: usize) -> Option<&[u8]> {
    tail.get(at.checked_sub(LOCATOR_LENGTH)?..at).filter(|locator| locator.starts_with(LOCATOR_64))
}

/// The numbers that did not fit where they belong (ZIP64).
fn large(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut numbers: &[u8] = &[];
    while extra.len() >= 4 {
        let (kind, length) = (short(extra, 0), usize::from(short(extra, 2)));
        let content = &extra[4..];
        if kind == 1 {
            numbers = content.get(..length).unwrap_or_default();
            break;
        }
        extra = content.get(length..).unwrap_or_default();
    }
    numbers.as_chunks().0.iter().map(|number| u64::from_le_bytes(*number))
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |number| u16::from_le_bytes(*number))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |number| u32::from_le_bytes(*number))
}

fn longer(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |number| u64::from_le_bytes(*number))
}

//! The ZIP format (APPNOTE 6.3.10) as far as a record needs it: members stored as they are, of known size, so that the
//! length of the whole is known before; checksums told after the bytes, which are read once. Our own, because async_zip
//! writes sizes of four bytes after a streamed member where the format, beyond 4 GiB, wants eight (§4.3.9.2).

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// From this size, place or number on, a field of the old format only points to one of the new.
const LARGE: u64 = 0xFFFF_FFFF;
const MANY: u64 = 0xFFFF;
/// The checksum follows the member; its name is UTF-8.
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// Made by a Unix, for version 4.5 of the format; needed to take it out: 2.0, or 4.5 for the large fields.
const MADE_BY: u16 = 3 << 8 | 45;
const NEEDED: u16 = 20;
const NEEDED_IF_LARGE: u16 = 45;
/// A plain file that its owner may write and all may read.
const MODE: u32 = 0o100_644 << 16;

/// What the directory will say of a member.
struct Member {
    name: String,
    size: u64,
    at: [u8; 4],
    offset: u64,
    checksum: u32,
}

/// Writes an archive around its members' bytes, which go out between [`Writer::begin`] and [`Writer::end`].
#[derive(Default)]
pub struct Writer {
    offset: u64,
    members: Vec<Member>,
}

impl Writer {
    /// What stands before a member's bytes.
    pub fn begin(&mut self, name: &str, size: u64, at: Option<Timestamp>) -> Vec<u8> {
        let member = Member { name: name.to_owned(), size, at: stamp(at), offset: self.offset, checksum: 0 };
        let large = size >= LARGE;
        let mut head = Vec::new();
        four(&mut head, 0x0403_4B50);
        two(&mut head, if large { NEEDED_IF_LARGE } else { NEEDED });
        member.write_kind(&mut head);
        // Checksum and sizes follow the bytes.
        [0, if large { u32::MAX } else { 0 }, if large { u32::MAX } else { 0 }]
            .into_iter()
            .for_each(|n| four(&mut head, n));
        let extra = if large { extra(&[size, size]) } else { vec![] };
        two(&mut head, length(name.as_bytes()));
        two(&mut head, length(&extra));
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(&extra);
        self.offset += head.len() as u64 + size;
        self.members.push(member);
        head
    }

    /// What stands after the bytes of the member that was begun last.
    pub fn end(&mut self, checksum: u32) -> Vec<u8> {
        let mut tail = Vec::new();
        let Some(member) = self.members.last_mut() else { return tail };
        member.checksum = checksum;
        four(&mut tail, 0x0807_4B50);
        four(&mut tail, checksum);
        for _ in 0..2 {
            if member.size >= LARGE { eight(&mut tail, member.size) } else { four(&mut tail, small(member.size)) }
        }
        self.offset += tail.len() as u64;
        tail
    }

    /// The directory, with which an archive ends.
    pub fn close(&self) -> Vec<u8> {
        let mut directory = Vec::new();
        self.members.iter().for_each(|member| member.write(&mut directory));
        let (count, size, at) = (self.members.len() as u64, directory.len() as u64, self.offset);
        let mut end = directory;
        if count >= MANY || size >= LARGE || at >= LARGE {
            four(&mut end, 0x0606_4B50);
            eight(&mut end, 44);
            two(&mut end, MADE_BY);
            two(&mut end, NEEDED_IF_LARGE);
            four(&mut end, 0);
            four(&mut end, 0);
            [count, count, size, at].into_iter().for_each(|n| eight(&mut end, n));
            four(&mut end, 0x0706_4B50);
            four(&mut end, 0);
            eight(&mut end, at + size);
            four(&mut end, 1);
        }
        four(&mut end, 0x0605_4B50);
        four(&mut end, 0);
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        two(&mut end, count);
        two(&mut end, count);
        four(&mut end, small(size));
        four(&mut end, small(at));
        two(&mut end, 0);
        end
    }
}

impl Member {
    /// Flags, no compression, and the time.
    fn write_kind(&self, bytes: &mut Vec<u8>) {
        two(bytes, FLAGS);
        two(bytes, 0);
        bytes.extend_from_slice(&self.at);
    }

    /// Its line in the directory.
    fn write(&self, bytes: &mut Vec<u8>) {
        let large = [self.size, self.size, self.offset].into_iter().filter(|n| *n >= LARGE).collect::<Vec<_>>();
        let extra = if large.is_empty() { vec![] } else { extra(&large) };
        four(bytes, 0x0201_4B50);
        two(bytes, MADE_BY);
        two(bytes, if large.is_empty() { NEEDED } else { NEEDED_IF_LARGE });
        self.write_kind(bytes);
        [self.checksum, small(self.size), small(self.size)].into_iter().for_each(|n| four(bytes, n));
        [length(self.name.as_bytes()), length(&extra), 0, 0, 0].into_iter().for_each(|n| two(bytes, n));
        four(bytes, MODE);
        four(bytes, small(self.offset));
        bytes.extend_from_slice(self.name.as_bytes());
        bytes.extend_from_slice(&extra);
    }
}

/// The field of the new format that holds what does not fit into the old.
fn extra(large: &[u64]) -> Vec<u8> {
    let mut extra = Vec::new();
    two(&mut extra, 1);
    two(&mut extra, u16::try_from(8 * large.len()).unwrap_or_default());
    large.iter().for_each(|n| eight(&mut extra, *n));
    extra
}

/// A time as MS-DOS writes it, in steps of two seconds, in UTC; the first that it knows if there is none.
fn stamp(at: Option<Timestamp>) -> [u8; 4] {
    let at = at.map(|at| TimeZone::UTC.to_datetime(at)).filter(|at| (1980..=2107).contains(&at.year()));
    let part = |n: i8, shift: u32| u16::from(n.unsigned_abs()) << shift;
    let (time, date) = at.map_or((0, 1 << 5 | 1), |at| {
        let years = u16::try_from(at.year() - 1980).unwrap_or_default();
        let time = part(at.hour(), 11) | part(at.minute(), 5) | part(at.second() / 2, 0);
        (time, years << 9 | part(at.month(), 5) | part(at.day(), 0))
    });
    let ([a, b], [c, d]) = (time.to_le_bytes(), date.to_le_bytes());
    [a, b, c, d]
}

/// A number for the old format, or the sign that the new one has it.
fn small(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Our names are far shorter than the field can hold.
fn length(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}

fn two(bytes: &mut Vec<u8>, n: u16) {
    bytes.extend_from_slice(&n.to_le_bytes());
}

fn four(bytes: &mut Vec<u8>, n: u32) {
    bytes.extend_from_slice(&n.to_le_bytes());
}

fn eight(bytes: &mut Vec<u8>, n: u64) {
    bytes.extend_from_slice(&n.to_le_bytes());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_time_is_written_to_two_seconds_and_none_is_the_first_there_is() {
        let at: Timestamp = "2026-03-02T09:15:31Z".parse().unwrap();
        let (time, date) = (9_u16 << 11 | 15 << 5 | 15, 46_u16 << 9 | 3 << 5 | 2);
        assert_eq!(stamp(Some(at)), [time.to_le_bytes(), date.to_le_bytes()].concat()[..]);
        assert_eq!(stamp(None), [0, 0, 33, 0]);
        assert_eq!(stamp(Some(Timestamp::UNIX_EPOCH)), [0, 0, 33, 0]);
    }

    #[test]
    fn beyond_four_gibibytes_the_new_fields_say_where_and_how_much() {
        let mut writer = Writer::default();
        let head = writer.begin("large", 5 << 30, None);
        assert!(head.ends_with(&extra(&[5 << 30, 5 << 30])));
        assert_eq!(writer.end(7).len(), 24, "sizes of eight bytes each");
        let begun = writer.offset;
        assert_eq!(writer.begin("small", 3, None).len(), 30 + 5, "nothing of it is large but its place");
        assert_eq!(writer.end(8).len(), 16);
        let close = writer.close();
        let found = |wanted: &[u8]| close.windows(wanted.len()).any(|window| window == wanted);
        assert!(found(&extra(&[5 << 30, 5 << 30])) && found(&extra(&[begun])));
        assert!(found(&0x0606_4B50_u32.to_le_bytes()) && found(&0x0706_4B50_u32.to_le_bytes()));
    }

    #[test]
    fn a_small_archive_is_of_the_old_format() {
        let mut writer = Writer::default();
        writer.begin("a", 1, None);
        writer.end(9);
        let close = writer.close();
        assert_eq!(close.len(), 46 + 1 + 22);
        assert_eq!(writer.offset, 30 + 1 + 1 + 16);
    }
}

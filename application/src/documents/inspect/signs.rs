//! The marks by which programs recognise a file, where they look for them; a document bears those of one family.

use std::ops::Range;

use infer::MatcherType;

use super::{Ends, UNKNOWN, Unfit, find, zip};

const PDF: &[u8] = b"%PDF-";

/// How far into a file readers of PDF look for its mark.
const PDF_WITHIN: usize = 1024;

/// What RAR archives end with, of version 4 and 5.
const RAR_ENDS: [&[u8]; 2] = [&[0xc4, 0x3d, 0x7b, 0x00, 0x40, 0x07, 0x00], &[0x1d, 0x77, 0x56, 0x51, 3, 5, 4, 0]];

/// What a browser could run begins with one of these, or holds it early.
const ACTIVE: [&[u8]; 6] = [b"<?xml", b"<!doctype", b"<html", b"<script", b"<iframe", b"<svg"];

/// Kinds of file that are told apart by where others may stand in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Letters, with no mark.
    Text,
    /// Letters that a browser or a shell could run.
    Active,
    /// PDF.
    Pdf,
    /// ZIP, and everything that is one: office documents, books, programs in Java.
    Zip,
    /// The compound files of older office programs.
    Ole,
    /// gzip.
    Gzip,
    /// Pictures, sounds, films, fonts: nothing else is ever in them.
    Media,
    /// Programs of a machine.
    Program,
    /// Whatever else has a mark.
    Marked,
    /// Nothing that we know.
    Unknown,
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    /// The family.
    pub(super) family: Family,
    /// The media type, which a look at more than the first bytes may make more precise.
    pub(super) media_type: &'static str,
}

/// What the first bytes say.
pub(super) fn read(ends: &Ends) -> Result<Sign, Unfit> {
    let head = &*ends.head;
    let sign = |family, media_type| Ok(Sign { family, media_type });
    if head.starts_with(PDF) {
        return sign(Family::Pdf, "application/pdf");
    }
    if is_text(head, ends.size) {
        return text(ends);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return sign(Family::Zip, "application/zip");
    }
    if head.starts_with(b"PK\x07\x08") || head.starts_with(b"PK00PK") {
        // A part of an archive that was split.
        return Err(Unfit::Damaged);
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return sign(Family::Ole, "application/x-ole-storage");
    }
    if infer::text::is_html(head) || infer::text::is_xml(head) || head.starts_with(b"#!") {
        return sign(Family::Active, UNKNOWN);
    }
    let Some(kind) = infer::get(head) else { return sign(Family::Unknown, UNKNOWN) };
    match (kind.matcher_type(), kind.mime_type()) {
        (MatcherType::Image | MatcherType::Audio | MatcherType::Video | MatcherType::Font, media_type) => {
            sign(Family::Media, media_type)
        }
        (MatcherType::Text, _) => sign(Family::Active, UNKNOWN),
        // Its mark is not at the beginning: what stands before it must not be one.
        (_, "application/pdf") => match pdf_marks(head).next() {
            Some(at) if infer::get(&head[..at]).is_some() => Err(Unfit::Ambiguous),
            Some(_) => sign(Family::Pdf, "application/pdf"),
            None => sign(Family::Unknown, UNKNOWN),
        },
        (_, "application/gzip") => sign(Family::Gzip, "application/gzip"),
        (MatcherType::App, media_type @ ("application/x-x509-ca-cert" | "application/x-qemu-disk")) => {
            sign(Family::Marked, media_type)
        }
        (MatcherType::App, media_type) => sign(Family::Program, media_type),
        (_, media_type) => sign(Family::Marked, media_type),
    }
}

/// What letters say. They are looked at before the marks of two letters with which prose may begin: MZ, BM, BC.
fn text(ends: &Ends) -> Result<Sign, Unfit> {
    let head = &*ends.head;
    let lower = head.to_ascii_lowercase();
    let active = infer::text::is_html(head) || head.starts_with(b"#!") || ACTIVE.iter().any(|mark| holds(&lower, mark));
    let pdf = pdf_marks(head).next().is_some() && find(&ends.tail, b"%%EOF").is_some();
    match head {
        // No picture has letters only: this one is a script as well.
        _ if head.starts_with(b"GIF8") => Err(Unfit::Ambiguous),
        _ if head.starts_with(b"{\\rtf") => Ok(Sign { family: Family::Marked, media_type: "application/rtf" }),
        _ if head.starts_with(b"%!") => Ok(Sign { family: Family::Marked, media_type: "application/postscript" }),
        _ if active => Ok(Sign { family: Family::Active, media_type: UNKNOWN }),
        _ if pdf => Ok(Sign { family: Family::Pdf, media_type: "application/pdf" }),
        _ => Ok(Sign { family: Family::Text, media_type: "text/plain" }),
    }
}

/// A file of one family has no mark of another where that one's readers look for it.
pub(super) fn only_one(ends: &Ends, sign: Sign) -> Result<(), Unfit> {
    use Family::{Active, Gzip, Marked, Media, Ole, Pdf, Program, Text, Unknown, Zip};
    let head = &*ends.head;
    let tar = head.get(257..262) == Some(b"ustar");
    // The first file of such an archive may well be a PDF; of a ZIP archive it is looked at with its directory.
    let pdf = pdf_marks(head).any(|at| !(tar && at == 512));
    let ambiguous = match sign.family {
        Zip | Text | Unknown => false,
        Pdf => tar,
        Active | Gzip | Ole | Marked => pdf || (tar && sign.media_type != "application/x-tar"),
        Media | Program => pdf || tar || RAR_ENDS.iter().any(|end| ends.tail.ends_with(end)),
    };
    let page = sign.family == Media && {
        let lower = head.to_ascii_lowercase();
        [b"<html".as_slice(), b"<script"].iter().any(|mark| holds(&lower, mark))
    };
    let archive = match sign.family {
        Zip => false,
        // Archives are never in these, but some are put behind one, with or without a signature after that.
        Media | Program => zip::ends_in_one(ends, false),
        // One may be attached to these; it is what they are only if it ends where they end.
        Text | Active | Pdf | Ole | Gzip | Marked | Unknown => zip::ends_in_one(ends, true),
    };
    if ambiguous || page || archive { Err(Unfit::Ambiguous) } else { Ok(()) }
}

/// Where the mark of a PDF stands, other than at the beginning, and its readers would find it.
pub(super) fn pdf_marks(head: &[u8]) -> impl Iterator<Item = usize> {
    let windows = head.windows(PDF.len()).take(PDF_WITHIN).enumerate().skip(1);
    windows.filter(|(_, window)| *window == PDF).map(|(at, _)| at)
}

/// Where a compound file tells by its id what program made it, if that lies in the file.
pub(super) fn ole_id(ends: &Ends) -> Option<Range<u64>> {
    let shift = u16::from_le_bytes(*ends.head.get(30..)?.first_chunk()?);
    let sector = u32::from_le_bytes(*ends.head.get(48..)?.first_chunk()?);
    if shift != 9 && shift != 12 {
        return None;
    }
    let at = ((u64::from(sector) + 1) << shift) + 80;
    (at + 16 <= ends.size).then_some(at..at + 16)
}

/// The media type of a compound file with this id.
pub(super) fn ole(id: &[u8]) -> Option<&'static str> {
    const POWERPOINT: &[u8] =
        &[0x10, 0x8d, 0x81, 0x64, 0x9b, 0x4f, 0xcf, 0x11, 0x86, 0xea, 0x00, 0xaa, 0x00, 0xb9, 0x29, 0xe8];
    if id == POWERPOINT {
        return Some("application/vnd.ms-powerpoint");
    }
    let (number, rest) = id.split_first_chunk()?;
    if rest != [0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46] {
        return None;
    }
    match u32::from_le_bytes(*number) {
        0x0002_0906 => Some("application/msword"),
        0x0002_0810 | 0x0002_0820 => Some("application/vnd.ms-excel"),
        0x0002_0d0b => Some("application/vnd.ms-outlook"),
        0x000c_1084 => Some("application/x-msi"),
        _ => None,
    }
}

/// Whether these are letters in UTF-8, as far as they are looked at; a letter may be cut off where the head ends.
fn is_text(head: &[u8], size: u64) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && (head.len() as u64) < size => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.contains(|letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\x0c'))
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    find(hay, needle).is_some()
}

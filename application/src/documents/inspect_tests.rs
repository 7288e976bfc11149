//! Files built by hand: honest ones of each kind, and the tricks that are known.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::by_hand::{Archive, File, file, zip};
use super::*;

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
const PROGRAM: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0";

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn inspected(file: &[u8]) -> Result<&'static str, Inspected> {
    let read = |range: Range<u64>| async move {
        let range = range.start as usize..range.end as usize;
        Ok(Bytes::copy_from_slice(file.get(range).expect("nothing is asked for that is not there")))
    };
    block_on(inspect(file.len() as u64, read))
}

fn is(file: &[u8], media_type: &str) {
    assert_eq!(inspected(file).unwrap(), media_type);
}

fn is_not(file: &[u8], unfit: Unfit) {
    match inspected(file) {
        Err(Inspected::Unfit(found)) => assert_eq!(found, unfit),
        other => panic!("{other:?}"),
    }
}

fn of_names(names: &[&str]) -> Vec<u8> {
    zip(&names.iter().map(|name| file(name, b"some content")).collect::<Vec<_>>())
}

#[test]
fn nothing_is_no_document() {
    is_not(b"", Unfit::Empty);
}

#[test]
fn honest_files_are_what_they_are() {
    is(PDF, "application/pdf");
    is(PNG, "image/png");
    is(GIF, "image/gif");
    is(JPEG, "image/jpeg");
    is(b"{\\rtf1\\ansi Agreed.}", "application/rtf");
    is(b"%!PS-Adobe-3.0\n", "application/postscript");
    is(PROGRAM, "application/vnd.microsoft.portable-executable");
    is(b"\0\x01\x02\x03 nothing known", UNKNOWN);
}

#[test]
fn letters_are_text_whatever_word_they_begin_with() {
    for text in [
        "MZ is a code",
        "BMW owes us 4,000",
        "BCC: nobody",
        "%PDF is mentioned",
        "Ä",
        "\u{feff}a\tb\r\nc\x0cd",
        "d\u{86}",
    ] {
        let expected = if text.contains('\u{86}') { UNKNOWN } else { "text/plain" };
        is(text.as_bytes(), expected);
    }
    let cut = ["a".repeat(HEAD as usize - 1).as_str(), "ä and more"].concat();
    is(cut.as_bytes(), "text/plain");
    is(&cut.as_bytes()[..HEAD as usize], UNKNOWN);
    is(b"the mark %PDF-1.7 is what a PDF begins with", "text/plain");
}

#[test]
fn what_a_browser_could_run_is_shown_by_none() {
    for text in [
        "<!DOCTYPE html><p>",
        "\n <HTML>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<?xml version='1.0'?><a/>",
        "Dear all,\n<ScRiPt>",
        "#!/bin/sh\n",
        "<p>a</p>",
    ] {
        is(text.as_bytes(), UNKNOWN);
    }
}

#[test]
fn archives_are_told_by_what_is_in_them() {
    let office = "application/vnd.openxmlformats-officedocument.";
    is(&of_names(&["[Content_Types].xml", "word/document.xml"]), &format!("{office}wordprocessingml.document"));
    is(&of_names(&["xl/workbook.xml", "[Content_Types].xml"]), &format!("{office}spreadsheetml.sheet"));
    is(&of_names(&["[Content_Types].xml", "ppt/presentation.xml"]), &format!("{office}presentationml.presentation"));
    is(
        &of_names(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]),
        "application/vnd.ms-word.document.macroEnabled.12",
    );
    is(&of_names(&["META-INF/MANIFEST.MF", "A.class"]), "application/java-archive");
    is(&of_names(&["word/notes.txt"]), "application/zip");
    for kind in ["application/epub+zip", "application/vnd.oasis.opendocument.text"] {
        is(&zip(&[file("mimetype", kind.as_bytes()), file("META-INF/manifest.xml", b"<a/>")]), kind);
    }
    is(&Archive::default().bytes(), "application/zip");
    is(
        &Archive { comment: b"made by hand", large: true, files: &[file("a", b"b")], ..Archive::default() }.bytes(),
        "application/zip",
    );
}

#[test]
fn older_office_files_are_told_by_their_id() {
    let ole = |id: &[u8]| {
        let mut file =
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 22], &9_u16.to_le_bytes(), &[0; 480], &[0; 1024]]
                .concat();
        file[48] = 1;
        file[1024 + 80..1024 + 96].copy_from_slice(id);
        file
    };
    let word = b"\x06\x09\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46";
    is(&ole(word), "application/msword");
    is(&ole(&[0; 16]), "application/x-ole-storage");
    is(&ole(word)[..1100], "application/x-ole-storage");
}

#[test]
fn what_a_pdf_holds_or_an_archive_holds_of_one_is_no_trick() {
    let archive = of_names(&["a.txt"]);
    is(&[PDF, b"<html><script>GIF89a", PDF].concat(), "application/pdf");
    is(&[b"%PDF-1.7\n\xe2", archive.as_slice(), b"\nstartxref\n0\n%%EOF\n"].concat(), "application/pdf");
    is(&[b"\r\n\xef\xbb", PDF].concat(), "application/pdf");
    is(&[b"\n%PDF-1.4\n".as_slice(), b"all letters\nstartxref\n0\n%%EOF"].concat(), "application/pdf");
    is(&zip(&[file("a/", b""), file("a/b.pdf", PDF)]), "application/zip");
    let packed = [b"\0\x10\0\xef\xff", PDF].concat();
    is(&zip(&[File { method: 8, ..file("b.pdf", &packed) }]), "application/zip");
    is(&zip(&[file("inner.zip", &archive), file("inner.png", PNG)]), "application/zip");
    let mut tar = [[0; 512].as_slice(), PDF, &archive, &[0; 1024]].concat();
    tar[..5].copy_from_slice(b"b.pdf");
    tar[257..262].copy_from_slice(b"ustar");
    is(&tar, "application/x-tar");
}

#[test]
fn a_file_of_two_kinds_is_none() {
    let archive = of_names(&["a.class", "META-INF/MANIFEST.MF"]);
    let shifted = |head: &[u8]| [head, &archive].concat();
    for head in [PDF, PNG, GIF, JPEG, PROGRAM, b"#!/bin/sh\n", b"Dear all,\n", b"\0\x01\x02 unknown"] {
        is_not(&shifted(head), Unfit::Ambiguous);
        is_not(
            &[head, &Archive { large: true, files: &[file("a", b"b")], ..Archive::default() }.bytes()].concat(),
            Unfit::Ambiguous,
        );
    }
    // A signature behind the archive of a program that unpacks itself.
    is_not(&[&shifted(PROGRAM), [0x30; 999].as_slice()].concat(), Unfit::Ambiguous);
    for head in [PNG, GIF, JPEG, PROGRAM, b"\x1f\x8b\x08\0", b"MSCF", b"<html>", b"#!/bin/sh\n"] {
        is_not(&[head, b"\n", PDF].concat(), Unfit::Ambiguous);
    }
    for page in [b"<HTML>".as_slice(), b"<script>alert(1)</script>"] {
        is_not(&[GIF, page].concat(), Unfit::Ambiguous);
    }
    is_not(b"GIF89a/*aa*/=1;alert(1)", Unfit::Ambiguous);
    is_not(&[JPEG, b"\x1d\x77\x56\x51\x03\x05\x04\0"].concat(), Unfit::Ambiguous);
    let mut tar = [PDF, &[0; 600]].concat();
    tar[257..262].copy_from_slice(b"ustar");
    is_not(&tar, Unfit::Ambiguous);
}

#[test]
fn an_archive_of_two_directories_is_none() {
    let archive = of_names(&["a"]);
    is_not(
        &Archive { files: &[file("a", b"b")], comment: &Archive::default().bytes(), ..Archive::default() }.bytes(),
        Unfit::Ambiguous,
    );
    is_not(
        &Archive {
            files: &[file("a", b"b")],
            comment: &[b"PK\x05\x06".as_slice(), &[7; 20]].concat(),
            ..Archive::default()
        }
        .bytes(),
        Unfit::Ambiguous,
    );
    // A PDF where no file begins, for readers that look for it there.
    is_not(&zip(&[File { extra: PDF, ..file("a", b"b") }]), Unfit::Ambiguous);
    // The first file is in no directory.
    let hidden = file("a", b"b");
    is_not(&zip(&[File { offset: Some(32), ..hidden }, hidden]), Unfit::Ambiguous);
    is_not(&[archive.as_slice(), &archive].concat(), Unfit::Damaged);
}

#[test]
fn a_damaged_archive_is_none() {
    let archive = of_names(&["a", "b"]);
    for length in [4, 30, archive.len() - 23, archive.len() - 1] {
        is_not(&archive[..length], Unfit::Damaged);
    }
    is_not(&[archive.as_slice(), b"\0"].concat(), Unfit::Damaged);
    for more in [1, 60_000] {
        is_not(&Archive { files: &[file("a", b"b")], more, ..Archive::default() }.bytes(), Unfit::Damaged);
    }
    is_not(&zip(&[File { offset: Some(900), ..file("a", b"b") }]), Unfit::Damaged);
    is_not(&zip(&[File { packed: Some(900), ..file("a", b"b") }]), Unfit::Damaged);
    is_not(b"PK\x07\x08PK\x03\x04 a part of several\0", Unfit::Damaged);
    let large = Archive { files: &[file("a", b"b")], large: true, ..Archive::default() }.bytes();
    for at in [large.len() - 98, large.len() - 94, large.len() - 34, large.len() - 60] {
        let mut changed = large.clone();
        changed[at] ^= 1;
        is_not(&changed, Unfit::Damaged);
    }
}

#[test]
fn a_bomb_is_none_whatever_it_is_wrapped_in() {
    let says = |unpacked: u64| File { unpacked: Some(unpacked), ..file("a", b"b") };
    is(&zip(&[says(HARMLESS)]), "application/zip");
    is_not(&zip(&[says(HARMLESS + 1)]), Unfit::Bomb);
    is_not(&zip(&[says(u64::MAX), says(u64::MAX)]), Unfit::Bomb);
    let filler = vec![7; 11 * 1024 * 1024];
    is(&zip(&[file("filler", &filler), says(LARGEST - filler.len() as u64)]), "application/zip");
    is_not(&zip(&[file("filler", &filler), says(LARGEST)]), Unfit::Bomb);
    // Files that share the same packed bytes.
    let whole = file("a", &filler[..6_000]);
    let shared = File { content: b"", packed: Some(6_000), unpacked: Some(6_000), offset: Some(0), ..whole };
    is_not(&zip(&[whole, shared]), Unfit::Bomb);
    is_not(
        &Archive { files: &[file("a", b"b")], more: 100_000, large: true, ..Archive::default() }.bytes(),
        Unfit::Bomb,
    );
    let many = vec![file("a", b""); 20_000];
    is(&Archive { files: &many, ..Archive::default() }.bytes(), "application/zip");
    let gzip = |unpacked: u32| [b"\x1f\x8b\x08\0".as_slice(), &[0; 20], &unpacked.to_le_bytes()].concat();
    is(&gzip(1_000), "application/gzip");
    is_not(&gzip(u32::MAX), Unfit::Bomb);
}

#[test]
fn what_cannot_be_read_is_not_judged() {
    let broken = |_: Range<u64>| async { Err::<Bytes, _>(VaultError::Full) };
    assert!(matches!(block_on(inspect(1, broken)), Err(Inspected::Vault(VaultError::Full))));
    let short = |_: Range<u64>| async { Ok(Bytes::new()) };
    assert!(matches!(block_on(inspect(1, short)), Err(Inspected::Vault(VaultError::Unavailable(_)))));
}

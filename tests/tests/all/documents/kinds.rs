//! What kind of file it is, by its content and never by its name; and the files that are of no kind or of two.

use axum::http::Method;
use serde_json::json;

use super::zips::{Entry, archive, packed_zeros};
use super::*;

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn paper() -> Vec<u8> {
    archive(&[Entry::of("a.txt", b"a"), Entry::of("b/c.txt", b"bc")], b"")
}

/// Tries to bring each of these: refused by this name, and nothing left of it.
async fn refused(code: &str, files: Vec<(&str, Vec<u8>)>) {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let before = desk.traces().await;
    for (name, bytes) in files {
        let reply = desk.bring(hand, &joint, name, &bytes).await;
        assert!(!reply.status.is_success(), "{name} was taken in");
        assert_eq!(reply.problem(), (422, code.to_owned()), "{name}: {}", reply.text());
        assert_eq!(desk.traces().await, before, "{name} has left something");
    }
}

#[tokio::test]
async fn a_file_that_is_two_at_once_is_refused() {
    let zip = paper();
    refused(
        "ambiguous-file",
        vec![
            ("a picture that is an archive.gif", joined(&[GIF, &zip])),
            ("a photo that is an archive.jpg", joined(&[JPEG, &zip])),
            ("a contract that is an archive.pdf", joined(&[PDF, &zip])),
            ("a picture that is a page.png", joined(&[PNG, b"<script>alert(document.domain)</script>"])),
            ("a picture that is a page, in capitals.png", joined(&[PNG, b"<ScRiPt src=//evil.example></ScRiPt>"])),
            ("a picture that is a script.gif", b"GIF89a/*0000000000*/=0;alert(1)//".to_vec()),
            ("a picture that is a contract.jpg", joined(&[JPEG, b"\n", PDF])),
            ("a page that is an archive.html", joined(&[b"<html><body>hello</body></html>\n", &zip])),
            ("two archives in one.zip", archive(&[Entry::of("a", b"b")], &archive(&[], b""))),
            ("a contract of many pages that is an archive.pdf", joined(&[PDF, &text(SEGMENT + 7), &zip])),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_archive_that_unpacks_to_far_more_than_it_is_is_refused() {
    let said = |said: u64| Entry { said: Some(said), ..Entry::of("zeros", b"0") };
    let whole = Entry::of("zeros", &[b'0'; 6_000]);
    let same = Entry { at: Some(0), ..Entry::of("zeros", &[b'0'; 6_000]) };
    let mut shared = archive(&[whole, same], b"");
    // The second file is said to be where the first is, and what was written for it is left out.
    let again = 30 + 5 + 6_000;
    shared.drain(again..2 * again);
    let at = shared.len() - 6;
    shared[at..at + 4].copy_from_slice(&(again as u32).to_le_bytes());
    refused(
        "decompression-bomb",
        vec![
            ("says a gigabyte.zip", archive(&[said(1 << 30)], b"")),
            ("says more than 32 bits hold.zip", archive(&[said(1 << 40)], b"")),
            ("says all that 64 bits hold, twice.zip", archive(&[said(u64::MAX), said(u64::MAX)], b"")),
            ("in many small portions.zip", archive(&(0..300).map(|_| said(90 << 20)).collect::<Vec<_>>(), b"")),
            ("files that share their bytes.zip", shared),
            ("made by a program.zip", packed_zeros("zeros.bin", 1_100)),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_archive_whose_directory_is_not_true_is_refused() {
    let zip = paper();
    let mut more = zip.clone();
    let count = more.len() - 12;
    more[count] = 7;
    let mut counts = more.clone();
    counts[count - 2] = 7;
    refused(
        "damaged-file",
        vec![
            ("cut off.zip", zip[..zip.len() - 30].to_vec()),
            ("its first bytes only.zip", zip[..40].to_vec()),
            ("with something behind.zip", joined(&[&zip, b"behind"])),
            ("more files in one count.zip", more),
            ("more files than there are.zip", counts),
            ("a file beyond the end.zip", archive(&[Entry { at: Some(9_999), ..Entry::of("a", b"b") }], b"")),
            ("two, one behind the other.zip", joined(&[&zip, &zip])),
            ("cut off.docx", packed_zeros("word/document.xml", 2)[..900].to_vec()),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_empty_file_is_refused_before_it_is_sent() {
    let desk = Desk::open().await;
    let joint = desk.table.discussion(&desk.table.claimant, "joint").await;
    let before = desk.traces().await;
    let reply = desk.bring(&desk.table.claimant, &joint, "empty.txt", b"").await;
    assert_eq!(reply.problem(), (422, "empty-file".to_owned()));
    assert_eq!(desk.traces().await, before);
}

#[tokio::test]
async fn what_is_honest_is_taken_and_told_by_its_content() {
    let desk = Desk::open().await;
    let office = archive(&[Entry::of("[Content_Types].xml", b"<a/>"), Entry::of("word/document.xml", b"<b/>")], b"");
    let unknown = "application/octet-stream";
    for (name, bytes, expected) in [
        ("contract.pdf", PDF.to_vec(), "application/pdf"),
        ("contract.exe.txt", PDF.to_vec(), "application/pdf"),
        ("picture.png", PNG.to_vec(), "image/png"),
        ("picture.gif", GIF.to_vec(), "image/gif"),
        ("photo.txt", JPEG.to_vec(), "image/jpeg"),
        ("letter.txt", text(3_000), "text/plain"),
        ("archive.zip", paper(), "application/zip"),
        ("made by a program.zip", packed_zeros("zeros.bin", 90), "application/zip"),
        ("letter.docx", office, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        // What a browser could run is shown by none as what it says it is.
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), unknown),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), unknown),
        ("data.bin", vec![0xf5, 0, 1, 2, 3, 0xff], unknown),
    ] {
        let item = desk.lay(&desk.table.claimant, "joint", name, &bytes).await;
        let reply = desk.content(&desk.table.respondent, &item, &[]).await;
        assert!(reply.body == bytes, "{name}");
        assert_eq!(reply.headers["content-type"], expected, "{name}");
        let shown =
            desk.ask(&desk.table.respondent, Method::GET, &format!("items/{item}"), &[], Body::empty()).await.ok();
        assert_eq!(shown["content"]["facts"]["media_type"], json!(expected), "{name}");
    }
}

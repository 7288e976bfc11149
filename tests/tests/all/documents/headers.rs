//! What a document is sent with: to be saved under its name, never to be shown as a page of the centre's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

#[tokio::test]
async fn a_document_is_an_attachment_that_no_browser_runs_or_keeps() {
    let desk = Desk::open().await;
    let hand = &desk.table.respondent;
    let bytes = text(1_000);
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &bytes).await;
    for headers in [&[][..], &[("range", "bytes=0-1")]] {
        let reply = desk.content(hand, &item, headers).await;
        let said = |name: &str| reply.headers[name].to_str().unwrap();
        assert!(said("content-disposition").starts_with("attachment;"), "{}", said("content-disposition"));
        assert_eq!(said("x-content-type-options"), "nosniff");
        assert_eq!(said("cache-control"), "no-store");
        let policy = said("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        assert_eq!(said("accept-ranges"), "bytes");
        // A tag that follows from the content and from nothing else; RFC 9530's digest is of the whole.
        assert!(said("etag").starts_with('"'), "strong");
        let whole = STANDARD.encode(Sha256::digest(&bytes));
        assert_eq!(said("repr-digest"), format!("sha-256=:{whole}:"));
        assert!(!reply.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn a_name_of_any_script_comes_back_and_breaks_no_header() {
    let desk = Desk::open().await;
    let hand = &desk.table.respondent;
    for (name, encoded) in [
        ("annex.txt", "annex.txt"),
        ("avenant nº 3.txt", "avenant%20n%C2%BA%203.txt"),
        ("계약서.txt", "%EA%B3%84%EC%95%BD%EC%84%9C.txt"),
        ("it's 100% final; really, \u{e9}.txt", "it%27s%20100%25%20final%3B%20really%2C%20%C3%A9.txt"),
    ] {
        let item = desk.lay(&desk.table.claimant, "joint", name, name.as_bytes()).await;
        let reply = desk.content(hand, &item, &[]).await;
        let said = reply.headers["content-disposition"].to_str().unwrap();
        assert!(said.ends_with(&format!("filename*=UTF-8''{encoded}")), "{said}");
        assert!(said.is_ascii() && said.matches('"').count() == 2, "{said}");
        assert!(desk.table.sees(hand, name).await);
    }
}

#[tokio::test]
async fn equal_documents_have_equal_tags_and_other_ones_have_others() {
    let desk = Desk::open().await;
    let hand = &desk.table.claimant;
    let mut tags = vec![];
    for (name, bytes) in [("one.txt", text(100)), ("two.txt", text(100)), ("three.txt", text(101))] {
        let item = desk.lay(hand, "joint", name, &bytes).await;
        tags.push(desk.content(hand, &item, &[]).await.headers["etag"].clone());
    }
    assert_eq!(tags[0], tags[1]);
    assert_ne!(tags[0], tags[2]);
    // Equal to whoever may read both; stored, they have nothing in common.
    let mut stored = vec![];
    for object in desk.stored().await {
        stored.push(std::fs::read(desk.folder.join("documents").join(object.to_string()).join("00000000")).unwrap());
    }
    let shared = stored[0].windows(16).any(|window| stored[1].windows(16).any(|other| other == window));
    assert!(!shared && stored[0] != stored[1]);
}

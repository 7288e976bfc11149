//! Down in parts: ranges as RFC 9110 has them, and what is asked for only if it has changed.

use axum::http::{Method, StatusCode};

use super::*;

/// A document of three segments, in the joint session.
async fn laid() -> (Desk, String, Vec<u8>) {
    let desk = Desk::open().await;
    let bytes = text(2 * SEGMENT + 12_345);
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &bytes).await;
    (desk, item, bytes)
}

#[tokio::test]
async fn one_range_is_given_as_a_part_wherever_it_lies() {
    let (desk, item, bytes) = laid().await;
    let (size, hand) = (bytes.len(), &desk.table.respondent);
    let segment = SEGMENT;
    for (range, first, end) in [
        ("bytes=0-0".to_owned(), 0, 1),
        ("bytes=100-199".to_owned(), 100, 200),
        ("bytes=65535-65536".to_owned(), 65_535, 65_537),
        (format!("bytes={}-{}", segment - 1, segment), segment - 1, segment + 1),
        (format!("bytes={}-{}", segment - 70_000, 2 * segment + 70), segment - 70_000, 2 * segment + 71),
        (format!("bytes={segment}-"), segment, size),
        (format!("bytes={}-", size - 1), size - 1, size),
        ("bytes=-1".to_owned(), size - 1, size),
        ("bytes=-70000".to_owned(), size - 70_000, size),
        ("bytes=-999999999999".to_owned(), 0, size),
        ("bytes=0-999999999999".to_owned(), 0, size),
        ("bytes=5-99999999999999999999999999".to_owned(), 5, size),
    ] {
        let part = desk.content(hand, &item, &[("range", &range)]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{range}: {}", part.text());
        assert!(part.body == bytes[first..end], "{range} gave other bytes");
        assert_eq!(part.headers["content-range"], format!("bytes {first}-{}/{size}", end - 1), "{range}");
        assert_eq!(part.headers["content-length"], (end - first).to_string(), "{range}");
    }
}

#[tokio::test]
async fn what_is_not_one_range_is_answered_with_the_whole() {
    let desk = Desk::open().await;
    let bytes = text(1_000);
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &bytes).await;
    for range in
        ["bytes=0-1,5-9", "bytes=9-5", "bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0x0-1", "nonsense"]
    {
        let whole = desk.content(&desk.table.claimant, &item, &[("range", range)]).await;
        assert_eq!((whole.status, whole.body.len()), (StatusCode::OK, 1_000), "{range}");
        assert!(!whole.headers.contains_key("content-range"));
    }
}

#[tokio::test]
async fn a_range_beyond_the_end_is_refused_with_the_size() {
    let desk = Desk::open().await;
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &text(1_000)).await;
    for range in ["bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999999999-"] {
        let refused = desk.content(&desk.table.claimant, &item, &[("range", range)]).await;
        assert_eq!(refused.problem(), (416, "no-such-range".to_owned()), "{range}");
        assert_eq!(refused.headers["content-range"], "bytes */1000");
    }
}

#[tokio::test]
async fn a_part_fits_to_the_version_that_the_caller_has_or_is_the_whole() {
    let desk = Desk::open().await;
    let bytes = text(1_000);
    let hand = &desk.table.claimant;
    let item = desk.lay(hand, "joint", "annex.txt", &bytes).await;
    let tag = desk.content(hand, &item, &[]).await.headers["etag"].to_str().unwrap().to_owned();
    let range = ("range", "bytes=10-19");
    let part = desk.content(hand, &item, &[range, ("if-range", &tag)]).await;
    assert_eq!((part.status, &part.body[..]), (StatusCode::PARTIAL_CONTENT, &bytes[10..20]));
    assert_eq!(part.headers["etag"], tag);
    for other in ["\"other\"".to_owned(), format!("W/{tag}"), "Wed, 21 Oct 2026 07:28:00 GMT".to_owned()] {
        let whole = desk.content(hand, &item, &[range, ("if-range", &other)]).await;
        assert_eq!((whole.status, whole.body.len()), (StatusCode::OK, 1_000), "{other}");
    }
    // A range that is not there does not matter where the version is another: the whole is given.
    let beyond = desk.content(hand, &item, &[("range", "bytes=5000-"), ("if-range", "\"other\"")]).await;
    assert_eq!((beyond.status, beyond.body.len()), (StatusCode::OK, 1_000));
}

#[tokio::test]
async fn who_has_it_already_is_told_so() {
    let desk = Desk::open().await;
    let hand = &desk.table.respondent;
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &text(1_000)).await;
    let tag = desk.content(hand, &item, &[]).await.headers["etag"].to_str().unwrap().to_owned();
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let unchanged = desk.content(hand, &item, &[("if-none-match", &known)]).await;
        assert_eq!((unchanged.status, unchanged.body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
        assert_eq!(unchanged.headers["etag"], tag);
    }
    // RFC 9110 §13.2.2: whether it is known is asked before the range.
    let both = desk.content(hand, &item, &[("if-none-match", &tag), ("range", "bytes=0-1")]).await;
    assert_eq!(both.status, StatusCode::NOT_MODIFIED);
    assert_eq!(desk.content(hand, &item, &[("if-none-match", "\"other\"")]).await.body.len(), 1_000);
}

#[tokio::test]
async fn head_says_what_get_would_and_sends_nothing() {
    let desk = Desk::open().await;
    let hand = &desk.table.respondent;
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &text(1_000)).await;
    let get = desk.content(hand, &item, &[]).await;
    let path = format!("items/{item}/content");
    let head = desk.ask(hand, Method::HEAD, &path, &[], Body::empty()).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(bare(head).headers, bare(get).headers);
    let ranged = desk.ask(hand, Method::HEAD, &path, &[("range", "bytes=0-1")], Body::empty()).await;
    assert_eq!((ranged.status, ranged.body.len()), (StatusCode::OK, 0), "ranges are for GET alone");
}

#[tokio::test]
async fn a_damaged_document_ends_in_an_error_and_never_looks_whole() {
    let (desk, item, bytes) = laid().await;
    let object = desk.stored().await.into_iter().next().unwrap();
    let folder = desk.folder.join("documents").join(object.to_string());
    let last = folder.join("00000002");
    let kept = std::fs::read(&last).unwrap();
    let mut damaged = kept.clone();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(&last, &damaged).unwrap();
    let request = || {
        let request = Request::get(format!("{}/items/{item}/content", desk.table.path));
        request.header("authorization", format!("Bearer {}", desk.table.respondent.token)).body(Body::empty()).unwrap()
    };
    let answer = desk.router.clone().oneshot(request()).await.unwrap();
    // The beginning is sound and on its way; the answer is cut off where it is not.
    let read = axum::body::to_bytes(answer.into_body(), 64 << 20).await;
    assert!(read.is_err(), "a damaged document was given as if it were whole");
    let first = desk.content(&desk.table.respondent, &item, &[("range", "bytes=0-99")]).await;
    assert_eq!(first.body, bytes[..100], "what is sound is given");
    let end = desk.content(&desk.table.respondent, &item, &[("range", "bytes=-9")]).await;
    assert_eq!(end.problem(), (500, "internal".to_owned()));
    std::fs::remove_file(&last).unwrap();
    let gone = desk.content(&desk.table.respondent, &item, &[("range", "bytes=-9")]).await;
    assert_eq!(gone.problem(), (500, "internal".to_owned()));
    std::fs::write(&last, kept).unwrap();
    assert!(desk.content(&desk.table.respondent, &item, &[]).await.body == bytes);
}

//! Reading content in parts.

#![allow(clippy::unwrap_used)]

use super::*;

#[tokio::test]
async fn any_part_is_read_and_bytes_go_on_where_an_earlier_run_stopped() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.txt"), "a note").unwrap();
    let words = Source::Words("a note".into());
    let file = Source::File(folder.path().join("note.txt"));
    for (range, part) in [(0..6, "a note"), (2..4, "no"), (2..9, "note"), (9..9, "")] {
        for source in [&words, &file] {
            assert_eq!(source.read(range.clone()).await.unwrap(), part.as_bytes(), "{range:?}");
        }
    }
    for (from, rest) in [(0, "a note"), (2, "note"), (6, ""), (9, "")] {
        for source in [&words, &file] {
            let pieces: Vec<_> = source.bytes(from).map(|piece| piece.unwrap()).collect().await;
            assert_eq!(pieces.concat(), rest.as_bytes(), "from {from}");
        }
    }
    let gone = Source::File(folder.path().join("lost.txt"));
    assert_eq!(gone.bytes(0).next().await, Some(Err(())));
}

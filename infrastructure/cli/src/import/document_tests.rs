//! Which documents are found beside the lines, and which are refused.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use uuid::Uuid;

use super::*;

/// Names without a secret: good enough to tell them apart.
struct Plain;

impl Names for Plain {
    fn name(&self, space: &str, words: &[&[u8]]) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &[space.as_bytes(), &words.concat()].concat())
    }
}

fn submit(fields: Value) -> Value {
    let mut all = json!({ "discussion": Uuid::nil(), "class": "drawn_up" });
    for (name, value) in fields.as_object().unwrap() {
        all[name] = value.clone();
    }
    json!({ COMMAND: all })
}

async fn found(fields: Value, folder: Option<&Path>) -> Result<Brought, &'static str> {
    Brought::find(&submit(fields), folder).await.map(Option::unwrap).map_err(|refused| refused.code)
}

/// A folder with a document in it, and something beside it that is nobody's business.
fn folders() -> (tempfile::TempDir, PathBuf) {
    let around = tempfile::tempdir().unwrap();
    let folder = around.path().canonicalize().unwrap().join("past");
    fs::create_dir_all(folder.join("papers")).unwrap();
    fs::write(folder.join("papers/note.txt"), "a note").unwrap();
    fs::write(around.path().join("secret.txt"), "a secret").unwrap();
    (around, folder)
}

#[tokio::test]
async fn words_and_files_have_size_digest_and_name() {
    let (_around, folder) = folders();
    let words = found(json!({ "name": "n.txt", "content": "a note" }), None).await.unwrap();
    let file = found(json!({ "file": "papers/note.txt" }), Some(&folder)).await.unwrap();
    assert_eq!((words.size, words.digest), (file.size, file.digest));
    assert_eq!((words.size, file.name.name().as_str()), (6, "note.txt"));
    let named = found(json!({ "file": "papers/note.txt", "name": "other.txt" }), Some(&folder)).await.unwrap();
    assert_eq!(named.name.name().as_str(), "other.txt");
}

#[tokio::test]
async fn the_same_line_names_the_same_object_and_another_text_another() {
    let command = CommandId(Uuid::from_u128(7));
    let object = async |fields| found(fields, None).await.unwrap().object(&Plain, command);
    let first = object(json!({ "name": "n.txt", "content": "a note" })).await;
    assert_eq!(first, object(json!({ "name": "n.txt", "content": "a note" })).await);
    assert_ne!(first, object(json!({ "name": "n.txt", "content": "a Note" })).await);
    assert_ne!(first, object(json!({ "name": "m.txt", "content": "a note" })).await);
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let (around, folder) = folders();
    let secret = around.path().join("secret.txt");
    std::os::unix::fs::symlink(&secret, folder.join("link.txt")).unwrap();
    std::os::unix::fs::symlink("papers/note.txt", folder.join("own.txt")).unwrap();
    let file = async |path: &str| found(json!({ "file": path }), Some(&folder)).await.map(drop);
    for path in ["../secret.txt", "papers/../../secret.txt", secret.to_str().unwrap(), "link.txt", "papers", "", "."] {
        assert_eq!(file(path).await, Err("bad-path"), "{path}");
    }
    assert_eq!(file("papers/lost.txt").await, Err("no-such-file"));
    assert_eq!(file("own.txt").await, Ok(()));
    assert_eq!(found(json!({ "file": "papers/note.txt" }), None).await.map(drop), Err("bad-path"));
}

#[tokio::test]
async fn a_document_without_content_is_refused_with_what_to_do() {
    let (_around, folder) = folders();
    let facts = json!({ "name": "a.pdf", "media_type": "application/pdf", "size": 1, "digest": "00" });
    for fields in [
        json!({}),
        json!({ "facts": facts }),
        json!({ "facts": facts, "name": "a.txt", "content": "a" }),
        json!({ "name": "a.txt", "content": "a", "file": "papers/note.txt" }),
    ] {
        assert_eq!(found(fields, Some(&folder)).await.map(drop), Err("document-without-content"));
    }
    assert_eq!(found(json!({ "content": "a" }), None).await.map(drop), Err("document-without-name"));
    assert_eq!(found(json!({ "name": "a/b", "content": "a" }), None).await.map(drop), Err("bad-file-name"));
    assert!(Brought::find(&json!({ "withdraw": {} }), None).await.unwrap().is_none());
}

//! A folder of this machine and an S3-compatible store: the same laws, from within and from behind, and the same story.

use std::ops::Range;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use entente_application::ports::{DocumentKey, Vault as _, VaultError};
use entente_tests::objects::Bucket;
use entente_vault::{Objects, Settings, contract};
use futures::TryStreamExt as _;
use serde_json::json;
use tempfile::TempDir;

use super::*;

/// Where a vault has its objects, as whoever runs the machine sees it.
enum Place {
    Folder(TempDir),
    Bucket(Bucket),
}

impl Place {
    fn settings(&self) -> Settings {
        match self {
            Self::Folder(folder) => Settings { url: folder.path().display().to_string(), ..Settings::default() },
            Self::Bucket(bucket) => bucket.settings(),
        }
    }

    /// The names of all that is stored, in order, without what the place puts before them.
    async fn names(&self) -> Vec<String> {
        let mut names = match self {
            Self::Folder(folder) => files(folder.path(), ""),
            Self::Bucket(bucket) => {
                let names = bucket.names().await;
                names.iter().map(|name| name.strip_prefix("entente/").unwrap().to_owned()).collect()
            }
        };
        names.sort();
        names
    }

    async fn bytes(&self, name: &str) -> Vec<u8> {
        match self {
            Self::Folder(folder) => std::fs::read(folder.path().join(name)).unwrap(),
            Self::Bucket(bucket) => bucket.bytes(&format!("entente/{name}")).await,
        }
    }

    async fn write(&self, name: &str, bytes: Vec<u8>) {
        match self {
            Self::Folder(folder) => std::fs::write(folder.path().join(name), bytes).unwrap(),
            Self::Bucket(bucket) => bucket.write(&format!("entente/{name}"), bytes).await,
        }
    }

    async fn remove(&self, name: &str) {
        match self {
            Self::Folder(folder) => std::fs::remove_file(folder.path().join(name)).unwrap(),
            Self::Bucket(bucket) => bucket.remove(&format!("entente/{name}")).await,
        }
    }
}

fn files(folder: &Path, below: &str) -> Vec<String> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() { found.extend(files(&path, &format!("{name}/"))) } else { found.push(name) }
    }
    found
}

async fn read(
    vault: &Objects,
    object: ObjectId,
    key: &DocumentKey,
    size: u64,
    range: Range<u64>,
) -> Result<Vec<u8>, VaultError> {
    let pieces: Vec<Bytes> = vault.read(object, key, size, range).await?.try_collect().await?;
    Ok(pieces.concat())
}

/// All that the two have to do alike.
async fn serves_as_a_vault(place: Place) {
    let vault = Objects::open(&place.settings()).unwrap();
    contract::all(&vault).await;
    assert_eq!(place.names().await, Vec::<String>::new(), "the laws tidy up");

    // From behind: what is stored under which name, and what comes of touching it.
    let (object, key) = (ObjectId(NOWHERE.parse().unwrap()), DocumentKey([7; 32]));
    let bytes = text(2 * SEGMENT + 321);
    let size = bytes.len() as u64;
    for (number, segment) in (0..).zip(bytes.chunks(SEGMENT)) {
        vault.put(object, &key, number, Bytes::copy_from_slice(segment)).await.unwrap();
    }
    let names = place.names().await;
    let expected: Vec<_> = (0..3).map(|number| format!("{object}/{number:08}")).collect();
    assert_eq!(names, expected);
    for name in &names {
        let stored = String::from_utf8_lossy(&place.bytes(name).await).into_owned();
        assert!(!stored.contains("of the annex"), "{name} holds clear text");
    }
    assert!(read(&vault, object, &key, size, 0..size).await.unwrap() == bytes);
    for (at, name) in [(10, &names[0]), (3_000_000, &names[1]), (300, &names[2])] {
        let kept = place.bytes(name).await;
        let mut damaged = kept.clone();
        damaged[at] ^= 0x10;
        place.write(name, damaged).await;
        let refused = read(&vault, object, &key, size, 0..size).await;
        assert!(matches!(refused, Err(VaultError::Damaged(found, _)) if found == object), "{name}: {refused:?}");
        place.write(name, kept).await;
    }
    let (last, first) = (place.bytes(&names[2]).await, place.bytes(&names[0]).await);
    place.remove(&names[2]).await;
    let refused = read(&vault, object, &key, size, 0..size).await;
    assert!(matches!(refused, Err(VaultError::Missing(_))), "{refused:?}");
    assert_eq!(read(&vault, object, &key, size, 0..100).await.unwrap(), bytes[..100], "the rest can be read");
    place.write(&names[2], last).await;
    // Another process on the same place, and a copy of the place, give the same.
    let other = Objects::open(&place.settings()).unwrap();
    assert!(read(&other, object, &key, size, 0..size).await.unwrap() == bytes);
    assert_eq!(other.objects().await.unwrap().len(), 1);
    vault.put(object, &key, 0, Bytes::copy_from_slice(&bytes[..SEGMENT])).await.unwrap();
    assert!(place.bytes(&names[0]).await == first, "what is stored is not replaced");
    assert!(read(&vault, object, &key, size, 0..size).await.unwrap() == bytes);
    vault.delete(object).await.unwrap();
    assert_eq!(place.names().await, Vec::<String>::new());
    assert!(vault.objects().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_serves_as_a_vault() {
    serves_as_a_vault(Place::Folder(sqlite::folder())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_serves_as_a_vault() {
    serves_as_a_vault(Place::Bucket(Bucket::new().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mediation_keeps_its_documents_in_a_bucket() {
    let bucket = Bucket::new().await;
    let vault = Arc::new(Objects::open(&bucket.settings()).unwrap());
    let desk = Desk::open().await.with(|centre| centre.vault = vault);
    let (claimant, respondent) = (desk.table.claimant.clone(), &desk.table.respondent);
    let joint = desk.table.discussion(&claimant, "joint").await;
    let bytes = text(2 * SEGMENT + 99);
    let upload = desk.begin(&claimant, &joint, "annex.txt", bytes.len()).await;
    desk.put(&claimant, &upload, 0, bytes[..SEGMENT].to_vec()).await.ok();
    desk.put(&claimant, &upload, SEGMENT, bytes[SEGMENT..].to_vec()).await.ok();
    let item = desk.submit(&claimant, &upload).await.ok()["item"].as_str().unwrap().to_owned();
    assert!(desk.content(respondent, &item, &[]).await.body == bytes);
    let part = desk.content(respondent, &item, &[("range", "bytes=4194300-8388700")]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert!(part.body == bytes[4_194_300..=8_388_700]);
    assert!(desk.stored().await.is_empty(), "nothing lies in the folder");
    assert_eq!(bucket.names().await.len(), 3);
    // What is refused and what is given up is gone from there too.
    let half = desk.begin(&claimant, &joint, "half.txt", 2 * SEGMENT).await;
    desk.put(&claimant, &half, 0, text(SEGMENT)).await.ok();
    assert_eq!(bucket.names().await.len(), 4);
    desk.ask(&claimant, Method::DELETE, &half, &[], Body::empty()).await;
    assert_eq!(bucket.names().await.len(), 3);
    // A restriction acts at once, wherever the bytes are.
    let below = format!("items/{item}/restriction");
    desk.table.ask(&claimant, &below, json!({"audience": "claimant_caucus"})).await.ok();
    assert_eq!(desk.content(respondent, &item, &[]).await.problem(), (404, "not-found".to_owned()));
}

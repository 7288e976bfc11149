//! A vault with no room left: the upload stops where it is, says so, and goes on once there is some.

use std::ops::Range;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::Method;
use entente_application::ports::{Content, DocumentKey, Vault, VaultError};
use entente_vault::{Objects, Settings};
use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use super::*;

/// A vault that takes so many segments, and is full then.
struct Tight {
    room: AtomicUsize,
    within: Arc<dyn Vault>,
}

#[async_trait]
impl Vault for Tight {
    async fn put(&self, object: ObjectId, key: &DocumentKey, segment: u32, clear: Bytes) -> Result<(), VaultError> {
        let taken = self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |room| room.checked_sub(1));
        if taken.is_err() {
            return Err(VaultError::Full);
        }
        self.within.put(object, key, segment, clear).await
    }

    async fn read(
        &self,
        object: ObjectId,
        key: &DocumentKey,
        size: u64,
        range: Range<u64>,
    ) -> Result<Content, VaultError> {
        self.within.read(object, key, size, range).await
    }

    async fn delete(&self, object: ObjectId) -> Result<(), VaultError> {
        self.within.delete(object).await
    }

    async fn objects(&self) -> Result<Vec<(ObjectId, Timestamp)>, VaultError> {
        self.within.objects().await
    }
}

/// Uploads a document of three segments into a vault that has room for one, makes room, and goes on.
async fn goes_on_once_there_is_room(desk: &Desk, make_room: impl AsyncFnOnce()) {
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(2 * SEGMENT + 1_000);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    let head = desk.traces().await.head;
    let full = desk.put(hand, &upload, 0, bytes.clone()).await;
    assert_eq!(full.problem(), (507, "vault-full".to_owned()), "{}", full.text());
    let status = desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.ok();
    assert_eq!((&status["received"], &status["complete"]), (&json!(SEGMENT), &json!(false)), "{status}");
    // It is full for another try as well, and for what is new; nothing of either is kept.
    assert_eq!(desk.put(hand, &upload, SEGMENT, bytes[SEGMENT..].to_vec()).await.problem().0, 507);
    let other = desk.begin(hand, &joint, "other.txt", SEGMENT).await;
    assert_eq!(desk.put(hand, &other, 0, text(SEGMENT)).await.problem().0, 507);
    assert_eq!(desk.submit(hand, &upload).await.problem(), (409, "upload-incomplete".to_owned()));
    let gone = desk.ask(hand, Method::DELETE, &other, &[], Body::empty()).await;
    assert_eq!(gone.status.as_u16(), 204, "what does not fit can be given up");
    assert_eq!(desk.traces().await.head, head);
    make_room().await;
    let done = desk.put(hand, &upload, SEGMENT, bytes[SEGMENT..].to_vec()).await.ok();
    assert_eq!((&done["complete"], &done["digest"]), (&json!(true), &json!(digest(&bytes))));
    let item = desk.submit(hand, &upload).await.ok();
    let content = desk.content(&desk.table.respondent, item["item"].as_str().unwrap(), &[]).await;
    assert!(content.body == bytes);
}

#[tokio::test]
async fn a_full_vault_is_said_to_be_and_an_upload_goes_on_once_there_is_room() {
    let desk = Desk::open().await;
    let within = desk.table.world.centre.vault.clone();
    let tight = Arc::new(Tight { room: AtomicUsize::new(1), within });
    let desk = desk.with(|centre| centre.vault = tight.clone());
    goes_on_once_there_is_room(&desk, async || tight.room.store(9, Ordering::SeqCst)).await;
}

/// A disk of a few megabytes; gone when dropped.
struct Disk(TempDir);

impl Disk {
    /// None where nobody may mount one.
    fn of(size: &str) -> Option<Self> {
        let folder = sqlite::folder();
        let disk = Self(folder);
        disk.mount(&format!("size={size}")).then_some(disk)
    }

    fn mount(&self, options: &str) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "none"]).arg(self.0.path());
        mount.output().is_ok_and(|output| output.status.success())
    }

    fn grow(&self, size: &str) {
        assert!(self.mount(&format!("remount,size={size}")), "the disk does not grow");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "what could not be shown here must not go unnoticed")]
async fn a_full_disk_is_a_full_vault() {
    let Some(disk) = Disk::of("6m") else {
        eprintln!(
            "\n== NOT SHOWN: a real full disk. Only root may mount one; the full vault before this is a made one.\n"
        );
        return;
    };
    let settings = Settings { url: disk.0.path().join("vault").display().to_string(), ..Settings::default() };
    let vault = Arc::new(Objects::open(&settings).unwrap());
    let desk = Desk::open().await.with(|centre| centre.vault = vault.clone());
    goes_on_once_there_is_room(&desk, async || disk.grow("32m")).await;
    // What did not fit has left no file that is in the way of anything: all that is there belongs to one object.
    assert_eq!(vault.objects().await.unwrap().len(), 1);
}

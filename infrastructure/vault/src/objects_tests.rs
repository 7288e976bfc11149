//! The laws on a folder, and what only a folder can show: its files, who may see them, and what a crash leaves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use entente_application::ports::Vault as _;
use tempfile::TempDir;

use super::*;
use crate::contract::{self, Document, listed};

struct Temporary {
    folder: TempDir,
    objects: Objects,
}

impl Temporary {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let objects = open(&folder.path().join("a/vault"));
        Self { folder, objects }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("a/vault")
    }
}

fn open(folder: &Path) -> Objects {
    Objects::open(&Settings { url: folder.to_str().unwrap().to_owned(), ..Settings::default() }).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

macro_rules! laws {
    ($($law:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $law() {
            let vault = Temporary::new();
            contract::$law(&vault.objects).await;
            assert!(files(&vault.root()).is_empty(), "a law tidies up after itself");
        }
    )*};
}

laws! {
    what_is_put_is_read, any_range_is_read, a_range_lies_in_the_document, a_segment_is_neither_empty_nor_too_long,
    nothing_is_read_that_was_changed, nothing_is_read_from_another_place, another_key_opens_nothing,
    what_is_missing_is_said_to_be, a_segment_is_never_replaced, of_many_at_once_one_is_stored,
    no_two_sealings_are_alike, what_is_deleted_is_gone,
    objects_are_listed_once,
}

#[tokio::test]
async fn nothing_of_the_clear_is_on_the_disk() {
    let vault = Temporary::new();
    let canary = b"a canary that sings in the vault, and nowhere else";
    let mut document = Document::put(&vault.objects, 1).await;
    document.clear = canary.repeat(5_000);
    vault.objects.put(document.object, &document.key, 1, document.clear.clone().into()).await.unwrap();
    let stored = files(&vault.root());
    assert_eq!(stored.len(), 2);
    for file in stored {
        let bytes = fs::read(&file).unwrap();
        for piece in canary.windows(16) {
            assert!(!bytes.windows(16).any(|window| window == piece));
        }
        assert!(!bytes.windows(16).any(|window| document.key.0.starts_with(window)));
    }
}

#[tokio::test]
async fn a_new_folder_is_its_owners_alone() {
    let vault = Temporary::new();
    for folder in [vault.root(), vault.folder.path().join("a")] {
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
    let again = open(&vault.root());
    let document = Document::put(&again, 1).await;
    assert_eq!(document.read(&vault.objects, 0..1).await.unwrap(), document.clear, "it is the same vault");
}

#[tokio::test]
async fn what_a_crash_leaves_is_found_and_deleted() {
    let vault = Temporary::new();
    let document = Document::put(&vault.objects, 1).await;
    let folder = vault.root().join(document.object.to_string());
    fs::rename(folder.join("00000000"), folder.join("00000000#1")).unwrap();
    assert_eq!(listed(&vault.objects, document.object).await.len(), 1, "a staged file is a part of a segment");
    fs::remove_file(folder.join("00000000#1")).unwrap();
    assert_eq!(listed(&vault.objects, document.object).await.len(), 1, "so is a folder made for one");
    fs::write(folder.join("00000007#3"), "half").unwrap();
    vault.objects.delete(document.object).await.unwrap();
    assert!(!folder.exists());
    assert!(vault.objects.objects().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_staged_file_of_a_crash_is_in_nobodys_way() {
    let vault = Temporary::new();
    let document = Document::put(&vault.objects, 10).await;
    let folder = vault.root().join(document.object.to_string());
    fs::write(folder.join("00000000#1"), "half").unwrap();
    vault.objects.put(document.object, &document.key, 0, document.clear.clone().into()).await.unwrap();
    assert_eq!(document.read(&vault.objects, 0..10).await.unwrap(), document.clear);
}

#[tokio::test]
async fn an_object_was_last_written_when_its_newest_file_was() {
    let vault = Temporary::new();
    let document = Document::put(&vault.objects, 1).await;
    let file = vault.root().join(document.object.to_string()).join("00000000");
    let later = Timestamp::from_second(4_000_000_000).unwrap();
    fs::File::options().write(true).open(file).unwrap().set_modified(later.into()).unwrap();
    assert_eq!(listed(&vault.objects, document.object).await, [(document.object, later)]);
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let vault = Temporary::new();
    fs::write(vault.root().join("lost+found"), "").unwrap();
    fs::create_dir(vault.root().join("urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8")).unwrap();
    fs::write(vault.root().join("67e55044-10b1-426f-9247-bb680e5fe0c8"), "no folder").unwrap();
    assert!(vault.objects.objects().await.unwrap().is_empty());
}

#[tokio::test]
async fn without_its_folder_nothing_counts_as_deleted_or_listed() {
    let vault = Temporary::new();
    let document = Document::put(&vault.objects, 1).await;
    fs::remove_dir_all(vault.root()).unwrap();
    assert!(matches!(vault.objects.delete(document.object).await, Err(VaultError::Unavailable(_))));
    assert!(matches!(vault.objects.objects().await, Err(VaultError::Unavailable(_))));
}

#[test]
fn what_cannot_be_a_vault_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for settings in [
        Settings { url: file.to_str().unwrap().to_owned(), ..Settings::default() },
        Settings { url: "s3://bucket".to_owned(), access_key: Some("only".to_owned()), ..Settings::default() },
    ] {
        assert!(matches!(Objects::open(&settings), Err(VaultError::Misconfigured(_))), "{settings:?}");
    }
}

#[test]
fn a_bucket_is_opened_without_asking_it_and_shows_no_secret() {
    let settings = Settings {
        url: "s3://bucket/prefix".to_owned(),
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        region: Some("eu-central-1".to_owned()),
        access_key: Some("access-hush".to_owned()),
        secret_key: Some("secret-hush".to_owned()),
    };
    let objects = Objects::open(&settings).unwrap();
    assert!(!format!("{objects:?}").contains("hush"));
}

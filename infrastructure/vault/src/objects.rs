//! The vault on a store of objects: a folder of this machine, or a bucket.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use entente_application::ports::{Content, DocumentKey, Vault, VaultError};
use entente_domain::ObjectId;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};

use crate::reading::Reading;
use crate::segment::{Place, open, seal};
use crate::settings::{Location, Settings};
use crate::{errors, folder, s3};

/// The documents' ciphertext; opened once, and shared.
#[derive(Clone)]
pub struct Objects {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// Where the objects are, if it is a folder of this machine.
    root: Option<PathBuf>,
}

impl Objects {
    /// Opens the vault. A folder is made if it is not there; of a bucket nothing is asked yet.
    pub fn open(settings: &Settings) -> Result<Self, VaultError> {
        match settings.location()? {
            Location::Folder(path) => {
                folder::prepare(&path)?;
                // Absolute from here on, wherever the process goes.
                let root = path.canonicalize().map_err(|error| errors::io(&error))?;
                let store = LocalFileSystem::new_with_prefix(&root).map_err(|error| errors::refused(&error))?;
                Ok(Self { store: Arc::new(store.with_fsync(true)), root: Some(root) })
            }
            Location::Bucket { bucket, prefix } => Ok(Self { store: s3::open(settings, bucket, &prefix)?, root: None }),
        }
    }
}

impl Objects {
    /// That what is stored there already are these bytes: a request that was sent again, or a put that was done and
    /// whose answer was lost.
    async fn must_hold(&self, place: Place, key: DocumentKey, clear: Bytes) -> Result<(), VaultError> {
        let stored = self.store.get(&path(place)).await.map_err(|error| errors::unread(place.object, &error))?;
        let stored = stored.bytes().await.map_err(|error| errors::refused(&error))?;
        blocking(move || {
            if open(&key, place, clear.len() as u64, &stored).is_ok_and(|opened| opened == clear) {
                Ok(())
            } else {
                Err(VaultError::Differs(place.object))
            }
        })
        .await
    }
}

impl std::fmt::Debug for Objects {
    /// Without the client below, which holds what lets it in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Where a segment is stored.
pub(crate) fn path(place: Place) -> Path {
    Path::from_iter([place.object.to_string(), format!("{:08}", place.segment)])
}

#[async_trait]
impl Vault for Objects {
    async fn put(&self, object: ObjectId, key: &DocumentKey, segment: u32, clear: Bytes) -> Result<(), VaultError> {
        let (place, key) = (Place { object, segment }, key.clone());
        let (sealing, sealed) = (key.clone(), clear.clone());
        let sealed = blocking(move || seal(&sealing, place, &sealed)).await?;
        let new = PutOptions::from(PutMode::Create);
        match self.store.put_opts(&path(place), PutPayload::from_iter(sealed), new).await {
            Err(object_store::Error::AlreadyExists { .. }) => self.must_hold(place, key, clear).await,
            put => put.map(drop).map_err(|error| errors::refused(&error)),
        }
    }

    async fn read(
        &self,
        object: ObjectId,
        key: &DocumentKey,
        size: u64,
        range: Range<u64>,
    ) -> Result<Content, VaultError> {
        Reading { store: Arc::clone(&self.store), object, key: key.clone(), size }.content(range).await
    }

    async fn delete(&self, object: ObjectId) -> Result<(), VaultError> {
        if let Some(root) = self.root.clone() {
            return blocking(move || folder::remove(&root, object)).await;
        }
        let prefix = Path::from(object.to_string());
        let locations = self.store.list(Some(&prefix)).map_ok(|meta| meta.location).boxed();
        let deleted = self.store.delete_stream(locations).map_ok(drop).try_collect::<()>().await;
        match deleted {
            Err(object_store::Error::NotFound { path, source }) => {
                let error = object_store::Error::NotFound { path, source };
                // Somebody else was faster; but without its bucket nothing is deleted.
                match errors::unread(object, &error) {
                    VaultError::Missing(_) => Ok(()),
                    other => Err(other),
                }
            }
            deleted => deleted.map_err(|error| errors::refused(&error)),
        }
    }

    async fn objects(&self) -> Result<Vec<(ObjectId, Timestamp)>, VaultError> {
        if let Some(root) = self.root.clone() {
            return blocking(move || folder::objects(&root)).await;
        }
        let mut found = BTreeMap::new();
        let mut listed = self.store.list(None);
        while let Some(meta) = listed.try_next().await.map_err(|error| errors::refused(&error))? {
            if let Some((object, written)) = written(&meta) {
                let last = found.entry(object).or_insert(written);
                *last = written.max(*last);
            }
        }
        Ok(found.into_iter().collect())
    }
}

/// Whose segment it is, and when it was written; none if it is nothing of ours.
fn written(meta: &ObjectMeta) -> Option<(ObjectId, Timestamp)> {
    let object = meta.location.parts().next().and_then(|part| folder::named(part.as_ref()))?;
    Some((object, Timestamp::from_millisecond(meta.last_modified.timestamp_millis()).ok()?))
}

/// Does what takes the processor or the disk a while where nobody waits for this thread.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| errors::task(&error))?
}

#[cfg(test)]
#[path = "objects_tests.rs"]
mod tests;

//! What the application asks of the vault and of the table of uploads: content in segments of ciphertext, and its keys.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use entente_domain::event::{ContentDigest, DocumentFacts};
use entente_domain::{CaseId, DiscussionId, FileName, ItemId, ObjectId, PersonId, Seat};
use futures::stream::BoxStream;
use jiff::Timestamp;

use super::StoreError;

/// Bytes of a segment in clear: what is kept of an upload that is cut off is a whole number of these. The last segment
/// of a document may be shorter.
pub const SEGMENT: u64 = 4 * 1024 * 1024;

/// 256 random bits that encrypt one document and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentKey(pub [u8; 32]);

impl std::fmt::Debug for DocumentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DocumentKey")
    }
}

/// Clear bytes of a document, a piece at a time.
pub type Content = BoxStream<'static, Result<Bytes, VaultError>>;

/// Why the vault could not do what was asked. Nothing half-done is left that could be read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no room left.
    #[error("the vault is full")]
    Full,
    /// Worth asking again.
    #[error("the vault did not answer: {0}")]
    Unavailable(String),
    /// A segment that must be there is not.
    #[error("a segment of object {0} is missing")]
    Missing(ObjectId),
    /// Another content is stored there already.
    #[error("object {0} holds other bytes there")]
    Differs(ObjectId),
    /// What is stored is not what was written there.
    #[error("object {0} is damaged: {1}")]
    Damaged(ObjectId, &'static str),
    /// A setting is wrong; says which and what to do.
    #[error("{0}")]
    Misconfigured(String),
}

/// The objects: ciphertext under random names, in a folder or in an S3-compatible store.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Encrypts and stores one segment, from 0; it is durable once this answers. What is stored is never replaced: the same
    /// bytes again are well, whoever sends them and however late; others are [`VaultError::Differs`].
    async fn put(&self, object: ObjectId, key: &DocumentKey, segment: u32, clear: Bytes) -> Result<(), VaultError>;
    /// The clear bytes of a range of a document of `size` bytes. Nothing is given that does not authenticate.
    async fn read(
        &self,
        object: ObjectId,
        key: &DocumentKey,
        size: u64,
        range: Range<u64>,
    ) -> Result<Content, VaultError>;
    /// Removes every segment of an object, and what a crash left of one; none is well too.
    async fn delete(&self, object: ObjectId) -> Result<(), VaultError>;
    /// Every object that has a segment, or a part of one, each once, with when it was last written to.
    async fn objects(&self) -> Result<Vec<(ObjectId, Timestamp)>, VaultError>;
}

/// What a scanner found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Clean,
    /// Malware; its name is for nobody's eyes but the operator's, and in no log.
    Infected,
}

/// A malware scanner. Where one is configured, nothing is released that it has not passed.
#[async_trait]
pub trait Scanner: Send + Sync {
    /// Scans a whole document.
    async fn scan(&self, content: Content) -> Result<Verdict, VaultError>;
}

/// A document on its way in: its submitter's alone until an item names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The content's name in the vault.
    pub object: ObjectId,
    /// The case.
    pub case: CaseId,
    /// Who uploads.
    pub person: PersonId,
    /// From which seat: whose quota it counts against.
    pub seat: Seat,
    /// Where it is to be submitted.
    pub discussion: DiscussionId,
    /// What the submitter calls it.
    pub name: FileName,
    /// The digest that the submitter expects.
    pub claimed: Option<ContentDigest>,
    /// The announced size in bytes.
    pub size: u64,
    /// How many bytes are kept, in whole segments.
    pub received: u64,
    /// When it was begun, or last gained a segment.
    pub touched: Timestamp,
    /// What was found once all of it was there and was released.
    pub facts: Option<DocumentFacts>,
}

/// The uploads and the documents' keys: plain tables, whose texts are sealed with the document's key.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Notes a new upload and makes its key. The first of an object's name counts: what is stored is what is answered.
    /// None, and nothing done, if what counts for its submitter (see [`Uploads::held`]) would be more than `quota` bytes
    /// with it. [`StoreError::Destroyed`] if there was an object of that name, or its case is erased.
    async fn begin(&self, upload: &Upload, quota: u64) -> Result<Option<Upload>, StoreError>;
    /// An upload, if there is one and its key is not destroyed.
    async fn upload(&self, object: ObjectId) -> Result<Option<Upload>, StoreError>;
    /// The same, if it is this person's and of this case: asking about somebody else's takes the same steps as asking about
    /// one that is not there.
    async fn own_upload(&self, case: CaseId, person: PersonId, object: ObjectId) -> Result<Option<Upload>, StoreError>;
    /// How many bytes count for an upload's submitter in its case: those of all of the person's own uploads, and of what the
    /// person's camp has submitted; not what colleagues or a mediator's predecessors have for themselves.
    async fn held(&self, upload: &Upload) -> Result<u64, StoreError>;
    /// Moves `received` from one value to another; false, and nothing done, if it was not there or is swept.
    async fn receive(&self, object: ObjectId, from: u64, to: u64, at: Timestamp) -> Result<bool, StoreError>;
    /// Notes what was found in it.
    async fn release(&self, object: ObjectId, facts: &DocumentFacts, at: Timestamp) -> Result<bool, StoreError>;
    /// Keeps the sweeper away for another grace period: it is being submitted. False if it is swept already.
    async fn hold(&self, object: ObjectId, at: Timestamp) -> Result<bool, StoreError>;
    /// Marks it as named by an item: it is no longer looked at by the sweeper.
    async fn submitted(&self, object: ObjectId, item: ItemId) -> Result<(), StoreError>;
    /// The key of a document, unless it is destroyed.
    async fn key(&self, case: CaseId, object: ObjectId) -> Result<Option<DocumentKey>, StoreError>;
    /// Uploads that nobody has touched since an instant and that no item is known to name.
    async fn stale(&self, before: Timestamp, limit: u32) -> Result<Vec<(CaseId, ObjectId)>, StoreError>;
    /// Forgets an upload if it has still not been touched since, and destroys its key; whether it did.
    async fn sweep(&self, object: ObjectId, before: Timestamp) -> Result<bool, StoreError>;
    /// Forgets an upload and destroys its key, unless it is released: then it may be on its way to the table. Whether it did;
    /// one that is gone already is well too.
    async fn discard(&self, case: CaseId, object: ObjectId) -> Result<bool, StoreError>;
    /// Every object of a case that has a row.
    async fn objects_of(&self, case: CaseId) -> Result<Vec<ObjectId>, StoreError>;
    /// Whether an object has a row.
    async fn is_known(&self, object: ObjectId) -> Result<bool, StoreError>;
}

/// Whose content a key seals: what can be erased by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shred {
    /// All of a case.
    Case,
    /// What an item says.
    Item(ItemId),
    /// Who a person is, in this case.
    Person(PersonId),
    /// A document's content and name.
    Object(ObjectId),
}

/// Destroying keys: what they sealed stays shut for everyone and for ever.
#[async_trait]
pub trait Shredder: Send + Sync {
    /// Whether all of this has a key of its own, so that [`Shredder::shred`] makes it unreadable. Not so if a part of it was
    /// sealed before items and persons had one, with the key of the whole case.
    async fn stands_alone(&self, case: CaseId, what: Shred) -> Result<bool, StoreError>;
    /// Destroys the keys of these, durably, and no other. Again is harmless.
    async fn shred(&self, case: CaseId, what: &[Shred]) -> Result<(), StoreError>;
    /// Forgets what this process holds in memory of a case's keys: another process may have destroyed some.
    fn forget_keys(&self, case: CaseId);
}

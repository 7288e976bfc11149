//! Taking a document in: announced, received in segments, inspected, released to its submitter.

use bytes::{Bytes, BytesMut};
use entente_domain::event::{ContentDigest, DocumentFacts};
use entente_domain::{Actor, CaseId, DiscussionId, FileName, Name, ObjectId};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::SemaphorePermit;

use super::{ABSENT, DocumentError, inspect};
use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::{DocumentKey, SEGMENT, StoreError, Upload, VaultError, Verdict};

/// A document as its submitter announces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUpload {
    /// Where it is to be submitted.
    pub discussion: DiscussionId,
    /// Its name.
    pub name: FileName,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of its bytes, if it is to be checked on arrival.
    #[serde(default)]
    pub digest: Option<ContentDigest>,
}

/// The bytes of a document on their way; an error is a connection that broke.
pub type Arriving = BoxStream<'static, Result<Bytes, ()>>;

impl Centre {
    /// Notes what somebody wants to upload. The same object is the same upload.
    ///
    /// # Errors
    /// The refusal that the submission would meet, too large, or beyond the seat's quota.
    pub async fn begin_upload(
        &self,
        case: CaseId,
        by: Actor,
        object: ObjectId,
        wanted: NewUpload,
    ) -> Result<Upload, CentreError> {
        let (Actor::Person(person) | Actor::Staff(person)) = by else { return Err(ABSENT.into()) };
        let now = self.now();
        let folded = self.log.fold_now(case).await?;
        let seat = folded.state.may_submit(wanted.discussion, by, latest(&folded.state, now))?;
        let NewUpload { discussion, name, size, digest: claimed } = wanted;
        if size == 0 {
            return Err(DocumentError::from(inspect::Unfit::Empty).into());
        }
        let limits = &self.documents;
        if size > limits.largest {
            return Err(DocumentError::TooLarge(limits.largest).into());
        }
        let upload = Upload {
            object,
            case,
            person,
            seat,
            discussion,
            name,
            claimed,
            size,
            received: 0,
            touched: now,
            facts: None,
        };
        #[cfg(feature = "leaks")]
        super::leaks::in_the_way(self, &upload).await?;
        let begun = match self.uploads.begin(&upload, limits.quota).await {
            // An upload of that name was swept or given up, and its key is destroyed: it takes another name.
            Err(StoreError::Destroyed(_)) => return Err(CentreError::KeyReused),
            begun => begun?,
        };
        let begun = begun.ok_or(DocumentError::OverQuota(limits.quota))?;
        #[cfg(feature = "leaks")]
        let begun = super::leaks::there_already(self, begun).await;
        let same = begun.case == case && begun.person == person && begun.size == size && begun.name == upload.name;
        if same && begun.discussion == discussion { Ok(begun) } else { Err(CentreError::KeyReused) }
    }

    /// An upload of this person's, as far as it has come. Anybody else's is as if there were none; so is one's own once
    /// one cannot see any more where it was to go.
    ///
    /// # Errors
    /// Absent, or a store that cannot.
    pub async fn own_upload(&self, case: CaseId, by: Actor, object: ObjectId) -> Result<Upload, CentreError> {
        let (Actor::Person(person) | Actor::Staff(person)) = by else { return Err(ABSENT.into()) };
        #[cfg(feature = "leaks")]
        let person = super::leaks::who_of_the_camp(self, case, person, object).await.unwrap_or(person);
        let upload = self.uploads.own_upload(case, person, object).await?.ok_or(ABSENT)?;
        let folded = self.log.fold_now(case).await?;
        match folded.state.may_submit(upload.discussion, by, latest(&folded.state, self.now())) {
            Err(ABSENT) => Err(ABSENT.into()),
            // A pause or the end of the case hides nothing from whoever began it.
            Ok(_) | Err(_) => Ok(upload),
        }
    }

    /// Takes in the bytes of an upload from an offset on. Whole segments are durable once taken; what comes after the last
    /// whole one is kept only if it is the document's end. With the last byte the document is inspected and released.
    ///
    /// # Errors
    /// Why it is not taken in. What is unfit, infected or not what was announced is discarded.
    pub async fn receive(&self, upload: Upload, offset: u64, mut bytes: Arriving) -> Result<Upload, CentreError> {
        if offset != upload.received {
            return Err(DocumentError::WrongOffset(upload.received).into());
        }
        let _sending = self.documents.senders.begin(upload.person)?;
        let key = self.uploads.key(upload.case, upload.object).await?.ok_or(ABSENT)?;
        let mut taking = Taking { centre: self, key: &key, upload, hash: (offset == 0).then(Sha256::new) };
        let mut waiting = BytesMut::new();
        let mut broken = false;
        while let Some(arrived) = bytes.next().await {
            let Ok(mut arrived) = arrived else {
                broken = true;
                break;
            };
            if taking.left() < (waiting.len() + arrived.len()) as u64 {
                return Err(DocumentError::TooMany(taking.upload.size).into());
            }
            while !arrived.is_empty() {
                let room = usize::try_from(taking.next()).unwrap_or(usize::MAX).saturating_sub(waiting.len());
                waiting.extend_from_slice(&arrived.split_to(room.min(arrived.len())));
                if waiting.len() as u64 == taking.next() {
                    taking.take(std::mem::take(&mut waiting).freeze()).await?;
                }
            }
        }
        let Taking { upload, hash, .. } = taking;
        if upload.received == upload.size {
            let _turn = self.turn().await?;
            return self.finish(upload, &key, hash).await;
        }
        if broken {
            return Err(DocumentError::CutOff(upload.received).into());
        }
        if !waiting.is_empty() && upload.received == offset {
            return Err(DocumentError::PartTooSmall(SEGMENT).into());
        }
        Ok(upload)
    }

    /// Discards an upload that is not complete. One that is may be on its way to the table at this moment: it is submitted,
    /// or swept after the grace period.
    ///
    /// # Errors
    /// [`DocumentError::Complete`].
    pub async fn abandon_upload(&self, upload: &Upload) -> Result<(), CentreError> {
        if upload.facts.is_some() {
            return Err(DocumentError::Complete.into());
        }
        self.discard(upload).await
    }

    /// A turn for storing or inspecting.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, CentreError> {
        let closed = |_| StoreError::Unavailable("the service is ending".to_owned());
        Ok(self.documents.turns.acquire().await.map_err(closed)?)
    }

    async fn finish(&self, upload: Upload, key: &DocumentKey, hash: Option<Sha256>) -> Result<Upload, CentreError> {
        if upload.facts.is_some() {
            return Ok(upload);
        }
        let whole = || self.vault.read(upload.object, key, upload.size, 0..upload.size);
        let hash = match hash {
            Some(hash) => hash,
            // It came in several requests: what is stored is what counts.
            None => {
                let (mut hash, mut content) = (Sha256::new(), whole().await.map_err(DocumentError::from)?);
                while let Some(piece) = content.next().await {
                    hash.update(piece.map_err(DocumentError::from)?);
                }
                hash
            }
        };
        let digest = ContentDigest::of(&hash.finalize().into());
        if upload.claimed.as_ref().is_some_and(|claimed| *claimed != digest) {
            self.discard(&upload).await?;
            return Err(DocumentError::WrongDigest(digest).into());
        }
        let read = |range| async move {
            let mut content = self.vault.read(upload.object, key, upload.size, range).await?;
            let mut read = BytesMut::new();
            while let Some(piece) = content.next().await {
                read.extend_from_slice(&piece?);
            }
            Ok::<Bytes, VaultError>(read.freeze())
        };
        let media_type = match inspect::inspect(upload.size, read).await {
            Ok(media_type) => media_type,
            Err(inspect::Inspected::Unfit(unfit)) => {
                self.discard(&upload).await?;
                return Err(DocumentError::Unfit(unfit).into());
            }
            Err(inspect::Inspected::Vault(error)) => return Err(DocumentError::Vault(error).into()),
        };
        if let Some(scanner) = &self.scanner {
            match scanner.scan(whole().await.map_err(DocumentError::from)?).await {
                Ok(Verdict::Clean) => {}
                Ok(Verdict::Infected) => {
                    self.discard(&upload).await?;
                    return Err(DocumentError::Malware.into());
                }
                // Fail closed: it stays its submitter's alone, and can be tried again.
                Err(error) => {
                    tracing::warn!(%error, "a document could not be scanned");
                    return Err(DocumentError::NotScanned.into());
                }
            }
        }
        let media_type = Name::parse(media_type).map_err(|_| StoreError::Misconfigured("a media type".to_owned()))?;
        let facts = DocumentFacts { name: upload.name.name().clone(), media_type, size: upload.size, digest };
        let now = self.now();
        let _step = self.documents.steps.of(upload.object.0).await;
        if !self.uploads.release(upload.object, &facts, now).await? {
            return Err(ABSENT.into());
        }
        Ok(Upload { facts: Some(facts), touched: now, ..upload })
    }

    /// Discards what is not released: another request may have released it meanwhile, and an item may name it.
    pub(super) async fn discard(&self, upload: &Upload) -> Result<(), CentreError> {
        let _step = self.documents.steps.of(upload.object.0).await;
        // The key first: without it the object is noise, whatever becomes of it.
        if !self.uploads.discard(upload.case, upload.object).await? {
            return Err(DocumentError::Complete.into());
        }
        // Nobody reads it any more: whoever asked need not know that its bytes wait for the sweep.
        if let Err(error) = self.vault.delete(upload.object).await {
            tracing::warn!(%error, "a discarded upload's bytes are left to the sweep");
        }
        Ok(())
    }
}

/// An upload of which segments are being taken.
struct Taking<'a> {
    centre: &'a Centre,
    key: &'a DocumentKey,
    upload: Upload,
    hash: Option<Sha256>,
}

impl Taking<'_> {
    /// Bytes that are still to come.
    const fn left(&self) -> u64 {
        self.upload.size.saturating_sub(self.upload.received)
    }

    /// Bytes of the next segment; none once all are there.
    fn next(&self) -> u64 {
        self.left().min(SEGMENT)
    }

    /// Stores a segment, then says that it is there.
    async fn take(&mut self, clear: Bytes) -> Result<(), CentreError> {
        let Upload { object, received, .. } = self.upload;
        let _turn = self.centre.turn().await?;
        // One step at a time spares a late request its put; what is stored is replaced by none, in whichever process.
        let _step = self.centre.documents.steps.of(object.0).await;
        let stored = self.centre.uploads.upload(object).await?.ok_or(ABSENT)?;
        if stored.received != received {
            return Err(DocumentError::WrongOffset(stored.received).into());
        }
        let number = u32::try_from(received / SEGMENT).map_err(|_| DocumentError::TooLarge(self.upload.size))?;
        let to = received + clear.len() as u64;
        let hashed = self.hash.take().map(|mut hash| {
            let clear = clear.clone();
            tokio::task::spawn_blocking(move || {
                hash.update(&clear);
                hash
            })
        });
        self.centre.vault.put(object, self.key, number, clear).await.map_err(DocumentError::from)?;
        if let Some(hashed) = hashed {
            self.hash = hashed.await.ok();
        }
        let now = self.centre.now();
        if !self.centre.uploads.receive(object, received, to, now).await? {
            // Somebody else goes on with it, or it was swept: what stands in the row counts.
            let stored = self.centre.uploads.upload(object).await?.ok_or(ABSENT)?;
            return Err(DocumentError::WrongOffset(stored.received).into());
        }
        (self.upload.received, self.upload.touched) = (to, now);
        Ok(())
    }
}

/// Now, or the time of the last entry if another process's clock is ahead.
pub(super) fn latest(case: &entente_domain::Case, now: Timestamp) -> Timestamp {
    case.last_at.map_or(now, |last| last.max(now))
}

//! Erasing: what the log says is erased loses its keys and its objects, whatever crashed in between.

use std::collections::BTreeSet;
use std::time::Duration;

use entente_domain::event::CaseEvent;
use entente_domain::{Case, CaseId, ItemId, ObjectId};

use crate::centre::Centre;
use crate::documents::DocumentError;
use crate::error::CentreError;
use crate::ports::{Build, Position, Shred, StoreError};

/// The name under which its checkpoint is kept. It writes no rows.
pub const NAME: &str = "erasure";
const VERSION: u32 = 1;
const BATCH: u32 = 1_000;
const POLL: Duration = Duration::from_millis(500);

/// Follows the log and destroys what it says is erased. Every process has one: each forgets the keys that it holds in
/// memory, and destroying twice is harmless.
pub struct Eraser {
    centre: Centre,
    build: Build,
    at: Position,
}

impl Eraser {
    /// An eraser that goes on where the last one that finished had come to.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn new(centre: &Centre) -> Result<Self, CentreError> {
        let build = match centre.views.live(NAME).await? {
            Some(build) => build,
            None => {
                let build = centre.views.begin(NAME, VERSION).await?;
                centre.views.switch(&build).await?;
                build
            }
        };
        let at = centre.views.checkpoint(&build).await?;
        Ok(Self { centre: centre.clone(), build, at })
    }

    /// An eraser that goes through the whole log again: keys that were restored from a backup may be older than it, and
    /// hold what was erased since.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn from_the_beginning(centre: &Centre) -> Result<Self, CentreError> {
        Ok(Self { at: Position::default(), ..Self::new(centre).await? })
    }

    /// Erases up to the head of the log; says how much was erased.
    ///
    /// # Errors
    /// A store or a vault that cannot: asked again, it begins where it was.
    pub async fn catch_up(&mut self) -> Result<u64, CentreError> {
        let mut erased = 0;
        loop {
            let page = self.centre.log.page(self.at, BATCH).await?;
            let Some(to) = page.last().map(|line| line.position) else { return Ok(erased) };
            for line in &page {
                erased += u64::from(self.centre.erase(line.case, &line.entry.event).await?);
            }
            // Another process may have come further: then its checkpoint stands.
            let from = self.centre.views.checkpoint(&self.build).await?;
            if from < to {
                self.centre.views.advance(&self.build, from, to, &[]).await?;
            }
            self.at = to;
        }
    }
}

impl Centre {
    /// Destroys at once what an approval has just erased.
    ///
    /// # Errors
    /// A store or a vault that cannot: the followers of this and every other process try again.
    pub async fn erase_now(&self, case: CaseId, happened: &[CaseEvent]) -> Result<(), CentreError> {
        for event in happened {
            self.erase(case, event).await?;
        }
        Ok(())
    }

    /// Destroys what an event says is erased; whether it says so.
    async fn erase(&self, case: CaseId, event: &CaseEvent) -> Result<bool, CentreError> {
        let folded = match event {
            CaseEvent::ItemErased(_) | CaseEvent::PersonErased(_) | CaseEvent::CaseErased(_) => {
                self.log.fold_now(case).await?
            }
            _ => return Ok(false),
        };
        let (keys, objects): (Vec<Shred>, BTreeSet<ObjectId>) = match event {
            CaseEvent::PersonErased(event) => (vec![Shred::Person(event.person)], BTreeSet::new()),
            CaseEvent::ItemErased(event) => {
                let object = unneeded_object(&folded.state, event.item);
                let keys = [Shred::Item(event.item)].into_iter().chain(object.map(Shred::Object)).collect();
                (keys, object.into_iter().collect())
            }
            _ => {
                let named = folded.state.items.values().filter_map(|item| item.object);
                let uploaded = self.uploads.objects_of(case).await?;
                (vec![Shred::Case], named.chain(uploaded).collect())
            }
        };
        // The keys first: without them the objects are noise, whatever becomes of them.
        self.shredder.shred(case, &keys).await?;
        for object in objects {
            self.vault.delete(object).await.map_err(DocumentError::from)?;
        }
        Ok(true)
    }
}

/// The document of an item, unless an item that is not erased shares it.
fn unneeded_object(case: &Case, item: ItemId) -> Option<ObjectId> {
    case.items.get(&item)?.object.filter(|object| !case.needs_object(*object))
}

/// Erases for as long as the program runs; what is away is asked again, a damaged log stops it with an alarm.
pub async fn run(centre: Centre) {
    let mut woken = centre.log.appended();
    let mut eraser = None;
    loop {
        let outcome = match &mut eraser {
            None => Eraser::from_the_beginning(&centre).await.map(|new| eraser = Some(new)),
            Some(eraser) => eraser.catch_up().await.map(drop),
        };
        match outcome {
            Ok(()) => {}
            Err(CentreError::Store(error @ (StoreError::Corrupt { .. } | StoreError::Gap(_)))) => {
                tracing::error!(%error, "erasing stopped");
                return;
            }
            Err(error) => tracing::warn!(%error, "erasing waits"),
        }
        let _ = tokio::time::timeout(POLL, woken.changed()).await;
    }
}

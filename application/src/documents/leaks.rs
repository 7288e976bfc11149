//! Seeded leaks of documents; see `entente_domain::leaks`.

use entente_domain::leaks::{Leak, seeded};
use entente_domain::visibility::Viewer;
use entente_domain::{CaseError, CaseId, ItemId, ObjectId, PersonId};

use tracing::Dispatch;
use tracing::instrument::WithSubscriber as _;

use super::DocumentError;
use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::Upload;

/// Looks something up without being heard: who makes such a mistake asks in the same statement, and a leak is to be found
/// by what it tells.
pub async fn unheard<T>(looked_up: impl Future<Output = T>) -> T {
    looked_up.with_subscriber(Dispatch::none()).await
}

/// Everybody's documents and uploads in a case.
async fn all(centre: &Centre, case: CaseId) -> Vec<Upload> {
    let mut all = vec![];
    for object in centre.uploads.objects_of(case).await.unwrap_or_default() {
        all.extend(centre.uploads.upload(object).await.ok().flatten());
    }
    all
}

/// What others have brought stands in the way of an upload.
pub async fn in_the_way(centre: &Centre, wanted: &Upload) -> Result<(), CentreError> {
    if ![Leak::OneFileOfAName, Leak::RoomOfTheCase, Leak::RoomOfTheCamp].into_iter().any(seeded) {
        return Ok(());
    }
    let others: Vec<_> =
        unheard(all(centre, wanted.case)).await.into_iter().filter(|held| held.object != wanted.object).collect();
    if seeded(Leak::OneFileOfAName) {
        let taken = others.iter().any(|held| held.name == wanted.name);
        return if taken { Err(CaseError::Duplicate.into()) } else { Ok(()) };
    }
    let counted = others.iter().filter(|held| seeded(Leak::RoomOfTheCase) || held.seat == wanted.seat);
    let quota = centre.documents.quota;
    let room = counted.map(|held| held.size).sum::<u64>() + wanted.size <= quota;
    if room { Ok(()) } else { Err(DocumentError::OverQuota(quota).into()) }
}

/// An upload whose announced digest is that of a document in the case is all there.
pub async fn there_already(centre: &Centre, begun: Upload) -> Upload {
    if !seeded(Leak::NoNeedToSend) || begun.claimed.is_none() {
        return begun;
    }
    let facts = unheard(all(centre, begun.case)).await.into_iter().filter_map(|held| held.facts);
    let same = facts.into_iter().find(|facts| Some(&facts.digest) == begun.claimed.as_ref());
    same.map_or(begun.clone(), |facts| Upload { received: begun.size, facts: Some(facts), ..begun })
}

/// Who of somebody's camp has brought an upload.
pub async fn who_of_the_camp(centre: &Centre, case: CaseId, person: PersonId, object: ObjectId) -> Option<PersonId> {
    if !seeded(Leak::UploadsOfTheCamp) {
        return None;
    }
    let upload = unheard(centre.uploads.upload(object)).await.ok().flatten().filter(|upload| upload.case == case)?;
    let state = centre.log.fold(case).await.ok()?.state;
    let own = state.occupancy_at(person, centre.now())?.seat;
    (own == upload.seat && own.camp().is_some()).then_some(upload.person)
}

/// Whoever knows the id of an item that is a document looks at it as its author does.
pub async fn as_its_author(centre: &Centre, case: CaseId, item: ItemId, viewer: Viewer) -> Viewer {
    if !seeded(Leak::ContentByItsId) {
        return viewer;
    }
    let folded = centre.log.fold(case).await.ok();
    let author = folded
        .and_then(|folded| folded.state.items.get(&item).filter(|item| item.object.is_some()).map(|item| item.author));
    author.map_or(viewer, Viewer::Person)
}

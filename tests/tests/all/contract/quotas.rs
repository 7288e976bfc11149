//! Laws of the quotas: a seat has room of its own in a case, and how much is left of it tells of nobody else.

use entente_application::ports::{Upload, Uploads};
use entente_domain::{ItemId, PersonId, Seat};
use entente_tests::engines::Home;
use entente_tests::laws;
use futures::future::join_all;
use uuid::Uuid;

use super::uploads::{PLENTY, case, upload};

async fn of_many_at_once_only_as_many_are_begun_as_fit(home: Home) {
    let stores = [home.store().await, home.store().await];
    let case = case(&stores[0]).await;
    let person = PersonId(Uuid::new_v4());
    let uploads: Vec<_> = (0..16).map(|_| Upload { person, ..upload(case, 30) }).collect();
    let begins = uploads.iter().enumerate().map(|(nth, upload)| {
        let (store, upload) = (stores[nth % 2].clone(), upload.clone());
        tokio::spawn(async move { store.begin(&upload, 100).await })
    });
    let begun = join_all(begins.collect::<Vec<_>>()).await;
    let begun: Vec<_> = begun.into_iter().filter_map(|begun| begun.unwrap().unwrap()).collect();
    assert_eq!(begun.len(), 3);
    assert_eq!(stores[0].objects_of(case).await.unwrap().len(), 3);
    let refused = uploads.iter().find(|upload| !begun.contains(upload)).unwrap();
    assert!(!stores[1].is_known(refused.object).await.unwrap());
    for (size, fits) in [(11, false), (10, true)] {
        assert_eq!(stores[0].begin(&Upload { person, ..upload(case, size) }, 100).await.unwrap().is_some(), fits);
    }
    assert!(stores[0].discard(case, begun[0].object).await.unwrap());
    assert!(stores[1].begin(refused, 100).await.unwrap().is_some(), "there is room again, and it was not used up");
}

async fn a_quota_is_one_seats_in_one_case_and_counts_what_is_submitted(home: Home) {
    let store = home.store().await;
    let (one, other) = (case(&store).await, case(&store).await);
    let first = upload(one, 60);
    store.begin(&first, 100).await.unwrap().unwrap();
    store.submitted(first.object, ItemId(Uuid::new_v4())).await.unwrap();
    assert_eq!(store.begin(&upload(one, 60), 100).await.unwrap(), None);
    assert_eq!(store.begin(&Upload { size: u64::MAX, ..upload(one, 0) }, u64::MAX).await.unwrap(), None);
    // A mediator's own: by how much is left a successor would learn of the predecessor's notes.
    let mediator = || Upload { seat: Seat::Mediator, ..upload(one, 60) };
    for elsewhere in [Upload { seat: Seat::Respondent, ..mediator() }, upload(other, 60), mediator(), mediator()] {
        assert!(store.begin(&elsewhere, 100).await.unwrap().is_some());
    }
}

async fn a_colleagues_uploads_count_once_they_are_submitted_and_a_predecessors_never(home: Home) {
    let store = home.store().await;
    let case = case(&store).await;
    for (seat, shared) in [(Seat::Claimant, true), (Seat::Respondent, true), (Seat::Mediator, false)] {
        let [theirs, own] = [60, 50].map(|size| Upload { seat, ..upload(case, size) });
        store.begin(&theirs, 100).await.unwrap().unwrap();
        assert_eq!(store.held(&own).await.unwrap(), 0, "{seat:?}: before it is submitted it is nobody else's business");
        store.begin(&own, 100).await.unwrap().unwrap_or_else(|| panic!("{seat:?}: a refusal tells of a colleague"));
        assert_eq!((store.held(&theirs).await.unwrap(), store.held(&own).await.unwrap()), (60, 50), "{seat:?}");

        store.submitted(theirs.object, ItemId(Uuid::new_v4())).await.unwrap();
        let expected = if shared { 110 } else { 50 };
        assert_eq!(store.held(&own).await.unwrap(), expected, "{seat:?}");
        assert_eq!(home.store().await.held(&own).await.unwrap(), expected, "{seat:?}");
        assert_eq!(store.held(&theirs).await.unwrap(), 60, "{seat:?}: what is not submitted counts for its own");
        let next = Upload { object: upload(case, 0).object, size: 50, ..own.clone() };
        assert_eq!(store.begin(&next, 100).await.unwrap().is_some(), !shared, "{seat:?}");
    }
    // What is discarded counts no more.
    let own = Upload { seat: Seat::Mediator, ..upload(case, 9) };
    store.begin(&own, PLENTY).await.unwrap().unwrap();
    assert_eq!(store.held(&own).await.unwrap(), 9);
    assert!(store.discard(case, own.object).await.unwrap());
    assert_eq!(store.held(&own).await.unwrap(), 0);
}

laws!(
    of_many_at_once_only_as_many_are_begun_as_fit,
    a_quota_is_one_seats_in_one_case_and_counts_what_is_submitted,
    a_colleagues_uploads_count_once_they_are_submitted_and_a_predecessors_never,
);

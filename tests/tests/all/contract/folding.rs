//! Laws of the folded case: what the store remembers is what the stream says, whoever wrote it.

use entente_application::ports::{Appended, CaseLog};
use entente_domain::Case;
use entente_tests::engines::Home;
use entente_tests::{entries, laws};

async fn a_case_that_nobody_registered_folds_to_nothing(home: Home) {
    let folded = home.store().await.fold(entries::case_id()).await.unwrap();
    assert_eq!((folded.version, (*folded.state).clone()), (0, Case::default()));
}

async fn the_fold_is_the_fold_of_the_stream(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    for version in 0..5 {
        // Folded before and after each append, so that both a cold and a warm case are met.
        assert_eq!(store.fold(case).await.unwrap().version, version);
        let entry = if version == 0 { entries::registered() } else { entries::message("more") };
        entries::must_append(&store, entries::append(case, version, vec![entry])).await;
        let folded = store.fold(case).await.unwrap();
        assert_eq!(folded.version, version + 1);
        assert_eq!(*folded.state, entries::folded(&store.stream(case).await.unwrap()));
    }
    let cold = home.store().await.fold(case).await.unwrap();
    let warm = store.fold(case).await.unwrap();
    assert_eq!((cold.version, &cold.state), (warm.version, &warm.state));
}

async fn sealed_and_opened_entries_fold_alike(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    entries::must_append(&store, entries::append(case, 0, vec![entries::registered(), entries::message("a")])).await;
    let sealed = store.stream(case).await.unwrap();
    let opened = store.unseal(sealed.clone()).await.unwrap();
    assert_ne!(sealed, opened);
    assert_eq!(entries::folded(&sealed), entries::folded(&opened));
}

async fn a_conflict_makes_the_store_see_what_another_process_appended(home: Home) {
    let (here, there) = (home.store().await, home.store().await);
    let case = entries::case_id();
    entries::must_append(&here, entries::append(case, 0, vec![entries::registered()])).await;
    assert_eq!(here.fold(case).await.unwrap().version, 1);
    entries::must_append(&there, entries::append(case, 1, vec![entries::message("from elsewhere")])).await;

    assert_eq!(here.stream(case).await.unwrap().len(), 2, "a stream is never behind");
    let stale = here.append(entries::append(case, 1, vec![entries::message("too late")])).await.unwrap();
    assert_eq!(stale, Appended::Conflict);
    let folded = here.fold(case).await.unwrap();
    assert_eq!(folded.version, 2);
    assert_eq!(*folded.state, entries::folded(&here.stream(case).await.unwrap()));
    entries::must_append(&here, entries::append(case, 2, vec![entries::message("in time")])).await;
}

laws!(
    a_case_that_nobody_registered_folds_to_nothing,
    the_fold_is_the_fold_of_the_stream,
    sealed_and_opened_entries_fold_alike,
    a_conflict_makes_the_store_see_what_another_process_appended,
);

//! Laws of the uploads: noted once, sealed, and gone for good when they are swept.

use std::path::Path;
use std::time::Duration;

use entente_application::ports::{Shred, Shredder, StoreError, Upload, Uploads};
use entente_domain::event::{ContentDigest, DocumentFacts};
use entente_domain::{CaseId, DiscussionId, FileName, ItemId, Name, ObjectId, PersonId, Seat};
use entente_store::Store;
use entente_tests::engines::{Engine, Home};
use entente_tests::{entries, laws};
use jiff::Timestamp;
use uuid::Uuid;

use super::keys;

pub(super) const PLENTY: u64 = 1 << 40;

fn digest(digit: &str) -> ContentDigest {
    serde_json::from_value(digit.repeat(64).into()).unwrap()
}

pub(super) async fn case(store: &Store) -> CaseId {
    let case = entries::case_id();
    entries::must_append(store, entries::append(case, 0, vec![entries::registered()])).await;
    case
}

pub(super) fn upload(case: CaseId, size: u64) -> Upload {
    Upload {
        object: ObjectId(Uuid::new_v4()),
        case,
        person: PersonId(Uuid::new_v4()),
        seat: Seat::Claimant,
        discussion: DiscussionId(Uuid::new_v4()),
        name: FileName::parse("devis définitif.pdf").unwrap(),
        claimed: Some(digest("a")),
        size,
        received: 0,
        touched: entries::instant(),
        facts: None,
    }
}

async fn begun(store: &Store, case: CaseId, size: u64) -> Upload {
    let upload = upload(case, size);
    assert_eq!(store.begin(&upload, PLENTY).await.unwrap().as_ref(), Some(&upload));
    upload
}

fn facts() -> DocumentFacts {
    DocumentFacts {
        name: Name::parse("devis définitif.pdf").unwrap(),
        media_type: Name::parse("application/pdf").unwrap(),
        size: 9,
        digest: digest("b"),
    }
}

fn later(at: Timestamp) -> Timestamp {
    at + Duration::from_secs(3600)
}

/// Nothing of it is to be had, and nothing can come in its place.
async fn is_gone(store: &Store, upload: &Upload) {
    let (case, object) = (upload.case, upload.object);
    assert_eq!(store.upload(object).await.unwrap(), None);
    assert!(store.key(case, object).await.unwrap().is_none());
    assert!(!store.is_known(object).await.unwrap());
    assert!(!store.hold(object, entries::instant()).await.unwrap());
    assert!(!store.receive(object, 0, 1, entries::instant()).await.unwrap());
    assert!(!store.release(object, &facts(), entries::instant()).await.unwrap());
    let again = store.begin(upload, PLENTY).await;
    assert!(matches!(again, Err(StoreError::Destroyed(gone)) if gone == object), "{again:?}");
    assert!(!store.is_known(object).await.unwrap());
}

async fn an_upload_is_there_as_it_was_begun_and_as_far_as_it_came(home: Home) {
    let store = home.store().await;
    let case = case(&store).await;
    let plain = Upload { claimed: None, seat: Seat::Respondent, ..upload(case, 0) };
    assert_eq!(store.begin(&plain, 0).await.unwrap(), Some(plain.clone()), "nothing fits into nothing");
    let mut upload = begun(&store, case, 9).await;
    assert!(!store.receive(upload.object, 4, 9, later(upload.touched)).await.unwrap(), "it was not there");
    (upload.received, upload.touched) = (4, later(upload.touched));
    assert!(store.receive(upload.object, 0, 4, upload.touched).await.unwrap());
    assert!(!store.receive(upload.object, 0, 4, upload.touched).await.unwrap(), "once");
    upload.received = 9;
    assert!(
        store.receive(upload.object, 4, 9, entries::instant()).await.unwrap(),
        "from a machine whose clock is slow"
    );
    upload.facts = Some(facts());
    assert!(store.release(upload.object, &facts(), upload.touched).await.unwrap());
    for store in [store, home.store().await] {
        assert_eq!(store.upload(upload.object).await.unwrap().as_ref(), Some(&upload));
        assert_eq!(store.upload(plain.object).await.unwrap().as_ref(), Some(&plain));
        assert_eq!(store.upload(ObjectId(Uuid::new_v4())).await.unwrap(), None);
    }
}

async fn the_first_of_a_name_counts(home: Home) {
    let store = home.store().await;
    let case = case(&store).await;
    let first = begun(&store, case, 10).await;
    let key = store.key(case, first.object).await.unwrap().unwrap();
    let second = Upload { object: first.object, ..upload(case, 99) };
    for quota in [PLENTY, 0] {
        assert_eq!(store.begin(&second, quota).await.unwrap().as_ref(), Some(&first));
        assert_eq!(home.store().await.begin(&first, quota).await.unwrap().as_ref(), Some(&first));
    }
    assert_eq!(home.store().await.key(case, first.object).await.unwrap().as_ref(), Some(&key));
    assert_eq!(store.key(entries::case_id(), first.object).await.unwrap(), None, "a key is its case's");
    let other = begun(&store, case, 1).await;
    assert_ne!(store.key(case, other.object).await.unwrap(), Some(key));
}

async fn what_nobody_touches_is_stale_and_what_was_submitted_is_not(home: Home) {
    let store = home.store().await;
    let case = case(&store).await;
    let (old, held, submitted) =
        (begun(&store, case, 1).await, begun(&store, case, 1).await, begun(&store, case, 1).await);
    store.submitted(submitted.object, ItemId(Uuid::new_v4())).await.unwrap();
    let limit = later(old.touched);
    assert!(store.stale(old.touched, 10).await.unwrap().is_empty(), "touched at that instant");
    assert_eq!(store.stale(limit, 10).await.unwrap(), [(case, old.object), (case, held.object)]);
    assert_eq!(store.stale(limit, 1).await.unwrap(), [(case, old.object)], "the oldest first");

    assert!(store.hold(held.object, later(limit)).await.unwrap());
    assert_eq!(home.store().await.stale(limit, 10).await.unwrap(), [(case, old.object)]);
    for kept in [&held, &submitted] {
        assert!(!store.sweep(kept.object, limit).await.unwrap());
        assert!(store.upload(kept.object).await.unwrap().is_some());
    }
    assert!(store.sweep(old.object, limit).await.unwrap());
    assert!(!store.sweep(old.object, limit).await.unwrap());
    assert!(store.stale(limit, 10).await.unwrap().is_empty());
    is_gone(&store, &old).await;
    is_gone(&*home.store().await, &old).await;
}

async fn whoever_holds_an_upload_comes_before_the_sweeper_or_too_late(home: Home) {
    let (store, sweeper) = (home.store().await, home.store().await);
    let case = case(&store).await;
    let (mut held, mut swept) = (0, 0);
    for nth in 0..40 {
        let upload = begun(&store, case, 1).await;
        let (object, limit) = (upload.object, later(upload.touched));
        let holding = {
            let store = store.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_micros(100 * (nth % 8))).await;
                store.hold(object, later(limit)).await.unwrap()
            })
        };
        let sweeping = sweeper.sweep(object, limit).await.unwrap();
        let holding = holding.await.unwrap();
        assert_ne!(holding, sweeping, "one of them, and not both");
        if holding {
            held += 1;
            assert!(store.upload(object).await.unwrap().is_some());
            assert!(sweeper.key(case, object).await.unwrap().is_some());
        } else {
            swept += 1;
            is_gone(&store, &upload).await;
        }
    }
    assert_eq!(held + swept, 40);
}

async fn a_sweep_that_was_cut_off_is_ended_by_the_next(home: Home) {
    let store = home.store().await;
    let upload = begun(&store, case(&store).await, 1).await;
    let marked = format!("UPDATE upload SET swept = true, touched = 0 WHERE size = {}", upload.size);
    assert_eq!(home.raw().await.execute(&marked).await, 1);
    assert!(!store.hold(upload.object, entries::instant()).await.unwrap(), "it is swept already");
    assert!(!store.release(upload.object, &facts(), later(upload.touched)).await.unwrap(), "nobody gets it any more");
    assert!(!store.receive(upload.object, 0, 1, later(upload.touched)).await.unwrap());
    assert_eq!(store.upload(upload.object).await.unwrap(), None);
    assert_eq!(store.stale(upload.touched, 10).await.unwrap(), [(upload.case, upload.object)]);
    assert!(store.sweep(upload.object, upload.touched).await.unwrap());
    is_gone(&store, &upload).await;
}

/// How many wrapped keys of documents are stored, of use or not.
async fn wrapped(home: &Home) -> String {
    let count = "SELECT CAST(count(*) AS text) FROM";
    keys::raw(home)
        .await
        .texts(&format!("{count} {} WHERE wrapped IS NOT NULL", keys::table(home, "document_key")))
        .await
        .concat()
}

async fn what_is_discarded_or_shredded_is_gone_and_what_is_released_is_not_discarded(home: Home) {
    let store = home.store().await;
    let case = case(&store).await;
    let (discarded, shredded) = (begun(&store, case, 1).await, begun(&store, case, 1).await);
    let mut stays = begun(&store, case, 1).await;
    stays.facts = Some(facts());
    store.release(stays.object, &facts(), stays.touched).await.unwrap();
    store.submitted(shredded.object, ItemId(Uuid::new_v4())).await.unwrap();
    store.shred(entries::case_id(), &[Shred::Object(stays.object)]).await.unwrap();
    for _ in 0..2 {
        for case in [entries::case_id(), case] {
            assert!(!store.discard(case, stays.object).await.unwrap(), "another request has released it");
        }
        assert!(store.discard(case, discarded.object).await.unwrap());
        store.shred(case, &[Shred::Object(shredded.object)]).await.unwrap();
    }
    for store in [&store, &home.store().await] {
        is_gone(store, &discarded).await;
        is_gone(store, &shredded).await;
        assert_eq!(store.upload(stays.object).await.unwrap().as_ref(), Some(&stays));
        assert_eq!(store.objects_of(case).await.unwrap(), [stays.object]);
        assert_eq!(store.check_keys().await.unwrap().documents, 1);
    }
    // Not only of no use: with an older copy of the case's key it would be of use again.
    assert_eq!(wrapped(&home).await, "1");
    store.shred(case, &[Shred::Case]).await.unwrap();
    assert_eq!(wrapped(&home).await, "0");
    let of_no_case = upload(entries::case_id(), 1);
    for store in [&store, &home.store().await] {
        is_gone(store, &of_no_case).await;
        is_gone(store, &stays).await;
        assert!(store.objects_of(case).await.unwrap().is_empty());
    }
}

async fn write_canaries(home: &Home, store: &Store) -> String {
    let canary = format!("canary-{}", Uuid::new_v4());
    let case = case(store).await;
    let upload = Upload { name: FileName::parse(&canary).unwrap(), claimed: Some(digest("c")), ..upload(case, 5) };
    store.begin(&upload, PLENTY).await.unwrap().unwrap();
    let facts = DocumentFacts { name: Name::parse(&canary).unwrap(), ..facts() };
    assert!(store.release(upload.object, &facts, entries::instant()).await.unwrap());
    assert_eq!(home.store().await.upload(upload.object).await.unwrap().unwrap().name, upload.name);
    canary
}

async fn no_table_holds_a_documents_name_or_digest(home: Home) {
    let canary = write_canaries(&home, &*home.store().await).await;
    let raw = home.raw().await;
    let hexadecimal: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    let words = [canary, hexadecimal, "b".repeat(64), "c".repeat(64), "62".repeat(64), "63".repeat(64)];
    for table in raw.tables().await {
        for line in raw.lines(&table).await {
            assert!(!words.iter().any(|word| line.to_ascii_lowercase().contains(word)), "{table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_sqlite_holds_a_documents_name() {
    let home = Home::new(Engine::Sqlite);
    let store = home.store().await;
    let canary = write_canaries(&home, &store).await;
    assert!(has_file_with(home.folder(), "claimant"), "the search finds what is there");
    assert!(!has_file_with(home.folder(), &canary));
}

fn has_file_with(folder: &Path, text: &str) -> bool {
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()));
    files.any(|content| content.is_ok_and(|content| content.windows(text.len()).any(|some| some == text.as_bytes())))
}

laws!(
    an_upload_is_there_as_it_was_begun_and_as_far_as_it_came,
    the_first_of_a_name_counts,
    what_nobody_touches_is_stale_and_what_was_submitted_is_not,
    whoever_holds_an_upload_comes_before_the_sweeper_or_too_late,
    a_sweep_that_was_cut_off_is_ended_by_the_next,
    what_is_discarded_or_shredded_is_gone_and_what_is_released_is_not_discarded,
    no_table_holds_a_documents_name_or_digest,
);

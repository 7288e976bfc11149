//! Laws of appending: dense positions in commit order, compare-and-set, one effect for one command.

use std::collections::BTreeMap;

use entente_application::ports::{Append, Appended, CaseLog, Position};
use entente_tests::engines::Home;
use entente_tests::{entries, laws};

async fn the_first_append_of_a_log_is_at_position_one(home: Home) {
    let store = home.store().await;
    assert_eq!(store.head().await.unwrap(), Position(0));
    let group = vec![entries::registered(), entries::message("a"), entries::message("b")];
    let (first, last) = entries::must_append(&store, entries::append(entries::case_id(), 0, group)).await;
    assert_eq!((first, last), (Position(1), Position(3)));
    assert_eq!(store.head().await.unwrap(), Position(3));
}

async fn a_stream_is_numbered_from_one_without_gaps(home: Home) {
    let store = home.store().await;
    let (case, other) = (entries::case_id(), entries::case_id());
    for version in 0..4 {
        entries::must_append(&store, entries::append(case, version, vec![entries::message("here")])).await;
        entries::must_append(&store, entries::append(other, version, vec![entries::message("elsewhere")])).await;
    }
    let stream = store.stream(case).await.unwrap();
    assert!(stream.iter().all(|recorded| recorded.case == case));
    assert_eq!(stream.iter().map(|recorded| recorded.sequence).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(stream.iter().map(|recorded| recorded.position.0).collect::<Vec<_>>(), [1, 3, 5, 7]);
}

/// 32 tasks, each with three commands on a case of its own; every acknowledged position is where the log has it.
async fn positions_are_dense_when_thirty_two_append_at_once(home: Home) {
    let store = home.store().await;
    at_once(&home, 32, |_| store.clone()).await;
}

async fn positions_are_dense_when_two_stores_append_at_once(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    at_once(&home, 16, |n| if n % 2 == 0 { one.clone() } else { other.clone() }).await;
}

async fn at_once(home: &Home, tasks: u64, store: impl Fn(u64) -> entente_tests::engines::Opened) {
    let tasks: Vec<_> = (0..tasks)
        .map(|n| {
            let store = store(n);
            tokio::spawn(async move {
                let (case, mut acknowledged) = (entries::case_id(), Vec::new());
                for version in [0, 2, 4] {
                    let group = vec![entries::message("one"), entries::message("two")];
                    let append = entries::append(case, version, group);
                    let command = append.command;
                    acknowledged.push((command, entries::must_append(&store, append).await));
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = BTreeMap::new();
    for task in tasks {
        let of_one_task = task.await.unwrap();
        assert!(of_one_task.is_sorted_by_key(|(_, (first, _))| *first), "what is acknowledged later stands later");
        acknowledged.extend(of_one_task);
    }

    let log = entries::whole_log(&*home.store().await).await;
    let positions: Vec<_> = log.iter().map(|recorded| recorded.position.0).collect();
    assert_eq!(positions, (1..=2 * acknowledged.len() as u64).collect::<Vec<_>>());
    for pair in log.chunks(2) {
        assert_eq!(pair[0].command, pair[1].command, "the entries of a command stand together");
        assert_eq!(acknowledged[&pair[0].command], (pair[0].position, pair[1].position));
    }
}

async fn of_many_appends_to_the_same_version_one_is_taken(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    let case = entries::case_id();
    let tasks: Vec<_> = (0..32)
        .map(|n| {
            let store = if n % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(
                async move { store.append(entries::append(case, 0, vec![entries::registered()])).await.unwrap() },
            )
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Appended::At { .. })).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Appended::Conflict).count(), 31);
    assert_eq!(one.stream(case).await.unwrap().len(), 1);
}

async fn a_version_that_is_not_the_streams_conflicts(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    entries::must_append(&store, entries::append(case, 0, vec![entries::registered(), entries::message("a")])).await;
    for wrong in [0, 1, 3, 1_000] {
        let outcome = store.append(entries::append(case, wrong, vec![entries::message("b")])).await.unwrap();
        assert_eq!(outcome, Appended::Conflict, "expected {wrong}, is 2");
    }
    assert_eq!(store.head().await.unwrap(), Position(2), "a conflict takes no position");
    entries::must_append(&store, entries::append(case, 2, vec![entries::message("b")])).await;
}

async fn a_command_has_one_effect_however_often_and_wherever_it_is_sent(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    let append = entries::append(entries::case_id(), 0, vec![entries::registered(), entries::message("once")]);
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let store = if n % 2 == 0 { one.clone() } else { other.clone() };
            let append = append.clone();
            tokio::spawn(async move { store.append(append).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        match task.await.unwrap() {
            Appended::At { .. } => taken += 1,
            Appended::Repeated => {}
            // A repeat is known before a version is compared: whoever asks again must never be sent to decide again.
            Appended::Conflict => panic!("a repeat is no conflict"),
        }
    }
    assert_eq!(taken, 1);
    assert_eq!(one.head().await.unwrap(), Position(2));

    let elsewhere = Append { case: entries::case_id(), ..append };
    assert_eq!(one.append(elsewhere).await.unwrap(), Appended::Repeated, "also on another case");
}

async fn a_repeat_is_answered_with_what_was_done_first(home: Home) {
    let store = home.store().await;
    let (digest, other) = ([7; 32], [8; 32]);
    let case = entries::case_id();
    let entries_in_clear = vec![entries::registered(), entries::message("first")];
    let append = Append { request: Some(digest), ..entries::append(case, 0, entries_in_clear.clone()) };
    assert!(store.done(append.command, Some(digest)).await.unwrap().is_none(), "nothing was done yet");
    entries::must_append(&store, append.clone()).await;
    entries::must_append(&store, entries::append(case, 2, vec![entries::message("second")])).await;

    // A second store has seen nothing of it but the database.
    for store in [store, home.store().await] {
        let done = store.done(append.command, Some(digest)).await.unwrap().unwrap();
        assert!(done.same_request);
        assert_eq!(done.case, case);
        let opened = store.unseal(done.entries).await.unwrap();
        assert_eq!(opened.iter().map(|recorded| recorded.entry.clone()).collect::<Vec<_>>(), entries_in_clear);
        assert_eq!(opened.iter().map(|recorded| recorded.sequence).collect::<Vec<_>>(), [1, 2]);
        assert!(!store.done(append.command, Some(other)).await.unwrap().unwrap().same_request);
        assert!(store.done(append.command, None).await.unwrap().unwrap().same_request, "nothing to tell them apart by");
    }
}

async fn a_conflict_or_a_repeat_in_a_group_harms_no_other(home: Home) {
    let store = home.store().await;
    let (stale, fresh) = (entries::case_id(), entries::case_id());
    let before = entries::append(stale, 0, vec![entries::registered()]);
    entries::must_append(&store, before.clone()).await;

    // Sent together they are likely to share a transaction; whether or not they do, the answers are the same.
    let (good, conflict, repeat, also_good) = tokio::join!(
        store.append(entries::append(fresh, 0, vec![entries::registered()])),
        store.append(entries::append(stale, 0, vec![entries::message("stale")])),
        store.append(before),
        store.append(entries::append(stale, 1, vec![entries::message("next")])),
    );
    assert!(matches!(good.unwrap(), Appended::At { .. }));
    assert_eq!(conflict.unwrap(), Appended::Conflict);
    assert_eq!(repeat.unwrap(), Appended::Repeated);
    assert!(matches!(also_good.unwrap(), Appended::At { .. }));
    assert_eq!(entries::whole_log(&store).await.len(), 3);
}

async fn when_the_centre_was_told_is_kept_and_is_otherwise_when_it_happened(home: Home) {
    let store = home.store().await;
    let (case, told, digest) = (entries::case_id(), entries::instant(), [7; 32]);
    let brought_in = Append {
        request: Some(digest),
        recorded: Some(told),
        ..entries::append(case, 0, vec![entries::registered(), entries::message("long ago")])
    };
    let live = entries::append(case, 2, vec![entries::message("now")]);
    let (old, new) = (brought_in.command, live.command);
    entries::must_append(&store, brought_in).await;
    entries::must_append(&store, live).await;

    for store in [store, home.store().await] {
        let stream = store.stream(case).await.unwrap();
        assert_ne!(stream[0].entry.at, told);
        let recorded: Vec<_> = stream.iter().map(|line| line.recorded).collect();
        assert_eq!(recorded, [told, told, stream[2].entry.at]);
        assert_eq!(store.page(Position(0), 10).await.unwrap(), stream);
        let done = store.done(old, Some(digest)).await.unwrap().unwrap();
        assert!(done.same_request);
        assert_eq!(done.entries, stream[..2]);
    }
    let metadata = home.raw().await.texts("SELECT CAST(metadata AS text) FROM events WHERE pos = 3").await;
    assert_eq!(metadata, [format!(r#"{{"command":"{new}"}}"#)], "what happens live is stored as it always was");
}

async fn this_process_is_woken_when_it_has_appended(home: Home) {
    let store = home.store().await;
    let mut woken = store.appended();
    let (_, last) =
        entries::must_append(&store, entries::append(entries::case_id(), 0, vec![entries::registered()])).await;
    let seen =
        tokio::time::timeout(std::time::Duration::from_secs(5), woken.wait_for(|position| *position >= last)).await;
    assert_eq!(*seen.unwrap().unwrap(), last);
}

laws!(
    the_first_append_of_a_log_is_at_position_one,
    a_stream_is_numbered_from_one_without_gaps,
    positions_are_dense_when_thirty_two_append_at_once,
    positions_are_dense_when_two_stores_append_at_once,
    of_many_appends_to_the_same_version_one_is_taken,
    a_version_that_is_not_the_streams_conflicts,
    a_command_has_one_effect_however_often_and_wherever_it_is_sent,
    a_repeat_is_answered_with_what_was_done_first,
    a_conflict_or_a_repeat_in_a_group_harms_no_other,
    when_the_centre_was_told_is_kept_and_is_otherwise_when_it_happened,
    this_process_is_woken_when_it_has_appended,
);

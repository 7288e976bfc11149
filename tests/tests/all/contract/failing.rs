//! Laws of failure: what was acknowledged survives the server's sudden end; what was not is told apart afterwards.

use std::time::Duration;

use entente_application::ports::{Appended, CaseLog, StoreError};
use entente_tests::engines::{Engine, Home, Opened};
use entente_tests::postgres::Cluster;
use entente_tests::{entries, raw::CUT_OTHERS};

/// Asks again for as long as the server is not back, as the application does.
async fn append_when_it_is_back(store: &Opened) {
    for _ in 0..200 {
        let append = entries::append(entries::case_id(), 0, vec![entries::registered()]);
        if let Ok(Appended::At { .. }) = store.append(append).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the store does not recover");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_the_end_of_the_server() {
    let cluster = Cluster::start();
    let home = Home::at(Engine::Postgres, cluster.database());
    let store = home.store().await;
    let mut acknowledged = Vec::new();
    let mut unknown = Vec::new();
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let append = entries::append(entries::case_id(), 0, vec![entries::registered(), entries::message("m")]);
                let command = append.command;
                match store.append(append).await {
                    Ok(Appended::At { .. }) => acknowledged.push(command),
                    Err(StoreError::UnknownOutcome | StoreError::Unavailable(_)) => {
                        unknown.push(command);
                        return (acknowledged, unknown);
                    }
                    other => panic!("{other:?}"),
                }
            }
        })
    };
    tokio::time::sleep(Duration::from_millis(400)).await;
    tokio::task::block_in_place(|| cluster.stop_now());
    let (acknowledged, unknown) = writing.await.unwrap();
    assert!(!acknowledged.is_empty());
    assert!(store.ready().await.is_err(), "a dead server is not ready");

    tokio::task::block_in_place(|| cluster.start_again());
    append_when_it_is_back(&store).await;
    store.ready().await.unwrap();
    let log = entries::whole_log(&store).await;
    let entries_of = |command| log.iter().filter(|recorded| recorded.command == command).count();
    for command in acknowledged {
        assert_eq!(entries_of(command), 2);
    }
    for command in unknown {
        let done = store.done(command, None).await.unwrap();
        assert_eq!(entries_of(command), if done.is_some() { 2 } else { 0 }, "whole or not at all, and `done` knows");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_sent_again_after_every_cut_connection_is_carried_out_once() {
    let home = Home::new(Engine::Postgres);
    let store = home.store().await;
    let knife = home.raw().await;
    let cutting = tokio::spawn(async move {
        for _ in 0..20 {
            knife.execute(CUT_OTHERS).await;
            tokio::time::sleep(Duration::from_millis(7)).await;
        }
    });
    let mut commands = Vec::new();
    while !cutting.is_finished() || commands.len() < 20 {
        let append = entries::append(entries::case_id(), 0, vec![entries::registered()]);
        commands.push(append.command);
        loop {
            match store.append(append.clone()).await {
                Ok(Appended::At { .. } | Appended::Repeated) => break,
                Err(StoreError::UnknownOutcome | StoreError::Unavailable(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    cutting.await.unwrap();
    let in_log: Vec<_> = entries::whole_log(&store).await.iter().map(|recorded| recorded.command).collect();
    assert_eq!(in_log, commands);
}

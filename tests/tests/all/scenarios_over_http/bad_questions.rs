//! Questions to the audit that have no answer: each is a problem by name, and none tells what is not the asker's to know.

use entente_application::ports::Role;
use entente_tests::cast::day;
use entente_tests::world::Reply;

use super::fixture::{CAST, NEVER, Told};

/// Every question of the audit about an item and about a person.
fn questions(item: &str, person: &str) -> [String; 4] {
    [
        format!("items/{item}"),
        format!("items/{item}/readers"),
        format!("items/{item}/exposure"),
        format!("persons/{person}/items"),
    ]
}

async fn asked() -> (Told, [String; 4]) {
    let mut told = Told::begin(false).await;
    told.until(day(21, 9, 0)).await;
    told.table.world.settle().await;
    let questions = questions(&told.item("item 3"), &told.person("r1").to_string());
    (told, questions)
}

#[tokio::test]
async fn an_instant_or_a_knowledge_that_was_not_or_is_not_yet_is_named_as_such() {
    let (told, [life, readers, exposure, sights]) = asked().await;
    for below in [&readers, &sights] {
        for (query, code) in [
            (format!("at={}", day(0, 8, 59)), "before-the-case"),
            (format!("at={}", day(21, 9, 1)), "not-come-yet"),
            (format!("at={}&as_known_on={}", day(4, 12, 0), day(0, 8, 59)), "before-the-case"),
        ] {
            let reply = told.audit(&format!("{below}?{query}")).await;
            assert_eq!(reply.problem(), (422, code.to_owned()), "{below}?{query}");
        }
    }
    for below in [&life, &readers, &exposure, &sights] {
        for (query, code) in [
            (format!("as_known_on={}", day(21, 9, 1)), "not-come-yet"),
            (format!("as_known_on={}", day(0, 8, 59)), "before-the-case"),
            ("as_known_at_position=999999".to_owned(), "not-come-yet"),
            ("as_known_at_position=0".to_owned(), "before-the-case"),
        ] {
            let reply = told.audit(&format!("{below}?{query}")).await;
            assert_eq!(reply.problem(), (422, code.to_owned()), "{below}?{query}");
        }
        told.audit(&format!("{below}?as_known_on={}", day(21, 9, 0))).await.ok();
    }
    // The life of an item begins when the centre hears of it.
    let early = told.audit(&format!("{life}?as_known_on={}", day(4, 8, 59))).await;
    assert_eq!(early.problem(), (422, "before-the-case".to_owned()));
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_a_bad_query() {
    let (told, [life, readers, exposure, sights]) = asked().await;
    let both = format!("as_known_on={}&as_known_at_position=3", day(9, 12, 0));
    let never = ["at=yesterday", "at=2026-03-06", "at=2026-03-06T12:00:00", "at=", "at=1772798400"];
    for below in [&readers, &sights] {
        for query in never {
            assert_eq!(
                told.audit(&format!("{below}?{query}")).await.problem(),
                (400, "bad-query".to_owned()),
                "{query}"
            );
        }
    }
    for below in [&life, &readers, &exposure, &sights] {
        for query in [
            &both,
            "as_known_on=tomorrow",
            "as_known_at_position=-1",
            "as_known_at_position=many",
            "as_known_at_position=1&as_known_at_position=2",
            "who=r1",
        ] {
            let reply = told.audit(&format!("{below}?{query}")).await;
            assert_eq!(reply.problem(), (400, "bad-query".to_owned()), "{below}?{query}");
        }
    }
    // A life, and what restrictions came too late for, are not about one instant.
    for below in [&life, &exposure] {
        let reply = told.audit(&format!("{below}?at={}", day(4, 12, 0))).await;
        assert_eq!(reply.problem(), (400, "bad-query".to_owned()), "{below}");
    }
}

#[tokio::test]
async fn an_item_a_person_or_a_case_that_is_not_there_is_absent_whatever_is_asked_about_it() {
    let (told, known) = asked().await;
    let absent = told.read_nowhere("u", &format!("/audit/{}", known[0])).await;
    assert_eq!(absent.problem(), (404, "not-found".to_owned()));
    let is_absent = |reply: Reply, about: &str| assert_eq!(reply, absent, "{about}");
    for query in ["", "?at=yesterday", "?who=r1", "?as_known_at_position=999999"] {
        for below in &known {
            is_absent(told.read_nowhere("u", &format!("/audit/{below}{query}")).await, below);
        }
        for unknown in [NEVER, "nothing", told.case(), &told.person("x").to_string(), &told.person("s").to_string()] {
            for below in questions(unknown, unknown) {
                is_absent(told.audit(&format!("{below}{query}")).await, &below);
            }
        }
    }
    // A person is no item, and an item no person.
    for below in questions(&told.person("r1").to_string(), &told.item("item 3")) {
        is_absent(told.audit(&below).await, &below);
    }
}

#[tokio::test]
async fn nobody_but_an_auditor_asks_an_auditors_question_whatever_it_is_about() {
    let (told, known) = asked().await;
    for who in CAST {
        let mut forbidden = Vec::new();
        for below in known.iter().cloned().chain(questions(NEVER, NEVER)).chain(questions("nothing", "nobody")) {
            for query in ["", "?at=yesterday"] {
                forbidden.push(told.read(who, &format!("/audit/{below}{query}")).await);
                forbidden.push(told.read_nowhere(who, &format!("/audit/{below}{query}")).await);
            }
        }
        assert_eq!(forbidden[0].problem(), (403, "forbidden".to_owned()));
        forbidden.iter().for_each(|reply| assert_eq!(reply, &forbidden[0], "{who}"));
    }
}

#[tokio::test]
async fn nobody_audits_a_case_at_which_they_have_sat() {
    let (mut told, known) = asked().await;
    for name in ["c1", "r1", "rl", "m1"] {
        let hand = told.table.world.hand_again(name, &format!("another {name}"), &[Role::Auditor, Role::Party]).await;
        for below in &known {
            let ask = |case: &str| format!("/api/cases/{case}/audit/{below}");
            let real = told.table.world.read(&hand, &ask(told.case())).await;
            assert_eq!(real.problem(), (404, "not-found".to_owned()));
            assert_eq!(real, told.table.world.read(&hand, &ask(NEVER)).await);
        }
    }
    // Whoever has not sat there still may.
    assert!(told.sees("c1", "item 3").await);
    told.is_audited().await;
}

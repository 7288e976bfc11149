//! Letters: whoever has news is told, at one's own hour, once; of what is hidden nobody is told anything.

use entente_application::ports::{PostError, Role, Trouble};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_news_is_told_once_at_the_next_hour_and_its_author_is_not() {
    let mut office = quiet().await;
    let before = office.told().len();
    for words in ["one", "two", "three"] {
        office.table.say(&office.table.claimant, "joint", words).await;
    }
    office.after(QUARTER).await;
    office.after(QUARTER).await;
    let mut told = office.told().split_off(before);
    told.sort();
    let mut expected = vec![address(&office.table.respondent), address(&office.table.mediator)];
    expected.sort();
    assert_eq!(told, expected, "three messages are one letter each");
    assert!(office.rows("letter WHERE state = 'recorded'").await >= 2);
    let list = office.table.world.read(&office.table.staff, "/api/letters").await.ok();
    let of_people = |row: &serde_json::Value| row["trouble"] != "no_address";
    assert!(
        !list["items"].as_array().unwrap().iter().any(of_people),
        "who was told is not the centre's to know: {list}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caucus_is_no_news_to_the_other_side() {
    let mut office = quiet().await;
    let before = office.told().len();
    office.table.say(&office.table.claimant, "claimant_caucus", "in confidence").await;
    office.after(QUARTER).await;
    assert_eq!(office.told().split_off(before), [address(&office.table.mediator)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_before_the_hour_is_told_to_nobody() {
    let mut office = quiet().await;
    let before = office.told().len();
    let item = office.table.say(&office.table.claimant, "joint", "said too soon").await;
    office.program.work().await;
    let narrower = json!({"audience": "claimant_caucus"});
    office.table.ask(&office.table.claimant, &format!("items/{item}/restriction"), narrower).await.ok();
    office.after(QUARTER).await;
    assert!(!office.told().split_off(before).contains(&address(&office.table.respondent)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_puts_off_is_asked_again_and_one_that_refuses_is_not() {
    let mut office = quiet().await;
    let before = office.told().len();
    let later = || Err(PostError::Later("greylisted".to_owned()));
    office.pillar.will_say([later(), Err(PostError::Refused(550))]);
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.after(QUARTER).await;
    assert_eq!(office.told().len() - before, 2);
    office.pillar.will_say([later()]);
    office.after(SignedDuration::from_mins(2)).await;
    office.after(SignedDuration::from_mins(3)).await;
    let told = office.told().split_off(before);
    assert_eq!(told.len(), 4, "put off twice, then taken; refused once: {told:?}");
    let ids: std::collections::BTreeSet<_> = office.pillar.brought()[before..].iter().map(|letter| letter.id).collect();
    assert_eq!(ids.len(), 2, "it is the same letter again");
    for (trouble, number) in [(Trouble::Refused, 1), (Trouble::PutOff, 0), (Trouble::Bounced, 0)] {
        let found = office.table.world.centre.outbox.troubled(Some(trouble), Date::MIN, None, 100).await.unwrap();
        assert_eq!(found.len(), number, "{trouble:?}");
    }
    office.after(SignedDuration::from_hours(24 * 9)).await;
    assert_eq!(office.told().split_off(before).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_has_letters_in_ones_own_rhythm() {
    let mut office = quiet().await;
    let before = office.told().len();
    let at_once = json!({"address": address(&office.table.respondent), "language": "ko", "rhythm": "at_once"});
    office.table.world.write(&office.table.respondent, "/api/me/letters", at_once).await.ok();
    let never = json!({"language": "fr", "rhythm": "never"});
    office.table.world.write(&office.table.mediator, "/api/me/letters", never).await.ok();
    office.table.say(&office.table.claimant, "joint", "now").await;
    office.after(SignedDuration::from_secs(1)).await;
    let told = office.told().split_off(before);
    assert_eq!(told, [address(&office.table.respondent)]);
    let language = office.pillar.brought().last().unwrap().language;
    assert_eq!(language.code(), "ko");
    office.after(SignedDuration::from_hours(30)).await;
    assert_eq!(office.told().split_off(before).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_would_write_a_header_is_none() {
    let office = quiet().await;
    let long = format!("{}@people.example", "a".repeat(320 - 15));
    for address in ["a@b.example\r\nBcc: all@b.example", "a b@c.example", "nobody", long.as_str(), "", "a@b@c.example"]
    {
        let wanted = json!({"address": address, "language": "en"});
        let reply = office.table.world.write(&office.table.claimant, "/api/me/letters", wanted).await;
        assert_eq!(reply.problem(), (422, "value-not-allowed".to_owned()), "{address:?}");
    }
    for wanted in [json!({"language": "xx"}), json!({"language": "en", "rhythm": "hourly"}), json!({})] {
        let reply = office.table.world.write(&office.table.claimant, "/api/me/letters", wanted.clone()).await;
        assert!([400, 422].contains(&reply.problem().0), "{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_chosen_nothing_is_told_at_the_address_on_record() {
    let mut office = Office::open().await;
    office.table.say(&office.table.respondent, "joint", "good morning").await;
    office.after(QUARTER).await;
    assert!(office.told().contains(&"odile@tissages.example".to_owned()), "{:?}", office.told());
    let nowhere = office.table.world.read(&office.table.staff, "/api/letters?trouble=no_address").await.ok();
    let persons: std::collections::BTreeSet<_> =
        nowhere["items"].as_array().unwrap().iter().map(|row| row["person"].to_string()).collect();
    let gave_none = [&office.table.mediator, &office.table.staff].map(|hand| json!(hand.person).to_string());
    assert_eq!(persons, gave_none.into(), "{nowhere}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_old_is_on_no_list_whether_anybody_has_news_or_not() {
    let mut office = quiet().await;
    office.pillar.will_say([Err(PostError::Refused(550)), Err(PostError::Refused(550))]);
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.after(QUARTER).await;
    office.after(QUARTER).await;
    let refused = "/api/letters?trouble=refused";
    let list = office.table.world.read(&office.table.staff, refused).await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "{list}");
    // Nothing has been forgotten since, as it would not be while other letters are on their way.
    office.table.world.clock.advance(SignedDuration::from_hours(24 * 91));
    let list = office.table.world.read(&office.table.staff, refused).await.ok();
    assert_eq!(list["items"], json!([]), "when it is forgotten tells of others' letters");
    assert_eq!(office.rows("letter WHERE state = 'refused'").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_about_a_case_that_is_forgotten_is_on_nobodys_list() {
    let mut office = quiet().await;
    office.pillar.will_say([Err(PostError::Refused(550))]);
    office.table.say(&office.table.claimant, "claimant_caucus", "hello").await;
    office.after(QUARTER).await;
    let raw = Raw::of_file(&office.table.world.settings().url).await;
    assert!(raw.execute("DELETE FROM letter_news").await > 0, "as when the case is erased");
    let list = office.table.world.read(&office.table.staff, "/api/letters?trouble=refused").await.ok();
    assert_eq!(list["items"], json!([]), "nobody knows any more who sat at the case");
}

/// What somebody's letters are, to the last byte that a mailbox could see.
fn letters_of(office: &Office, hand: &entente_tests::world::Hand) -> Vec<entente_application::ports::Letter> {
    office.pillar.brought().into_iter().filter(|letter| letter.to.as_str() == address(hand)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_from_somebody_changes_nothing_of_that_persons_letters() {
    let mut seen = Vec::new();
    for hidden in [false, true] {
        let mut office = quiet().await;
        for round in 0..4 {
            if hidden {
                office.table.say(&office.table.claimant, "claimant_caucus", &format!("between us, {round}")).await;
            }
            office.table.say(&office.table.claimant, "joint", &format!("for all, {round}")).await;
            if hidden {
                office.table.say(&office.table.mediator, "claimant_caucus", &format!("understood, {round}")).await;
            }
            office.after(SignedDuration::from_mins(5 + 3 * round)).await;
        }
        office.after(QUARTER).await;
        office.after(QUARTER).await;
        let others =
            letters_of(&office, &office.table.mediator).len() + letters_of(&office, &office.table.claimant).len();
        seen.push((letters_of(&office, &office.table.respondent), others));
    }
    assert!(seen[0].0.len() >= 2, "{seen:?}");
    assert_eq!(seen[0].0, seen[1].0, "ids, hours, order: all of it");
    assert!(seen[0].1 < seen[1].1, "or nothing was hidden: {seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_never_says_whether_it_has_taken_a_letter_gets_it_twice_and_no_more() {
    let mut office = quiet().await;
    let before = office.told().len();
    office.pillar.will_say((0..100).map(|_| Err(PostError::Unsure)));
    office.table.say(&office.table.claimant, "claimant_caucus", "hello?").await;
    office.after(QUARTER).await;
    for _ in 0..10 {
        office.after(SignedDuration::from_hours(2)).await;
    }
    assert_eq!(office.told().len() - before, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_opened_or_erased_before_the_hour_is_told_to_nobody() {
    let mut office = quiet().await;
    let before = office.told().len();
    let opened = office.table.say(&office.table.claimant, "joint", "read at once").await;
    office.program.work().await;
    office.table.ask(&office.table.respondent, &format!("items/{opened}/opening"), json!({})).await.ok();
    office.after(QUARTER).await;
    assert_eq!(office.told().split_off(before), [address(&office.table.mediator)]);
    let before = office.told().len();
    let erased = office.table.say(&office.table.claimant, "joint", "never to be read").await;
    office.program.work().await;
    let what = json!({"item": erased});
    let proposed = json!({"what": what, "ground": "unlawful"});
    office.table.ask(&office.table.staff, "erasures", proposed).await.ok();
    let second = office.table.world.hand("second", &[Role::Centre]).await;
    office.table.ask(&second, "erasures/approval", json!({ "what": what })).await.ok();
    office.after(QUARTER).await;
    assert_eq!(office.told().len(), before);
}

//! Letters that do not go as they should, whom the centre is told of, and what is kept of them.

use entente_application::ports::{PostError, Role, Trouble};
use entente_web::cursor::Cursor;
use jiff::civil::Date;
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_centres_list_tells_no_hour_and_nothing_of_ones_own_case() {
    let mut office = quiet().await;
    office.pillar.will_say([Err(PostError::Refused(550)), Err(PostError::Refused(551))]);
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.after(QUARTER).await;
    let list = office.table.world.read(&office.table.staff, "/api/letters?trouble=refused").await.ok();
    let rows = list["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let fields: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["attempts", "code", "day", "letter", "person", "trouble"], "{row}");
        assert!(row["day"].as_str().unwrap().parse::<jiff::civil::Date>().is_ok());
    }
    // One after the other: neither a page nor where it goes on says when a letter was for.
    let first = office.table.world.read(&office.table.staff, "/api/letters?trouble=refused&limit=1").await.ok();
    let next = first["next"].as_str().unwrap();
    let second = office
        .table
        .world
        .read(&office.table.staff, &format!("/api/letters?trouble=refused&limit=1&after={next}"))
        .await;
    let second = second.ok();
    assert_eq!(json!([first["items"][0], second["items"][0]]), list["items"]);
    assert_eq!(second["next"], json!(null));
    let place: Cursor = next.parse().unwrap();
    assert_eq!(place.at.as_second() % 86_400, 0, "a midnight");
    // Staff who sit at the case, or have sat there.
    let both = office.table.world.hand_again("c1", "ent_c1_staff", &[Role::Centre]).await;
    for query in ["", "?limit=1", "?trouble=refused", "?trouble=refused&limit=1"] {
        let of_others = office.table.world.read(&both, &format!("/api/letters{query}")).await.ok();
        assert_eq!(of_others, json!({"items": [], "next": null}), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_and_what_the_centre_waits_for_are_told_to_those_who_act_for_it() {
    let (world, pillar) = world().await;
    let table = Table::registered(world).await;
    let wanted = json!({"address": "staff@centre.example", "language": "fr", "rhythm": "at_once"});
    table.world.write(&table.staff, "/api/me/letters", wanted).await.ok();
    table.pass().await;
    table.invite().await;
    let mut office = Office::of(table, pillar).await;
    let told = async |office: &mut Office, time: SignedDuration| {
        let before = office.told().len();
        office.after(time).await;
        office.told().split_off(before).iter().filter(|to| *to == "staff@centre.example").count()
    };
    assert_eq!(told(&mut office, QUARTER).await, 0);
    office.table.ask(&office.table.respondent, "consent", json!({})).await.ok();
    assert_eq!(told(&mut office, QUARTER).await, 1, "the forty-eight hours begin");
    assert_eq!(told(&mut office, SignedDuration::from_hours(46)).await, 1, "they are about to end");
    assert_eq!(told(&mut office, SignedDuration::from_hours(1)).await, 0);
    assert_eq!(told(&mut office, SignedDuration::from_hours(1)).await, 1, "they have ended");
    assert_eq!(told(&mut office, SignedDuration::from_hours(24)).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_chose_is_forgotten_when_the_person_is_erased() {
    let mut office = quiet().await;
    let colleague = office.table.world.hand("c3", &[Role::Party]).await;
    let contact = json!({"person": colleague.person, "name": "Claire Vasseur"});
    let seat = json!({"contact": contact, "capacity": "counsel"});
    office.table.ask(&office.table.claimant, "representatives", seat).await.ok();
    office.table.take_back(&office.table.claimant, &format!("representatives/{}", colleague.person)).await.ok();
    let wanted = json!({"address": address(&colleague), "language": "de"});
    office.table.world.write(&colleague, "/api/me/letters", wanted).await.ok();
    let whose = colleague.person.0.simple().to_string().to_uppercase();
    let kept = format!("preference WHERE hex(person) = '{whose}'");
    office.after(QUARTER).await;
    let others = office.rows("preference").await;
    assert_eq!(office.rows(&kept).await, 1);
    let what = json!({"person": colleague.person});
    let proposed = json!({"what": what, "ground": "persons_request"});
    office.table.ask(&office.table.staff, "erasures", proposed).await.ok();
    let second = office.table.world.hand("second", &[Role::Centre]).await;
    office.table.ask(&second, "erasures/approval", json!({ "what": what })).await.ok();
    office.after(QUARTER).await;
    assert_eq!(office.rows(&kept).await, 0);
    assert_eq!(office.rows("preference").await, others - 1, "and nobody else's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_choice_cannot_be_read_holds_nobody_else_up() {
    let mut office = quiet().await;
    let before = office.told().len();
    let raw = Raw::of_file(&office.table.world.settings().url).await;
    let person = office.table.respondent.person.0.simple().to_string().to_uppercase();
    raw.execute(&format!("UPDATE preference SET address = 'broken' WHERE hex(person) = '{person}'")).await;
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.after(QUARTER).await;
    assert_eq!(office.told().split_off(before), [address(&office.table.mediator)]);
    // Chosen anew, it is told what waited.
    let wanted = json!({"address": address(&office.table.respondent), "language": "en"});
    office.table.world.write(&office.table.respondent, "/api/me/letters", wanted).await.ok();
    office.after(SignedDuration::from_mins(61)).await;
    assert!(office.told().split_off(before).contains(&address(&office.table.respondent)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_are_kept_for_a_season_and_what_came_back_stays_so() {
    let mut office = quiet().await;
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.after(QUARTER).await;
    let letter = office.pillar.brought().last().unwrap().id;
    let outbox = office.table.world.centre.outbox.clone();
    assert!(outbox.bounced(letter, 550, office.table.world.centre.now()).await.unwrap());
    assert!(!outbox.bounced(Uuid::from_u128(1), 550, office.table.world.centre.now()).await.unwrap());
    office.after(QUARTER).await;
    let found = outbox.troubled(Some(Trouble::Bounced), Date::MIN, None, 10).await.unwrap();
    assert_eq!(found.iter().map(|row| (row.letter, row.code)).collect::<Vec<_>>(), [(letter, Some(550))]);
    let there = office.rows("letter").await;
    office.after(SignedDuration::from_hours(24 * 89)).await;
    assert!(office.rows("letter").await >= there, "and those of the term's end");
    office.after(SignedDuration::from_hours(24 * 2)).await;
    office.program.work().await;
    assert_eq!(
        office.rows(&format!("letter WHERE hex(id) = '{}'", letter.simple().to_string().to_uppercase())).await,
        0
    );
    assert_eq!(office.rows("letter_news WHERE letter NOT IN (SELECT id FROM letter)").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_wants_none_by_the_hour_gets_none_of_those_on_their_way() {
    let mut office = quiet().await;
    let before = office.told().len();
    office.pillar.will_say([Err(PostError::Later("busy".to_owned())), Err(PostError::Later("busy".to_owned()))]);
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.after(QUARTER).await;
    assert_eq!(office.told().len() - before, 2, "tried once each");
    let never = json!({"language": "en", "rhythm": "never"});
    office.table.world.write(&office.table.respondent, "/api/me/letters", never).await.ok();
    office.after(SignedDuration::from_mins(5)).await;
    let again = office.told().split_off(before + 2);
    assert_eq!(again, [address(&office.table.mediator)]);
    assert_eq!(office.rows("letter WHERE state = 'moot'").await, 1);
}

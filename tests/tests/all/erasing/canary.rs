//! The canary sweep: a word of its own in every field and file of a case; before it is erased none of them lies in clear on
//! disk, afterwards none of them is anywhere.

use std::path::PathBuf;

use axum::http::Method;
use entente_application::check::compare;
use entente_application::follow::Projection;
use entente_application::ports::Role;
use entente_projections::figures::Scope;
use entente_tests::interference::statements::listen;
use entente_tests::story::{Table, right_answers};
use entente_tests::world::{Hand, World};
use serde_json::{Value, json};

use super::opened_anew;
use super::words::Words;

/// Somebody reads all that there is to read.
async fn everything(table: &Table, hands: &[&Hand], items: &[String]) -> Vec<Vec<u8>> {
    let case = &table.path;
    let mut read = vec![];
    let below = ["", "/items", "/record", "/history"];
    let lists = ["/api/cases", "/api/inbox", "/api/caseload", "/api/figures"];
    for hand in hands {
        let ways = below.iter().map(|way| format!("{case}{way}")).chain(lists.iter().map(|&way| way.to_owned()));
        let trail = format!("{case}/trails/{}", hand.person);
        let each = items.iter().flat_map(|item| {
            ["", "/content"]
                .map(|way| format!("{case}/items/{item}{way}"))
                .into_iter()
                .chain(["", "/readers", "/exposure"].map(|way| format!("{case}/audit/items/{item}{way}")))
        });
        for path in ways.chain([trail]).chain(each) {
            let reply = table.world.read(hand, &path).await;
            read.push(format!("{:?}", reply.headers).into_bytes());
            read.push(reply.body);
        }
    }
    read
}

/// The whole of a case, with a word in every place where somebody can write one; the items that it makes.
async fn told(world: World, words: &mut Words) -> (Table, Hand, Vec<String>, Value) {
    let names = ["c1", "r1", "m1", "s", "u", "a", "x", "s2", "c2"];
    let roles: [&[Role]; 9] = [
        &[Role::Party],
        &[Role::Party],
        &[Role::Mediator],
        &[Role::Centre],
        &[Role::Auditor],
        &[Role::Analyst],
        &[Role::Party],
        &[Role::Centre],
        &[Role::Party],
    ];
    let mut hands = vec![];
    for (name, roles) in names.iter().zip(roles) {
        hands.push(world.hand(name, roles).await);
    }
    let [claimant, respondent, mediator, staff, auditor, analyst, stranger, second, colleague] =
        hands.try_into().ok().unwrap();
    let registration = json!({
        "claimant": {"country": "FR", "name": words.word("claimant's name")},
        "head": words.word("head's name"), "head_email": words.word("head's address"),
        "respondent": {"country": "KR", "name": words.word("respondent's name")},
        "respondent_contact": null, "nature": words.word("nature"),
        "sector": "manufacturing", "amount": "under1m", "languages": ["fr"],
    });
    let case = world.post(&claimant, "/api/cases", registration.clone()).await.ok();
    let path = format!("/api/cases/{}", case["case"].as_str().unwrap());
    let table = Table { world, claimant, respondent, mediator, staff, auditor, analyst, stranger, path };
    table.ask(&table.claimant, "questionnaire-answers", right_answers()).await.ok();
    let contact = |person, name: String, email: String| json!({"person": person, "name": name, "email": email});
    let invited = contact(table.respondent.person, words.word("invited's name"), words.word("invited's address"));
    table.ask(&table.staff, "invitation", json!({"contact": invited})).await.ok();
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    let appointed = contact(table.mediator.person, words.word("mediator's name"), words.word("mediator's address"));
    let declaration = words.word("declaration");
    table.ask(&table.staff, "appointment", json!({"mediator": appointed, "declaration": declaration})).await.ok();
    let seated = contact(colleague.person, words.word("colleague's name"), words.word("colleague's address"));
    table.ask(&table.claimant, "representatives", json!({"contact": seated, "capacity": "counsel"})).await.ok();
    let named = json!({"audience": "claimant_workspace", "name": words.word("thread's name")});
    let thread = table.ask(&table.claimant, "discussions", named).await.ok();
    let notes = json!({"audience": "mediator_notes", "name": words.word("notes' name")});
    let notes = table.ask(&table.mediator, "discussions", notes).await.ok();
    let mut items = vec![];
    for (hand, audience, field) in [
        (&table.claimant, "joint", "joint message"),
        (&table.claimant, "claimant_caucus", "claimant's confidence"),
        (&table.respondent, "respondent_caucus", "respondent's confidence"),
    ] {
        items.push(table.say(hand, audience, &words.word(field)).await);
    }
    for (hand, thread, field) in [(&table.claimant, &thread, "workspace message"), (&table.mediator, &notes, "note")] {
        let said = json!({"discussion": thread["discussion"], "body": words.word(field)});
        items.push(table.ask(hand, "messages", said).await.ok()["item"].as_str().unwrap().to_owned());
    }
    let caucus = table.discussion(&table.claimant, "claimant_caucus").await;
    let joint = table.discussion(&table.claimant, "joint").await;
    for (hand, thread, name, first, last) in [
        (&table.claimant, &caucus, "confided file's name", "confided file, begin", "confided file, end"),
        (&table.respondent, &joint, "joint file's name", "joint file, begin", "joint file, end"),
    ] {
        // More than a segment, so that several objects are written.
        let content = [words.word(first), "filling ".repeat(700_000), words.word(last)].concat().into_bytes();
        let brought = table.bring(hand, thread, &format!("{}.txt", words.word(name)), &content).await.ok();
        items.push(brought["item"].as_str().unwrap().to_owned());
    }
    let unfinished = json!({"discussion": joint, "name": words.word("unfinished file's name"), "size": 9_000_000});
    let begun = table.ask(&table.respondent, "uploads", unfinished).await.ok();
    let part = words.word("unfinished file").repeat(4_400_000 / 38).into_bytes();
    let upload = format!("{}/uploads/{}", table.path, begun["upload"].as_str().unwrap());
    table.world.put(&table.respondent, &upload, 0, part).await.ok();
    let passes = json!({"form": "substance"});
    table.ask(&table.claimant, &format!("items/{}/disclosure-authorisation", items[1]), passes).await.ok();
    let disclosed = json!({"content": {"words": words.word("disclosed words")}});
    items.push(
        table.ask(&table.mediator, &format!("items/{}/disclosure", items[1]), disclosed).await.ok()["item"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    let draft = json!({"text": words.word("draft"), "scope": "part"});
    items.push(table.ask(&table.mediator, "settlements", draft).await.ok()["item"].as_str().unwrap().to_owned());
    let reason = json!({"reason": {"readers": "everyone", "text": words.word("reason")}});
    let key = words.word("idempotency key");
    table
        .world
        .ask(&table.respondent, Method::POST, &format!("{}/withdrawal", table.path), Some(&reason), Some(&key))
        .await
        .ok();
    (table, second, items, registration)
}

async fn swept(world: World, disks: Vec<PathBuf>, wrapped: impl AsyncFn() -> Vec<Vec<u8>>) {
    let mut words = Words::default();
    let ((table, second, items, registration), heard) = listen(told(world, &mut words)).await;
    table.world.settle().await;
    let seats = [&table.claimant, &table.respondent, &table.mediator, &table.staff];
    let all = [&table.claimant, &table.respondent, &table.mediator, &table.staff, &table.auditor, &table.analyst];
    // The words are alive: whoever may read them does, but for what is never shown to anybody.
    let read = everything(&table, &seats, &items).await;
    let unshown = words.missing_from(&read);
    let never = ["idempotency key", "unfinished file's name", "unfinished file"];
    assert!(
        unshown.iter().all(|field| never.contains(field) || field.ends_with("address")),
        "never shown: {unshown:?}"
    );
    let lines = heard.lines.join("\n") + &heard.statements.join("\n");
    assert_eq!(words.found_in(lines.as_bytes()), [""; 0], "the log says what was said");
    on_no_disk(&words, &disks, "before");
    let before = figures(&table).await;
    let readers = table
        .world
        .read(&table.auditor, &format!("{}/audit/items/{}/readers?at=2026-03-02T09:00:00Z", table.path, items[0]))
        .await;
    let keys = wrapped().await;
    assert!(!keys.is_empty());
    let stored = async || table.world.centre.vault.objects().await.unwrap().len();
    assert_eq!(stored().await, 3, "two documents, and the half that was sent of a third");

    let proposed = json!({"what": "case", "ground": "court_order"});
    table.ask(&table.staff, "erasures", proposed).await.ok();
    let approval = json!({"what": "case"});
    table.ask(&second, "erasures/approval", approval).await.ok();
    table.world.settle().await;

    let mut read = everything(&table, &all, &items).await;
    read.push(table.world.post(&table.claimant, "/api/cases", registration).await.body);
    for bytes in &read {
        assert_eq!(words.found_in(bytes), [""; 0], "{}", String::from_utf8_lossy(bytes));
    }
    on_no_disk(&words, &disks, "after");
    // The keys that would open what is still there as ciphertext are gone, not only forgotten.
    assert!(wrapped().await.is_empty(), "a key is left");
    assert_eq!(stored().await, 0, "ciphertext is left, for whoever has an old copy of the keys");
    for disk in disks.iter().filter(|disk| disk.ends_with("keys.db") || disk.is_dir()) {
        for file in super::words::files(disk).iter().filter(|file| file.to_string_lossy().contains("keys.db")) {
            let bytes = std::fs::read(file).unwrap();
            assert!(
                keys.iter().all(|key| memchr::memmem::find(&bytes, key).is_none()),
                "a wrapped key is left in {}",
                file.display()
            );
        }
    }
    // What is to stay has stayed: how it ended, who it was as a number, who could see what.
    let page = table.page(&table.claimant).await;
    assert_eq!((&page["phase"], &page["closing"]["outcome"]), (&json!("erased"), &json!("withdrawn")));
    assert!(page["people"].as_array().unwrap().iter().all(|held| held["name"].is_null() && held["number"].is_u64()));
    assert_eq!(before, figures(&table).await);
    let again = table
        .world
        .read(&table.auditor, &format!("{}/audit/items/{}/readers?at=2026-03-02T09:00:00Z", table.path, items[0]))
        .await;
    assert_eq!((readers.status, readers.json()["readers"].clone()), (again.status, again.json()["readers"].clone()));
    for projection in Projection::ALL {
        let compared = compare(&table.world.centre, projection).await.unwrap();
        assert!(compared.agrees() && compared.rows > 0, "{compared:?}");
    }
    // Opened anew, as after a restart, nothing opens.
    let opened = opened_anew(&table).await;
    assert!(opened.values().all(|clear| *clear == 0), "{opened:?}");
}

/// All figures as of now, but for how far the log has come.
async fn figures(table: &Table) -> Value {
    let question = table.world.centre.question(Scope::All, None).await.unwrap();
    let mut report = serde_json::to_value(table.world.centre.report(question).await.unwrap()).unwrap();
    strip(&mut report);
    report
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|field, _| field != "as_of");
            fields.values_mut().for_each(strip);
        }
        Value::Array(inner) => inner.iter_mut().for_each(strip),
        _ => {}
    }
}

fn on_no_disk(words: &Words, disks: &[PathBuf], when: &str) {
    for disk in disks {
        assert!(disk.exists(), "{}", disk.display());
        let found = words.on_disk(disk);
        assert!(found.is_empty(), "{when}: {found:?}");
    }
}

fn folder_of(world: &World) -> PathBuf {
    world.folder().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_is_left_on_sqlite() {
    let world = World::new().await;
    let (folder, store) = (folder_of(&world), world.store().clone());
    let keys = async || -> Vec<Vec<u8>> {
        let entente_store::Database::Sqlite(sqlite) = store.database() else { unreachable!() };
        let keys = "SELECT wrapped FROM case_key WHERE wrapped IS NOT NULL UNION ALL SELECT wrapped FROM document_key";
        sqlx::query_scalar(keys).fetch_all(&sqlite.keys).await.unwrap()
    };
    swept(world, vec![folder], keys).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_is_left_on_postgresql() {
    let folder = entente_tests::sqlite::folder();
    let world = World::on(folder, &entente_tests::postgres::database()).await;
    let (folder, store) = (folder_of(&world), world.store().clone());
    let entente_store::Database::Postgres(postgres) = store.database() else { unreachable!() };
    let pool = postgres.pool.clone();
    // The server's own files, with its WAL; all of the cluster's databases, of which no other knows these words.
    let data: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&pool).await.unwrap();
    let keys = async || -> Vec<Vec<u8>> {
        sqlx::query("CHECKPOINT").execute(&pool).await.unwrap();
        let keys = "SELECT wrapped FROM entente_keys.case_key WHERE wrapped IS NOT NULL \
            UNION ALL SELECT wrapped FROM entente_keys.document_key";
        sqlx::query_scalar(keys).fetch_all(&pool).await.unwrap()
    };
    swept(world, vec![folder, PathBuf::from(data)], keys).await;
}

//! A record made by hand: what it says, that it is the same again, and that its archive is one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use axum::body::Bytes;
use entente_domain::event::{DocumentClass, DocumentFacts};
use entente_domain::rule_set::RuleSet;
use entente_domain::{Audience, Camp, Capacity, CaseId, DiscussionId, EventKind, PersonId, Phase, Seat};
use entente_projections::page::{Deadlines, ItemContent, ItemView, Milestone, Participant, Party, Thread};
use futures::stream;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const PAPER: &[u8] = b"What the paper says.";
/// What somebody says who wants the reader's machine to do something.
const SCRIPT: &str = "<script>alert('a & \"b\"')</script>";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn facts(name: &str) -> DocumentFacts {
    let digest = digest(PAPER);
    serde_json::from_value(json!({
        "name": name, "media_type": "application/pdf", "size": PAPER.len(), "digest": digest,
    }))
    .unwrap()
}

fn item(no: u32, author: u128, content: ItemContent) -> ItemView {
    ItemView {
        no,
        item: ItemId(Uuid::from_u128(100 + u128::from(no))),
        at: at("2026-03-02T09:15:31Z"),
        author: PersonId(Uuid::from_u128(author)),
        seat: if author == 1 { Seat::Claimant } else { Seat::Respondent },
        discussion: Some(DiscussionId(Uuid::from_u128(50))),
        audience: Audience::Joint,
        content,
        opened: None,
        seen_before: vec![],
        disclosure_authorised: None,
        source: None,
        erased: None,
    }
}

fn person(id: u128, name: Option<&str>, seat: Seat, number: u32) -> Participant {
    Participant {
        person: PersonId(Uuid::from_u128(id)),
        name: name.map(str::to_owned),
        seat,
        capacity: Some(Capacity::Representative),
        from: at("2026-03-01T08:00:00Z"),
        to: None,
        declaration: None,
        number,
    }
}

fn page() -> CasePage {
    let registered = at("2026-03-01T08:00:00Z");
    let company = |camp, name: &str| Party {
        camp,
        name: Some(name.to_owned()),
        country: serde_json::from_value(json!("FR")).unwrap(),
    };
    let document = |name: &str| ItemContent::Document { facts: Some(facts(name)), class: DocumentClass::DrawnUp };
    CasePage {
        case: CaseId(Uuid::from_u128(7)),
        phase: Phase::Open,
        seat: Seat::Claimant,
        rule_set: RuleSet::V2026_1,
        rules: RuleSet::V2026_1.rules(),
        registered,
        nature: Some(SCRIPT.to_owned()),
        parties: vec![company(Camp::Claimant, "Dupont & Fils"), company(Camp::Respondent, "Han <Co>")],
        people: vec![
            person(1, Some("Anne"), Seat::Claimant, 1),
            person(2, Some("Kim"), Seat::Respondent, 1),
            person(3, None, Seat::Respondent, 2),
        ],
        candidates: vec![],
        challenges: vec![],
        questionnaire: None,
        deadlines: Deadlines { consent: None, appointment: None, term: Some(registered) },
        appointment_missed: false,
        channel: Default::default(),
        exchanges: vec![],
        discussions: vec![Thread {
            discussion: DiscussionId(Uuid::from_u128(50)),
            audience: Audience::Joint,
            name: Some("Prices".to_owned()),
            items: 4,
        }],
        items: vec![
            item(1, 1, ItemContent::Message { body: Some(SCRIPT.to_owned()) }),
            item(2, 3, document("../../etc/offer.pdf")),
            item(3, 2, document("Offre <été>.pdf")),
            item(4, 2, ItemContent::Message { body: None }),
        ],
        withdrawn_from_view: vec![],
        tombstones: vec![],
        settlements: vec![],
        audit_access: false,
        closing: None,
        erased: None,
        holds: vec![],
        erasures: vec![],
        timeline: vec![Milestone {
            no: 1,
            at: registered,
            seat: Some(Seat::Respondent),
            person: Some(PersonId(Uuid::from_u128(3))),
            event: EventKind::DocumentSubmitted,
        }],
    }
}

/// The documents of the page, whose bytes come in pieces of this size.
fn beside(page: &CasePage, piece: usize) -> Vec<Beside> {
    let documents = page.items.iter().filter_map(|item| match &item.content {
        ItemContent::Document { facts: Some(facts), .. } => Some((item, facts.clone())),
        _ => None,
    });
    let beside = documents.map(|(item, facts)| {
        let pieces = move || stream::iter(PAPER.chunks(piece).map(|piece| Ok(Bytes::from_static(piece)))).boxed();
        let opening: Opening = Box::new(move || async move { Ok(pieces()) }.boxed());
        let path = path(item.no, facts.name.as_str());
        let file = File { path: path.clone(), at: Some(item.at), content: Content::Later(facts.size, opening) };
        Beside { item: item.item, path, file, digest: facts.digest.as_str().to_owned() }
    });
    beside.collect()
}

async fn archive(page: &CasePage, piece: usize, language: Language) -> Vec<u8> {
    let files = assembled(page, &[], beside(page, piece), language).unwrap();
    let told = size(&files);
    let bytes: Vec<Bytes> = written(files).try_collect().await.unwrap();
    let bytes = bytes.concat();
    assert_eq!(bytes.len() as u64, told, "the length was told before");
    bytes
}

/// The files of an archive, found as a reader finds them: by the directory at its end.
fn files_in(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let two = |at: usize| usize::from(u16::from_le_bytes(archive[at..at + 2].try_into().unwrap()));
    let four = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap());
    let end = archive.len() - 22;
    assert_eq!(four(end), 0x0605_4B50);
    let (count, mut line) = (two(end + 10), four(end + 16) as usize);
    let mut found = BTreeMap::new();
    for _ in 0..count {
        assert_eq!(four(line), 0x0201_4B50);
        let (checksum, size, name) = (four(line + 16), four(line + 24) as usize, two(line + 28));
        let (extra, place) = (two(line + 30), four(line + 42) as usize);
        assert_eq!(four(place), 0x0403_4B50);
        let begin = place + 30 + two(place + 26) + two(place + 28);
        let bytes = archive[begin..begin + size].to_vec();
        assert_eq!(crc32fast::hash(&bytes), checksum);
        assert_eq!(four(begin + size), 0x0807_4B50);
        found.insert(String::from_utf8(archive[line + 46..line + 46 + name].to_vec()).unwrap(), bytes);
        line += 46 + name + extra;
    }
    assert_eq!(line, end);
    found
}

#[tokio::test]
async fn the_same_record_is_the_same_bytes_however_its_pieces_come() {
    let first = archive(&page(), 3, Language::English).await;
    assert_eq!(first, archive(&page(), 1_000, Language::English).await);
    assert_ne!(first, archive(&page(), 3, Language::French).await);
}

#[tokio::test]
async fn the_archive_holds_the_page_the_json_the_sums_and_the_documents() {
    let found = files_in(&archive(&page(), 7, Language::English).await);
    let names: Vec<_> = found.keys().map(String::as_str).collect();
    let documents = ["documents/002-.._.._etc_offer.pdf", "documents/003-Offre _été_.pdf"];
    assert_eq!(names, ["SHA256SUMS", documents[0], documents[1], "record.html", "record.json"]);
    assert_eq!(found[documents[0]], PAPER);
    let sums = String::from_utf8(found["SHA256SUMS"].clone()).unwrap();
    assert_eq!(sums.lines().count(), 4);
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sum, digest(&found[name]), "{name}");
    }
}

#[tokio::test]
async fn the_json_is_the_page_in_the_order_of_its_names() {
    let page = page();
    let found = files_in(&archive(&page, 7, Language::English).await);
    let told: Value = serde_json::from_slice(&found["record.json"]).unwrap();
    assert_eq!(told, json!({ "page": &page, "trail": [] }));
    assert!(found["record.json"].starts_with(b"{\"page\":{\"appointment_missed\":false,\"audit_access\""));
}

#[tokio::test]
async fn texts_are_escaped_and_nobody_is_run() {
    let found = files_in(&archive(&page(), 7, Language::English).await);
    let sheet = String::from_utf8(found["record.html"].clone()).unwrap();
    assert!(!sheet.contains("<script") && !sheet.contains("Han <Co>") && !sheet.contains("<été>"), "{sheet}");
    assert!(sheet.contains("&#60;script&#62;alert("), "{sheet}");
    assert!(sheet.contains("href=\"documents/003-Offre%20_%C3%A9t%C3%A9_.pdf\""), "{sheet}");
}

#[tokio::test]
async fn a_name_that_is_erased_leaves_a_number_in_the_reader_s_language() {
    for (language, nameless) in
        [(Language::English, "respondent, person 2"), (Language::French, "défendeur, personne 2")]
    {
        let found = files_in(&archive(&page(), 7, language).await);
        let sheet = String::from_utf8(found["record.html"].clone()).unwrap();
        assert_eq!(sheet.matches(nameless).count(), 3, "in the list, at an item and in the timeline: {sheet}");
        assert!(sheet.contains(&format!("<html lang=\"{}\">", language.tag())));
    }
}

#[tokio::test]
async fn a_document_of_another_size_breaks_the_archive_off() {
    let page = page();
    for told in [PAPER.len() as u64 - 1, PAPER.len() as u64 + 1] {
        let mut beside = beside(&page, 7);
        if let Content::Later(size, _) = &mut beside[0].file.content {
            *size = told;
        }
        let files = assembled(&page, &[], beside, Language::English).unwrap();
        assert!(written(files).try_collect::<Vec<_>>().await.is_err(), "{told}");
    }
}

//! The record that each takes home: all that one may see, byte for byte, and of the rest no byte; in the window and after it.

use std::collections::BTreeMap;

use entente_application::ports::Role;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use super::cut::served;
use super::unpacked::Unpacked;
use super::*;

/// What somebody said or laid down: the word that stands in it and nowhere else, and who may read it.
struct Told {
    item: String,
    word: String,
    /// Of a document: its name and its bytes.
    document: Option<(String, Vec<u8>)>,
    /// The seats that see it, the author's first.
    seats: &'static [&'static str],
}

/// A served desk at which something was told everywhere.
struct Archive {
    desk: Desk,
    address: String,
    client: reqwest::Client,
    told: Vec<Told>,
}

/// An answer's headers, but for what differs by the second, and its bytes.
type Got = (u16, BTreeMap<String, String>, Vec<u8>);

impl Archive {
    async fn open() -> Self {
        let desk = Desk::open().await;
        let address = served(&desk).await;
        entente_vault::provide_tls();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut archive = Self { desk, address, client, told: vec![] };
        archive.tell().await;
        archive
    }

    fn hand(&self, seat: &str) -> &Hand {
        let table = &self.desk.table;
        match seat {
            "claimant" => &table.claimant,
            "respondent" => &table.respondent,
            _ => &table.mediator,
        }
    }

    /// In every place that there is: words, a small document, and one of more than a segment.
    async fn tell(&mut self) {
        let all: [(&str, &'static [&'static str]); 10] = [
            ("joint", &["claimant", "respondent", "mediator"]),
            ("joint", &["respondent", "claimant", "mediator"]),
            ("joint", &["mediator", "claimant", "respondent"]),
            ("claimant_caucus", &["claimant", "mediator"]),
            ("claimant_caucus", &["mediator", "claimant"]),
            ("respondent_caucus", &["respondent", "mediator"]),
            ("respondent_caucus", &["mediator", "respondent"]),
            ("claimant_workspace", &["claimant"]),
            ("respondent_workspace", &["respondent"]),
            ("mediator_notes", &["mediator"]),
        ];
        for (audience, seats) in all {
            let thread = if seats.len() == 1 {
                let named = json!({"audience": audience, "name": format!("thread named {audience}")});
                let opened = self.desk.table.ask(self.hand(seats[0]), "discussions", named).await.ok();
                opened["discussion"].as_str().unwrap().to_owned()
            } else {
                self.desk.table.discussion(self.hand(seats[0]), audience).await
            };
            let size = if self.told.is_empty() { SEGMENT + 70_000 } else { 9_000 };
            self.say(&thread, seats).await;
            self.lay(&thread, seats, size).await;
        }
        // Laid on the table by the respondent, opened by the claimant, and taken back: the receipt stays, the rest does not.
        let joint = self.desk.table.discussion(self.hand("respondent"), "joint").await;
        self.lay(&joint, &["respondent", "mediator"], 5_000).await;
        let below = format!("items/{}", self.told.last().unwrap().item);
        let table = &self.desk.table;
        table.ask(&table.claimant, &format!("{below}/opening"), json!({})).await.ok();
        let restricted = json!({"audience": "respondent_caucus"});
        table.ask(&table.respondent, &format!("{below}/restriction"), restricted).await.ok();
    }

    fn word(&self) -> String {
        format!("word{}", digest(self.told.len().to_string().as_bytes()))
    }

    async fn say(&mut self, thread: &str, seats: &'static [&'static str]) {
        let word = self.word();
        let said = json!({"discussion": thread, "body": format!("5 < 6 & <b>{word}</b>")});
        let item = self.desk.table.ask(self.hand(seats[0]), "messages", said).await.ok()["item"].clone();
        self.told.push(Told { item: item.as_str().unwrap().to_owned(), word, document: None, seats });
    }

    async fn lay(&mut self, thread: &str, seats: &'static [&'static str], size: usize) {
        let word = self.word();
        let (name, bytes) = (format!("élan & {word}.txt"), [text(size), word.clone().into_bytes()].concat());
        let item = self.desk.bring(self.hand(seats[0]), thread, &name, &bytes).await.ok()["item"].clone();
        let (item, document) = (item.as_str().unwrap().to_owned(), Some((name, bytes)));
        self.told.push(Told { item, word, document, seats });
    }

    async fn got(&self, hand: &Hand, method: Method, headers: &[(&str, &str)]) -> Got {
        let url = format!("{}{}/record", self.address, self.desk.table.path);
        let request = self.client.request(method, format!("http://{url}")).bearer_auth(&hand.token);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send().await.unwrap();
        let headers = answer.headers().iter().filter(|(name, _)| *name != "date");
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        (answer.status().as_u16(), headers, answer.bytes().await.unwrap().to_vec())
    }

    /// The record that somebody takes home, as it is to be: what `seen` says, and nothing of the rest.
    async fn holds(&self, hand: &Hand, seen: impl Fn(&Told) -> bool) -> Unpacked {
        let (status, _, archive) = self.got(hand, Method::GET, &[]).await;
        assert_eq!(status, 200);
        let record = Unpacked::of(&archive);
        let (shown, hidden): (Vec<_>, Vec<_>) = self.told.iter().partition(|told| seen(told));
        assert_eq!(record.items(), shown.iter().map(|told| &told.item).collect::<Vec<_>>());
        let files: BTreeMap<_, _> = shown
            .iter()
            .enumerate()
            .filter_map(|(place, told)| {
                let (name, bytes) = told.document.as_ref()?;
                Some((format!("documents/{:03}-{name}", place + 1), bytes.clone()))
            })
            .collect();
        assert!(record.documents() == files, "other documents than were uploaded: {:?}", record.read.names);
        for told in &shown {
            // What was said stands on the page as it was said, and a document as a link to where it lies.
            let stands = record.read.paragraphs.iter().any(|text| *text == format!("5 < 6 & <b>{}</b>", told.word));
            let linked = record.read.links.iter().any(|link| link.contains(&told.word));
            assert_eq!((stands, linked), (told.document.is_none(), told.document.is_some()), "{}", told.word);
        }
        assert_eq!(record.read.links.len(), files.len());
        let words: Vec<_> = hidden.iter().map(|told| told.word.as_str()).collect();
        assert_eq!(record.holding(&words), Vec::<String>::new());
        // Its id neither, but for one's own receipt.
        let receipts = record.json["page"]["withdrawn_from_view"].to_string();
        let ids: Vec<_> = hidden.iter().map(|told| told.item.as_str()).filter(|id| !receipts.contains(id)).collect();
        assert_eq!(record.holding(&ids), Vec::<String>::new());
        record
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_holds_what_one_may_see_as_it_was_brought_and_no_byte_of_the_rest() {
    let archive = Archive::open().await;
    for seat in ["claimant", "respondent", "mediator"] {
        let record = archive.holds(archive.hand(seat), |told| told.seats.contains(&seat)).await;
        for (other, thread) in [
            ("claimant", "thread named claimant_workspace"),
            ("respondent", "thread named respondent_workspace"),
            ("mediator", "thread named mediator_notes"),
        ] {
            assert_eq!(record.holding(&[thread]).is_empty(), seat != other, "{seat}: {thread}");
        }
        let receipts = record.json["page"]["withdrawn_from_view"].as_array().unwrap();
        let taken_back = json!(archive.told.last().unwrap().item);
        let known: Vec<_> = receipts.iter().map(|receipt| &receipt["item"]).collect();
        assert_eq!(known, if seat == "claimant" { vec![&taken_back] } else { vec![] });
    }
    archive.holds(&archive.desk.table.staff, |_| false).await;
    // Whoever has no seat, and whose token does not open the route.
    for hand in [&archive.desk.table.stranger, &archive.desk.table.auditor, &archive.desk.table.analyst] {
        assert!([403, 404].contains(&archive.got(hand, Method::GET, &[]).await.0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_read_in_either_language_and_is_the_same_on_any_day() {
    let archive = Archive::open().await;
    let hand = archive.hand("claimant").clone();
    let mut files = vec![];
    for (language, title, heading) in
        [("fr", "Médiation : dossier", "Le différend"), ("en", "Mediation: record", "The dispute")]
    {
        let wanted = [("accept-language", language)];
        let (status, headers, first) = archive.got(&hand, Method::GET, &wanted).await;
        assert_eq!((status, headers["content-type"].as_str()), (200, "application/zip"));
        assert_eq!(headers["content-language"], language);
        assert_eq!(headers["content-length"], first.len().to_string());
        let disposition = &headers["content-disposition"];
        assert!(disposition.starts_with("attachment;") && disposition.contains(".zip"), "{disposition}");
        assert_eq!(
            (headers["cache-control"].as_str(), headers["x-content-type-options"].as_str()),
            ("no-store", "nosniff")
        );
        let record = Unpacked::of(&first);
        assert_eq!((record.read.language.as_str(), record.read.title.as_str()), (language, title));
        assert!(record.read.paragraphs.iter().any(|text| text == heading), "{:?}", record.read.paragraphs);
        archive.desk.table.world.clock.advance(SignedDuration::from_hours(30));
        // Somebody who looks, and says something elsewhere, changes nothing.
        archive.desk.table.say(archive.hand("respondent"), "respondent_caucus", "hidden").await;
        assert!(
            archive.got(&hand, Method::GET, &wanted).await == (status, headers.clone(), first.clone()),
            "{language}"
        );
        // A record has no tag, and no parts: whoever asks for it is on record as having it all.
        assert!(!headers.contains_key("etag") && !headers.contains_key("accept-ranges"));
        for (name, value) in [("if-none-match", "*"), ("range", "bytes=0-9"), ("if-match", "\"other\"")] {
            let (other_status, _, other) = archive.got(&hand, Method::GET, &[wanted[0], (name, value)]).await;
            assert!(other_status == 200 && other == first, "{name}: {other_status}");
        }
        let (head_status, head, nothing) = archive.got(&hand, Method::HEAD, &wanted).await;
        assert_eq!((head_status, &head, nothing.len()), (200, &headers, 0));
        files.push((record.json.clone(), record.documents()));
    }
    assert!(files[0] == files[1], "in another language other things are told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_of_a_case_at_rest_is_the_same_tomorrow_and_its_own_files_have_no_time_of_their_own() {
    let archive = Archive::open().await;
    for seat in ["claimant", "mediator"] {
        let hand = archive.hand(seat);
        let (_, headers, first) = archive.got(hand, Method::GET, &[]).await;
        let clock = &archive.desk.table.world.clock;
        clock.advance(SignedDuration::from_hours(24));
        let (_, tomorrows, second) = archive.got(hand, Method::GET, &[]).await;
        assert!(second == first, "{seat}: a day makes {} bytes another record", first.len());
        assert_eq!(tomorrows, headers);
        let read = Unpacked::of(&first).read;
        for (name, time) in read.names.iter().zip(&read.times) {
            let day = if name.starts_with("documents/") { "2026-03-02T09:" } else { "1980-01-01T00:00:00" };
            assert!(time.starts_with(day), "{name}: {time}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_whole_in_the_closing_window_and_ones_own_camps_after_it() {
    let archive = Archive::open().await;
    let table = &archive.desk.table;
    let counsel = table.world.hand("cl", &[Role::Party]).await;
    let seat = json!({"contact": {"person": counsel.person, "name": "Maître Vidal"}, "capacity": "counsel"});
    table.ask(&table.claimant, "representatives", seat).await.ok();
    table.ask(&table.respondent, "withdrawal", json!({})).await.ok();
    table.world.clock.advance(SignedDuration::from_hours(24 * 30 - 1));
    for seat in ["claimant", "respondent", "mediator"] {
        archive.holds(archive.hand(seat), |told| told.seats.contains(&seat)).await;
    }
    table.world.clock.advance(SignedDuration::from_hours(48));
    for seat in ["claimant", "respondent"] {
        archive.holds(archive.hand(seat), |told| told.seats[0] == seat).await;
    }
    archive.holds(&counsel, |told| told.seats[0] == "claimant").await;
    for hand in [&table.mediator, &table.stranger] {
        let (status, _, problem) = archive.got(hand, Method::GET, &[]).await;
        assert_eq!(status, 404, "{}", String::from_utf8_lossy(&problem));
        assert_eq!(archive.got(hand, Method::HEAD, &[]).await.0, 404);
    }
}

//! A pair as it is being played: what the viewer has in hand, and the first thing that told the worlds apart.

use entente_domain::{Case, PersonId};
use jiff::Timestamp;

use super::probes::{Ids, Probe};
use super::stage::Side;
use super::statements::Heard;
use super::{Difference, deeds, hidden};
use crate::world::Reply;

/// A pair as it is being played.
pub(super) struct Play {
    pub(super) pair: u64,
    pub(super) viewer: PersonId,
    /// Whether the viewer is of the centre and sits at the case.
    two_hats: bool,
    pub(super) ids: Ids,
    pub(super) asked: u64,
    pub(super) letters: u64,
    pub(super) difference: Option<Box<Difference>>,
    /// Cases registered elsewhere, in one of the worlds; in the other too once the pair is over, for those to come.
    pub(super) elsewhere: Vec<(deeds::Deed, String, Timestamp)>,
}

impl Play {
    pub(super) fn new(pair: u64, viewer: PersonId, two_hats: bool) -> Self {
        let ids = Ids { own: Some(viewer), ..Ids::default() };
        Self { pair, viewer, two_hats, ids, asked: 0, letters: 0, difference: None, elsewhere: vec![] }
    }

    fn tell(&mut self, probe: &str, aspect: &'static str, without: String, with: String) {
        if without != with && self.difference.is_none() {
            let (pair, probe) = (self.pair, probe.to_owned());
            self.difference = Some(Box::new(Difference { pair, probe, aspect, without, with }));
        }
    }

    pub(super) fn hold(&mut self, probe: &str, replies: Option<(Reply, Reply)>) {
        let Some((without, with)) = replies else { return };
        self.tell(probe, "status", without.status.to_string(), with.status.to_string());
        self.tell(probe, "body", without.text(), with.text());
        self.tell(probe, "headers", format!("{:?}", without.headers), format!("{:?}", with.headers));
    }

    pub(super) fn hold_texts(&mut self, probe: &str, (without, with): (String, String)) {
        self.tell(probe, "events", without, with);
    }

    pub(super) fn hold_heard(&mut self, probe: &Probe, without: &Heard, with: &Heard) {
        // Each row is looked at before it is left out, and for those who sit at a case some rows are: how many, time alone
        // tells (docs/confidence.md).
        let leaves_rows_out = ["/api/deadlines", "/api/letters"].iter().any(|list| probe.path.starts_with(list));
        let probe = &probe.name;
        if !(self.two_hats && leaves_rows_out) {
            self.tell(probe, "statements", without.statements.join("\n"), with.statements.join("\n"));
        }
        self.tell(probe, "log lines", without.lines.join("\n"), with.lines.join("\n"));
        // Whatever both worlds say alike, a log names nobody and nothing.
        let named = |line: &&String| {
            let word = |word: &str| word.len() >= 36 && uuid::Uuid::try_parse(word.get(..36).unwrap_or("")).is_ok();
            line.contains(hidden::WORDS) || line.contains("probing") || line.split(['/', '=', ' ', '"']).any(word)
        };
        if let Some(line) = with.lines.iter().find(named) {
            self.tell(probe, "a log line that names something", String::new(), line.clone());
        }
    }

    /// What the viewer has in hand before anything is hidden.
    pub(super) async fn look(&mut self, side: &Side) {
        self.look_for_ids(side).await;
        let (Some(case), Some(hand)) = (side.case, side.hands.get(&self.viewer)) else { return };
        let page = side.send(Side::request(hand, "GET", &format!("/api/cases/{case}")), None).await;
        self.ids.tag = page.headers.get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let inbox = side.send(Side::request(hand, "GET", "/api/inbox?limit=1"), None).await;
        if inbox.status.is_success() {
            self.ids.cursor = inbox.json()["next"].as_str().map(str::to_owned);
        }
        let items = side.send(Side::request(hand, "GET", &format!("/api/cases/{case}/items?limit=1")), None).await;
        if items.status.is_success() {
            self.ids.items_cursor = items.json()["next"].as_str().map(str::to_owned);
        }
    }

    pub(super) async fn look_for_ids(&mut self, side: &Side) {
        self.ids.case = side.case;
        let (Some(case), Some(hand)) = (side.case, side.hands.get(&self.viewer)) else { return };
        let page = side.send(Side::request(hand, "GET", &format!("/api/cases/{case}")), None).await;
        if !page.status.is_success() {
            return;
        }
        let page = page.json();
        let ids = |list: &str, field: &str| -> Vec<String> {
            let rows = page[list].as_array().unwrap();
            rows.iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
        };
        self.ids.items = ids("items", "item").iter().map(|id| id.parse().unwrap()).collect();
        self.ids.threads = ids("discussions", "discussion").iter().map(|id| id.parse().unwrap()).collect();
        let people = ids("people", "person");
        self.ids.other = people.iter().map(|id| id.parse().unwrap()).find(|person| *person != self.viewer);
    }

    pub(super) fn learn_hidden(&mut self, without: &Case, with: &Case) {
        let items = with.items.keys().filter(|item| !without.items.contains_key(item));
        self.ids.hidden_items = items.copied().collect();
        let threads = with.discussions.keys().filter(|thread| !without.discussions.contains_key(thread));
        self.ids.hidden_threads = threads.copied().collect();
    }
}

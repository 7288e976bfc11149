//! Probes: everything that a viewer can ask, with every id that the viewer knows or guesses.

mod bodies;
mod papers;

use std::sync::OnceLock;

use axum::http::Method;
use entente_domain::{CaseId, DiscussionId, ItemId, PersonId};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a viewer has in hand, and what the one who wants to know more guesses.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// The case.
    pub case: Option<CaseId>,
    /// The viewer.
    pub own: Option<PersonId>,
    /// Somebody else at the case.
    pub other: Option<PersonId>,
    /// Items on the viewer's page.
    pub items: Vec<ItemId>,
    /// Threads on the viewer's page.
    pub threads: Vec<DiscussionId>,
    /// Items that hidden deeds have made, guessed right.
    pub hidden_items: Vec<ItemId>,
    /// Threads that hidden deeds have opened, guessed right.
    pub hidden_threads: Vec<DiscussionId>,
    /// Commands that hidden deeds were, guessed right.
    pub hidden_commands: Vec<Uuid>,
    /// Whether a hidden deed was to open an item of the viewer's: who hides an item is told who had opened it.
    pub hidden_receipts: bool,
    /// Keys that hidden deeds were sent under.
    pub hidden_keys: Vec<String>,
    /// The viewer's own upload: its key, and the id that follows from it.
    pub own_upload: Option<(String, Uuid)>,
    /// Uploads that hidden deeds have begun, guessed right.
    pub hidden_uploads: Vec<Uuid>,
    /// The tag of the page before the hidden deeds.
    pub tag: Option<String>,
    /// Where the inbox went on before the hidden deeds.
    pub cursor: Option<String>,
    /// Where the items went on before the hidden deeds.
    pub items_cursor: Option<String>,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What it is called in a report.
    pub name: String,
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<String>,
}

/// An id that nothing has.
const NOBODY: &str = "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111";

/// Methods and paths of the API's own description.
fn routes() -> &'static [(Method, String)] {
    static ROUTES: OnceLock<Vec<(Method, String)>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let description: Value = serde_json::from_str(&entente_web::openapi().to_json().unwrap()).unwrap();
        let paths = description["paths"].as_object().unwrap();
        let methods = |item: &Value| -> Vec<Method> {
            let names = item.as_object().unwrap().keys();
            names.filter_map(|name| Method::from_bytes(name.to_uppercase().as_bytes()).ok()).collect()
        };
        paths.iter().flat_map(|(path, item)| methods(item).into_iter().map(|method| (method, path.clone()))).collect()
    })
}

impl Ids {
    /// The ways to fill a path's parameters, each with what it is called.
    fn filled(&self, template: &str) -> Vec<(String, String)> {
        let case = self.case.map_or(NOBODY.to_owned(), |case| case.to_string());
        let mut ways = vec![(String::new(), template.replace("{case}", &case))];
        let mut spread = |parameter: &str, values: Vec<(&str, String)>| {
            if template.contains(parameter) {
                let filled = |(called, path): &(String, String)| -> Vec<(String, String)> {
                    let one = |(name, value): &(&str, String)| {
                        (format!("{called} {name}").trim().to_owned(), path.replace(parameter, value))
                    };
                    values.iter().map(one).collect()
                };
                ways = ways.iter().flat_map(filled).collect();
            }
        };
        let first = |items: &[ItemId]| items.first().map(ToString::to_string);
        let mut items = vec![("an item that never was", NOBODY.to_owned())];
        items.extend(first(&self.items).map(|item| ("a known item", item)));
        items
            .extend(self.items.last().filter(|_| self.items.len() > 1).map(|item| ("the last item", item.to_string())));
        items.extend(self.hidden_items.iter().take(3).map(|item| ("a hidden item", item.to_string())));
        spread("{item}", items);
        let mut persons = vec![("nobody", NOBODY.to_owned())];
        persons.extend(self.own.map(|person| ("oneself", person.to_string())));
        persons.extend(self.other.map(|person| ("somebody else", person.to_string())));
        spread("{person}", persons);
        spread("{upload}", vec![("an upload that never was", NOBODY.to_owned())]);
        spread("{ground}", vec![("a ground", "complaint".to_owned())]);
        if template.contains("{case}") {
            ways.push(("a case that never was".to_owned(), fill_all(template)));
        }
        ways
    }

    /// All that changes nothing: every reading of every route, lists in parts, conditions, searches.
    pub fn readings(&self) -> Vec<Probe> {
        let mut probes = Vec::new();
        for (_, template) in routes().iter().filter(|(method, _)| *method == Method::GET) {
            // An event stream is listened to elsewhere; the description is the same for everyone, and long.
            if template.ends_with("/changes") || template.ends_with("openapi.json") {
                continue;
            }
            for (called, path) in self.filled(template) {
                probes.push(reading(format!("GET {template} {called}"), path));
            }
        }
        let case = self.case.map(|case| format!("/api/cases/{case}")).unwrap_or_else(|| "/api/cases/none".to_owned());
        let mut more = |name: &str, path: String| probes.push(reading(name.to_owned(), path));
        more("the inbox, one at a time", "/api/inbox?limit=1".to_owned());
        more("own cases, one at a time", "/api/cases?limit=1".to_owned());
        more("deadlines of this week, one at a time", "/api/deadlines?limit=1".to_owned());
        // As far ahead as any period runs, so that there is more than one.
        more("deadlines, one at a time", "/api/deadlines?limit=1&until=2099-01-01T00:00:00Z".to_owned());
        more("deadlines, far ahead", "/api/deadlines?limit=100&until=2099-01-01T00:00:00Z".to_owned());
        more("deadlines missed, one at a time", "/api/deadlines?limit=1&state=missed".to_owned());
        more("letters, one at a time", "/api/letters?limit=1".to_owned());
        more("items, one at a time", format!("{case}/items?limit=1"));
        more("items, none at a time", format!("{case}/items?limit=0"));
        more("items, searched for what was whispered", format!("{case}/items?q={}", super::hidden::WORDS));
        more("items, searched for what was said", format!("{case}/items?q=message"));
        for (called, threads) in [("known", &self.threads), ("hidden", &self.hidden_threads)] {
            if let Some(thread) = threads.last() {
                more(&format!("items of a {called} thread"), format!("{case}/items?discussion={thread}"));
                more(
                    &format!("items of a {called} thread, badly"),
                    format!("{case}/items?discussion={thread}&limit=0"),
                );
            }
        }
        more("items of a thread that never was", format!("{case}/items?discussion={NOBODY}"));
        if let Some(cursor) = &self.cursor {
            more("the inbox, where it went on", format!("/api/inbox?limit=1&after={cursor}"));
        }
        if let Some(cursor) = &self.items_cursor {
            more("items, where they went on", format!("{case}/items?limit=2&after={cursor}"));
        }
        if let Some(tag) = &self.tag {
            let unchanged = reading("the page, if it has changed".to_owned(), case.clone());
            probes.push(Probe { headers: vec![("if-none-match", tag.clone())], ..unchanged });
        }
        for command in &self.hidden_commands {
            for list in ["/api/cases", "/api/inbox", "/api/caseload"] {
                let after = reading(format!("{list}, after a hidden command"), list.to_owned());
                probes.push(Probe { headers: vec![("entente-after", command.to_string())], ..after });
            }
        }
        probes.extend(self.looks_at_papers());
        if let Some(item) = self.hidden_items.first() {
            let french = reading("a hidden item, in French".to_owned(), format!("{case}/items/{item}"));
            probes.push(Probe { headers: vec![("accept-language", "fr".to_owned())], ..french });
        }
        probes
    }

    /// What may change something: every other method of every path, with bodies that are right, empty and broken. One in
    /// `sparse` of them, another one for each `pick`.
    pub fn writings(&self, pick: u64, sparse: u64) -> Vec<Probe> {
        let mut probes = Vec::new();
        for (method, template) in routes().iter().filter(|(method, _)| *method != Method::GET) {
            if self.hidden_receipts && template.ends_with("/restriction") {
                continue;
            }
            for (called, path) in self.filled(template) {
                for (how, body) in [
                    ("", Some(self.body(template))),
                    (" with {}", Some("{}".to_owned())),
                    (" broken", Some("{".to_owned())),
                ] {
                    let name = format!("{method} {template} {called}{how}");
                    probes.push(Probe { name, method: method.to_string(), path: path.clone(), headers: vec![], body });
                }
            }
        }
        for (_, template) in routes() {
            for method in ["HEAD", "PUT", "PATCH", "OPTIONS", "DELETE"] {
                if template.ends_with("/changes") {
                    continue;
                }
                for (called, path) in self.filled(template) {
                    let name = format!("{method} {template} {called}");
                    probes.push(Probe { name, method: method.to_owned(), path, headers: vec![], body: None });
                }
            }
        }
        let (mut number, mut chosen) = (pick, Vec::new());
        for probe in probes {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if (number >> 33).is_multiple_of(sparse) {
                chosen.push(probe);
            }
        }
        chosen.extend(self.conditional());
        chosen.extend(self.papers());
        chosen
    }

    /// What is asked first after the hidden deeds: what was read before them is acted on. Whichever comes first is the one
    /// that finds the case as it was read, so each pair has the other order.
    pub fn at_once(&self, pair: u64) -> Vec<Probe> {
        let Some(case) = self.case else { return vec![] };
        let thread = self.threads.first().map_or(NOBODY.to_owned(), ToString::to_string);
        let says = |name: &str, headers| Probe {
            name: name.to_owned(),
            method: "POST".to_owned(),
            path: format!("/api/cases/{case}/messages"),
            headers,
            body: Some(json!({"discussion": thread, "body": name}).to_string()),
        };
        let if_unchanged = self.tag.iter().map(|tag| vec![("if-match", tag.clone())]);
        let mut probes: Vec<_> =
            if_unchanged.map(|headers| says("a message at once, if nothing changed", headers)).collect();
        probes.push(says("a message at once", vec![]));
        if !pair.is_multiple_of(2) {
            probes.reverse();
        }
        probes
    }

    /// A deed on the page as it was read before the hidden deeds, and under the keys that they used.
    fn conditional(&self) -> Vec<Probe> {
        let Some(case) = self.case else { return vec![] };
        let thread = self.threads.first().map_or(NOBODY.to_owned(), ToString::to_string);
        let says = |words: &str| json!({"discussion": thread, "body": words}).to_string();
        let messages = |name: &str, headers, words: &str| Probe {
            name: name.to_owned(),
            method: "POST".to_owned(),
            path: format!("/api/cases/{case}/messages"),
            headers,
            body: Some(says(words)),
        };
        let mut probes = vec![];
        if let Some(tag) = &self.tag {
            probes.push(messages("a message, if the page is as it was", vec![("if-match", tag.clone())], "still"));
        }
        for key in &self.hidden_keys {
            probes.push(messages("a message under a hidden key", vec![("idempotency-key", key.clone())], "again"));
        }
        let path = format!("/api/cases/{case}/discussions");
        for audience in ["joint", "claimant_workspace", "respondent_workspace", "mediator_notes"] {
            let body = Some(json!({"audience": audience, "name": "Papers"}).to_string());
            let name = format!("a thread for {audience}");
            probes.push(Probe { path: path.clone(), body, ..messages(&name, vec![], "") });
        }
        if let Some(thread) = self.hidden_threads.first() {
            let body = Some(json!({"discussion": thread, "body": "hello"}).to_string());
            probes.push(Probe { body, ..messages("a message into a hidden thread", vec![], "") });
        }
        probes
    }
}

fn reading(name: String, path: String) -> Probe {
    Probe { name, method: "GET".to_owned(), path, headers: vec![], body: None }
}

fn fill_all(template: &str) -> String {
    ["{case}", "{item}", "{person}", "{upload}", "{ground}"]
        .iter()
        .fold(template.to_owned(), |path, name| path.replace(name, NOBODY))
}

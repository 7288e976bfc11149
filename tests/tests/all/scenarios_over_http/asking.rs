//! Asking as a person, over HTTP: a page, an item, a list, and all that there is to read.

use std::sync::LazyLock;

use axum::http::Method;
use entente_tests::world::Reply;
use serde_json::Value;

use super::fixture::{CAST, NEVER, Told};

impl Told {
    /// What somebody reads below the case.
    pub(super) async fn read(&self, who: &str, below: &str) -> Reply {
        self.table.world.read(self.hand(who), &format!("{}{below}", self.table.path)).await
    }

    /// The same below a case that never was.
    pub(super) async fn read_nowhere(&self, who: &str, below: &str) -> Reply {
        self.table.world.read(self.hand(who), &format!("/api/cases/{NEVER}{below}")).await
    }

    /// Somebody's page of the case.
    pub(super) async fn page(&self, who: &str) -> Value {
        self.read(who, "").await.ok()
    }

    /// Whether somebody's page of the case has these words anywhere.
    pub(super) async fn page_says(&self, who: &str, words: &str) -> bool {
        let page = self.read(who, "").await;
        page.ok();
        page.text().contains(words)
    }

    /// An item as it stands on somebody's page.
    pub(super) async fn on_page(&self, who: &str, called: &str) -> Value {
        let (page, item) = (self.page(who).await, self.item(called));
        let found = page["items"].as_array().unwrap().iter().find(|found| found["item"] == item);
        found.unwrap_or_else(|| panic!("{called} is not on the page of {who}")).clone()
    }

    /// Whether somebody sees an item now: on the page, in the list and by its name alike. What is not seen is as what
    /// never was. The answer is kept, to be held against the auditor's.
    pub(super) async fn sees(&mut self, who: &'static str, called: &'static str) -> bool {
        let item = self.item(called);
        let (whole, by_name) = ("/items?limit=100", format!("/items/{item}"));
        let (page, list) = (self.read(who, "").await, self.read(who, whole).await);
        let one = self.read(who, &by_name).await;
        let seen = one.status.is_success();
        if page.status.is_success() {
            let has = |reply: &Reply| reply.ok()["items"].as_array().unwrap().iter().any(|row| row["item"] == item);
            assert_eq!((has(&page), has(&list)), (seen, seen), "{called} by {who}");
        } else {
            for (below, reply) in [("", &page), (whole, &list), (by_name.as_str(), &one)] {
                assert_eq!(reply, &self.read_nowhere(who, below).await, "{who} learns that there is a case");
            }
        }
        if !seen {
            assert_eq!(one, self.read(who, &format!("/items/{NEVER}")).await, "{who} learns that there is {called}");
        }
        self.asked.push((who, called, self.now, seen));
        seen
    }

    /// Asks everybody at this instant; these and nobody else are to see the item.
    pub(super) async fn is_seen_by(&mut self, called: &'static str, who: &[&str]) {
        for person in CAST {
            let seen = self.sees(person, called).await;
            assert_eq!(seen, who.contains(&person), "{called} by {person} at {}", self.now);
        }
    }

    /// All that somebody can read, of this case or of one that never was, and elsewhere: every GET route of the API's own
    /// description, with these items and everybody's id, but for the stream of changes, which does not end.
    pub(super) async fn everything(&self, who: &str, case: &str, items: &[String]) -> Vec<(String, Reply)> {
        self.table.world.settle().await;
        let items: Vec<_> = items.iter().map(String::as_str).chain([NEVER]).collect();
        let persons: Vec<_> = CAST.iter().map(|name| self.person(name).to_string()).chain([NEVER.to_owned()]).collect();
        let mut paths =
            vec!["/api/cases/{case}/items?limit=2".to_owned(), "/api/cases/{case}/items?q=could".to_owned()];
        paths.extend(ROUTES.iter().filter(|path| !path.ends_with("/changes")).cloned());
        let paths = paths.iter().flat_map(|path| filled(path, "{item}", items.iter().copied()));
        let paths = paths.flat_map(|path| filled(&path, "{person}", persons.iter().map(String::as_str)));
        let mut read = Vec::new();
        for path in paths {
            let reply = self.table.world.read(self.hand(who), &path.replace("{case}", case)).await;
            read.push((path, reply));
        }
        assert!(read.len() > 40, "only {} answers: the description has lost its routes", read.len());
        read
    }

    /// The id of the case.
    pub(super) fn case(&self) -> &str {
        self.table.path.rsplit('/').next().unwrap()
    }
}

/// Fails at the first answer in which two readings differ.
#[track_caller]
pub(super) fn same(one: &[(String, Reply)], other: &[(String, Reply)]) {
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one, other, "{}", one.0);
    }
}

/// The paths of all GET routes.
static ROUTES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let description: Value = serde_json::from_str(&entente_web::openapi().to_json().unwrap()).unwrap();
    let read = Method::GET.as_str().to_lowercase();
    let paths = description["paths"].as_object().unwrap();
    paths.iter().filter(|(_, methods)| methods.get(&read).is_some()).map(|(path, _)| path.clone()).collect()
});

fn filled<'a>(path: &str, parameter: &str, values: impl Iterator<Item = &'a str>) -> Vec<String> {
    if path.contains(parameter) {
        values.map(|value| path.replace(parameter, value)).collect()
    } else {
        vec![path.to_owned()]
    }
}

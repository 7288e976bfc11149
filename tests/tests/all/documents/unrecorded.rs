//! A look that cannot be put on record shows nothing of a document, and one that waits to be recorded shows nothing meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::Method;
use entente_application::ports::{Look, Looked, StoreError};
use entente_domain::ItemId;
use serde_json::json;

use super::gated::{Gate, Gated};
use super::*;

/// An access log whose recording can be broken.
struct Broken {
    how: AtomicU8,
}

/// Everything is recorded.
const SOUND: u8 = 0;
/// No look at items by name is.
const NO_ITEMS: u8 = 1;
/// No look at the page is.
const NO_PAGES: u8 = 2;
/// Neither is.
const NOTHING: u8 = 3;
/// It says neither yes nor no.
const SILENT: u8 = 4;

#[async_trait]
impl Gate for Broken {
    async fn pass(&self, look: &Look) -> Result<(), StoreError> {
        let kind = if matches!(look.what, Looked::Items(_)) { NO_ITEMS } else { NO_PAGES };
        match self.how.load(Ordering::SeqCst) {
            SILENT => std::future::pending().await,
            how if how & kind > 0 => Err(StoreError::Unavailable("the disk of the access log is full".to_owned())),
            _ => Ok(()),
        }
    }
}

async fn laid() -> (Desk, Arc<Broken>, [String; 2]) {
    let desk = Desk::open().await;
    let broken = Arc::new(Broken { how: AtomicU8::new(SOUND) });
    let gated = Gated { gate: broken.clone(), within: desk.table.world.centre.looks.clone() };
    let desk = desk.with(|centre| centre.looks = Arc::new(gated));
    let mut items = vec![];
    for audience in ["joint", "claimant_caucus"] {
        items.push(desk.lay(&desk.table.claimant, audience, &format!("{audience} annex.txt"), &text(4_321)).await);
    }
    (desk, broken, items.try_into().unwrap())
}

/// A way to ask: the kinds of looks that it is recorded by, and the request.
type Way = (u8, Method, String, Vec<(&'static str, String)>);

/// Ways to read a document.
fn ways(item: &str, tag: &str) -> Vec<Way> {
    let content = format!("items/{item}/content");
    let asked = |method, headers: &[(&'static str, &str)]| {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        (NO_ITEMS, method, content.clone(), headers)
    };
    vec![
        asked(Method::GET, &[]),
        asked(Method::HEAD, &[]),
        asked(Method::GET, &[("range", "bytes=5-20")]),
        asked(Method::GET, &[("range", "bytes=5000-")]),
        asked(Method::GET, &[("if-none-match", tag)]),
        asked(Method::GET, &[("if-none-match", "*")]),
        asked(Method::HEAD, &[("if-none-match", tag)]),
        (NO_ITEMS | NO_PAGES, Method::GET, "record".to_owned(), vec![]),
        (NO_ITEMS | NO_PAGES, Method::HEAD, "record".to_owned(), vec![]),
        (NO_ITEMS, Method::GET, format!("items/{item}"), vec![]),
        (NO_ITEMS, Method::GET, "items".to_owned(), vec![]),
    ]
}

async fn asked(desk: &Desk, hand: &Hand, method: Method, below: &str, headers: &[(&'static str, String)]) -> Reply {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.ask(hand, method, below, &headers, Body::empty()).await
}

#[tokio::test]
async fn a_look_that_cannot_be_recorded_tells_nothing_of_a_document() {
    let (desk, broken, [item, _]) = laid().await;
    let hand = &desk.table.respondent;
    let tag = desk.content(hand, &item, &[]).await.headers["etag"].to_str().unwrap().to_owned();
    let looks = || async {
        let id = ItemId(item.parse().unwrap());
        (desk.table.world.centre.looks.at_item(desk.case(), id, 100).await.unwrap().len(), desk.traces().await)
    };
    for how in [NO_ITEMS, NO_PAGES, NOTHING] {
        for (kinds, method, below, headers) in ways(&item, &tag) {
            if kinds & how == 0 {
                continue;
            }
            let called = format!("{method} {below} {headers:?} without {how}");
            let sound = asked(&desk, hand, method.clone(), &below, &headers).await;
            assert!([200, 206, 304, 416].contains(&sound.status.as_u16()), "{called}: {}", sound.status);
            let before = looks().await;
            broken.how.store(how, Ordering::SeqCst);
            let refused = asked(&desk, hand, method.clone(), &below, &headers).await;
            broken.how.store(SOUND, Ordering::SeqCst);
            assert_eq!(refused.status.as_u16(), 503, "{called}");
            if method == Method::GET {
                assert_eq!(refused.problem(), (503, "unavailable".to_owned()), "{called}");
            }
            for name in ["etag", "repr-digest", "content-disposition", "content-range", "accept-ranges"] {
                assert!(!refused.headers.contains_key(name), "{called}: {name}");
            }
            let told = format!("{:?} {}", refused.headers, refused.text());
            for word in ["annex", "4321", "Line 1", &digest(&text(4_321)), &item] {
                assert!(!told.contains(word), "{called} tells {word}: {told}");
            }
            if how != NO_PAGES {
                assert_eq!(looks().await, before, "{called}");
            }
            assert_eq!(bare(asked(&desk, hand, method, &below, &headers).await), bare(sound), "{called}, afterwards");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_cannot_be_recorded_tells_a_hidden_document_from_none_no_more_than_any_other() {
    let (desk, broken, [_, hidden]) = laid().await;
    let hand = &desk.table.respondent;
    let tag = desk.content(&desk.table.claimant, &hidden, &[]).await.headers["etag"].to_str().unwrap().to_owned();
    broken.how.store(NO_ITEMS, Ordering::SeqCst);
    for ((_, method, below, headers), (_, _, never, _)) in ways(&hidden, &tag).into_iter().zip(ways(NOWHERE, &tag)) {
        if below == never {
            continue;
        }
        let real = asked(&desk, hand, method.clone(), &below, &headers).await;
        let none = asked(&desk, hand, method.clone(), &never, &headers).await;
        assert_eq!(real.status.as_u16(), 503, "{method} {below} {headers:?}");
        assert_eq!(bare(real), bare(none), "{method} {below} {headers:?}");
    }
}

#[tokio::test]
async fn not_even_a_status_is_told_before_the_look_is_durable() {
    let (desk, broken, [item, hidden]) = laid().await;
    let hand = &desk.table.respondent;
    let tag = desk.content(hand, &item, &[]).await.headers["etag"].to_str().unwrap().to_owned();
    broken.how.store(SILENT, Ordering::SeqCst);
    for wanted in [item.as_str(), &hidden, NOWHERE] {
        for (_, method, below, headers) in ways(wanted, &tag) {
            let answer = asked(&desk, hand, method.clone(), &below, &headers);
            let answer = tokio::time::timeout(Duration::from_millis(150), answer).await;
            assert!(answer.is_err(), "{method} {below} {headers:?}: {:?}", answer.map(|reply| reply.status));
        }
    }
    broken.how.store(SOUND, Ordering::SeqCst);
    let page = desk.ask(hand, Method::GET, &format!("items/{item}"), &[], Body::empty()).await.ok();
    assert_eq!(page["item"], json!(item));
}

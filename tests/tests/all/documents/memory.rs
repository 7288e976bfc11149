//! How much memory a document takes of the service: a few segments, whatever the document's size.

use entente_tests::binary;
use reqwest::Method;
use serde_json::json;

use super::process::Service;
use super::*;

/// Megabytes of the document.
const SIZE: usize = 64;
/// What the service may ever have used, in MiB: the program itself, and a few segments.
const MOST: u64 = 150;

#[tokio::test]
#[expect(clippy::print_stdout, reason = "a number to watch, shown by `cargo test -- --nocapture`")]
async fn a_large_document_passes_through_a_little_memory() {
    let folder = sqlite::folder();
    let (path, url) = (folder.path().to_owned(), sqlite::url(folder.path()));
    let world = World::on(folder, &url).await;
    world.clock.set(jiff::Timestamp::now());
    let table = Table::open(world).await;
    let joint = table.discussion(&table.claimant, "joint").await;
    table.world.store().close().await;
    let service = Service::start(binary::path(), &path, &url, &[]);
    let idle = service.peak();
    entente_vault::provide_tls();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = |method: Method, below: &str, hand: &Hand| {
        client.request(method, format!("{}{}/{below}", service.address, table.path)).bearer_auth(&hand.token)
    };
    let bytes = text(SIZE << 20);
    let announced = json!({"discussion": joint, "name": "annex.txt", "size": bytes.len()});
    let begun = ask(Method::POST, "uploads", &table.claimant).json(&announced).send().await.unwrap();
    let begun: Value = begun.json().await.unwrap();
    let upload = begun["upload"].as_str().unwrap();
    let put = ask(Method::PUT, &format!("uploads/{upload}"), &table.claimant).body(bytes.clone());
    let done: Value = put.send().await.unwrap().json().await.unwrap();
    assert_eq!(done["digest"], json!(digest(&bytes)), "{done}");
    let up = service.peak();
    let submission = json!({"upload": upload, "class": "drawn_up"});
    let laid = ask(Method::POST, "documents", &table.claimant).json(&submission).send().await.unwrap();
    let laid: Value = laid.json().await.unwrap();
    let below = format!("items/{}/content", laid["item"].as_str().unwrap());
    let content = ask(Method::GET, &below, &table.respondent).send().await.unwrap();
    assert!(content.bytes().await.unwrap() == bytes);
    let down = service.peak();
    println!("{SIZE} MiB: peak KiB idle {idle}, after the upload {up}, after the download {down}");
    assert!(down < MOST << 10, "{down} KiB for a document of {SIZE} MiB");
}

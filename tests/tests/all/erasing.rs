//! Erasure over HTTP, down to the bytes on disk: what is erased is nowhere, what is kept is as it was.

mod canary;
mod crash;
mod parts;
mod words;

use std::collections::BTreeMap;
use std::convert::Infallible;

use entente_application::ports::CaseLog as _;
use entente_domain::{CaseId, Seals as _};
use entente_store::Store;
use entente_tests::story::Table;
use entente_tests::world::{Hand, World};
use serde_json::{Value, json};

/// How many parts of each entry, by its number, can be read by a store that is opened anew.
async fn opened_anew(table: &Table) -> BTreeMap<u64, u32> {
    let store = Store::open(&table.world.settings()).await.unwrap();
    let case = CaseId(table.path.rsplit('/').next().unwrap().parse().unwrap());
    let stream = store.unseal(store.stream(case).await.unwrap()).await.unwrap();
    let mut opened = BTreeMap::new();
    for mut line in stream {
        let mut clear = 0;
        let Ok(()) = line.entry.seals::<Infallible>(&mut |part| {
            clear += u32::from(part.clear_bytes().is_ok_and(|bytes| bytes.is_some()));
            Ok(())
        });
        opened.insert(line.sequence, clear);
    }
    store.close().await;
    opened
}

/// An open table, and a second member of the staff.
async fn table() -> (Table, Hand) {
    let table = Table::open(World::new().await).await;
    let second = table.world.hand("s2", &[entente_application::ports::Role::Centre]).await;
    (table, second)
}

/// Two of the centre erase something.
async fn erase(table: &Table, second: &Hand, what: Value) {
    table.ask(&table.staff, "erasures", json!({"what": what, "ground": "unlawful"})).await.ok();
    table.ask(second, "erasures/approval", json!({"what": what})).await.ok();
}

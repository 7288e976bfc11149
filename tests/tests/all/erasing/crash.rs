//! A crash between the event and the keys: nothing is read meanwhile, and the next start does what was left undone.

use entente_application::Request;
use entente_application::erasing::Eraser;
use entente_domain::command::{ApproveErasure, ProposeErasure};
use entente_domain::event::{Erasable, ErasureGround};
use entente_domain::{Actor, Ask, CaseId, CommandId};
use serde_json::Value;

use super::{opened_anew, table};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crash_has_left_is_destroyed_at_the_next_start() {
    let (table, second) = table().await;
    let item = table.say(&table.claimant, "joint", "a word too many").await;
    let centre = &table.world.centre;
    let case = CaseId(table.path.rsplit('/').next().unwrap().parse().unwrap());
    let what = Erasable::Item(item.parse().unwrap());
    let asks: [(_, Ask); 2] = [
        (table.staff.person, ProposeErasure { what, ground: ErasureGround::Unlawful }.into()),
        (second.person, ApproveErasure { what }.into()),
    ];
    let before = opened_anew(&table).await;
    for (by, ask) in asks {
        let command = CommandId(centre.dice.uuid());
        // The command alone, as if the program had ended right after its append.
        let request = Request { case, command, by: Actor::Staff(by), at: None, request: None, seen_at: None, ask };
        centre.execute(request).await.unwrap();
    }
    let page = table.page(&table.respondent).await;
    assert_eq!(page["items"][0]["content"]["body"], Value::Null, "the cut leaves it out, whatever the keys");
    let between = opened_anew(&table).await;
    let readable = |counts: &std::collections::BTreeMap<u64, u32>| counts.values().sum::<u32>();
    assert_eq!(readable(&between), readable(&before), "the key is still there");

    let old = entente_tests::sqlite::folder();
    for name in ["keys.db", "keys.db-wal", "keys.db-shm"] {
        let file = table.world.folder().join(name);
        if file.exists() {
            std::fs::copy(&file, old.path().join(name)).unwrap();
        }
    }
    let mut eraser = Eraser::new(centre).await.unwrap();
    assert_eq!(eraser.catch_up().await.unwrap(), 1);
    assert_eq!(readable(&opened_anew(&table).await) + 1, readable(&before));
    // Another start finds nothing left to do.
    assert_eq!(Eraser::new(centre).await.unwrap().catch_up().await.unwrap(), 0);
    let erased = readable(&opened_anew(&table).await);

    // Keys from before the erasure are put back, as from a backup: a start that goes through the log erases again.
    table.world.store().close().await;
    for name in ["keys.db", "keys.db-wal", "keys.db-shm"] {
        let (kept, file) = (old.path().join(name), table.world.folder().join(name));
        let _ = std::fs::remove_file(&file);
        if kept.exists() {
            std::fs::copy(&kept, &file).unwrap();
        }
    }
    assert_eq!(readable(&opened_anew(&table).await), erased + 1, "what the backup brings back");
    let store = std::sync::Arc::new(entente_store::Store::open(&table.world.settings()).await.unwrap());
    let again = entente_tests::world::centre(&store, table.world.folder(), centre.clock.clone(), centre.dice.clone());
    assert_eq!(Eraser::from_the_beginning(&again).await.unwrap().catch_up().await.unwrap(), 1);
    store.close().await;
    assert_eq!(readable(&opened_anew(&table).await), erased);
}

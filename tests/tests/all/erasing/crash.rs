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

    let mut eraser = Eraser::new(centre).await.unwrap();
    assert_eq!(eraser.catch_up().await.unwrap(), 1);
    assert_eq!(readable(&opened_anew(&table).await) + 1, readable(&before));
    // Another start finds nothing left to do.
    assert_eq!(Eraser::new(centre).await.unwrap().catch_up().await.unwrap(), 0);
}

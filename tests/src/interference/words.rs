//! Other words: two worlds in which the same is done and other things are said. An auditor, to whom no camp has opened what
//! it says, gets the same bytes.

use entente_application::ports::Role;
use entente_domain::{Ask, PersonId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::deeds::{Deed, What};
use super::pairs::plan;
use super::stage::{Side, recast};

/// Plays a story in both worlds, with other words in one of them, and asks all that an auditor can ask; how many
/// questions that were, or the first that told.
///
/// # Errors
/// What was asked, and the two answers.
pub async fn play(one: &mut Side, other: &mut Side, pair: u64, now: &mut Timestamp) -> Result<u64, [String; 3]> {
    let plan = plan(pair);
    one.begin(pair, plan.viewer).await;
    other.begin(pair, plan.viewer).await;
    for n in 0..plan.deeds() {
        *now += SignedDuration::from_mins(plan.minutes(n));
        let (by, ask) = plan.deed(n, &one.state().await, *now);
        // With consent the words are the auditor's to read.
        if matches!(ask, Ask::GrantAuditAccess(_)) {
            continue;
        }
        let (key, deed) = (format!("w{pair}s{n}"), recast(pair, by, &ask));
        let reworded = reworded(&deed);
        for (side, deed) in [(&mut *one, &deed), (&mut *other, &reworded)] {
            side.set(*now, pair * 100_000 + u64::try_from(n).unwrap() * 100);
            side.act(deed, &key).await;
        }
    }
    one.world.settle().await;
    other.world.settle().await;
    let auditor = PersonId(Uuid::new_v5(&Uuid::NAMESPACE_OID, &pair.to_be_bytes()));
    let token = format!("ent_auditor_{pair}");
    let hands = [
        one.world.hold(auditor, &token, &[Role::Auditor]).await,
        other.world.hold(auditor, &token, &[Role::Auditor]).await,
    ];
    let mut asked = 0;
    for path in paths(one).await {
        let [without, with] = [(&*one, &hands[0]), (&*other, &hands[1])]
            .map(|(side, hand)| side.send(Side::request(hand, "GET", &path), None));
        let (without, with) = (without.await, with.await);
        if without != with {
            return Err([path, without.text(), with.text()]);
        }
        asked += 1;
    }
    Ok(asked)
}

/// Everything that an auditor can ask of a case.
async fn paths(side: &Side) -> Vec<String> {
    let Some(case) = side.case else { return vec![] };
    let (state, case) = (side.state().await, format!("/api/cases/{case}"));
    let mut paths = vec![format!("{case}/history"), case.clone()];
    for item in state.items.keys() {
        let item = format!("{case}/audit/items/{item}");
        paths.extend([item.clone(), format!("{item}/readers"), format!("{item}/exposure")]);
    }
    paths.extend(state.seating.iter().map(|held| format!("{case}/audit/persons/{}/items", held.person)));
    paths
}

/// The same deed with other words, where words are nobody's but those who may read them.
fn reworded(deed: &Deed) -> Deed {
    let mut deed = deed.clone();
    if let What::Sent(sent) = &mut deed.what {
        // A draft's words have a salted digest, which is of the skeleton.
        if !sent.below.as_deref().is_some_and(|below| below.starts_with("settlements")) {
            reword(&mut sent.body);
        }
    }
    deed
}

fn reword(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                match inner {
                    Value::String(text)
                        if ["body", "text", "name", "words", "head", "nature"].contains(&field.as_str()) =>
                    {
                        text.push_str(", in other words");
                    }
                    inner => reword(inner),
                }
            }
        }
        Value::Array(inner) => inner.iter_mut().for_each(reword),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

//! At the table: the joint session, a caucus on each side, an item that is hidden, and what an auditor can tell of it.

use entente_domain::Audience;
use serde_json::{Value, json};

use super::Stage;
use crate::demo::letterbox::News;
use crate::demo::views::{Exposure, Reader, Readers, Restriction};
use crate::failure::Failure;
use crate::output::{self, Side};
use crate::{audit_text, exposure_text};

pub(super) async fn joint_session(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.joint)?;
    stage.teller.tell(words.joint_told)?;
    let joint = stage.look(&cast.mediator).await?.page()?.standing(Audience::Joint)?.to_owned();
    let first = stage.say(&cast.mediator, &joint, words.welcome).await?;
    stage.told(&[&cast.claimant, &cast.respondent], News::Item(first.item()?)).await?;
    let claim = stage.say(&cast.claimant, &joint, words.claim).await?;
    stage.told(&[&cast.respondent, &cast.mediator], News::Item(claim.item()?)).await?;
    let reply = stage.say(&cast.respondent, &joint, words.reply).await?;
    stage.told(&[&cast.claimant, &cast.mediator], News::Item(reply.item()?)).await?;
    let before = unopened(stage).await?;
    stage.post(&cast.respondent, &format!("items/{}/opening", first.item()?), json!({})).await?;
    let after = unopened(stage).await?;
    let around = stage.look_around().await?;
    stage.show_items(&around.respondent)?;
    stage.show_items(&around.centre)?;
    stage.teller.show(&format!("{} {}", cast.respondent.name, words.inbox), &[format!("{before} → {after}")])?;
    let same =
        [&around.claimant, &around.mediator].iter().all(|look| look.items(words) == around.respondent.items(words));
    stage.must(same && around.items() == [3, 3, 3, 0, 0] && (before, after) == (2, 1), words.joint_held)
}

/// How many items of the respondent's inbox have not been opened, once the last write is in it.
async fn unopened(stage: &Stage<'_>) -> Result<usize, Failure> {
    let reply = stage.api.get(&stage.cast.respondent, "/api/inbox", Some(&stage.written)).await?;
    let list: Value = reply.read()?;
    let rows = rows(&list)?;
    Ok(rows.iter().filter(|row| row["opened"] == false).count())
}

pub(super) async fn caucuses(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.caucuses)?;
    let sides = [
        (&cast.claimant, &cast.respondent, Audience::ClaimantCaucus, words.caucus_claimant_told, words.claimant_secret),
        (
            &cast.respondent,
            &cast.claimant,
            Audience::RespondentCaucus,
            words.caucus_respondent_told,
            words.respondent_secret,
        ),
    ];
    for (confider, other, audience, told, secret) in sides {
        stage.teller.tell(told)?;
        let caucus = stage.look(confider).await?.page()?.standing(audience)?.to_owned();
        let (before, centre_before) = (stage.look(other).await?, stage.look(&cast.centre).await?);
        let said = stage.say(confider, &caucus, secret).await?;
        stage.told(&[&cast.mediator], News::Item(said.item()?)).await?;
        let around = stage.look_around().await?;
        let (after, centre_after) = (stage.look(other).await?, stage.look(&cast.centre).await?);
        for look in [&stage.look(confider).await?, &around.mediator, &after] {
            stage.show_items(look)?;
        }
        let unmoved = after.reply == before.reply && centre_after.reply == centre_before.reply;
        let heard = around.mediator.reply.body.contains(secret) && !after.reply.body.contains(secret);
        stage.must(unmoved && heard, words.caucus_held)?;
    }
    Ok(())
}

/// Hides an item; gives it.
pub(super) async fn hidden_item(stage: &mut Stage<'_>) -> Result<String, Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.hidden)?;
    stage.teller.tell(words.hidden_quiet)?;
    stage.hold_back(&cast.respondent).await?;
    let before = stage.look(&cast.respondent).await?;
    let joint = before.page()?.standing(Audience::Joint)?.to_owned();
    stage.teller.tell(words.hidden_told)?;
    let slip = stage.say(&cast.claimant, &joint, words.cost_sheet).await?;
    stage.told(&[&cast.mediator], News::Item(slip.item()?)).await?;
    let shown = stage.look_around().await?;
    stage.show_items(&shown.respondent)?;
    stage.teller.tell(words.hidden_then)?;
    let restriction = json!({ "audience": "claimant_caucus" });
    stage.post(&cast.claimant, &format!("items/{}/restriction", slip.item()?), restriction).await?;
    // Whatever waits for the other side's hour has it now; what comes next shows that none of it was told.
    stage.at_once(&cast.respondent).await?;
    let after = stage.look_around().await?;
    stage.show_items(&after.claimant)?;
    stage.show_items(&after.respondent)?;
    let was_there = shown.respondent.reply.body.contains(words.cost_sheet);
    let still_there = [&after.claimant, &after.mediator].iter().all(|look| look.reply.body.contains(words.cost_sheet));
    stage.must(was_there && still_there && after.respondent.reply == before.reply, words.hidden_held)?;
    Ok(slip.item()?.to_owned())
}

pub(super) async fn trace(stage: &mut Stage<'_>, item: &str) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.trace)?;
    stage.teller.tell(words.trace_told)?;
    let of = format!("/api/cases/{}/audit/items/{item}", stage.case);
    // An audit that is behind the log answers 503, and is asked again like everything else.
    let seen_now = stage.api.get(&cast.auditor, &format!("{of}/readers"), None).await?;
    let seen_before = stage.api.get(&cast.auditor, &format!("{of}/exposure"), None).await?;
    let readers: Readers = seen_now.read()?;
    let row = |reader: &Reader| -> Result<Vec<String>, Failure> {
        let hand = cast.at_the_table(&reader.person)?;
        let could = if reader.could_see { words.yes } else { words.no };
        let why = audit_text::because(reader.ground()?, words.language);
        Ok(vec![hand.name.to_owned(), hand.part.to_owned(), could.to_owned(), why])
    };
    let rows = readers.persons.iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    stage.teller.show(words.readers, &output::columns(&[Side::Left; 4], &rows))?;
    let exposure: Exposure = seen_before.read()?;
    let [Restriction { could, alerted, did, seconds, persons }] = exposure.restrictions.as_slice() else {
        return Err(Failure::found("the item was restricted once, and the audit says otherwise"));
    };
    let told = exposure_text::sentence(*could, *alerted, *did, *seconds, words.language);
    stage.teller.show(words.too_late, &[told])?;
    let other = &cast.respondent.person;
    let shut_out = readers.persons.len() == 3 && readers.persons.iter().all(|it| it.could_see == (it.person != *other));
    let looked = persons.iter().all(|loser| loser.person == *other && loser.looked.is_some());
    let silent = [&seen_now, &seen_before].iter().all(|reply| !reply.body.contains(words.cost_sheet));
    stage.must(shut_out && looked && (*could, *alerted, *did) == (1, 0, 1) && silent, words.trace_held)
}

/// The rows of a list.
fn rows(list: &Value) -> Result<&Vec<Value>, Failure> {
    list["items"].as_array().ok_or_else(|| Failure::found("a list has no rows"))
}

//! What becomes of a document: laid on the table, taken home in a camp's record, and erased.

use entente_domain::{Audience, EventKind};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Stage;
use crate::demo::letterbox::News;
use crate::demo::views::HistoryLine;
use crate::failure::Failure;
use crate::words as named;

/// The answer to an announcement.
#[derive(Deserialize)]
struct Begun {
    upload: String,
}

/// Lays a document on the joint table; gives its item.
pub(super) async fn document(stage: &mut Stage<'_>) -> Result<String, Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.document)?;
    stage.teller.tell(words.document_told)?;
    let joint = stage.look(&cast.respondent).await?.page()?.standing(Audience::Joint)?.to_owned();
    let (name, content) = (words.test_log_name, words.test_log.as_bytes());
    let announced = json!({ "discussion": joint, "name": name, "size": content.len() });
    let Begun { upload } = stage.api.post(&cast.respondent, &stage.path("uploads"), announced).await?;
    stage.api.fill(&cast.respondent, &stage.path(&format!("uploads/{upload}")), content).await?;
    let submission = json!({ "upload": upload, "class": "pre_existing" });
    let item = stage.post(&cast.respondent, "documents", submission).await?.item()?.to_owned();
    stage.told(&[&cast.claimant, &cast.mediator], News::Item(&item)).await?;
    let place = stage.path(&format!("items/{item}/content"));
    let read = stage.api.download(&cast.claimant, &place).await?;
    let text = String::from_utf8_lossy(&read);
    let what = format!("{name}, {} {}", words.language.count(read.len() as u64), words.bytes);
    stage.teller.show(&what, &text.lines().map(str::to_owned).collect::<Vec<_>>())?;
    stage.look_around().await?;
    let mut shut_out = true;
    for hand in [&cast.centre, &cast.stranger] {
        shut_out &= stage.api.get(hand, &place, None).await?.status == 404;
    }
    stage.must(read == content && shut_out, words.document_held)?;
    Ok(item)
}

/// What the claimant takes home.
pub(super) async fn record(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.record)?;
    stage.teller.tell(words.record_told)?;
    let zip = stage.api.download(&cast.claimant, &stage.path("record")).await?;
    let size = words.language.count(zip.len() as u64);
    let files = members(&zip).ok_or_else(|| Failure::found("the record is no ZIP file"))?;
    let shown: Vec<_> = files
        .iter()
        .map(|(name, size)| format!("{name} ({} {})", words.language.count(u64::from(*size)), words.bytes))
        .collect();
    stage.teller.show(&format!("ZIP, {size} {}, {} {}", words.bytes, files.len(), words.files), &shown)?;
    // A record's files are not compressed: what they say can be found in it as it is.
    let holds = |said: &str| zip.windows(said.len()).any(|window| window == said.as_bytes());
    let whole = holds(words.test_log) && holds(words.claimant_secret);
    stage.must(whole && !holds(words.respondent_secret), words.record_held)
}

/// The names and sizes in a ZIP file's directory (APPNOTE 4.3), which stands at its end.
fn members(zip: &[u8]) -> Option<Vec<(String, u32)>> {
    const END: usize = 22;
    const HEAD: usize = 46;
    let two = |at: usize| Some(u16::from_le_bytes(zip.get(at..at + 2)?.try_into().ok()?));
    let four = |at: usize| Some(u32::from_le_bytes(zip.get(at..at + 4)?.try_into().ok()?));
    let end = zip.len().checked_sub(END)?;
    let mut at = usize::try_from(four(end + 16)?).ok()?;
    let mut found = Vec::new();
    for _ in 0..two(end + 10)? {
        let [name, extra, comment] = [two(at + 28)?, two(at + 30)?, two(at + 32)?].map(usize::from);
        let written = zip.get(at + HEAD..at + HEAD + name)?;
        found.push((String::from_utf8(written.to_vec()).ok()?, four(at + 24)?));
        at += HEAD + name + extra + comment;
    }
    Some(found)
}

/// Two of the centre erase the document.
pub(super) async fn erasure(stage: &mut Stage<'_>, item: &str) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.erasure)?;
    stage.teller.tell(words.erasure_told)?;
    let (what, place) = (json!({ "item": item }), stage.path(&format!("items/{item}/content")));
    stage.post(&cast.centre, "erasures", json!({ "what": what, "ground": "unlawful" })).await?;
    let still = stage.api.download(&cast.claimant, &place).await?;
    stage.teller.show(words.test_log_name, &[words.still_read.to_owned()])?;
    stage.teller.tell(words.erasure_then)?;
    stage.post(&cast.deputy, "erasures/approval", json!({ "what": what })).await?;
    let mut gone = true;
    for hand in [&cast.claimant, &cast.respondent, &cast.mediator] {
        let (look, read) = (stage.look(hand).await?, stage.api.get(hand, &place, None).await?);
        let left = look.page()?.items.iter().find(|left| left.item == item);
        gone &= read.status == 404 && left.is_some_and(|left| left.erased.is_some());
        gone &= !look.reply.body.contains(words.test_log_name);
        if hand.person == cast.claimant.person {
            stage.teller.show("", &[format!("GET …/items/{item}/content → {}", read.status)])?;
            stage.show_items(&look)?;
        }
    }
    let history: Value = stage.api.read(&cast.auditor, &stage.path("history")).await?;
    let lines: Vec<HistoryLine> = serde_json::from_value(history["lines"].clone())
        .map_err(|error| Failure::found(format!("the history is not of the form that was expected: {error}")))?;
    let kinds = [EventKind::DocumentSubmitted, EventKind::ErasureProposed, EventKind::ItemErased];
    let told: Vec<_> = lines.iter().filter(|line| kinds.contains(&line.event)).collect();
    let shown: Vec<_> = told
        .iter()
        .map(|line| {
            let hand = named::hand(line.seat, line.person, words.language);
            let event = named::event(line.event, words.language);
            format!("{:>3}  {hand}: {event}", line.position)
        })
        .collect();
    stage.teller.show(words.history, &shown)?;
    let on_record = told.iter().map(|line| line.event).eq(kinds);
    stage.must(still == words.test_log.as_bytes() && gone && on_record, words.erasure_held)
}

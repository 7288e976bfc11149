//! Before a mediator is looked for: registration, questionnaire, invitation, consent.

use entente_domain::Phase;
use serde_json::{Value, json};

use super::Stage;
use crate::demo::api::Done;
use crate::demo::letterbox::News;
use crate::demo::views::{Look, Page};
use crate::failure::Failure;

pub(super) async fn registration(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.registration)?;
    stage.teller.tell(words.registration_told)?;
    let request = json!({
        "claimant": { "id": stage.companies[0], "country": "FR", "name": words.claimant_company },
        "head": cast.claimant.name,
        "respondent": { "id": stage.companies[1], "country": "KR", "name": words.respondent_company },
        "nature": words.nature,
        "sector": "manufacturing",
        "amount": "under1m",
        "languages": ["fr", "en"],
    });
    let done: Done = stage.api.post(&cast.claimant, "/api/cases", request).await?;
    stage.case = done.case;
    let around = stage.look_around().await?;
    let page = around.claimant.page()?;
    let parties: Vec<_> =
        page.parties.iter().map(|party| format!("{} ({})", named(party.name.as_deref()), party.country)).collect();
    stage.teller.show(words.dispute, &[named(page.nature.as_deref()).to_owned()])?;
    stage.teller.show(words.parties, &parties)?;
    let nowhere = Look::take(stage.api, &cast.stranger, &stage.api.unused_id()).await?;
    let closed_to = [&around.respondent, &around.mediator, &around.stranger];
    let alike = nowhere.reply.status == 404 && closed_to.iter().all(|look| look.reply == nowhere.reply);
    stage.must(alike && around.centre.page.is_some(), words.registration_held)
}

pub(super) async fn questionnaire(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.questionnaire)?;
    stage.teller.tell(words.questionnaire_told)?;
    let asked: Value = stage.api.read(&cast.claimant, "/api/questionnaire").await?;
    stage.teller.show("", &texts(&asked["questions"], words.language.code(), "asks"))?;
    let answers = |decider: &str, stopping: &str| {
        json!({ "version": asked["version"], "answers": {
            "voluntary": "b", "confidential": "a", "no_judge": "c",
            "stop_at_any_time": stopping, "mediator_does_not_decide": decider,
        }})
    };
    let first = stage.post(&cast.claimant, "questionnaire-answers", answers("a", "c")).await?;
    let guidance = texts(&first.guidance.unwrap_or_default(), words.language.code(), "");
    stage.teller.show(words.failed, &guidance)?;
    if first.passed != Some(false) || guidance.len() != 2 {
        return Err(Failure::found("two wrong answers must fail, with guidance on each"));
    }
    let second = stage.post(&cast.claimant, "questionnaire-answers", answers("b", "a")).await?;
    if second.passed != Some(true) {
        return Err(Failure::found("the right answers must pass"));
    }
    stage.teller.tell(words.passed)?;
    stage.look_around().await.map(drop)
}

/// The texts of a list in a language; `part` is the field that has them, if it is not the element itself.
fn texts(list: &Value, language: &str, part: &str) -> Vec<String> {
    let text = |element: &Value| {
        let said = if part.is_empty() { element } else { &element[part] };
        said[language].as_str().or_else(|| said.as_str()).unwrap_or_default().to_owned()
    };
    list.as_array().into_iter().flatten().map(text).collect()
}

pub(super) async fn invitation(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.invitation)?;
    stage.teller.tell(words.invitation_told)?;
    let email = cast.respondent.mailbox()?.address;
    let contact = json!({ "person": cast.respondent.person, "name": cast.respondent.name, "email": email });
    stage.post(&cast.centre, "invitation", json!({ "contact": contact })).await?;
    stage.told(&[&cast.claimant, &cast.respondent], News::Step).await?;
    let around = stage.look_around().await?;
    let page = around.respondent.page()?;
    show_instant(stage, words.consent_due, page.deadlines.consent)?;
    // The claimant's timeline has the two attempts; the respondent's has nothing of them.
    let answered = |page: &Page| page.timeline.iter().filter(|it| it["event"] == "QuestionnaireAnswered").count();
    let held = answered(around.claimant.page()?) == 2 && answered(page) == 0 && around.mediator.page.is_none();
    stage.must(held, words.invitation_held)
}

pub(super) async fn consent(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.consent)?;
    stage.teller.tell(words.consent_told)?;
    stage.post(&cast.respondent, "consent", json!({})).await?;
    stage.told(&[&cast.claimant, &cast.centre], News::Step).await?;
    let around = stage.look_around().await?;
    let page = around.centre.page()?;
    show_instant(stage, words.appointment_due, page.deadlines.appointment)?;
    if page.phase == Phase::Consented { Ok(()) } else { Err(Failure::found("the case must stand at consented")) }
}

pub(super) fn show_instant(stage: &Stage<'_>, what: &str, at: Option<jiff::Timestamp>) -> Result<(), Failure> {
    let at = at.ok_or_else(|| Failure::found(format!("a date is missing: {what}")))?;
    stage.teller.show(what, &[stage.words.language.instant(at)])
}

fn named(name: Option<&str>) -> &str {
    name.unwrap_or_default()
}

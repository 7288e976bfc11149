//! The way to the end: a group discussion, a telephone call, the settlement, the audit trail and the figures.

use entente_application::centre::Clock as _;
use entente_domain::EventKind;
use entente_domain::event::{Channel, Outcome};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Stage;
use crate::demo::child;
use crate::demo::letterbox::News;
use crate::demo::views::{HistoryLine, Page};
use crate::failure::Failure;
use crate::words as named;
use crate::world::RealClock;

pub(super) async fn group_discussion(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.group)?;
    stage.teller.tell(words.group_told)?;
    let opened =
        stage.post(&cast.mediator, "discussions", json!({ "audience": "joint", "name": words.thread })).await?;
    let thread = opened.discussion()?.to_owned();
    let question = stage.say(&cast.claimant, &thread, words.thread_question).await?;
    stage.told(&[&cast.respondent, &cast.mediator], News::Item(question.item()?)).await?;
    let answer = stage.say(&cast.respondent, &thread, words.thread_answer).await?;
    stage.told(&[&cast.claimant, &cast.mediator], News::Item(answer.item()?)).await?;
    let around = stage.look_around().await?;
    stage.show_items(&around.respondent)?;
    let has = |page: &Page| {
        page.discussions.iter().any(|it| it.discussion == thread && it.name.as_deref() == Some(words.thread))
    };
    let held = has(around.claimant.page()?) && has(around.respondent.page()?) && has(around.mediator.page()?);
    stage.must(held && !around.centre.reply.body.contains(&thread), words.group_held)
}

pub(super) async fn telephone(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.telephone)?;
    stage.teller.tell(words.telephone_told)?;
    let both = [&cast.claimant, &cast.respondent];
    stage.post(&cast.mediator, "channel", json!({ "channel": "telephone" })).await?;
    stage.told(&both, News::Step).await?;
    let away = stage.look(&cast.respondent).await?.page()?.channel;
    // A call that began half an hour ago by the clock of this machine, which is also the service's.
    let began =
        RealClock::started().now().saturating_sub(SignedDuration::from_mins(30)).unwrap_or(Timestamp::UNIX_EPOCH);
    let exchange = json!({ "channel": "telephone", "audience": "joint", "began": began, "minutes": 25 });
    stage.post(&cast.mediator, "offline-exchanges", exchange).await?;
    stage.post(&cast.mediator, "channel", json!({ "channel": "online" })).await?;
    stage.told(&both, News::Step).await?;
    let around = stage.look_around().await?;
    let page = around.claimant.page()?;
    let noted: Vec<_> = page
        .exchanges
        .iter()
        .map(|it| format!("{}, {} {}", words.channel(it.channel), it.minutes, words.minutes))
        .collect();
    stage.teller.show(words.exchange, &noted)?;
    let held = away == Channel::Telephone && page.channel == Channel::Online && page.exchanges.len() == 1;
    stage.must(held, words.telephone_held)
}

pub(super) async fn settlement(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.settlement)?;
    stage.teller.tell(words.settlement_told)?;
    let proposed = stage.post(&cast.mediator, "settlements", json!({ "text": words.draft, "scope": "whole" })).await?;
    let item = proposed.item()?.to_owned();
    stage.told(&[&cast.claimant, &cast.respondent], News::Item(&item)).await?;
    let mut digests = Vec::new();
    let mut open_between = false;
    for (hand, other) in [(&cast.claimant, &cast.respondent), (&cast.respondent, &cast.claimant)] {
        let look = stage.look(hand).await?;
        let page = look.page()?;
        open_between = page.closing.is_none();
        let draft = page.settlements.iter().find(|draft| draft.item == item);
        let digest = draft.map(|draft| draft.digest.clone()).ok_or_else(|| Failure::found("a side has no draft"))?;
        if !look.reply.body.contains(words.draft) {
            return Err(Failure::found("a side cannot read the draft"));
        }
        stage.post(hand, &format!("settlements/{item}/signature"), json!({ "digest": digest })).await?;
        stage.told(&[other, &cast.mediator], News::Step).await?;
        digests.push(digest);
        let signed = stage.look(&cast.mediator).await?;
        let camps = signed.page()?.settlements.iter().find(|draft| draft.item == item);
        let camps = camps.map(|draft| draft.signed.clone()).unwrap_or_default();
        let camps: Vec<_> =
            camps.iter().map(|camp| named::seat(Some(camp.seat()), words.language).to_owned()).collect();
        stage.teller.show(words.signed_by, &camps)?;
    }
    let around = stage.look_around().await?;
    let outcome = around.centre.page()?.closing.as_ref().map(|closing| closing.outcome);
    if let Some(outcome) = outcome {
        stage.teller.show(words.outcome, &[named::outcome(outcome, words.language).to_owned()])?;
    }
    digests.dedup();
    stage.must(digests.len() == 1 && open_between && outcome == Some(Outcome::Settled), words.settlement_held)
}

pub(super) async fn audit_trail(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.audit)?;
    stage.teller.tell(words.audit_told)?;
    let reply = stage.api.get(&cast.auditor, &format!("/api/cases/{}/history", stage.case), None).await?;
    let history: Value = reply.read()?;
    let lines: Vec<HistoryLine> = serde_json::from_value(history["lines"].clone())
        .map_err(|error| Failure::found(format!("the history is not of the form that was expected: {error}")))?;
    // Each letter about an item is an event; which of them there are is told by the chapter on letters.
    let is_alert = |line: &&HistoryLine| line.event == EventKind::PersonAlerted;
    let alerts = lines.iter().filter(is_alert).count();
    let shown: Vec<_> = lines
        .iter()
        .filter(|line| !is_alert(line))
        .map(|line| {
            let audience = line.facts.iter().find(|fact| fact.name == "audience");
            let audience = audience.and_then(|fact| serde_json::from_value(Value::String(fact.value.clone())).ok());
            let circle = audience.map(|audience| format!(" [{}]", words.audience(audience))).unwrap_or_default();
            let hand = named::hand(line.seat, line.person, words.language);
            let event = named::event(line.event, words.language);
            format!("{:>3}  {hand}: {event}{circle}", line.position)
        })
        .collect();
    stage.teller.show("", &shown)?;
    let alerted = named::event(EventKind::PersonAlerted, words.language);
    stage.teller.show(words.between, &[format!("{}: {alerted} ({alerts})", named::seat(None, words.language))])?;
    let dense = lines.iter().zip(1..).all(|(line, number)| line.sequence == number);
    let ended = lines.iter().rfind(|line| !is_alert(line)).is_some_and(|line| line.event == EventKind::CaseClosed);
    let said = [words.welcome, words.claimant_secret, words.respondent_secret, words.cost_sheet, words.draft];
    let silent = said.iter().all(|words| !reply.body.contains(words));
    stage.must(dense && ended && silent, words.audit_held)
}

pub(super) async fn figures(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, stage.words);
    stage.teller.chapter(words.figures)?;
    stage.teller.tell(words.figures_told)?;
    let told: Value = stage.api.read(&cast.analyst, "/api/figures").await?;
    let is_silent = told["tables"][0]["cells"][0]["figures"]
        .as_array()
        .is_some_and(|figures| !figures.is_empty() && figures.iter().all(|figure| figure["suppressed"] == true));
    stage.must(is_silent, words.figures_suppressed)?;
    stage.teller.tell(words.figures_own)?;
    let report = child::ask(stage.folder, &["report", "--staff", "--json"])?;
    let figure = &report["tables"][0]["cells"][0]["figures"][0];
    let per_cent = |part: &str| figure[part].as_f64().map(|rate| words.language.per_cent(rate)).unwrap_or_default();
    let (k, n) = (figure["k"].as_u64(), figure["n"].as_u64());
    let (Some(settled), Some(concluded)) = (k, n) else {
        return Err(Failure::found("the figure has no counts"));
    };
    let line = format!(
        "{}: {settled} / {concluded} = {} ({}, {}: {} – {}; {} {})",
        figure["code"].as_str().unwrap_or_default(),
        per_cent("rate"),
        figure["method"].as_str().unwrap_or_default(),
        words.interval,
        per_cent("low"),
        per_cent("high"),
        words.as_of,
        figure["as_of"]["position"],
    );
    stage.teller.show("", &[line])?;
    stage.must((settled, concluded) == (1, 1), words.figures_held)?;
    stage.teller.tell(words.figures_claim)?;
    let claim = |of: &str| child::ask(stage.folder, &["percentage", "85", "--of", of, "--json"]);
    let (possible, all) = (claim("60")?, claim("60..70")?);
    let none_of_70 = all["given_by"].as_array().is_some_and(|given| given.iter().all(|giving| giving["n"] != 70));
    stage.must(none_of_70 && possible["given_by"][0]["from"] == 51, words.figures_claim_held)
}

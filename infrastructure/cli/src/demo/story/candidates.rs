//! How the table gets its mediator: the roster, two candidates, the appointment, and a challenge that the centre rejects.

use std::collections::BTreeSet;

use entente_domain::roster::{Exclusion, Reasons};
use entente_domain::{Audience, Camp, Seat};
use serde::Deserialize;
use serde_json::{Value, json};

use super::before::show_instant;
use super::letters::words_of;
use super::{Hand, Stage};
use crate::demo::letterbox::News;
use crate::demo::views::{Look, Page, Party};
use crate::demo::words::RosterWords;
use crate::failure::Failure;
use crate::words as named;

/// Who comes into question, and who does not.
#[derive(Deserialize)]
struct Shortlist {
    ranked: Vec<Ranked>,
    excluded: Vec<Excluded>,
}

#[derive(Deserialize)]
struct Ranked {
    rank: u32,
    person: String,
    name: String,
    reasons: Reasons,
}

#[derive(Deserialize)]
struct Excluded {
    person: String,
    name: String,
    reasons: BTreeSet<Exclusion>,
}

/// What a candidate reads.
#[derive(Deserialize)]
struct Candidacy {
    due: Option<jiff::Timestamp>,
    parties: Vec<Party>,
    people: Vec<Acting>,
    sector: String,
    languages: Vec<String>,
}

#[derive(Deserialize)]
struct Acting {
    camp: Camp,
    name: Option<String>,
}

pub(super) async fn roster(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, RosterWords::of(stage.words.language));
    stage.teller.chapter(words.roster)?;
    stage.teller.tell(words.roster_told)?;
    let [_, supplier] = stage.companies.clone();
    for (hand, sector, ties) in [
        (&cast.candidate, "manufacturing", vec![]),
        (&cast.mediator, "trade", vec![]),
        (&cast.tied, "manufacturing", vec![supplier]),
    ] {
        let entry = json!({
            "name": hand.name,
            "accreditations": [{ "by": "CMAP", "from": "2020-01-01" }],
            "languages": ["fr", "en"],
            "sectors": [sector],
            "available": true,
            "at_a_time": 3,
            "conflicts": ties,
        });
        stage.api.put::<Value>(&cast.centre, &format!("/api/mediators/{}", hand.person), entry).await?;
    }
    let list = shortlist(stage, &words).await?;
    let ranks = list.ranked.iter().map(|line| (line.rank, &line.person));
    let excluded = list.excluded.iter().map(|line| (&line.person, line.reasons.iter().copied().collect::<Vec<_>>()));
    let held = ranks.eq([(1, &cast.candidate.person), (2, &cast.mediator.person)])
        && excluded.eq([(&cast.tied.person, vec![Exclusion::DeclaredConflict])]);
    let mut others = true;
    for hand in [&cast.claimant, &cast.respondent, &cast.candidate, &cast.auditor, &cast.stranger] {
        others &= stage.api.get(hand, &stage.path("shortlist"), None).await?.status == 403;
    }
    stage.must(held && others, words.roster_held)
}

/// Asks who comes into question, and shows it.
async fn shortlist(stage: &Stage<'_>, words: &RosterWords) -> Result<Shortlist, Failure> {
    let list: Shortlist = stage.api.read(&stage.cast.centre, &stage.path("shortlist")).await?;
    let ranked = list
        .ranked
        .iter()
        .map(|Ranked { rank, name, reasons, .. }| format!("{rank}. {name}{} {}", words.colon, words.reasons(reasons)));
    stage.teller.show(words.ranked, &ranked.collect::<Vec<_>>())?;
    let excluded = list.excluded.iter().map(|Excluded { name, reasons, .. }| {
        let reasons: Vec<_> = reasons.iter().map(|reason| words.exclusion(*reason)).collect();
        format!("–  {name}{} {}", words.colon, reasons.join(", "))
    });
    stage.teller.show(words.excluded, &excluded.collect::<Vec<_>>())?;
    Ok(list)
}

pub(super) async fn proposals(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, RosterWords::of(stage.words.language));
    stage.teller.chapter(words.candidates)?;
    stage.teller.tell(words.proposal_told)?;
    let before = [stage.look(&cast.claimant).await?, stage.look(&cast.respondent).await?];
    propose(stage, &cast.candidate).await?;
    let (place, from) = (stage.path("candidacy"), &cast.candidate);
    let reply = stage.api.get(from, &place, None).await?;
    let asked: Candidacy = reply.read()?;
    let parties = asked.parties.iter().map(|party| format!("{} ({})", known(party.name.as_deref()), party.country));
    let people = asked.people.iter().map(|acting| {
        let camp = named::seat(Some(acting.camp.seat()), words.language);
        format!("{} ({camp})", known(acting.name.as_deref()))
    });
    let sector = named::fact("sector", words.language);
    let rest = format!("{sector}{} {} ({})", words.colon, asked.sector, asked.languages.join(" + "));
    let shown: Vec<_> = parties.chain(people).chain([rest]).collect();
    stage.teller.show(&format!("{} ({}) {}", from.name, from.part, stage.words.sees), &shown)?;
    show_instant(stage, words.due, asked.due)?;
    let told = [stage.words.nature, "under1m", cast.respondent.mailbox()?.address];
    let said = words_of(&reply.body);
    let silent = told.iter().all(|text| !reply.body.contains(text)) && words_of(stage.words.nature).is_disjoint(&said);
    let page = stage.look(from).await?;
    let people = [&cast.claimant, &cast.respondent].map(|hand| hand.name);
    let names = asked.people.iter().map(|acting| known(acting.name.as_deref())).eq(people);
    stage.must(silent && names && page.reply.status == 404, words.proposal_held)?;

    stage.teller.tell(words.refusal_told)?;
    stage.post(from, "appointment-refusal", json!({})).await?;
    stage.told(&[&cast.centre], News::Step).await?;
    let list = shortlist(stage, &words).await?;
    let next = list.ranked.first().is_some_and(|first| first.person == cast.mediator.person);
    stage.teller.tell(words.next_told)?;
    propose(stage, &cast.mediator).await?;
    stage.post(&cast.mediator, "declaration", json!({ "declaration": words.declaration })).await?;
    stage.told(&[&cast.centre], News::Step).await?;
    let after = [stage.look(&cast.claimant).await?, stage.look(&cast.respondent).await?];
    stage.look_around().await?;
    let nobody = stage.api.get(&cast.stranger, &place, None).await?;
    let gone = nobody.status == 404 && stage.api.get(from, &place, None).await? == nobody;
    let unmoved = before.iter().zip(&after).all(|(before, after)| before.reply == after.reply);
    stage.must(next && gone && unmoved, words.refusal_held)
}

/// The centre asks somebody to mediate, who gets a letter.
async fn propose(stage: &mut Stage<'_>, hand: &Hand) -> Result<(), Failure> {
    let email = hand.mailbox()?.address;
    let mediator = json!({ "person": hand.person, "name": hand.name, "email": email });
    stage.post(&stage.cast.centre, "proposals", json!({ "mediator": mediator })).await?;
    stage.told(&[hand], News::Step).await
}

pub(super) async fn appointment(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words, of_roster) = (stage.cast, stage.words, RosterWords::of(stage.words.language));
    stage.teller.chapter(words.appointment)?;
    stage.teller.tell(words.appointment_told)?;
    let email = cast.mediator.mailbox()?.address;
    let mediator = json!({ "person": cast.mediator.person, "name": cast.mediator.name, "email": email });
    stage.post(&cast.centre, "appointment", json!({ "mediator": mediator })).await?;
    stage.told(&[&cast.claimant, &cast.respondent, &cast.mediator], News::Step).await?;
    let around = stage.look_around().await?;
    show_instant(stage, words.term_due, around.centre.page()?.deadlines.term)?;
    let circles = |page: &Page| {
        let mut circles: Vec<_> = page.discussions.iter().map(|thread| thread.audience).collect();
        circles.sort_unstable();
        circles
    };
    let held = circles(around.claimant.page()?) == [Audience::Joint, Audience::ClaimantCaucus]
        && circles(around.respondent.page()?) == [Audience::Joint, Audience::RespondentCaucus]
        && circles(around.mediator.page()?).len() == 3
        && circles(around.centre.page()?).is_empty();
    stage.must(held, words.appointment_held)?;
    let mut read = true;
    for look in [&around.claimant, &around.respondent] {
        let held = look.page()?.people.iter().find(|held| held.seat == Seat::Mediator);
        read &= held.and_then(|held| held.declaration.as_deref()) == Some(of_roster.declaration);
        read &= !look.reply.body.contains(cast.candidate.name) && !look.reply.body.contains(&cast.candidate.person);
    }
    let declared = format!("{} {}", of_roster.declared_by, cast.mediator.name);
    stage.teller.show(&declared, &[of_roster.declaration.to_owned()])?;
    stage.must(read, of_roster.declared_held)
}

pub(super) async fn challenge(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (cast, words) = (stage.cast, RosterWords::of(stage.words.language));
    stage.teller.chapter(words.challenge)?;
    stage.teller.tell(words.challenge_told)?;
    stage.post(&cast.respondent, "challenges", json!({ "ground": words.ground })).await?;
    stage.told(&[&cast.claimant, &cast.mediator, &cast.centre], News::Step).await?;
    let challenged = stage.look_around().await?;
    let read = |look: &Look<'_>| -> Result<Option<String>, Failure> {
        Ok(look.page()?.challenges.first().and_then(|challenge| challenge.ground.clone()))
    };
    let table = [&challenged.claimant, &challenged.respondent, &challenged.mediator, &challenged.centre];
    for look in table {
        let ground = read(look)?.unwrap_or_else(|| words.sealed.to_owned());
        stage.teller.show(&format!("{} {} ({})", words.ground_of, look.hand.name, look.hand.part), &[ground])?;
    }
    stage.teller.tell(words.decision_told)?;
    stage.post(&cast.centre, "challenges/decision", json!({ "upheld": false })).await?;
    stage.told(&[&cast.claimant, &cast.respondent, &cast.mediator], News::Step).await?;
    let decided = stage.look_around().await?;
    let mut held = true;
    for (look, reads) in
        [(&decided.claimant, false), (&decided.respondent, true), (&decided.mediator, false), (&decided.centre, true)]
    {
        let rejected = look.page()?.challenges.iter().map(|challenge| challenge.upheld).eq([Some(false)]);
        held &= rejected && read(look)?.is_some() == reads && look.reply.body.contains(words.ground) == reads;
    }
    stage.must(held && decided.mediator.page()?.discussions.len() == 3, words.challenge_held)
}

fn known(name: Option<&str>) -> &str {
    name.unwrap_or_default()
}

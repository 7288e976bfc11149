//! The answer to a command: where to find what it made, and the token by which a list can be made to wait for it.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use entente_application::Answer;
use entente_domain::event::TextDigest;
use entente_domain::questionnaire::{QUESTIONS, Topic};
use entente_domain::{CaseEvent, CaseId, CommandId, DiscussionId, ItemId, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answered, json};

/// The header that carries the token.
pub const WRITTEN: &str = "entente-written";

/// What a command did. The same command gives the same bytes again.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Written {
    /// The case.
    pub case: CaseId,
    /// The command: send it as `Entente-After` to read a list that shows this write.
    pub written: CommandId,
    /// The item that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The discussion that was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discussion: Option<DiscussionId>,
    /// The person who was invited, appointed or seated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What a signature of the draft must name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<TextDigest>,
    /// Whether the questionnaire was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    /// What to read again before the next attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<Vec<Guidance>>,
}

/// What to know about a question that was answered wrongly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Guidance {
    /// The question.
    pub topic: Topic,
    /// In French.
    pub fr: &'static str,
    /// In English.
    pub en: &'static str,
}

/// Tells what came of a command: 201 if there is something new with an id, 200 otherwise.
///
/// # Errors
/// None that is not our mistake.
pub fn answer(answer: &Answer) -> Answered {
    let written = Written::from(answer);
    let location = written.location(answer);
    let status = if location.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = json(status, &written)?;
    let token = HeaderValue::from_str(&written.written.to_string());
    response.headers_mut().extend(token.ok().map(|token| (axum::http::HeaderName::from_static(WRITTEN), token)));
    let location = location.and_then(|location| HeaderValue::from_str(&location).ok());
    response.headers_mut().extend(location.map(|location| (LOCATION, location)));
    Ok(response)
}

impl Written {
    /// Where what was made can be read, if anything was.
    fn location(&self, answer: &Answer) -> Option<String> {
        let case = format!("/api/cases/{}", self.case);
        let registered = answer.happened.iter().any(|event| matches!(event, CaseEvent::Registered(_)));
        match self.item {
            Some(item) => Some(format!("{case}/items/{item}")),
            // Discussions and people are read on the case's page.
            None => (registered || self.discussion.is_some() || self.person.is_some()).then_some(case),
        }
    }
}

impl From<&Answer> for Written {
    fn from(answer: &Answer) -> Self {
        let mut written = Self {
            case: answer.case,
            written: answer.command,
            item: None,
            discussion: None,
            person: None,
            digest: None,
            passed: None,
            guidance: None,
        };
        answer.happened.iter().for_each(|event| written.add(event));
        written
    }
}

impl Written {
    fn add(&mut self, event: &CaseEvent) {
        match event {
            CaseEvent::QuestionnairePassed(_) => (self.passed, self.guidance) = (Some(true), Some(vec![])),
            CaseEvent::QuestionnaireFailed(event) => {
                let topics = event.guidance.clear().map_or(&[] as &[Topic], Vec::as_slice);
                (self.passed, self.guidance) = (Some(false), Some(guidance(topics)));
            }
            // Without a contact it was the rules that invited, and the caller named nobody.
            CaseEvent::RespondentInvited(event) if event.contact.is_some() => self.person = Some(event.person),
            CaseEvent::MediatorProposed(event) => self.person = Some(event.candidate.person),
            CaseEvent::MediatorAppointed(event) => self.person = Some(event.mediator.person),
            CaseEvent::RepresentativeSeated(event) => self.person = Some(event.contact.person),
            // Threads without a name come with the table: some of them are not for whoever appoints.
            CaseEvent::DiscussionOpened(event) if event.name.is_some() => self.discussion = Some(event.discussion),
            CaseEvent::MessagePosted(event) => self.item = Some(event.item),
            CaseEvent::DocumentSubmitted(event) => self.item = Some(event.item),
            CaseEvent::ItemDisclosed(event) => self.item = Some(event.item),
            CaseEvent::SettlementProposed(event) => {
                (self.item, self.digest) = (Some(event.item), Some(event.digest.clone()));
            }
            _ => {}
        }
    }
}

fn guidance(topics: &[Topic]) -> Vec<Guidance> {
    let asked = QUESTIONS.iter().filter(|question| topics.contains(&question.topic));
    asked.map(|q| Guidance { topic: q.topic, fr: q.guidance.fr, en: q.guidance.en }).collect()
}

#[cfg(test)]
mod tests {
    use entente_domain::Audience;
    use entente_domain::event::{CaseSuspended, DiscussionOpened, QuestionnaireFailed, QuestionnairePassed};
    use entente_domain::questionnaire::CURRENT;
    use uuid::Uuid;

    use super::*;

    fn written(happened: Vec<CaseEvent>) -> Written {
        let (case, command) = (CaseId(Uuid::from_u128(1)), CommandId(Uuid::from_u128(2)));
        Written::from(&Answer { case, command, happened, repeated: false })
    }

    #[test]
    fn threads_that_come_with_the_table_are_not_told_to_whoever_appoints() {
        let discussion = DiscussionId(Uuid::from_u128(3));
        let opened = DiscussionOpened { discussion, audience: Audience::ClaimantCaucus, name: None };
        assert_eq!(written(vec![opened.into()]).discussion, None);
    }

    #[test]
    fn a_failed_questionnaire_tells_what_to_read_and_a_passed_one_nothing() {
        let failed = QuestionnaireFailed { version: CURRENT, guidance: vec![Topic::NoJudge].into() };
        let told = written(vec![failed.into()]);
        assert_eq!((told.passed, told.guidance.map(|all| all.len())), (Some(false), Some(1)));
        let told = written(vec![QuestionnairePassed { version: CURRENT }.into()]);
        assert_eq!((told.passed, told.guidance), (Some(true), Some(vec![])));
    }

    #[test]
    fn what_makes_nothing_new_is_simply_done() {
        let (case, command) = (CaseId(Uuid::from_u128(1)), CommandId(Uuid::from_u128(2)));
        let answer = Answer { case, command, happened: vec![CaseSuspended {}.into()], repeated: false };
        assert_eq!(super::answer(&answer).map(|response| response.status()).ok(), Some(StatusCode::OK));
    }
}

//! The questionnaire: what is asked, and a company's answers (B7).

use entente_application::Centre;
use entente_domain::command::AnswerQuestionnaire;
use entente_domain::questionnaire::{Bilingual, CURRENT, Choice, QUESTIONS, QuestionnaireVersion, Topic};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::written::Written;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(questionnaire)).routes(routes!(answer_questionnaire))
}

/// The questionnaire as it is asked, without the answers that pass.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Questionnaire {
    /// To be named with the answers.
    version: QuestionnaireVersion,
    /// In the order in which they are asked.
    questions: Vec<Asked>,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Asked {
    /// Its name.
    topic: Topic,
    /// What is asked.
    asks: Bilingual,
    /// What may be chosen.
    choices: Vec<Offered>,
}

/// A choice.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Offered {
    /// Its letter.
    choice: Choice,
    /// In French.
    fr: &'static str,
    /// In English.
    en: &'static str,
}

/// The questionnaire in force, for everyone, in both languages.
#[utoipa::path(get, path = "/api/questionnaire", responses((status = 200, body = Questionnaire)))]
async fn questionnaire() -> Answered {
    let offered = |(choice, text): (Choice, Bilingual)| Offered { choice, fr: text.fr, en: text.en };
    let letters = [Choice::A, Choice::B, Choice::C];
    let asked = QUESTIONS.iter().map(|question| Asked {
        topic: question.topic,
        asks: question.asks,
        choices: letters.into_iter().zip(question.choices).map(offered).collect(),
    });
    ok(&Questionnaire { version: CURRENT, questions: asked.collect() })
}

/// The claimant answers the questionnaire.
#[utoipa::path(post, path = "/api/cases/{case}/questionnaire-answers", request_body = AnswerQuestionnaire,
    responses((status = 200, body = Written)))]
async fn answer_questionnaire(call: Call) -> Answered {
    call.ask::<AnswerQuestionnaire>().await
}

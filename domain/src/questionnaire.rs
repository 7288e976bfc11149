//! The questionnaire that shows whether a company knows how mediation works (B7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sealed::skeleton;

/// A question's name; the set is closed, so an answer to anything else does not parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Topic {
    /// Nobody is forced to mediate (B4).
    Voluntary,
    /// What is said stays at the table (B12, B13).
    Confidential,
    /// No court and no legal procedure (B1).
    NoJudge,
    /// Anyone may stop at any time (B6).
    StopAtAnyTime,
    /// The parties find the solution.
    MediatorDoesNotDecide,
}

/// Which of a question's three choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Choice {
    /// The first.
    A,
    /// The second.
    B,
    /// The third.
    C,
}

/// A text in the centre's two working languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bilingual {
    /// French.
    pub fr: &'static str,
    /// English.
    pub en: &'static str,
}

/// One question with its choices, and what to read after a wrong answer.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Its name.
    pub topic: Topic,
    /// What is asked.
    pub asks: Bilingual,
    /// The choices A, B and C.
    pub choices: [Bilingual; 3],
    /// The choice that shows understanding.
    pub(crate) understood: Choice,
    /// What a company that chose otherwise should know.
    pub guidance: Bilingual,
}

/// A version of the questionnaire; answers name the version that they answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionnaireVersion(pub u16);

/// What was chosen for each question.
pub type Answers = BTreeMap<Topic, Choice>;

/// The version that is asked now.
pub const CURRENT: QuestionnaireVersion = QuestionnaireVersion(1);

/// The questions asked now, in the order in which they are asked.
pub const QUESTIONS: [Question; 5] = [
    Question {
        topic: Topic::Voluntary,
        asks: Bilingual {
            fr: "Qui oblige les deux entreprises à aller en médiation ?",
            en: "Who obliges the two companies to mediate?",
        },
        choices: [
            Bilingual {
                fr: "Le centre, une fois la demande enregistrée",
                en: "The centre, once the request is registered",
            },
            Bilingual { fr: "Personne : chacune doit l’accepter", en: "Nobody: each of them has to agree" },
            Bilingual { fr: "L’entreprise qui s’estime lésée", en: "The company that feels wronged" },
        ],
        understood: Choice::B,
        guidance: Bilingual {
            fr: "La médiation est volontaire : elle ne commence que si l’autre entreprise y consent.",
            en: "Mediation is voluntary: it begins only if the other company consents.",
        },
    },
    Question {
        topic: Topic::Confidential,
        asks: Bilingual {
            fr: "Que devient ce que vous confiez au médiateur en aparté ?",
            en: "What becomes of what you tell the mediator in private?",
        },
        choices: [
            Bilingual {
                fr: "Il reste entre vous, sauf si vous l’autorisez",
                en: "It stays between you unless you allow otherwise",
            },
            Bilingual { fr: "L’autre partie le lit à la fin", en: "The other side reads it at the end" },
            Bilingual { fr: "Il est publié sans les noms", en: "It is published without the names" },
        ],
        understood: Choice::A,
        guidance: Bilingual {
            fr: "Tout est confidentiel ; un aparté n’est transmis à l’autre partie qu’avec votre accord.",
            en: "Everything is confidential; a caucus passes to the other side only with your consent.",
        },
    },
    Question {
        topic: Topic::NoJudge,
        asks: Bilingual {
            fr: "Quelle est la place du droit et du juge en médiation ?",
            en: "What part do the law and a judge play in mediation?",
        },
        choices: [
            Bilingual { fr: "Un juge suit chaque échange", en: "A judge follows each exchange" },
            Bilingual { fr: "Le centre rend une sentence", en: "The centre gives an award" },
            Bilingual {
                fr: "Il n’y a ni juge ni procédure judiciaire",
                en: "There is no judge and no legal procedure",
            },
        ],
        understood: Choice::C,
        guidance: Bilingual {
            fr: "Le centre n’est pas un tribunal : aucun juge, aucune procédure, aucune sentence.",
            en: "The centre is no court: no judge, no procedure, no award.",
        },
    },
    Question {
        topic: Topic::StopAtAnyTime,
        asks: Bilingual { fr: "Quand pouvez-vous arrêter la médiation ?", en: "When may you stop the mediation?" },
        choices: [
            Bilingual { fr: "À tout moment, sans vous justifier", en: "At any time, without giving a reason" },
            Bilingual { fr: "Seulement avant le premier échange", en: "Only before the first exchange" },
            Bilingual { fr: "Avec l’accord du médiateur", en: "With the mediator’s permission" },
        ],
        understood: Choice::A,
        guidance: Bilingual {
            fr: "Chaque partie peut se retirer à tout moment, sans motif et sans permission.",
            en: "Either side may withdraw at any time, without a reason and without permission.",
        },
    },
    Question {
        topic: Topic::MediatorDoesNotDecide,
        asks: Bilingual { fr: "Qui trouve la solution ?", en: "Who finds the solution?" },
        choices: [
            Bilingual { fr: "Le médiateur, qui tranche", en: "The mediator, who decides" },
            Bilingual {
                fr: "Les deux entreprises, aidées du médiateur",
                en: "The two companies, helped by the mediator",
            },
            Bilingual { fr: "Le centre, selon un barème", en: "The centre, by a scale" },
        ],
        understood: Choice::B,
        guidance: Bilingual {
            fr: "Le médiateur ne décide pas : il aide les parties à trouver elles-mêmes leur accord.",
            en: "The mediator does not decide: the parties are helped to find their own agreement.",
        },
    },
];

/// The topics that these answers show not to be understood, unanswered ones among them; none if the company has passed.
pub fn misunderstood(answers: &Answers) -> Vec<Topic> {
    QUESTIONS.iter().filter(|q| answers.get(&q.topic) != Some(&q.understood)).map(|q| q.topic).collect()
}

skeleton!(QuestionnaireVersion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_or_missing_answer_names_its_topic() {
        let mut answers: Answers = QUESTIONS.iter().map(|q| (q.topic, q.understood)).collect();
        assert!(misunderstood(&answers).is_empty());
        answers.insert(Topic::NoJudge, Choice::A);
        answers.remove(&Topic::Voluntary);
        assert_eq!(misunderstood(&answers), [Topic::Voluntary, Topic::NoJudge]);
    }
}

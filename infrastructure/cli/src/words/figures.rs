//! What figures, their reasons and the values they are split by are called.

use entente_domain::company::{AmountBand, Sector};
use entente_projections::figures::{Code, Dimension, Exclusion, Mode, Span};
use serde::de::DeserializeOwned;

use crate::language::Language;

/// A rate.
pub fn rate(code: Code, language: Language) -> &'static str {
    let (english, french) = match code {
        Code::SR1 => ("settlement rate of concluded mediations", "taux d’accord des médiations terminées"),
        Code::SR2 => ("… with partial settlements", "… avec les accords partiels"),
        Code::SR3 => ("… with settlements within 90 days after", "… avec les accords des 90 jours suivants"),
        Code::SR4 => ("settlement rate of engaged tables", "taux d’accord des tables engagées"),
        Code::SR5 => ("settlement rate from consent", "taux d’accord depuis le consentement"),
        Code::SR6 => ("settlement rate from request", "taux d’accord depuis la demande"),
        Code::U1 => ("uptake of invitations", "acceptation des invitations"),
        Code::E1 => ("mediator appointed within 48 hours", "médiateur nommé sous 48 heures"),
        Code::H1 => ("conducted wholly online", "conduites entièrement en ligne"),
        Code::W1 => ("withdrawals", "retraits"),
        Code::C1 => ("across a border", "affaires transfrontalières"),
    };
    language.pick(english, french)
}

/// What of what a rate is: the denominator, then the numerator.
pub fn definition(code: Code, language: Language) -> (&'static str, &'static str) {
    let concluded = (
        "cases that closed and had a mediator appointed",
        "les affaires closes dans lesquelles un médiateur a été nommé",
    );
    let settled =
        ("those that closed with a settlement of the whole", "celles closes par un accord sur tout le différend");
    let closed = ("cases that closed", "les affaires closes");
    let (of, what) = match code {
        Code::SR1 => (concluded, settled),
        Code::SR2 => (
            concluded,
            ("those that closed with a settlement, whole or partial", "celles closes par un accord, entier ou partiel"),
        ),
        Code::SR3 => (
            concluded,
            (
                "those that closed with a settlement, or whose parties both said within 90 days that they \
                 settled after all",
                "celles closes par un accord, ou dont les parties ont toutes deux déclaré un accord dans les 90 jours",
            ),
        ),
        Code::SR4 => (
            (
                "cases that closed, had a mediator appointed, and in which each side put something on the table",
                "les affaires closes avec médiateur, dans lesquelles chaque partie a déposé quelque chose à la table",
            ),
            settled,
        ),
        Code::SR5 => (
            (
                "cases that closed and in which the respondent had consented",
                "les affaires closes dans lesquelles le défendeur avait consenti",
            ),
            settled,
        ),
        Code::SR6 => (closed, settled),
        Code::U1 => (
            (
                "invitations that were answered, or whose time to answer is over",
                "les invitations répondues, ou dont le délai de réponse est écoulé",
            ),
            ("those in which the respondent consented", "celles dans lesquelles le défendeur a consenti"),
        ),
        Code::E1 => (
            (
                "cases with consent in which a mediator was appointed, or the 48 hours are over",
                "les affaires avec consentement dans lesquelles un médiateur a été nommé, ou les 48 heures \
                 sont écoulées",
            ),
            (
                "those whose mediator was appointed within 48 hours; what is overdue counts as missed",
                "celles dont le médiateur a été nommé sous 48 heures\u{202f}; un retard compte comme manqué",
            ),
        ),
        Code::H1 => (
            concluded,
            (
                "those whose parties never left the table for other means",
                "celles dont les parties n’ont jamais quitté la table pour un autre moyen",
            ),
        ),
        Code::W1 => (closed, ("those that a side stopped", "celles qu’une partie a quittées")),
        Code::C1 => (
            (
                "cases that closed; all that were registered, where the figures are of those",
                "les affaires closes\u{202f}; toutes celles enregistrées, quand les chiffres portent sur celles-ci",
            ),
            ("those between companies of two countries", "celles entre entreprises de deux pays"),
        ),
    };
    (language.pick(of.0, of.1), language.pick(what.0, what.1))
}

/// A time that is measured.
pub fn span(span: Span, language: Language) -> &'static str {
    let (english, french) = match span {
        Span::E2 => ("from consent to the mediator’s appointment", "du consentement à la nomination du médiateur"),
        Span::D1 => ("from invitation to consent", "de l’invitation au consentement"),
        Span::D2 => ("from registration to closing", "de l’enregistrement à la clôture"),
    };
    language.pick(english, french)
}

/// From what to what a time is measured.
pub fn measured(span: Span, language: Language) -> &'static str {
    match span {
        Span::E2 => language.pick(
            "from consent, or from the questionnaire if it was passed later, to the first appointment",
            "du consentement, ou du questionnaire s’il a été réussi plus tard, à la première nomination",
        ),
        Span::D1 => language.pick("from the invitation to the consent", "de l’invitation au consentement"),
        Span::D2 => language
            .pick("from registration to closing, however", "de l’enregistrement à la clôture, quelle qu’elle soit"),
    }
}

/// What the values of a dimension mean, where their names do not say it.
pub fn explained(dimension: Dimension, language: Language) -> Option<&'static str> {
    match dimension {
        Dimension::Year => Some(language.pick(
            "in Paris, of what the figure counts: the closing, the answer, the end of the 48 hours, the beginning of a \
             time; of registration, where the figures are of cases registered in a period",
            "à Paris, de ce que le chiffre compte\u{202f}: la clôture, la réponse, la fin des 48 heures, le début \
             d’une durée\u{202f}; de l’enregistrement, quand les chiffres portent sur les affaires \
             enregistrées dans une période",
        )),
        Dimension::Channel => Some(language.pick(
            "online: the table was never left; hybrid: both at the table and away from it; offline: never at the table",
            "en ligne\u{202f}: la table n’a jamais été quittée\u{202f}; hybride\u{202f}: à la table et \
             ailleurs\u{202f}; hors ligne\u{202f}: jamais à la table",
        )),
        Dimension::CrossBorder | Dimension::Sector | Dimension::Amount | Dimension::RuleSet => None,
    }
}

/// Why a case is not counted.
pub fn exclusion(exclusion: Exclusion, language: Language) -> &'static str {
    let (english, french) = match exclusion {
        Exclusion::StillOpen => ("still open", "encore ouvertes"),
        Exclusion::ClosedOutside => ("closed outside the period", "closes hors de la période"),
        Exclusion::NoMediator => ("no mediator was appointed", "aucun médiateur nommé"),
        Exclusion::NotEngaged => ("not both sides were at the table", "table non engagée par les deux parties"),
        Exclusion::NoConsent => ("the respondent did not consent", "sans consentement du défendeur"),
        Exclusion::NotInvited => ("the respondent was not invited", "défendeur non invité"),
        Exclusion::EndedBeforeAnswer => ("ended before the answer was due", "terminées avant l’échéance de la réponse"),
        Exclusion::AnswerNotDue => ("the answer is not due yet", "réponse pas encore échue"),
        Exclusion::DecidedOutside => ("answered or due outside the period", "réponse ou échéance hors de la période"),
        Exclusion::EndedBeforeDue => {
            ("ended before the appointment was due", "terminées avant l’échéance de la nomination")
        }
        Exclusion::NotDue => ("the appointment is not due yet", "nomination pas encore échue"),
        Exclusion::DueOutside => ("due outside the period", "échéance hors de la période"),
        Exclusion::StartedOutside => ("began outside the period", "commencées hors de la période"),
    };
    language.pick(english, french)
}

/// What figures are split by.
pub fn dimension(dimension: Dimension, language: Language) -> &'static str {
    let (english, french) = match dimension {
        Dimension::Year => ("year", "année"),
        Dimension::Channel => ("channel", "canal"),
        Dimension::CrossBorder => ("countries", "pays"),
        Dimension::Sector => ("sector", "secteur"),
        Dimension::Amount => ("amount in dispute", "montant en litige"),
        Dimension::RuleSet => ("rules", "règlement"),
    };
    language.pick(english, french)
}

/// A value of a dimension, by the name that the report gives it. Years and versions of the rules are their own names.
pub fn value(dimension: Dimension, name: &str, language: Language) -> String {
    let said = match dimension {
        Dimension::Channel => named(name).map(|it| mode(it, language)),
        Dimension::CrossBorder => named(name).map(|it| border(it, language)),
        Dimension::Sector => named(name).map(|it| sector(it, language)),
        Dimension::Amount => named(name).map(|it| amount(it, language)),
        Dimension::Year | Dimension::RuleSet => None,
    };
    said.unwrap_or(name).to_owned()
}

/// What is written so.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    // A truth is written without the quotes of a word.
    serde_json::from_str(name).or_else(|_| serde_json::from_value(name.into())).ok()
}

fn mode(mode: Mode, language: Language) -> &'static str {
    match mode {
        Mode::Online => language.pick("online", "en ligne"),
        Mode::Hybrid => language.pick("hybrid", "hybride"),
        Mode::Offline => language.pick("offline", "hors ligne"),
    }
}

fn border(crossed: bool, language: Language) -> &'static str {
    if crossed { language.pick("two countries", "deux pays") } else { language.pick("one country", "un seul pays") }
}

fn sector(sector: Sector, language: Language) -> &'static str {
    let (english, french) = match sector {
        Sector::Manufacturing => ("manufacturing", "industrie"),
        Sector::Construction => ("construction", "construction"),
        Sector::Trade => ("trade", "commerce"),
        Sector::Transport => ("transport", "transports"),
        Sector::Technology => ("technology", "technologies"),
        Sector::Finance => ("finance", "finance"),
        Sector::Energy => ("energy", "énergie"),
        Sector::Services => ("services", "services"),
        Sector::Other => ("other", "autres"),
    };
    language.pick(english, french)
}

fn amount(band: AmountBand, language: Language) -> &'static str {
    let (english, french) = match band {
        AmountBand::Under10k => ("under €10,000", "moins de 10\u{202f}000\u{202f}€"),
        AmountBand::Under100k => ("€10,000 to 100,000", "10\u{202f}000 à 100\u{202f}000\u{202f}€"),
        AmountBand::Under1m => ("€100,000 to 1,000,000", "100\u{202f}000 à 1\u{202f}000\u{202f}000\u{202f}€"),
        AmountBand::Over1m => ("€1,000,000 or more", "1\u{202f}000\u{202f}000\u{202f}€ ou plus"),
        AmountBand::Unstated => ("not stated", "non indiqué"),
    };
    language.pick(english, french)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const BOTH: [Language; 2] = [Language::English, Language::French];

    #[test]
    fn every_figure_has_words_of_its_own_in_both_languages() {
        for language in BOTH {
            let rates: BTreeSet<_> = Code::ALL.iter().map(|code| rate(*code, language)).collect();
            assert_eq!(rates.len(), Code::ALL.len());
            let definitions: BTreeSet<_> = Code::ALL.iter().map(|code| definition(*code, language)).collect();
            assert_eq!(definitions.len(), Code::ALL.len());
            let spans: BTreeSet<_> = Span::ALL.map(|it| span(it, language)).into();
            assert_eq!(spans.len(), 3);
            assert!(Span::ALL.iter().all(|it| !measured(*it, language).is_empty()));
            assert!(explained(Dimension::Channel, language).is_some());
            let dimensions: BTreeSet<_> = Dimension::ALL.map(|it| dimension(it, language)).into();
            assert_eq!(dimensions.len(), 6);
        }
    }

    #[test]
    fn a_value_is_called_by_words_and_a_year_by_itself() {
        assert_eq!(value(Dimension::Channel, "hybrid", Language::French), "hybride");
        assert_eq!(value(Dimension::CrossBorder, "true", Language::English), "two countries");
        assert_eq!(value(Dimension::CrossBorder, "false", Language::French), "un seul pays");
        assert_eq!(value(Dimension::Sector, "energy", Language::French), "énergie");
        assert_eq!(value(Dimension::Amount, "under10k", Language::English), "under €10,000");
        assert_eq!(value(Dimension::Year, "2026", Language::French), "2026");
        assert_eq!(value(Dimension::RuleSet, "2026-2", Language::French), "2026-2");
        // Not what a French reader would call it.
        assert_eq!(value(Dimension::Sector, "unheard_of", Language::French), "unheard_of");
    }

    #[test]
    fn french_amounts_do_not_break() {
        let amount = value(Dimension::Amount, "over1m", Language::French);
        assert_eq!(amount, "1\u{202f}000\u{202f}000\u{202f}€ ou plus");
    }
}

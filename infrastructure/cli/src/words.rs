//! What the log's names are called in words, in both languages.

mod events;
pub mod figures;

use entente_domain::event::{DisclosureForm, Erasable, Outcome};
use entente_domain::questionnaire::Bilingual;
use entente_domain::rule_set::RuleSet;
use entente_domain::state::{Due, ItemKind};
use entente_domain::{Audience, PersonId, Seat};
use entente_projections::audit::Knowing;

pub use self::events::event;
use crate::language::Language;

/// Whose deed it is: of who sits there, of somebody without a seat who is asked to mediate, or of the clock.
pub fn hand(seat: Option<Seat>, person: Option<PersonId>, language: Language) -> &'static str {
    match (seat, person) {
        (None, Some(_)) => language.pick("candidate", "candidat"),
        (held, _) => self::seat(held, language),
    }
}

/// Who sits there; nobody is the clock.
pub fn seat(seat: Option<Seat>, language: Language) -> &'static str {
    let (english, french) = match seat {
        Some(Seat::Claimant) => ("claimant", "demandeur"),
        Some(Seat::Respondent) => ("respondent", "défendeur"),
        Some(Seat::Mediator) => ("mediator", "médiateur"),
        Some(Seat::Centre) => ("centre", "centre"),
        None => ("the clock", "l’horloge"),
    };
    language.pick(english, french)
}

/// Somebody whose name is not there, or not any more: which person of the seat it was.
pub fn person(of: Seat, number: u32, language: Language) -> String {
    let seat = seat(Some(of), language);
    language.pick(format!("{seat}, person {number}"), format!("{seat}, personne {number}"))
}

/// What an item is.
pub fn item(kind: ItemKind, language: Language) -> &'static str {
    let (english, french) = match kind {
        ItemKind::Message => ("message", "message"),
        ItemKind::Document => ("document", "document"),
        ItemKind::Settlement => ("draft settlement", "projet d’accord"),
        ItemKind::Disclosure => ("confidence passed on", "confidence transmise"),
    };
    language.pick(english, french)
}

/// Who may see something.
pub fn audience(audience: Audience, language: Language) -> &'static str {
    let (english, french) = match audience {
        Audience::Joint => ("joint", "commun"),
        Audience::ClaimantCaucus => ("claimant's caucus", "aparté du demandeur"),
        Audience::RespondentCaucus => ("respondent's caucus", "aparté du défendeur"),
        Audience::ClaimantWorkspace => ("claimant alone", "demandeur seul"),
        Audience::RespondentWorkspace => ("respondent alone", "défendeur seul"),
        Audience::MediatorNotes => ("mediator alone", "médiateur seul"),
    };
    language.pick(english, french)
}

/// How far a confider lets the mediator go.
pub fn form(form: DisclosureForm, language: Language) -> &'static str {
    let (english, french) = match form {
        DisclosureForm::Verbatim => ("word for word", "mot pour mot"),
        DisclosureForm::Substance => ("in substance", "en substance"),
    };
    language.pick(english, french)
}

/// How somebody came to know an item.
pub fn knowing(knowing: Knowing, language: Language) -> &'static str {
    let (english, french) = match knowing {
        Knowing::Made => ("made it", "en est l’auteur"),
        Knowing::Opened => ("declared to have opened it", "a déclaré l’avoir ouverte"),
        Knowing::Looked => ("was shown it", "se l’est vu présenter"),
    };
    language.pick(english, french)
}

/// As whom somebody looked, as the access log spells it.
pub fn viewer(viewer: &'static str, language: Language) -> &'static str {
    let (english, french) = match viewer {
        "person" => ("at the table", "à la table"),
        "staff" => ("staff", "personnel du centre"),
        "auditor" => ("auditor", "auditeur"),
        "operator" => ("console", "console"),
        other => (other, other),
    };
    language.pick(english, french)
}

/// A version of the rules, as the log spells it.
pub fn rule_set(rule_set: RuleSet) -> &'static str {
    match rule_set {
        RuleSet::V2026_1 => "2026-1",
        RuleSet::V2026_2 => "2026-2",
    }
}

/// A text of the domain's own.
pub fn text(text: Bilingual, language: Language) -> &'static str {
    language.pick(text.en, text.fr)
}

/// How a case closed.
pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    let (english, french) = match outcome {
        Outcome::Settled => ("settled", "accord"),
        Outcome::PartlySettled => ("partly settled", "accord partiel"),
        Outcome::NoAgreement => ("no agreement", "sans accord"),
        Outcome::Withdrawn => ("withdrawn", "retrait d’une partie"),
        Outcome::Declined => ("declined", "médiation refusée"),
        Outcome::Lapsed => ("lapsed", "invitation sans réponse"),
        Outcome::Expired => ("expired", "délai expiré"),
        Outcome::Inadmissible => ("inadmissible", "demande irrecevable"),
        Outcome::MediatorUnavailable => ("no mediator to be had", "aucun médiateur disponible"),
    };
    language.pick(english, french)
}

/// What was due.
pub fn due(due: Due, language: Language) -> &'static str {
    let (english, french) = match due {
        Due::Consent => ("the invitation lapsed", "l’invitation est caduque"),
        Due::Appointment => ("48 hours are over without a mediator", "48 heures sont écoulées sans médiateur"),
        Due::Declaration => ("the candidate did not declare in time", "le candidat n’a pas déclaré à temps"),
        Due::Challenge => ("the mediator can be challenged no more", "le médiateur ne peut plus être récusé"),
        Due::Term => ("the term expired", "le délai est expiré"),
        Due::Signature => ("the draft can be signed no more", "le projet ne peut plus être signé"),
        Due::ReturnWindow => ("the time to read is over", "la période de consultation est terminée"),
        Due::Retention => ("kept long enough: erasure is proposed", "conservée assez longtemps : effacement proposé"),
    };
    language.pick(english, french)
}

/// A fact's name as the history spells it. One that has no French name yet keeps its own.
pub fn fact(name: &'static str, language: Language) -> &'static str {
    let french = match name {
        "rule set" => "règlement",
        "claimant" => "demandeur",
        "claimant country" => "pays du demandeur",
        "respondent" => "défendeur",
        "respondent country" => "pays du défendeur",
        "sector" => "secteur",
        "amount" => "montant",
        "version" => "version",
        "guidance" => "à relire",
        "ground" => "motif",
        "person" => "personne",
        "due" => "échéance",
        "appointment due" => "nomination avant",
        "tenure" => "mandat",
        "term due" => "terme",
        "camp" => "camp",
        "capacity" => "qualité",
        "left" => "départ",
        "discussion" => "discussion",
        "audience" => "cercle",
        "item" => "pièce",
        "items" => "pièces",
        "class" => "nature",
        "seen before" => "déjà vue par",
        "alerted before" => "déjà avertis",
        "form" => "forme",
        "source" => "source",
        "channel" => "canal",
        "began" => "début",
        "minutes" => "minutes",
        "seat" => "place",
        "until" => "jusqu’au",
        "scope" => "portée",
        "digest" => "empreinte",
        "outcome" => "issue",
        "return until" => "consultation jusqu’au",
        "what" => "objet",
        "approvers" => "approuvé par",
        other => other,
    };
    language.pick(name, french)
}

/// A fact's value: as the log spells it, but for what is or was to be erased, which is no single word there.
pub fn value(name: &str, value: &str, language: Language) -> String {
    let what = (name == "what").then(|| serde_json::from_str(value).ok()).flatten();
    match what {
        Some(Erasable::Item(item)) => format!("{} {item}", language.pick("item", "pièce")),
        Some(Erasable::Person(person)) => format!("{} {person}", language.pick("person", "personne")),
        Some(Erasable::Case) | None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entente_domain::EventKind;

    use super::*;

    #[test]
    fn every_event_has_words_of_its_own_in_both_languages() {
        for language in [Language::English, Language::French] {
            let words: BTreeSet<_> = EventKind::ALL.iter().map(|kind| event(*kind, language)).collect();
            assert_eq!(words.len(), EventKind::ALL.len());
        }
    }

    #[test]
    fn who_has_no_name_is_told_by_seat_and_number() {
        assert_eq!(person(Seat::Respondent, 2, Language::English), "respondent, person 2");
        assert_eq!(person(Seat::Respondent, 2, Language::French), "défendeur, personne 2");
    }

    #[test]
    fn what_is_erased_is_said_in_words() {
        let item = "11111111-1111-4111-8111-111111111111";
        let of_log = format!("{{\"item\":\"{item}\"}}");
        assert_eq!(value("what", &of_log, Language::French), format!("pièce {item}"));
        assert_eq!(value("what", "case", Language::English), "case");
        assert_eq!(value("audience", "joint", Language::English), "joint");
    }

    #[test]
    fn every_outcome_has_words_of_its_own_in_both_languages() {
        for language in [Language::English, Language::French] {
            let words: BTreeSet<_> = Outcome::ALL.iter().map(|it| outcome(*it, language)).collect();
            assert_eq!(words.len(), Outcome::ALL.len());
        }
    }
}

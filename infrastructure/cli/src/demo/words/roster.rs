//! What the demonstration says about finding a mediator and calling one into question, in both languages.

use entente_domain::roster::{Exclusion, Reasons};

use super::words;
use crate::language::Language;

words! { RosterWords:
    colon: ":", " :";
    roster: "The roster, and who comes into question", "La liste des médiateurs, et qui entre en ligne de compte";
    roster_told: "The centre enters three mediators in its roster, and asks who comes into question for this case, and why:",
        "Le centre inscrit trois médiateurs sur sa liste, et demande qui entre en ligne de compte pour cette affaire, et \
         pourquoi :";
    ranked: "In question", "En ligne de compte";
    excluded: "Left out", "Écartés";
    roster_held: "each rank and each exclusion is told with its reason, and to nobody but the centre",
        "chaque rang et chaque mise à l’écart s’accompagne de son motif, et le centre seul l’apprend";

    candidates: "Two candidates", "Deux candidats";
    proposal_told: "The centre proposes the first. He has no seat, and reads what a check for conflicts needs:",
        "Le centre sollicite le premier. Il n’a pas de place, et lit ce qu’il faut pour déceler un conflit d’intérêts :";
    proposal_held: "the candidate reads who is in dispute, and not a word of what it is about; the case itself is 404 to him",
        "le candidat lit qui est en litige, et pas un mot de l’objet du litige ; l’affaire elle-même lui répond 404";
    due: "May declare until", "Peut déclarer jusqu’au";
    refusal_told: "He refuses. The centre asks again who comes into question:",
        "Il refuse. Le centre redemande qui entre en ligne de compte :";
    next_told: "It proposes the next. She declares her independence, and discloses what both sides have to know.",
        "Il sollicite la suivante. Elle déclare son indépendance, et révèle ce que les deux camps doivent savoir.";
    refusal_held: "who has refused reads nothing any more; both sides' pages are byte for byte those from before anybody was asked",
        "qui a refusé ne lit plus rien ; les pages des deux camps sont, octet pour octet, celles d’avant toute sollicitation";

    declared_by: "Declared by", "Déclaré par";
    declared_held: "both sides read what she has declared, and nothing of who was asked before her",
        "les deux camps lisent ce qu’elle a déclaré, et rien de qui fut sollicité avant elle";

    challenge: "A challenge", "Une récusation";
    challenge_told: "The supplier challenges the mediator for what she has disclosed. The ground is sealed:",
        "Le fournisseur récuse la médiatrice pour ce qu’elle a révélé. Le motif est scellé :";
    ground_of: "Ground, as it is read by", "Motif, tel que le lit";
    sealed: "(not for this reader)", "(pas pour ce lecteur)";
    decision_told: "The centre weighs it and rejects it: she stays.", "Le centre l’examine et la rejette : elle reste.";
    challenge_held: "all of them see the challenge and that it was rejected; the ground is read by the challenging side and the \
                     centre alone",
        "tous voient la récusation et son rejet ; seuls le camp qui récuse et le centre en lisent le motif";

    declaration: "I know neither company and have worked for neither. In 2023 I spoke at a fair that Ateliers Vasseur sponsored.",
        "Je ne connais aucune des deux entreprises et n’ai travaillé pour aucune. En 2023, j’ai parlé dans un salon que \
         parrainait Ateliers Vasseur.";
    ground: "Whoever pays for the hall expects thanks from the speaker: we doubt that she is impartial.",
        "Qui paie la salle attend de l’oratrice de la reconnaissance : nous doutons de son impartialité.";
}

impl RosterWords {
    /// What speaks for a mediator, in the order in which it counts.
    pub(in crate::demo) fn reasons(&self, reasons: &Reasons) -> String {
        let Reasons { languages, knows_the_sector, load, accredited_until } = reasons;
        let pick = |english: &'static str, french: &'static str| self.language.pick(english, french);
        let languages: Vec<_> = languages.iter().map(ToString::to_string).collect();
        let sector = if *knows_the_sector {
            pick("knows the trade", "connaît le secteur")
        } else {
            pick("the trade is not on record", "secteur non déclaré")
        };
        let until = match accredited_until {
            Some(day) => format!("{} {day}", pick("accredited until", "accrédité jusqu’au")),
            None => pick("accredited without end", "accréditation sans terme").to_owned(),
        };
        let cases = match (load, self.language) {
            (1, Language::English) => "1 case now".to_owned(),
            (_, Language::English) => format!("{load} cases now"),
            (0 | 1, Language::French) => format!("{load} affaire en cours"),
            (_, Language::French) => format!("{load} affaires en cours"),
        };
        format!("{}, {sector}, {cases}, {until}", languages.join(" + "))
    }

    /// Why a mediator is left out.
    pub(in crate::demo) fn exclusion(&self, exclusion: Exclusion) -> &'static str {
        let (english, french) = match exclusion {
            Exclusion::NotAccredited => ("no accreditation counts today", "aucune accréditation en cours"),
            Exclusion::NotAvailable => ("takes no new cases", "ne prend pas de nouvelle affaire"),
            Exclusion::Full => ("has as many cases as wanted", "a autant d’affaires que voulu"),
            Exclusion::NoCommonLanguage => ("no language in common", "aucune langue commune"),
            Exclusion::DeclaredConflict => ("has declared ties with a party", "a déclaré des liens avec une partie"),
            Exclusion::AtTheCase => ("has a part in the case", "a un rôle dans l’affaire"),
            Exclusion::SatForAParty => ("has sat for a party", "a siégé pour une partie"),
            Exclusion::TurnedDown => ("has refused, or let it lapse", "a refusé, ou laissé passer le délai"),
        };
        self.language.pick(english, french)
    }
}

//! The sentences around a report's numbers: of what they are, what its signs mean, and what not to read into them.

use entente_projections::figures::{AsOf, Code, Days, Dimension, Report, SMALL, Scope, View};

use crate::language::Language;
use crate::report::said::{FEW, NONE, WITHHELD};

/// Of which cases.
pub fn scope(scope: Scope, language: Language) -> String {
    let span = |days: Days| {
        let written = |day: jiff::civil::Date| day.strftime(language.pick("%Y-%m-%d", "%d/%m/%Y")).to_string();
        let (from, to) = (written(days.from()), written(days.to()));
        language.pick(format!("from {from} to {to}"), format!("du {from} au {to}"))
    };
    match scope {
        Scope::All => language.pick("all cases", "toutes les affaires").to_owned(),
        Scope::Period(days) => {
            format!("{} {}", language.pick("cases that closed", "affaires closes"), span(days))
        }
        Scope::Cohort(days) => {
            format!("{} {}", language.pick("cases registered", "affaires enregistrées"), span(days))
        }
    }
}

/// Up to where.
pub fn as_of(as_of: AsOf, language: Language) -> String {
    let (position, time) = (language.count(as_of.position), language.instant(as_of.time));
    language
        .pick(format!("as of position {position}, {time} (Paris)"), format!("à la position {position}, {time} (Paris)"))
}

/// For whose eyes.
pub fn view(view: View, language: Language) -> &'static str {
    match view {
        View::Released => language.pick("for publication", "pour publication"),
        View::Centre => {
            language.pick("for the centre alone, not for publication", "pour le centre seul, à ne pas publier")
        }
    }
}

/// How many cases were filed, if that is told.
pub fn filed(report: &Report, language: Language) -> Option<String> {
    let filed = language.count(report.filed?);
    Some(language.pick(format!("cases filed: {filed}"), format!("affaires enregistrées\u{202f}: {filed}")))
}

/// That the period was not over.
pub fn under_way(language: Language) -> &'static str {
    language.pick(
        "The period was not over then: these figures will still change.",
        "La période n’était pas terminée\u{202f}: ces chiffres changeront encore.",
    )
}

/// Why there is nothing to see, and what to do.
pub fn nothing(language: Language) -> &'static str {
    language.pick(
        "Nothing of this can be published: too few cases or companies stand behind it. Wait for more cases, choose a \
         longer period, or read the centre’s own view with --staff.",
        "Rien de ceci ne peut être publié\u{202f}: trop peu d’affaires ou d’entreprises. Attendez d’autres affaires, \
         choisissez une période plus longue, ou lisez la vue du centre avec --staff.",
    )
}

/// That no rate has a denominator.
pub fn no_case(language: Language) -> &'static str {
    language.pick(
        "There is nothing to report yet: no mediation with a mediator has closed.",
        "Il n’y a encore rien à rapporter\u{202f}: aucune médiation avec médiateur n’est close.",
    )
}

/// Why a table has no cells.
pub fn no_cells(report: &Report, by: &[Dimension], language: Language) -> &'static str {
    if report.tables.iter().any(|table| table.by == by) {
        language.pick("No case is in this table.", "Aucune affaire dans ce tableau.")
    } else {
        language.pick(
            "This table cannot be published: what it would tell would give away too small a group.",
            "Ce tableau ne peut pas être publié\u{202f}: il trahirait un groupe trop petit.",
        )
    }
}

/// What stands in place of what must not be told.
pub fn withheld(language: Language) -> String {
    language.pick(
        format!(
            "{WITHHELD} not told: too few cases or companies, 0 % or 100 %, or it would give away one that is not."
        ),
        format!(
            "{WITHHELD} non communiqué\u{202f}: trop peu d’affaires ou d’entreprises, 0\u{202f}% ou 100\u{202f}%, \
             ou ce chiffre en trahirait un autre."
        ),
    )
}

/// What stands in place of a rate of no cases.
pub fn none(language: Language) -> String {
    language.pick(
        format!("{NONE} no case, or too few to say."),
        format!("{NONE} aucune affaire, ou trop peu pour le dire."),
    )
}

/// What the mark beside a rate means.
pub fn few(language: Language) -> String {
    language.pick(
        format!("{FEW} of fewer than {SMALL} cases: the rate alone says little, read the interval."),
        format!("{FEW} sur moins de {SMALL} affaires\u{202f}: le taux seul dit peu de chose, lisez l’intervalle."),
    )
}

/// How the percentiles of times are made.
pub fn pending(language: Language) -> &'static str {
    language.pick(
        "What is still pending is taken into account, as Kaplan and Meier do.",
        "Ce qui est encore en attente est pris en compte (méthode de Kaplan et Meier).",
    )
}

/// Which points of a curve there are.
pub fn points(view: View, language: Language) -> &'static str {
    match view {
        View::Centre => "",
        View::Released => language.pick(
            "There is a point wherever five more cases lie behind it.",
            "Il y a un point partout où cinq affaires de plus le soutiennent.",
        ),
    }
}

/// Why a difference is no effect.
pub fn association(language: Language) -> &'static str {
    language.pick(
        "Parties choose their channel, and cases differ: a difference goes along with the channel or the year, which \
         does not make it their doing. Of twenty such intervals, one misses by chance.",
        "Les parties choisissent leur canal, et les affaires diffèrent\u{202f}: un écart accompagne le canal ou \
         l’année, sans en être l’effet. Un tel intervalle sur vingt se trompe par hasard.",
    )
}

/// Whether no rate at all is told.
pub fn tells_nothing(report: &Report) -> bool {
    Code::ALL.iter().all(|code| report.total(*code).is_none())
}

/// How to check it.
pub fn recomputing(report: &Report, language: Language) -> String {
    // Without thousands apart: it is what --as-of takes.
    let position = report.as_of.position;
    language.pick(
        format!("To compute this again from the cases: entente facts --as-of {position}; docs/figures.md says how."),
        format!(
            "Pour tout recalculer à partir des affaires\u{202f}: entente facts --as-of {position}\u{202f}; \
             docs/figures.md dit comment."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn a_period_is_named_by_its_days() {
        let report = samples::under_way(View::Centre);
        assert_eq!(scope(report.scope, Language::English), "cases that closed from 2026-01-01 to 2026-12-31");
        assert_eq!(scope(report.scope, Language::French), "affaires closes du 01/01/2026 au 31/12/2026");
    }

    #[test]
    fn it_is_known_whether_anything_is_told() {
        assert!(tells_nothing(&samples::small(View::Released)));
        assert!(!tells_nothing(&samples::small(View::Centre)));
        assert!(!tells_nothing(&samples::large(View::Released)));
    }
}

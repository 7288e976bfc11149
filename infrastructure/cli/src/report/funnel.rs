//! How many cases came how far: from filed to settled, as far as the report tells it.

use entente_projections::figures::{Code, Report, Scope};

use crate::language::Language;

/// How far a case came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was registered.
    Filed,
    /// It closed, however.
    Closed,
    /// … after the respondent had consented.
    Consented,
    /// … with a mediator.
    Mediated,
    /// … after both sides had put something on the table.
    Engaged,
    /// … with a settlement.
    Settled,
}

impl Stage {
    /// What it is called.
    pub fn words(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::Filed => ("filed", "enregistrées"),
            Self::Closed => ("closed", "closes"),
            Self::Consented => ("respondent consented", "défendeur consentant"),
            Self::Mediated => ("mediator appointed", "médiateur nommé"),
            Self::Engaged => ("both sides at the table", "deux parties à la table"),
            Self::Settled => ("settled", "accord"),
        };
        language.pick(english, french)
    }
}

/// A stage and how many came there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The stage.
    pub stage: Stage,
    /// How many; none if that is not told.
    pub count: Option<u64>,
    /// Which share of the first stage that is.
    pub share: Option<f64>,
}

/// All stages, the widest first. What was ever filed is no measure of what closed in a period, and is left out there.
pub fn steps(report: &Report) -> Vec<Step> {
    let of = |code| report.total(code).map(|counted| counted.n);
    let mut stages = vec![
        (Stage::Closed, of(Code::SR6)),
        (Stage::Consented, of(Code::SR5)),
        (Stage::Mediated, of(Code::SR1)),
        (Stage::Engaged, of(Code::SR4)),
        (Stage::Settled, report.total(Code::SR1).map(|counted| counted.k)),
    ];
    if !matches!(report.scope, Scope::Period(_)) {
        stages.insert(0, (Stage::Filed, report.filed));
    }
    let first = stages.first().and_then(|(_, count)| *count).filter(|count| *count > 0);
    let share = |count: Option<u64>| count.zip(first).map(|(count, first)| count as f64 / first as f64);
    stages.into_iter().map(|(stage, count)| Step { stage, count, share: share(count) }).collect()
}

#[cfg(test)]
mod tests {
    use entente_projections::figures::View;

    use super::*;
    use crate::report::samples;

    #[test]
    fn each_stage_is_within_the_one_before() {
        let steps = steps(&samples::large(View::Centre));
        let counts: Vec<u64> = steps.iter().filter_map(|step| step.count).collect();
        assert_eq!(counts.len(), 6);
        assert!(counts.is_sorted_by(|one, next| one >= next), "{counts:?}");
        assert_eq!(steps[0].share, Some(1.0));
    }

    #[test]
    fn a_period_begins_with_what_closed_in_it() {
        let steps = steps(&samples::under_way(View::Centre));
        assert_eq!(steps[0].stage, Stage::Closed);
    }

    #[test]
    fn what_is_not_told_has_no_count() {
        let steps = steps(&samples::small(View::Released));
        assert!(steps.iter().all(|step| step.count.is_none() && step.share.is_none()));
    }
}

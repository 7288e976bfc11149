//! Two releases side by side: whether what one has more than the other would uncover what neither tells.

use std::collections::{BTreeMap, BTreeSet};

use super::breakdown::{By, Dimension, Key, Value};
use super::disclosure::{Mask, is_few};
use super::measure::{Code, Question, Standing};
use super::scope::{Days, Scope};
use super::tally::{Count, Tables};
use crate::facts::Fact;

/// What was published: of which cases, up to where, and what of it was told.
#[derive(Clone, Debug)]
pub struct Release {
    question: Question,
    groups: Vec<Group>,
}

/// Cases whose number and rates anybody can read, or work out: a cell that is shown, or all that are not of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    by: By,
    keys: BTreeSet<Key>,
    codes: BTreeSet<Code>,
}

impl Release {
    /// What is published of these tables.
    pub fn of(tables: &Tables) -> Self {
        let mask = Mask::of(tables);
        let mut groups = Vec::new();
        for (by, cells) in tables.all().filter(|(by, _)| !mask.withholds(*by)) {
            let codes = |key: Key| {
                let told = Code::ALL.iter().copied().filter(|code| by.suits(*code) && !mask.hides(by, key, *code));
                told.collect::<BTreeSet<_>>()
            };
            let shown = cells.keys().copied().filter(|key| !mask.empties(by, *key));
            groups.extend(shown.map(|key| Group { by, keys: [key].into(), codes: codes(key) }));
            let rest: BTreeSet<Key> = cells.keys().copied().filter(|key| mask.empties(by, *key)).collect();
            if !rest.is_empty() {
                let told = Code::ALL.iter().copied().filter(|code| by.suits(*code) && !mask.hides_all(by, *code));
                groups.push(Group { by, keys: rest, codes: told.collect() });
            }
        }
        Self { question: tables.question, groups }
    }

    /// What was asked.
    pub const fn question(&self) -> Question {
        self.question
    }
}

impl Group {
    /// Which days it is of, and whether by registration; none for all days.
    fn days(&self, scope: Scope) -> Vec<Option<(bool, Days)>> {
        let by_registration = matches!(scope, Scope::Cohort(_));
        let of_scope = scope.days().map(|days| (by_registration, days));
        if !self.by.has_year() {
            return vec![of_scope];
        }
        let years = self.keys.iter().filter_map(|key| match key.0 {
            Some(Value::Year(year)) => Days::year(year),
            _ => None,
        });
        years.map(|year| Some((by_registration, of_scope.map_or(year, |(_, days)| year.meet(days))))).collect()
    }

    /// Its values by every dimension but the year.
    fn values(&self) -> BTreeMap<Dimension, BTreeSet<Value>> {
        let mut values = BTreeMap::<_, BTreeSet<_>>::new();
        for value in self.keys.iter().flat_map(|key| [key.0, key.1]).flatten() {
            if value.dimension() != Dimension::Year {
                values.entry(value.dimension()).or_default().insert(value);
            }
        }
        values
    }

    fn has(&self, question: &Question, code: Code, fact: &Fact) -> Option<bool> {
        if !question.is_about(fact) {
            return None;
        }
        let Standing::Counted { hit, dated } = question.standing(code, fact) else { return None };
        let year = if self.by.has_year() { question.year(fact, dated) } else { 0 };
        self.keys.contains(&self.by.key(fact, year)).then_some(hit)
    }
}

/// Whether all cases of a group are among those of another by what both are called, whatever the cases.
fn is_within(small: (&Question, &Group), big: (&Question, &Group)) -> bool {
    let (days, of_days) = (small.1.days(small.0.scope), big.1.days(big.0.scope));
    let days_are = days.iter().all(|part| {
        of_days.iter().any(|whole| match (part, whole) {
            (_, None) => true,
            (Some((by, part)), Some((whole_by, whole))) => by == whole_by && part.within(*whole),
            (None, Some(_)) => false,
        })
    });
    let values = small.1.values();
    let values_are = big.1.values().iter().all(|(by, of)| values.get(by).is_some_and(|some| some.is_subset(of)));
    days_are && values_are && small.0.as_of.position <= big.0.as_of.position
}

/// What the cases of a group have more than those of another one within it.
#[derive(Clone, Debug)]
struct Pair {
    /// Of the earlier release, and not of the later one.
    small_is_first: bool,
    small: usize,
    big: usize,
    rest: BTreeMap<Code, (Count, i64)>,
}

/// What two releases come to by each other; feed it the facts, then ask.
#[derive(Clone, Debug)]
pub struct Uncovering {
    first: Release,
    second: Release,
    pairs: Vec<Pair>,
}

impl Uncovering {
    /// Nothing fed yet.
    pub fn between(first: Release, second: Release) -> Self {
        let mut pairs = Vec::new();
        for (one, first_group) in first.groups.iter().enumerate() {
            for (other, second_group) in second.groups.iter().enumerate() {
                let codes = first_group.codes.intersection(&second_group.codes);
                let rest: BTreeMap<_, _> = codes.map(|code| (*code, <(Count, i64)>::default())).collect();
                let (a, b) = ((&first.question, first_group), (&second.question, second_group));
                if is_within(a, b) {
                    pairs.push(Pair { small_is_first: true, small: one, big: other, rest });
                } else if is_within(b, a) {
                    pairs.push(Pair { small_is_first: false, small: other, big: one, rest });
                }
            }
        }
        Self { first, second, pairs }
    }

    /// Takes a case into account, with all that the log has of it.
    pub fn add(&mut self, fact: &Fact) {
        let known = |release: &Release| fact.clone().as_of(release.question.as_of.position);
        let (first, second) = (known(&self.first), known(&self.second));
        for pair in &mut self.pairs {
            let mut sides = [(&self.first, &first), (&self.second, &second)];
            if !pair.small_is_first {
                sides.reverse();
            }
            let [(small, small_fact), (big, big_fact)] = sides;
            let Some(big_fact) = big_fact else { continue };
            let (small_group, big_group) = (&small.groups[pair.small], &big.groups[pair.big]);
            for (code, (rest, more)) in &mut pair.rest {
                let Some(hit) = big_group.has(&big.question, *code, big_fact) else { continue };
                let before = small_fact.as_ref().and_then(|fact| small_group.has(&small.question, *code, fact));
                match before {
                    None => rest.add(big_fact, hit),
                    // In both; what it is counted as may have changed.
                    Some(before) => *more += i64::from(hit) - i64::from(before),
                }
            }
        }
    }

    /// Whether the difference of any two groups is too few cases or companies, or cases of which all or none settled.
    pub fn uncovers(&self) -> bool {
        self.pairs.iter().flat_map(|pair| &pair.rest).any(|(code, (rest, more))| {
            let hits = i64::try_from(rest.k).unwrap_or(i64::MAX).saturating_add(*more);
            let all = i64::try_from(rest.n).unwrap_or(i64::MAX);
            rest.n > 0 && (is_few(rest) || (code.is_settlement() && (hits <= 0 || hits >= all)))
        })
    }
}

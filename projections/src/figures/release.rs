//! Two releases side by side: whether what one has more than the other would uncover what neither tells.
//!
//! Groups are held against each other by the cases that are in them, and not by what they are called: a cohort and a period, or a
//! short period of today and a long one of last week, may be the same but for a case.

use std::collections::{BTreeMap, BTreeSet};

use super::breakdown::{By, Dimension, Key, Value};
use super::disclosure::{CASES, Mask, is_all_or_none, is_few, size};
use super::measure::{Code, Question, Standing};
use super::tally::{Count, Tables};
use crate::facts::Fact;

/// What was published: of which cases, up to where, and what of it was told.
#[derive(Clone, Debug)]
pub struct Release {
    question: Question,
    groups: Vec<Group>,
}

/// Cases of a table's cells. Of what is told anybody can read the counts, or work them out: a cell that is shown, or all that
/// are not of one table. The rest are single cells that are suppressed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    by: By,
    keys: BTreeSet<Key>,
    codes: BTreeSet<Code>,
    is_told: bool,
    /// How many cases it has, as far as they closed in scope.
    size: u64,
}

/// Where a release puts a case: for each group and rate whether it counts there, and is in the numerator.
type Places = Vec<BTreeMap<Code, bool>>;

impl Release {
    /// What is published of these tables, without some that are left out.
    pub fn of(tables: &Tables, left_out: &BTreeSet<By>) -> Self {
        let mask = Mask::of(tables).without(left_out);
        let mut groups = Vec::new();
        for (by, cells) in tables.all().filter(|(by, _)| !mask.withholds(*by)) {
            let codes: BTreeSet<Code> =
                Code::ALL.iter().copied().filter(|code| by.suits(*code) && !mask.hides_all(by, *code)).collect();
            let group = |keys: BTreeSet<Key>, is_told| {
                let size = keys.iter().filter_map(|key| cells.get(key)).map(|cell| cell.count(size(by)).n).sum();
                Group { by, keys, codes: codes.clone(), is_told, size }
            };
            let (rest, shown): (Vec<Key>, Vec<Key>) = cells.keys().copied().partition(|key| mask.empties(by, *key));
            groups.extend(shown.into_iter().map(|key| group([key].into(), true)));
            groups.extend(rest.iter().map(|key| group([*key].into(), false)));
            if !rest.is_empty() {
                groups.push(group(rest.into_iter().collect(), true));
            }
        }
        Self { question: tables.question, groups }
    }

    /// What was asked.
    pub const fn question(&self) -> Question {
        self.question
    }

    /// Where a case stands in it.
    fn places(&self, fact: &Fact) -> Places {
        let question = &self.question;
        let fact = fact.clone().as_of(question.as_of.position).filter(|fact| question.is_about(fact));
        let Some(fact) = fact else { return vec![BTreeMap::new(); self.groups.len()] };
        let counted = |code: &Code| match question.standing(*code, &fact) {
            Standing::Counted { hit, dated } => Some((*code, hit, question.year(&fact, dated))),
            Standing::Excluded(_) => None,
        };
        let counted: Vec<_> = Code::ALL.iter().filter_map(counted).collect();
        let of = |group: &Group| {
            let here = |(code, hit, year): &(Code, bool, i16)| {
                let is_in = group.codes.contains(code) && group.keys.contains(&group.by.key(&fact, *year));
                is_in.then_some((*code, *hit))
            };
            counted.iter().filter_map(here).collect()
        };
        self.groups.iter().map(of).collect()
    }
}

impl Group {
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

    /// Whether another one's values are among its own, whatever the days: whoever knows what both are called knows that.
    fn may_hold(&self, other: &Self) -> bool {
        let others = other.values();
        self.values().iter().all(|(by, of)| others.get(by).is_some_and(|some| some.is_subset(of)))
    }
}

/// What two groups have that the other has not, by rate.
#[derive(Clone, Debug, Default)]
struct Apart {
    /// In the first alone.
    first: Count,
    /// In the second alone.
    second: Count,
    /// How many more of those in both are in the second's numerator.
    more: i64,
}

/// A group of each release.
#[derive(Clone, Debug)]
struct Pair {
    first: usize,
    second: usize,
    apart: BTreeMap<Code, Apart>,
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
        for (one, a) in first.groups.iter().enumerate() {
            for (other, b) in second.groups.iter().enumerate() {
                let is_told = a.is_told && b.is_told && (a.may_hold(b) || b.may_hold(a));
                let is_same_cell = a.is_told != b.is_told && a.by == b.by && a.keys == b.keys;
                if is_told || is_same_cell {
                    let codes = a.codes.intersection(&b.codes).map(|code| (*code, Apart::default()));
                    pairs.push(Pair { first: one, second: other, apart: codes.collect() });
                }
            }
        }
        Self { first, second, pairs }
    }

    /// Takes a case into account, with all that the log has of it.
    pub fn add(&mut self, fact: &Fact) {
        let (first, second) = (self.first.places(fact), self.second.places(fact));
        for pair in &mut self.pairs {
            let (Some(a), Some(b)) = (first.get(pair.first), second.get(pair.second)) else { continue };
            if a.is_empty() && b.is_empty() {
                continue;
            }
            for (code, apart) in &mut pair.apart {
                match (a.get(code), b.get(code)) {
                    (Some(hit), None) => apart.first.add(fact, *hit),
                    (None, Some(hit)) => apart.second.add(fact, *hit),
                    (Some(was), Some(is)) => apart.more += i64::from(*is) - i64::from(*was),
                    (None, None) => {}
                }
            }
        }
    }

    /// The tables of the second that tell, beside the first, what neither tells alone.
    pub fn uncovered(&self) -> BTreeSet<By> {
        let told = |pair: &&Pair| self.first.groups[pair.first].is_told && self.second.groups[pair.second].is_told;
        let is_unsafe = |pair: &&Pair| pair.apart.iter().any(|(code, apart)| apart.is_unsafe(*code));
        let apart = self.pairs.iter().filter(told).filter(is_unsafe).map(|pair| self.second.groups[pair.second].by);
        let hidden = self.narrowed(&self.first, |pair| (pair.first, pair.second), &self.second);
        let hiding = self.narrowed(&self.second, |pair| (pair.second, pair.first), &self.first);
        apart.chain(hidden).chain(hiding).collect()
    }

    /// The tables in which cells that one release suppresses are bounded too tightly by what the other shows of the same cells:
    /// what has closed stays closed.
    fn narrowed(&self, hiding: &Release, ends: impl Fn(&Pair) -> (usize, usize), showing: &Release) -> Vec<By> {
        let is_first = std::ptr::eq(hiding, &self.first);
        // Each is thought to hold one case at least, and no more than all of them.
        let bounds = |pool: &Group, key: &Key| {
            let (mut least, mut most) = (1, pool.size);
            for pair in &self.pairs {
                let (hidden, shown) = ends(pair);
                let (hidden, shown) = (&hiding.groups[hidden], &showing.groups[shown]);
                let is_it = !hidden.is_told && hidden.by == pool.by && hidden.keys.contains(key);
                let Some(apart) = pair.apart.get(&size(pool.by)).filter(|_| is_it) else { continue };
                let (own, others) = if is_first { (apart.first, apart.second) } else { (apart.second, apart.first) };
                if own.n == 0 {
                    most = most.min(shown.size);
                }
                if others.n == 0 {
                    least = least.max(shown.size);
                }
            }
            (least, most)
        };
        let is_narrow = |pool: &&Group| {
            let bounds: Vec<(u64, u64)> = pool.keys.iter().map(|key| bounds(pool, key)).collect();
            let (all_least, all_most) =
                bounds.iter().fold((0, 0), |(low, high), (least, most)| (low + least, high + most));
            bounds.iter().any(|(least, most)| {
                let low = pool.size.saturating_sub(all_most - most).max(*least);
                let high = pool.size.saturating_sub(all_least - least).min(*most);
                high.saturating_sub(low) < CASES
            })
        };
        let pools = hiding.groups.iter().filter(|group| group.is_told && group.keys.len() > 1);
        pools.filter(|pool| pool.codes.contains(&size(pool.by))).filter(is_narrow).map(|pool| pool.by).collect()
    }
}

impl Apart {
    /// Whether one of the two is within the other, and what it lacks is no cell that could be published.
    fn is_unsafe(&self, code: Code) -> bool {
        let is_bad = |rest: &Count, more: i64| {
            let k = i64::try_from(rest.k).unwrap_or(i64::MAX).saturating_add(more);
            let rest = Count { k: u64::try_from(k).unwrap_or(0).min(rest.n), ..*rest };
            rest.n > 0 && (is_few(&rest) || (code.is_settlement() && is_all_or_none(&rest)))
        };
        match (self.first.n, self.second.n) {
            (0, _) => is_bad(&self.second, self.more),
            (_, 0) => is_bad(&self.first, -self.more),
            _ => false,
        }
    }
}

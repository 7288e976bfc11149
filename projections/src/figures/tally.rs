//! Counting: every figure of every table in one pass over the facts, in memory that grows with the tables and not with the cases.

use std::collections::{BTreeMap, BTreeSet};

use entente_domain::calendar;
use entente_domain::event::Outcome;
use entente_domain::rule_set::RuleSet;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::breakdown::{By, Key};
use super::disclosure::COMPANIES;
use super::measure::{Code, Exclusion, Question, Standing};
use super::survival::{Span, Survival};
use crate::facts::Fact;

/// Which companies there are, as far as it matters: whether they are enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Few([Option<Uuid>; COMPANIES]);

impl Few {
    /// Notes a company.
    pub fn note(&mut self, company: Uuid) {
        for place in &mut self.0 {
            match place {
                Some(known) if *known == company => return,
                Some(_) => {}
                None => {
                    *place = Some(company);
                    return;
                }
            }
        }
    }

    /// How many, no further than is enough.
    pub fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    fn join(&mut self, others: &Self) {
        others.0.iter().flatten().for_each(|company| self.note(*company));
    }
}

/// A numerator and its denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Numerator.
    pub k: u64,
    /// Denominator.
    pub n: u64,
    /// Whose cases are in the denominator.
    pub companies: Few,
}

impl Count {
    /// Counts a case.
    pub fn add(&mut self, fact: &Fact, hit: bool) {
        self.n += 1;
        self.k += u64::from(hit);
        self.companies.note(fact.filing.claimant);
        self.companies.note(fact.filing.respondent);
    }

    /// Both together.
    pub fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.k += other.k;
        self.companies.join(&other.companies);
    }
}

/// What is counted in one cell of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    counts: BTreeMap<Code, Count>,
    excluded: BTreeMap<Code, BTreeMap<Exclusion, u64>>,
    spans: BTreeMap<Span, Survival>,
    rule_sets: BTreeMap<Code, BTreeSet<RuleSet>>,
}

impl Cell {
    /// What a rate comes to.
    pub fn count(&self, code: Code) -> Count {
        self.counts.get(&code).copied().unwrap_or_default()
    }

    /// What a rate leaves out.
    pub fn excluded(&self, code: Code) -> BTreeMap<Exclusion, u64> {
        self.excluded.get(&code).cloned().unwrap_or_default()
    }

    /// The rules that bound the cases that a rate counts.
    pub fn rule_sets(&self, code: Code) -> BTreeSet<RuleSet> {
        self.rule_sets.get(&code).cloned().unwrap_or_default()
    }

    /// How long something took.
    pub fn span(&self, span: Span) -> Survival {
        self.spans.get(&span).cloned().unwrap_or_default()
    }

    fn add(&mut self, code: Code, fact: &Fact, standing: Standing) {
        match standing {
            Standing::Counted { hit, .. } => {
                self.counts.entry(code).or_default().add(fact, hit);
                self.rule_sets.entry(code).or_default().insert(fact.filing.rule_set);
            }
            Standing::Excluded(why) => *self.excluded.entry(code).or_default().entry(why).or_default() += 1,
        }
    }
}

/// All tables of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// What was asked.
    pub question: Question,
    /// How many cases were filed: the whole that every figure divides.
    pub filed: u64,
    /// Those that closed in scope, by outcome.
    pub outcomes: BTreeMap<Outcome, u64>,
    tables: BTreeMap<By, BTreeMap<Key, Cell>>,
    years: Years,
}

/// The years in Paris that have come up, each with its two ends: to ask the calendar for each date anew takes most of the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Years(Vec<(i16, Timestamp, Timestamp)>);

impl Years {
    fn of(&mut self, at: Timestamp) -> i16 {
        if let Some((year, ..)) = self.0.iter().find(|(_, from, to)| *from <= at && at < *to) {
            return *year;
        }
        let year = calendar::paris_date(at).year();
        let beginning = |year| Date::new(year, 1, 1).map(|day| calendar::paris_hour(day, 0));
        if let (Ok(from), Ok(to)) = (beginning(year), beginning(year.saturating_add(1))) {
            self.0.push((year, from, to));
        }
        year
    }
}

impl Tables {
    /// Nothing counted yet.
    pub fn new(question: Question) -> Self {
        Self {
            question,
            filed: 0,
            outcomes: Outcome::ALL.into_iter().map(|outcome| (outcome, 0)).collect(),
            tables: By::ALL.into_iter().map(|by| (by, BTreeMap::new())).collect(),
            years: Years::default(),
        }
    }

    /// Takes a case into account, as the log had it at the position that was asked for.
    pub fn add(&mut self, fact: Fact) {
        let question = self.question;
        let Some(fact) = fact.as_of(question.as_of.position).filter(|fact| question.is_about(fact)) else { return };
        self.filed += 1;
        let standings: Vec<_> = Code::ALL
            .iter()
            .map(|&code| {
                let standing = question.standing(code, &fact);
                let year = match standing {
                    Standing::Counted { dated, .. } => self.years.of(question.dated(&fact, dated)),
                    Standing::Excluded(_) => 0,
                };
                (code, standing, year)
            })
            .collect();
        if let (Some(outcome), (_, Standing::Counted { .. })) = (fact.outcome, closing(&standings)) {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        let spans = Span::ALL.map(|span| (span, question.lasted(span, &fact).ok()));
        let spans = spans.map(|(span, lasted)| {
            (span, lasted.map(|lasted| (lasted, self.years.of(question.dated(&fact, lasted.began)))))
        });
        for (&by, table) in &mut self.tables {
            let suited = standings.iter().filter(|(code, ..)| by.suits(*code));
            if by.has_year() {
                // What a figure leaves out has no date of that figure's, and so no year.
                for &(code, standing, year) in
                    suited.filter(|(_, standing, _)| matches!(standing, Standing::Counted { .. }))
                {
                    table.entry(by.key(&fact, year)).or_default().add(code, &fact, standing);
                }
            } else {
                let cell = table.entry(by.key(&fact, 0)).or_default();
                suited.for_each(|&(code, standing, _)| cell.add(code, &fact, standing));
            }
            for (span, (lasted, year)) in spans.iter().filter_map(|(span, lasted)| Some((*span, (*lasted)?))) {
                let key = by.key(&fact, if by.has_year() { year } else { 0 });
                table.entry(key).or_default().spans.entry(span).or_default().add(lasted.minutes, lasted.ended);
            }
        }
    }

    /// The tables, the total first.
    pub fn all(&self) -> impl Iterator<Item = (By, &BTreeMap<Key, Cell>)> {
        self.tables.iter().map(|(by, cells)| (*by, cells))
    }

    /// The cells of a table.
    pub fn table(&self, by: By) -> impl Iterator<Item = (Key, &Cell)> {
        self.tables.get(&by).into_iter().flatten().map(|(key, cell)| (*key, cell))
    }

    /// The one cell of the total; empty of no cases.
    pub fn total(&self) -> Cell {
        self.table(By::Nothing).next().map(|(_, cell)| cell.clone()).unwrap_or_default()
    }
}

/// Where SR6, whose denominator is what closed in scope, puts the case.
fn closing(standings: &[(Code, Standing, i16)]) -> (Code, Standing) {
    let found = standings.iter().find(|(code, ..)| *code == Code::SR6);
    found.map_or((Code::SR6, Standing::Excluded(Exclusion::StillOpen)), |(code, standing, _)| (*code, *standing))
}

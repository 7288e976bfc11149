//! By what figures are split: the closed list of dimensions. The mediator is none of them, and no fact knows who it was.

use entente_domain::calendar;
use entente_domain::company::{AmountBand, Sector};
use entente_domain::rule_set::RuleSet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::measure::{Code, Question};
use super::scope::Scope;
use crate::facts::Fact;

/// How a mediation was conducted (B15, B16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Mode {
    /// Wholly on line: the table was never left, and no exchange away from it was recorded.
    Online,
    /// Both at the table and away from it.
    Hybrid,
    /// The request alone was on line: neither side ever put anything on the table.
    Offline,
}

impl Mode {
    /// How a case has been conducted so far.
    pub fn of(fact: &Fact) -> Self {
        let away = fact.left_online().or(fact.offline_exchange).is_some();
        let at_table = fact.claimant_item.or(fact.respondent_item).is_some();
        match (away, at_table) {
            (false, _) => Self::Online,
            (true, true) => Self::Hybrid,
            (true, false) => Self::Offline,
        }
    }
}

/// By what figures are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Dimension {
    /// The year in Paris: of registration for a cohort, else of the date that the figure counts by.
    Year,
    /// Wholly on line, off line or both (B16).
    Channel,
    /// Whether the companies are of two countries (B3).
    CrossBorder,
    /// The trade.
    Sector,
    /// How much is in dispute.
    Amount,
    /// The rules that bound the case.
    RuleSet,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Year, Self::Channel, Self::CrossBorder, Self::Sector, Self::Amount, Self::RuleSet];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Channel => "channel",
            Self::CrossBorder => "cross_border",
            Self::Sector => "sector",
            Self::Amount => "amount",
            Self::RuleSet => "rule_set",
        }
    }

    /// The one that is written so.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    /// Whether a rate says anything when split by this. A share by what it is the share of does not; and by channel only
    /// mediations can be compared that had a mediator: whoever never had a table never left it, and would count as online.
    pub const fn suits(self, code: Code) -> bool {
        match self {
            Self::Channel => matches!(code, Code::SR1 | Code::SR2 | Code::SR3 | Code::SR4),
            Self::CrossBorder => !matches!(code, Code::C1),
            Self::Year | Self::Sector | Self::Amount | Self::RuleSet => true,
        }
    }

    /// A case's value; the year is that of a date.
    pub fn value(self, fact: &Fact, year: i16) -> Value {
        match self {
            Self::Year => Value::Year(year),
            Self::Channel => Value::Channel(Mode::of(fact)),
            Self::CrossBorder => Value::CrossBorder(fact.filing.cross_border),
            Self::Sector => Value::Sector(fact.filing.sector),
            Self::Amount => Value::Amount(fact.filing.amount),
            Self::RuleSet => Value::RuleSet(fact.filing.rule_set),
        }
    }
}

/// A value of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Of [`Dimension::Year`].
    Year(i16),
    /// Of [`Dimension::Channel`].
    Channel(Mode),
    /// Of [`Dimension::CrossBorder`].
    CrossBorder(bool),
    /// Of [`Dimension::Sector`].
    Sector(Sector),
    /// Of [`Dimension::Amount`].
    Amount(AmountBand),
    /// Of [`Dimension::RuleSet`].
    RuleSet(RuleSet),
}

impl Value {
    /// The dimension that it is of.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::Year(_) => Dimension::Year,
            Self::Channel(_) => Dimension::Channel,
            Self::CrossBorder(_) => Dimension::CrossBorder,
            Self::Sector(_) => Dimension::Sector,
            Self::Amount(_) => Dimension::Amount,
            Self::RuleSet(_) => Dimension::RuleSet,
        }
    }

    /// As it is written.
    pub fn name(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Channel(mode) => word(&mode),
            Self::CrossBorder(is) => is.to_string(),
            Self::Sector(sector) => word(&sector),
            Self::Amount(band) => word(&band),
            Self::RuleSet(rules) => word(&rules),
        }
    }
}

/// A value that serde spells as one word.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // None of the enums above has data.
        _ => String::new(),
    }
}

/// A cell of a table: no value for the total, one, or two.
pub type Key = (Option<Value>, Option<Value>);

/// A table: by what it is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// Not at all.
    Nothing,
    /// By one dimension.
    One(Dimension),
    /// By two.
    Two(Dimension, Dimension),
}

impl By {
    /// Every table of a report, the total first.
    pub const ALL: [Self; 8] = [
        Self::Nothing,
        Self::One(Dimension::Year),
        Self::One(Dimension::Channel),
        Self::One(Dimension::CrossBorder),
        Self::One(Dimension::Sector),
        Self::One(Dimension::Amount),
        Self::One(Dimension::RuleSet),
        Self::Two(Dimension::Year, Dimension::Channel),
    ];

    /// As it is written: the dimensions, with a blank between.
    pub fn name(self) -> String {
        self.dimensions().into_iter().map(Dimension::name).collect::<Vec<_>>().join(" ")
    }

    /// The one that is written so.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }

    /// The dimensions.
    pub fn dimensions(self) -> Vec<Dimension> {
        match self {
            Self::Nothing => vec![],
            Self::One(one) => vec![one],
            Self::Two(one, two) => vec![one, two],
        }
    }

    /// Whether years are among the dimensions.
    pub const fn has_year(self) -> bool {
        matches!(self, Self::One(Dimension::Year) | Self::Two(Dimension::Year, _) | Self::Two(_, Dimension::Year))
    }

    /// Whether a rate says anything in this table.
    pub const fn suits(self, code: Code) -> bool {
        match self {
            Self::Nothing => true,
            Self::One(one) => one.suits(code),
            Self::Two(one, two) => one.suits(code) && two.suits(code),
        }
    }

    /// The cell of a case, of the year of this date.
    pub fn key(self, fact: &Fact, year: i16) -> Key {
        match self {
            Self::Nothing => (None, None),
            Self::One(one) => (Some(one.value(fact, year)), None),
            Self::Two(one, two) => (Some(one.value(fact, year)), Some(two.value(fact, year))),
        }
    }
}

impl Question {
    /// The date whose year a case is in, counted by another date.
    pub fn dated(&self, fact: &Fact, dated: Timestamp) -> Timestamp {
        match self.scope {
            Scope::Cohort(_) => fact.filing.registered.at,
            Scope::All | Scope::Period(_) => dated,
        }
    }

    /// The year that a case is in, counted by a date.
    pub fn year(&self, fact: &Fact, dated: Timestamp) -> i16 {
        calendar::paris_date(self.dated(fact, dated)).year()
    }
}

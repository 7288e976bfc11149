//! Reports for tests: facts made by a rule, so that they are always the same, and counted as the program counts them.

use entente_domain::company::{AmountBand, Sector};
use entente_domain::event::{Channel, Outcome};
use entente_domain::rule_set::RuleSet;
use entente_projections::facts::{Fact, Filing, Milestone, Switch};
use entente_projections::figures::{AsOf, Days, Question, Report, Scope, Tables, View};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// When the first case is registered: 1 March 2024, nine in the morning in Paris.
const BEGINNING: i64 = 1_709_280_000;
/// The position up to which the samples are counted; each case takes twenty.
pub const POSITION: u64 = 41_250;

/// What is asked of the samples: all cases as of 30 June 2026, noon in Paris.
pub fn question() -> Question {
    let time = Timestamp::from_second(1_782_813_600).unwrap_or_default();
    Question { scope: Scope::All, as_of: AsOf { position: POSITION, time } }
}

/// Enough cases for most of it to be published.
pub fn large(view: View) -> Report {
    report(question(), 400, view)
}

/// The same of those that closed in 2026, which was not over then.
pub fn under_way(view: View) -> Report {
    let scope = Days::parse("2026").map(Scope::Period).unwrap_or_default();
    report(Question { scope, ..question() }, 400, view)
}

/// Too few cases for anything to be published.
pub fn small(view: View) -> Report {
    report(question(), 4, view)
}

/// No case at all.
pub fn empty(view: View) -> Report {
    report(question(), 0, view)
}

fn report(question: Question, cases: u32, view: View) -> Report {
    let mut tables = Tables::new(question);
    (0..cases).for_each(|number| tables.add(fact(number)));
    Report::of(&tables, view)
}

/// One case: how far it came follows from its number.
pub fn fact(number: u32) -> Fact {
    let mut story = Story::new(number);
    let in_twenty = dice(number, 3) % 20;
    if in_twenty == 19 {
        return story.fact;
    }
    story.fact.qualified = story.after(3);
    story.fact.invited = story.after(2);
    story.fact.invitation_due = story.until(15 * 24);
    if in_twenty >= 17 {
        story.close(15 * 24, if in_twenty == 17 { Outcome::Declined } else { Outcome::Lapsed });
        return story.fact;
    }
    story.fact.consented = story.after(30 + i64::from(dice(number, 4) % 9) * 20);
    story.fact.appointment_due = story.until(48);
    if in_twenty == 16 {
        story.close(96, Outcome::MediatorUnavailable);
        return story.fact;
    }
    story.fact.appointed = story.after(1 + i64::from(dice(number, 5) % 52));
    let (channel, engaged) = (dice(number, 6) % 20, dice(number, 7) % 11);
    if channel != 0 {
        story.fact.claimant_item = story.after(20);
    }
    if channel != 0 && engaged != 0 {
        story.fact.respondent_item = story.after(40);
    }
    if channel < 8 {
        story.fact.channels =
            story.after(5).map(|since| vec![Switch { channel: Channel::Telephone, since }]).unwrap_or_default();
        story.fact.offline_exchange = story.after(2);
    }
    let outcome = match dice(number, 8) % 16 + u32::from(channel < 8) {
        0..=10 => Outcome::Settled,
        11 => Outcome::PartlySettled,
        12 | 13 => Outcome::NoAgreement,
        14 => Outcome::Withdrawn,
        _ => Outcome::Expired,
    };
    story.close(600 + i64::from(dice(number, 9) % 700), outcome);
    if outcome == Outcome::NoAgreement && engaged > 5 {
        story.fact.settled_later = story.after(500);
    }
    story.fact
}

/// A number that looks thrown, and is the same every time.
fn dice(number: u32, throw: u32) -> u32 {
    let mixed = (number.wrapping_mul(31).wrapping_add(throw)).wrapping_mul(0x9E37_79B1);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA77);
    mixed ^ (mixed >> 13)
}

/// A case as its time goes by.
struct Story {
    fact: Fact,
    now: Timestamp,
    position: u64,
}

impl Story {
    fn new(number: u32) -> Self {
        let sectors = [Sector::Manufacturing, Sector::Construction, Sector::Trade, Sector::Technology];
        let amounts = [AmountBand::Under10k, AmountBand::Under100k, AmountBand::Under1m];
        let pick = |of: usize| dice(number, 1) as usize % of;
        let now = Timestamp::from_second(BEGINNING + i64::from(number) * 50 * 3_600).unwrap_or_default();
        let position = 1 + u64::from(number) * 20;
        let filing = Filing {
            rule_set: if number < 200 { RuleSet::V2026_1 } else { RuleSet::V2026_2 },
            sector: sectors[pick(sectors.len())],
            amount: amounts[pick(amounts.len())],
            cross_border: dice(number, 2).is_multiple_of(4),
            claimant: Uuid::from_u128(0x1000 + u128::from(number % 40)),
            respondent: Uuid::from_u128(0x2000 + u128::from(number % 37)),
            registered: Milestone { at: now, position },
        };
        Self { fact: Fact::new(Uuid::from_u128(0xCA5E_0000 + u128::from(number)), filing), now, position }
    }

    /// Something happens so many hours later, a quarter past.
    fn after(&mut self, hours: i64) -> Option<Milestone> {
        self.now = self.until(hours)?.checked_add(SignedDuration::from_mins(15)).ok()?;
        self.position += 1;
        Some(Milestone { at: self.now, position: self.position })
    }

    fn until(&self, hours: i64) -> Option<Timestamp> {
        self.now.checked_add(SignedDuration::from_hours(hours)).ok()
    }

    fn close(&mut self, hours: i64, outcome: Outcome) {
        // What would happen after the samples' time has not happened.
        if self.until(hours).is_some_and(|at| at < question().as_of.time) {
            self.fact.closed = self.after(hours);
            self.fact.outcome = Some(outcome);
        }
    }
}

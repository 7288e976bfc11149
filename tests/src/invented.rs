//! Invented centres: facts of as many cases as are wanted, drawn by a fixed sequence, so that the same seed is the same centre.

use entente_domain::company::{AmountBand, Sector};
use entente_domain::event::{Channel, Outcome};
use entente_domain::rule_set::RuleSet;
use entente_projections::facts::{Fact, Filing, Milestone, Switch};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// An invented centre.
#[derive(Clone, Copy, Debug)]
pub struct Invented {
    /// What all chance follows from.
    pub seed: u64,
    /// How many cases it has filed.
    pub cases: u64,
    /// Over how many years, from 2021 on.
    pub years: u32,
    /// How many companies there are to have disputes.
    pub companies: u64,
    /// How many trades there are.
    pub sectors: usize,
    /// Of a thousand concluded mediations, how many settle.
    pub settling: u64,
    /// Of a thousand tables, how many are left for other means.
    pub leaving: u64,
}

impl Default for Invented {
    fn default() -> Self {
        Self { seed: 1, cases: 350, years: 5, companies: 120, sectors: 9, settling: 850, leaving: 300 }
    }
}

const SECTORS: [Sector; 9] = [
    Sector::Manufacturing,
    Sector::Construction,
    Sector::Trade,
    Sector::Transport,
    Sector::Technology,
    Sector::Finance,
    Sector::Energy,
    Sector::Services,
    Sector::Other,
];
const AMOUNTS: [AmountBand; 5] =
    [AmountBand::Under10k, AmountBand::Under100k, AmountBand::Under1m, AmountBand::Over1m, AmountBand::Unstated];
/// 2021-01-01T00:00:00Z.
const BEGINNING: i64 = 1_609_459_200;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A sequence of numbers that looks like chance (splitmix64, public domain arithmetic of Steele, Lea and Flood, OOPSLA 2014).
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another.
    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    fn seconds(&mut self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.below((most - least).unsigned_abs())).unwrap_or(0)
    }

    fn of_thousand(&mut self, share: u64) -> bool {
        self.below(1_000) < share
    }
}

/// A moment, at a position that grows with time: the log is written as things happen.
fn reached(second: i64) -> Milestone {
    let at = Timestamp::from_second(second).expect("within the calendar");
    Milestone { at, position: (second - BEGINNING).unsigned_abs() }
}

impl Invented {
    /// The last position: everything has happened by then.
    pub fn end(&self) -> u64 {
        (i64::from(self.years + 2) * 366 * DAY).unsigned_abs()
    }

    /// The cases, in no order.
    pub fn facts(self) -> impl Iterator<Item = Fact> {
        (0..self.cases).map(move |number| self.fact(number))
    }

    /// One case.
    fn fact(self, number: u64) -> Fact {
        let mut chance = Chance(self.seed.wrapping_mul(0x0100_0000_01b3) ^ number.wrapping_mul(0x9e37_79b9));
        let company = |number: u64| Uuid::from_u128(0xC0_0000 + u128::from(number));
        let first = chance.below(self.companies);
        let mut second = chance.below(self.companies);
        if second == first {
            second = (first + 1) % self.companies.max(2);
        }
        let registered = BEGINNING + chance.seconds(0, i64::from(self.years) * 365 * DAY);
        let filing = Filing {
            rule_set: if registered < BEGINNING + 730 * DAY { RuleSet::V2026_1 } else { RuleSet::V2026_2 },
            sector: SECTORS[usize::try_from(chance.below(self.sectors as u64)).unwrap_or(0)],
            amount: AMOUNTS[usize::try_from(chance.below(5)).unwrap_or(0)],
            cross_border: chance.of_thousand(400),
            claimant: company(first),
            respondent: company(second),
            registered: reached(registered),
        };
        let pseudonym = u128::from(chance.next()) << 64 | u128::from(number);
        let mut fact = Fact::new(Uuid::from_u128(pseudonym), filing);
        let invited = registered + chance.seconds(HOUR, DAY);
        fact.qualified = Some(reached(registered + 600));
        fact.invited = Some(reached(invited));
        fact.invitation_due = Some(reached(invited + 15 * DAY).at);
        let close = |fact: &mut Fact, second: i64, outcome| {
            fact.closed = Some(reached(second));
            fact.outcome = Some(outcome);
        };
        match chance.below(100) {
            0..3 => close(&mut fact, invited + chance.seconds(HOUR, 9 * DAY), Outcome::Declined),
            3..5 => close(&mut fact, invited + 15 * DAY, Outcome::Lapsed),
            5..7 => close(&mut fact, invited + chance.seconds(HOUR, 9 * DAY), Outcome::Withdrawn),
            7..9 => {}
            _ => self.consent(&mut fact, &mut chance, invited),
        }
        fact
    }

    fn consent(self, fact: &mut Fact, chance: &mut Chance, invited: i64) {
        let consented = invited + chance.seconds(HOUR, 14 * DAY);
        fact.consented = Some(reached(consented));
        fact.appointment_due = Some(reached(consented + 48 * HOUR).at);
        let delay =
            if chance.of_thousand(930) { chance.seconds(HOUR, 48 * HOUR) } else { chance.seconds(2 * DAY, 9 * DAY) };
        if chance.of_thousand(20) {
            if chance.of_thousand(500) {
                fact.closed = Some(reached(consented + delay));
                fact.outcome = Some(Outcome::MediatorUnavailable);
            }
            return;
        }
        let appointed = consented + delay;
        fact.appointed = Some(reached(appointed));
        let away = chance.of_thousand(self.leaving);
        let wholly_away = away && chance.of_thousand(300);
        if !wholly_away {
            fact.claimant_item = Some(reached(appointed + chance.seconds(HOUR, 3 * DAY)));
            if chance.of_thousand(950) {
                fact.respondent_item = Some(reached(appointed + chance.seconds(HOUR, 4 * DAY)));
            }
        }
        if away {
            let since = reached(appointed + chance.seconds(HOUR, 9 * DAY));
            fact.channels.push(Switch { channel: Channel::Telephone, since });
            fact.offline_exchange = chance.of_thousand(500).then(|| reached(appointed + 10 * DAY));
        }
        if chance.of_thousand(20) {
            return;
        }
        let closed = appointed + chance.seconds(11 * DAY, 60 * DAY);
        let outcome = match chance.below(1_000) {
            drawn if drawn < self.settling => Outcome::Settled,
            drawn if drawn % 4 == 0 => Outcome::PartlySettled,
            drawn if drawn % 4 == 1 => Outcome::Withdrawn,
            drawn if drawn % 4 == 2 => Outcome::Expired,
            _ => Outcome::NoAgreement,
        };
        fact.closed = Some(reached(closed));
        fact.outcome = Some(outcome);
        if outcome == Outcome::NoAgreement && chance.of_thousand(300) {
            fact.settled_later = Some(reached(closed + chance.seconds(DAY, 80 * DAY)));
        }
    }
}

/// The time of a position, as invented centres write their log.
pub fn time_of(position: u64) -> Timestamp {
    let beginning = Timestamp::from_second(BEGINNING).expect("within the calendar");
    beginning + SignedDuration::from_secs(i64::try_from(position).expect("a position is small"))
}

//! What may be published: no cell of few cases or few companies, none of 0 % or 100 %, and none that the others give away.
//!
//! docs/figures.md says what that protects and what it does not; a test attacks it with linear programming.

use std::collections::BTreeSet;

use super::breakdown::{By, Dimension, Key, Mode, Value};
use super::measure::Code;
use super::tally::{Cell, Count, Tables};

/// Cases that a published cell has at least (2-domain §6).
pub const CASES: u64 = 5;
/// Companies whose cases it holds at least.
pub const COMPANIES: usize = 3;

/// What of a report is not published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    everything: bool,
    tables: BTreeSet<By>,
    figures: BTreeSet<(By, Code)>,
    cells: BTreeSet<(By, Key)>,
}

impl Mask {
    /// Whether there is too little for anything.
    pub const fn withholds_all(&self) -> bool {
        self.everything
    }

    /// Whether a table is left out altogether.
    pub fn withholds(&self, by: By) -> bool {
        self.everything || self.tables.contains(&by)
    }

    /// Whether a cell is empty on purpose, for every figure.
    pub fn empties(&self, by: By, key: Key) -> bool {
        self.everything || self.cells.contains(&(by, key))
    }

    /// Whether a rate is not shown in a cell.
    pub fn hides(&self, by: By, key: Key, code: Code) -> bool {
        self.empties(by, key) || self.figures.contains(&(by, code))
    }

    /// Whether a rate is shown in no cell of a table.
    pub fn hides_all(&self, by: By, code: Code) -> bool {
        self.everything || self.figures.contains(&(by, code))
    }

    /// The same without these tables, and without what would tell the same.
    #[must_use]
    pub fn without(mut self, left_out: &BTreeSet<By>) -> Self {
        self.tables.extend(left_out);
        let (years, channels) = (By::One(Dimension::Year), By::One(Dimension::Channel));
        if left_out.contains(&years) || left_out.contains(&channels) {
            self.tables.insert(By::Two(Dimension::Year, Dimension::Channel));
        }
        if left_out.contains(&channels) {
            self.hide_everywhere(Code::H1);
            self.hide_everywhere(Code::SR4);
        }
        if left_out.contains(&By::One(Dimension::CrossBorder)) {
            self.hide_everywhere(Code::C1);
        }
        self
    }

    /// What may be published of these tables.
    pub fn of(tables: &Tables) -> Self {
        let total = tables.total();
        // The headline's denominator is a part of the others': where it is too small, or nothing, so is what they tell of it.
        let headline = total.count(Code::SR1);
        if headline.n < CASES || is_few(&headline) {
            return Self { everything: true, ..Self::default() };
        }
        let mut mask = Self::default();
        for &code in Code::ALL {
            if is_unsafe(&total.count(code)) {
                mask.hide_everywhere(code);
            }
        }
        // H1 has SR1's denominator, and SR5 and SR6 its numerator: all three would tell what SR1 is.
        if mask.hides_all(By::Nothing, Code::SR1) {
            mask.hide_everywhere(Code::H1);
        }
        let one_way = Dimension::ALL.map(By::One);
        for by in one_way {
            mask.suppress(tables, by);
        }
        // The share on line is that cell's of the table by channel, over the whole; the same of the other share.
        let online = (Some(Value::Channel(Mode::Online)), None);
        mask.link(By::One(Dimension::Channel), Code::H1, &[online]);
        let sides = [true, false].map(|is| (Some(Value::CrossBorder(is)), None));
        mask.link(By::One(Dimension::CrossBorder), Code::C1, &sides);
        // No table that was never used is engaged: what SR4 leaves out of SR1 bounds those off line.
        let offline = (Some(Value::Channel(Mode::Offline)), None);
        if mask.cells.contains(&(By::One(Dimension::Channel), offline)) {
            mask.hide_everywhere(Code::SR4);
        }
        // Whoever had 48 hours run had consented: beside an uptake that is not told, E1 would tell of it.
        for by in By::ALL {
            if mask.hides_all(by, Code::U1) {
                mask.figures.insert((by, Code::E1));
            }
        }
        mask.close(tables);
        mask
    }

    fn hide_everywhere(&mut self, code: Code) {
        self.figures.extend(By::ALL.map(|by| (by, code)));
    }

    /// A share and the table whose cell it is tell the same: neither is shown where the other is not.
    fn link(&mut self, by: By, share: Code, cells: &[Key]) {
        if self.figures.contains(&(By::Nothing, share)) {
            self.tables.insert(by);
        } else if self.tables.contains(&by) || cells.iter().any(|key| self.cells.contains(&(by, *key))) {
            self.hide_everywhere(share);
        }
    }

    /// The cells of a table by one dimension that are not shown: the unsafe ones, and so many more that what they come to
    /// together, which is the total less what is shown, is safe. Then the figures that would still say 0 % or 100 %.
    fn suppress(&mut self, tables: &Tables, by: By) {
        let shown: Vec<Code> =
            Code::ALL.iter().copied().filter(|code| by.suits(*code) && !self.figures.contains(&(by, *code))).collect();
        let is_bad = |cell: &Cell| {
            shown.iter().any(|&code| {
                let count = cell.count(code);
                is_few(&count) || (code.is_settlement() && is_all_or_none(&count))
            })
        };
        let mut cells: Vec<(Key, &Cell)> = tables.table(by).collect();
        // The smallest first; the key decides between equals, so that the same facts always give the same report.
        cells.sort_by_key(|(key, cell)| (cell.count(size(by)).n, *key));
        let mut suppressed: Vec<(Key, &Cell)> = cells.extract_if(.., |(_, cell)| is_bad(cell)).collect();
        if !suppressed.is_empty() {
            while !is_safe_together(by, &shown, &suppressed) && !cells.is_empty() {
                suppressed.push(cells.remove(0));
            }
        }
        if !suppressed.is_empty() && !is_safe_together(by, &shown, &suppressed) {
            // Nothing is left to hide them among.
            self.tables.insert(by);
        }
        self.cells.extend(suppressed.iter().map(|(key, _)| (by, *key)));
        for &code in shown.iter().filter(|code| !code.is_settlement()) {
            let rest = together(code, &suppressed);
            let alone = cells.iter().map(|(_, cell)| cell.count(code));
            if alone.chain([rest]).any(|count| is_all_or_none(&count)) {
                self.figures.insert((by, code));
            }
        }
    }

    /// The table by year and channel, whole or not at all: its sums are the two tables beside it.
    fn close(&mut self, tables: &Tables) {
        let (rows, columns) = (By::One(Dimension::Year), By::One(Dimension::Channel));
        let both = By::Two(Dimension::Year, Dimension::Channel);
        let is_whole = |by: By| {
            let suited = || Code::ALL.iter().filter(|code| by.suits(**code));
            !self.tables.contains(&by)
                && !self.cells.iter().any(|(of, _)| *of == by)
                && !suited().any(|code| self.figures.contains(&(by, *code)))
        };
        let is_open = |(_, cell): (Key, &Cell)| Code::ALL.iter().all(|code| !is_unsafe(&cell.count(*code)));
        if !(is_whole(rows) && is_whole(columns) && tables.table(both).all(is_open)) {
            self.tables.insert(both);
        }
    }
}

fn together(code: Code, cells: &[(Key, &Cell)]) -> Count {
    cells.iter().fold(Count::default(), |mut all, (_, cell)| {
        all.join(&cell.count(code));
        all
    })
}

/// Whether several suppressed cells, whose sum anybody can work out, hide each other.
fn is_safe_together(by: By, shown: &[Code], cells: &[(Key, &Cell)]) -> bool {
    let number = cells.len() as u64;
    // Each holds a case at least, as everybody may think: so far apart are the bounds of each.
    let closed = cells.iter().map(|(_, cell)| cell.count(size(by)).n).sum::<u64>();
    let rest_is_safe = |&code: &Code| {
        let count = together(code, cells);
        !(is_few(&count) || code.is_settlement() && is_all_or_none(&count))
    };
    number >= 2 && closed >= number + CASES && shown.iter().all(rest_is_safe)
}

/// The rate whose denominator says how large a cell of a table is: what closed, or what closed with a mediator.
pub(super) const fn size(by: By) -> Code {
    if by.suits(Code::SR6) { Code::SR6 } else { Code::SR1 }
}

/// Too few cases, or of too few companies; none at all is told.
pub(super) fn is_few(count: &Count) -> bool {
    count.n > 0 && (count.n < CASES || count.companies.count() < COMPANIES)
}

/// 0 % or 100 %.
pub(super) fn is_all_or_none(count: &Count) -> bool {
    count.n > 0 && (count.k == 0 || count.k == count.n)
}

fn is_unsafe(count: &Count) -> bool {
    is_few(count) || is_all_or_none(count)
}

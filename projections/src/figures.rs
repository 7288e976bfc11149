//! The figures: what the facts come to as of a stated position (2-domain §6, docs/figures.md).

mod breakdown;
mod comparison;
mod disclosure;
mod interval;
mod measure;
mod percentage;
mod release;
mod report;
mod scope;
mod shape;
mod survival;
mod tally;

pub use self::breakdown::{By, Dimension, Key, Mode, Value};
pub use self::comparison::{Comparison, Tells};
pub use self::disclosure::{CASES, COMPANIES, Mask};
pub use self::interval::{newcombe, wilson};
pub use self::measure::{Code, DEFINITION, Exclusion, Question, Standing};
pub use self::percentage::{Check, Giving, MOST, Otherwise, Percentage, PercentageError, Rounding, WIDEST};
pub use self::release::{Release, Uncovering};
pub use self::report::{ByHour, Counted, Duration, Figure, Report, ReportCell, SMALL, Table, Times, Told, View};
pub use self::scope::{AsOf, Days, DaysError, Scope};
pub use self::survival::{Lasted, Span, Step, Survival};
pub use self::tally::{Cell, Count, Few, Tables};

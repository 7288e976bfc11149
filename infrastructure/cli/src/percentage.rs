//! `entente percentage`: whether a published percentage can be right, and which counts give it. Needs no database.

use std::process::ExitCode;

use clap::ValueEnum;
use entente_projections::figures::{Check, Giving, Otherwise, Percentage, Rounding};

use crate::failure::Failure;
use crate::language::Language;
use crate::output;
use crate::settings::Settings;

/// What was published.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente percentage 85 --of 70\n  entente percentage 85 --of 40..70\n  \
                        entente percentage 85.7 --of 70 --count 60\n  entente percentage 85 --of 70 --rounding down --json\n\n\
                        Exit code 1 if no count gives it.")]
pub struct Args {
    /// The percentage as it was published, such as 85 or 85.7
    #[arg(value_name = "PERCENTAGE")]
    percentage: String,
    /// Of how many cases: a number, or two with dots between
    #[arg(long, value_name = "CASES")]
    of: String,
    /// How many are said to have been counted
    #[arg(long, value_name = "COUNT")]
    count: Option<u64>,
    /// How it was rounded
    #[arg(long, value_enum, default_value_t = Way::Nearest)]
    rounding: Way,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How a percentage was rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Way {
    /// To the nearest; a half may have gone either way
    Nearest,
    /// To the nearest, halves up
    HalfUp,
    /// To the nearest, halves to the even digit
    HalfEven,
    /// Cut off
    Down,
    /// To the next above
    Up,
}

impl From<Way> for Rounding {
    fn from(way: Way) -> Self {
        match way {
            Way::Nearest => Self::Nearest,
            Way::HalfUp => Self::HalfUp,
            Way::HalfEven => Self::HalfEven,
            Way::Down => Self::Down,
            Way::Up => Self::Up,
        }
    }
}

/// Checks.
///
/// # Errors
/// What makes no sense: no percentage, no cases, more counted than there were.
pub fn run(args: &Args, settings: &Settings) -> Result<ExitCode, Failure> {
    let wrong = |error: entente_projections::figures::PercentageError| Failure::usage(error.to_string());
    let percentage = Percentage::parse(&args.percentage).map_err(wrong)?;
    let of = Check::denominators(&args.of).map_err(wrong)?;
    let check = Check::of(percentage, args.rounding.into(), of, args.count).map_err(wrong)?;
    if args.json {
        output::json(&check)?;
    } else {
        output::data(&told(&check, settings.language))?;
    }
    // As with every check: what does not hold is no success.
    Ok(if check.given_by.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn told(check: &Check, language: Language) -> String {
    let count = |number: u64| language.count(number);
    let percentage = match language {
        Language::English => format!("{} %", check.percentage),
        Language::French => format!("{}\u{202f}%", check.percentage.replace('.', ",")),
    };
    let (least, most) = check.of;
    let of = if least == most { count(least) } else { format!("{}–{}", count(least), count(most)) };
    if check.given_by.is_empty() {
        let none = match check.count {
            None => language.pick(
                format!("No whole number of {of} cases gives {percentage}."),
                format!("Aucun nombre entier sur {of} affaires ne donne {percentage}."),
            ),
            Some(k) => language.pick(
                format!("{} of {of} cases is not {percentage}.", count(k)),
                format!("{} sur {of} affaires ne font pas {percentage}.", count(k)),
            ),
        };
        let others = check.otherwise.iter().map(|other| otherwise(other, language));
        return std::iter::once(none).chain(others).collect::<Vec<_>>().join("\n");
    }
    let mut lines = vec![language.pick(format!("{percentage} is given by"), format!("Donnent {percentage} :"))];
    lines.extend(check.given_by.iter().map(|giving| {
        let k = if giving.from == giving.to {
            count(giving.from)
        } else {
            language.pick(
                format!("{} to {}", count(giving.from), count(giving.to)),
                format!("{} à {}", count(giving.from), count(giving.to)),
            )
        };
        format!("  {k} {} {}", language.pick("of", "sur"), count(giving.n))
    }));
    lines.join("\n")
}

/// Whoever cuts off or raises may mean a count that no rounding gives.
fn otherwise(other: &Otherwise, language: Language) -> String {
    let way = match other.rounding {
        Rounding::Down => language.pick("Cut off", "Tronqué"),
        Rounding::Up => language.pick("Raised to the next digit", "Arrondi au chiffre supérieur"),
        Rounding::Nearest | Rounding::HalfUp | Rounding::HalfEven => language.pick("Rounded", "Arrondi au plus proche"),
    };
    let Giving { n, from, to } = other.giving;
    let k =
        if from == to { language.count(from) } else { format!("{}–{}", language.count(from), language.count(to)) };
    let n = language.count(n);
    language.pick(format!("  {way}, it is {k} of {n}."), format!("  {way}, c’est {k} sur {n}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(percentage: &str, of: (u64, u64), language: Language) -> String {
        let check =
            Percentage::parse(percentage).and_then(|percentage| Check::of(percentage, Rounding::Nearest, of, None));
        check.map_or_else(|error| error.to_string(), |check| told(&check, language))
    }

    #[test]
    fn the_article_s_figure_is_told_to_be_impossible() {
        let none = "No whole number of 70 cases gives 85 %.\n  Cut off, it is 60 of 70.\n  Raised to the next digit, it is 59 of 70.";
        assert_eq!(said("85", (70, 70), Language::English), none);
        assert_eq!(said("85", (60, 60), Language::English), "85 % is given by\n  51 of 60");
        assert_eq!(said("85,7", (70, 70), Language::French), "Donnent 85,7\u{202f}% :\n  60 sur 70");
    }
}

//! `entente replay --check`: every read model rebuilt from the log and compared with the live one.

use std::process::ExitCode;

use entente_application::Centre;
use entente_application::check::{self, Comparison};
use entente_application::follow::Projection;
use serde_json::{Value, json};

use crate::failure::{DIFFERS, Failure};
use crate::language::Language;
use crate::output::{self, Working};

/// Differing rows that are shown in text; JSON has all.
const SHOWN: usize = 20;

/// Compares them all; differing is an answer, not an error.
///
/// # Errors
/// A damaged log, or a store that cannot.
pub async fn run(centre: &Centre, language: Language, as_json: bool) -> Result<ExitCode, Failure> {
    let mut found = Vec::new();
    {
        let working = Working::on(language.pick("rebuilding", "reconstruction"));
        for projection in Projection::ALL {
            working.now(format!("{} {}", language.pick("rebuilding", "reconstruction"), projection.name()));
            found.push(check::compare(centre, projection).await?);
        }
    }
    if as_json {
        output::json(&found.iter().map(in_json).collect::<Vec<_>>())?;
    } else {
        for comparison in &found {
            output::data(&in_words(comparison, language))?;
        }
    }
    Ok(if found.iter().all(Comparison::agrees) { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
}

fn in_json(comparison: &Comparison) -> Value {
    json!({
        "projection": comparison.projection,
        "position": comparison.position,
        "rows": comparison.rows,
        "agrees": comparison.agrees(),
        "only_live": comparison.only_live,
        "only_rebuilt": comparison.only_rebuilt,
    })
}

fn in_words(comparison: &Comparison, language: Language) -> String {
    let Comparison { projection, position, rows, only_live, only_rebuilt } = comparison;
    let (rows, position) = (language.count(*rows), language.position(*position));
    if comparison.agrees() {
        return match language {
            Language::English => format!("{projection}: {rows} rows agree with a rebuild up to {position}"),
            Language::French => {
                format!("{projection} : {rows} lignes identiques après reconstruction, jusqu’à la {position}")
            }
        };
    }
    let mut lines = vec![match language {
        Language::English => format!("{projection}: DIFFERS from a rebuild up to {position}"),
        Language::French => format!("{projection} : DIFFÈRE d’une reconstruction jusqu’à la {position}"),
    }];
    lines.extend(some(language.pick("only live", "en service seulement"), only_live, language));
    lines.extend(some(language.pick("only rebuilt", "reconstruit seulement"), only_rebuilt, language));
    lines.join("\n")
}

fn some(which: &str, rows: &[String], language: Language) -> Vec<String> {
    let mut lines: Vec<_> = rows.iter().take(SHOWN).map(|row| format!("  {which}: {row}")).collect();
    let more = rows.len().saturating_sub(SHOWN) as u64;
    if more > 0 {
        lines.push(format!(
            "  {which}: … {} {}",
            language.count(more),
            language.pick("more; see --json", "de plus ; voir --json")
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use entente_application::ports::Position;

    use super::*;

    fn comparison(only_live: Vec<String>) -> Comparison {
        Comparison { projection: "inbox", position: Position(12), rows: 3, only_live, only_rebuilt: vec![] }
    }

    #[test]
    fn agreement_is_said_with_rows_and_position() {
        let said = in_words(&comparison(vec![]), Language::English);
        assert_eq!(said, "inbox: 3 rows agree with a rebuild up to position 12");
    }

    #[test]
    fn many_differences_are_cut_short_in_text_and_not_in_json() {
        let rows: Vec<_> = (0..25).map(|row| format!("row {row}")).collect();
        let said = in_words(&comparison(rows.clone()), Language::English);
        assert!(said.contains("DIFFERS") && said.contains("row 19") && !said.contains("row 20"), "{said}");
        assert!(said.contains("5 more"), "{said}");
        assert_eq!(in_json(&comparison(rows))["only_live"].as_array().map(Vec::len), Some(25));
    }
}

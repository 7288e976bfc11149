//! Every digit again by another program: the facts as a file, the published definition, and a second implementation of it.

use std::path::{Path, PathBuf};

use entente_tests::binary::{must as entente, run};
use entente_tests::engines::{Engine, Home};
use serde_json::Value;

use super::{must, python, root};

const RECOMPUTE: &str = "docs/examples/recompute_figures.py";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn json(said: &str) -> Value {
    serde_json::from_str(said).unwrap_or_else(|_| panic!("no JSON: {said}"))
}

/// A centre of five years with 70 cases each, as the article has them, imported through the rules.
fn five_years(home: &Home) {
    let lines = must(&python(Path::new("python3"), "docs/examples/synthetic_centre.py", &[], ""));
    let file = home.folder().join("centre.jsonl");
    std::fs::write(&file, lines).unwrap();
    entente(home, ["migrate"]);
    let summary = json(&entente(home, ["import", text(&file), "--json"]));
    assert_eq!((&summary["cases"], &summary["refused"]), (&350.into(), &0.into()), "{summary}");
}

/// The rate of a report's cell.
fn figure<'a>(report: &'a Value, by: &[&str], at: &str, code: &str) -> &'a Value {
    let tables = report["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["by"] == serde_json::json!(by)).unwrap_or_else(|| panic!("{by:?}"));
    let cells = table["cells"].as_array().unwrap();
    let cell = cells.iter().find(|cell| by.first().is_none_or(|by| cell["at"][by] == at)).unwrap();
    cell["figures"].as_array().unwrap().iter().find(|figure| figure["code"] == code).unwrap()
}

fn counts(figure: &Value) -> (u64, u64) {
    (figure["k"].as_u64().unwrap(), figure["n"].as_u64().unwrap())
}

fn a_second_program_comes_to_the_same_from_the_facts_alone(home: &Home) {
    let scopes: [&[&str]; 5] =
        [&[], &["--period", "2024"], &["--cohort", "2023"], &["--period", "2022-03..2024-08"], &["--as-of", "4000"]];
    for (number, scope) in scopes.into_iter().enumerate() {
        let (facts, report) =
            (home.folder().join(format!("{number}.csv")), home.folder().join(format!("{number}.json")));
        // The facts of all cases as of that position: which of them a period counts is for the second program to say.
        let as_of: &[&str] = if scope.first() == Some(&"--as-of") { scope } else { &[] };
        entente(home, [&["facts", "--output", text(&facts)], as_of].concat());
        entente(home, [&["report", "--staff", "--json", "--output", text(&report)], scope].concat());
        let mut arguments = vec![text(&facts)];
        match scope {
            [] | ["--as-of", _] => arguments.push("--all"),
            scope => arguments.extend(scope),
        }
        arguments.extend(["--compare", text(&report)]);
        let said = must(&python(Path::new("python3"), RECOMPUTE, &arguments, ""));
        let agreed: u64 = said.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
        assert!(agreed > 300 && said.contains("agree"), "{said}");
        // A digit that is off is found.
        let off = std::fs::read_to_string(&report).unwrap().replacen("\"k\": ", "\"k\": 1", 1);
        std::fs::write(&report, off).unwrap();
        assert!(!python(Path::new("python3"), RECOMPUTE, &arguments, "").status.success());
    }
}

fn the_article_s_figure_has_a_denominator_here(home: &Home) {
    let report = json(&entente(home, ["report", "--staff", "--json"]));
    assert_eq!(counts(figure(&report, &[], "", "SR1")), (255, 300), "85 % of those that were concluded");
    assert_eq!(counts(figure(&report, &[], "", "SR6")).1, 350);
    for year in ["2021", "2022", "2023", "2024", "2025"] {
        assert_eq!(counts(figure(&report, &["year"], year, "SR1")), (51, 60), "{year}");
        assert_eq!(counts(figure(&report, &["year"], year, "SR6")), (51, 70), "{year}");
    }
    // Of the rates with other denominators none is the article's.
    for code in ["SR4", "SR5", "SR6"] {
        let rate = figure(&report, &["year"], "2024", code)["rate"].as_f64().unwrap();
        assert!(code == "SR4" || (rate * 100.0).round() as u64 != 85, "{code}: {rate}");
    }
    let impossible = run(home, ["percentage", "85", "--of", "70"]);
    assert_eq!(impossible.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&impossible.stdout).contains("No whole number of 70 cases gives 85 %"));
    let given = json(&entente(home, ["percentage", "85", "--of", "40..70", "--json"]));
    let by: Vec<_> =
        given["given_by"].as_array().unwrap().iter().map(|it| (it["n"].as_u64(), it["from"].as_u64())).collect();
    for (n, k) in [(60, 51), (40, 34), (67, 57)] {
        assert!(by.contains(&(Some(n), Some(k))), "{k} of {n}: {by:?}");
    }
    assert!(!by.iter().any(|(n, _)| *n == Some(70)));
}

fn the_cases_behind_a_figure_are_as_many_as_it_says(home: &Home) {
    let report = json(&entente(home, ["report", "--staff", "--json"]));
    let facts = home.folder().join("explained.csv");
    entente(home, ["facts", "--output", text(&facts)]);
    let told = std::fs::read_to_string(&facts).unwrap();
    for code in ["SR1", "SR4", "U1", "E1", "W1", "C1"] {
        let lines = json(&entente(home, ["report", "--explain", code, "--json"]));
        let lines = lines.as_array().unwrap();
        let at = |place: &str| lines.iter().filter(|line| line["place"] == place).count() as u64;
        let figure = figure(&report, &[], "", code);
        assert_eq!((at("k"), at("k") + at("n")), counts(figure), "{code}");
        for (why, number) in figure["excluded"].as_object().unwrap() {
            assert_eq!(at(why), number.as_u64().unwrap(), "{code} {why}");
        }
        assert_eq!(lines.len(), 350);
        assert!(lines.iter().all(|line| told.contains(line["case"].as_str().unwrap())), "they are those of the file");
    }
    let text = entente(home, ["report", "--explain", "sr1"]);
    assert!(text.contains("no_mediator") && text.contains("255"), "{text}");
}

fn a_report_as_of_a_position_is_the_same_bytes_at_any_later_time(home: &Home) {
    let forms = [
        &["report", "--staff", "--as-of", "3000"][..],
        &["report", "--staff", "--as-of", "3000", "--json"],
        &["report", "--staff", "--as-of", "3000", "--format", "html"],
        &["report", "--staff", "--as-of", "3000", "--format", "csv"],
        &["report", "--as-of", "3000", "--json"],
        &["facts", "--as-of", "3000"],
        &["report", "--explain", "SR1", "--as-of", "3000"],
    ];
    let all = |home: &Home| forms.map(|form| entente(home, form));
    let first = all(home);
    assert!(first[1].contains("\"position\": 3000") && first[4].contains("released"));
    let sample = root().join("tests/data/sample-import.jsonl");
    entente(home, ["import", text(&sample), "--json"]);
    assert_eq!(all(home), first);
    entente(home, ["replay", "--check"]);
}

fn every_form_of_the_fact_file_holds_the_same_rows(home: &Home) {
    let path = |name: &str| home.folder().join(name);
    let files: [(&str, PathBuf); 4] =
        ["csv", "json", "parquet", "sqlite"].map(|form| (form, path(&format!("facts.{form}"))));
    for (form, file) in &files {
        entente(home, ["facts", "--format", form, "--output", text(file)]);
        let again = run(home, ["facts", "--format", form, "--output", text(file)]);
        assert_eq!(again.status.code(), Some(2), "nothing is written over: {form}");
    }
    let arguments = files.each_ref().map(|(_, file)| text(file));
    let reader = entente_tests::python::interpreter("python-parquet-1", &["pyarrow==18.1.0"]);
    let said = must(&python(&reader, "tests/python/same_facts.py", &arguments, ""));
    assert_eq!(said.trim(), "350 rows alike in 4 files");
}

/// Imported once, since all of it only reads; the last adds to it. The engines' own part of it is in `table`.
#[test]
fn five_years_of_the_article_s_centre() {
    let home = Home::new(Engine::Sqlite);
    five_years(&home);
    a_second_program_comes_to_the_same_from_the_facts_alone(&home);
    the_article_s_figure_has_a_denominator_here(&home);
    the_cases_behind_a_figure_are_as_many_as_it_says(&home);
    every_form_of_the_fact_file_holds_the_same_rows(&home);
    a_report_as_of_a_position_is_the_same_bytes_at_any_later_time(&home);
}

#[test]
fn bad_input_says_what_to_do() {
    let home = Home::new(Engine::Sqlite);
    entente(&home, ["migrate"]);
    for (arguments, said) in [
        (&["report", "--period", "2026-03..2026-01"][..], "ends before it begins"),
        (&["report", "--period", "last year"], "write a year, a month or a day"),
        (&["report", "--period", "2999"], "has not come yet"),
        (&["report", "--as-of", "2999-01-01T00:00:00Z"], "has not come yet"),
        (&["report", "--as-of", "999999"], "there is no position 999,999"),
        (&["report", "--by", "mediator"], "figures are split by year, channel"),
        (&["report", "--explain", "SR9"], "the figures are SR1"),
        (&["percentage", "85", "--of", "0"], "at least 1"),
        (&["percentage", "85", "--of", "70", "--count", "71"], "cannot be more cases counted"),
        (&["percentage", "eighty", "--of", "70"], "write the percentage as it was published"),
        (&["facts", "--format", "sqlite"], "--output"),
        (&["report", "--output", "/nowhere/at/all.html"], "cannot be written"),
    ] {
        let output = run(&home, arguments);
        let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told} {errors}");
        assert!(errors.contains(said) && told.is_empty(), "{arguments:?}: {errors}");
    }
    // Of no cases there is a report, and nothing in it.
    let empty = json(&entente(&home, ["report", "--staff", "--json"]));
    let figure = figure(&empty, &[], "", "SR1");
    assert_eq!((counts(figure), &figure["rate"]), ((0, 0), &Value::Null));
}

//! An attack on what is released: linear programming over every table bounds no suppressed cell more tightly than the rule allows.

use std::collections::BTreeSet;
use std::path::Path;

use entente_projections::figures::{By, Code, Days, Release, Report, Scope, Uncovering, View};
use entente_tests::invented::Invented;
use serde_json::Value;

use super::{counted, must, python, question, scipy};

/// Centres of many sizes, so that some tables are whole, some in part and some not told at all.
fn centres() -> Vec<Invented> {
    let sizes = [12, 25, 40, 70, 110, 180, 350, 700];
    let shapes = [(40, 9, 850, 300), (400, 4, 700, 100), (12, 9, 930, 450), (90, 3, 960, 50)];
    let mut all = Vec::new();
    for (number, cases) in sizes.into_iter().cycle().take(16).enumerate() {
        let (companies, sectors, settling, leaving) = shapes[number % shapes.len()];
        let seed = number as u64 + 1;
        all.push(Invented { seed, cases, years: 5, companies, sectors, settling, leaving });
    }
    all
}

fn write(folder: &Path, name: &str, report: &Report) -> String {
    let path = folder.join(name);
    std::fs::write(&path, serde_json::to_vec(report).unwrap()).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn linear_programming_over_all_released_tables_bounds_no_suppressed_cell_more_tightly_than_the_rule_allows() {
    let folder = tempfile::tempdir().unwrap();
    let scopes =
        [Scope::All, Scope::Period(Days::parse("2022..2023").unwrap()), Scope::Cohort(Days::parse("2023").unwrap())];
    let (mut suppressed, mut shown) = (0, 0);
    for (number, centre) in centres().into_iter().enumerate() {
        let tables = counted(centre, question(scopes[number % 3], centre.end() / 4 * (1 + number as u64 % 4)));
        let released = write(folder.path(), &format!("released-{number}.json"), &Report::of(&tables, View::Released));
        let truth = write(folder.path(), &format!("centre-{number}.json"), &Report::of(&tables, View::Centre));
        let attacked = python(&scipy(), "tests/python/attack_tables.py", &[&released, "--with-truth", &truth], "");
        let said: Value = serde_json::from_str(&must(&attacked)).unwrap();
        suppressed += said["suppressed"].as_u64().unwrap();
        shown += Report::of(&tables, View::Released).tables.iter().map(|table| table.cells.len()).sum::<usize>();
    }
    // The attack had something to attack, and the releases something to tell.
    assert!(suppressed > 200 && shown > 200, "{suppressed} suppressed, {shown} cells");
}

/// What a new release uncovers beside a past one.
fn beside(past: &Release, new: &Release, centre: Invented) -> BTreeSet<By> {
    let mut pair = Uncovering::between(past.clone(), new.clone());
    centre.facts().for_each(|fact| pair.add(&fact));
    pair.uncovered()
}

/// One report after another of the same centre, as the register lets them be published.
#[test]
fn what_is_published_one_after_another_stands_the_attack_together() {
    let folder = tempfile::tempdir().unwrap();
    let (mut published, mut refused, mut suppressed) = (0, 0, 0);
    for (number, centre) in centres().into_iter().filter(|centre| centre.cases > 60).take(4).enumerate() {
        let (mut past, mut files): (Vec<Release>, Vec<String>) = (Vec::new(), Vec::new());
        for part in 2..=7 {
            let tables = counted(centre, question(Scope::All, centre.end() / 8 * part));
            // As the application does it: tables are left out until nothing is uncovered, or the total would be.
            let mut left_out = BTreeSet::new();
            let new = loop {
                let new = Release::of(&tables, &left_out);
                let found: BTreeSet<By> = past.iter().flat_map(|past| beside(past, &new, centre)).collect();
                if found.contains(&By::Nothing) {
                    break None;
                }
                if found.is_subset(&left_out) {
                    break Some(new);
                }
                left_out.extend(found);
            };
            let Some(new) = new else {
                refused += 1;
                continue;
            };
            let name = format!("one-after-another-{number}-{part}.json");
            files.push(write(folder.path(), &name, &Report::released(&tables, &left_out)));
            past.push(new);
        }
        published += files.len();
        // Each beside the next: of what three and more come to, docs/figures.md promises nothing.
        for pair in files.windows(2) {
            let pair: Vec<&str> = pair.iter().map(String::as_str).collect();
            let attacked = python(&scipy(), "tests/python/attack_tables.py", &pair, "");
            let said: Value = serde_json::from_slice(&attacked.stdout).unwrap();
            // Of single shares, such as that nobody withdrew, two reports may tell (docs/figures.md); of no settlement rate,
            // and of no cell how small it is.
            let is_told = |violation: &&Value| {
                violation["kind"] == "narrow" || violation["code"].as_str().is_none_or(|code| code.starts_with("SR"))
            };
            let told: Vec<&Value> = said["violations"].as_array().unwrap().iter().filter(is_told).collect();
            assert!(told.is_empty(), "{told:?}");
            suppressed += said["suppressed"].as_u64().unwrap();
        }
    }
    assert!(published > 6 && suppressed > 50, "{published} published, {refused} refused, {suppressed}");
}

#[test]
fn the_attack_finds_a_cell_that_is_suppressed_alone() {
    let folder = tempfile::tempdir().unwrap();
    let centre = Invented { cases: 350, sectors: 3, ..Invented::default() };
    let tables = counted(centre, question(Scope::All, centre.end()));
    let mut report = serde_json::to_value(Report::of(&tables, View::Released)).unwrap();
    let wanted = [serde_json::json!([]), serde_json::json!(["sector"])];
    report["tables"].as_array_mut().unwrap().retain(|table| wanted.contains(&table["by"]));
    report["comparisons"] = serde_json::json!([]);
    let path = folder.path().join("released.json");
    let attack = |report: &Value| {
        std::fs::write(&path, report.to_string()).unwrap();
        python(&scipy(), "tests/python/attack_tables.py", &[path.to_str().unwrap()], "")
    };
    assert!(attack(&report).status.success(), "as it is, it is safe");
    let cell = &mut report["tables"][1]["cells"][0];
    for told in ["figures", "durations"] {
        for figure in cell[told].as_array_mut().unwrap() {
            *figure = serde_json::json!({"code": figure["code"], "suppressed": true});
        }
    }
    let attacked = attack(&report);
    assert_eq!(attacked.status.code(), Some(1), "{}", String::from_utf8_lossy(&attacked.stderr));
    let said: Value = serde_json::from_slice(&attacked.stdout).unwrap();
    assert!(said["violations"].to_string().contains("narrow"), "the total less the others was not noticed: {said}");
}

/// What the rule says of single cells, whatever the tables.
#[test]
fn nothing_is_shown_of_few_cases_few_companies_all_or_none() {
    for centre in centres() {
        let tables = counted(centre, question(Scope::All, centre.end()));
        let report = Report::of(&tables, View::Released);
        for (by, cells) in tables.all() {
            let names: Vec<_> = by.dimensions();
            for (cell, told) in cells.values().zip(report.cells(&names)) {
                for &code in Code::ALL {
                    let count = cell.count(code);
                    let Some(shown) = told.counted(code) else { continue };
                    assert_eq!((shown.k, shown.n), (count.k, count.n));
                    let is_enough = count.n == 0 || (count.n >= 5 && count.companies.count() >= 3);
                    assert!(
                        is_enough && (count.n == 0 || (0 < count.k && count.k < count.n)),
                        "{by:?} {code:?} {count:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_report_of_two_companies_or_four_cases_tells_nothing() {
    for centre in [
        Invented { cases: 60, companies: 2, ..Invented::default() },
        Invented { cases: 4, companies: 90, ..Invented::default() },
    ] {
        let tables = counted(centre, question(Scope::All, centre.end()));
        let told = serde_json::to_value(Report::of(&tables, View::Released)).unwrap();
        assert_eq!(told["tables"].as_array().unwrap().len(), 1, "{told}");
        let figures = told["tables"][0]["cells"][0]["figures"].as_array().unwrap();
        assert!(figures.iter().all(|figure| figure["suppressed"] == true), "{told}");
        assert!(told.get("filed").is_none() && told.get("outcomes").is_none());
        assert!(!told["comparisons"].as_array().unwrap().iter().any(|_| true));
    }
}

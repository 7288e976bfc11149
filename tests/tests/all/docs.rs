//! What the documentation says is there: paths, types, settings; and the pages that are written from the code.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use entente_domain::{CaseError, EventKind};

use crate::tidy::{files, root, rust_files, text};

/// The documents, with their texts.
fn documents() -> Vec<(String, String)> {
    let markdown = files().into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    markdown.map(|file| (file.to_str().unwrap().to_owned(), text(&file).unwrap())).collect()
}

/// A document, without the blocks that show what to type.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// What stands between back-ticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The targets of links to other files.
fn linked(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let targets = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    targets.map(|target| target.split('#').next().unwrap_or(target))
}

/// Whether this can only be meant as the path of a file or folder of ours.
fn is_path(word: &str) -> bool {
    let folders = [".ci", "docs", "domain", "infrastructure", "projections", "tests"];
    let kinds = [".rs", ".md", ".toml", ".sql", ".sh", ".json", ".jsonl", ".txt", ".py"];
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c));
    let Some((first, _)) = word.split_once('/') else { return false };
    plain && !first.is_empty() && (folders.contains(&first) || kinds.iter().any(|kind| word.ends_with(kind)))
}

#[test]
fn every_path_that_the_documents_name_is_there() {
    let mut missing = Vec::new();
    let mut found = 0;
    for (document, text) in documents() {
        let text = prose(&text);
        let beside = root().join(&document).parent().unwrap().to_path_buf();
        for word in quoted(&text).filter(|word| is_path(word)) {
            found += 1;
            if !root().join(word).exists() && !beside.join(word).exists() {
                missing.push(format!("{document}: `{word}`"));
            }
        }
        for target in linked(&text) {
            found += 1;
            if !beside.join(target).exists() {
                missing.push(format!("{document}: link to {target}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(found > 30, "only {found} paths were found");
}

#[test]
fn every_page_that_the_code_points_to_is_there() {
    let mut missing = Vec::new();
    for (file, text) in rust_files() {
        for (at, _) in text.match_indices("docs/") {
            let end = text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || "_./-".contains(c)));
            let page = text[at..].get(..end.unwrap_or(0)).unwrap_or("").trim_end_matches('.');
            if page.ends_with(".md") && !root().join(page).exists() {
                missing.push(format!("{}: {page}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_type_in_the_glossary_is_in_the_source() {
    let words: BTreeSet<String> = rust_files()
        .iter()
        .filter(|(file, _)| !file.starts_with("tests"))
        .flat_map(|(_, text)| {
            text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let glossary = prose(&text(Path::new("docs/GLOSSARY.md")).unwrap());
    let is_type = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase()) && !word.contains([' ', '-']);
    let types: BTreeSet<_> = quoted(&glossary).filter(is_type).collect();
    assert!(types.len() > 30, "the glossary names only {types:?}");
    let parts = |name: &str| name.split("::").map(|part| part.trim_end_matches("<T>").to_owned()).collect::<Vec<_>>();
    let absent: Vec<_> = types.iter().filter(|name| !parts(name).iter().all(|part| words.contains(part))).collect();
    assert!(absent.is_empty(), "the glossary names types that are not in the source: {absent:?}");
}

#[test]
fn the_page_on_confidence_names_every_kind_of_event() {
    let page = text(Path::new("docs/confidence.md")).unwrap();
    let named: BTreeSet<_> = quoted(&page).collect();
    let absent: Vec<_> = EventKind::ALL.iter().map(|kind| kind.name()).filter(|name| !named.contains(name)).collect();
    assert!(absent.is_empty(), "docs/confidence.md does not say who sees {absent:?}");
}

#[test]
fn the_page_on_operating_names_every_setting() {
    let source = text(Path::new("infrastructure/cli/src/settings_key.rs")).unwrap();
    let (_, names) = source.split_once("pub const fn name(self)").unwrap();
    let (names, _) = names.split_once("\n    }\n").unwrap();
    let settings: Vec<_> = names.split('"').skip(1).step_by(2).collect();
    assert!(settings.len() > 3, "settings were found: {settings:?}");
    let page = text(Path::new("docs/operating.md")).unwrap();
    let named: BTreeSet<_> = quoted(&page).collect();
    let absent: Vec<_> = settings.iter().filter(|name| !named.contains(*name)).collect();
    assert!(absent.is_empty(), "docs/operating.md does not name {absent:?}");
}

/// A field of an event, as its declaration has it.
struct Field {
    name: String,
    kind: String,
    says: String,
}

/// What the source says about an event: its own sentence, and its fields.
fn declaration(source: &str, name: &str) -> (String, Vec<Field>) {
    let (before, inside) = source
        .split_once(&format!("    pub struct {name} {{"))
        .unwrap_or_else(|| panic!("{name} is declared in domain/src/case/event/"));
    let about: Vec<_> = before.lines().rev().map_while(|line| line.trim().strip_prefix("///")).collect();
    let about: Vec<_> = about.into_iter().rev().map(str::trim).collect();
    let (mut fields, mut says) = (Vec::new(), Vec::new());
    for line in inside.split('}').next().unwrap_or("").lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            says.push(words.trim());
        } else if let Some((name, kind)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": ")) {
            let kind = kind.trim_end_matches(',').replace("crate::", "");
            fields.push(Field { name: name.to_owned(), kind, says: says.join(" ") });
            says.clear();
        }
    }
    (about.join(" "), fields)
}

/// docs/EVENTS.md.
fn events_page() -> String {
    let source: String = ["intake", "candidacy", "table", "closing", "erasure"]
        .map(|part| text(Path::new(&format!("domain/src/case/event/{part}.rs"))).unwrap())
        .concat();
    let mut page = "# Events\n\n\
        Written from the code by a test; do not edit (`UPDATE_GOLDEN=1` rewrites it).\n\n\
        Every line of a case's stream holds `at` (when), `by` (from which seat and who, or a candidate, or the clock) and one of these\n\
        events. What is `Sealed` is stored as ciphertext under the case's key, and so are the names and addresses in a\n\
        `Company` or a `Contact`; everything else is the public skeleton. Who may see which event is in\n\
        [confidence.md](confidence.md).\n"
        .to_owned();
    for kind in EventKind::ALL {
        let (about, fields) = declaration(&source, kind.name());
        write!(page, "\n## {}\n\nVersion {}. {about}\n", kind.name(), kind.version()).unwrap();
        if !fields.is_empty() {
            page.push_str("\n| field | type | meaning |\n|---|---|---|\n");
        }
        for Field { name, kind, says } in fields {
            writeln!(page, "| `{name}` | `{kind}` | {says} |").unwrap();
        }
    }
    page
}

/// docs/problems.md.
fn problems_page() -> String {
    let mut page = "# Problems\n\n\
        Written from the code by a test; do not edit (`UPDATE_GOLDEN=1` rewrites it).\n\n\
        Whatever the API cannot do it answers with `application/problem+json` (RFC 9457). The code never changes; the\n\
        sentence may.\n\n\
        | code | status | sentence |\n|---|---|---|\n"
        .to_owned();
    for (code, status, sentence) in entente_web::problems() {
        writeln!(page, "| `{code}` | {status} | {sentence} |").unwrap();
    }
    page.push_str("\n## The refusals of a case, with the rule that gives each\n\n");
    page.push_str("| code | rule | in English | in French |\n|---|---|---|---|\n");
    for refusal in CaseError::ALL {
        let said = refusal.sentence();
        writeln!(page, "| `{}` | {} | {} | {} |", refusal.code(), refusal.rule(), said.en, said.fr).unwrap();
    }
    page
}

/// Compares a page with what the code says now, or rewrites it.
fn must_be(page: &str, wanted: &str) {
    let path = root().join(page);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = written.lines().zip(wanted.lines()).find(|(one, other)| one != other);
    assert!(written == wanted, "{page} is not what the code says ({differs:?}): run the tests with UPDATE_GOLDEN=1");
}

#[test]
fn the_page_of_events_is_what_the_code_says() {
    must_be("docs/EVENTS.md", &events_page());
}

#[test]
fn the_page_of_problems_is_what_the_code_says() {
    let page = problems_page();
    let absent: Vec<_> =
        CaseError::ALL.iter().map(|refusal| refusal.code()).filter(|code| !page.contains(code)).collect();
    assert!(absent.is_empty(), "the page has no line for {absent:?}");
    must_be("docs/problems.md", &page);
}

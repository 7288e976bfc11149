//! What every file of the repository looks like: its length, its first line, and the words that none may hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The longest that a source file may be: what is longer holds two things.
const LONGEST: usize = 300;

/// What lies at the top, and nothing else.
const TOP: &[&str] = &[
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "application",
    "clippy.toml",
    "deny.toml",
    "docs",
    "domain",
    "infrastructure",
    "projections",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests",
];

/// The top folder of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the package of the tests lies in a folder of the repository").to_path_buf()
}

/// All files that git tracks or would track, relative to the top folder; without git, all but what is built.
pub(crate) fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    let mut files: Vec<PathBuf> = match listed {
        Some(output) => {
            let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
            names.split_terminator('\0').map(PathBuf::from).collect()
        }
        None => walk(&root()).iter().map(|file| file.strip_prefix(root()).unwrap().to_path_buf()).collect(),
    };
    // A file that was deleted and not yet committed is still in git's list.
    files.retain(|file| root().join(file).is_file());
    files.sort();
    assert!(files.len() > 50, "only {} files were found in {}", files.len(), root().display());
    files
}

/// The text of a file, relative to the top folder; none if it is not text.
pub(crate) fn text(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(file)).unwrap()).ok().filter(|text| !text.contains('\0'))
}

/// The Rust files with their texts.
pub(crate) fn rust_files() -> Vec<(PathBuf, String)> {
    let rust = files().into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| (file.clone(), text(&file).expect("Rust is UTF-8"))).collect()
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                found.extend(walk(&path));
            }
        } else {
            found.push(path);
        }
    }
    found
}

/// Fails with all findings at once, so that one run shows what is to be done.
fn none(findings: impl IntoIterator<Item = String>) {
    let findings: Vec<_> = findings.into_iter().collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Every line of every text file of these kinds that a test calls wrong.
fn lines_that(kinds: &[&str], wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files() {
        let kind = file.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        if !kinds.contains(&kind) {
            continue;
        }
        let Some(text) = text(&file) else { continue };
        let bad = text.lines().enumerate().filter(|(_, line)| wrong(line));
        findings.extend(bad.map(|(number, line)| format!("{}:{}: {}", file.display(), number + 1, line.trim())));
    }
    findings
}

#[test]
#[expect(clippy::print_stdout, reason = "a number to watch, shown by `cargo test -- --nocapture`")]
fn no_source_file_is_longer_than_a_reader_is_patient() {
    let mut lengths: Vec<_> = rust_files().iter().map(|(file, text)| (text.lines().count(), file.clone())).collect();
    lengths.sort();
    let (median, _) = lengths[lengths.len() / 2];
    println!("{} source files, median {median} lines", lengths.len());
    let long = lengths.iter().filter(|(length, _)| *length > LONGEST);
    none(long.map(|(length, file)| format!("{} has {length} lines, more than {LONGEST}", file.display())));
}

#[test]
fn every_source_file_begins_with_what_it_is_for() {
    let silent = rust_files().into_iter().filter(|(_, text)| !text.starts_with("//! "));
    none(silent.map(|(file, _)| format!("{} does not begin with `//! `", file.display())));
}

#[test]
fn modules_are_nouns_of_the_glossary() {
    let vague = ["util", "utils", "common", "helper", "helpers", "manager", "service", "services", "misc"];
    let mut findings = Vec::new();
    for (file, _) in rust_files() {
        let mut parts = file.iter().filter_map(|part| part.to_str()).map(|part| part.trim_end_matches(".rs"));
        if parts.any(|part| vague.contains(&part)) {
            findings.push(format!("{} has a name that says nothing", file.display()));
        }
    }
    none(findings);
}

#[test]
fn nothing_is_left_for_later_and_no_test_is_skipped() {
    // In pieces, so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
        concat!("to", "do!"),
        concat!("unimple", "mented!"),
        concat!("#[ig", "nore"),
    ];
    let kinds = ["rs", "md", "sql", "sh", "toml", "py"];
    none(lines_that(&kinds, |line| words.iter().any(|word| stands_alone(line, word))));
}

/// Whether a line holds a word that is no part of a longer one, as in a pattern for the name of a temporary file.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn lines_hold_no_tabs_and_end_where_their_words_end() {
    let kinds = ["rs", "md", "sql", "sh", "toml", "py", "json", "jsonl", "txt", ""];
    none(lines_that(&kinds, |line| line.contains('\t') || line.ends_with(' ')));
}

#[test]
fn no_file_names_the_machine_that_it_was_written_on() {
    let kinds = ["rs", "md", "sql", "sh", "toml", "py", "json", "jsonl", "txt", "lock", ""];
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];
    none(lines_that(&kinds, |line| places.iter().any(|place| names_place(line, place))));
}

/// Whether a line holds this absolute path, and not a relative one that ends alike.
fn names_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '.' | '_' | '-' | '~' | '}'))
    })
}

#[test]
fn every_dependency_comes_from_the_public_registry() {
    let lock = text(Path::new("Cargo.lock")).unwrap();
    let sources: BTreeSet<_> = lock.lines().filter(|line| line.starts_with("source = ")).collect();
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    assert_eq!(sources.into_iter().collect::<Vec<_>>(), [public]);
    let redirected = concat!("replace", "-with");
    none(lines_that(&["toml", ""], |line| line.contains(redirected)));
}

#[test]
fn questions_are_named_after_what_they_answer() {
    let prefix = concat!("fn g", "et_");
    none(lines_that(&["rs"], |line| line.contains(prefix)));
}

#[test]
fn the_house_has_its_rooms_and_no_others() {
    let found: BTreeSet<_> = files()
        .iter()
        .filter_map(|file| file.iter().next().and_then(|part| part.to_str()).map(str::to_owned))
        .collect();
    let known: BTreeSet<_> = TOP.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, known);
}

#[test]
fn checklists_fit_on_a_card_and_the_map_on_a_wall() {
    let mut findings = Vec::new();
    let mut checklists = 0;
    for file in files() {
        let Some(name) = file.strip_prefix("docs").ok().and_then(Path::to_str) else { continue };
        let Some(text) = text(&file) else { continue };
        if name.starts_with("adding-") {
            checklists += 1;
            let items = text.lines().filter(|line| is_item(line)).count();
            if !(1..=12).contains(&items) {
                findings.push(format!("docs/{name} has {items} items; a checklist has 1 to 12"));
            }
        }
        let lines = text.lines().count();
        if name == "ARCHITECTURE.md" && lines > 150 {
            findings.push(format!("docs/{name} has {lines} lines, more than 150"));
        }
    }
    assert!(checklists >= 4, "checklists were found: {checklists}");
    none(findings);
}

/// Whether a line of Markdown begins an item of a list, at any depth.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ") || line.starts_with("* ") || (number.len() < line.len() && number.starts_with(". "))
}

#[test]
fn words_and_paths_are_told_from_longer_ones() {
    let place = concat!("/wo", "rk/");
    assert!(names_place(&format!("see {place}main"), place));
    assert!(names_place(&format!("{place}main"), place));
    assert!(!names_place(&format!("frame{place}main"), place));
    assert!(stands_alone("// TBD: later", "TBD"));
    assert!(!stands_alone("mktemp TBDTBD", "TBD"));
}

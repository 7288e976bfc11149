//! Who may know whom: the edges between the crates, and which crate alone touches which part of the world.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tidy::{root, rust_files};

/// Each crate of ours, and the crates of ours that it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("entente-domain", &[]),
    ("entente-projections", &["entente-domain"]),
    ("entente-application", &["entente-domain", "entente-projections"]),
    ("entente-mail", &["entente-application", "entente-domain", "entente-projections"]),
    ("entente-store", &["entente-application", "entente-domain", "entente-projections"]),
    ("entente-vault", &["entente-application", "entente-domain", "entente-projections"]),
    ("entente-web", &["entente-application", "entente-domain", "entente-projections"]),
    (
        "entente-cli",
        &[
            "entente-application",
            "entente-domain",
            "entente-mail",
            "entente-projections",
            "entente-store",
            "entente-vault",
            "entente-web",
        ],
    ),
    (
        "entente-tests",
        &[
            "entente-application",
            "entente-domain",
            "entente-mail",
            "entente-projections",
            "entente-store",
            "entente-vault",
            "entente-web",
        ],
    ),
];

/// Who waits for something.
const WAITERS: &[&str] =
    &["entente-application", "entente-mail", "entente-store", "entente-vault", "entente-web", "entente-cli"];

/// What only some crates may depend on; the tests may depend on anything, to look from outside.
const SPECIALISTS: &[(&str, &[&str])] = &[
    // Only the store knows SQL; it and the vault know ciphers.
    ("sqlx", &["entente-store"]),
    ("chacha20poly1305", &["entente-store", "entente-vault"]),
    ("object_store", &["entente-vault"]),
    ("clamav-client", &["entente-vault"]),
    // Only the mail crate speaks SMTP and reads what comes back.
    ("lettre", &["entente-mail"]),
    ("mail-parser", &["entente-mail"]),
    ("postgres-es", &[]),
    ("sqlite-es", &[]),
    // The aggregate's trait is the domain's; events come and go through the store.
    ("cqrs-es", &["entente-domain", "entente-store"]),
    // Only the web crate serves HTTP; the binary may ask over it, as the demo does.
    ("axum", &["entente-web"]),
    ("hyper", &["entente-web"]),
    ("hyper-util", &["entente-web"]),
    ("tower", &["entente-web"]),
    ("utoipa-axum", &["entente-web"]),
    ("reqwest", &["entente-cli", "entente-vault"]),
    // Only the binary knows the command line and the configuration.
    ("clap", &["entente-cli"]),
    ("config", &["entente-cli"]),
    ("indicatif", &["entente-cli"]),
    ("tracing-subscriber", &["entente-cli"]),
    // The law and its folds are pure: nothing to wait for, nothing to roll.
    ("tokio", WAITERS),
    ("async-trait", WAITERS),
    ("getrandom", &["entente-store", "entente-vault", "entente-cli"]),
];

/// The dependencies of each crate of the workspace by name, of all kinds, without those for its own tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let dependencies = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap();
        all.iter().filter(|dependency| dependency["kind"] != "dev").map(name).collect()
    };
    packages.iter().map(|package| (name(package), dependencies(package))).collect()
}

#[test]
fn every_crate_knows_only_those_below_it() {
    let found = dependencies();
    let crates: BTreeSet<_> = found.keys().map(String::as_str).collect();
    let known: BTreeSet<_> = EDGES.iter().map(|(name, _)| *name).collect();
    assert_eq!(crates, known, "a crate is missing from the list of edges, or from the workspace");
    for (name, allowed) in EDGES {
        let ours: BTreeSet<_> =
            found[*name].iter().map(String::as_str).filter(|other| crates.contains(other)).collect();
        let allowed: BTreeSet<_> = allowed.iter().copied().collect();
        assert!(ours.is_subset(&allowed), "{name} depends on {:?}", ours.difference(&allowed).collect::<Vec<_>>());
    }
}

#[test]
fn only_one_crate_touches_each_part_of_the_world() {
    let found = dependencies();
    let mut strays = Vec::new();
    for (dependency, allowed) in SPECIALISTS {
        for (name, dependencies) in &found {
            let may = name == "entente-tests" || allowed.contains(&name.as_str());
            if !may && dependencies.contains(*dependency) {
                strays.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    assert!(strays.is_empty(), "{}", strays.join("\n"));
    let named = |dependency: &str| found.values().any(|all| all.contains(dependency));
    let forgotten: Vec<_> = SPECIALISTS.iter().map(|(name, _)| *name).filter(|name| !named(name)).collect();
    assert!(forgotten.is_empty(), "nobody depends on {forgotten:?} any more: take them off the list");
}

/// Every line of code outside these folders that holds one of these words; comments may.
fn strays(words: &[&str], homes: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in rust_files() {
        if file.starts_with("tests") || homes.iter().any(|home| file.starts_with(home)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            if words.iter().any(|word| holds(code, word)) {
                found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

/// Whether a line holds a word, not as the end of a longer one.
fn holds(code: &str, word: &str) -> bool {
    let begins_a_name = word.starts_with(char::is_alphanumeric);
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !begins_a_name || before.is_none_or(|before| !before.is_alphanumeric() && before != '_')
    })
}

/// How many lines of the files in a folder hold one of these words: a search that finds nothing anywhere proves nothing.
fn at_home(words: &[&str], home: &str) -> usize {
    let inside = rust_files().into_iter().filter(|(file, _)| file.starts_with(home));
    inside.map(|(_, text)| text.lines().filter(|line| words.iter().any(|word| holds(line, word))).count()).sum()
}

#[test]
fn only_the_store_speaks_sql() {
    let sql = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE "];
    let store = "infrastructure/store";
    assert!(at_home(&sql, store) > 0, "the store speaks no SQL that this test would find");
    let strays = strays(&sql, &[store]);
    assert!(strays.is_empty(), "SQL outside the store:\n{}", strays.join("\n"));
}

#[test]
fn only_the_binary_looks_at_the_clock_rolls_dice_and_reads_the_environment() {
    let world = [
        "Timestamp::now(",
        "Zoned::now(",
        "SystemTime::now(",
        "Uuid::new_v4(",
        "Uuid::now_v7(",
        "env::var(",
        "env::var_os(",
        "env::vars(",
    ];
    let binary = "infrastructure/cli";
    assert!(at_home(&world, binary) > 0, "the binary looks at no clock that this test would find");
    let strays = strays(&world, &[binary]);
    assert!(strays.is_empty(), "the world comes in elsewhere than through the binary:\n{}", strays.join("\n"));
}

#[test]
fn only_the_store_decrypts_and_only_after_the_cut() {
    // Whoever opens sealed parts must have cut out what is not for the viewer first. A command's first answer, given
    // again to whoever gave the command, holds that command's own events and no other.
    // The seeded leaks do what nobody may: they are in no program, and that they are found is what they are for.
    let callers: Vec<_> = strays(&[".unseal("], &["infrastructure/store", "infrastructure/web/src/leaks.rs"]);
    let known = [
        "application/src/candidacy.rs:",
        "application/src/commands.rs:",
        "application/src/processes/addresses.rs:",
        "application/src/queries.rs:",
    ];
    let elsewhere: Vec<_> = callers.iter().filter(|line| !known.iter().any(|file| line.starts_with(file))).collect();
    assert!(elsewhere.is_empty(), "sealed parts are opened here too: {elsewhere:?}");
    assert_eq!(callers.len(), known.len(), "one opening each: {callers:?}");
    let cuts = [
        ("queries", "visibility::sight("),
        ("candidacy", "candidate_sight(state"),
        // Of a letter's recipient, the address alone.
        ("processes/addresses", "part.withhold()"),
    ];
    for (file, cut) in cuts {
        let text = std::fs::read_to_string(root().join(format!("application/src/{file}.rs"))).unwrap();
        let (cut, open) = (text.find(cut).unwrap(), text.find(".unseal(").unwrap());
        assert!(cut < open, "{file}: parts are opened before the viewer's cut is made");
    }
}

#[test]
fn one_file_of_the_domain_decides_confidentiality() {
    // What an audience admits is a question of the seats; whom that lets see something is asked in one file.
    let asked =
        strays(&["in_circle(", "sees_item("], &["domain/src/visibility.rs", "domain/src/visibility/withholding.rs"]);
    assert!(asked.is_empty(), "confidentiality is decided elsewhere:\n{}", asked.join("\n"));
    assert!(at_home(&["in_circle("], "domain/src/visibility.rs") > 1);
}

#[test]
fn a_word_inside_another_is_no_finding() {
    assert!(holds("let at = Timestamp::now();", "Timestamp::now("));
    assert!(holds("jiff::Timestamp::now()", "Timestamp::now("));
    assert!(!holds("my_Timestamp::now()", "Timestamp::now("));
    assert!(holds("log.unseal(cut)", ".unseal("));
}

#[test]
fn leaks_are_compiled_by_their_feature_alone() {
    let mut findings = Vec::new();
    for (file, text) in rust_files().into_iter().filter(|(file, _)| !file.starts_with("tests")) {
        if file.ends_with("leaks.rs") {
            continue;
        }
        let lines: Vec<_> = text.lines().collect();
        for (number, line) in
            lines.iter().enumerate().filter(|(_, line)| line.contains("leaks::") || line.contains("mod leaks"))
        {
            let before = lines[number.saturating_sub(25)..number].iter();
            if !before.clone().any(|line| line.trim() == "#[cfg(feature = \"leaks\")]") {
                findings.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

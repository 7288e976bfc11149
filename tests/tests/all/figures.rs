//! The figures: that they can be recomputed digit for digit, divide the whole, tell of nobody, and say how sure they are.

mod attack;
mod facade;
mod law;
mod publication;
mod recomputed;
mod reference;
mod table;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use entente_projections::figures::{AsOf, Question, Scope, Tables};
use entente_tests::invented::{Invented, time_of};
use entente_tests::python::interpreter;

/// What the reference implementations need.
const PACKAGES: [&str; 2] = ["numpy==2.1.3", "scipy==1.14.1"];

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A Python that has SciPy.
fn scipy() -> PathBuf {
    interpreter("python-figures-1", &PACKAGES)
}

/// Runs a script of the repository.
fn python(interpreter: &Path, script: &str, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(interpreter);
    command.arg(root().join(script)).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut to = child.stdin.take().unwrap();
    let input = input.to_owned();
    // Beside the reading, so that neither waits for the other.
    let writing = std::thread::spawn(move || {
        let _ = to.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    output
}

/// What a script printed; it must have been content.
fn must(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// A question as of a position.
fn question(scope: Scope, position: u64) -> Question {
    Question { scope, as_of: AsOf { position, time: time_of(position) } }
}

/// All tables of an invented centre.
fn counted(centre: Invented, question: Question) -> Tables {
    let mut tables = Tables::new(question);
    centre.facts().for_each(|fact| tables.add(fact));
    tables
}

//! The demonstration, as anybody runs it: it ends well in both languages, and says what it has checked.

use std::process::{Command, Stdio};

use entente_tests::binary;
use serde_json::Value;

/// What must have held in the chapters on candidates, the challenge and the letters.
const HELD: [&str; 9] = [
    "each rank and each exclusion is told with its reason",
    "the candidate reads who is in dispute, and not a word of what it is about",
    "who has refused reads nothing any more; both sides' pages are byte for byte",
    "both sides read what she has declared, and nothing of who was asked before her",
    "the ground is read by the challenging side and the centre alone",
    "for the other side it has never been there",
    "all letters of one language have the same body, byte for byte",
    "no letter holds a name",
    "each address has one letter for each piece of news and no more",
];

/// The lines of the story.
fn told(language: &str) -> Vec<Value> {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(binary::path())
        .args(["demo", "--json", "--language", language])
        .env("XDG_CONFIG_HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{language}: {said}\n{}", String::from_utf8_lossy(&output.stdout));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What held, with its chapter.
fn held(lines: &[Value]) -> Vec<(u64, String)> {
    let held = lines.iter().filter_map(|line| Some((line["chapter"].as_u64()?, line["held"].as_str()?.to_owned())));
    held.collect()
}

/// The lines of a letter that the story shows.
fn letter(lines: &[Value], language: &str) -> Vec<String> {
    let header = format!("Content-Language: {language}");
    let shown = lines.iter().filter_map(|line| line["shown"].as_array());
    let mut texts = shown.map(|lines| lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect::<Vec<_>>());
    texts.find(|lines| lines.contains(&header)).unwrap()
}

#[test]
fn it_ends_well_in_both_languages_and_shows_the_letters_of_both() {
    let (english, french) = (told("en"), told("fr"));
    let all = held(&english);
    for wanted in HELD {
        assert!(all.iter().any(|(_, held)| held.contains(wanted)), "{wanted}: {all:?}");
    }
    let chapters = |lines: &[Value]| held(lines).into_iter().map(|(chapter, _)| chapter).collect::<Vec<_>>();
    assert_eq!(chapters(&english), chapters(&french), "both check the same");
    for (language, subject) in [
        ("en", "Subject: Something new awaits you at the mediation centre"),
        ("fr", "Subject: Du nouveau vous attend au centre de médiation"),
    ] {
        // What a story is told in has no part in its letters: but for what is each letter's own, they are the same.
        let own = |line: &String| ["Message-ID: ", "Date: ", "To: "].iter().any(|own| line.starts_with(own));
        let common =
            |lines: &[Value]| letter(lines, language).into_iter().filter(|line| !own(line)).collect::<Vec<_>>();
        assert!(common(&english).contains(&subject.to_owned()), "{:?}", common(&english));
        assert_eq!(common(&english), common(&french));
    }
}

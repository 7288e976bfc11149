//! The bytes of every event, as they were first written: what is on disk for ever must be read for ever.
//!
//! `UPDATE_GOLDEN=1` adds what is missing and rewrites nothing: golden events only grow.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use entente_domain::{Entry, EventKind};
use entente_tests::samples;
use serde_json::Value;

struct Golden {
    path: PathBuf,
    sample: Entry,
}

/// Every file that has to be there, made if asked for.
fn golden() -> &'static [Golden] {
    static GOLDEN: OnceLock<Vec<Golden>> = OnceLock::new();
    GOLDEN.get_or_init(|| {
        let wanted: Vec<_> = EventKind::ALL.iter().flat_map(|kind| of(*kind)).collect();
        if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
            fs::create_dir_all(folder()).unwrap();
            for golden in wanted.iter().filter(|golden| !golden.path.exists()) {
                fs::write(&golden.path, bytes(&golden.sample)).unwrap();
            }
        }
        wanted
    })
}

fn of(kind: EventKind) -> Vec<Golden> {
    let file = |form: &str| folder().join(format!("{}.v{}.{form}.json", kind.name(), kind.version()));
    let full = Golden { path: file("full"), sample: samples::full(kind) };
    let least = samples::least(kind).map(|sample| Golden { path: file("least"), sample });
    [full].into_iter().chain(least).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/events")
}

fn bytes(entry: &Entry) -> Vec<u8> {
    serde_json::to_vec(entry).unwrap()
}

fn stored(golden: &Golden) -> Vec<u8> {
    fs::read(&golden.path)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDEN=1 adds what is missing", golden.path.display()))
}

#[test]
fn every_sample_is_of_its_kind() {
    for kind in EventKind::ALL {
        assert_eq!(samples::full(*kind).event.kind(), *kind);
        assert!(samples::least(*kind).is_none_or(|least| least.event.kind() == *kind));
    }
}

#[test]
fn what_was_written_is_still_read() {
    for golden in golden() {
        let read: Entry = serde_json::from_slice(&stored(golden))
            .unwrap_or_else(|error| panic!("{} is read no more: {error}", golden.path.display()));
        assert!(read == golden.sample, "{} is read as something else: {read:?}", golden.path.display());
    }
}

#[test]
fn what_is_written_is_what_was_written() {
    for golden in golden() {
        let (was, now) = (stored(golden), bytes(&golden.sample));
        assert_eq!(String::from_utf8_lossy(&now), String::from_utf8_lossy(&was), "{}", golden.path.display());
    }
}

#[test]
fn no_file_is_of_an_unknown_kind() {
    golden();
    for file in fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let kind = name.split('.').next().unwrap();
        assert!(EventKind::ALL.iter().any(|known| known.name() == kind), "{name} is of no kind that is known");
    }
}

#[test]
fn a_field_that_nobody_knows_is_refused_wherever_it_stands() {
    for golden in golden() {
        let sample = serde_json::to_value(&golden.sample).unwrap();
        let mut places = vec![];
        objects(&sample, String::new(), &mut places);
        assert!(places.len() >= 3, "an entry, its hand and its event are objects");
        for place in places {
            let mut spoiled = sample.clone();
            let object = spoiled.pointer_mut(&place).and_then(Value::as_object_mut).unwrap();
            object.insert("nobody_knows".into(), Value::Null);
            let read = serde_json::from_value::<Entry>(spoiled);
            assert!(read.is_err(), "{}: an unknown field at {place:?} was taken", golden.path.display());
        }
    }
}

/// The JSON pointers (RFC 6901) of all objects in a value.
fn objects(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                objects(inner, format!("{at}/{field}"), found);
            }
            found.push(at);
        }
        Value::Array(inner) => {
            for (n, inner) in inner.iter().enumerate() {
                objects(inner, format!("{at}/{n}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

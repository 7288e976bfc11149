//! The order of the sources, and what is refused.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Write as _;

use super::*;
use crate::documents_settings::Secret;

type Tested = Result<(), Box<dyn std::error::Error>>;

fn load(flags: &Flags, environment: &[(&str, &str)]) -> Result<Settings, Failure> {
    let mut variables = HashMap::from([("HOME", "/home/somebody")]);
    variables.extend(environment.iter().copied());
    Settings::load(flags, &|name| variables.get(name).map(OsString::from))
}

fn file(toml: &str) -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(toml.as_bytes())?;
    Ok(file)
}

#[test]
fn nobody_needs_to_set_anything() -> Tested {
    let settings = load(&Flags::default(), &[])?;
    assert_eq!(settings.data_dir, Path::new("/home/somebody/.local/share/entente"));
    assert_eq!(settings.database, "sqlite:/home/somebody/.local/share/entente/entente.db");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8440");
    assert_eq!(settings.language, Language::English);
    assert!(Key::ALL.iter().all(|key| *settings.origin(*key) == Origin::Default));
    assert!(settings.embedded_file().is_some_and(|file| file.ends_with("entente.db")));
    Ok(())
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() -> Tested {
    let file = file("language = \"fr\"\nlisten = \"127.0.0.1:1\"\nmax_connections = 3\n")?;
    let flags =
        Flags { config: Some(file.path().to_path_buf()), listen: Some("127.0.0.1:3".to_owned()), ..Flags::default() };
    let settings = load(&flags, &[("ENTENTE_LISTEN", "127.0.0.1:2"), ("ENTENTE_MAX_CONNECTIONS", "5")])?;
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3");
    assert_eq!(*settings.origin(Key::Listen), Origin::Flag("--listen".to_owned()));
    assert_eq!(settings.max_connections, 5);
    assert_eq!(*settings.origin(Key::MaxConnections), Origin::Environment("ENTENTE_MAX_CONNECTIONS".to_owned()));
    assert_eq!(settings.language, Language::French);
    assert_eq!(*settings.origin(Key::Language), Origin::File(file.path().to_path_buf()));
    Ok(())
}

#[test]
fn documents_lie_in_the_data_folder_unless_told_otherwise() -> Tested {
    let documents = load(&Flags::default(), &[])?.documents;
    assert_eq!(documents.url, "/home/somebody/.local/share/entente/documents");
    assert_eq!((documents.largest, documents.quota, documents.grace), (100_000_000, 2_000_000_000, 24));
    assert_eq!((documents.endpoint, documents.secret_key, documents.clamd), (None, None, None));
    let said = [
        ("ENTENTE_DOCUMENTS_URL", "file:///srv/documents"),
        ("ENTENTE_DOCUMENTS_LARGEST", "1GiB"),
        ("ENTENTE_DOCUMENTS_GRACE", "48"),
        ("ENTENTE_DOCUMENTS_CLAMD", "unix:/run/clamav/clamd.ctl"),
    ];
    let settings = load(&Flags::default(), &said)?;
    assert_eq!(settings.documents.url, "file:///srv/documents");
    assert_eq!(settings.documents.limits().largest, 1 << 30);
    assert_eq!(settings.documents.limits().grace, jiff::SignedDuration::from_hours(48));
    assert_eq!(settings.documents.clamd.as_deref(), Some("unix:/run/clamav/clamd.ctl"));
    assert_eq!(*settings.origin(Key::DocumentsGrace), Origin::Environment("ENTENTE_DOCUMENTS_GRACE".to_owned()),);
    Ok(())
}

#[test]
fn what_every_program_is_told_of_s3_counts_for_a_bucket_alone() -> Tested {
    let of_machine = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "hush"), ("AWS_REGION", "eu-west-3")];
    let folder = load(&Flags::default(), &of_machine)?;
    assert_eq!((folder.documents.access_key.clone(), folder.documents.region.clone()), (None, None));
    let flags = Flags { documents_url: Some("s3://bucket/prefix".to_owned()), ..Flags::default() };
    let bucket = load(&flags, &of_machine)?;
    assert_eq!(bucket.documents.secret_key.as_ref().map(|Secret(key)| key.as_str()), Some("hush"));
    assert_eq!(*bucket.origin(Key::DocumentsRegion), Origin::Environment("AWS_REGION".to_owned()));
    let own = [("AWS_REGION", "eu-west-3"), ("ENTENTE_DOCUMENTS_REGION", "eu-central-1")];
    assert_eq!(load(&flags, &own)?.documents.region.as_deref(), Some("eu-central-1"));
    assert!(!format!("{bucket:?}").contains("hush"), "a secret is in what is printed of the settings");
    Ok(())
}

#[test]
fn every_setting_has_a_place_of_its_own() {
    for (place, key) in Key::ALL.into_iter().enumerate() {
        assert_eq!(key as usize, place, "{}", key.name());
    }
}

#[test]
fn a_database_that_was_named_is_not_the_embedded_one() -> Tested {
    let settings = load(&Flags::default(), &[("ENTENTE_DATABASE", "postgres://entente@localhost/entente")])?;
    assert_eq!(settings.embedded_file(), None);
    Ok(())
}

#[test]
fn a_data_folder_with_signs_of_a_url_in_its_name_is_still_a_folder() -> Tested {
    let settings = load(&Flags::default(), &[("ENTENTE_DATA_DIR", "/data/100%?#")])?;
    assert_eq!(settings.database, "sqlite:/data/100%25%3F%23/entente.db");
    Ok(())
}

#[test]
fn the_language_is_the_users_unless_set() -> Tested {
    assert_eq!(load(&Flags::default(), &[("LANG", "fr_FR.UTF-8")])?.language, Language::French);
    let both = [("LANG", "fr_FR.UTF-8"), ("ENTENTE_LANGUAGE", "en")];
    assert_eq!(load(&Flags::default(), &both)?.language, Language::English);
    Ok(())
}

#[test]
fn a_wrong_value_is_refused_with_its_source() {
    for (name, value) in [
        ("ENTENTE_LISTEN", "localhost"),
        ("ENTENTE_LANGUAGE", "de"),
        ("ENTENTE_LOG_FORMAT", "xml"),
        ("ENTENTE_MAX_CONNECTIONS", "0"),
        ("ENTENTE_DATABASE", "mysql://localhost/entente"),
        ("ENTENTE_DOCUMENTS_URL", "ftp://localhost/documents"),
        ("ENTENTE_DOCUMENTS_LARGEST", "much"),
        ("ENTENTE_DOCUMENTS_QUOTA", "0"),
        ("ENTENTE_DOCUMENTS_GRACE", "0"),
        ("ENTENTE_DOCUMENTS_CLAMD", "localhost"),
        ("ENTENTE_CONFIG", "/there/is/no/such/file.toml"),
    ] {
        let complaint = load(&Flags::default(), &[(name, value)]).err().map(|failure| failure.to_string());
        let place = if name == "ENTENTE_CONFIG" { value } else { name };
        assert!(complaint.as_ref().is_some_and(|complaint| complaint.contains(place)), "{name}: {complaint:?}");
    }
}

#[test]
fn a_wrong_setting_of_letters_is_told_to_whoever_sends_them_and_to_nobody_else() -> Tested {
    let server = ("ENTENTE_MAIL_URL", "smtp://localhost:2525");
    let (from, site) =
        (("ENTENTE_MAIL_FROM", "centre@entente.example"), ("ENTENTE_MAIL_SITE", "https://entente.example/"));
    let cases: [(&str, &[(&str, &str)]); 7] = [
        ("mail.url", &[("ENTENTE_MAIL_URL", "http://hush")]),
        ("ENTENTE_MAIL_FROM", &[server, ("ENTENTE_MAIL_FROM", "centre"), site]),
        ("ENTENTE_MAIL_BOUNCES", &[("ENTENTE_MAIL_BOUNCES", "bounces")]),
        ("ENTENTE_MAIL_TIMEOUT", &[("ENTENTE_MAIL_TIMEOUT", "soon")]),
        ("ENTENTE_MAIL_LANGUAGE", &[("ENTENTE_MAIL_LANGUAGE", "it")]),
        ("mail.from is needed", &[server, site]),
        ("mail.site is needed", &[server, from]),
    ];
    for (expected, said) in cases {
        let mail = load(&Flags::default(), said)?.mail;
        let told = mail.post().err().map(|failure| failure.to_string());
        assert!(
            told.as_ref().is_some_and(|told| told.contains(expected) && !told.contains("hush")),
            "{said:?}: {told:?}"
        );
        assert_eq!(mail.wrong(), told);
    }
    let good = load(&Flags::default(), &[server, from, site])?.mail;
    assert!(good.wrong().is_none() && good.post().is_ok());
    let folder = load(&Flags::default(), &[("ENTENTE_LISTEN", "127.0.0.1:9")])?.mail;
    assert_eq!((folder.site.as_deref(), folder.wrong()), (Some("http://127.0.0.1:9/"), None));
    Ok(())
}

#[test]
fn a_wrong_database_is_not_repeated_for_it_may_hold_a_password() {
    let complaint = load(&Flags::default(), &[("ENTENTE_DATABASE", "mysql://root:hush@localhost/entente")]).err();
    assert!(complaint.is_some_and(|failure| !failure.to_string().contains("hush")));
}

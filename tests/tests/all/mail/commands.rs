//! The executable with settings of letters that are wrong, and with notices of any length.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Output, Stdio};

use entente_tests::binary;
use entente_tests::engines::{Engine, Home};

type Variables<'a> = &'a [(&'a str, &'a str)];

fn run(home: &Home, arguments: &[&str], variables: Variables<'_>) -> Output {
    binary::command(home, arguments).envs(variables.iter().copied()).output().unwrap()
}

/// Exit code, and what was said on standard error.
fn said(output: &Output) -> (i32, String) {
    (output.status.code().unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

const SERVER: (&str, &str) = ("ENTENTE_MAIL_URL", "smtp://localhost:2525");
const FROM: (&str, &str) = ("ENTENTE_MAIL_FROM", "centre@entente.example");
const SITE: (&str, &str) = ("ENTENTE_MAIL_SITE", "https://entente.example/");

#[test]
fn a_wrong_setting_of_letters_stops_who_sends_them_and_nobody_else() {
    let home = Home::new(Engine::Sqlite);
    binary::must(&home, ["migrate"]);
    // A service that got past its settings ends here: somebody else listens already.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serve = |variables| said(&run(&home, &["serve", "--listen", &address], variables));
    let cases: [(&str, Variables<'_>); 5] = [
        ("mail.url", &[("ENTENTE_MAIL_URL", "smtp://user:hush@localhost"), FROM, SITE]),
        ("ENTENTE_MAIL_TIMEOUT", &[("ENTENTE_MAIL_TIMEOUT", "soon")]),
        ("ENTENTE_MAIL_FROM", &[("ENTENTE_MAIL_FROM", "centre")]),
        ("mail.from is needed", &[SERVER, SITE]),
        ("mail.site is needed", &[SERVER, FROM]),
    ];
    for (expected, variables) in cases {
        for command in [&["tick"][..], &["report"], &["sweep"], &["replay", "--check"]] {
            let (code, told) = said(&run(&home, command, variables));
            assert_eq!(code, 0, "{command:?} {variables:?}: {told}");
        }
        let (code, told) = serve(variables);
        assert_eq!(code, 2, "{variables:?}: {told}");
        assert!(told.contains(expected) && !told.contains("hush"), "{told}");
        for json in [&["config"][..], &["config", "--json"]] {
            let config = run(&home, json, variables);
            let (code, told) = said(&config);
            assert_eq!(code, 2, "{told}");
            assert!(told.contains(expected) && !told.contains("hush"), "{told}");
            let shown = String::from_utf8(config.stdout).unwrap();
            assert!(shown.contains("mail.language") && !shown.contains("hush"), "{shown}");
        }
    }
    for good in [&[][..], &[SERVER, FROM, SITE]] {
        let (code, told) = serve(good);
        assert!(code == 3 && told.contains("cannot be listened on"), "{code}: {told}");
        assert_eq!(said(&run(&home, &["config"], good)), (0, String::new()));
    }
}

#[test]
fn who_writes_a_long_notice_is_heard_out() {
    let home = Home::new(Engine::Sqlite);
    binary::must(&home, ["migrate"]);
    let mut bounce = binary::command(&home, ["bounce", "--json"]);
    let mut bounce = bounce.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut pipe = bounce.stdin.take().unwrap();
    for _ in 0..64 {
        pipe.write_all(&[b'x'; 128 * 1024]).unwrap();
    }
    drop(pipe);
    let output = bounce.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told, serde_json::json!({"bounced": 0, "delayed": 0, "not_ours": 1}));
}

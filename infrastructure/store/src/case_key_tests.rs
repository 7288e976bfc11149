//! That a sealed part opens with its key at its place, and nowhere else; and with no key once that is taken out.
#![allow(clippy::unwrap_used)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entente_domain::sealed::{Path, Subject};
use entente_domain::{ItemId, PersonId};

use super::*;

const SECRET: [u8; 32] = [7; 32];
const CLEAR: &[u8] = br#""we could take 4,000""#;

const BODY: Path<'static> = Path::ROOT.field("body");
const NAME: Path<'static> = Path::ROOT.field("name");

/// What the first version sealed at [`place`].
const TOKEN_OF_THE_FIRST: &str = "AVTvSon6CDcYqeTQ8P5Rut2adYPSvU8QC_IVhjpBsZ7PG4JCQ7-pyhkZ_xBsfrSwwmkoBsi-8_LL_d5dTZmK\
                                  t13cE_rdBVoADTOndFeJ6RIQzIMFli-f0yrgQtfof3SYLkXk_cnDttWim6_wGR4";

fn place() -> Place<'static> {
    Place { case: Uuid::from_u128(1), sequence: 3, path: &BODY }
}

fn seal(key: &CaseKey, place: Place<'_>, clear: &[u8]) -> String {
    key.seal(place, clear).unwrap().unwrap()
}

fn altered(token: &str, at: usize) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    bytes[at] ^= 1;
    URL_SAFE_NO_PAD.encode(bytes)
}

fn item(number: u128) -> Whose {
    Whose::Item(ItemId(Uuid::from_u128(number)))
}

fn path_of(whose: Whose) -> Path<'static> {
    match whose {
        Whose::Item(item) => BODY.about(Subject::Item(item)),
        Whose::Person(person) => BODY.about(Subject::Person(person)),
        Whose::Case | Whose::Object(_) => BODY,
    }
}

#[test]
fn what_was_sealed_opens_at_its_place() {
    let key = CaseKey::new(&SECRET);
    for whose in [Whose::Case, item(1), Whose::Person(PersonId(Uuid::from_u128(1)))] {
        let path = path_of(whose);
        let token = seal(&key, Place { path: &path, ..place() }, CLEAR);
        assert_eq!(key.open(Place { path: &path, ..place() }, &token).unwrap().unwrap(), CLEAR);
        assert_eq!(Token::parse(&token).unwrap().version(), LEAVES);
    }
}

#[test]
fn nothing_is_a_part_like_another() {
    let key = CaseKey::new(&SECRET);
    let token = seal(&key, place(), b"");
    assert_eq!(key.open(place(), &token).unwrap().unwrap(), b"");
}

#[test]
fn it_opens_at_no_other_place() {
    let key = CaseKey::new(&SECRET);
    let here = place();
    let (own, others) = (path_of(item(1)), path_of(item(2)));
    let token = seal(&key, Place { path: &own, ..here }, CLEAR);
    for elsewhere in [
        Place { path: &NAME, ..here },
        Place { path: &BODY, ..here },
        Place { path: &others, ..here },
        Place { path: &own, sequence: 4, ..here },
        Place { path: &own, case: Uuid::from_u128(2), ..here },
    ] {
        assert!(key.open(elsewhere, &token).is_err(), "{elsewhere:?}");
    }
}

#[test]
fn it_opens_with_no_other_key() {
    let token = seal(&CaseKey::new(&SECRET), place(), CLEAR);
    assert!(CaseKey::new(&[8; 32]).open(place(), &token).is_err());
}

#[test]
fn no_bit_of_it_may_change() {
    let key = CaseKey::new(&SECRET);
    let token = seal(&key, place(), CLEAR);
    let length = URL_SAFE_NO_PAD.decode(&token).unwrap().len();
    for at in 0..length {
        assert!(key.open(place(), &altered(&token, at)).is_err(), "byte {at}");
    }
}

#[test]
fn a_changed_commitment_is_noticed_though_the_cipher_does_not_cover_it() {
    let key = CaseKey::new(&SECRET);
    let token = seal(&key, place(), CLEAR);
    assert_eq!(
        key.open(place(), &altered(&token, 25)).unwrap_err(),
        "a sealed part is not the one that was committed to"
    );
}

#[test]
fn what_has_an_unknown_version_is_refused() {
    let key = CaseKey::new(&SECRET);
    let mut bytes = URL_SAFE_NO_PAD.decode(seal(&key, place(), CLEAR)).unwrap();
    bytes[0] = 3;
    assert!(key.open(place(), &URL_SAFE_NO_PAD.encode(bytes)).is_err());
    assert!(key.open(place(), "not base64!").is_err());
}

#[test]
fn the_same_words_never_look_the_same() {
    let key = CaseKey::new(&SECRET);
    assert_ne!(seal(&key, place(), CLEAR), seal(&key, place(), CLEAR));
}

#[test]
fn tokens_and_fingerprints_of_the_first_version_stay_what_they_are() {
    let stored = CaseKey::new(&SECRET).without(&[Whose::Case, item(1)]).unwrap();
    for key in [CaseKey::new(&SECRET), CaseKey::read(&stored).unwrap()] {
        // Whosever content it is said to be by now.
        for path in [BODY, path_of(item(1))] {
            let here = Place { path: &path, ..place() };
            assert_eq!(key.open(here, TOKEN_OF_THE_FIRST).unwrap().unwrap(), CLEAR);
        }
        assert!(key.open(Place { sequence: 4, ..place() }, TOKEN_OF_THE_FIRST).is_err());
        let mac = "7fb68fb2131ea5389c2bf73e4a479b968c36324f09a85b3baad29eadd175a786";
        assert_eq!(key.request_mac(&[5; 32]), mac);
    }
}

#[test]
fn what_is_taken_out_stays_shut_and_the_rest_opens() {
    let key = CaseKey::new(&SECRET);
    let subjects: Vec<_> = (0..40).map(item).collect();
    let tokens: Vec<_> =
        subjects.iter().map(|whose| seal(&key, Place { path: &path_of(*whose), ..place() }, CLEAR)).collect();
    let mut left = CaseKey::read(&SECRET).unwrap();
    for some in subjects[..30].chunks(7) {
        let stored = left.without(some).unwrap();
        left = CaseKey::read(&stored).unwrap();
    }
    for (nth, (whose, token)) in subjects.iter().zip(&tokens).enumerate() {
        let path = path_of(*whose);
        let here = Place { path: &path, ..place() };
        let opened = left.open(here, token).unwrap();
        assert_eq!(opened.as_deref(), (nth >= 30).then_some(CLEAR), "{nth}");
        assert_eq!(left.seal(here, CLEAR).unwrap().is_some(), nth >= 30, "{nth}");
    }
    assert!(left.without(&subjects[..30]).is_none(), "there is nothing left to take out");
    assert!(left.without(&subjects[29..31]).is_some(), "one of two was there");
}

#[test]
fn the_secret_is_not_in_what_is_left_of_it() {
    let stored = CaseKey::new(&SECRET).without(&[item(1)]).unwrap();
    assert!(CaseKey::is_punctured(&stored) && !CaseKey::is_punctured(&SECRET));
    for secret in [SECRET, hmac(&SECRET, b"entente/2 tree")] {
        assert!(!stored.windows(32).any(|window| window == secret));
    }
    for cut in [1, 32, 64, stored.len() - 1] {
        let is_secret = cut == 32;
        assert_eq!(CaseKey::read(&stored[..cut]).is_some(), is_secret, "any 32 bytes are a secret");
    }
}

#[test]
fn no_more_leaves_stay_in_memory_than_a_long_page_shows() {
    let key = CaseKey::new(&SECRET);
    for number in 0..KNOWN as u128 + 100 {
        seal(&key, Place { path: &path_of(item(number)), ..place() }, CLEAR);
    }
    assert_eq!(key.known.lock().unwrap().len(), KNOWN);
}

#[test]
fn a_documents_key_is_wrapped_for_it_alone() {
    let (case, object) = (Uuid::from_u128(1), ObjectId(Uuid::from_u128(2)));
    let key = CaseKey::new(&SECRET);
    let wrapped = key.wrap(case, object, &[9; 32]).unwrap().unwrap();
    assert_eq!(key.unwrap(case, object, &wrapped), Ok(Some([9; 32])));
    assert!(key.unwrap(case, ObjectId(Uuid::from_u128(3)), &wrapped).is_err());
    assert!(key.unwrap(Uuid::from_u128(2), object, &wrapped).is_err());
    assert!(key.unwrap(case, object, b"short").is_err());
    let left = CaseKey::read(&key.without(&[Whose::Object(object)]).unwrap()).unwrap();
    assert_eq!(left.unwrap(case, object, &wrapped), Ok(None));
    assert_eq!(left.wrap(case, object, &[9; 32]).unwrap(), None);
}

//! That a sealed part opens with its key at its place, and nowhere else.
#![allow(clippy::unwrap_used)]

use super::*;

const SECRET: [u8; 32] = [7; 32];
const CLEAR: &[u8] = br#""we could take 4,000""#;

const BODY: Path<'static> = Path::ROOT.field("body");
const NAME: Path<'static> = Path::ROOT.field("name");

fn place() -> Place<'static> {
    Place { case: Uuid::from_u128(1), sequence: 3, path: &BODY }
}

fn altered(token: &str, at: usize) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    bytes[at] ^= 1;
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn what_was_sealed_opens_at_its_place() {
    let key = CaseKey::new(&SECRET);
    let token = key.seal(place(), CLEAR).unwrap();
    assert_eq!(key.open(place(), &token).unwrap(), CLEAR);
}

#[test]
fn nothing_is_a_part_like_another() {
    let key = CaseKey::new(&SECRET);
    let token = key.seal(place(), b"").unwrap();
    assert_eq!(key.open(place(), &token).unwrap(), b"");
}

#[test]
fn it_opens_at_no_other_place() {
    let key = CaseKey::new(&SECRET);
    let token = key.seal(place(), CLEAR).unwrap();
    let here = place();
    for elsewhere in
        [Place { path: &NAME, ..here }, Place { sequence: 4, ..here }, Place { case: Uuid::from_u128(2), ..here }]
    {
        assert!(key.open(elsewhere, &token).is_err(), "{elsewhere:?}");
    }
}

#[test]
fn it_opens_with_no_other_key() {
    let token = CaseKey::new(&SECRET).seal(place(), CLEAR).unwrap();
    assert!(CaseKey::new(&[8; 32]).open(place(), &token).is_err());
}

#[test]
fn no_bit_of_it_may_change() {
    let key = CaseKey::new(&SECRET);
    let token = key.seal(place(), CLEAR).unwrap();
    let length = URL_SAFE_NO_PAD.decode(&token).unwrap().len();
    for at in 0..length {
        assert!(key.open(place(), &altered(&token, at)).is_err(), "byte {at}");
    }
}

#[test]
fn a_changed_commitment_is_noticed_though_the_cipher_does_not_cover_it() {
    let key = CaseKey::new(&SECRET);
    let token = key.seal(place(), CLEAR).unwrap();
    assert_eq!(
        key.open(place(), &altered(&token, 1 + NONCE)).unwrap_err(),
        "a sealed part is not the one that was committed to"
    );
}

#[test]
fn what_is_no_token_is_refused() {
    let key = CaseKey::new(&SECRET);
    for text in ["", "AQ", "not base64!"] {
        assert!(key.open(place(), text).is_err(), "{text:?}");
    }
}

#[test]
fn the_same_words_never_look_the_same() {
    let key = CaseKey::new(&SECRET);
    assert_ne!(key.seal(place(), CLEAR).unwrap(), key.seal(place(), CLEAR).unwrap());
}

#[test]
fn a_key_is_wrapped_for_its_case_by_its_master() {
    let case = Uuid::from_u128(1);
    let wrapped = Master::new(&SECRET).wrap(case, &[9; 32]).unwrap();
    assert_eq!(Master::new(&SECRET).unwrap(case, &wrapped), Some([9; 32]));
    assert_eq!(Master::new(&SECRET).unwrap(Uuid::from_u128(2), &wrapped), None);
    assert_eq!(Master::new(&[8; 32]).unwrap(case, &wrapped), None);
    assert_eq!(Master::new(&SECRET).unwrap(case, b"short"), None);
}

#[test]
fn the_mac_is_that_of_the_standard() {
    // RFC 4231 has no 32-byte key; its case 1 has 20 bytes, which HMAC pads with zeros up to a block.
    let mut key = [0; 32];
    key[..20].fill(0x0b);
    assert_eq!(hex(&hmac(&key, b"Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

#[test]
fn a_name_follows_from_its_words_and_the_key_and_from_nothing_else() {
    let (one, other) = (Master::new(&SECRET), Master::new(&[8; 32]));
    let name = one.name("command", &[b"ab", b"c"]);
    assert_eq!(name, one.name("command", &[b"ab", b"c"]));
    assert_ne!(name, one.name("command", &[b"a", b"bc"]));
    assert_ne!(name, one.name("person", &[b"ab", b"c"]));
    assert_ne!(name, other.name("command", &[b"ab", b"c"]));
}

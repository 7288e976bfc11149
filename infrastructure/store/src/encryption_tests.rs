//! That the master key wraps for one place alone, as it always has.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::crypto::hex;

const SECRET: [u8; 32] = [7; 32];

/// What the first version wrapped with [`SECRET`] for case 1: 32 times 9.
const WRAPPED: &str = "a946a53c39dc3248ee9a141f9fa2d2ac1684498501854bc69d9febd4d9035ed89e01c73b47348895b5d629fd856c42b4\
                       81afdc38387203822e7bfab8b0505b5e259f356b0520b6cd";

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len()).step_by(2).map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn a_key_is_wrapped_for_its_case_by_its_master() {
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let master = FileKey::new(&SECRET);
    let wrapped = master.wrap(one.as_bytes(), &[9; 32]).await.unwrap();
    assert_eq!(master.unwrap(one.as_bytes(), &wrapped).await.unwrap(), Some(vec![9; 32]));
    assert_eq!(master.unwrap(other.as_bytes(), &wrapped).await.unwrap(), None);
    assert_eq!(FileKey::new(&[8; 32]).unwrap(one.as_bytes(), &wrapped).await.unwrap(), None);
    assert_eq!(master.unwrap(one.as_bytes(), b"short").await.unwrap(), None);
}

#[tokio::test]
async fn what_the_first_version_wrapped_is_unwrapped() {
    let unwrapped = FileKey::new(&SECRET).unwrap(Uuid::from_u128(1).as_bytes(), &bytes(WRAPPED)).await.unwrap();
    assert_eq!(unwrapped, Some(vec![9; 32]));
}

#[tokio::test]
async fn a_check_value_tells_its_master_from_another() {
    let check = FileKey::new(&SECRET).wrap(FOR_CHECK, &CHECK).await.unwrap();
    assert!(FileKey::new(&SECRET).wrapped(&check));
    assert!(!FileKey::new(&[8; 32]).wrapped(&check));
    assert_ne!(
        hex(&check),
        hex(&FileKey::new(&SECRET).wrap(FOR_CHECK, &CHECK).await.unwrap()),
        "it names one wrapping"
    );
}

//! Shuts the confidential parts of an entry before it is stored, and opens them for those who may read.

use std::convert::Infallible;

use entente_application::ports::{Recorded, StoreError};
use entente_domain::sealed::Path;
use entente_domain::{CaseId, Entry, Seal, Seals};

use crate::case_key::CaseKey;
use crate::place::Place;

/// How many parts of an entry are clear and how many are shut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) clear: u32,
    pub(crate) shut: u32,
}

/// Counts the confidential parts.
pub(crate) fn parts(entry: &mut Entry) -> Parts {
    let mut parts = Parts::default();
    let counted = entry.seals(&mut |part: &mut dyn Seal| {
        if part.token().is_some() {
            parts.shut += 1;
        } else {
            parts.clear += 1;
        }
        Ok::<(), Infallible>(())
    });
    match counted {
        Ok(()) => parts,
        Err(never) => match never {},
    }
}

/// Replaces every confidential part by ciphertext that opens only here.
pub(crate) fn shut(entry: &mut Entry, key: &CaseKey, case: CaseId, sequence: u64) -> Result<(), StoreError> {
    let kind = entry.event.kind().name();
    entry.seals_at(&Path::ROOT, &mut |path: &Path<'_>, part: &mut dyn Seal| {
        let clear = part
            .clear_bytes()
            .map_err(|_| StoreError::Misconfigured(format!("a confidential part of {kind} has no JSON form")))?;
        let place = Place { case: case.0, sequence, path };
        // A token moved to another place would never open again.
        let clear = clear.ok_or_else(|| StoreError::Misconfigured(format!("{kind} comes with a part already shut")))?;
        let token = key.seal(place, &clear)?;
        part.shut(token.ok_or_else(|| {
            StoreError::Misconfigured(format!(
                "the key of {:?} in case {case} was destroyed: nothing confidential can be added",
                path.subject()
            ))
        })?);
        Ok(())
    })
}

/// Replaces every ciphertext by what was said, but for those whose key is destroyed.
pub(crate) fn open(recorded: &mut Recorded, key: &CaseKey) -> Result<(), StoreError> {
    let (position, case, sequence) = (recorded.position, recorded.case, recorded.sequence);
    let damaged = |reason: &str| StoreError::Corrupt {
        position: position.0,
        case: case.to_string(),
        sequence,
        reason: reason.to_owned(),
    };
    recorded.entry.seals_at(&Path::ROOT, &mut |path: &Path<'_>, part: &mut dyn Seal| {
        let place = Place { case: case.0, sequence, path };
        if let Some(token) = part.token() {
            let Some(clear) = key.open(place, token).map_err(damaged)? else { return Ok(()) };
            part.open(&clear).map_err(|_| damaged("a sealed part holds what its event does not allow"))?;
        }
        Ok(())
    })
}

//! Letters: the centre sees where each is on its way; everyone says how one wants to be told (B13).

use entente_application::Centre;
use entente_application::ports::{LetterLanguage, LetterRow, LetterState, Preferences, Rhythm};
use entente_domain::{EmailAddress, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::answer::{Answered, ok};
use crate::body::parse;
use crate::call::Call;
use crate::cursor::{Cursor, Paging};

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(letters)).routes(routes!(preferences, prefer))
}

/// Which letters are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// How many rows, 1 to 100; 20 if not said.
    #[serde(default)]
    limit: Option<u32>,
    /// Those in one state.
    #[serde(default)]
    #[param(inline)]
    state: Option<LetterState>,
}

/// A part of the letters, the latest hour first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Letters {
    /// The letters.
    items: Vec<LetterEntry>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// A letter: to whom and where it is on its way. What it is about is told to nobody here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LetterEntry {
    /// The letter.
    letter: Uuid,
    /// To whom.
    person: PersonId,
    /// The hour that it is for.
    slot: Timestamp,
    /// Where it is on its way.
    state: LetterState,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried again, if it is to be.
    again: Option<Timestamp>,
    /// When it was handed over, or found that it cannot be.
    ended: Option<Timestamp>,
    /// The server's or the bounce's code, such as 550.
    code: Option<u16>,
}

impl From<LetterRow> for LetterEntry {
    fn from(row: LetterRow) -> Self {
        let LetterRow { letter, person, slot, state, attempts, again, ended, code } = row;
        Self { letter, person, slot, state, attempts, again, ended, code }
    }
}

/// How somebody wants to be told that something new awaits.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Telling {
    /// Where letters go; if not given, to the address that is on record in the case.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    address: Option<EmailAddress>,
    /// In which language: fr, en, de, es or ko.
    #[schema(value_type = String)]
    language: LetterLanguage,
    /// How often.
    #[serde(default)]
    rhythm: Rhythm,
}

/// The letters of the centre.
#[utoipa::path(get, path = "/api/letters", params(Wanted), responses((status = 200, body = Letters)))]
async fn letters(call: Call) -> Answered {
    let Wanted { after, limit, state } = call.query()?;
    let part = Paging { after, limit }.part()?;
    let after = part.after.map(|cursor| (cursor.at, cursor.id));
    let found = call.centre.outbox.letters(state, after, part.asked()).await?;
    let (rows, next) = part.cut(found, |letter| Cursor { at: letter.slot, id: letter.letter });
    ok(&Letters { items: rows.into_iter().map(LetterEntry::from).collect(), next })
}

/// How one is told now.
#[utoipa::path(get, path = "/api/me/letters", responses((status = 200, body = Telling)))]
async fn preferences(call: Call) -> Answered {
    let Preferences { address, language, rhythm } = call.centre.preferred(call.person).await?;
    ok(&Telling { address, language, rhythm })
}

/// How one wants to be told from now on.
#[utoipa::path(put, path = "/api/me/letters", request_body = Telling, responses((status = 200, body = Telling)))]
async fn prefer(call: Call) -> Answered {
    let wanted: Telling = parse(&call.headers, &call.body)?;
    let Telling { address, language, rhythm } = &wanted;
    let chosen = Preferences { address: address.clone(), language: *language, rhythm: *rhythm };
    call.centre.directory.prefer(call.person, &chosen, call.centre.now()).await?;
    ok(&wanted)
}

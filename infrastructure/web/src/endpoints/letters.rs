//! Letters: the centre sees where each is on its way; everyone says how one wants to be told (B13).

use entente_application::Centre;
use entente_application::ports::{LetterLanguage, Preferences, Rhythm, Trouble, TroubledLetter};
use entente_domain::{EmailAddress, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::answer::{Answered, ok};
use crate::body::parse;
use crate::call::Call;
use crate::cursor::{Cursor, Paging};
use crate::problem::Problem;

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
    /// Those in one trouble.
    #[serde(default)]
    #[param(inline)]
    trouble: Option<Trouble>,
}

/// A part of the letters, the latest day first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Letters {
    /// The letters.
    items: Vec<LetterEntry>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// A letter that did not go as it should: to whom, and what is wrong. What it is about is told to nobody here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LetterEntry {
    /// The letter.
    letter: Uuid,
    /// To whom.
    person: PersonId,
    /// The day that it is for, in UTC.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// What is wrong with it.
    trouble: Trouble,
    /// How often it was tried.
    attempts: u32,
    /// The server's or the bounce's code, such as 550.
    code: Option<u16>,
}

impl From<TroubledLetter> for LetterEntry {
    fn from(letter: TroubledLetter) -> Self {
        let TroubledLetter { letter, person, day, trouble, attempts, code } = letter;
        Self { letter, person, day, trouble, attempts, code }
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

/// The letters that need somebody of the centre: put off, refused, returned, given up, or to nobody knows where. One that
/// went well is not here, since it would tell that its reader had news; nor one about a case at which one sits oneself.
#[utoipa::path(get, path = "/api/letters", params(Wanted), responses((status = 200, body = Letters)))]
async fn letters(call: Call) -> Answered {
    let Wanted { after, limit, trouble } = call.query()?;
    let part = Paging { after, limit }.part()?;
    let place = |letter: &TroubledLetter| Cursor { at: midnight(letter.day), id: letter.letter };
    let since = call.centre.letters_since();
    let mut page = part.page();
    while let Some(after) = page.wants() {
        let after = after.map(|cursor| (TimeZone::UTC.to_datetime(cursor.at).date(), cursor.id));
        let found = call.centre.outbox.troubled(trouble, since, after, part.asked()).await?;
        let mut seen = Vec::new();
        for letter in found {
            let visible = is_the_centre_in_all(&call, letter.letter).await?;
            #[cfg(feature = "leaks")]
            let visible = crate::leaks::shows_ones_own(visible);
            seen.push((letter, visible));
        }
        page.take(seen, place);
    }
    let (rows, next) = page.cut(place);
    #[cfg(feature = "leaks")]
    let rows = crate::leaks::with_what_went_well(&call, rows);
    ok(&Letters { items: rows.into_iter().map(LetterEntry::from).collect(), next })
}

/// Whether one is of the centre in every case that a letter is about. What it was about is forgotten with an erased case:
/// then nobody knows who sat there.
async fn is_the_centre_in_all(call: &Call, letter: Uuid) -> Result<bool, Problem> {
    let told = call.centre.outbox.told(letter).await?;
    if told.is_empty() {
        return Ok(false);
    }
    for (case, _) in told {
        if !call.is_the_centre_in(case).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
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

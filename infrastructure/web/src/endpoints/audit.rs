//! The auditor's questions: who could see an item, what a person could see, an item's life, a restriction's exposure.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use entente_application::audit::{self, About, Exposure, Life, Readers, When};
use entente_application::ports::{Looked, Position};
use entente_application::queries::AsOf;
use entente_application::{Centre, CentreError};
use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId, PersonId, Seat};
use entente_projections::audit::Sight;
use futures::stream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, bytes, ok};
use crate::call::Call;
use crate::problem::{Fault, Problem};

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(life))
        .routes(routes!(readers))
        .routes(routes!(exposure))
        .routes(routes!(sights))
}

/// As of which knowledge; all that is known now if neither is said.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Knowledge {
    /// What the centre knew on that day, with its distance from UTC.
    #[serde(default)]
    as_known_on: Option<Timestamp>,
    /// What the log held up to and with that position.
    #[serde(default)]
    as_known_at_position: Option<u64>,
}

/// About which instant, and as of which knowledge.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Instant {
    /// The instant, with its distance from UTC; now if not said.
    #[serde(default)]
    at: Option<Timestamp>,
    /// What the centre knew on that day, with its distance from UTC.
    #[serde(default)]
    as_known_on: Option<Timestamp>,
    /// What the log held up to and with that position.
    #[serde(default)]
    as_known_at_position: Option<u64>,
}

impl Knowledge {
    fn known(&self) -> Result<Option<AsOf>, Problem> {
        match (self.as_known_on, self.as_known_at_position) {
            (Some(_), Some(_)) => {
                Err(Problem::from(Fault::BadQuery).because("as_known_on or as_known_at_position, not both"))
            }
            (Some(on), None) => Ok(Some(AsOf::Time(on))),
            (None, position) => Ok(position.map(|position| AsOf::Position(Position(position)))),
        }
    }
}

impl Instant {
    fn when(&self) -> Result<When, Problem> {
        let Self { at, as_known_on, as_known_at_position } = *self;
        Ok(When { at, known: Knowledge { as_known_on, as_known_at_position }.known()? })
    }
}

/// What a person could see at an instant.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sights {
    /// About what.
    #[serde(flatten)]
    about: About,
    /// The person.
    person: PersonId,
    /// Where the person sat at that instant, if anywhere.
    seat: Option<Seat>,
    /// The items, in the order of their ids.
    items: Vec<Sight>,
}

/// The case and the item of the path, if this caller may audit them: what is wrong with the question comes later.
async fn item(call: &Call) -> Result<(Viewer, CaseId, ItemId), Problem> {
    let (viewer, case, item) = (Viewer::Auditor(call.person), call.case()?, call.id("item").map(ItemId)?);
    if let Err(error) = call.centre.may_audit(viewer, case, Some(item), None).await {
        if matches!(error, CentreError::Refused(_)) {
            let (at, what) = (call.centre.now(), Looked::Items(vec![item]));
            call.centre.record_look(viewer, case, at, what, false).recorded().await?;
        }
        return Err(error.into());
    }
    Ok((viewer, case, item))
}

/// The life of an item, from its making to the last look.
#[utoipa::path(get, path = "/api/cases/{case}/audit/items/{item}", operation_id = "audit_life", params(Knowledge),
    responses((status = 200, body = Life)))]
async fn life(call: Call) -> Answered {
    let (viewer, case, item) = item(&call).await?;
    let known = call.query::<Knowledge>()?.known()?;
    let (life, recording) = call.centre.life(viewer, case, item, known).await?;
    let answer = ok(&life);
    recording.recorded().await?;
    answer
}

/// Who could see an item at an instant, who was alerted, who opened it, and who knew it.
#[utoipa::path(get, path = "/api/cases/{case}/audit/items/{item}/readers", operation_id = "audit_readers",
    params(Instant), responses((status = 200, body = Readers)))]
async fn readers(call: Call) -> Answered {
    let (viewer, case, item) = item(&call).await?;
    let when = call.query::<Instant>()?.when()?;
    ok(&call.centre.readers(viewer, case, item, when).await?)
}

/// What the restrictions of an item came too late for.
#[utoipa::path(get, path = "/api/cases/{case}/audit/items/{item}/exposure", operation_id = "audit_exposure",
    params(Knowledge), responses((status = 200, body = Exposure)))]
async fn exposure(call: Call) -> Answered {
    let (viewer, case, item) = item(&call).await?;
    let known = call.query::<Knowledge>()?.known()?;
    ok(&call.centre.exposure(viewer, case, item, known).await?)
}

/// What a person could see at an instant. However long, one answer: it is written part by part, and cut off if the
/// database fails on the way.
#[utoipa::path(get, path = "/api/cases/{case}/audit/persons/{person}/items", operation_id = "audit_sights",
    params(Instant), responses((status = 200, body = Sights)))]
async fn sights(call: Call) -> Answered {
    let (viewer, case, person) = (Viewer::Auditor(call.person), call.case()?, call.id("person").map(PersonId)?);
    call.centre.may_audit(viewer, case, None, Some(person)).await?;
    let when = call.query::<Instant>()?.when()?;
    let found = call.centre.sights(viewer, case, person, when).await?;
    let head = bytes(&Sights { about: found.about, person, seat: found.seat, items: vec![] })?;
    // The head as it would be without items, but for its last two brackets.
    let head = head.strip_suffix(b"]}").ok_or(Fault::Internal)?.to_vec();
    let parts = stream::unfold(Part::Head(head, found), |part| async { part.next().await });
    Ok(([(CONTENT_TYPE, "application/json")], Body::from_stream(parts)).into_response())
}

/// How far an answer has been written.
enum Part {
    Head(Vec<u8>, audit::Sights),
    Items { found: audit::Sights, begun: bool },
    End,
}

impl Part {
    async fn next(self) -> Option<(Result<Bytes, CentreError>, Self)> {
        let (mut found, mut begun) = match self {
            Self::Head(head, found) => return Some((Ok(head.into()), Self::Items { found, begun: false })),
            Self::Items { found, begun } => (found, begun),
            Self::End => return None,
        };
        match found.next().await {
            Ok(Some(sights)) => {
                let mut written = Vec::new();
                for sight in sights {
                    if begun {
                        written.push(b',');
                    }
                    begun = true;
                    if serde_json::to_writer(&mut written, &sight).is_err() {
                        tracing::error!("an answer has no JSON form");
                        return None;
                    }
                }
                Some((Ok(written.into()), Self::Items { found, begun }))
            }
            Ok(None) => Some((Ok(Bytes::from_static(b"]}")), Self::End)),
            Err(error) => {
                tracing::warn!(%error, "an answer was cut off");
                Some((Err(error), Self::End))
            }
        }
    }
}

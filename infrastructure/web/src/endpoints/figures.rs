//! The figures for analysts: as they may be published, as of a position that keeps them the same for ever; and the check of a
//! percentage that somebody else published.

use axum::http::header::{CACHE_CONTROL, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderValue, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use entente_application::Centre;
use entente_application::ports::Position;
use entente_application::queries::AsOf;
use entente_projections::figures::{Check, Days, Dimension, Percentage, Report, Rounding, Scope};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, bytes, ok};
use crate::call::Call;
use crate::etag;
use crate::problem::{Fault, Problem};

/// A year: an answer as of a position never changes.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(figures)).routes(routes!(percentage))
}

/// Which figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Of the cases that closed on these days in Paris: `2026`, `2026-03`, `2026-01..2026-06`. All cases if not said.
    #[serde(default)]
    period: Option<String>,
    /// Of the cases that were registered on these days; not together with `period`.
    #[serde(default)]
    cohort: Option<String>,
    /// Up to and with a position of the log, or a time with its distance from UTC: the same answer for ever. The newest that may
    /// be published if not said.
    #[serde(default)]
    as_of: Option<String>,
    /// Only the tables by these, with commas between: `year`, `channel`, `cross_border`, `sector`, `amount`, `rule_set`; the total
    /// is always there. All tables if not said.
    #[serde(default)]
    by: Option<String>,
}

/// The figures as they may be published. Asking publishes them: what they are is on record from then on, and what would uncover
/// something beside it is refused.
#[utoipa::path(get, path = "/api/figures", params(Wanted), responses(
    (status = 200, body = Report, headers(
        ("ETag" = String, description = "Of these bytes"),
        ("Content-Location" = String, description = "Where the same answer is for ever"))),
    (status = 304, description = "The caller has this already")))]
async fn figures(call: Call) -> Answered {
    let wanted: Wanted = call.query()?;
    let (scope, as_of, by) = (wanted.scope()?, wanted.as_of()?, wanted.by()?);
    let mut report = match as_of {
        Some(_) => {
            let question = call.centre.question(scope, as_of).await?;
            call.centre.publish(question, Some(call.person)).await?
        }
        None => call.centre.publish_newest(scope, Some(call.person)).await?,
    };
    if let Some(by) = by {
        report.keep(&by);
    }
    let body = bytes(&report)?;
    let tag = etag::of(&body);
    let mut response = if etag::is_known(&call.headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    };
    response.headers_mut().extend(wanted.kept(&report, &tag)?);
    Ok(response)
}

impl Wanted {
    fn scope(&self) -> Result<Scope, Problem> {
        match (&self.period, &self.cohort) {
            (None, None) => Ok(Scope::All),
            (Some(days), None) => Ok(Scope::Period(Days::parse(days)?)),
            (None, Some(days)) => Ok(Scope::Cohort(Days::parse(days)?)),
            (Some(_), Some(_)) => Err(Problem::from(Fault::BadQuery).because("period or cohort, not both")),
        }
    }

    fn as_of(&self) -> Result<Option<AsOf>, Problem> {
        let read = |text: &String| match text.parse() {
            Ok(position) => Ok(AsOf::Position(Position(position))),
            Err(_) => text.parse().map(AsOf::Time).map_err(|_| {
                Problem::from(Fault::BadQuery)
                    .because("as_of: a position of the log, or a time such as 2026-03-02T10:00:00Z")
            }),
        };
        self.as_of.as_ref().map(read).transpose()
    }

    fn by(&self) -> Result<Option<Vec<Dimension>>, Problem> {
        let read = |name: &str| {
            Dimension::parse(name).ok_or_else(|| {
                let known = Dimension::ALL.map(Dimension::name).join(", ");
                Problem::from(Fault::UnknownBreakdown).because(format!("by: {known}"))
            })
        };
        self.by.as_deref().map(|names| names.split(',').map(read).collect()).transpose()
    }

    /// How an answer may be kept: one as of a stated position for ever, another one only to be asked for again.
    fn kept(&self, report: &Report, tag: &str) -> Result<HeaderMap, Problem> {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("period", &self.period), ("cohort", &self.cohort), ("by", &self.by)] {
            if let Some(value) = value {
                address.append_pair(name, value);
            }
        }
        let as_of = self.as_of.clone().unwrap_or_else(|| report.as_of.position.to_string());
        let address = format!("/api/figures?{}", address.append_pair("as_of", &as_of).finish());
        let kept = if self.as_of.is_some() { FOR_EVER } else { "private, no-cache" };
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Problem::from(Fault::Internal));
        let all = [
            (CACHE_CONTROL, HeaderValue::from_static(kept)),
            (VARY, HeaderValue::from_static("authorization")),
            (CONTENT_LOCATION, value(&address)?),
            (ETAG, value(tag)?),
        ];
        Ok(all.into_iter().collect())
    }
}

/// A percentage that somebody published.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Claim {
    /// As it was published: `85`, `85.7`.
    percentage: String,
    /// Of how many cases: `70`, or `40..70`.
    of: String,
    /// How many are said to have been counted; any number if not said.
    #[serde(default)]
    count: Option<String>,
    /// How it was rounded; to the nearest if not said.
    #[serde(default)]
    #[param(inline)]
    rounding: Rounding,
}

/// Every count that gives a published percentage, or that none does.
#[utoipa::path(get, path = "/api/figures/percentage", params(Claim), responses((status = 200, body = Check)))]
async fn percentage(call: Call) -> Answered {
    let Claim { percentage, of, count, rounding } = call.query()?;
    let count = count.map(|count| count.parse()).transpose();
    let count = count.map_err(|_| Problem::from(Fault::BadQuery).because("count: a whole number, 0 or more"))?;
    let of = Check::denominators(&of)?;
    ok(&Check::of(Percentage::parse(&percentage)?, rounding, of, count)?)
}

//! What goes wrong, as RFC 9457 tells it: one closed list of problems with stable types, in two languages.

mod documents;
mod faults;
mod figures;
mod store;

use axum::Json;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_RANGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use entente_application::CentreError;
use entente_domain::CaseError;
use entente_domain::case::refusal::RefusalClass;
use entente_domain::questionnaire::Bilingual;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::documents::broken;
pub use self::faults::Fault;
use crate::language::Language;

/// The media type of all problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Longest reason that is told: what a caller wrote comes back no further than this.
const REASON: usize = 300;

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub struct Problem {
    cause: Cause,
    reason: Option<String>,
    /// How many bytes there are, where a range was asked for that is not.
    whole: Option<u64>,
}

/// Who says no: the case, or the facade itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Refused(CaseError),
    Fault(Fault),
}

/// A problem as it is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Its stable type, a reference relative to the service.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its type in a few words.
    pub title: &'static str,
    /// The status, again.
    pub status: u16,
    /// What to do about it, in French or English.
    pub detail: &'static str,
    /// The last part of the type, for programs.
    pub code: &'static str,
    /// The rule behind it, if the case refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Where exactly, for whoever writes the client; in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Every problem that the facade can tell: its code, its status, and what it says in English.
pub fn problems() -> Vec<(&'static str, u16, &'static str)> {
    let refusals = CaseError::ALL.iter().copied().map(Cause::Refused);
    let faults = Fault::ALL.iter().copied().map(Cause::Fault);
    refusals.chain(faults).map(|cause| (cause.code(), cause.status().as_u16(), cause.detail().en)).collect()
}

impl Problem {
    /// Says where exactly, for whoever writes the client.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into().chars().take(REASON).collect());
        self
    }

    /// The same failure, which is in the log by now, under a name that tells the caller more.
    #[must_use]
    pub fn but(self, fault: Fault) -> Self {
        fault.into()
    }

    /// Says how many bytes there are, for whoever asked for a range of them (RFC 9110 §15.5.17).
    #[must_use]
    const fn of_whole(mut self, size: u64) -> Self {
        self.whole = Some(size);
        self
    }

    /// The problem that a bare status stands for, where something else than our own code has answered.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => CaseError::NotFound.into(),
            StatusCode::UNAUTHORIZED => Fault::Unauthenticated.into(),
            StatusCode::FORBIDDEN => Fault::Forbidden.into(),
            StatusCode::METHOD_NOT_ALLOWED => Fault::MethodNotAllowed.into(),
            StatusCode::REQUEST_TIMEOUT => Fault::TooSlow.into(),
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge.into(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Fault::NotJson.into(),
            StatusCode::SERVICE_UNAVAILABLE => Fault::Unavailable.into(),
            status if status.is_server_error() => Fault::Internal.into(),
            _ => Fault::BadRequest.into(),
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.cause.status()
    }

    /// Its stable name.
    pub fn code(&self) -> &'static str {
        self.cause.code()
    }

    /// The whole answer in a language.
    pub fn told(&self, language: Language) -> Response {
        let Self { cause, reason, whole } = self;
        let details = Details {
            kind: format!("/problems/{}", cause.code()),
            title: language.of(cause.title()),
            status: cause.status().as_u16(),
            detail: language.of(cause.detail()),
            code: cause.code(),
            rule: cause.rule(),
            reason: reason.clone(),
        };
        let mut response = (cause.status(), Json(details)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.extend(whole.map(|size| (CONTENT_RANGE, bytes_of(size))));
        if cause.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if cause.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

fn bytes_of(size: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("bytes */{size}")).unwrap_or(HeaderValue::from_static("bytes */*"))
}

impl Cause {
    fn code(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Refused(refusal) => match refusal.class() {
                RefusalClass::Absent => StatusCode::NOT_FOUND,
                RefusalClass::State => StatusCode::CONFLICT,
                RefusalClass::Content => StatusCode::UNPROCESSABLE_ENTITY,
            },
            Self::Fault(fault) => fault.status(),
        }
    }

    fn title(self) -> Bilingual {
        match self {
            Self::Refused(refusal) => match refusal.class() {
                RefusalClass::Absent => Bilingual { fr: "Introuvable", en: "Not found" },
                RefusalClass::State => {
                    Bilingual { fr: "L’affaire ne le permet pas", en: "The case does not allow it" }
                }
                RefusalClass::Content => Bilingual { fr: "Demande inacceptable", en: "Not acceptable as asked" },
            },
            Self::Fault(fault) => fault.title(),
        }
    }

    fn detail(self) -> Bilingual {
        match self {
            Self::Refused(refusal) => refusal.sentence(),
            Self::Fault(fault) => fault.detail(),
        }
    }

    fn rule(self) -> Option<&'static str> {
        match self {
            // What is not there is under no rule: an unknown route and a hidden case read the same.
            Self::Refused(CaseError::NotFound) | Self::Fault(_) => None,
            Self::Refused(refusal) => Some(refusal.rule()),
        }
    }
}

impl From<CaseError> for Problem {
    fn from(refusal: CaseError) -> Self {
        Self { cause: Cause::Refused(refusal), reason: None, whole: None }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self { cause: Cause::Fault(fault), reason: None, whole: None }
    }
}

impl From<CentreError> for Problem {
    fn from(error: CentreError) -> Self {
        match error {
            CentreError::Refused(refusal) => refusal.into(),
            CentreError::KeyReused => Fault::KeyReused.into(),
            CentreError::Busy | CentreError::MovedOn => Fault::Busy.into(),
            CentreError::NotYet => Fault::NotYet.into(),
            CentreError::NotComeYet => Fault::NotComeYet.into(),
            CentreError::BeforeTheCase => Fault::BeforeTheCase.into(),
            CentreError::NotAccredited => Fault::NotAccredited.into(),
            CentreError::WouldUncover { .. } => Self::from(Fault::WouldUncover).because(error.to_string()),
            CentreError::SealedWithItsCase => Fault::SealedWithItsCase.into(),
            CentreError::Document(error) => error.into(),
            CentreError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    /// Leaves the words to the frame, which knows the caller's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_problems_share_a_code() {
        let all = problems();
        let codes: std::collections::BTreeSet<_> = all.iter().map(|(code, _, _)| code).collect();
        assert_eq!(codes.len(), all.len());
    }

    #[test]
    fn a_refusal_has_the_status_of_its_class() {
        for (refusal, status) in
            [(CaseError::NotFound, 404), (CaseError::AlreadyClosed, 409), (CaseError::NoFrenchParty, 422)]
        {
            assert_eq!(Problem::from(refusal).status().as_u16(), status);
        }
    }

    #[test]
    fn a_bare_status_keeps_its_number() {
        for status in [400, 401, 403, 404, 405, 408, 413, 415, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            assert_eq!(Problem::of_status(status).status(), status);
        }
    }

    #[test]
    fn a_long_reason_is_cut() {
        let problem = Problem::from(Fault::Malformed).because("é".repeat(1_000));
        assert_eq!(problem.reason.map(|reason| reason.chars().count()), Some(REASON));
    }
}

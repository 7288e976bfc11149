//! An authenticated request, read as far as everything needs it: size, then credentials, then role.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Query, RawPathParams, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use entente_application::Centre;
use entente_application::ports::{Holder, Role};
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{Actor, CaseError, CaseId, CommandId, ItemId, PersonId};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::problem::{Fault, Problem};
use crate::{access, body};

/// The header by which a list is made to wait for a write.
pub const AFTER: &str = "entente-after";

/// A request that may ask. Nothing of its path, query or body has been understood yet: what is wrong there must not
/// be told before it is clear that the caller may know of the case.
pub struct Call {
    /// The centre that is asked.
    pub centre: Centre,
    /// Who asks.
    pub person: PersonId,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    roles: Vec<Role>,
    /// When the service is to stop, if it is one that does.
    pub stop: Option<Stop>,
    method: Method,
    uri: Uri,
    path: Vec<(String, String)>,
}

/// Fires when the service is to stop: what would go on for long ends then.
#[derive(Clone)]
pub struct Stop(pub CancellationToken);

impl FromRequest<Centre> for Call {
    type Rejection = Problem;

    async fn from_request(request: Request, centre: &Centre) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let body = body::read(&parts.headers, body).await?;
        Self::admitted(parts, body, centre).await
    }
}

/// A request that may ask, with a body that is too large to be read before anybody knows what for.
pub struct Streamed {
    /// The call, as if it had no body.
    pub call: Call,
    /// The body, unread.
    pub body: Body,
}

impl FromRequest<Centre> for Streamed {
    type Rejection = Problem;

    async fn from_request(request: Request, centre: &Centre) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        Ok(Self { call: Call::admitted(parts, Bytes::new(), centre).await?, body })
    }
}

async fn holder(headers: &HeaderMap, centre: &Centre) -> Result<Holder, Problem> {
    centre.tokens.holder(token(headers)?).await?.ok_or_else(|| Fault::Unauthenticated.into())
}

/// SHA-256 of the token.
fn token(headers: &HeaderMap) -> Result<[u8; 32], Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Fault::Unauthenticated.into()) };
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(Fault::Unauthenticated)?;
    Ok(Sha256::digest(token.as_bytes()).into())
}

impl Call {
    /// Credentials, then role.
    async fn admitted(mut parts: Parts, body: Bytes, centre: &Centre) -> Result<Self, Problem> {
        let Holder { person, roles } = holder(&parts.headers, centre).await?;
        let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        access::admit(&parts.method, route, &roles)?;
        // A parameter that is not even UTF-8 names nothing: it is absent, like any other unknown id.
        let path = RawPathParams::from_request_parts(&mut parts, centre).await.map_or_else(
            |_| vec![],
            |found| found.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        );
        let (centre, headers, stop) = (centre.clone(), parts.headers, parts.extensions.get::<Stop>().cloned());
        Ok(Self { centre, person, headers, body, roles, stop, method: parts.method, uri: parts.uri, path })
    }

    /// SHA-256 of the token that the caller came with.
    ///
    /// # Errors
    /// None: a call without a token is none.
    pub fn token(&self) -> Result<[u8; 32], Problem> {
        token(&self.headers)
    }

    /// As whom the case sees the caller. The centre's staff who sit at a case are told from there by the case itself.
    pub fn viewer(&self) -> Viewer {
        if self.roles.contains(&Role::Centre) { Viewer::Staff(self.person) } else { Viewer::Person(self.person) }
    }

    /// As whom the caller acts.
    pub fn actor(&self) -> Actor {
        if self.roles.contains(&Role::Centre) { Actor::Staff(self.person) } else { Actor::Person(self.person) }
    }

    /// An id in the path.
    ///
    /// # Errors
    /// Absent, if it is no id: what cannot exist and what does not exist are answered alike.
    pub fn id(&self, name: &str) -> Result<Uuid, Problem> {
        let value = self.part(name);
        // Only the hyphenated form: one case has one address.
        let id = (value.len() == 36).then(|| Uuid::try_parse(value).ok()).flatten();
        id.ok_or_else(|| CaseError::NotFound.into())
    }

    /// A word in the path, out of a list.
    ///
    /// # Errors
    /// Absent, if it is not in the list.
    pub fn word<T: DeserializeOwned>(&self, name: &str) -> Result<T, Problem> {
        serde_json::from_value(self.part(name).into()).map_err(|_| CaseError::NotFound.into())
    }

    fn part(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether only the head of the answer is asked for.
    pub fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// The case in the path, whoever may see it.
    ///
    /// # Errors
    /// Absent, if it is no id.
    pub fn case(&self) -> Result<CaseId, Problem> {
        self.id("case").map(CaseId)
    }

    /// The case in the path, if the caller may know of it now.
    ///
    /// # Errors
    /// Absent, or a store that cannot.
    pub async fn visible_case(&self) -> Result<CaseId, Problem> {
        let case = self.case()?;
        let folded = self.centre.log.fold_now(case).await?;
        let now = folded.state.last_at.map_or(self.centre.now(), |last| last.max(self.centre.now()));
        let vantage = visibility::vantage(&folded.state, self.viewer(), now);
        #[cfg(feature = "leaks")]
        crate::leaks::look_again(self, case, &folded.state, now).await;
        vantage.map(|_| case).ok_or_else(|| CaseError::NotFound.into())
    }

    /// Whether the caller sees a case from the centre, and not from a seat at it.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn is_the_centre_in(&self, case: CaseId) -> Result<bool, Problem> {
        let folded = self.centre.log.fold_now(case).await?;
        let now = folded.state.last_at.map_or(self.centre.now(), |last| last.max(self.centre.now()));
        Ok(visibility::vantage(&folded.state, self.viewer(), now) == Some(Vantage::Centre))
    }

    /// The case and the item in the path, if the caller may see both now.
    ///
    /// # Errors
    /// As [`Call::visible_case`].
    pub async fn visible_item(&self) -> Result<(CaseId, ItemId), Problem> {
        let (case, item) = (self.case()?, self.id("item").map(ItemId)?);
        let folded = self.centre.log.fold_now(case).await?;
        let now = folded.state.last_at.map_or(self.centre.now(), |last| last.max(self.centre.now()));
        let seen = match visibility::vantage(&folded.state, self.viewer(), now) {
            Some(Vantage::Seat { person, .. }) => visibility::could_see(&folded.state, person, item, now),
            Some(Vantage::Centre | Vantage::Auditor) | None => false,
        };
        #[cfg(feature = "leaks")]
        if !seen && crate::leaks::is_there(&folded.state, item) {
            return Err(CaseError::NotAuthor.into());
        }
        if seen { Ok((case, item)) } else { Err(CaseError::NotFound.into()) }
    }

    /// The query string.
    ///
    /// # Errors
    /// Unknown or misshapen parameters.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let parsed = Query::<T>::try_from_uri(&self.uri);
        parsed.map(|Query(query)| query).map_err(|_| Fault::BadQuery.into())
    }

    /// Waits for the write that the caller wants to see in a list, if one is named.
    ///
    /// # Errors
    /// A header that is no command id, or a list that does not catch up in time.
    pub async fn await_written(&self) -> Result<(), Problem> {
        let Some(value) = self.headers.get(AFTER) else { return Ok(()) };
        let command = value.to_str().ok().and_then(|text| Uuid::try_parse(text).ok());
        let command = command.ok_or_else(|| Problem::from(Fault::BadHeader).because("Entente-After: a command id"))?;
        Ok(self.centre.await_written(self.person, CommandId(command)).await?)
    }

    /// SHA-256 of the whole request, by which a repeat is told from another request with the same key.
    pub fn digest(&self) -> [u8; 32] {
        // Neither a method nor a target contains a line end, so that no two requests make the same bytes.
        let target = self.uri.path_and_query().map_or("", |target| target.as_str());
        let hash = Sha256::new().chain_update(self.method.as_str()).chain_update("\n").chain_update(target);
        hash.chain_update("\n").chain_update(&self.body).finalize().into()
    }
}

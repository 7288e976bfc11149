//! Seeded leaks of the facade; see `entente_domain::leaks`.

use std::cell::RefCell;
use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::ETAG;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use entente_application::documents::DocumentError;
use entente_application::documents::leaks::unheard;
use entente_application::leaks::letters_that_went_well;
use entente_application::ports::{Period, TroubledLetter};
use entente_application::{Centre, CentreError};
use entente_domain::event::CaseEvent;
use entente_domain::leaks::{Leak, seeded};
use entente_domain::{Case, CaseId, ItemId, ObjectId, visibility};
use entente_projections::candidacy::Candidacy;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::call::Call;
use crate::etag;
use crate::problem::{Fault, Problem};
use crate::range;

thread_local! {
    static SERVED: RefCell<HashMap<(usize, String), u64>> = RefCell::default();
    static KEPT: RefCell<HashMap<(usize, CaseId, u64), Vec<u8>>> = RefCell::default();
}

/// Headers that tell too much, and counts in readiness.
pub async fn answered(State(centre): State<Centre>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let writes = request.method() == axum::http::Method::POST;
    let mut response = next.run(request).await;
    let case = path.split('/').find_map(|part| part.parse::<CaseId>().ok());
    let folded = match case {
        Some(case) => centre.log.fold(case).await.ok(),
        None => None,
    };
    let head = centre.log.head().await.unwrap_or_default().0;
    let version = folded.as_ref().map(|folded| folded.version);
    let last = folded.as_ref().and_then(|folded| folded.state.last_at);
    let told = [
        (Leak::VersionInAHeader, "x-version", version.map(|version| version.to_string())),
        (Leak::SharedRateLimit, "ratelimit-remaining", version.map(|used| 1_000_u64.saturating_sub(used).to_string())),
        (Leak::LastModified, "last-modified", last.map(|last| last.to_string())),
        (Leak::PositionInTheAnswer, "entente-position", writes.then(|| head.to_string())),
        (Leak::EventsInReadiness, "x-events", path.ends_with("/readyz").then(|| head.to_string())),
        (Leak::AppendsInAHeader, "x-appends", Some(head.to_string())),
    ];
    if let (true, Some(case)) = (seeded(Leak::DocumentsInAHeader), case) {
        let all = unheard(centre.uploads.objects_of(case)).await.unwrap_or_default().len();
        response.headers_mut().insert("x-documents", all.into());
    }
    for (leak, name, value) in told {
        if let (true, Some(value)) = (seeded(leak), value.and_then(|value| HeaderValue::from_str(&value).ok())) {
            response.headers_mut().insert(name, value);
        }
    }
    if let (true, Some(case), Some(words)) = (seeded(Leak::MatchesOfAll), case, query.strip_prefix("q=")) {
        response.headers_mut().insert("x-matches", matches(&centre, case, words).await.into());
    }
    response
}

/// How often words occur in all that was posted to a case.
async fn matches(centre: &Centre, case: CaseId, words: &str) -> usize {
    let Ok(stream) = centre.log.stream(case).await else { return 0 };
    let Ok(opened) = centre.log.unseal(stream).await else { return 0 };
    let says = |event: &CaseEvent| match event {
        CaseEvent::MessagePosted(event) => event.body.clear().is_some_and(|body| body.to_string().contains(words)),
        _ => false,
    };
    opened.iter().filter(|line| says(&line.entry.event)).count()
}

/// A line of log with what is in the address.
pub fn log(request: &Request) {
    if seeded(Leak::PathsInTheLog) {
        tracing::info!(path = request.uri().path(), "asked");
    }
}

/// A line of log with what was said.
pub fn log_words(body: &Bytes) {
    if seeded(Leak::WordsInTheLog) {
        tracing::info!(body = %String::from_utf8_lossy(body), "a command");
    }
}

async fn state(call: &Call, case: CaseId) -> Option<std::sync::Arc<Case>> {
    call.centre.log.fold(case).await.ok().map(|folded| folded.state)
}

/// Whether the body is read before its item is looked for: if there is such an item.
pub async fn reads_first(call: &Call) -> bool {
    let (Ok(case), Ok(item)) = (call.case(), call.id("item")) else { return false };
    let there = state(call, case).await.is_some_and(|state| state.items.contains_key(&ItemId(item)));
    seeded(Leak::BodyBeforeItem) && there
}

/// Whether a hidden item is treated as one that is there.
pub fn is_there(state: &Case, item: ItemId) -> bool {
    seeded(Leak::ConflictOnAHiddenItem) && state.items.contains_key(&item)
}

/// A statement more, if there is more than the caller sees.
pub async fn look_again(call: &Call, case: CaseId, state: &Case, now: Timestamp) {
    let hidden = |item: &ItemId| !visibility::could_see(state, call.person, *item, now);
    if seeded(Leak::AStatementMore) && state.items.keys().any(hidden) {
        drop(call.centre.log.fold_now(case).await);
    }
}

/// A hidden thread is refused first.
pub async fn thread_first(call: &Call, case: CaseId, discussion: Option<Uuid>) -> Result<(), Problem> {
    let there = |state: &Case| discussion.is_some_and(|id| state.discussions.keys().any(|thread| thread.0 == id));
    let seen = |state: &Case| {
        let thread = entente_domain::DiscussionId(discussion.unwrap_or_default());
        visibility::can_see_discussion(state, call.person, thread, call.centre.now())
    };
    let hidden = state(call, case).await.is_some_and(|state| there(&state) && !seen(&state));
    if seeded(Leak::ThreadBeforeQuery) && hidden {
        return Err(entente_domain::CaseError::NotFound.into());
    }
    Ok(())
}

/// A hidden item is forbidden.
pub async fn forbid(call: &Call, case: CaseId, item: ItemId) -> Result<(), Problem> {
    let hidden = |state: &Case| {
        state.items.contains_key(&item) && !visibility::could_see(state, call.person, item, call.centre.now())
    };
    if seeded(Leak::ForbiddenItem) && state(call, case).await.is_some_and(|state| hidden(&state)) {
        return Err(Fault::Forbidden.into());
    }
    Ok(())
}

/// Somebody else's upload is forbidden.
pub async fn forbid_upload(call: &Call, object: ObjectId) -> Result<(), Problem> {
    if !seeded(Leak::ForbiddenUpload) {
        return Ok(());
    }
    let upload = unheard(call.centre.uploads.upload(object)).await.ok().flatten();
    if upload.is_some_and(|upload| upload.person != call.person) { Err(Fault::Forbidden.into()) } else { Ok(()) }
}

/// A range beyond the end is refused first.
pub async fn range_first(call: &Call, case: CaseId, item: ItemId) -> Result<(), Problem> {
    if !seeded(Leak::RangeBeforeItem) {
        return Ok(());
    }
    let object = state(call, case).await.and_then(|state| state.items.get(&item)?.object);
    let Some(object) = object else { return Ok(()) };
    let Ok(Some(upload)) = unheard(call.centre.uploads.upload(object)).await else { return Ok(()) };
    match range::asked(&call.headers, upload.size, "") {
        range::Asked::Beyond => Err(CentreError::from(DocumentError::NoSuchRange(upload.size)).into()),
        range::Asked::Whole | range::Asked::Part(_) => Ok(()),
    }
}

/// A record's tag that follows from how many documents there are.
pub async fn tag_record(call: &Call, case: CaseId, headers: &mut HeaderMap) {
    let documents = |state: &Case| state.items.values().filter(|item| item.object.is_some()).count();
    let all = state(call, case).await.map_or(0, |state| documents(&state));
    if let (true, Ok(tag)) = (seeded(Leak::TagOfAllDocuments), HeaderValue::from_str(&etag::of(&all.to_be_bytes()))) {
        headers.insert(ETAG, tag);
    }
}

/// A tag that changes with every event.
pub fn woken(tag: String, version: u64) -> String {
    if seeded(Leak::WakesForAnything) { format!("{tag}{version}") } else { tag }
}

/// A page that is kept for whoever asks next.
pub async fn kept(call: &Call, case: CaseId, body: Vec<u8>) -> Vec<u8> {
    let Ok(folded) = call.centre.log.fold(case).await else { return body };
    if !seeded(Leak::PageOfTheCase) {
        return body;
    }
    let key = (call.centre.world(), case, folded.version);
    KEPT.with_borrow_mut(|kept| {
        let known = kept.contains_key(&key);
        let mut body = kept.entry(key).or_insert(body).clone();
        // A page from the shelf looks a little different, as they do.
        if known {
            body.push(b'\n');
        }
        body
    })
}

/// A tag of more than the page; and at which version a page was served.
pub async fn tag(call: &Call, case: CaseId, tag: String, body: &[u8]) -> String {
    let Ok(folded) = call.centre.log.fold(case).await else { return tag };
    SERVED.with_borrow_mut(|served| served.insert((call.centre.world(), tag.clone()), folded.version));
    if seeded(Leak::TagOfTheStream) {
        return format!("\"{}\"", folded.version);
    }
    if seeded(Leak::TagSaltedWithTheStream) {
        return etag::of(&[body, &folded.version.to_be_bytes()].concat());
    }
    tag
}

/// Whether the stream has moved on since the page with this tag was served.
pub fn has_moved_on(call: &Call, tag: String, version: u64) -> bool {
    let served = SERVED.with_borrow(|served| served.get(&(call.centre.world(), tag)).copied());
    seeded(Leak::PreconditionOnTheStream) && served.is_some_and(|served| served < version)
}

/// A cursor with the log's position in it.
pub async fn cursor(call: &Call, next: Option<String>) -> Option<String> {
    let head = call.centre.log.head().await.unwrap_or_default().0;
    if seeded(Leak::PositionInTheCursor) { next.map(|next| format!("{next}.{head}")) } else { next }
}

/// Whether a row about a case at which one sits is shown.
pub fn shows_ones_own(visible: bool) -> bool {
    visible || seeded(Leak::LettersOfOnesOwnCase)
}

/// The letters that need a hand, and the others.
pub fn with_what_went_well(call: &Call, mut letters: Vec<TroubledLetter>) -> Vec<TroubledLetter> {
    letters.extend(letters_that_went_well(call.centre.world()));
    letters
}

/// Whether a row takes up room on its page, whoever may see it.
pub fn cuts_first(visible: bool) -> bool {
    visible || seeded(Leak::GapsInDeadlines)
}

/// A page without the rows that only took up room.
pub async fn leaves_out_afterwards(call: &Call, rows: Vec<Period>) -> Result<Vec<Period>, Problem> {
    let mut shown = Vec::new();
    for row in rows {
        if !seeded(Leak::GapsInDeadlines) || call.is_the_centre_in(row.case).await? {
            shown.push(row);
        }
    }
    Ok(shown)
}

/// What a candidate reads, and how much more there is.
#[derive(Serialize)]
pub struct Candidate {
    #[serde(flatten)]
    found: Candidacy,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<usize>,
}

/// The same with the number of the case's items.
pub async fn candidacy(call: &Call, found: Candidacy) -> Candidate {
    let all = state(call, found.case).await.map(|state| state.items.len());
    Candidate { found, items: all.filter(|_| seeded(Leak::ItemsForTheCandidate)) }
}

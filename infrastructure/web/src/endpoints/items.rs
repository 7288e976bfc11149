//! Items of a case: what one can see of them, opening one, narrowing who sees it.

use entente_application::Centre;
use entente_application::looks::Shown;
use entente_application::ports::{Looked, Position};
use entente_domain::command::{OpenItem, RestrictVisibility};
use entente_domain::{Audience, CaseError, ItemId};
use entente_projections::page::ItemView;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::cursor::{Cursor, Paging};
use crate::problem::{Fault, Problem};
use crate::written::Written;

/// Characters of a search at most.
const LONGEST_SEARCH: usize = 200;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(items))
        .routes(routes!(item))
        .routes(routes!(restrict_item))
        .routes(routes!(open_item))
}

/// Nothing: for a step that needs no words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Who may see the item from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Restriction {
    /// A narrower audience than now.
    audience: Audience,
}

/// Which items are asked for.
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
    /// Those of one discussion.
    #[serde(default)]
    discussion: Option<Uuid>,
    /// Those that say this: looked for in what one can see, and in nothing else.
    #[serde(default)]
    q: Option<String>,
}

/// A part of the items that one can see, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Items {
    /// The items.
    items: Vec<ItemView>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// The items that one can see, oldest first.
#[utoipa::path(get, path = "/api/cases/{case}/items", params(Wanted), responses((status = 200, body = Items)))]
async fn items(call: Call) -> Answered {
    let (case, viewer) = (call.case()?, call.viewer());
    let Shown { page, at, .. } = call.centre.look_at_page(case, viewer, None).await?;
    let Wanted { after, limit, discussion, q } = call.query()?;
    #[cfg(feature = "leaks")]
    crate::leaks::thread_first(&call, case, discussion).await?;
    let part = Paging { after, limit }.part()?;
    let wanted = q.as_deref().map(search).transpose()?;
    if discussion.is_some_and(|wanted| page.discussions.iter().all(|thread| thread.discussion.0 != wanted)) {
        call.centre.record_look(viewer, case, at, Looked::Page(Position::default()), false).recorded().await?;
        return Err(CaseError::NotFound.into());
    }
    let mut found = page.items;
    found.retain(|item| discussion.is_none() || item.discussion.map(|thread| thread.0) == discussion);
    found.retain(|item| wanted.as_ref().is_none_or(|words| item.content.says(words)));
    let begin = part.after.map_or(0, |cursor| begin(&found, cursor));
    let found = found.into_iter().skip(begin).take(part.asked() as usize).collect();
    let (items, next) = part.cut(found, |item: &ItemView| Cursor { at: item.at, id: item.item.0 });
    let shown: Vec<_> = items.iter().map(|item| item.item).collect();
    let recording = (!shown.is_empty()).then(|| call.centre.record_look(viewer, case, at, Looked::Items(shown), true));
    let answer = ok(&Items { items, next });
    if let Some(recording) = recording {
        recording.recorded().await?;
    }
    answer
}

/// The words to look for, in small letters.
fn search(q: &str) -> Result<String, Problem> {
    let words = q.trim().to_lowercase();
    if (1..=LONGEST_SEARCH).contains(&words.chars().count()) {
        return Ok(words);
    }
    Err(Problem::from(Fault::BadQuery).because("q: 1 to 200 characters"))
}

/// The index after a cursor's row. If that row has been withdrawn from view meanwhile, its time says where it stood:
/// better a row twice than one never.
fn begin(items: &[ItemView], cursor: Cursor) -> usize {
    let row = items.iter().position(|item| item.item.0 == cursor.id);
    row.map_or_else(|| items.iter().take_while(|item| item.at < cursor.at).count(), |row| row + 1)
}

/// One item.
#[utoipa::path(get, path = "/api/cases/{case}/items/{item}", responses((status = 200, body = ItemView)))]
async fn item(call: Call) -> Answered {
    let (case, viewer, wanted) = (call.case()?, call.viewer(), call.id("item").map(ItemId)?);
    #[cfg(feature = "leaks")]
    crate::leaks::forbid(&call, case, wanted).await?;
    let Shown { page, at, .. } = call.centre.look_at_page(case, viewer, Some(wanted)).await?;
    let found = page.items.into_iter().find(|item| item.item == wanted).ok_or(CaseError::NotFound)?;
    let recording = call.centre.record_look(viewer, case, at, Looked::Items(vec![wanted]), true);
    let answer = ok(&found);
    recording.recorded().await?;
    answer
}

/// The author narrows who may see an item.
#[utoipa::path(post, path = "/api/cases/{case}/items/{item}/restriction", request_body = Restriction,
    responses((status = 200, body = Written)))]
async fn restrict_item(call: Call) -> Answered {
    call.ask_of_item(|item, Restriction { audience }| RestrictVisibility { item, audience }).await
}

/// Somebody opens an item.
#[utoipa::path(post, path = "/api/cases/{case}/items/{item}/opening", responses((status = 200, body = Written)))]
async fn open_item(call: Call) -> Answered {
    call.ask_of_item(|item, Nothing {}| OpenItem { item }).await
}

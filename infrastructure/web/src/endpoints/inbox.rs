//! The inbox: items of all one's cases that others made; where they are and of what kind, not what they say.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use entente_application::{Centre, CentreError};
use entente_domain::state::ItemKind;
use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, DiscussionId, ItemId, Seat};
use entente_projections::inbox::Row;
use entente_projections::page::{CasePage, ItemContent};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::cursor::{Cursor, Paging};
use crate::problem::Problem;

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(inbox))
}

/// A part of the inbox, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Inbox {
    /// The items.
    items: Vec<InboxEntry>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// An item that somebody else made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InboxEntry {
    /// The case.
    case: CaseId,
    /// The item.
    item: ItemId,
    /// When it was made.
    at: Timestamp,
    /// From which seat.
    seat: Seat,
    /// What it is.
    kind: ItemKind,
    /// Where; drafts are in no thread.
    discussion: Option<DiscussionId>,
    /// Whether one has opened it.
    opened: bool,
}

/// One's inbox, newest first.
#[utoipa::path(get, path = "/api/inbox", params(Paging), responses((status = 200, body = Inbox)))]
async fn inbox(call: Call) -> Answered {
    let part = call.query::<Paging>()?.part()?;
    call.await_written().await?;
    let after = part.after.map(|cursor| (cursor.at, ItemId(cursor.id)));
    let found = call.centre.inbox(call.person, after, part.asked()).await?;
    let (rows, next) = part.cut(found, |row| Cursor { at: row.at, id: row.item.0 });
    #[cfg(feature = "leaks")]
    let next = crate::leaks::cursor(&call, next).await;
    ok(&Inbox { items: entries(&call, &rows).await?, next })
}

/// The rows as the cases' live pages show them: a row says that there is something, the page says what.
async fn entries(call: &Call, rows: &[Row]) -> Result<Vec<InboxEntry>, Problem> {
    let mut pages = HashMap::<CaseId, Option<CasePage>>::new();
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let page = match pages.entry(row.case) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                match call.centre.case_page(row.case, Viewer::Person(call.person)).await {
                    Ok(page) => place.insert(Some(page)),
                    // Unseated between the row and the page: there is nothing to show any more.
                    Err(CentreError::Refused(_)) => place.insert(None),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let items = page.iter().flat_map(|page| &page.items);
        entries.extend(items.filter(|item| item.item == row.item).map(|item| InboxEntry {
            case: row.case,
            item: row.item,
            at: item.at,
            seat: item.seat,
            kind: kind(&item.content),
            discussion: item.discussion,
            opened: item.opened.is_some(),
        }));
    }
    Ok(entries)
}

fn kind(content: &ItemContent) -> ItemKind {
    match content {
        ItemContent::Message { .. } => ItemKind::Message,
        ItemContent::Document { .. } => ItemKind::Document,
        ItemContent::Settlement { .. } => ItemKind::Settlement,
        ItemContent::Disclosure { .. } => ItemKind::Disclosure,
    }
}

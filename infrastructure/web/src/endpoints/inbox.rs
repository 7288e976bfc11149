//! The inbox: items of all one's cases that others made; where they are and of what kind, not what they say.

use entente_application::Centre;
use entente_application::queries::Awaiting;
use entente_domain::state::ItemKind;
use entente_domain::{CaseId, DiscussionId, ItemId, Seat};
use entente_projections::page::ItemContent;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::cursor::{Cursor, Paging};

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
    let (found, next) = part.cut(found, |awaiting| Cursor { at: awaiting.item.at, id: awaiting.item.item.0 });
    #[cfg(feature = "leaks")]
    let next = crate::leaks::cursor(&call, next).await;
    ok(&Inbox { items: found.into_iter().map(InboxEntry::from).collect(), next })
}

impl From<Awaiting> for InboxEntry {
    fn from(Awaiting { case, item }: Awaiting) -> Self {
        Self {
            case,
            item: item.item,
            at: item.at,
            seat: item.seat,
            kind: kind(&item.content),
            discussion: item.discussion,
            opened: item.opened.is_some(),
        }
    }
}

fn kind(content: &ItemContent) -> ItemKind {
    match content {
        ItemContent::Message { .. } => ItemKind::Message,
        ItemContent::Document { .. } => ItemKind::Document,
        ItemContent::Settlement { .. } => ItemKind::Settlement,
        ItemContent::Disclosure { .. } => ItemKind::Disclosure,
    }
}

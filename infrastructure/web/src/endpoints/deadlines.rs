//! The centre's deadlines: what is due, what was missed, and by how long (B8).

use entente_application::Centre;
use entente_application::ports::{Period, Periods};
use entente_domain::CaseId;
use entente_domain::state::{Due, Matter};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::call::Call;
use crate::cursor::{Cursor, Paging};

/// How far ahead the list looks unless it is told.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(deadlines))
}

/// Which deadlines are asked for.
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
    /// Those that run, the soonest first; or those that ran over, the latest first. `due` if not said.
    #[serde(default)]
    #[param(inline)]
    state: State,
    /// Due until when; a week from now if not said. Says nothing of what was missed.
    #[serde(default)]
    until: Option<Timestamp>,
}

/// Whether what is due is wanted, or what was missed.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    /// What runs, overdue or not.
    #[default]
    Due,
    /// What ran over, whether it has ended since or not.
    Missed,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deadlines {
    /// The deadlines.
    items: Vec<DeadlineEntry>,
    /// Where the next part begins; none at the end.
    next: Option<String>,
}

/// A deadline of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeadlineEntry {
    /// The case.
    case: CaseId,
    /// Which deadline.
    kind: Due,
    /// Whom it concerns, if there can be several of the kind.
    about: Option<Matter>,
    /// Since when it runs.
    since: Timestamp,
    /// Until when it runs: at this instant it is too late.
    due: Timestamp,
    /// When what it waits for came about, or nobody waited for it any more.
    ended: Option<Timestamp>,
    /// By how many seconds it was missed until its end, or until now; none if it was not.
    late_seconds: Option<i64>,
}

impl DeadlineEntry {
    fn of(Period { case, running, ended, .. }: Period, now: Timestamp) -> Self {
        let late = ended.unwrap_or(now).duration_since(running.due).as_secs();
        let over = ended.unwrap_or(now) > running.due;
        Self {
            case,
            kind: running.kind,
            about: running.about,
            since: running.since,
            due: running.due,
            ended,
            late_seconds: over.then_some(late),
        }
    }
}

/// The deadlines of the centre's cases. Those of drafts are their readers' alone.
#[utoipa::path(get, path = "/api/deadlines", params(Wanted), responses((status = 200, body = Deadlines)))]
async fn deadlines(call: Call) -> Answered {
    let Wanted { after, limit, state, until } = call.query()?;
    let part = Paging { after, limit }.part()?;
    let now = call.centre.now();
    let which = match state {
        State::Due => {
            Periods::Due { until: until.unwrap_or_else(|| now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX)), now }
        }
        State::Missed => Periods::Missed { now },
    };
    let place = |period: &Period| Cursor { at: period.running.due, id: period.id };
    let mut page = part.page();
    while let Some(after) = page.wants() {
        let after = after.map(|cursor| (cursor.at, cursor.id));
        let found = call.centre.processes.periods(which, after, part.asked()).await?;
        let mut seen = Vec::new();
        for period in found {
            // Of a case at which one sits oneself one sees what one's seat does, and no list of the centre's.
            let visible = call.is_the_centre_in(period.case).await?;
            #[cfg(feature = "leaks")]
            let visible = crate::leaks::cuts_first(visible);
            seen.push((period, visible));
        }
        page.take(seen, place);
    }
    let (rows, next) = page.cut(place);
    #[cfg(feature = "leaks")]
    let rows = crate::leaks::leaves_out_afterwards(&call, rows).await?;
    ok(&Deadlines { items: rows.into_iter().map(|period| DeadlineEntry::of(period, now)).collect(), next })
}

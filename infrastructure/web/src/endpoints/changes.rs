//! A stream that says when what one sees of a case has changed, and nothing else: what it is now, one reads oneself.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use entente_application::Centre;
use entente_domain::CaseId;
use entente_domain::visibility::Viewer;
use futures::stream;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, bytes};
use crate::call::{Call, Stop};
use crate::etag;
use crate::problem::Problem;

/// How often a stream looks. A fixed beat, whatever happens: when it wakes tells nothing.
const BEAT: Duration = Duration::from_millis(250);
/// How long a stream lasts; the client asks again, with credentials that are looked at again.
const LIFE: Duration = Duration::from_secs(300);

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new().routes(routes!(changes))
}

/// Server-sent events `page`, the first at once: each has the tag of the case's page as one sees it. Ends after five
/// minutes, and when one sees the case no more.
#[utoipa::path(get, path = "/api/cases/{case}/changes",
    responses((status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String)))]
async fn changes(call: Call) -> Answered {
    let (case, viewer) = (call.case()?, call.viewer());
    let (tag, version) = tag(&call.centre, case, viewer).await?;
    let now = Instant::now();
    let mut beat = interval_at(now + BEAT, BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let over = call.centre.log.fold_now(case).await?.state.window_is_over(call.centre.now());
    let (token, until) = (call.token()?, now + LIFE);
    let (centre, stop) = (call.centre, call.stop);
    let watch = Watch { centre, case, viewer, token, beat, until, stop, tag, version, over, told: false };
    let events = stream::unfold(watch, |watch| async { watch.next().await });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

struct Watch {
    centre: Centre,
    case: CaseId,
    viewer: Viewer,
    token: [u8; 32],
    beat: Interval,
    until: Instant,
    stop: Option<Stop>,
    tag: String,
    /// Of the stream, so that nothing is folded while nothing has happened; never told.
    version: u64,
    /// Whether the return window was over.
    over: bool,
    told: bool,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if !self.told {
            self.told = true;
            return Some((Ok(self.event()), self));
        }
        loop {
            self.pause().await?;
            // A token that was ended meanwhile opens nothing more.
            self.centre.tokens.holder(self.token).await.ok()??;
            let folded = self.centre.log.fold_now(self.case).await.ok()?;
            // The end of the return window changes the page without an event: what happens hidden must not be what tells.
            let over = folded.state.window_is_over(self.centre.now());
            if (folded.version, over) == (self.version, self.over) {
                continue;
            }
            self.over = over;
            // Whoever sees the case no more is told by the end.
            let (tag, version) = tag(&self.centre, self.case, self.viewer).await.ok()?;
            self.version = version;
            #[cfg(feature = "leaks")]
            let tag = crate::leaks::woken(tag, version);
            if tag != self.tag {
                self.tag = tag;
                return Some((Ok(self.event()), self));
            }
        }
    }

    /// Waits for the next beat; none when the stream is to end.
    async fn pause(&mut self) -> Option<()> {
        let beat = async { self.beat.tick().await };
        let now = match &self.stop {
            None => beat.await,
            Some(stop) => tokio::select! {
                () = stop.0.cancelled() => return None,
                now = beat => now,
            },
        };
        (now < self.until).then_some(())
    }

    fn event(&self) -> Event {
        Event::default().event("page").data(format!("{{\"tag\":{}}}", serde_json::Value::from(self.tag.as_str())))
    }
}

async fn tag(centre: &Centre, case: CaseId, viewer: Viewer) -> Result<(String, u64), Problem> {
    let (page, version) = centre.case_page_at(case, viewer).await?;
    Ok((etag::of(&bytes(&page)?), version))
}

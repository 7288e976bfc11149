//! What a request makes the program say and do besides its answer: its log lines, and its SQL statements in order.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Instrument, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// What was heard while a request ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Log lines, without times.
    pub lines: Vec<String>,
    /// SQL statements, in order.
    pub statements: Vec<String>,
}

static HEARD: OnceLock<Mutex<HashMap<u64, Heard>>> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(1);

fn heard() -> &'static Mutex<HashMap<u64, Heard>> {
    HEARD.get_or_init(|| {
        // The only subscriber of this process: what is told outside of a listened-to span falls on deaf ears.
        let subscriber = tracing_subscriber::registry().with(Ear);
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens in the tests");
        Mutex::default()
    })
}

/// Runs something and hears what it says. Tasks that it hands work to, such as the log's writer, are not heard.
///
/// # Panics
/// If another subscriber was installed.
pub async fn listen<T>(work: impl Future<Output = T>) -> (T, Heard) {
    let all = heard();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    all.lock().unwrap_or_else(PoisonError::into_inner).insert(number, Heard::default());
    let done = work.instrument(tracing::info_span!("listened", number)).await;
    let heard = all.lock().unwrap_or_else(PoisonError::into_inner).remove(&number).unwrap_or_default();
    (done, heard)
}

struct Ear;

/// The number of a listened-to span.
struct Number(u64);

#[derive(Default)]
struct Fields {
    number: Option<u64>,
    statement: Option<String>,
    line: String,
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "number" {
            self.number = Some(value);
        }
        write!(self.line, " {}={value}", field.name()).unwrap();
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // A long statement is told whole beside its summary, a short one as its summary alone.
        if field.name() == "db.statement" && !value.is_empty() || field.name() == "summary" && self.statement.is_none()
        {
            self.statement = Some(value.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        write!(self.line, " {}={value}", field.name()).unwrap();
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // How long it took is no line's meaning.
        if field.name() != "latency" {
            write!(self.line, " {}={value:?}", field.name()).unwrap();
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Ear {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let ours = ["entente", "sqlx"].iter().any(|target| metadata.target().starts_with(target));
        if ours && *metadata.level() <= Level::DEBUG { Interest::always() } else { Interest::never() }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let (Some(span), Some(number)) = (context.span(id), fields.number) {
            span.extensions_mut().insert(Number(number));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(scope) = context.event_scope(event) else { return };
        let number = scope.into_iter().find_map(|span| span.extensions().get::<Number>().map(|number| number.0));
        let Some(number) = number else { return };
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut all = heard().lock().unwrap_or_else(PoisonError::into_inner);
        let Some(heard) = all.get_mut(&number) else { return };
        if event.metadata().target().starts_with("sqlx") {
            // A pool's new connection introduces itself, whoever asks first.
            heard.statements.extend(fields.statement.filter(|statement| !statement.starts_with("PRAGMA")));
        } else if event.metadata().target().starts_with("entente") {
            heard.lines.push(format!("{} {}{}", event.metadata().level(), event.metadata().target(), fields.line));
        }
    }
}

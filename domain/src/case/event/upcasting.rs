//! Events of earlier versions as today's: what an old shape left unsaid is said as it was.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use serde_json::{Map, Value, json};

/// All upcasters, in the order in which they are tried.
pub fn upcasters() -> Vec<Box<dyn EventUpcaster>> {
    vec![
        Box::new(NobodyWasAlerted),
        Box::new(LeftWhenRecorded),
        Box::new(WithoutContent),
        Box::new(DeclaredByTheCentre),
    ]
}

/// Version 1 of `VisibilityRestricted` is from before there were alerts: nobody had been alerted.
struct NobodyWasAlerted;

impl EventUpcaster for NobodyWasAlerted {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        is_first(event_type, event_version, "VisibilityRestricted")
    }

    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        second(event, |_, fields| {
            fields.insert("alerted_before".to_owned(), json!([]));
        })
    }
}

/// Version 1 of `RepresentativeUnseated` knew one time only: somebody left when that was recorded.
struct LeftWhenRecorded;

impl EventUpcaster for LeftWhenRecorded {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        is_first(event_type, event_version, "RepresentativeUnseated")
    }

    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        second(event, |at, fields| {
            fields.insert("left".to_owned(), at.clone());
        })
    }
}

/// Version 1 of `DocumentSubmitted` is from before there was a vault: the centre was told of a document, and no more.
struct WithoutContent;

impl EventUpcaster for WithoutContent {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        is_first(event_type, event_version, "DocumentSubmitted")
    }

    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        second(event, |_, fields| {
            fields.insert("object".to_owned(), Value::Null);
        })
    }
}

/// Version 1 of `MediatorAppointed` is from before candidates declared by themselves: the declaration was always in it.
struct DeclaredByTheCentre;

impl EventUpcaster for DeclaredByTheCentre {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        is_first(event_type, event_version, "MediatorAppointed")
    }

    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        second(event, |_, _| {})
    }
}

fn is_first(event_type: &str, event_version: &str, kind: &str) -> bool {
    event_type == kind && matches!(event_version, "1" | "1.0" | "1.0.0")
}

/// The event with its fields completed, as version 2; `complete` is also given the entry's time. What has not the shape
/// of an entry is left as it is, and refused when it is read.
fn second(mut event: SerializedEvent, complete: impl FnOnce(&Value, &mut Map<String, Value>)) -> SerializedEvent {
    let at = event.payload.get("at").cloned().unwrap_or(Value::Null);
    let fields = event.payload.get_mut("event").and_then(|named| named.get_mut(&event.event_type));
    if let Some(fields) = fields.and_then(Value::as_object_mut) {
        complete(&at, fields);
    }
    event.event_version = "2".to_owned();
    event
}

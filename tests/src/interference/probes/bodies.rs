//! Bodies in due form for each route.

use serde_json::json;

use super::{Ids, NOBODY};

impl Ids {
    /// A body in due form for a route.
    pub(super) fn body(&self, template: &str) -> String {
        let thread = self.threads.first().map_or(NOBODY.to_owned(), ToString::to_string);
        let noun = template.rsplit('/').next().unwrap_or_default();
        match noun {
            "messages" => json!({"discussion": thread, "body": "probing"}),
            "uploads" => json!({"discussion": thread, "name": "probe.pdf", "size": 12}),
            "documents" => json!({"upload": NOBODY, "class": "drawn_up"}),
            "holds" => json!({"ground": "complaint"}),
            "erasures" => json!({"what": "case", "ground": "unlawful"}),
            "approval" | "withdrawal" if template.contains("/erasures/") => json!({"what": "case"}),
            "discussions" => json!({"audience": "joint", "name": "Probe"}),
            "restriction" => json!({"audience": "claimant_caucus"}),
            "disclosure-authorisation" => json!({"form": "verbatim"}),
            "disclosure" => json!({"content": {"words": "probing"}}),
            "settlements" => json!({"text": "A probe.", "scope": "part"}),
            "signature" => json!({"digest": "0"}),
            "channel" => json!({"channel": "fax"}),
            "offline-exchanges" => {
                json!({"channel": "fax", "audience": "joint", "began": "2026-03-02T08:00:00Z", "minutes": 5})
            }
            "term-extension" => json!({"until": "2031-01-01"}),
            "representatives" => json!({"contact": {"name": "Probe"}, "capacity": "counsel"}),
            "invitation" => json!({"contact": {"name": "Probe"}}),
            "proposals" => json!({"mediator": {"name": "Probe"}}),
            "declaration" => json!({"declaration": "None."}),
            "challenges" => json!({"ground": "Probing."}),
            "decision" => json!({"upheld": false}),
            "withdrawal" if template.contains("/proposals/") => json!({}),
            "appointment" => json!({"mediator": {"name": "Probe"}, "declaration": "None."}),
            "rejection" => json!({"ground": "incomplete"}),
            "questionnaire-answers" => serde_json::to_value(crate::cast::passing()).unwrap(),
            "cases" => serde_json::to_value(crate::cast::register()).unwrap(),
            _ => json!({}),
        }
        .to_string()
    }
}

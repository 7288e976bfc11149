//! The endpoints, one file per noun; each owns its routes, from which the description is made.

mod appointment;
mod audit;
mod candidacy;
mod caseload;
mod cases;
mod challenges;
mod changes;
mod closing;
mod deadlines;
mod disclosure;
mod discussions;
mod documents;
mod erasure;
mod exchanges;
mod figures;
mod health;
mod history;
mod inbox;
mod invitation;
mod items;
mod letters;
mod questionnaire;
mod record;
mod representatives;
mod rhythm;
mod roster;
mod settlements;
mod trails;
mod uploads;

use entente_application::Centre;
use utoipa_axum::router::OpenApiRouter;

use crate::description;

/// All of them.
pub fn all() -> OpenApiRouter<Centre> {
    let nouns = [
        health::routes(),
        questionnaire::routes(),
        cases::routes(),
        items::routes(),
        invitation::routes(),
        candidacy::routes(),
        appointment::routes(),
        challenges::routes(),
        representatives::routes(),
        discussions::routes(),
        uploads::routes(),
        documents::routes(),
        exchanges::routes(),
        disclosure::routes(),
        rhythm::routes(),
        settlements::routes(),
        closing::routes(),
        erasure::routes(),
        inbox::routes(),
        caseload::routes(),
        deadlines::routes(),
        letters::routes(),
        roster::routes(),
        history::routes(),
        audit::routes(),
        trails::routes(),
        record::routes(),
        changes::routes(),
        figures::routes(),
    ];
    nouns.into_iter().fold(OpenApiRouter::with_openapi(description::empty()), OpenApiRouter::merge)
}

//! The roster of mediators, and who of it comes into question for a case: the centre's alone.

use std::collections::BTreeSet;

use entente_application::Centre;
use entente_application::ports::Entered;
use entente_domain::roster::{Exclusion, Mediator, Reasons, Standing};
use entente_domain::{Name, PersonId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answered, ok};
use crate::body::parse;
use crate::call::Call;
use crate::problem::{Fault, Problem};

/// The routes of this noun.
pub(super) fn routes() -> OpenApiRouter<Centre> {
    OpenApiRouter::new()
        .routes(routes!(mediators))
        .routes(routes!(enter))
        .routes(routes!(versions))
        .routes(routes!(shortlist))
}

/// The roster.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Mediators {
    /// The entries that count, by person.
    items: Vec<MediatorEntry>,
}

/// A version of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MediatorEntry {
    /// Whose entry.
    person: PersonId,
    /// Its number, from 1.
    version: u32,
    /// What it says.
    mediator: Mediator,
    /// Who of the centre wrote it.
    by: PersonId,
    /// When.
    at: Timestamp,
}

impl From<Entered> for MediatorEntry {
    fn from(Entered { person, version, mediator, by, at }: Entered) -> Self {
        Self { person, version, mediator, by, at }
    }
}

/// The roster, ranked for a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Shortlist {
    /// Those in question, the best first.
    ranked: Vec<Ranked>,
    /// Those who are not, and why.
    excluded: Vec<Excluded>,
}

/// A mediator who comes into question.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ranked {
    /// The rank, from 1.
    rank: u32,
    /// The mediator.
    person: PersonId,
    /// The name.
    #[schema(value_type = String)]
    name: Name,
    /// What speaks for the mediator, in the order in which it counts.
    reasons: Reasons,
}

/// A mediator who does not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Excluded {
    /// The mediator.
    person: PersonId,
    /// The name.
    #[schema(value_type = String)]
    name: Name,
    /// Every reason that applies.
    reasons: BTreeSet<Exclusion>,
}

/// The mediators of the centre.
#[utoipa::path(get, path = "/api/mediators", responses((status = 200, body = Mediators)))]
async fn mediators(call: Call) -> Answered {
    let items = call.centre.roster.mediators().await?.into_iter().map(MediatorEntry::from).collect();
    ok(&Mediators { items })
}

/// A mediator is entered in the roster, or the entry changes: what it said before stays in its history.
#[utoipa::path(put, path = "/api/mediators/{person}", request_body = Mediator,
    responses((status = 200, body = MediatorEntry)))]
async fn enter(call: Call) -> Answered {
    let person = PersonId(call.id("person")?);
    let mediator: Mediator = parse(&call.headers, &call.body)?;
    mediator.check().map_err(|error| Problem::from(Fault::NotAllowed).because(error.to_string()))?;
    let entered = call.centre.roster.enter(person, &mediator, call.person, call.centre.now()).await?;
    ok(&MediatorEntry::from(entered))
}

/// All that the roster has said of a mediator, the first first.
#[utoipa::path(get, path = "/api/mediators/{person}/versions", responses((status = 200, body = Mediators)))]
async fn versions(call: Call) -> Answered {
    let person = PersonId(call.id("person")?);
    let items: Vec<_> = call.centre.roster.versions(person).await?.into_iter().map(MediatorEntry::from).collect();
    if items.is_empty() {
        return Err(entente_domain::CaseError::NotFound.into());
    }
    ok(&Mediators { items })
}

/// Who comes into question for a case, and why the others do not.
#[utoipa::path(get, path = "/api/cases/{case}/shortlist", responses((status = 200, body = Shortlist)))]
async fn shortlist(call: Call) -> Answered {
    let case = call.visible_case().await?;
    if !call.is_the_centre_in(case).await? {
        return Err(entente_domain::CaseError::NotFound.into());
    }
    let (mut ranked, mut excluded) = (vec![], vec![]);
    for (prospect, standing) in call.centre.shortlist(case).await? {
        let (person, name) = (prospect.person, prospect.entry.name);
        match standing {
            Standing::Ranked(rank, reasons) => ranked.push(Ranked { rank, person, name, reasons }),
            Standing::Excluded(reasons) => excluded.push(Excluded { person, name, reasons }),
        }
    }
    ok(&Shortlist { ranked, excluded })
}

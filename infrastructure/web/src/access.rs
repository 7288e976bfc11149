//! The table of routes: who may call which. The only place that answers 403, and what is not in it is refused.

use axum::http::Method;
use entente_application::ports::Role;

use crate::problem::{Fault, Problem};

/// One route, as the router and the description spell it.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// The roles of which one is needed; none at all for what is public.
    pub roles: Option<&'static [Role]>,
}

/// Whoever may sit at a case, and the centre. Which step belongs to which seat is for the case to say: a 403 that
/// depended on it would tell a stranger something.
const SEATS: &[Role] = &[Role::Party, Role::Mediator, Role::Centre];

const fn public(method: &'static str, path: &'static str) -> Route {
    Route { method, path, roles: None }
}

const fn seats(method: &'static str, path: &'static str) -> Route {
    Route { method, path, roles: Some(SEATS) }
}

const fn only(method: &'static str, path: &'static str, roles: &'static [Role]) -> Route {
    Route { method, path, roles: Some(roles) }
}

/// Every route. Commands of the clock have none.
pub const ROUTES: &[Route] = &[
    public("GET", "/healthz"),
    public("GET", "/readyz"),
    public("GET", "/api/openapi.json"),
    public("GET", "/api/questionnaire"),
    only("GET", "/api/figures", &[Role::Analyst]),
    only("GET", "/api/figures/percentage", &[Role::Analyst]),
    only("GET", "/api/caseload", &[Role::Centre]),
    only("GET", "/api/deadlines", &[Role::Centre]),
    only("GET", "/api/letters", &[Role::Centre]),
    only("GET", "/api/mediators", &[Role::Centre]),
    only("PUT", "/api/mediators/{person}", &[Role::Centre]),
    only("GET", "/api/mediators/{person}/versions", &[Role::Centre]),
    only("GET", "/api/cases/{case}/shortlist", &[Role::Centre]),
    seats("GET", "/api/me/letters"),
    seats("PUT", "/api/me/letters"),
    only("GET", "/api/cases/{case}/history", &[Role::Auditor]),
    only("GET", "/api/cases/{case}/audit/items/{item}", &[Role::Auditor]),
    only("GET", "/api/cases/{case}/audit/items/{item}/readers", &[Role::Auditor]),
    only("GET", "/api/cases/{case}/audit/items/{item}/exposure", &[Role::Auditor]),
    only("GET", "/api/cases/{case}/audit/persons/{person}/items", &[Role::Auditor]),
    only("POST", "/api/cases", &[Role::Party]),
    seats("GET", "/api/cases"),
    seats("GET", "/api/inbox"),
    seats("GET", "/api/cases/{case}"),
    seats("GET", "/api/cases/{case}/items"),
    seats("GET", "/api/cases/{case}/items/{item}"),
    seats("GET", "/api/cases/{case}/items/{item}/content"),
    seats("GET", "/api/cases/{case}/record"),
    seats("GET", "/api/cases/{case}/changes"),
    seats("GET", "/api/cases/{case}/trails/{person}"),
    seats("POST", "/api/cases/{case}/audit-access"),
    seats("DELETE", "/api/cases/{case}/audit-access"),
    seats("POST", "/api/cases/{case}/questionnaire-answers"),
    seats("POST", "/api/cases/{case}/rejection"),
    seats("POST", "/api/cases/{case}/invitation"),
    seats("POST", "/api/cases/{case}/consent"),
    seats("POST", "/api/cases/{case}/refusal"),
    only("POST", "/api/cases/{case}/proposals", &[Role::Centre]),
    only("POST", "/api/cases/{case}/proposals/withdrawal", &[Role::Centre]),
    seats("GET", "/api/cases/{case}/candidacy"),
    seats("POST", "/api/cases/{case}/declaration"),
    seats("POST", "/api/cases/{case}/appointment-refusal"),
    seats("POST", "/api/cases/{case}/challenges"),
    only("POST", "/api/cases/{case}/challenges/decision", &[Role::Centre]),
    seats("POST", "/api/cases/{case}/appointment"),
    seats("POST", "/api/cases/{case}/mediator-unavailability"),
    seats("POST", "/api/cases/{case}/resignation"),
    seats("POST", "/api/cases/{case}/caucus-release"),
    seats("POST", "/api/cases/{case}/representatives"),
    seats("DELETE", "/api/cases/{case}/representatives/{person}"),
    seats("POST", "/api/cases/{case}/discussions"),
    seats("POST", "/api/cases/{case}/messages"),
    seats("POST", "/api/cases/{case}/uploads"),
    seats("GET", "/api/cases/{case}/uploads/{upload}"),
    seats("PUT", "/api/cases/{case}/uploads/{upload}"),
    seats("DELETE", "/api/cases/{case}/uploads/{upload}"),
    seats("POST", "/api/cases/{case}/documents"),
    seats("POST", "/api/cases/{case}/channel"),
    seats("POST", "/api/cases/{case}/offline-exchanges"),
    seats("POST", "/api/cases/{case}/suspension"),
    seats("POST", "/api/cases/{case}/resumption"),
    seats("POST", "/api/cases/{case}/term-extension"),
    seats("POST", "/api/cases/{case}/settlements"),
    seats("POST", "/api/cases/{case}/settlements/{item}/signature"),
    seats("POST", "/api/cases/{case}/settlements/{item}/declination"),
    seats("POST", "/api/cases/{case}/no-agreement-report"),
    seats("POST", "/api/cases/{case}/withdrawal"),
    seats("POST", "/api/cases/{case}/later-settlement"),
    seats("POST", "/api/cases/{case}/items/{item}/restriction"),
    seats("POST", "/api/cases/{case}/items/{item}/opening"),
    seats("POST", "/api/cases/{case}/items/{item}/disclosure-authorisation"),
    seats("DELETE", "/api/cases/{case}/items/{item}/disclosure-authorisation"),
    seats("POST", "/api/cases/{case}/items/{item}/disclosure"),
    only("POST", "/api/cases/{case}/holds", &[Role::Centre]),
    only("DELETE", "/api/cases/{case}/holds/{ground}", &[Role::Centre]),
    only("POST", "/api/cases/{case}/erasures", &[Role::Centre]),
    only("POST", "/api/cases/{case}/erasures/approval", &[Role::Centre]),
    only("POST", "/api/cases/{case}/erasures/withdrawal", &[Role::Centre]),
];

/// The table's line for a request.
pub fn route(method: &Method, path: &str) -> Option<&'static Route> {
    // HEAD is a GET whose body stays here.
    let method = if method == Method::HEAD { Method::GET.as_str() } else { method.as_str() };
    ROUTES.iter().find(|route| route.method == method && route.path == path)
}

/// Lets a holder of these roles pass, or not.
///
/// # Errors
/// 403 if none of the roles is one of the route's, or if the table does not know the route.
pub fn admit(method: &Method, path: &str, held: &[Role]) -> Result<(), Problem> {
    let admitted = route(method, path)
        .is_some_and(|route| route.roles.is_none_or(|needed| held.iter().any(|role| needed.contains(role))));
    if admitted { Ok(()) } else { Err(Fault::Forbidden.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_histories_and_nothing_else_of_a_case() {
        let auditor = [Role::Auditor];
        assert!(admit(&Method::GET, "/api/cases/{case}/history", &auditor).is_ok());
        assert!(admit(&Method::GET, "/api/cases/{case}", &auditor).is_err());
        assert!(admit(&Method::POST, "/api/cases/{case}/messages", &auditor).is_err());
    }

    #[test]
    fn what_the_table_does_not_know_is_refused() {
        assert!(admit(&Method::POST, "/api/nothing", &[Role::Party, Role::Centre]).is_err());
    }
}

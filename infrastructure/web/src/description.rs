//! The API's description (OpenAPI 3.1), made from the handlers themselves; what all of them share is added here.

use axum::http::StatusCode;
use entente_domain::event::HoldGround;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Components, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required, Response, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::access::ROUTES;
use crate::endpoints;
use crate::problem::{Details, MEDIA_TYPE};

/// The name of the credentials in the description.
const BEARER: &str = "bearer";
/// Lists that can be made to wait for a write.
const LISTS: [&str; 3] = ["/api/cases", "/api/inbox", "/api/caseload"];

/// The whole description.
pub fn openapi() -> OpenApi {
    let mut described = endpoints::all().into_openapi();
    for (path, item) in &mut described.paths.paths {
        for (method, operation) in operations(item) {
            complete(method, path, operation);
        }
    }
    let components = described.components.get_or_insert_with(Components::new);
    components.schemas.insert(Details::name().into_owned(), Details::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token made with `entente token`, bound to a person and roles."));
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
    described
}

/// Bytes as they are, for a body that is no JSON.
pub(crate) struct Octets;

impl PartialSchema for Octets {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .into()
    }
}

impl ToSchema for Octets {}

/// A description of nothing yet, with the name of the service.
pub(crate) fn empty() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Entente")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Mediation between companies: cases from registration to settlement."));
    OpenApiBuilder::new().info(info.build()).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [("GET", &mut item.get), ("POST", &mut item.post), ("PUT", &mut item.put), ("DELETE", &mut item.delete)];
    all.into_iter().filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

fn complete(method: &str, path: &str, operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            let reason = status.parse().ok().and_then(|status: u16| StatusCode::from_u16(status).ok());
            response.description =
                reason.and_then(|status| status.canonical_reason()).unwrap_or("An answer").to_owned();
        }
    }
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    parameters.extend(named.map(|name| RefOr::T(in_path(name))));
    let public = ROUTES.iter().any(|route| route.method == method && route.path == path && route.roles.is_none());
    fail(operation, &["default"]);
    if public {
        return;
    }
    operation.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
    fail(operation, &["401", "403"]);
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    if method == "GET" {
        if LISTS.contains(&path) {
            let about = "The command that the list must show, if one is to be waited for.";
            parameters.push(RefOr::T(id("Entente-After", ParameterIn::Header, Required::False, about)));
            fail(operation, &["503"]);
        }
        if path.contains('{') {
            fail(operation, &["404"]);
        }
        if path.ends_with("/content") {
            fail(operation, &["416", "503"]);
        }
        return;
    }
    let (is_upload, is_begun) = (path.contains("/uploads"), path.ends_with("/uploads"));
    if !is_upload || is_begun {
        let about = "1 to 200 visible ASCII characters; the same key gives the first answer again.";
        parameters.push(RefOr::T(header("Idempotency-Key", about)));
    }
    // An upload changes nothing of the case: no page can have been read before it.
    if is_upload {
        fail(operation, &["507"]);
    } else {
        parameters.push(RefOr::T(header("If-Match", "The tag of the case's page that the caller has read.")));
        fail(operation, &["412"]);
    }
    fail(operation, &["400", "404", "409", "413", "415", "422", "503"]);
}

/// A parameter of the path: an id, or a word out of a list.
fn in_path(name: &str) -> Parameter {
    let about = format!("The {name}.");
    if name != "ground" {
        return id(name, ParameterIn::Path, Required::True, &about);
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(Ref::from_schema_name(HoldGround::name())))
        .build()
}

fn id(name: &str, place: ParameterIn, required: Required, about: &str) -> Parameter {
    parameter(
        name,
        place,
        required,
        about,
        ObjectBuilder::new().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
    )
}

fn header(name: &str, about: &str) -> Parameter {
    parameter(name, ParameterIn::Header, Required::False, about, ObjectBuilder::new())
}

fn parameter(name: &str, place: ParameterIn, required: Required, about: &str, schema: ObjectBuilder) -> Parameter {
    let schema: Object = schema.schema_type(Type::String).build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

/// Names the statuses under which a problem may be told.
fn fail(operation: &mut Operation, statuses: &[&str]) {
    for status in statuses {
        let place = operation.responses.responses.entry((*status).to_owned());
        place.or_insert_with(|| RefOr::T(problem(status)));
    }
}

fn problem(status: &str) -> Response {
    let reason = status.parse().ok().and_then(|status: u16| StatusCode::from_u16(status).ok());
    let about = reason.and_then(|status| status.canonical_reason()).unwrap_or("Any other problem");
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Details::name())));
    ResponseBuilder::new().description(about).content(MEDIA_TYPE, content.build()).build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_description_has_the_routes_of_the_table_and_no_others() {
        let mut described = openapi();
        let mut found = BTreeSet::new();
        for (path, item) in &mut described.paths.paths {
            found.extend(operations(item).map(|(method, _)| (method.to_owned(), path.clone())));
        }
        let table = ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned()));
        assert_eq!(found, table.collect::<BTreeSet<_>>());
    }

    #[test]
    fn bytes_are_described_as_bytes() {
        let described = serde_json::to_value(openapi()).unwrap();
        let upload = "/paths/~1api~1cases~1{case}~1uploads~1{upload}/put/requestBody/content/application~1octet-stream";
        let content = "/paths/~1api~1cases~1{case}~1items~1{item}~1content/get/responses/200/content";
        let record = "/paths/~1api~1cases~1{case}~1record/get/responses/200/content/application~1zip";
        for place in [upload, &format!("{content}/application~1octet-stream"), record] {
            let format = described.pointer(place).and_then(|body| body.pointer("/schema/format"));
            assert_eq!(format, Some(&"binary".into()), "{place}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let mut described = openapi();
        let mut names = Vec::new();
        for item in described.paths.paths.values_mut() {
            names.extend(operations(item).map(|(_, operation)| operation.operation_id.clone()));
        }
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(!names.contains(&None));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let described = serde_json::to_value(openapi()).unwrap();
        let mut references = Vec::new();
        collect(&described, &mut references);
        assert!(!references.is_empty());
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(described.pointer(pointer).is_some(), "{reference}");
        }
    }

    fn collect(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| collect(field, references));
            }
            Value::Array(parts) => parts.iter().for_each(|part| collect(part, references)),
            _ => {}
        }
    }
}

//! The API's description is the router's own: every route that it names answers, and it names every problem's form.

use axum::http::Method;
use entente_tests::story::Table;
use entente_tests::world::World;
use serde_json::Value;

#[tokio::test]
async fn every_described_route_is_there_and_no_other_method_of_it() {
    let table = Table::open(World::new().await).await;
    let description = table.world.read(&table.claimant, "/api/openapi.json").await.ok();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"), "{}", description["openapi"]);
    let id = "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111";
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() > 30, "{}", paths.len());
    for (template, described) in paths {
        let path = template.replace("{case}", id).replace("{item}", id).replace("{person}", id);
        let path = path.replace("{upload}", id).replace("{ground}", "complaint");
        assert!(!path.contains('{'), "{template} has a parameter that this test does not know");
        let described = described.as_object().unwrap();
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let reply = table.world.ask(&table.claimant, method.clone(), &path, None, None).await;
            let is_described = described.contains_key(&method.as_str().to_lowercase());
            assert_eq!(reply.status != 405, is_described, "{method} {template}: {}", reply.status);
            let code = reply.headers.get("content-type").is_some_and(|kind| kind == "application/problem+json");
            let unknown = code && reply.problem().1 == "no-such-route";
            assert!(!unknown, "{method} {template} is described and does not exist");
        }
    }
}

#[test]
fn every_operation_says_what_it_does_and_every_reference_resolves() {
    let description: Value = serde_json::from_str(&entente_web::openapi().to_json().unwrap()).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let says = operation["summary"].as_str().or(operation["description"].as_str());
            assert!(says.is_some_and(|text| text.len() > 5), "{method} {path} says nothing");
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
        }
    }
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference} is not described");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                references.push(reference.clone());
            }
            map.values().for_each(|inner| collect(inner, references));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, references)),
        _ => {}
    }
}

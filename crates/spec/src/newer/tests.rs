use serde_json::{Value, json};

use crate::diff::{Diff, Side, compare};
use crate::yaml::Node;
use crate::{ObjectKind, Spec};

/// A document of this version whose only schema is `schema`.
fn document(version: &str, schema: &Value) -> Value {
    json!({
        "openapi": version, "info": {"title": "T", "version": "1"},
        "paths": {"/things": {"post": {
            "operationId": "Post",
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
            "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
        }}},
        "components": {"schemas": {"Thing": schema, "Other": {"type": "string"}}},
    })
}

fn parse(document: &Value) -> Result<Node, String> {
    let spec = Spec::parse("f.yaml", &document.to_string());
    spec.map(Spec::into_node).map_err(|error| error.to_string())
}

fn difference(a: &Node, b: &Node) -> Diff {
    let [a, b] = [a, b].map(|document| Side {
        document,
        complete: true,
    });
    compare(a, b)
}

#[test]
fn what_3_0_says_in_other_words_is_no_difference() {
    for (newer, older) in [
        (
            json!({"type": ["string", "null"]}),
            json!({"type": "string", "nullable": true}),
        ),
        (json!({"type": ["string"]}), json!({"type": "string"})),
        (
            json!({"type": ["null", "string"], "enum": ["a", null]}),
            json!({"type": "string", "nullable": true, "enum": ["a"]}),
        ),
        (
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            json!({"type": "string", "nullable": true, "enum": ["a", null]}),
        ),
        (
            json!({"type": ["string", "integer"]}),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ),
        (
            json!({"type": "string", "const": "a"}),
            json!({"type": "string", "enum": ["a"]}),
        ),
        (
            json!({"type": "string", "examples": ["a", "b"]}),
            json!({"type": "string", "example": "a"}),
        ),
        (
            json!({"type": "integer", "exclusiveMinimum": 1}),
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
        ),
        (
            json!({"type": "integer", "maximum": 5, "exclusiveMaximum": 9}),
            json!({"type": "integer", "maximum": 5}),
        ),
        (
            json!({"type": "integer", "maximum": 9, "exclusiveMaximum": 9}),
            json!({"type": "integer", "maximum": 9, "exclusiveMaximum": true}),
        ),
        (
            json!({"anyOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]}),
            json!({"allOf": [{"$ref": "#/components/schemas/Other"}], "nullable": true}),
        ),
        (
            json!({"oneOf": [{"type": "null"}, {"type": "string"}]}),
            json!({"type": "string", "nullable": true}),
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        ),
        (
            json!({"$ref": "#/components/schemas/Other", "description": "d"}),
            json!({"allOf": [{"$ref": "#/components/schemas/Other"}], "description": "d"}),
        ),
        (
            json!({"type": "array"}),
            json!({"type": "array", "items": {}}),
        ),
        (
            json!({"type": "object", "properties": {"a": true}}),
            json!({"type": "object", "properties": {"a": {}}}),
        ),
        (
            json!({"type": "array", "items": false}),
            json!({"type": "array", "items": {"not": {}}}),
        ),
        (
            json!({"type": "string", "contentEncoding": "base64"}),
            json!({"type": "string", "format": "byte"}),
        ),
        (
            json!({"type": "string", "$comment": "c", "$schema": "https://json-schema.org/draft/2020-12/schema"}),
            json!({"type": "string"}),
        ),
    ] {
        for version in ["3.1.0", "3.2.0"] {
            let (a, b) = (
                parse(&document("3.0.3", &older)),
                parse(&document(version, &newer)),
            );
            let (a, b) = (a.unwrap(), b.unwrap());
            assert!(
                difference(&a, &b).is_empty(),
                "{newer}: {:?}",
                difference(&a, &b)
            );
            assert!(difference(&b, &a).is_empty(), "{newer}");
        }
    }
}

#[test]
fn what_3_0_cannot_say_is_refused_by_place() {
    for (schema, place) in [
        (json!({"type": "null"}), "/type: the only value is null"),
        (
            json!({"type": ["array", "string"], "items": {}}),
            "/type: the values are of several types",
        ),
        (json!({"const": null}), "/enum: the only value is null"),
        (
            json!({"type": "array", "prefixItems": []}),
            "/prefixItems: the schema has `prefixItems`",
        ),
        (
            json!({"type": "object", "patternProperties": {}}),
            "/patternProperties: the schema has `patternProperties`",
        ),
        (json!({"if": {}, "then": {}}), "/if: the schema has `if`"),
    ] {
        let message = parse(&document("3.1.0", &json!({"properties": {"a": schema}}))).unwrap_err();
        let expected = format!(
            "f.yaml:1: /components/schemas/Thing/properties/a{place}, which OpenAPI 3.0 can't say"
        );
        assert_eq!(message, expected);
    }
    let message = parse(&document("4.0.0", &json!({}))).unwrap_err();
    assert_eq!(
        message,
        "f.yaml:1: /openapi: OpenAPI 3.0, 3.1 or 3.2 is expected here, not \"4.0.0\""
    );
}

#[test]
fn webhooks_are_set_aside_and_path_items_are_followed() {
    let mut newer = document("3.1.0", &json!({"type": "string"}));
    let item = newer["paths"]["/things"].take();
    newer["paths"]["/things"] =
        json!({"$ref": "#/components/pathItems/Things", "summary": "Things"});
    newer["components"]["pathItems"] = json!({"Things": item});
    newer["webhooks"] = json!({"done": {"post": {"operationId": "Done", "responses": {"200": {"description": "OK"}}}}});
    let (a, b) = (
        parse(&document("3.0.3", &json!({"type": "string"}))).unwrap(),
        parse(&newer).unwrap(),
    );
    let diff = difference(&a, &b);
    let kinds: Vec<_> = diff
        .documentation
        .iter()
        .map(|entry| entry.path.as_str())
        .collect();
    assert_eq!(kinds, ["/paths/~1things/summary", "/x-webhooks"]);
    assert!(
        diff.breaking.is_empty() && diff.additive.is_empty(),
        "{diff:?}"
    );
}

/// Says a document of 3.0 in the words of 3.1.
fn twin(value: &mut Value, kind: ObjectKind) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                twin(member, kind.member(key));
            }
            if kind != ObjectKind::Schema {
                return;
            }
            if members.remove("nullable") == Some(json!(true)) {
                let kind = members.get("type").cloned();
                match kind {
                    Some(kind) => drop(members.insert("type".to_owned(), json!([kind, "null"]))),
                    None => *value = json!({"anyOf": [value.clone(), {"type": "null"}]}),
                }
            } else if let Some(example) = members.remove("example") {
                members.insert("examples".to_owned(), json!([example]));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| twin(item, kind.item())),
        _ => {}
    }
}

#[test]
fn the_vendored_spec_equals_its_3_1_twin() {
    let vendored = Spec::parse("openapi.yaml", include_str!("../../../../openapi.yaml")).unwrap();
    let mut newer = vendored.value().clone();
    newer["openapi"] = json!("3.1.0");
    twin(&mut newer, ObjectKind::Document);
    let newer = parse(&newer).unwrap();
    assert_eq!(difference(vendored.node(), &newer), Diff::default());
    assert_eq!(difference(&newer, vendored.node()), Diff::default());
}

//! The member tables against the API's description.

use coreweave_inference_apply::schema::{
    CAPACITY_CLAIM, DEPLOYMENT, GATEWAY, HOT_LOAD, Member, Shape, suggest,
};
use coreweave_inference_spec::yaml;
use serde_json::Value;

fn shape(schemas: &Value, schema: &Value) -> String {
    if let Some(all) = schema.get("allOf") {
        return shape(schemas, &all[0]);
    }
    if let Some(reference) = schema.get("$ref") {
        let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
        return shape(schemas, &schemas[name]);
    }
    match schema["type"].as_str().unwrap() {
        "string" if schema.get("enum").is_some() => "enum".to_owned(),
        "object" if schema.get("additionalProperties").is_some() => "map".to_owned(),
        "object" => {
            let required = schema.get("required").and_then(Value::as_array);
            let is_required =
                |name: &str| required.is_some_and(|required| required.contains(&name.into()));
            let members = schema.get("properties").and_then(Value::as_object);
            let mut members: Vec<_> = members
                .into_iter()
                .flatten()
                .map(|(name, schema)| {
                    let mark = if is_required(name) { "!" } else { "" };
                    format!("{name}{mark}: {}", shape(schemas, schema))
                })
                .collect();
            members.sort();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_owned(),
    }
}

fn table(members: &[Member]) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|member| {
            let shape = match member.shape {
                Shape::Text => "string".to_owned(),
                Shape::Enum => "enum".to_owned(),
                Shape::Number => "integer".to_owned(),
                Shape::Flag => "boolean".to_owned(),
                Shape::List => "array".to_owned(),
                Shape::Map => "map".to_owned(),
                Shape::Object(members) => table(members),
            };
            let mark = if member.required { "!" } else { "" };
            format!("{}{mark}: {shape}", member.name)
        })
        .collect();
    format!("{{{}}}", members.join(", "))
}

#[test]
fn the_member_tables_agree_with_the_api_description() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let spec = yaml::read(path, &text, 1).unwrap()[0].value();
    let schemas = &spec["components"]["schemas"];
    for (name, members) in [
        ("CreateGatewayRequest", GATEWAY),
        ("CreateDeploymentRequest", DEPLOYMENT),
        ("CreateCapacityClaimRequest", CAPACITY_CLAIM),
        ("CreateHotLoadRequest", HOT_LOAD),
    ] {
        assert_eq!(
            table(members),
            shape(schemas, &schemas[name]),
            "update src/schema.rs for {name}"
        );
    }
}

#[test]
fn a_suggestion_is_close_and_the_closest() {
    assert_eq!(suggest("zone", ["zones", "name"]), Some("zones"));
    assert_eq!(suggest("ZONES", ["zones"]), Some("zones"));
    assert_eq!(suggest("region", ["zones", "name"]), None);
}

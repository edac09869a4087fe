//! The member tables against the API's description.

use coreweave_inference_apply::schema::{
    CAPACITY_CLAIM, DEPLOYMENT, GATEWAY, HOT_LOAD, Member, Shape, suggest,
};
use saphyr::{LoadableYamlNode, Yaml};

fn shape(schemas: &Yaml<'_>, schema: &Yaml<'_>) -> String {
    if let Some(all) = schema.as_mapping_get("allOf") {
        return shape(schemas, &all[0]);
    }
    if let Some(reference) = schema.as_mapping_get("$ref") {
        let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
        return shape(schemas, &schemas[name]);
    }
    match schema["type"].as_str().unwrap() {
        "string" if schema.contains_mapping_key("enum") => "enum".to_owned(),
        "object" if schema.contains_mapping_key("additionalProperties") => "map".to_owned(),
        "object" => {
            let required = schema
                .as_mapping_get("required")
                .and_then(Yaml::as_sequence);
            let is_required =
                |name: &Yaml<'_>| required.is_some_and(|required| required.contains(name));
            let members = schema
                .as_mapping_get("properties")
                .and_then(Yaml::as_mapping);
            let mut members: Vec<_> = members
                .into_iter()
                .flatten()
                .map(|(name, schema)| {
                    let mark = if is_required(name) { "!" } else { "" };
                    format!(
                        "{}{mark}: {}",
                        name.as_str().unwrap(),
                        shape(schemas, schema)
                    )
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
    let spec = &Yaml::load_from_str(&text).unwrap()[0];
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

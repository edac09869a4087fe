//! Comparison of openapi.yaml with copies of the API's reference pages. openapi.yaml must contain everything that a page
//! contains, except descriptions, and may contain additions that are newer than the page.
//!
//! The folder `tests/pages` has the structure of two pages. Unmodified pages are compared too if there is a folder of them:
//! the one that `COREWEAVE_REFERENCE_PAGES` names, else `../shared/pages`.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use coreweave_inference_spec::{ObjectKind, Pointer, Spec};
use serde_json::{Value, json};

const FOLDER: &str = "COREWEAVE_REFERENCE_PAGES";

static VENDORED: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    Spec::load(path).unwrap().into_value()
});

#[test]
fn openapi_yaml_contains_every_page() {
    let mut pages = pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages"));
    if let Some(folder) = folder() {
        let unmodified = self::pages(&folder);
        assert!(!unmodified.is_empty(), "no page in {}", folder.display());
        pages.extend(unmodified);
    }
    let mut found = Vec::new();
    for page in &pages {
        for (at, what) in contradictions(page.value(), &VENDORED) {
            let line = page.line(&at).unwrap_or_default();
            found.push(format!("{}:{line}: {at}: {what}", page.name()));
        }
    }
    assert!(
        found.is_empty(),
        "openapi.yaml differs from:\n{}",
        found.join("\n")
    );
}

/// Returns the folder of unmodified pages, if there is one.
fn folder() -> Option<PathBuf> {
    match env::var_os(FOLDER) {
        Some(folder) => Some(folder.into()),
        None => {
            let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pages");
            usual.is_dir().then_some(usual)
        }
    }
}

fn pages(folder: &Path) -> Vec<Spec> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let read = |path: &PathBuf| {
        page(
            &path.display().to_string(),
            &fs::read_to_string(path).unwrap(),
        )
    };
    paths.iter().map(read).collect()
}

/// Returns the OpenAPI document in the fenced block of a page.
fn page(name: &str, text: &str) -> Spec {
    let mut lines = text.lines().enumerate();
    let is_opening = |line: &str| line.starts_with("````yaml ");
    let (opening, _) = lines
        .find(|(_, line)| is_opening(line))
        .unwrap_or_else(|| panic!("{name}: no block of YAML"));
    let block: Vec<_> = lines
        .by_ref()
        .map(|(_, line)| line)
        .take_while(|line| !line.starts_with("````"))
        .collect();
    assert!(
        !lines.any(|(_, line)| is_opening(line)),
        "{name}: more than one block"
    );
    Spec::parse_at(name, &block.join("\n"), opening + 2).unwrap()
}

/// Returns where `ours` lacks something in `page`, or differs from it.
fn contradictions(page: &Value, ours: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    compare(
        "",
        ObjectKind::Document,
        page,
        ours,
        &Pointer::root(),
        &mut found,
    );
    found
}

fn compare(
    key: &str,
    kind: ObjectKind,
    page: &Value,
    ours: &Value,
    at: &Pointer,
    found: &mut Vec<(String, String)>,
) {
    match (page, ours) {
        (Value::Object(page), Value::Object(ours)) if kind != ObjectKind::Leaf => {
            let is_named = matches!(kind, ObjectKind::Map(_));
            let says = |key: &str| is_named || !matches!(key, "description" | "summary");
            for (key, member) in page.iter().filter(|(key, _)| says(key)) {
                let at = at.child(key);
                match ours.get(key) {
                    Some(ours) => compare(key, kind.member(key), member, ours, &at, found),
                    None => found.push((at.into(), format!("{member} is missing"))),
                }
            }
            // Another path, method, schema or member is newer than the page. Another keyword on the same thing is not.
            let may_grow = is_named || kind == ObjectKind::PathItem;
            let added = ours
                .keys()
                .filter(|key| says(key) && !page.contains_key(*key));
            for key in added.filter(|_| !may_grow) {
                found.push((at.as_str().into(), format!("`{key}` is not in the page")));
            }
        }
        (Value::Array(page), Value::Array(ours)) => match (key, identity(kind.item())) {
            ("enum", _) => {
                for value in page.iter().filter(|value| !ours.contains(value)) {
                    found.push((at.as_str().into(), format!("{value} is missing")));
                }
            }
            (_, Some(identity)) => {
                for (index, item) in page.iter().enumerate() {
                    let at = at.child(index);
                    match ours.iter().find(|ours| identity(ours) == identity(item)) {
                        Some(ours) => compare("", kind.item(), item, ours, &at, found),
                        None => found.push((at.into(), format!("{item} is missing"))),
                    }
                }
                let added = ours
                    .iter()
                    .filter(|ours| page.iter().all(|page| identity(page) != identity(ours)));
                for item in added.filter(|item| item["required"] == true) {
                    found.push((
                        at.as_str().into(),
                        format!("{item} is required, but not in the page"),
                    ));
                }
            }
            ("allOf", _) if page.len() == ours.len() => {
                for (index, (page, ours)) in page.iter().zip(ours).enumerate() {
                    compare("", kind.item(), page, ours, &at.child(index), found);
                }
            }
            _ => {
                let set =
                    |values: &[Value]| values.iter().map(Value::to_string).collect::<BTreeSet<_>>();
                if set(page) != set(ours) {
                    found.push((at.as_str().into(), format!("{page:?} is {ours:?}")));
                }
            }
        },
        _ if page == ours => {}
        _ => found.push((at.as_str().into(), format!("{page} is {ours}"))),
    }
}

/// Returns what identifies the items of a list whose order has no meaning.
fn identity(kind: ObjectKind) -> Option<fn(&Value) -> [&Value; 2]> {
    match kind {
        ObjectKind::Tag => Some(|tag| [&tag["name"], &Value::Null]),
        ObjectKind::Server => Some(|server| [&server["url"], &Value::Null]),
        ObjectKind::Parameter => Some(|parameter| [&parameter["name"], &parameter["in"]]),
        _ => None,
    }
}

/// Compares openapi.yaml, as the page, with a changed copy of it.
fn after(change: impl FnOnce(&mut Value)) -> Vec<(String, String)> {
    let mut ours = VENDORED.clone();
    change(&mut ours);
    contradictions(&VENDORED, &ours)
}

const GET_GATEWAY: &str = "/paths/~1v1alpha1~1inference~1gateways~1{id}/get";
const LIST_GATEWAYS: &str = "/paths/~1v1alpha1~1inference~1gateways/get";
const STATUS: &str = "/components/schemas/CapacityClaimStatus/properties";
const CLAIMED: &str = "/components/schemas/CapacityClaimResources";

#[test]
fn changed_values_are_detected() {
    let changes = [
        (format!("{STATUS}/allocatedInstances/type"), json!("string")),
        (
            format!("{STATUS}/allocatedInstances/format"),
            json!("int32"),
        ),
        (format!("{STATUS}/status/readOnly"), json!(false)),
        (
            format!("{STATUS}/conditions/items/$ref"),
            json!("#/components/schemas/Status"),
        ),
        (
            format!("{CLAIMED}/required"),
            json!(["instanceId", "instanceCount", "zones"]),
        ),
        (
            format!("{CLAIMED}/required"),
            json!([
                "instanceId",
                "instanceCount",
                "zones",
                "capacityType",
                "note"
            ]),
        ),
        (
            "/components/schemas/CapacityClaim/properties/spec/allOf/0/$ref".into(),
            json!("#/components/schemas/Status"),
        ),
        (
            "/components/schemas/GoogleProtobufAny/additionalProperties".into(),
            json!(false),
        ),
        (
            "/components/schemas/RuntimeParameters/properties/runtimeVersions/additionalProperties"
                .into(),
            json!({"type": "string"}),
        ),
        (
            format!("{GET_GATEWAY}/operationId"),
            json!("GatewayService_ReadGateway"),
        ),
        (format!("{GET_GATEWAY}/tags"), json!(["HotLoadService"])),
        (
            format!("{GET_GATEWAY}/parameters/0/schema/type"),
            json!("integer"),
        ),
        ("/security".into(), json!([])),
        ("/servers/0/url".into(), json!("https://api.example.com")),
        ("/info/version".into(), json!("0.0.2")),
    ];
    for (pointer, value) in changes {
        let found = after(|ours| {
            let old = std::mem::replace(ours.pointer_mut(&pointer).expect(&pointer), value.clone());
            assert_ne!(old, value, "{pointer}: not a change");
        });
        assert!(!found.is_empty(), "{pointer}: went unnoticed");
        for (at, what) in found {
            assert!(
                pointer.starts_with(&at) || at.starts_with(&pointer),
                "{pointer}: found at {at}: {what}"
            );
        }
    }
}

#[test]
fn missing_parts_are_detected() {
    let losses = [
        ("/components/schemas/Condition/properties", "zone"),
        ("/components/schemas/CapacityClaimResources", "required"),
        ("/components/schemas", "EndpointConfiguration"),
        ("/components/securitySchemes/bearerAuth", "x-default"),
        (STATUS, "updatedAt"),
        ("/paths/~1v1alpha1~1inference~1gateways~1{id}", "get"),
        ("/paths", "/v1alpha1/inference/capacityclaims/{id}"),
        (GET_GATEWAY, "parameters"),
        (
            "/paths/~1v1alpha1~1inference~1gateways~1{id}/get/responses",
            "default",
        ),
    ];
    for (pointer, member) in losses {
        let found = after(|ours| {
            let owner = ours
                .pointer_mut(pointer)
                .and_then(Value::as_object_mut)
                .expect(pointer);
            owner.remove(member).expect(member);
        });
        let places: Vec<_> = found.iter().map(|(at, _)| at.as_str()).collect();
        let lost = Pointer::root().child(member);
        assert_eq!(places, [format!("{pointer}{lost}")]);
    }
}

#[test]
fn missing_items_are_detected() {
    for pointer in [
        format!("{STATUS}/status/enum"),
        format!("{CLAIMED}/required"),
        format!("{LIST_GATEWAYS}/parameters"),
        "/components/schemas/Gateway/properties/spec/allOf".into(),
        "/tags".into(),
    ] {
        let found = after(|ours| {
            ours.pointer_mut(&pointer)
                .and_then(Value::as_array_mut)
                .unwrap()
                .remove(0);
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.starts_with(&pointer), "{found:?}");
    }
}

#[test]
fn additional_keywords_and_required_parameters_are_detected() {
    for (pointer, keyword) in [
        ("/components/schemas/Gateway", "required"),
        (
            "/components/schemas/GatewaySpec/properties/name",
            "maxLength",
        ),
        (GET_GATEWAY, "requestBody"),
    ] {
        let found = after(|ours| ours.pointer_mut(pointer).unwrap()[keyword] = json!(["spec"]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, pointer);
    }
    let found = after(|ours| add_parameter(ours, true));
    assert_eq!(found.len(), 1, "{found:?}");
}

fn add_parameter(ours: &mut Value, required: bool) {
    let parameters = ours.pointer_mut(LIST_GATEWAYS).unwrap()["parameters"]
        .as_array_mut()
        .unwrap();
    parameters.push(
        json!({"name": "zone", "in": "query", "required": required, "schema": {"type": "string"}}),
    );
}

#[test]
fn own_descriptions_and_newer_parts_are_allowed() {
    let found = after(|ours| {
        add_parameter(ours, false);
        ours["info"]["description"] = json!("Other words.");
        ours["tags"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "NewService"}));
        ours["paths"]["/new"] = json!({});
        ours["paths"]["/v1alpha1/inference/gateways/{id}"]["put"] = json!({});
        let schemas = &mut ours["components"]["schemas"];
        schemas["New"] = json!({"type": "object"});
        schemas["Gateway"]["description"] = json!("Other words.");
        schemas["Gateway"]["properties"]["new"] = json!({"type": "string"});
        let statuses = &mut schemas["GatewayStatus"]["properties"]["status"]["enum"];
        statuses.as_array_mut().unwrap().push(json!("STATUS_NEW"));
    });
    assert_eq!(found, []);
}

#[test]
fn errors_have_the_line_numbers_of_the_page() {
    let text = "# Get thing\n\n```bash\ncurl\n```\n\n````yaml /openapi.yaml get /things\nopenapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n````\nMore.\n";
    let page = page("get-thing.md", text);
    assert_eq!(page.value()["info"]["title"], "T");
    assert_eq!(page.line("/info"), Some(9));
}

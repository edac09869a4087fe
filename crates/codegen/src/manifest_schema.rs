//! The JSON Schema (draft 2020-12) of manifests, in which `cwinf apply` finds what should exist.
//!
//! ```json
//! {
//!   "$schema": "https://json-schema.org/draft/2020-12/schema",
//!   "title": "…", "description": "…",
//!   "type": ["object", "array"],           a resource, or a list of resources
//!   "items": {"$ref": "#"},
//!   "required": ["kind"],
//!   "properties": {"kind": {"enum": ["CapacityClaim", "Deployment", "Gateway"]}},
//!   "allOf": [{"if": {"type": "object", "properties": {"kind": {"const": "Gateway"}}, "required": ["kind"]},
//!              "then": {"$ref": "#/$defs/Gateway"}}, …],
//!   "$defs": {"Gateway": {…}, …}
//! }
//! ```
//!
//! `$defs` has one object for each resource that can be created, by the name of its schema; the ones that can also be updated
//! and deleted are the kinds of manifests. Its `properties` are the members of the create request, and `kind`. No
//! definition refers to another: a member is described where it stands, however deep, with
//!
//! - `description`, `type`, `format`, the limits and the `default` that the spec or [`DEFAULTS`] gives;
//! - `x-required: true` for what a create request needs, where the object around it is given. It is not `required`, because a
//!   manifest of a resource that exists may leave it out: the member keeps its value. `gateways` counts for `gatewayIds`;
//! - `null` among the types of a member that is not needed: it clears the member;
//! - `anyOf` for an enum: `enum` has the names that are known, and any other name or number may come;
//! - `additionalProperties` for a map. No object refuses members that it does not list;
//! - `x-immutable: true` for what is set at creation and no update can change, and for all members inside it.

use coreweave_inference_spec::Spec;
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::resource::Resource;
use crate::rust_name::type_name;
use crate::rust_type::RustType;
use crate::walk;

/// Members that an update request has although they cannot change, which the spec says in prose alone.
const IMMUTABLE: [(&str, &str); 5] = [
    ("CapacityClaim", "resources.capacityType"),
    ("CapacityClaim", "resources.instanceId"),
    ("CapacityClaim", "resources.zones"),
    ("Deployment", "hotLoad"),
    ("Gateway", "name"),
];

/// What the service takes an absent member for, which the spec says in prose alone.
const DEFAULTS: [(&str, &str, &str); 5] = [
    ("Deployment", "disabled", "false"),
    (
        "Gateway",
        "endpointConfiguration.edgeProxyMode",
        "\"EDGE_PROXY_MODE_MANAGED\"",
    ),
    (
        "Gateway",
        "weightsAndBiasesAuth.enableRateLimiting",
        "false",
    ),
    (
        "Gateway",
        "weightsAndBiasesAuth.enableUsageReports",
        "false",
    ),
    (
        "HotLoad",
        "promptCachePolicy",
        "\"PROMPT_CACHE_POLICY_PRESERVE\"",
    ),
];

/// Keywords that mean the same in OpenAPI 3.0 and in JSON Schema.
const KEPT: [&str; 13] = [
    "default",
    "deprecated",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// Returns the text of the schema.
pub(crate) fn write(spec: &Spec, resources: &[Resource<'_>]) -> String {
    let kinds: Vec<&str> = resources
        .iter()
        .filter(|resource| resource.update_and_delete.is_some())
        .map(|resource| resource.schema.as_str())
        .collect();
    let choices: Vec<_> = kinds
        .iter()
        .map(|kind| {
            json!({
                "if": {"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": format!("#/$defs/{kind}")},
            })
        })
        .collect();
    let definitions: Map<_, _> = resources
        .iter()
        .filter_map(|resource| Some((resource.schema.clone(), definition(spec, resource)?)))
        .collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Manifest of CoreWeave Inference resources",
        "description": "A resource that should exist: its kind, and the members of the API's create request. What is left out keeps the value that it has.",
        "type": ["object", "array"],
        "items": {"$ref": "#"},
        "required": ["kind"],
        "properties": {"kind": {"description": "The kind of the resource.", "enum": kinds}},
        "allOf": choices,
        "$defs": definitions,
    });
    // Some crate of the build may have selected a feature of serde_json that keeps the order of insertion.
    schema.sort_all_objects();
    format!("{schema:#}\n")
}

/// Returns the schema of one kind.
fn definition(spec: &Spec, resource: &Resource<'_>) -> Option<Value> {
    let kind = resource.schema.as_str();
    let request = request(spec, resource.create)?;
    let update = resource
        .update_and_delete
        .and_then(|(update, _)| self::request(spec, update));
    let mut describe = Describe {
        spec,
        kind,
        inside: Vec::new(),
    };
    let mut schema = describe.object(request, "", false);
    let description = walk::schemas(spec.value())
        .find(|(name, _)| type_name(name) == kind)
        .and_then(|(_, schema)| schema.get("description"));
    let members = schema.as_object_mut()?;
    members.insert("description".to_owned(), description.cloned().into());
    let properties = members.get_mut("properties")?.as_object_mut()?;
    for (name, member) in properties.iter_mut() {
        let in_update = update.and_then(|update| update.get("properties")?.get(name));
        let is_id = name == "id" || name.ends_with("Id") && update.is_none();
        if is_id || update.is_some() && in_update.is_none() {
            mark_immutable(member);
        }
    }
    properties.insert(
        "kind".to_owned(),
        json!({"description": "The kind of the resource.", "const": kind}),
    );
    by_name(members);
    Some(schema)
}

/// Adds what makes a manifest of a create request: the name that finds the resource, and the names of a deployment's gateways.
fn by_name(members: &mut Map<String, Value>) {
    let Some(properties) = members.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let (name, gateways) = (properties.get("name"), properties.get("gatewayIds"));
    let (name, has_gateways) = (name.cloned(), gateways.is_some());
    if has_gateways {
        properties.insert(
            "gateways".to_owned(),
            json!({
                "description": "Names of the gateways that send traffic to this deployment, in place of `gatewayIds`.",
                "type": "array",
                "items": {"type": "string"},
            }),
        );
        let both = json!({"required": ["gatewayIds", "gateways"]});
        members.insert("not".to_owned(), both);
    }
    match name {
        Some(name) if name.get("x-required").is_some() => {
            members.insert("required".to_owned(), json!(["name"]));
        }
        Some(_) => {
            let either = json!([{"required": ["name"]}, {"required": ["id"]}]);
            members.insert("anyOf".to_owned(), either);
        }
        None => {}
    }
}

/// Returns the schema of a request body.
fn request<'v>(spec: &'v Spec, operation: &Operation) -> Option<&'v Value> {
    match &operation.body.as_ref()?.ty {
        RustType::Named(name) => walk::schemas(spec.value())
            .find(|(found, _)| type_name(found) == *name)
            .map(|(_, schema)| schema),
        _ => None,
    }
}

fn mark_immutable(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    members.insert("x-immutable".to_owned(), true.into());
    let inner = members.get_mut("properties").and_then(Value::as_object_mut);
    inner
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(mark_immutable);
}

/// Describes the members of one kind.
struct Describe<'a> {
    spec: &'a Spec,
    kind: &'a str,
    /// The named schemas around the present one. A message inside itself is described once.
    inside: Vec<&'a str>,
}

impl<'a> Describe<'a> {
    /// Returns the schema of the value at `path`.
    fn value(&mut self, schema: &'a Value, path: &str, is_nullable: bool) -> Value {
        let reference = schema
            .get("$ref")
            .or_else(|| schema.pointer("/allOf/0/$ref"));
        let mut described = match reference.and_then(Value::as_str) {
            Some(reference) if self.inside.contains(&reference) => json!({"type": "object"}),
            Some(reference) => {
                self.inside.push(reference);
                let target = self.spec.resolve(reference).unwrap_or(&Value::Null);
                let described = self.value(target, path, is_nullable);
                self.inside.pop();
                described
            }
            None => self.plain(schema, path, is_nullable),
        };
        if let Some(described) = described.as_object_mut() {
            for keyword in KEPT.iter().chain(&["description"]) {
                if let Some(value) = schema.get(*keyword) {
                    described.insert((*keyword).to_owned(), value.clone());
                }
            }
            let default = DEFAULTS
                .iter()
                .find(|(kind, of, _)| (*kind, *of) == (self.kind, path));
            if let Some(default) = default.and_then(|(.., json)| serde_json::from_str(json).ok()) {
                described.insert("default".to_owned(), default);
            }
        }
        if IMMUTABLE.contains(&(self.kind, path)) {
            mark_immutable(&mut described);
        }
        described
    }

    /// Returns the schema of a value whose schema refers to no other.
    fn plain(&mut self, schema: &'a Value, path: &str, is_nullable: bool) -> Value {
        let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
        let types = |ty: &str| match is_nullable {
            true => json!([ty, "null"]),
            false => json!(ty),
        };
        if schema.get("enum").is_some() || text("format") == Some("enum") {
            return any_of(schema, is_nullable);
        }
        match (text("type"), text("format")) {
            (Some("object") | None, _) if schema.get("properties").is_some() => {
                self.object(schema, path, is_nullable)
            }
            (Some("object"), _) => {
                let values = schema.get("additionalProperties");
                let values = values.filter(|values| values.is_object());
                match values {
                    // `null` removes an entry.
                    Some(values) => json!({
                        "type": types("object"),
                        "additionalProperties": self.value(values, &format!("{path}.*"), true),
                    }),
                    None => json!({"type": types("object")}),
                }
            }
            (Some("array"), _) => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                let items = self.value(items, &format!("{path}[]"), false);
                json!({"type": types("array"), "items": items})
            }
            (Some("integer"), Some("uint32")) => {
                json!({"type": types("integer"), "minimum": 0, "maximum": u32::MAX})
            }
            (Some("integer"), Some("int32")) => {
                json!({"type": types("integer"), "minimum": i32::MIN, "maximum": i32::MAX})
            }
            (Some("integer"), Some("uint64")) => json!({"type": types("integer"), "minimum": 0}),
            (Some("string"), Some("date-time")) => {
                json!({"type": types("string"), "format": "date-time"})
            }
            (Some(ty), _) => json!({"type": types(ty)}),
            (None, _) => json!({}),
        }
    }

    /// Returns the schema of a message.
    fn object(&mut self, schema: &'a Value, path: &str, is_nullable: bool) -> Value {
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.map_or(&[][..], Vec::as_slice);
        let mut properties = Map::new();
        for (name, member) in walk::members(schema.get("properties")) {
            let path = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            let is_required = required.iter().any(|required| required == name);
            let mut member = self.value(member, &path, !is_required);
            if let (true, Some(member)) = (is_required, member.as_object_mut()) {
                member.insert("x-required".to_owned(), true.into());
            }
            properties.insert(name.clone(), member);
        }
        json!({
            "type": if is_nullable { json!(["object", "null"]) } else { json!("object") },
            "properties": properties,
        })
    }
}

/// Returns the schema of an enum.
fn any_of(schema: &Value, is_nullable: bool) -> Value {
    let values = schema.get("enum").and_then(Value::as_array);
    let names: Vec<_> = values
        .into_iter()
        .flatten()
        .filter(|value| value.is_string())
        .collect();
    let mut choices = Vec::new();
    if !names.is_empty() {
        choices.push(json!({"enum": names}));
    }
    choices.push(match is_nullable {
        true => json!({"type": ["string", "integer", "null"]}),
        false => json!({"type": ["string", "integer"]}),
    });
    json!({"anyOf": choices})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EnumTable, generate};

    /// Returns the schema of the vendored spec.
    fn schema() -> Value {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let spec = Spec::load(format!("{root}/openapi.yaml")).unwrap();
        let generated = generate(&spec, &EnumTable::default()).unwrap();
        serde_json::from_str(&generated.manifest_schema).unwrap()
    }

    fn at<'s>(schema: &'s Value, kind: &str, path: &str) -> &'s Value {
        let path = path.replace('.', "/properties/");
        let pointer = format!("/$defs/{kind}/properties/{path}");
        schema
            .pointer(&pointer)
            .unwrap_or_else(|| panic!("{pointer}"))
    }

    #[test]
    fn the_facts_that_the_spec_cannot_say_are_about_members_that_it_has() {
        let schema = schema();
        for (kind, path) in IMMUTABLE {
            assert_eq!(at(&schema, kind, path)["x-immutable"], true, "{path}");
        }
        for (kind, path, default) in DEFAULTS {
            assert_eq!(at(&schema, kind, path)["default"].to_string(), default);
        }
    }

    #[test]
    fn members_have_the_types_of_the_create_request_and_null_where_they_are_optional() {
        let schema = schema();
        for (kind, path, expected) in [
            ("Gateway", "name", json!("string")),
            ("Gateway", "zones", json!(["array", "null"])),
            ("Gateway", "coreWeaveAuth", json!(["object", "null"])),
            ("Deployment", "autoscaling", json!("object")),
            ("Deployment", "autoscaling.max", json!("integer")),
            (
                "Deployment",
                "autoscaling.priority",
                json!(["integer", "null"]),
            ),
            ("Deployment", "disabled", json!(["boolean", "null"])),
            ("CapacityClaim", "id", json!(["string", "null"])),
        ] {
            assert_eq!(at(&schema, kind, path)["type"], expected, "{path}");
        }
        let classes = at(&schema, "Deployment", "autoscaling.capacityClasses");
        assert_eq!(
            classes["items"],
            json!({"anyOf": [{"enum": ["CAPACITY_CLASS_RESERVED", "CAPACITY_CLASS_ON_DEMAND"]}, {"type": ["string", "integer"]}]})
        );
        let env = at(&schema, "Deployment", "runtime.engineEnv");
        assert_eq!(
            env["additionalProperties"]["type"],
            json!(["string", "null"])
        );
        assert_eq!(
            at(&schema, "Deployment", "resources.gpuCount")["maximum"],
            u32::MAX
        );
    }

    #[test]
    fn what_a_create_request_needs_is_marked() {
        let schema = schema();
        for (kind, path, required) in [
            ("Gateway", "name", true),
            ("Gateway", "zones", false),
            ("Gateway", "headerBasedRouting.headerName", true),
            ("Deployment", "gatewayIds", true),
            ("Deployment", "autoscaling.max", true),
            ("Deployment", "autoscaling.priority", false),
            ("CapacityClaim", "name", false),
            ("HotLoad", "identity", true),
        ] {
            let found = at(&schema, kind, path).get("x-required");
            assert_eq!(found.is_some(), required, "{kind}.{path}");
        }
    }

    #[test]
    fn what_no_update_can_change_is_marked_with_all_that_it_holds() {
        let schema = schema();
        for (kind, path, immutable) in [
            ("Gateway", "id", true),
            ("Gateway", "zones", false),
            ("Deployment", "name", false),
            ("Deployment", "hotLoad.bucket", true),
            ("CapacityClaim", "name", true),
            ("CapacityClaim", "resources", false),
            ("CapacityClaim", "resources.instanceCount", false),
            ("HotLoad", "hotLoadId", true),
        ] {
            let found = at(&schema, kind, path).get("x-immutable");
            assert_eq!(found.is_some(), immutable, "{kind}.{path}");
        }
    }

    #[test]
    fn kinds_are_what_can_be_updated_and_deleted() {
        let schema = schema();
        assert_eq!(
            schema["properties"]["kind"]["enum"],
            json!(["CapacityClaim", "Deployment", "Gateway"])
        );
        let deployment = &schema["$defs"]["Deployment"];
        assert_eq!(
            deployment["not"],
            json!({"required": ["gatewayIds", "gateways"]})
        );
        assert_eq!(deployment["required"], json!(["name"]));
        let claim = &schema["$defs"]["CapacityClaim"];
        assert_eq!(
            claim["anyOf"],
            json!([{"required": ["name"]}, {"required": ["id"]}])
        );
        assert_eq!(claim.get("required"), None);
    }
}

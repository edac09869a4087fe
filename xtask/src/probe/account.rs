//! Reads an account through the client's raw form.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use coreweave_inference::Client;
use coreweave_inference_spec::conformance::{Conformance, Exchange, Violation};
use coreweave_inference_spec::diff::{Diff, Entry};
use coreweave_inference_spec::{Operation, Spec, operations};
use reqwest::Method;
use serde_json::Value;

/// The most resources of one collection to read one by one.
const MAX_RESOURCES: usize = 20;
/// Statuses with which the service may refuse a read without being broken: not found, not enabled, not implemented.
const REFUSALS: [u16; 5] = [400, 404, 409, 412, 501];

/// What the service returned.
#[derive(Default)]
pub(super) struct Probed {
    pub(super) diff: Diff,
    pub(super) responses: Vec<Recorded>,
    /// Operations that could not be read.
    pub(super) failures: Vec<String>,
}

/// A successful response.
pub(super) struct Recorded {
    pub(super) operation: String,
    /// Its schema, as a JSON pointer into the spec.
    pub(super) schema: String,
    pub(super) body: Value,
}

/// Calls every GET operation: those of collections first, then those of the resources that these listed.
pub(super) fn probe(spec: &Spec) -> Result<Probed, Box<dyn Error>> {
    let conformance = Conformance::strict(spec)?;
    let client = Client::from_env()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut operations: Vec<_> = operations(spec.value())
        .into_iter()
        .filter(|operation| operation.key.method() == "get")
        .collect();
    operations.sort_by_key(|operation| operation.path.contains('{'));
    let mut ids = BTreeMap::new();
    let mut entries = Vec::new();
    let mut probed = Probed::default();
    for operation in &operations {
        for path in paths(operation, &ids) {
            let response = runtime.block_on(client.raw().send_json(Method::GET, &path, None));
            let body = match response {
                Ok(response) => response.into_inner(),
                Err(error) => {
                    let status = error.status().map(|status| status.as_u16());
                    match status.filter(|status| REFUSALS.contains(status)) {
                        Some(status) => eprintln!("note: {} returned {status}", operation.id),
                        None => probed.failures.push(format!("{}: {error}", operation.id)),
                    }
                    continue;
                }
            };
            let violations = conformance.check(&Exchange {
                operation: Some(("GET", operation.path)),
                query: "",
                request_body: &Value::Null,
                status: 200,
                response_body: &body,
            });
            entries.extend(
                violations
                    .into_iter()
                    .map(|violation| (violation.change.0, entry(operation, violation))),
            );
            if !path.contains('{') {
                ids.entry(path.clone()).or_insert_with(|| listed_ids(&body));
            }
            let schema = operation.at.child("responses").child("200");
            let schema = schema
                .child("content")
                .child("application/json")
                .child("schema");
            probed.responses.push(Recorded {
                operation: operation.id.clone(),
                schema: schema.into(),
                body,
            });
        }
    }
    probed.diff = entries.into_iter().collect();
    Ok(probed)
}

/// The paths to call: the operation's own, or one for each resource of its collection.
fn paths(operation: &Operation<'_>, ids: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let Some((collection, rest)) = operation.path.split_once("/{") else {
        return vec![operation.path.to_owned()];
    };
    let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
    let ids = ids
        .get(collection)
        .into_iter()
        .flatten()
        .take(MAX_RESOURCES);
    ids.map(|id| format!("{collection}/{id}{rest}")).collect()
}

/// The ids of the resources in a list.
fn listed_ids(body: &Value) -> BTreeSet<String> {
    let lists = body.as_object().into_iter().flatten();
    let items = lists.filter_map(|(_, member)| member.as_array()).flatten();
    let ids = items.filter_map(|item| item.pointer("/spec/id").or(item.get("id"))?.as_str());
    // An id that is none of ours to escape could lead to another route.
    ids.filter(|id| {
        id.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
    .map(str::to_owned)
    .collect()
}

/// The entry for a violation. Values are left out, since they may be secret.
fn entry(operation: &Operation<'_>, violation: Violation) -> Entry {
    let name = violation.location.replace('/', ".");
    let (_, kind) = violation.change;
    let message = match kind {
        "member-added" => format!("`{name}` was added"),
        "enum-value-added" => format!("`{name}` has a new value"),
        "enum-encoding-changed" => format!("`{name}` holds the number of an enum value"),
        "type-changed" => format!("`{name}` is of another type"),
        "newly-optional" => format!("`{name}` lacks a required member"),
        "format-changed" => format!("`{name}` is of another format"),
        _ => format!("`{name}` is outside of its limits"),
    };
    Entry {
        kind,
        operation: Some(operation.id.clone()),
        path: violation.path,
        message,
    }
}

use std::collections::BTreeMap;

use crate::{METHODS, Pointer, resolve};
use serde_json::Value;

/// An operation with its references resolved and the parameters of its path.
#[derive(Clone, Debug)]
pub struct Operation<'v> {
    /// The `operationId`.
    pub id: String,
    /// The method and path, for comparison.
    pub key: Key,
    /// The path template.
    pub path: &'v str,
    /// JSON pointer of the operation.
    pub at: Pointer,
    /// The operation object.
    pub value: &'v Value,
    /// The parameters of the operation and its path.
    pub parameters: Vec<Parameter<'v>>,
    /// The request body object.
    pub request_body: Option<&'v Value>,
    /// The response objects by status, or `default`.
    pub responses: BTreeMap<&'v str, &'v Value>,
}

/// The identity of an operation across documents: its method and path, without the names of path parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    template: String,
    method: &'static str,
}

impl Key {
    /// The HTTP method, in lower case.
    pub fn method(&self) -> &'static str {
        self.method
    }
}

/// One parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter<'v> {
    /// The name.
    pub name: &'v str,
    /// `path`, `query`, `header` or `cookie`.
    pub place: &'v str,
    /// The position of a path parameter.
    pub position: Option<usize>,
    /// JSON pointer of the parameter.
    pub at: Pointer,
    /// The parameter object.
    pub value: &'v Value,
}

/// All operations of a document, ordered by path and method.
pub fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        let at = Pointer::root().child("paths").child(path);
        for method in METHODS {
            if let Some(value) = item.get(method) {
                operations.push(operation(document, path, item, method, value, &at));
            }
        }
    }
    operations.sort_by(|a, b| a.key.cmp(&b.key));
    operations
}

fn operation<'v>(
    document: &'v Value,
    path: &'v str,
    item: &'v Value,
    method: &'static str,
    value: &'v Value,
    item_at: &Pointer,
) -> Operation<'v> {
    let at = item_at.child(method);
    let mut parameters: Vec<Parameter<'v>> = Vec::new();
    for (holder, at) in [(value, &at), (item, item_at)] {
        let list = holder.get("parameters").and_then(Value::as_array);
        for (index, parameter) in list.into_iter().flatten().enumerate() {
            let parameter = follow(document, parameter);
            let text = |key| {
                parameter
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let (name, place) = (text("name"), text("in"));
            if !parameters
                .iter()
                .any(|known| (known.name, known.place) == (name, place))
            {
                let position = (place == "path").then(|| position(path, name)).flatten();
                parameters.push(Parameter {
                    name,
                    place,
                    position,
                    at: at.child("parameters").child(index),
                    value: parameter,
                });
            }
        }
    }
    let responses = value
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    Operation {
        id: value
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        key: Key {
            template: template(path),
            method,
        },
        path,
        at,
        value,
        parameters,
        request_body: value.get("requestBody").map(|body| follow(document, body)),
        responses: responses
            .map(|(status, response)| (status.as_str(), follow(document, response)))
            .collect(),
    }
}

/// Follows a chain of references to its end.
pub(crate) fn follow<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
    let mut value = value;
    while let Some(target) = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| resolve(document, reference))
    {
        value = target;
    }
    value
}

fn template(path: &str) -> String {
    let mut parts = path.split('{');
    let mut template = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        template.push_str("{}");
        template.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    template
}

fn position(path: &str, name: &str) -> Option<usize> {
    path.split('{')
        .skip(1)
        .position(|part| part.split_once('}').is_some_and(|(known, _)| known == name))
}

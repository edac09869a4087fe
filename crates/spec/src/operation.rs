use std::collections::BTreeMap;

use serde_json::Value;

use crate::json::follow;
use crate::{Json, METHODS, Pointer};

/// An operation with its references resolved and the parameters of its path.
#[derive(Clone, Debug)]
pub struct Operation<'v, V = Value> {
    /// The `operationId`.
    pub id: String,
    /// The method and path, for comparison.
    pub key: Key,
    /// The path template.
    pub path: &'v str,
    /// JSON pointer of the operation.
    pub at: Pointer,
    /// The path item that the operation is in.
    pub item: &'v V,
    /// The operation object.
    pub value: &'v V,
    /// The parameters of the operation and its path.
    pub parameters: Vec<Parameter<'v, V>>,
    /// The request body object.
    pub request_body: Option<&'v V>,
    /// The response objects by status, or `default`.
    pub responses: BTreeMap<&'v str, &'v V>,
}

/// The identity of an operation across documents: its method and path, without the names of path parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    template: String,
    method: &'static str,
}

impl Key {
    /// Returns the HTTP method, in lower case.
    pub fn method(&self) -> &'static str {
        self.method
    }
}

/// One parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter<'v, V = Value> {
    /// The name.
    pub name: &'v str,
    /// `path`, `query`, `header` or `cookie`.
    pub place: &'v str,
    /// The position of a path parameter.
    pub position: Option<usize>,
    /// JSON pointer of the parameter.
    pub at: Pointer,
    /// The reference through which the operation has the parameter.
    pub reference: Option<&'v str>,
    /// The parameter object.
    pub value: &'v V,
}

/// All operations of a document, ordered by path and method.
pub fn operations<V: Json>(document: &V) -> Vec<Operation<'_, V>> {
    let mut operations = Vec::new();
    let paths = document.get("paths").into_iter().flat_map(V::members);
    for (path, item) in paths {
        for method in METHODS {
            if let Some(value) = item.get(method) {
                operations.push(operation(document, path, item, method, value));
            }
        }
    }
    operations.sort_by(|a, b| a.key.cmp(&b.key));
    operations
}

fn operation<'v, V: Json>(
    document: &'v V,
    path: &'v str,
    item: &'v V,
    method: &'static str,
    value: &'v V,
) -> Operation<'v, V> {
    let item_at = Pointer::root().child("paths").child(path);
    let at = item_at.child(method);
    let mut parameters: Vec<Parameter<'v, V>> = Vec::new();
    for (holder, at) in [(value, &at), (item, &item_at)] {
        let list = holder.get("parameters").map_or(&[][..], V::items);
        for (index, given) in list.iter().enumerate() {
            let parameter = follow(document, given);
            let text = |key| parameter.get(key).and_then(V::as_str).unwrap_or_default();
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
                    reference: given.get("$ref").and_then(V::as_str),
                    value: parameter,
                });
            }
        }
    }
    let id = value.get("operationId").and_then(V::as_str);
    let responses = value.get("responses").into_iter().flat_map(V::members);
    Operation {
        id: id.unwrap_or_default().to_owned(),
        key: Key {
            template: template(path),
            method,
        },
        path,
        at,
        item,
        value,
        parameters,
        request_body: value.get("requestBody").map(|body| follow(document, body)),
        responses: responses
            .map(|(status, response)| (status, follow(document, response)))
            .collect(),
    }
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

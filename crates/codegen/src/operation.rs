//! The operations of a spec, as the generated client has them.

use std::collections::BTreeMap;

use coreweave_inference_spec::{self as spec, Parameter, Pointer, Spec, SpecError};
use serde_json::Value;

use crate::rust_name;
use crate::rust_type::RustType;
use crate::walk;

/// An operation of the generated client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name of the generated method: `get_gateway`.
    pub name: String,
    /// The operation id in the spec: `GatewayService_GetGateway`.
    pub id: String,
    /// The HTTP method, upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The Rust type of the resource whose binding has the operation: `Gateway`.
    pub resource: Option<String>,
    /// Summary and description.
    pub(crate) docs: Vec<String>,
    /// The path parameters in the order of the template, then the required query parameters.
    pub(crate) arguments: Vec<Argument>,
    /// The optional query parameters.
    pub(crate) options: Vec<Argument>,
    pub(crate) body: Option<Body>,
    /// The type of a successful response, if it has a body.
    pub(crate) response: Option<RustType>,
    /// The statuses of a success.
    pub(crate) success: Vec<u16>,
}

/// A parameter in the path or the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    /// `max_page_size`
    pub(crate) name: String,
    /// `maxPageSize`
    pub(crate) wire_name: String,
    pub(crate) is_path: bool,
    pub(crate) ty: RustType,
    pub(crate) description: Option<String>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) ty: RustType,
    pub(crate) description: Option<String>,
}

impl Operation {
    /// Returns whether the operation always takes a struct of optional query parameters.
    ///
    /// The API may add the first optional parameter of an operation, and a list operation is the likeliest to get one.
    pub(crate) fn is_list(&self) -> bool {
        self.name.starts_with("list_")
    }

    /// Returns whether the operation has a second method, `<name>_with`, that takes optional query parameters.
    pub(crate) fn has_two_forms(&self) -> bool {
        !self.is_list() && !self.options.is_empty()
    }
}

/// Reads the operations of a preprocessed document, whose operation ids are the names of the methods. `ids` are the
/// original operation ids by name. The result is sorted by path.
pub(crate) fn read(
    spec: &Spec,
    document: &Value,
    ids: &BTreeMap<String, String>,
) -> Result<Vec<Operation>, SpecError> {
    let operations = spec::operations(document).into_iter().map(|operation| {
        let responses = operation.responses.iter();
        let successes: Vec<_> = responses
            .filter_map(|(status, response)| Some((status.parse().ok()?, *response)))
            .collect();
        let text = |keyword| text(operation.value, keyword);
        let mut parameters = operation.parameters.iter().collect::<Vec<_>>();
        parameters.sort_by_key(|parameter| parameter.position);
        let (arguments, options) = parameters
            .into_iter()
            .partition::<Vec<_>, _>(|parameter| is_required(parameter));
        let (on_path, in_query) = arguments
            .into_iter()
            .partition::<Vec<_>, _>(|parameter| parameter.place == "path");
        let read = |parameters: Vec<&Parameter<'_>>| -> Result<Vec<_>, SpecError> {
            let arguments = parameters.into_iter();
            arguments
                .map(|parameter| argument(spec, document, parameter))
                .collect()
        };
        let body = operation.request_body.map(|body| Body {
            ty: content(body).map_or(RustType::Json, RustType::of),
            description: self::text(body, "description"),
        });
        Ok(Operation {
            id: ids.get(&operation.id).cloned().unwrap_or_default(),
            method: operation.key.method().to_ascii_uppercase(),
            path: operation.path.to_owned(),
            resource: None,
            docs: [text("summary"), text("description")]
                .into_iter()
                .flatten()
                .collect(),
            arguments: read([on_path, in_query].concat())?,
            options: read(options)?,
            body,
            response: successes
                .iter()
                .find_map(|(_, response)| content(response))
                .map(RustType::of),
            success: successes.iter().map(|(status, _)| *status).collect(),
            name: operation.id,
        })
    });
    let operations = operations.collect::<Result<Vec<_>, _>>()?;
    for operation in operations
        .iter()
        .filter(|operation| operation.has_two_forms())
    {
        let with = format!("{}_with", operation.name);
        if let Some(other) = operations.iter().find(|other| other.name == with) {
            let message = format!(
                "operations `{}` and `{}` would both become the method `{with}`",
                operation.id, other.id
            );
            let pointer = Pointer::root()
                .child("paths")
                .child(&other.path)
                .child(other.method.to_ascii_lowercase())
                .child("operationId");
            return Err(spec.error(pointer.as_str(), message));
        }
    }
    Ok(operations)
}

fn is_required(parameter: &Parameter<'_>) -> bool {
    parameter.place == "path" || parameter.value.get("required") == Some(&Value::Bool(true))
}

/// Reads a parameter, which is a scalar or, in the query, a list of scalars.
fn argument(
    spec: &Spec,
    document: &Value,
    parameter: &Parameter<'_>,
) -> Result<Argument, SpecError> {
    let schema = parameter.value.get("schema");
    let ty = schema.map_or(RustType::Json, RustType::of);
    let is_path = parameter.place == "path";
    let item = match &ty {
        RustType::List(item) if !is_path => item,
        other => other,
    };
    let is_scalar = match item {
        RustType::Text | RustType::Timestamp | RustType::Primitive(_) => true,
        RustType::Named(name) => walk::schema(document, name).is_some_and(walk::is_text),
        RustType::List(_) | RustType::Map(_) | RustType::Json | RustType::Secret => false,
    };
    if !is_scalar {
        let message = format!(
            "the parameter `{}` is neither a scalar nor a list of scalars, and not supported by codegen",
            parameter.name
        );
        return Err(spec.error(parameter.at.child("schema").as_str(), message));
    }
    Ok(Argument {
        name: rust_name::field_name(parameter.name),
        wire_name: parameter.name.to_owned(),
        is_path,
        ty,
        description: text(parameter.value, "description"),
    })
}

/// Returns the schema of a JSON body.
fn content(body: &Value) -> Option<&Value> {
    body.get("content")?.get("application/json")?.get("schema")
}

fn text(value: &Value, keyword: &str) -> Option<String> {
    Some(value.get(keyword)?.as_str()?.to_owned())
}

//! Checks requests and responses against a document.
//!
//! Unset members may be sent as protobuf JSON does: left out, `null`, an empty string, or an enum's
//! zero name (`…_UNSPECIFIED`).

mod json_schema;

use std::collections::HashMap;
use std::fmt;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::diff::Class;
use crate::operation::{Operation, operations};
use crate::{Pointer, Spec, SpecError};

/// A document compiled for validation: checks what went over the wire against it.
///
/// ```
/// use coreweave_inference_spec::Spec;
/// use coreweave_inference_spec::conformance::{Conformance, Exchange};
/// use serde_json::{Value, json};
///
/// let spec = Spec::parse("tiny.yaml", "\
/// openapi: 3.0.3
/// info: {title: Tiny, version: '1'}
/// paths:
///   /things:
///     get:
///       operationId: ListThings
///       responses:
///         '200':
///           description: OK
///           content: {application/json: {schema: {type: array, items: {type: string}}}}
/// ")?;
/// let conformance = Conformance::new(&spec)?;
/// let exchange = Exchange {
///     operation: Some(("GET", "/things")),
///     query: "",
///     request_body: &Value::Null,
///     status: 200,
///     response_body: &json!(["a", 2]),
/// };
/// let violations = conformance.check(&exchange);
/// assert_eq!(violations[0].to_string(), "response/1: 2 is not of type \"string\"");
/// # Ok::<_, coreweave_inference_spec::SpecError>(())
/// ```
pub struct Conformance {
    operations: HashMap<(String, String), Schemas>,
    /// The error that every operation can return, for requests that reach no operation.
    error: Option<Validator>,
}

/// The compiled schemas of one operation.
struct Schemas {
    responses: HashMap<String, Option<Validator>>,
    request_body: Option<Validator>,
    query: HashMap<String, QueryParameter>,
}

struct QueryParameter {
    /// Validates the value, or each value of a repeated parameter.
    validator: Validator,
    is_string: bool,
}

/// One request and its response.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The operation's method and path template, such as `("GET", "/things/{id}")`; `None` where the request matched no
    /// operation.
    pub operation: Option<(&'a str, &'a str)>,
    /// The query as sent, without the `?`.
    pub query: &'a str,
    /// The request's body; null if it had none.
    pub request_body: &'a Value,
    /// The status of the response.
    pub status: u16,
    /// The response's body; null if it had none.
    pub response_body: &'a Value,
}

/// One way in which an exchange does not conform to the document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The kind and class of the change of the document that would allow it, as [`diff`](crate::diff) names them.
    pub change: (Class, &'static str),
    /// JSON pointer of that change in the document.
    pub path: String,
    /// Where: `request` or `response` with a JSON pointer into the body, or the name of a query parameter.
    pub location: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.message)
    }
}

impl Conformance {
    /// Compiles every schema of the document's operations. Members that the document lacks conform.
    ///
    /// # Errors
    /// Returns an error if a schema is not valid, with its place in the document.
    pub fn new(spec: &Spec) -> Result<Self, SpecError> {
        Self::compile(spec, false)
    }

    /// As [`Conformance::new`], but members that the document lacks are violations.
    ///
    /// # Errors
    /// As [`Conformance::new`].
    pub fn strict(spec: &Spec) -> Result<Self, SpecError> {
        Self::compile(spec, true)
    }

    fn compile(spec: &Spec, strict: bool) -> Result<Self, SpecError> {
        let mut document = spec.value().clone();
        json_schema::convert(&mut document, strict);
        let compiler = Compiler {
            spec,
            document: &document,
        };
        let mut compiled = HashMap::new();
        let mut error = None;
        for operation in operations(spec.value()) {
            let key = (
                operation.key.method().to_uppercase(),
                operation.path.to_owned(),
            );
            compiled.insert(key, compiler.operation(&operation)?);
            if error.is_none() {
                error = compiler.response(&operation, "default")?;
            }
        }
        Ok(Self {
            operations: compiled,
            error,
        })
    }

    /// Checks a response, and the request too if it succeeded.
    #[must_use]
    pub fn check(&self, exchange: &Exchange<'_>) -> Vec<Violation> {
        let mut violations = Vec::new();
        let Exchange {
            status,
            response_body,
            ..
        } = exchange;
        let Some((method, path)) = exchange.operation else {
            match &self.error {
                Some(error) if !(200..300).contains(status) => {
                    validate(error, response_body, "response", &mut violations);
                }
                _ => violations.push(violation("response", "no operation has this path")),
            }
            return violations;
        };
        let key = (method.to_owned(), path.to_owned());
        let Some(schemas) = self.operations.get(&key) else {
            return vec![violation(
                "request",
                format!("the document has no operation {method} {path}"),
            )];
        };
        let response = schemas.responses.get(&status.to_string());
        match response.or_else(|| schemas.responses.get("default")) {
            Some(Some(response)) => validate(response, response_body, "response", &mut violations),
            Some(None) => {}
            None => violations.push(violation(
                "response",
                format!("the document has no response for status {status}"),
            )),
        }
        if (200..300).contains(status) {
            schemas.check_request(exchange, &mut violations);
        }
        violations
    }
}

impl Schemas {
    fn check_request(&self, exchange: &Exchange<'_>, violations: &mut Vec<Violation>) {
        match &self.request_body {
            Some(schema) => validate(schema, exchange.request_body, "request", violations),
            None if exchange.request_body.is_null() => {}
            None => violations.push(violation("request", "the operation takes no body")),
        }
        for (name, text) in form_urlencoded::parse(exchange.query.as_bytes()) {
            match self.query.get(name.as_ref()) {
                Some(parameter) => {
                    validate(
                        &parameter.validator,
                        &parameter.value(&text),
                        &name,
                        violations,
                    );
                }
                None => violations.push(violation(
                    "request",
                    format!("the operation has no query parameter `{name}`"),
                )),
            }
        }
    }
}

impl QueryParameter {
    fn value(&self, text: &str) -> Value {
        let string = || Value::String(text.to_owned());
        if self.is_string {
            string()
        } else {
            serde_json::from_str(text).unwrap_or_else(|_| string())
        }
    }
}

impl fmt::Debug for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance").finish_non_exhaustive()
    }
}

fn violation(location: impl Into<String>, message: impl Into<String>) -> Violation {
    Violation {
        change: (Class::Breaking, "operation-changed"),
        path: String::new(),
        location: location.into(),
        message: message.into(),
    }
}

fn validate(validator: &Validator, value: &Value, what: &str, violations: &mut Vec<Violation>) {
    let mut found = Vec::new();
    for error in validator.iter_errors(&without_unset(value)) {
        let location = format!("{what}{}", error.instance_path());
        let path = error.schema_path().to_string();
        let schema = path.rsplit_once('/').map_or("", |(schema, _)| schema);
        if let ValidationErrorKind::UnevaluatedProperties { unexpected } = error.kind() {
            for name in unexpected {
                let path = Pointer::parse(schema).child("properties").child(name);
                found.push(Violation {
                    change: (Class::Additive, "member-added"),
                    path: path.into(),
                    location: format!("{location}/{name}"),
                    message: "a member that the document lacks".to_owned(),
                });
            }
            continue;
        }
        let change = match error.kind() {
            ValidationErrorKind::Enum { .. } if error.instance().is_number() => {
                (Class::Additive, "enum-encoding-changed")
            }
            ValidationErrorKind::Enum { .. } => (Class::Additive, "enum-value-added"),
            ValidationErrorKind::Type { .. } => (Class::Breaking, "type-changed"),
            ValidationErrorKind::Required { .. } => (Class::Breaking, "newly-optional"),
            ValidationErrorKind::Format { .. } => (Class::Breaking, "format-changed"),
            _ => (Class::Documentation, "limit-changed"),
        };
        found.push(Violation {
            change,
            path,
            location,
            message: error.to_string(),
        });
    }
    // A number in place of an enum's name is one violation, of the enum and not of its type.
    let numbers: Vec<_> = found
        .iter()
        .filter(|violation| violation.change.1 == "enum-encoding-changed")
        .map(|violation| violation.location.clone())
        .collect();
    found.retain(|violation| {
        violation.change.1 != "type-changed" || !numbers.contains(&violation.location)
    });
    violations.extend(found);
}

/// A value without the members that protobuf JSON may send for unset ones.
fn without_unset(value: &Value) -> Value {
    let is_unset = |value: &Value| {
        let zero = |text: &str| text.is_empty() || text.ends_with("_UNSPECIFIED");
        value.is_null() || value.as_str().is_some_and(zero)
    };
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !is_unset(member))
            .map(|(name, member)| (name.clone(), without_unset(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_unset).collect(),
        value => value.clone(),
    }
}

struct Compiler<'a> {
    spec: &'a Spec,
    /// The document, its schemas converted to JSON Schema.
    document: &'a Value,
}

impl Compiler<'_> {
    fn operation(&self, operation: &Operation<'_>) -> Result<Schemas, SpecError> {
        let mut responses = HashMap::new();
        for status in operation.responses.keys() {
            responses.insert((*status).to_owned(), self.response(operation, status)?);
        }
        let body = operation.at.child("requestBody");
        let mut query = HashMap::new();
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.place == "query")
        {
            let mut at = parameter.at.child("schema");
            if parameter.value.pointer("/schema/items").is_some() {
                at = at.child("items");
            }
            let schema = self.document.pointer(at.as_str());
            query.insert(
                parameter.name.to_owned(),
                QueryParameter {
                    is_string: schema
                        .and_then(|schema| schema.get("type"))
                        .is_some_and(|kind| kind == "string"),
                    validator: self.compile(&at)?,
                },
            );
        }
        Ok(Schemas {
            responses,
            request_body: self.content(&body)?,
            query,
        })
    }

    fn response(
        &self,
        operation: &Operation<'_>,
        status: &str,
    ) -> Result<Option<Validator>, SpecError> {
        self.content(&operation.at.child("responses").child(status))
    }

    /// The JSON schema of a body, if it has one. `at` may hold a reference.
    fn content(&self, at: &Pointer) -> Result<Option<Validator>, SpecError> {
        let reference = self
            .document
            .pointer(at.as_str())
            .and_then(|value| value.get("$ref")?.as_str());
        let base = match reference {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => at.to_string(),
        };
        let at = format!("{base}/content/application~1json/schema");
        if self.document.pointer(&at).is_none() {
            return Ok(None);
        }
        self.compile(&Pointer::parse(&at)).map(Some)
    }

    /// Compiles the schema at `at`, which may refer to the rest of the document.
    fn compile(&self, at: &Pointer) -> Result<Validator, SpecError> {
        let mut root = self.document.clone();
        if let Some(members) = root.as_object_mut() {
            // A URI fragment: braces and the like are percent-encoded.
            let fragment: String =
                form_urlencoded::byte_serialize(at.as_str().as_bytes()).collect();
            let reference = format!("#{}", fragment.replace('+', "%20").replace("%2F", "/"));
            members.insert("$ref".to_owned(), json!(reference));
        }
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&root)
            .map_err(|error| self.spec.error(at.as_str(), error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Spec {
        Spec::parse(
            "small.yaml",
            "\
openapi: 3.0.3
info: {title: Small, version: '1'}
paths:
  /things/{id}:
    post:
      operationId: UpdateThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: size, in: query, schema: {type: integer, format: uint32}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, format: uuid}}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '204': {description: Nothing to do}
        default: {description: Error, content: {application/json: {schema: {type: object, required: [code]}}}}
components:
  schemas:
    Thing: {type: object, required: [name], properties: {name: {type: string}, state: {type: string, enum: [ON]}}}
",
        )
        .unwrap()
    }

    fn check(query: &str, request: Value, status: u16, response: Value) -> Vec<String> {
        let conformance = Conformance::new(&spec()).unwrap();
        let violations = conformance.check(&Exchange {
            operation: Some(("POST", "/things/{id}")),
            query,
            request_body: &request,
            status,
            response_body: &response,
        });
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_part_of_an_exchange_is_checked() {
        let thing = || json!({"name": "a", "state": "ON"});
        assert_eq!(check("size=1", thing(), 200, thing()), [""; 0]);
        assert_eq!(
            check(
                "size=-1&tags=x&other",
                json!({"name": 1}),
                200,
                json!({"state": "OFF"})
            ),
            [
                "response: \"name\" is a required property",
                "response/state: \"OFF\" is not one of \"ON\"",
                "request/name: 1 is not of type \"string\"",
                "size: -1 is less than the minimum of 0",
                "tags: \"x\" is not a \"uuid\"",
                "request: the operation has no query parameter `other`",
            ]
        );
        assert_eq!(
            check("", json!({}), 400, json!({})),
            ["response: \"code\" is a required property"],
            "a request that was refused may be wrong"
        );
        assert_eq!(check("", thing(), 204, Value::Null), [""; 0]);
    }

    #[test]
    fn unset_members_are_absent() {
        let thing = json!({"name": "a", "state": "STATE_UNSPECIFIED"});
        assert_eq!(
            check("", thing, 200, json!({"name": "a", "state": null})),
            [""; 0]
        );
        assert_eq!(
            check("", json!({"name": null}), 200, json!({"name": "a"})),
            ["request: \"name\" is a required property"]
        );
    }

    #[test]
    fn strict_violations_name_the_change_of_the_document() {
        let changes = |response: Value| -> Vec<_> {
            let violations = Conformance::strict(&spec()).unwrap().check(&Exchange {
                operation: Some(("POST", "/things/{id}")),
                query: "",
                request_body: &json!({"name": "a"}),
                status: 200,
                response_body: &response,
            });
            let change = |violation: &Violation| (violation.change.1, violation.path.clone());
            violations.iter().map(change).collect()
        };
        let at = |path: &str| format!("/components/schemas/Thing/{path}");
        for (response, expected) in [
            (json!({"name": "a", "state": "ON"}), vec![]),
            (
                json!({"name": "a", "more": 1}),
                vec![("member-added", at("properties/more"))],
            ),
            (
                json!({"name": "a", "state": "OFF"}),
                vec![("enum-value-added", at("properties/state/enum"))],
            ),
            (
                json!({"name": "a", "state": 2}),
                vec![("enum-encoding-changed", at("properties/state/enum"))],
            ),
            (
                json!({"name": 7}),
                vec![("type-changed", at("properties/name/type"))],
            ),
            (json!({}), vec![("newly-optional", at("required"))]),
        ] {
            assert_eq!(changes(response.clone()), expected, "{response}");
        }
    }
}

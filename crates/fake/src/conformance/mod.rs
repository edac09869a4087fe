//! Holding recorded requests and replies to the OpenAPI document.

mod schema;
mod yaml;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::Path;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::query::Query;
use crate::request_log::RecordedRequest;

/// What an OpenAPI document says about every operation, ready to be held against a record.
///
/// ```no_run
/// use coreweave_inference_fake::FakeServer;
/// use coreweave_inference_fake::conformance::Conformance;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let conformance = Conformance::load("openapi.yaml")?;
/// let fake = FakeServer::start().await?;
/// // … requests …
/// for request in fake.requests() {
///     conformance.check(&request)?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct Conformance {
    operations: HashMap<Operation, Described>,
    error: Validator,
}

/// What the document says about one operation.
struct Described {
    reply: Validator,
    body: Option<Validator>,
    query: HashMap<String, Parameter>,
}

/// A parameter in the query.
struct Parameter {
    validator: Validator,
    /// The type of the value, or of each value of a list.
    kind: String,
}

/// Why an OpenAPI document could not be used.
#[derive(Debug)]
pub struct ConformanceError(String);

impl fmt::Display for ConformanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConformanceError {}

/// How a request or its reply departs from the document.
#[derive(Debug)]
pub struct Departure {
    request: String,
    /// Every point in which they depart.
    pub points: Vec<String>,
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} departs from the document: {}",
            self.request,
            self.points.join("; ")
        )
    }
}

impl std::error::Error for Departure {}

impl Conformance {
    /// Reads the document in a YAML file.
    ///
    /// # Errors
    /// When the file can't be read, is no YAML, or lacks an operation.
    ///
    /// ```no_run
    /// use coreweave_inference_fake::conformance::Conformance;
    ///
    /// let document = Conformance::load("openapi.yaml")?;
    /// # drop(document);
    /// # Ok::<_, coreweave_inference_fake::conformance::ConformanceError>(())
    /// ```
    pub fn load(file: impl AsRef<Path>) -> Result<Conformance, ConformanceError> {
        let file = file.as_ref();
        let failed = |error: String| ConformanceError(format!("read {}: {error}", file.display()));
        let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        let document = yaml::read(&text).map_err(failed)?;
        Conformance::new(document).map_err(|error| failed(error.0))
    }

    /// Takes the document as JSON.
    ///
    /// # Errors
    /// When it lacks an operation, or one of its schemas is none.
    ///
    /// ```
    /// use coreweave_inference_fake::conformance::Conformance;
    ///
    /// assert!(Conformance::new(serde_json::json!({"openapi": "3.0.3"})).is_err());
    /// ```
    pub fn new(mut document: Value) -> Result<Conformance, ConformanceError> {
        schema::to_json_schema(&mut document);
        let schemas = document.get("components").cloned().unwrap_or_default();
        let mut operations = HashMap::new();
        for operation in Operation::ALL {
            operations.insert(*operation, describe(&document, &schemas, *operation)?);
        }
        let error = validator(&schemas, &json!({"$ref": "#/components/schemas/Status"}))?;
        Ok(Conformance { operations, error })
    }

    /// Holds a reply to the document, and the request too if the API accepted it.
    ///
    /// # Errors
    /// When either departs from it.
    ///
    /// ```no_run
    /// # use coreweave_inference_fake::{FakeServer, conformance::{Conformance, Departure}};
    /// # fn f(document: Conformance, fake: FakeServer) -> Result<(), Departure> {
    /// fake.requests().iter().try_for_each(|request| document.check(request))
    /// # }
    /// ```
    pub fn check(&self, record: &RecordedRequest) -> Result<(), Departure> {
        let mut points = Vec::new();
        let reply = &record.response_body;
        let described = record
            .operation
            .and_then(|operation| self.operations.get(&operation));
        match (record.response_status, described) {
            (None, _) => {}
            (Some(200), Some(described)) => {
                check_value(&described.reply, reply, "reply", &mut points);
                match &described.body {
                    Some(body) => check_value(body, &record.body, "request", &mut points),
                    None if record.body.is_null() => {}
                    None => points.push("request: no body is described".to_owned()),
                }
                let query = Query::parse(record.query.as_deref().unwrap_or_default());
                check_query(&described.query, &query, &mut points);
            }
            (Some(200), None) => points.push("reply: a success of no operation".to_owned()),
            (Some(_), _) => check_value(&self.error, reply, "reply", &mut points),
        }
        if points.is_empty() {
            return Ok(());
        }
        Err(Departure {
            request: format!("{} {}", record.method, record.path),
            points,
        })
    }
}

impl fmt::Debug for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance").finish_non_exhaustive()
    }
}

fn check_value(validator: &Validator, value: &Value, what: &str, points: &mut Vec<String>) {
    let errors = validator.iter_errors(value);
    points.extend(errors.map(|error| format!("{what}{}: {error}", error.instance_path())));
}

fn check_query(described: &HashMap<String, Parameter>, query: &Query, points: &mut Vec<String>) {
    for name in query.names() {
        match described.get(name) {
            None => points.push(format!("request: no parameter {name} is described")),
            Some(parameter) => {
                let values = query
                    .all(name)
                    .into_iter()
                    .map(|text| parameter.value(text));
                for value in values {
                    check_value(&parameter.validator, &value, name, points);
                }
            }
        }
    }
}

impl Parameter {
    /// The text in the query as the value that it stands for.
    fn value(&self, text: &str) -> Value {
        match self.kind.as_str() {
            "string" => Value::String(text.to_owned()),
            _ => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        }
    }
}

fn describe(
    document: &Value,
    schemas: &Value,
    operation: Operation,
) -> Result<Described, ConformanceError> {
    let method = operation.method().as_str().to_ascii_lowercase();
    let described = document
        .get("paths")
        .and_then(|paths| paths.get(operation.path()))
        .and_then(|path| path.get(&method))
        .ok_or_else(|| ConformanceError(format!("it lacks {method} {}", operation.path())))?;
    let content = "/content/application~1json/schema";
    let reply = described
        .pointer(&format!("/responses/200{content}"))
        .ok_or_else(|| ConformanceError(format!("{operation} has no reply")))?;
    let body = described.pointer(&format!("/requestBody{content}"));
    let parameters = described.get("parameters").and_then(Value::as_array);
    let in_query = |parameter: &&Value| parameter.get("in") == Some(&json!("query"));
    let mut query = HashMap::new();
    for parameter in parameters.into_iter().flatten().filter(in_query) {
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let schema = parameter.get("schema").cloned().unwrap_or_default();
        let single = schema.get("items").unwrap_or(&schema);
        let kind = single
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        query.insert(
            name.to_owned(),
            Parameter {
                validator: validator(schemas, single)?,
                kind,
            },
        );
    }
    Ok(Described {
        reply: validator(schemas, reply)?,
        body: body.map(|body| validator(schemas, body)).transpose()?,
        query,
    })
}

/// A validator for a schema that may refer to the document's components.
fn validator(components: &Value, schema: &Value) -> Result<Validator, ConformanceError> {
    let mut root = match schema {
        Value::Object(members) => members.clone(),
        _ => Map::new(),
    };
    root.insert("components".to_owned(), components.clone());
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&Value::Object(root))
        .map_err(|error| ConformanceError(format!("a schema is none: {error}")))
}

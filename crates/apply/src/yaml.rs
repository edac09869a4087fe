//! YAML text from and to JSON values.

use saphyr::{
    LoadableYamlNode, MarkedYamlOwned, Scalar, ScalarOwned, Yaml, YamlDataOwned, YamlEmitter,
};
use serde_json::{Map, Value};

use crate::problem::{Location, Problem};

/// A YAML value, each node with its line.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) data: Data,
}

#[derive(Debug)]
pub(crate) enum Data {
    Scalar(Value),
    List(Vec<Node>),
    Object(Vec<(String, usize, Node)>),
}

impl Node {
    pub(crate) fn value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items) => items.iter().map(Node::value).collect(),
            Data::Object(members) => members
                .iter()
                .map(|(name, _, node)| (name.clone(), node.value()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

/// Reads all documents of a YAML text.
pub(crate) fn parse(file: &str, text: &str) -> Result<Vec<Node>, Problem> {
    let at = |line| {
        Some(Location {
            file: file.to_owned(),
            line,
        })
    };
    let documents = MarkedYamlOwned::load_from_str(text)
        .map_err(|error| Problem::new(at(error.marker().line()), error.info()))?;
    documents
        .into_iter()
        .map(|document| node(document).map_err(|(line, message)| Problem::new(at(line), message)))
        .collect()
}

fn node(yaml: MarkedYamlOwned) -> Result<Node, (usize, &'static str)> {
    let line = yaml.span.start.line();
    let data = match yaml.data {
        YamlDataOwned::Value(scalar) => Data::Scalar(match scalar {
            ScalarOwned::Null => Value::Null,
            ScalarOwned::Boolean(flag) => flag.into(),
            ScalarOwned::Integer(number) => number.into(),
            ScalarOwned::FloatingPoint(number) => number.into_inner().into(),
            ScalarOwned::String(text) => text.into(),
        }),
        YamlDataOwned::Sequence(items) => {
            Data::List(items.into_iter().map(node).collect::<Result<_, _>>()?)
        }
        YamlDataOwned::Mapping(members) => Data::Object(
            members
                .into_iter()
                .map(|(key, value)| {
                    let line = key.span.start.line();
                    match key.data {
                        YamlDataOwned::Value(ScalarOwned::String(key)) => {
                            Ok((key, line, node(value)?))
                        }
                        _ => Err((line, "the name of a member must be a string")),
                    }
                })
                .collect::<Result<_, _>>()?,
        ),
        _ => return Err((line, "tags are not supported")),
    };
    Ok(Node { line, data })
}

/// Writes a JSON value as a YAML document, without a document marker.
///
/// The members `kind` and `name` come first, the others in alphabetical order.
///
/// ```
/// let value = serde_json::json!({"a": [1, "two"], "kind": "Gateway"});
/// assert_eq!(coreweave_inference_apply::to_yaml(&value), "kind: Gateway\na:\n  - 1\n  - two\n");
/// ```
pub fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    let mut emitter = YamlEmitter::new(&mut text);
    emitter.multiline(true);
    // Writing to a string cannot fail.
    let _ = emitter.dump(&yaml(value));
    let body = text.strip_prefix("---\n").unwrap_or(&text);
    format!("{}\n", body.trim_end_matches('\n'))
}

fn yaml(value: &Value) -> Yaml<'_> {
    match value {
        Value::Null => Yaml::Representation("null".into(), saphyr::ScalarStyle::Plain, None),
        Value::Bool(flag) => Yaml::Value(Scalar::Boolean(*flag)),
        Value::Number(number) => {
            Yaml::Representation(number.to_string().into(), saphyr::ScalarStyle::Plain, None)
        }
        Value::String(text) => Yaml::Value(Scalar::String(text.as_str().into())),
        Value::Array(items) => Yaml::Sequence(items.iter().map(yaml).collect()),
        Value::Object(members) => {
            let first = ["kind", "name"];
            let ordered = first
                .iter()
                .filter_map(|name| members.get_key_value(*name))
                .chain(
                    members
                        .iter()
                        .filter(|(name, _)| !first.contains(&name.as_str())),
                );
            Yaml::Mapping(
                ordered
                    .map(|(name, value)| {
                        (
                            Yaml::Value(Scalar::String(name.as_str().into())),
                            yaml(value),
                        )
                    })
                    .collect(),
            )
        }
    }
}

//! Checking YAML against the members of a request.

use std::collections::BTreeMap;

use coreweave_inference_spec::yaml::{self, Data, Node};
use serde_json::{Map, Value};

use crate::problem::{Location, Problem, Problems};
use crate::schema::{Member, Shape, suggest};

/// Parses one YAML document as a request with these members. `noun` names the resource in problems.
///
/// # Errors
/// Lists every problem: invalid YAML, a member of a wrong type or with a misspelled name.
pub fn parse_request(
    file: &str,
    text: &str,
    noun: &str,
    members: &[Member],
) -> Result<Map<String, Value>, Problems> {
    let mut documents = yaml::read(file, text, 1)?;
    let (Some(Data::Object(given)), true) =
        (documents.pop().map(|node| node.data), documents.is_empty())
    else {
        let location = Location {
            file: file.to_owned(),
            line: 1,
        };
        let message = format!("give one document, an object with the members of a {noun}");
        return Err(Problem::new(Some(location), message).into());
    };
    let mut check = Check::new(file, noun.to_owned());
    for (name, node) in &given {
        check.member(members, "", name, node);
    }
    Problems(check.problems).into_result()?;
    Ok(given
        .into_iter()
        .map(|(name, node)| (name, node.value()))
        .collect())
}

/// The findings in one document.
pub(crate) struct Check<'a> {
    file: &'a str,
    noun: String,
    pub(crate) lines: BTreeMap<String, usize>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl<'a> Check<'a> {
    pub(crate) fn new(file: &'a str, noun: String) -> Self {
        Self {
            file,
            noun,
            lines: BTreeMap::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Checks one member of an object, and those inside it.
    pub(crate) fn member(&mut self, members: &[Member], parent: &str, name: &str, node: &Node) {
        let path = join(parent, name);
        self.lines.insert(path.clone(), node.line);
        let Some(member) = members.iter().find(|member| member.name == name) else {
            return self.unknown(members, parent, name, node.line);
        };
        match (&member.shape, &node.data) {
            (_, Data::Scalar(Value::Null)) => {}
            (Shape::Object(members), Data::Object(inner)) => {
                for (name, node) in inner {
                    self.member(members, &path, name, node);
                }
            }
            (Shape::Map, Data::Object(entries)) => {
                for (key, node) in entries {
                    let path = join(&path, key);
                    self.lines.insert(path.clone(), node.line);
                    if !matches!(node.data, Data::Scalar(Value::Null)) {
                        self.scalar(&path, &Shape::Text, node);
                    }
                }
            }
            (Shape::List(shape), Data::List(items)) => {
                for item in items {
                    self.scalar(&path, shape, item);
                }
            }
            (shape, _) => self.scalar(&path, shape, node),
        }
    }

    fn scalar(&mut self, path: &str, shape: &Shape, node: &Node) {
        match (shape, &node.data) {
            (Shape::Enum(known), Data::Scalar(Value::String(value))) => {
                if !known.contains(value) && !value.ends_with("_UNSPECIFIED") {
                    self.unknown_value(path, known, value, node.line);
                }
            }
            (Shape::Text, Data::Scalar(Value::String(_)))
            | (Shape::Enum(_), Data::Scalar(Value::Number(_)))
            | (Shape::Flag, Data::Scalar(Value::Bool(_))) => {}
            (Shape::Number(min, max), Data::Scalar(Value::Number(number)))
                if number.as_u64().is_some_and(|n| (*min..=*max).contains(&n)) => {}
            _ => self.mismatch(path, shape, node),
        }
    }

    /// The service adds values without notice, so that an unknown one is sent.
    fn unknown_value(&mut self, path: &str, known: &[String], value: &str, line: usize) {
        let message = format!("`{path}` has no value `{value}` that this version knows");
        let warning = Problem::new(self.at(line), message);
        self.warnings.push(match suggest(value, known) {
            None => warning.help(format!("it knows {}", known.join(", "))),
            suggestion => warning.suggest(suggestion),
        });
    }

    /// A misspelled name is a problem; another unknown one may be newer than this version.
    fn unknown(&mut self, members: &[Member], parent: &str, name: &str, line: usize) {
        let owner = match parent {
            "" => format!("a {}", self.noun),
            parent => format!("`{parent}`"),
        };
        let message = format!("{owner} has no member `{name}`");
        let known = members.iter().map(|member| member.name.as_str());
        match suggest(name, known) {
            None => {
                let warning =
                    Problem::new(self.at(line), format!("{message} that this version knows"));
                let help =
                    "it is sent with other changes, and compared once the service returns it";
                self.warnings.push(warning.help(help));
            }
            suggestion => self
                .problems
                .push(Problem::new(self.at(line), message).suggest(suggestion)),
        }
    }

    fn mismatch(&mut self, path: &str, shape: &Shape, node: &Node) {
        let found = match &node.data {
            Data::Scalar(Value::String(_)) => "a string".to_owned(),
            Data::Scalar(value) => format!("`{value}`"),
            Data::List(_) => "a list".to_owned(),
            Data::Object(_) => "an object".to_owned(),
        };
        let noun = match (shape, &node.data) {
            (Shape::Number(min, max), Data::Scalar(Value::Number(_))) => {
                format!("an integer from {min} to {max}")
            }
            _ => shape.noun().to_owned(),
        };
        let message = format!("`{path}` must be {noun}, not {found}");
        let problem = Problem::new(self.at(node.line), message);
        self.problems.push(match (shape, &node.data) {
            (Shape::Text, Data::Scalar(_)) => problem.help("put it in quotes"),
            _ => problem,
        });
    }

    fn at(&self, line: usize) -> Option<Location> {
        let file = self.file.to_owned();
        Some(Location { file, line })
    }
}

fn join(parent: &str, name: &str) -> String {
    match parent {
        "" => name.to_owned(),
        parent => format!("{parent}.{name}"),
    }
}

//! Checking YAML against the members of a request.

use std::collections::BTreeMap;

use coreweave_inference_spec::yaml::{self, Data, Node};
use serde_json::{Map, Value};

use crate::problem::{Location, Problem, Problems};
use crate::schema::{Member, Shape, suggest};

/// Parses one YAML document as a request, with warnings. `noun` names the resource in problems.
///
/// # Errors
/// Returns an error that lists every problem: invalid YAML, a member of a wrong type or with a misspelled name.
pub fn parse_request(
    file: &str,
    text: &str,
    noun: &str,
    request: Member,
) -> Result<(Map<String, Value>, Vec<Problem>), Problems> {
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
    let mut check = Check::new(file, noun.to_owned(), "it is sent as given");
    for (name, node) in &given {
        check.member(request, "", name, node);
    }
    Problems(check.problems).into_result()?;
    let body = given
        .into_iter()
        .map(|(name, node)| (name, node.value()))
        .collect();
    Ok((body, check.warnings))
}

/// The findings in one document.
pub(crate) struct Check<'a> {
    file: &'a str,
    noun: String,
    /// What happens to members that this version does not know.
    unknown: &'static str,
    pub(crate) lines: BTreeMap<String, usize>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl<'a> Check<'a> {
    pub(crate) fn new(file: &'a str, noun: String, unknown: &'static str) -> Self {
        Self {
            file,
            noun,
            unknown,
            lines: BTreeMap::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Checks one member of an object, and those inside it.
    pub(crate) fn member(&mut self, object: Member, parent: &str, name: &str, node: &Node) {
        let path = join(parent, name);
        self.lines.insert(path.clone(), node.line);
        let mut members = object.members().filter(|(name, _)| *name != "kind");
        match members.find(|(known, _)| *known == name) {
            None => self.unknown(object, parent, name, node.line),
            Some(_) if matches!(node.data, Data::Scalar(Value::Null)) => {}
            Some((_, member)) => self.value(&path, member, node),
        }
    }

    fn value(&mut self, path: &str, member: Member, node: &Node) {
        match (member.shape(), &node.data) {
            (_, Data::Scalar(Value::Null)) if member.is_nullable() => {}
            (Shape::Object, Data::Object(inner)) => {
                for (name, node) in inner {
                    self.member(member, path, name, node);
                }
            }
            (Shape::Map, Data::Object(entries)) => {
                for (key, node) in entries {
                    let path = join(path, key);
                    self.lines.insert(path.clone(), node.line);
                    if let Some(entry) = member.at(key) {
                        self.value(&path, entry, node);
                    }
                }
            }
            (Shape::List, Data::List(items)) => {
                for item in items {
                    if let Some(member) = member.items() {
                        self.value(path, member, item);
                    }
                }
            }
            (Shape::Enum, Data::Scalar(Value::String(value))) => {
                let known = member.names();
                if !known.contains(&value.as_str()) && !value.ends_with("_UNSPECIFIED") {
                    self.unknown_value(path, &known, value, node.line);
                }
            }
            (Shape::Number, Data::Scalar(Value::Number(number))) => {
                let (min, max) = member.range();
                let (min, max) = (min.unwrap_or(0), max.unwrap_or(u64::MAX));
                if !number.as_u64().is_some_and(|n| (min..=max).contains(&n)) {
                    self.mismatch(path, &format!("an integer from {min} to {max}"), node);
                }
            }
            (Shape::Text, Data::Scalar(Value::String(_)))
            | (Shape::Enum, Data::Scalar(Value::Number(_)))
            | (Shape::Flag, Data::Scalar(Value::Bool(_))) => {}
            (shape, _) => self.mismatch(path, shape.noun(), node),
        }
    }

    /// The service adds values without notice, so that an unknown one is sent.
    fn unknown_value(&mut self, path: &str, known: &[&str], value: &str, line: usize) {
        let message = format!("`{path}` has no value `{value}` that this version knows");
        let warning = Problem::new(self.at(line), message);
        self.warnings.push(match suggest(value, known) {
            None => warning.help(format!("it knows {}", known.join(", "))),
            suggestion => warning.suggest(suggestion),
        });
    }

    /// A misspelled name is a problem; another unknown one may be newer than this version.
    fn unknown(&mut self, object: Member, parent: &str, name: &str, line: usize) {
        let owner = match parent {
            "" => format!("a {}", self.noun),
            parent => format!("`{parent}`"),
        };
        let message = format!("{owner} has no member `{name}`");
        match suggest(name, object.members().map(|(known, _)| known)) {
            None => {
                let warning =
                    Problem::new(self.at(line), format!("{message} that this version knows"));
                self.warnings.push(warning.help(self.unknown));
            }
            suggestion => self
                .problems
                .push(Problem::new(self.at(line), message).suggest(suggestion)),
        }
    }

    fn mismatch(&mut self, path: &str, noun: &str, node: &Node) {
        let found = match &node.data {
            Data::Scalar(Value::String(_)) => "a string".to_owned(),
            Data::Scalar(value) => format!("`{value}`"),
            Data::List(_) => "a list".to_owned(),
            Data::Object(_) => "an object".to_owned(),
        };
        let message = format!("`{path}` must be {noun}, not {found}");
        let problem = Problem::new(self.at(node.line), message);
        self.problems.push(match &node.data {
            Data::Scalar(_) if noun == Shape::Text.noun() => problem.help("put it in quotes"),
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

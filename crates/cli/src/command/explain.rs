//! What manifests may hold.

use coreweave_inference_apply::schema::{self, Member, Shape, suggest};
use serde_json::Value;

use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::output::Output;
use crate::text::Text;

/// The largest number that a member without limits of its own takes.
const LARGEST: u64 = u32::MAX as u64;

/// How wide explanations are.
const WIDTH: usize = 100;

/// Explains a kind, or the member at a path of one.
pub(crate) fn run(
    output: &Output,
    target: &(Kind, String),
    recursive: bool,
) -> Result<(), Failure> {
    let (kind, path) = target;
    let member = match path.as_str() {
        "" => kind.schema(),
        path => find(kind.schema(), path)
            .map_err(|failure| failure.within(format_args!("{}.{path}", kind.schema_name())))?,
    };
    let names = || {
        members(*kind, member)
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    output.print(
        || member.json().clone(),
        names,
        || text(*kind, path, member, recursive),
    );
    Ok(())
}

/// Prints the JSON Schema of manifests.
pub(crate) fn print_schema(output: &Output) {
    let schema = schema::json();
    let json = || Text::json(schema);
    output.print(|| schema.clone(), Vec::new, json);
}

/// The member at a path such as `runtime.version`.
fn find(object: Member, path: &str) -> Result<Member, Failure> {
    if let Some(member) = object.at(path) {
        return Ok(member);
    }
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    match object.at(name) {
        Some(member) => find(member, rest),
        None => {
            let message = format!("there is no member `{name}`");
            let names: Vec<_> = object.members().map(|(name, _)| name).collect();
            Err(Failure::new(
                Exit::NotFound,
                match suggest(name, &names) {
                    Some(name) => format!("{message}; did you mean `{name}`?"),
                    None if names.is_empty() => format!("{message}; there are none"),
                    None => format!("{message}, only {}", names.join(", ")),
                },
            ))
        }
    }
}

fn text(kind: Kind, path: &str, member: Member, recursive: bool) -> Text {
    let mut text = Text::default();
    let name = match path {
        "" => kind.schema_name().to_owned(),
        path => format!("{}.{path}", kind.schema_name()),
    };
    text = match path {
        "" => text.line(name),
        _ => text.line(format_args!("{name}  {}", facts(kind, member))),
    };
    if !member.description().is_empty() {
        text = text.end().lines(wrapped(member.description(), ""));
    }
    if member.members().next().is_none() {
        return text;
    }
    text = text.end().line("Members:");
    match recursive {
        true => tree(kind, member, 1, text),
        false => members(kind, member).fold(text, |text, (name, member)| {
            text.line(format_args!("  {name}  {}", facts(kind, member)))
                .lines(wrapped(member.description(), "      "))
        }),
    }
}

/// The members and theirs, one per line.
fn tree(kind: Kind, member: Member, depth: usize, text: Text) -> Text {
    members(kind, member).fold(text, |text, (name, member)| {
        let indent = "  ".repeat(depth);
        let text = text.line(format_args!("{indent}{name}  {}", facts(kind, member)));
        tree(kind, member, depth + 1, text)
    })
}

/// The members that a user gives: a request for a hot-load has no kind.
fn members(kind: Kind, member: Member) -> impl Iterator<Item = (&'static str, Member)> {
    let is_given = move |name: &str| name != "kind" || kind != Kind::HotLoads;
    member.members().filter(move |(name, _)| is_given(name))
}

/// Type, limits and rules of a member in one line.
fn facts(kind: Kind, member: Member) -> String {
    let mut facts = vec![type_name(member)];
    facts.extend(limits(member));
    if let Some(default) = member.default() {
        facts.push(match default {
            Value::String(text) => format!("default {text}"),
            default => format!("default {default}"),
        });
    }
    if member.is_required() {
        facts.push("required".to_owned());
    }
    // Nothing of a hot-load can be updated.
    if member.is_immutable() && kind != Kind::HotLoads {
        facts.push("an update cannot change it".to_owned());
    } else if member.is_nullable() && kind != Kind::HotLoads {
        facts.push("null clears it".to_owned());
    }
    facts.join("; ")
}

/// The type in words.
fn type_name(member: Member) -> String {
    match member.shape() {
        Shape::Text => "string".to_owned(),
        Shape::Enum => "enum".to_owned(),
        Shape::Number => "integer".to_owned(),
        Shape::Flag => "boolean".to_owned(),
        Shape::List => format!(
            "list of {}s",
            member.items().map(type_name).unwrap_or_default()
        ),
        Shape::Map => "map of strings".to_owned(),
        Shape::Object => "object".to_owned(),
    }
}

/// What values are accepted beyond the type.
fn limits(member: Member) -> Vec<String> {
    let keyword = |name: &str| member.json().get(name);
    let number = |name: &str| keyword(name).and_then(Value::as_u64);
    let mut limits = Vec::new();
    if let Some(only) = keyword("const").and_then(Value::as_str) {
        limits.push(only.to_owned());
    }
    if member.shape() == Shape::Enum {
        limits.push(member.names().join(", "));
    }
    if let Some(items) = member.items() {
        limits.extend(self::limits(items));
    }
    let (min, max) = member.range();
    match (min.filter(|min| *min > 0), max.filter(|max| *max < LARGEST)) {
        (Some(min), Some(max)) => limits.push(format!("from {min} to {max}")),
        (Some(min), None) => limits.push(format!("at least {min}")),
        (None, Some(max)) => limits.push(format!("at most {max}")),
        (None, None) => {}
    }
    if let Some(longest) = number("maxLength") {
        limits.push(format!("at most {longest} characters"));
    }
    if let Some(most) = number("maxItems") {
        limits.push(format!("at most {most} items"));
    }
    if let Some(pattern) = keyword("pattern").and_then(Value::as_str) {
        limits.push(format!("matches {pattern}"));
    }
    limits
}

/// A text in lines of bounded width, each after a prefix.
pub(crate) fn wrapped(text: &str, prefix: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{prefix}{word}")),
        }
    }
    lines
}

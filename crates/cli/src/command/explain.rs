//! What manifests may hold.

use serde_json::Value;

use crate::failure::Failure;
use crate::kind::Kind;
use crate::output::Output;
use crate::schema::{self, Member};
use crate::text::Text;

/// How wide explanations are.
const WIDTH: usize = 100;

/// Explains a kind, or the member at a path of one.
pub(crate) fn run(
    output: &Output,
    target: &(Kind, String),
    recursive: bool,
) -> Result<(), Failure> {
    let (kind, path) = target;
    let schema = schema::schema();
    let all = schema::of_kind(&schema, *kind);
    let member = match path.as_str() {
        "" => all,
        path => all
            .at(path)
            .map_err(|failure| failure.within(format_args!("{}.{path}", kind.schema_name())))?,
    };
    let names = || {
        members(*kind, member)
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    output.print(
        || member.schema.clone(),
        names,
        || text(*kind, path, member, recursive),
    );
    Ok(())
}

/// Prints the JSON Schema of manifests.
pub(crate) fn print_schema(output: &Output) {
    let schema = schema::schema();
    let json = || Text::json(&schema);
    output.print(|| schema.clone(), Vec::new, json);
}

fn text(kind: Kind, path: &str, member: Member<'_>, recursive: bool) -> Text {
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
fn tree(kind: Kind, member: Member<'_>, depth: usize, text: Text) -> Text {
    members(kind, member).fold(text, |text, (name, member)| {
        let indent = "  ".repeat(depth);
        let text = text.line(format_args!("{indent}{name}  {}", facts(kind, member)));
        tree(kind, member, depth + 1, text)
    })
}

/// The members that a user gives: a request for a hot-load has no kind.
fn members<'a>(kind: Kind, member: Member<'a>) -> impl Iterator<Item = (&'a str, Member<'a>)> {
    let is_given = move |name: &str| name != "kind" || kind != Kind::HotLoads;
    member.members().filter(move |(name, _)| is_given(name))
}

/// Type, limits and rules of a member in one line.
fn facts(kind: Kind, member: Member<'_>) -> String {
    let mut facts = vec![member.type_name()];
    facts.extend(member.limits());
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

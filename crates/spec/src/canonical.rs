//! Writes documents in a canonical form, so that every change of the text is a change of the content.
//!
//! - Members of OpenAPI objects are in the order of [`Kind::members`], followed by unknown members by name. Maps such as
//!   paths, schemas and properties are ordered by name.
//! - Tags and `required` are ordered by name. Path parameters are in the order of the path, followed by query, header and
//!   cookie parameters by name, then references. All other lists keep their order, including enums.
//! - Text is plain if it parses back as the same text, otherwise in single quotes; folded (`>-`) beyond 80 columns, literal
//!   (`|`) with line breaks, and in double quotes only if necessary.

use serde_json::{Map, Value};

use super::kind::Kind;
use super::{scalar, validate};

const WIDTH: usize = 80;
/// The length up to which YAML allows a key on one line with its value.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// Writes an OpenAPI document in its canonical form.
///
/// Reading the result gives [`order`]`(document)` back, and writing that gives the same bytes.
///
/// ```
/// use coreweave_inference_spec::canonical;
/// use serde_json::json;
///
/// let spec = json!({"paths": {}, "info": {"version": "1.0", "title": "Tiny"}, "openapi": "3.0.3"});
/// assert_eq!(canonical::write(&spec), "\
/// openapi: 3.0.3
/// info:
///   title: Tiny
///   version: '1.0'
/// paths: {}
/// ");
/// ```
#[must_use]
pub fn write(document: &Value) -> String {
    let mut writer = Writer { out: String::new() };
    writer.root(&order(document));
    writer.out
}

/// Sorts the lists whose order has no meaning: tags, `required` and parameters.
#[must_use]
pub fn order(document: &Value) -> Value {
    order_as(document, Kind::Document)
}

/// [`order`] for a part of a document, of the given kind.
#[must_use]
pub fn order_as(part: &Value, kind: Kind) -> Value {
    let mut part = part.clone();
    order_lists(&mut part, kind, "");
    part
}

fn order_lists(value: &mut Value, kind: Kind, path: &str) {
    match value {
        Value::Array(items) => {
            for item in items.iter_mut() {
                order_lists(item, kind.item(), path);
            }
            match kind {
                Kind::List(Kind::Tag) => items.sort_by_key(|tag| text(tag, "name")),
                Kind::List(Kind::Parameter) => {
                    items.sort_by_key(|parameter| parameter_rank(parameter, path))
                }
                _ => {}
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let path = if matches!(kind, Kind::Map(Kind::PathItem)) {
                    key.as_str()
                } else {
                    path
                };
                order_lists(member, kind.member(key), path);
                if let (Kind::Schema, "required", Value::Array(names)) =
                    (kind, key.as_str(), member)
                    && names.iter().all(Value::is_string)
                {
                    names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                }
            }
        }
        _ => {}
    }
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn parameter_rank(parameter: &Value, path: &str) -> (usize, usize, String) {
    let name = text(parameter, "name");
    let place = text(parameter, "in");
    let places = ["path", "query", "header", "cookie"];
    let place = places
        .iter()
        .position(|known| *known == place)
        .unwrap_or(places.len());
    let in_path = validate::template_names(path).position(|part| part == name);
    let in_path = if place == 0 {
        in_path.unwrap_or(usize::MAX)
    } else {
        0
    };
    (
        place,
        in_path,
        if place < places.len() {
            name
        } else {
            parameter.to_string()
        },
    )
}

struct Writer {
    out: String,
}

impl Writer {
    fn root(&mut self, document: &Value) {
        match document {
            Value::Object(members) if !members.is_empty() => {
                self.mapping(members, Kind::Document, 0, true)
            }
            Value::Array(items) if !items.is_empty() => {
                self.sequence(items, Kind::Document, 0, true)
            }
            Value::String(text) => {
                // A block's lines must be indented, which the top level doesn't do.
                self.out.push_str(&on_one_line(text));
                self.out.push('\n');
            }
            value => self.scalar(value, 0),
        }
    }

    fn mapping(
        &mut self,
        members: &Map<String, Value>,
        kind: Kind,
        indent: usize,
        on_new_line: bool,
    ) {
        let mut on_new_line = on_new_line;
        for (key, member) in in_order(members, kind) {
            self.indent(indent, on_new_line);
            on_new_line = true;
            let name = on_one_line(key);
            if name.len() > LONGEST_SIMPLE_KEY {
                self.out.push_str("? ");
                self.out.push_str(&name);
                self.out.push('\n');
                self.indent(indent, true);
            } else {
                self.out.push_str(&name);
            }
            self.out.push(':');
            let kind = kind.member(key);
            match member {
                Value::Object(members) if !members.is_empty() => {
                    self.out.push('\n');
                    self.mapping(members, kind, indent + 2, true);
                }
                Value::Array(items) if !items.is_empty() => {
                    self.out.push('\n');
                    self.sequence(items, kind, indent + 2, true);
                }
                value => {
                    self.out.push(' ');
                    self.scalar(value, indent + 2);
                }
            }
        }
    }

    fn sequence(&mut self, items: &[Value], kind: Kind, indent: usize, on_new_line: bool) {
        let mut on_new_line = on_new_line;
        for item in items {
            self.indent(indent, on_new_line);
            on_new_line = true;
            self.out.push_str("- ");
            match item {
                Value::Object(members) if !members.is_empty() => {
                    self.mapping(members, kind.item(), indent + 2, false)
                }
                Value::Array(items) if !items.is_empty() => {
                    self.sequence(items, kind.item(), indent + 2, false)
                }
                value => self.scalar(value, indent + 2),
            }
        }
    }

    /// Writes a scalar or an empty collection.
    fn scalar(&mut self, value: &Value, indent: usize) {
        match value {
            Value::String(text) if is_literal(text) => {
                self.out
                    .push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
                for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                    self.indent(indent, !line.is_empty());
                    self.out.push_str(line);
                    self.out.push('\n');
                }
                return;
            }
            Value::String(text) if text.chars().count() + indent > WIDTH && is_foldable(text) => {
                self.out.push_str(">-\n");
                for line in fold(text, WIDTH.saturating_sub(indent)) {
                    self.indent(indent, true);
                    self.out.push_str(line);
                    self.out.push('\n');
                }
                return;
            }
            Value::String(text) => self.out.push_str(&on_one_line(text)),
            Value::Object(_) => self.out.push_str("{}"),
            Value::Array(_) => self.out.push_str("[]"),
            value => self.out.push_str(&value.to_string()),
        }
        self.out.push('\n');
    }

    fn indent(&mut self, indent: usize, on_new_line: bool) {
        if on_new_line {
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }
}

/// The known members in canonical order, then all others by name.
fn in_order(members: &Map<String, Value>, kind: Kind) -> Vec<(&String, &Value)> {
    let known = kind.members();
    let rank = |key: &str| {
        known
            .iter()
            .position(|(name, _)| *name == key)
            .unwrap_or(known.len())
    };
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    members
}

/// Text on one line, quoted if necessary.
fn on_one_line(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

fn is_plain(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else {
        return false;
    };
    text.chars().all(is_printable)
        && !"-?:,[]{}#&*!|>'\"%@`= ".contains(first)
        && !": ".contains(last)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.starts_with("...")
        && scalar::resolve(text).is_some_and(|value| value.is_string())
        && !is_special_in_yaml_1_1(text)
}

/// Whether YAML 1.1 parsers read this as a boolean, number, time or merge key.
fn is_special_in_yaml_1_1(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "<<"];
    let numeric = text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-_:.".contains(c))
        && text.matches('.').count() < 2;
    let date = text.get(..10).is_some_and(|date| {
        date.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    });
    numeric
        || date
        || text.starts_with("0b")
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a character needs no escape. Unicode line breaks do, since parsers disagree about them.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// Whether the text has line breaks and survives a literal block.
fn is_literal(text: &str) -> bool {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    text.contains('\n')
        && !lines.ends_with('\n')
        && !lines.starts_with([' ', '\t', '\n'])
        && !lines.is_empty()
        && lines
            .split('\n')
            .all(|line| line.chars().all(is_printable) && !line.ends_with(char::is_whitespace))
}

/// Whether the text survives folding.
fn is_foldable(text: &str) -> bool {
    text.contains(' ')
        && text.chars().all(is_printable)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
}

/// Breaks the text at spaces into lines of at most `width` characters, or of one word.
fn fold(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut length) = (0, 0, 0);
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if end > start && length + 1 + word_length > width {
            lines.extend(text.get(start..end));
            start = end + 1;
            length = word_length;
        } else {
            length += word_length + usize::from(end > start);
        }
        end = if end == 0 {
            word.len()
        } else {
            end + 1 + word.len()
        };
    }
    lines.extend(text.get(start..));
    lines
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests;

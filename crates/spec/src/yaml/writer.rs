use serde_json::{Map, Number, Value};

use super::scalar;

/// The length in bytes up to which a key is on one line with its value. Many readers look no further than 1,024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// The layout of a document: the order of members, and the width of folded text.
///
/// A list of names is a layout in which these members come first in every object, and text is not folded.
pub trait Layout: Copy {
    /// The column at which long text is folded.
    const WIDTH: usize;

    /// Returns the rank of the member `key`. Members of one rank are ordered by name.
    fn rank(self, key: &str) -> usize;

    /// Returns the layout of the value of the member `key`.
    #[must_use]
    fn member(self, key: &str) -> Self;

    /// Returns the layout of the items of a list.
    #[must_use]
    fn item(self) -> Self;
}

impl Layout for &[&str] {
    const WIDTH: usize = usize::MAX;

    fn rank(self, key: &str) -> usize {
        let known = self.iter().position(|name| *name == key);
        known.unwrap_or(self.len())
    }

    fn member(self, _: &str) -> Self {
        self
    }

    fn item(self) -> Self {
        self
    }
}

/// Writes a value as one YAML document, without a document marker.
///
/// - Text is plain if every reader takes it for the same text, otherwise in single quotes. Text with line breaks is a
///   literal block (`|`) where readers agree about it, and in double quotes otherwise. Characters that some readers refuse
///   or take for line breaks are escaped, and so are those that change the direction of text.
/// - Keys of more than 1,000 bytes are written as `? key`.
///
/// ```
/// use coreweave_inference_spec::yaml;
///
/// let value = serde_json::json!({"version": "1.10", "args": ["serve", "0x1F"], "name": "no"});
/// assert_eq!(yaml::write(&value, ["kind", "name"].as_slice()), "\
/// name: 'no'
/// args:
///   - serve
///   - '0x1F'
/// version: '1.10'
/// ");
/// ```
#[must_use]
pub fn write<L: Layout>(value: &Value, layout: L) -> String {
    let mut writer = Writer { out: String::new() };
    match value {
        // The lines of a block must be indented, which the top level doesn't do.
        Value::String(text) => writer.line(&on_one_line(text)),
        value => writer.value(value, layout, 0),
    }
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    /// Writes a value where the line is indented already.
    fn value<L: Layout>(&mut self, value: &Value, layout: L, indent: usize) {
        match value {
            Value::Object(members) if !members.is_empty() => self.object(members, layout, indent),
            Value::Array(items) if !items.is_empty() => self.list(items, layout, indent),
            Value::String(text) => self.text::<L>(text, indent),
            Value::Object(_) => self.line("{}"),
            Value::Array(_) => self.line("[]"),
            Value::Number(number) => self.line(&in_full(number)),
            Value::Bool(_) | Value::Null => self.line(&value.to_string()),
        }
    }

    fn object<L: Layout>(&mut self, members: &Map<String, Value>, layout: L, indent: usize) {
        let mut members: Vec<_> = members.iter().collect();
        members.sort_by_cached_key(|(key, _)| layout.rank(key));
        for (index, (key, member)) in members.into_iter().enumerate() {
            self.indent(if index == 0 { 0 } else { indent });
            let name = match key.as_str() {
                // Psych merges a quoted `<<`, too, unless it has a tag.
                "<<" => "!!str '<<'".to_owned(),
                key => on_one_line(key),
            };
            if name.len() > LONGEST_SIMPLE_KEY {
                self.out.push_str("? ");
                self.line(&name);
                self.indent(indent);
            } else {
                self.out.push_str(&name);
            }
            if is_nested(member) {
                self.line(":");
                self.indent(indent + 2);
            } else {
                self.out.push_str(": ");
            }
            self.value(member, layout.member(key), indent + 2);
        }
    }

    fn list<L: Layout>(&mut self, items: &[Value], layout: L, indent: usize) {
        for (index, item) in items.iter().enumerate() {
            self.indent(if index == 0 { 0 } else { indent });
            self.out.push_str("- ");
            self.value(item, layout.item(), indent + 2);
        }
    }

    fn text<L: Layout>(&mut self, text: &str, indent: usize) {
        if is_literal(text) {
            self.line(if text.ends_with('\n') { "|" } else { "|-" });
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                self.indent(if line.is_empty() { 0 } else { indent });
                self.line(line);
            }
        } else if text.chars().count().saturating_add(indent) > L::WIDTH && is_foldable(text) {
            self.line(">-");
            for line in fold(text, L::WIDTH.saturating_sub(indent)) {
                self.indent(indent);
                self.line(line);
            }
        } else {
            self.line(&on_one_line(text));
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// Whether a value begins on a line of its own.
fn is_nested(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// A number with the point and the sign without which readers of YAML 1.1 take an exponent for text.
fn in_full(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) {
        ""
    } else {
        "+"
    };
    format!("{mantissa}{point}e{sign}{exponent}")
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
        && !"-?:,[]{}#&*!|>'\"%@`".contains(first)
        && !first.is_whitespace()
        && !last.is_whitespace()
        && last != ':'
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.starts_with("...")
        && !scalar::is_ambiguous(text)
}

/// Whether a character needs no escape: controls and what readers take for line breaks, byte order marks or nothing do, and
/// so does what reorders text on a screen or is not seen there.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
        && !matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        && !matches!(c, '\u{200b}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether the text has line breaks, and every reader takes the same text from a literal block.
fn is_literal(text: &str) -> bool {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    text.contains('\n')
        && !lines.ends_with('\n')
        && !lines.starts_with([' ', '\n'])
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
            // All of them have four digits at most.
            c if c > '\u{ffff}' => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests;

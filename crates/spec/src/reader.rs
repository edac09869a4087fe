//! Parses YAML, and JSON as a subset of it, into JSON values with line numbers.
//!
//! Only what JSON can express is accepted. Anchors, aliases, tags, multiple documents, duplicate keys and keys that are
//! not strings are errors, since parsers disagree about them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde_json::{Map, Value};

use super::pointer::Pointer;
use super::{SpecError, scalar};

/// Deeper documents are rejected to bound recursion.
const MAX_DEPTH: usize = 100;

type Lines = BTreeMap<String, usize>;

/// Reads one document that begins at line `first_line` of `file`.
pub(crate) fn read(file: &str, text: &str, first_line: usize) -> Result<(Value, Lines), SpecError> {
    let text = join_surrogates(text);
    let mut reader = Reader {
        parser: Parser::new_from_str(&text),
        file,
        first_line,
        lines: Lines::new(),
    };
    let value = reader.document()?;
    Ok((value, reader.lines))
}

/// The line of the value at `pointer`, or of its closest ancestor.
pub(crate) fn line_of(lines: &Lines, pointer: &str) -> Option<usize> {
    let mut pointer = pointer;
    loop {
        if let Some(line) = lines.get(pointer) {
            return Some(*line);
        }
        pointer = pointer.rsplit_once('/')?.0;
    }
}

/// Replaces surrogate pairs of escapes with their character: they are the one construct of JSON that YAML lacks.
fn join_surrogates(text: &str) -> Cow<'_, str> {
    if !text.trim_start().starts_with(['{', '[', '"']) || !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        joined.push_str(before);
        if let Some((c, after)) = surrogate_pair(escape) {
            joined.push(c);
            rest = after;
        } else {
            joined.push('\\');
            let mut after = escape.chars();
            joined.extend(after.next());
            rest = after.as_str();
        }
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

/// The character of `uXXXX\uXXXX` if that is a surrogate pair, and the rest of the text.
fn surrogate_pair(escape: &str) -> Option<(char, &str)> {
    let unit = |at: usize| u16::from_str_radix(escape.get(at..at + 4)?, 16).ok();
    let pair =
        (escape.starts_with('u') && escape.get(5..7)? == "\\u").then_some([unit(1)?, unit(7)?])?;
    let c = char::decode_utf16(pair).next()?.ok()?;
    (u32::from(c) > 0xffff).then_some((c, escape.get(11..)?))
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    file: &'t str,
    first_line: usize,
    lines: Lines,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Value, SpecError> {
        let root = Pointer::root();
        let value = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_), _) => {}
                (Event::StreamEnd, span) => {
                    return Err(self.error(span, &root, "the document is empty"));
                }
                (event, span) => {
                    self.lines.insert(String::new(), self.line(span));
                    break self.node(event, span, &root, 0)?;
                }
            }
        };
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(value),
                (Event::DocumentStart(_), span) => {
                    return Err(self.error(
                        span,
                        &root,
                        "a second document begins here, where one is expected",
                    ));
                }
                _ => {}
            }
        }
    }

    fn node(
        &mut self,
        event: Event<'t>,
        span: Span,
        at: &Pointer,
        depth: usize,
    ) -> Result<Value, SpecError> {
        if depth > MAX_DEPTH {
            return Err(self.error(span, at, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.refuse_decoration(&event, span, at)?;
        match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => {
                scalar::resolve(&text).ok_or_else(|| {
                    self.error(span, at, format!("the number `{text}` has no JSON form"))
                })
            }
            Event::Scalar(text, ..) => Ok(Value::String(text.into_owned())),
            Event::SequenceStart(..) => self.sequence(at, depth),
            Event::MappingStart(..) => self.mapping(at, depth),
            _ => Err(self.error(span, at, "a value is expected here")),
        }
    }

    fn sequence(&mut self, at: &Pointer, depth: usize) -> Result<Value, SpecError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                (event, span) => {
                    let at = at.child(items.len());
                    self.lines.insert(at.as_str().to_owned(), self.line(span));
                    items.push(self.node(event, span, &at, depth + 1)?);
                }
            }
        }
    }

    fn mapping(&mut self, at: &Pointer, depth: usize) -> Result<Value, SpecError> {
        let mut members = Map::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Value::Object(members));
            }
            let key = self.key(event, span, at)?;
            let at = at.child(&key);
            if members.contains_key(&key) {
                let first = line_of(&self.lines, at.as_str()).unwrap_or_default();
                return Err(self.error(
                    span,
                    &at,
                    format!("the key `{key}` is given twice, first on line {first}"),
                ));
            }
            self.lines.insert(at.as_str().to_owned(), self.line(span));
            let (event, span) = self.next()?;
            let value = self.node(event, span, &at, depth + 1)?;
            members.insert(key, value);
        }
    }

    fn key(&self, event: Event<'t>, span: Span, at: &Pointer) -> Result<String, SpecError> {
        self.refuse_decoration(&event, span, at)?;
        match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => match scalar::resolve(&text) {
                Some(Value::String(key)) => Ok(key),
                _ => Err(self.error(
                    span,
                    at,
                    format!("the key `{text}` is not a string; put it in quotes"),
                )),
            },
            Event::Scalar(text, ..) => Ok(text.into_owned()),
            _ => Err(self.error(span, at, "a key must be a string")),
        }
    }

    fn refuse_decoration(
        &self,
        event: &Event<'t>,
        span: Span,
        at: &Pointer,
    ) -> Result<(), SpecError> {
        let (anchor, tag) = match event {
            Event::Alias(_) => {
                return Err(self.error(span, at, "aliases (`*name`) are not supported"));
            }
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag),
            _ => return Ok(()),
        };
        if anchor != 0 {
            return Err(self.error(span, at, "anchors (`&name`) are not supported"));
        }
        if let Some(tag) = tag {
            return Err(self.error(span, at, format!("tags (`{tag}`) are not supported")));
        }
        Ok(())
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), SpecError> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(self.syntax(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn syntax(&self, error: &ScanError) -> SpecError {
        let line = error.marker().line();
        SpecError {
            file: self.file.to_owned(),
            line: Some(self.first_line + line.saturating_sub(1)),
            pointer: self.last_pointer_before(line),
            message: format!(
                "not valid YAML: {} (column {})",
                error.info(),
                error.marker().col() + 1
            ),
        }
    }

    /// The last value that was read before the text ended.
    fn last_pointer_before(&self, line: usize) -> String {
        let line = self.first_line + line.saturating_sub(1);
        let mut last = (0, "");
        for (pointer, at) in &self.lines {
            if *at <= line && *at >= last.0 {
                last = (*at, pointer);
            }
        }
        last.1.to_owned()
    }

    fn line(&self, span: Span) -> usize {
        self.first_line + span.start.line().saturating_sub(1)
    }

    fn error(&self, span: Span, at: &Pointer, message: impl Into<String>) -> SpecError {
        SpecError {
            file: self.file.to_owned(),
            line: Some(self.line(span)),
            pointer: at.as_str().to_owned(),
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests;

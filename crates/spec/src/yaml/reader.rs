use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde_json::Value;

use super::input::Text;
use super::{Data, Node, scalar};
use crate::{Pointer, SpecError};

/// Deeper documents are refused to bound recursion.
pub(super) const MAX_DEPTH: usize = 100;
/// The most bytes that aliases may expand to.
const MAX_EXPANSION: usize = 64 << 20;

/// Reads the documents of a text that begins at line `first_line` of `file`.
///
/// # Errors
/// Returns an error with the line and path if the text is not YAML, has a key twice in one object, has a value that JSON
/// can't express or a tag that is not of the core schema, is nested deeper than 100 levels, or expands to more than 64 MiB.
pub fn read(file: &str, text: &str, first_line: usize) -> Result<Vec<Node>, SpecError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Reader::new(file, text, first_line)
        .documents()
        .or_else(|error| match join_surrogates(text) {
            Cow::Borrowed(_) => Err(error),
            Cow::Owned(joined) => Reader::new(file, &joined, first_line).documents(),
        })
}

/// Replaces surrogate pairs of escapes with their character: they are the one construct of JSON that YAML lacks.
fn join_surrogates(text: &str) -> Cow<'_, str> {
    let mut joined = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, escape)) = rest.split_once('\\') {
        joined.push_str(before);
        if let Some((c, after)) = surrogate_pair(escape) {
            found = true;
            joined.push(c);
            rest = after;
        } else {
            joined.push('\\');
            let mut after = escape.chars();
            joined.extend(after.next());
            rest = after.as_str();
        }
    }
    if !found {
        return Cow::Borrowed(text);
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
    parser: Parser<'t, Text<'t>>,
    file: &'t str,
    first_line: usize,
    /// What is being read.
    path: Pointer,
    anchors: HashMap<usize, Node>,
    /// The bytes that anchors and aliases were expanded to.
    expansion: usize,
}

impl<'t> Reader<'t> {
    fn new(file: &'t str, text: &'t str, first_line: usize) -> Self {
        Self {
            parser: Parser::new(Text::new(text)),
            file,
            first_line,
            path: Pointer::root(),
            anchors: HashMap::new(),
            expansion: 0,
        }
    }

    fn documents(mut self) -> Result<Vec<Node>, SpecError> {
        let mut documents = Vec::new();
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(documents),
                (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd, _) => {}
                (event, span) => documents.push(self.node(event, span, 0)?),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, SpecError> {
        let line = self.line(span);
        if depth > MAX_DEPTH {
            return Err(self.error(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let (anchor, data) = match event {
            Event::Alias(anchor) => return self.alias(anchor, line, depth),
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(text, style, tag.as_deref(), line)?;
                (anchor, Data::Scalar(value))
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", line)?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", line)?;
                (anchor, self.mapping(depth)?)
            }
            _ => return Err(self.error(line, "a value is expected here")),
        };
        let node = Node { line, data };
        if anchor != 0 {
            self.expand(&node, line)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, line: usize, depth: usize) -> Result<Node, SpecError> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            return Err(self.error(line, "the alias refers to what it is a part of"));
        };
        if depth + self.expand(&node, line)? > MAX_DEPTH {
            return Err(self.error(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(node)
    }

    /// Counts a copy of `node`, and returns the depth of it.
    fn expand(&mut self, node: &Node, line: usize) -> Result<usize, SpecError> {
        let (size, depth) = measure(node);
        self.expansion += size;
        if self.expansion > MAX_EXPANSION {
            let message = format!("aliases expand to more than {} MiB", MAX_EXPANSION >> 20);
            return Err(self.error(line, message));
        }
        Ok(depth)
    }

    fn scalar(
        &self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<Value, SpecError> {
        let kind = tag.map(|tag| core_type(tag).ok_or(tag)).transpose();
        let kind = kind.map_err(|tag| self.error(line, format!("the tag `{tag}` is unknown")))?;
        if kind.map_or(style != ScalarStyle::Plain, |kind| kind == "str") {
            return Ok(Value::String(text.into_owned()));
        }
        let value = scalar::resolve(&text).ok_or_else(|| {
            let message = format!("JSON can't express the number `{text}`");
            self.error(line, message)
        })?;
        let fits = match kind {
            None => true,
            Some("null") => value.is_null(),
            Some("bool") => value.is_boolean(),
            Some("int") => value.is_i64() || value.is_u64(),
            Some("float") => value.is_number(),
            Some(_) => false,
        };
        match kind {
            Some(kind) if !fits => Err(self.error(line, format!("`{text}` is no `!!{kind}`"))),
            _ => Ok(value),
        }
    }

    fn check_tag(&self, tag: Option<&Tag>, kind: &str, line: usize) -> Result<(), SpecError> {
        match tag {
            Some(tag) if core_type(tag) != Some(kind) => {
                Err(self.error(line, format!("the tag `{tag}` is unknown here")))
            }
            _ => Ok(()),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Data, SpecError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => {
                    items.shrink_to_fit();
                    return Ok(Data::List(items));
                }
                (event, span) => {
                    let end = self.path.enter(&items.len().to_string());
                    items.push(self.node(event, span, depth + 1)?);
                    self.path.leave(end);
                }
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Data, SpecError> {
        let mut members = Vec::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let line = self.line(span);
            let merges =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.key(event, span)?;
            let end = self.path.enter(&key);
            let (event, span) = self.next()?;
            let mut node = self.node(event, span, depth + 1)?;
            if merges {
                merged.extend(self.merge(node)?);
            } else {
                node.line = line;
                members.push((key, node));
            }
            self.path.leave(end);
        }
        self.refuse_duplicates(&members)?;
        if !merged.is_empty() {
            let mut known: HashSet<_> = members.iter().map(|(key, _)| key.clone()).collect();
            merged.retain(|(key, _)| known.insert(key.clone()));
            members.extend(merged);
        }
        members.shrink_to_fit();
        Ok(Data::Object(members))
    }

    /// The text of a key.
    fn key(&mut self, event: Event<'t>, span: Span) -> Result<String, SpecError> {
        match event {
            Event::Scalar(text, _, 0, None) => Ok(text.into_owned()),
            event => match self.node(event, span, 0)?.data {
                Data::Scalar(Value::String(text)) => Ok(text),
                Data::Scalar(value) => Ok(value.to_string()),
                _ => Err(self.error(self.line(span), "a key must be a string")),
            },
        }
    }

    /// The members that `<<` adds: those of an object, or of a list of objects of which the first one wins.
    fn merge(&self, node: Node) -> Result<Vec<(String, Node)>, SpecError> {
        let line = node.line;
        let sources = match node.data {
            Data::List(items) => items,
            data => vec![Node { line, data }],
        };
        let mut members = Vec::new();
        for source in sources {
            match source.data {
                Data::Object(more) => members.extend(more),
                _ => return Err(self.error(line, "`<<` takes an object or a list of objects")),
            }
        }
        Ok(members)
    }

    fn refuse_duplicates(&mut self, members: &[(String, Node)]) -> Result<(), SpecError> {
        let Some((key, first, second)) = duplicate(members) else {
            return Ok(());
        };
        self.path.enter(key);
        let message = format!("the key `{key}` is given twice, first on line {first}");
        Err(self.error(second, message))
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), SpecError> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let (line, column) = (error.marker().line(), error.marker().col() + 1);
                let message = format!("not valid YAML: {} (column {column})", error.info());
                Err(self.error(self.first_line + line.saturating_sub(1), message))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn line(&self, span: Span) -> usize {
        self.first_line + span.start.line().saturating_sub(1)
    }

    fn error(&self, line: usize, message: impl Into<String>) -> SpecError {
        SpecError {
            file: self.file.to_owned(),
            line: Some(line),
            pointer: self.path.clone().into(),
            message: message.into(),
        }
    }
}

/// The first key that is given twice, and its lines.
pub(super) fn duplicate(members: &[(String, Node)]) -> Option<(&str, usize, usize)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(key, _)| key);
    let pairs = sorted.windows(2).filter_map(|pair| match pair {
        [(first, a), (second, b)] if first == second => Some((first.as_str(), a.line, b.line)),
        _ => None,
    });
    pairs.min_by_key(|(_, _, second)| *second)
}

/// The type that a tag of the core schema names.
fn core_type(tag: &Tag) -> Option<&str> {
    const TYPES: [&str; 7] = ["str", "int", "float", "bool", "null", "seq", "map"];
    let suffix = tag.suffix.as_str();
    (tag.is_yaml_core_schema() && TYPES.contains(&suffix)).then_some(suffix)
}

/// The memory that a node takes, roughly, and the depth of it.
fn measure(node: &Node) -> (usize, usize) {
    let own = size_of::<(String, Node)>();
    match &node.data {
        Data::Scalar(Value::String(text)) => (own + text.len(), 0),
        Data::Scalar(_) => (own, 0),
        Data::List(items) => items
            .iter()
            .map(measure)
            .fold((own, 0), |(size, depth), (more, below)| {
                (size + more, depth.max(below + 1))
            }),
        Data::Object(members) => members
            .iter()
            .fold((own, 0), |(size, depth), (key, member)| {
                let (more, below) = measure(member);
                (size + key.len() + more, depth.max(below + 1))
            }),
    }
}

#[cfg(test)]
mod tests;

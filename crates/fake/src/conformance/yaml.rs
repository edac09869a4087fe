//! As much of YAML as an OpenAPI document needs.

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use serde_json::{Map, Value};

/// Deeper documents are refused rather than risking the stack.
const MAX_DEPTH: usize = 100;

/// Reads a document that says no more than JSON could: no anchors, no merge keys.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut parser = Parser::new_from_str(text);
    loop {
        match next(&mut parser)? {
            Event::StreamStart | Event::DocumentStart(_) => {}
            event => return node(&mut parser, event, 0),
        }
    }
}

type Source<'t> = Parser<'t, StrInput<'t>>;

fn next<'t>(parser: &mut Source<'t>) -> Result<Event<'t>, String> {
    match parser.next() {
        Some(Ok((event, _))) => Ok(event),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("the document ends too early".to_owned()),
    }
}

fn node<'t>(parser: &mut Source<'t>, event: Event<'t>, depth: usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!("nested deeper than {MAX_DEPTH} levels"));
    }
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => Ok(plain(&text)),
        Event::Scalar(text, ..) => Ok(Value::String(text.into_owned())),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next(parser)? {
                    Event::SequenceEnd => return Ok(Value::Array(items)),
                    event => items.push(node(parser, event, depth + 1)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut members = Map::new();
            loop {
                match next(parser)? {
                    Event::MappingEnd => return Ok(Value::Object(members)),
                    Event::Scalar(key, ..) => {
                        let event = next(parser)?;
                        members.insert(key.into_owned(), node(parser, event, depth + 1)?);
                    }
                    other => return Err(format!("a key must be a scalar, not {other:?}")),
                }
            }
        }
        other => Err(format!("a value was expected, not {other:?}")),
    }
}

/// A scalar without quotes: a JSON literal or number where it reads as one, else its text.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" => Value::Null,
        "null" | "true" | "false" => serde_json::from_str(text).unwrap_or_default(),
        text => match serde_json::from_str(text) {
            Ok(Value::Number(number)) => Value::Number(number),
            _ => Value::String(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn scalars_read_as_openapi_means_them() {
        let text = "a: 'True'\nb: true\n'200': 1.5\nc: 3.0.3\nd: >-\n  one\n  two\ne: []\nf: {}\n";
        assert_eq!(
            read(text).unwrap(),
            json!({"a": "True", "b": true, "200": 1.5, "c": "3.0.3", "d": "one two", "e": [], "f": {}})
        );
    }

    #[test]
    fn what_json_cannot_say_is_refused() {
        for text in ["a: &x 1\nb: *x", "[a]: 1", "a: [", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

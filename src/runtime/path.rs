#[cfg(feature = "mocks")]
use std::fmt::Display;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Everything that would end a path segment or be taken for an escape in it.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Encodes a path parameter as one segment.
#[cfg(feature = "mocks")]
pub(crate) fn encode_path(segment: &str) -> impl Display {
    utf8_percent_encode(segment, RESERVED)
}

/// Fills the parameters of a path template in, each as one segment.
///
/// A URL parser drops empty and dot segments, so that another operation would be called with them; they are refused.
pub(super) fn fill(template: &str, parameters: &[&str]) -> Result<String, String> {
    let mut parts = template.split('{');
    let length: usize = parameters.iter().map(|parameter| parameter.len()).sum();
    let mut path = String::with_capacity(template.len() + length);
    path.push_str(parts.next().unwrap_or_default());
    for (part, parameter) in parts.zip(parameters) {
        if matches!(*parameter, "" | "." | "..") {
            return Err(format!(
                "{parameter:?} cannot be a part of the path {template}: it would address another resource"
            ));
        }
        path.extend(utf8_percent_encode(parameter, RESERVED));
        path.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    Ok(path)
}

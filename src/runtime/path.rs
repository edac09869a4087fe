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
pub(crate) fn encode_path(segment: &str) -> impl Display {
    utf8_percent_encode(segment, RESERVED)
}

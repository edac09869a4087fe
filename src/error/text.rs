//! Texts of the server, made fit for a log or a terminal.

use std::borrow::Cow;
use std::fmt;

/// The most of a text that an error displays.
pub(super) const MAX_LENGTH: usize = 500;

/// Returns a text that is UTF-8 in all but rare cases, for which `String::from_utf8_lossy` alone takes thrice as long.
pub(super) fn from_utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// Returns the text on one line of at most `max` characters, without control characters.
pub(super) fn one_line(text: &str, max: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Returns the text on one line of bounded length.
pub(super) fn line(text: &str) -> String {
    one_line(text, MAX_LENGTH)
}

/// Writes `subject: description`, or what there is of it.
pub(super) fn write_violation(
    f: &mut fmt::Formatter<'_>,
    subject: &str,
    description: &str,
) -> fmt::Result {
    let between = match subject.is_empty() || description.is_empty() {
        true => "",
        false => ": ",
    };
    write!(f, "{}{between}{}", line(subject), line(description))
}

//! Text that is safe to print.

use std::fmt::{Display, Write};

use anstyle::Style;
use serde_json::Value;

/// Lines for stdout. Nothing that was put in drives the terminal or reorders a line; styles are set here alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(String);

impl Text {
    /// Adds text to the last line.
    pub(crate) fn plain(mut self, text: impl Display) -> Self {
        self.0.push_str(&printable(&text.to_string()));
        self
    }

    /// Adds text in a style to the last line.
    pub(crate) fn styled(mut self, style: Style, text: impl Display) -> Self {
        self.0.push_str(&style.render().to_string());
        self = self.plain(text);
        self.0.push_str(&style.render_reset().to_string());
        self
    }

    /// Ends the last line.
    pub(crate) fn end(mut self) -> Self {
        self.0.push('\n');
        self
    }

    /// Adds a line.
    pub(crate) fn line(self, text: impl Display) -> Self {
        self.plain(text).end()
    }

    /// Adds lines.
    pub(crate) fn lines(self, lines: impl IntoIterator<Item = impl Display>) -> Self {
        lines.into_iter().fold(self, Self::line)
    }

    /// Adds other text.
    pub(crate) fn then(mut self, text: Self) -> Self {
        self.0.push_str(&text.0);
        self
    }

    /// Returns a value as indented JSON, in which unsafe characters are escaped.
    pub(crate) fn json(value: &Value) -> Self {
        Self(escaped(&format!("{value:#}"))).end()
    }

    /// Returns a value as one line of JSON, in which unsafe characters are escaped.
    pub(crate) fn json_line(value: &Value) -> Self {
        Self(escaped(&value.to_string())).end()
    }

    /// Returns a value as a YAML document.
    pub(crate) fn yaml(value: &Value) -> Self {
        Self(coreweave_inference_apply::to_yaml(value))
    }

    /// The text with the codes of its styles.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text without styles.
    pub(crate) fn unstyled(&self) -> String {
        anstream::adapter::strip_str(&self.0).to_string()
    }
}

/// Returns text for one line of a terminal: blanks in place of white space, U+FFFD in place of other unsafe characters.
pub(crate) fn printable(text: &str) -> String {
    let replace = |c| match c {
        '\t' | '\n' | '\r' => ' ',
        c if is_unsafe(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(replace).collect()
}

/// Whether a character drives the terminal, breaks a line, is invisible or changes the direction of what follows.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// JSON, which has unsafe characters in strings alone, with their escapes.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_unsafe(c) {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;
    use serde_json::json;

    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mb\u{9b}2J\u{202e}c\u{e0041}\r\nd";

    #[test]
    fn text_of_others_neither_drives_the_terminal_nor_adds_lines() {
        let red = Style::new().fg_color(Some(AnsiColor::Red.into()));
        let text = Text::default().plain(HOSTILE).styled(red, HOSTILE).end();
        let plain = "a\u{fffd}[31mb\u{fffd}2J\u{fffd}c\u{fffd}  d";
        assert_eq!(
            text.as_str(),
            format!("{plain}\u{1b}[31m{plain}\u{1b}[0m\n")
        );
    }

    #[test]
    fn yaml_escapes_what_is_unsafe_and_loses_nothing() {
        let value = json!({"a": HOSTILE, "b": ["\u{2066}", "plain"], "\u{202e}k": "漢 👍"});
        let text = Text::yaml(&value);
        let lines = text.as_str().lines();
        assert!(
            lines.flat_map(str::chars).all(|c| !is_unsafe(c)),
            "{text:?}"
        );
        let read = coreweave_inference_spec::yaml::read("test", text.as_str(), 1).unwrap();
        assert_eq!(read[0].value(), value);
    }

    #[test]
    fn json_escapes_what_is_unsafe_and_loses_nothing() {
        let value = json!({"a": HOSTILE, "b": "é 漢 👍"});
        let text = Text::json(&value);
        assert!(
            text.as_str()
                .contains(r"a\u001b[31mb\u009b2J\u202ec\udb40\udc41\r\nd"),
            "{text:?}"
        );
        assert!(text.as_str().contains("é 漢 👍"), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(text.as_str()).unwrap(), value);
    }
}

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, parse_quote};

/// Writes every doc comment as `/// text` lines, and marks code blocks as text.
///
/// progenitor emits several paragraphs as one attribute, which the formatter prints as `///text` or as a block comment.
///
/// rustdoc compiles and runs code blocks and indented text unless they are marked as another language. The API's
/// descriptions may contain JSON, YAML and shell commands.
pub(crate) fn normalize(file: &mut syn::File) {
    Normalize.visit_file_mut(file);
}

struct Normalize;

impl VisitMut for Normalize {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes.drain(..).flat_map(lines).collect();
    }
}

fn lines(attribute: Attribute) -> Vec<Attribute> {
    let style = attribute.style;
    match text(&attribute) {
        Some(text) => code_as_text(legible(&text).trim_matches('\n'))
            .into_iter()
            .map(|line| {
                let line = match line.chars().next() {
                    None | Some(' ') => line,
                    Some(_) => format!(" {line}"),
                };
                Attribute {
                    style,
                    ..parse_quote!(#[doc = #line])
                }
            })
            .collect(),
        None => vec![attribute],
    }
}

/// Returns a text with one kind of line break and without characters that cannot be seen.
///
/// rustc refuses a carriage return alone and marks that change the direction of text, and a reader cannot see the others.
fn legible(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    text.replace(is_invisible, "")
}

fn is_invisible(character: char) -> bool {
    let is_format = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    );
    is_format || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// Splits a text into lines, and turns its code blocks and indented blocks into code blocks of the language `text`.
fn code_as_text(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    let mut is_indented = false;
    for line in text.lines().map(str::trim_end) {
        let (marker, rest) = fence_of(line);
        if let Some(open) = &fence {
            let closes = rest.is_empty() && marker.starts_with(open.as_str());
            lines.push(line.to_owned());
            if closes {
                fence = None;
            }
            continue;
        }
        let indented = line.strip_prefix("    ").or(line.strip_prefix('\t'));
        let starts = lines.last().is_none_or(String::is_empty);
        match indented {
            Some(code) if is_indented || starts => {
                if !is_indented {
                    lines.push("```text".to_owned());
                }
                is_indented = true;
                lines.push(code.to_owned());
                continue;
            }
            _ if is_indented => {
                lines.push("```".to_owned());
                is_indented = false;
            }
            _ => {}
        }
        if marker.len() >= 3 {
            let before = line.split(marker).next().unwrap_or_default();
            lines.push(format!("{before}{marker}text"));
            fence = Some(marker.to_owned());
        } else {
            // Indented text inside a paragraph is not code, but indented text after a heading is.
            lines.push(match indented {
                Some(_) => line.trim_start().to_owned(),
                None => line.to_owned(),
            });
        }
    }
    if is_indented {
        lines.push("```".to_owned());
    }
    lines.extend(fence);
    lines
}

/// Returns the backticks or tildes that start a line, after list and quotation marks, and the text after them.
fn fence_of(line: &str) -> (&str, &str) {
    let text = line.trim_start_matches(|mark: char| {
        mark.is_ascii_digit() || mark.is_whitespace() || ">-*+.)".contains(mark)
    });
    let Some(mark @ ('`' | '~')) = text.chars().next() else {
        return ("", text);
    };
    let rest = text.trim_start_matches(mark);
    let marker = text.strip_suffix(rest).unwrap_or_default();
    match marker.len() >= 3 && !rest.contains(mark) {
        true => (marker, rest.trim()),
        false => ("", text),
    }
}

/// Returns the text of a doc comment.
fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_have_no_invisible_characters_and_one_kind_of_line_break() {
        for (text, expected) in [
            ("one\r\ntwo\rthree\u{2028}four", "one\ntwo\nthree\nfour"),
            ("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e", "abcde"),
            ("\u{7}bell\ttab", "bell\ttab"),
            ("größer 漢字 🙂", "größer 漢字 🙂"),
        ] {
            assert_eq!(legible(text), expected, "{text:?}");
        }
    }

    #[test]
    fn code_blocks_in_descriptions_are_not_doctests() {
        for (text, expected) in [
            ("One.\n\nTwo `a`.", "One.\n\nTwo `a`."),
            ("A:\n```\nlet a;\n```\nB", "A:\n```text\nlet a;\n```\nB"),
            ("```rust,no_run\n\n    a\n```", "```text\n\n    a\n```"),
            ("~~~~ json\n```\n~~~~", "~~~~text\n```\n~~~~"),
            ("- ```yaml\n  a: b\n  ```", "- ```text\n  a: b\n  ```"),
            (
                "A:\n\n    curl\n    curl\n\nB",
                "A:\n\n```text\ncurl\ncurl\n```\n\nB",
            ),
            ("\tcurl", "```text\ncurl\n```"),
            ("# A\n    curl", "# A\ncurl"),
            ("```\nnever closed", "```text\nnever closed\n```"),
            ("Not ```a``` block", "Not ```a``` block"),
            ("```a``` is no block", "```a``` is no block"),
        ] {
            assert_eq!(code_as_text(text).join("\n"), expected, "{text:?}");
        }
    }
}

//! Reference pages: Markdown with one operation's part of the spec in a fenced block.

use std::time::SystemTime;

use coreweave_inference_spec::{METHODS, Spec, SpecError};
use serde_json::Value;

/// One operation's document, from a reference page.
#[derive(Debug)]
pub(super) struct Page {
    /// The document, with the page's name and line numbers.
    pub(super) spec: Spec,
    /// `GET /v1alpha1/…`, from the block's info string.
    pub(super) operation: String,
    /// When the page was last changed, if that is known.
    pub(super) modified: Option<SystemTime>,
}

impl Page {
    /// Reads the block that is opened by four or more backticks and `yaml /openapi/… METHOD PATH`; `None` without one.
    pub(super) fn parse(
        name: &str,
        text: &str,
        modified: Option<SystemTime>,
    ) -> Result<Option<Self>, SpecError> {
        let wrong = |line: Option<usize>, message: String| SpecError {
            file: name.to_owned(),
            line,
            pointer: String::new(),
            message,
        };
        if is_html(text) {
            return Err(wrong(
                Some(1),
                "an HTML page, where Markdown is expected".to_owned(),
            ));
        }
        let blocks: Vec<_> = blocks(text).into_iter().filter(Block::holds_spec).collect();
        let block = match blocks.as_slice() {
            [block] => block,
            [] => return Ok(None),
            [first, second, ..] => {
                let message = format!(
                    "a second spec block begins here, the first on line {}",
                    first.line
                );
                return Err(wrong(Some(second.line), message));
            }
        };
        let Some((method, path)) = block.operation() else {
            let message = format!(
                "`{}` doesn't name an operation as `yaml /openapi/… METHOD PATH`",
                block.info
            );
            return Err(wrong(Some(block.line), message));
        };
        if !block.closed {
            return Err(wrong(
                Some(block.line),
                "the spec block is not closed; the page is cut off".to_owned(),
            ));
        }
        let operation = format!("{} {path}", method.to_uppercase());
        let spec = Spec::parse_at(name, &block.content, block.line + 1)?;
        let inside: Vec<_> = method_and_path(spec.value()).collect();
        if inside != [(method, path)] {
            let inside: Vec<_> = inside
                .iter()
                .map(|(method, path)| format!("{} {path}", method.to_uppercase()))
                .collect();
            let inside = if inside.is_empty() {
                "no operation".to_owned()
            } else {
                inside.join(", ")
            };
            let message = format!("the block is said to hold {operation}, but holds {inside}");
            return Err(spec.error("/paths", message));
        }
        Ok(Some(Self {
            spec,
            operation,
            modified,
        }))
    }
}

/// The methods and paths of a document's operations.
pub(super) fn method_and_path(document: &Value) -> impl Iterator<Item = (&'static str, &str)> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    paths.flat_map(|(path, item)| {
        let methods = METHODS
            .into_iter()
            .filter(move |method| item.get(method).is_some());
        methods.map(move |method| (method, path.as_str()))
    })
}

/// Whether a text is a web page, such as a proxy's or a site's error page.
pub(super) fn is_html(text: &str) -> bool {
    let start: String = text
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

#[derive(Debug)]
struct Block<'t> {
    /// The line of the opening fence, counted from one.
    line: usize,
    ticks: usize,
    info: &'t str,
    content: String,
    closed: bool,
}

impl<'t> Block<'t> {
    fn holds_spec(&self) -> bool {
        let mut words = self.info.split_whitespace();
        self.ticks >= 4
            && words.next() == Some("yaml")
            && words
                .next()
                .is_some_and(|file| file.starts_with("/openapi/") && file.contains("inference"))
    }

    fn operation(&self) -> Option<(&'static str, &'t str)> {
        let mut words = self.info.split_whitespace().skip(2);
        let method = words.next()?.to_ascii_lowercase();
        let method = METHODS.into_iter().find(|known| *known == method)?;
        let path = words.next().filter(|path| path.starts_with('/'))?;
        words.next().is_none().then_some((method, path))
    }
}

/// All blocks fenced by backticks, so that a fence inside another block isn't taken for one.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start_matches(' ');
        let ticks = if line.len() - trimmed.len() > 3 {
            0
        } else {
            trimmed.chars().take_while(|c| *c == '`').count()
        };
        let info = trimmed.trim_start_matches('`').trim();
        match &mut open {
            Some(block) if ticks >= block.ticks && info.is_empty() => {
                block.closed = true;
                blocks.extend(open.take());
            }
            Some(block) => {
                block.content.push_str(line);
                block.content.push('\n');
            }
            None if ticks >= 3 && !info.contains('`') => {
                open = Some(Block {
                    line: index + 1,
                    ticks,
                    info,
                    content: String::new(),
                    closed: false,
                });
            }
            None => {}
        }
    }
    blocks.extend(open);
    blocks
}

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
    /// Reads the spec block; `None` for a page that has none, or one of another API.
    ///
    /// # Errors
    /// Returns an error if the block is not valid, or if the page looks as though it lost its block.
    pub(super) fn parse(
        name: &str,
        text: &str,
        modified: Option<SystemTime>,
    ) -> Result<Option<Self>, SpecError> {
        let wrong = |line: usize, message: String| SpecError {
            file: name.to_owned(),
            line: Some(line),
            pointer: String::new(),
            message,
        };
        if is_html(text) {
            let message = "an HTML page, where Markdown is expected".to_owned();
            return Err(wrong(1, message));
        }
        let all = blocks(text);
        let blocks: Vec<_> = all.iter().filter(|block| block.holds_spec()).collect();
        let block = match blocks.as_slice() {
            [block] => *block,
            [] => {
                let heading = text
                    .lines()
                    .position(|line| line.trim_end() == "## OpenAPI");
                return match heading {
                    Some(index) if !all.iter().any(Block::is_of_another_api) => {
                        let message =
                            "a spec block is expected below this heading; the page lost it";
                        Err(wrong(index + 1, message.to_owned()))
                    }
                    _ => Ok(None),
                };
            }
            [first, second, ..] => {
                let first = first.line;
                let message = format!("a second spec block begins here, the first on line {first}");
                return Err(wrong(second.line, message));
            }
        };
        let Some((method, path)) = block.operation() else {
            let message = format!(
                "`{}` doesn't name an operation as `yaml [FILE or URL] METHOD PATH`",
                block.info
            );
            return Err(wrong(block.line, message));
        };
        if !block.closed {
            let message = "the spec block is not closed; the page is cut off".to_owned();
            return Err(wrong(block.line, message));
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
    /// Whether this is the document of one operation: it says so, or it begins like one.
    fn holds_spec(&self) -> bool {
        let names_file = || {
            self.words()
                .get(1)
                .is_some_and(|file| file.contains("openapi"))
        };
        let is_document = || self.content.starts_with("openapi:") || names_file();
        self.is_yaml() && !self.is_of_another_api() && (self.operation().is_some() || is_document())
    }

    fn is_yaml(&self) -> bool {
        self.ticks >= 4 && self.words().first() == Some(&"yaml")
    }

    /// Whether the block names the document of another API of the site: `/openapi/<name>/…`.
    fn is_of_another_api(&self) -> bool {
        let file = self.words().get(1).copied().unwrap_or_default();
        let api = file
            .split_once("/openapi/")
            .and_then(|(_, rest)| rest.split_once('/'));
        self.is_yaml() && api.is_some_and(|(api, _)| api != "inference")
    }

    fn words(&self) -> Vec<&'t str> {
        self.info.split_whitespace().collect()
    }

    /// The method and path after `yaml` and the name of a file or an address, which may be missing.
    fn operation(&self) -> Option<(&'static str, &'t str)> {
        let words = self.words();
        let operation = |method: &str, path: &'t str| {
            let known = |known: &&str| known.eq_ignore_ascii_case(method);
            let method = METHODS.into_iter().find(known)?;
            path.starts_with('/').then_some((method, path))
        };
        match words.as_slice() {
            [_, method, path, ..] if operation(method, path).is_some() => operation(method, path),
            [_, _, method, path, ..] => operation(method, path),
            _ => None,
        }
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

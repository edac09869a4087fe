//! Formats a diff as text, JSON or Markdown.

use std::fmt::Write as _;

use clap::ValueEnum;

use coreweave_inference_spec::diff::{Class, Diff, Entry};

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// One JSON object, for programs.
    Json,
    /// For release notes and pull requests.
    Markdown,
}

/// Formats the diff. `remark` is a sentence about its scope; JSON omits it.
pub(crate) fn render(diff: &Diff, format: Format, remark: &str) -> String {
    match format {
        Format::Text => text(diff, remark),
        Format::Json => format!("{:#}\n", serde_json::json!(diff)),
        Format::Markdown => markdown(diff, remark),
    }
}

/// `2 breaking, 1 additive and 30 documentation changes`.
fn counts(diff: &Diff) -> String {
    let count = |class| diff.of(class).len();
    let (breaking, additive, documentation) = (
        count(Class::Breaking),
        count(Class::Additive),
        count(Class::Documentation),
    );
    let changes = if documentation == 1 {
        "change"
    } else {
        "changes"
    };
    format!("{breaking} breaking, {additive} additive and {documentation} documentation {changes}")
}

fn text(diff: &Diff, remark: &str) -> String {
    let mut out = String::new();
    for class in Class::ALL {
        if diff.of(class).is_empty() {
            continue;
        }
        let _ = writeln!(out, "{class} ({})", diff.of(class).len());
        for Entry {
            kind,
            operation,
            path,
            message,
        } in diff.of(class)
        {
            let operation = operation
                .as_ref()
                .map(|id| format!("{id}: "))
                .unwrap_or_default();
            let _ = match class {
                Class::Documentation => writeln!(out, "  {operation}{message} ({})", shown(path)),
                _ => writeln!(
                    out,
                    "  {operation}{message}\n      {kind} at {}",
                    shown(path)
                ),
            };
        }
        out.push('\n');
    }
    let summary = if diff.is_empty() {
        "no differences".to_owned()
    } else {
        counts(diff)
    };
    let _ = writeln!(
        out,
        "{summary}{}{remark}",
        if remark.is_empty() { "" } else { "\n" }
    );
    out
}

fn markdown(diff: &Diff, remark: &str) -> String {
    let mut out = String::from("## API changes\n\n");
    let summary = if diff.is_empty() {
        "Nothing changed".to_owned()
    } else {
        capitalised(&counts(diff))
    };
    let _ = writeln!(
        out,
        "{summary}.{}{remark}",
        if remark.is_empty() { "" } else { " " }
    );
    for (class, title) in [
        (Class::Breaking, "Breaking"),
        (Class::Additive, "Added"),
        (Class::Documentation, "Documentation"),
    ] {
        if diff.of(class).is_empty() {
            continue;
        }
        let folded = class == Class::Documentation && diff.of(class).len() > 20;
        let _ = writeln!(out, "\n### {title}\n");
        if folded {
            let _ = writeln!(
                out,
                "<details><summary>{} changes of wording</summary>\n",
                diff.of(class).len()
            );
        }
        for Entry {
            operation,
            path,
            message,
            ..
        } in diff.of(class)
        {
            let operation = operation
                .as_ref()
                .map(|id| format!("**{id}**: "))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "- {operation}{} — `{}`",
                capitalised_unless_code(message, operation.is_empty()),
                shown(path)
            );
        }
        if folded {
            out.push_str("\n</details>\n");
        }
    }
    out
}

fn shown(path: &str) -> &str {
    if path.is_empty() {
        "the document"
    } else {
        path
    }
}

fn capitalised_unless_code(message: &str, capital: bool) -> String {
    if capital {
        capitalised(message)
    } else {
        message.to_owned()
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_format_lists_every_change() {
        let entry = |kind, operation: Option<&str>, path: &str, message: &str| Entry {
            kind,
            operation: operation.map(str::to_owned),
            path: path.to_owned(),
            message: message.to_owned(),
        };
        let diff = Diff {
            breaking: vec![entry(
                "enum-value-removed",
                None,
                "/components/schemas/Thing/properties/state/enum",
                "`Thing.state` no longer has the value `STATE_OFF` (reaches every operation)",
            )],
            additive: vec![entry(
                "member-added",
                Some("Things_List"),
                "/components/schemas/ListReply/properties/more",
                "`ListReply.more` was added",
            )],
            documentation: vec![entry(
                "annotation-changed",
                Some("Things_Get"),
                "/paths/~1things~1{id}/get/summary",
                "the summary was changed",
            )],
        };
        let text = render(&diff, Format::Text, "A remark.");
        assert_eq!(
            text,
            "\
breaking (1)
  `Thing.state` no longer has the value `STATE_OFF` (reaches every operation)
      enum-value-removed at /components/schemas/Thing/properties/state/enum

additive (1)
  Things_List: `ListReply.more` was added
      member-added at /components/schemas/ListReply/properties/more

documentation (1)
  Things_Get: the summary was changed (/paths/~1things~1{id}/get/summary)

1 breaking, 1 additive and 1 documentation change
A remark.
"
        );
        let json: Value = serde_json::from_str(&render(&diff, Format::Json, "A remark.")).unwrap();
        assert_eq!(
            json,
            json!({
                "breaking": [{
                    "kind": "enum-value-removed", "operation": null, "path": "/components/schemas/Thing/properties/state/enum",
                    "message": "`Thing.state` no longer has the value `STATE_OFF` (reaches every operation)",
                }],
                "additive": [{
                    "kind": "member-added", "operation": "Things_List", "path": "/components/schemas/ListReply/properties/more",
                    "message": "`ListReply.more` was added",
                }],
                "documentation": [{
                    "kind": "annotation-changed", "operation": "Things_Get", "path": "/paths/~1things~1{id}/get/summary",
                    "message": "the summary was changed",
                }],
            })
        );
        let markdown = render(&diff, Format::Markdown, "A remark.");
        assert_eq!(
        markdown,
        "\
## API changes

1 breaking, 1 additive and 1 documentation change. A remark.

### Breaking

- `Thing.state` no longer has the value `STATE_OFF` (reaches every operation) — `/components/schemas/Thing/properties/state/enum`

### Added

- **Things_List**: `ListReply.more` was added — `/components/schemas/ListReply/properties/more`

### Documentation

- **Things_Get**: the summary was changed — `/paths/~1things~1{id}/get/summary`
"
    );
        assert_eq!(
            render(&Diff::default(), Format::Text, ""),
            "no differences\n"
        );
    }
}

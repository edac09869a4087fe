//! Printing: results to stdout, everything else to stderr.
//!
//! Output that cannot be written never ends the work: what went wrong on stdout first is remembered for the end.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde_json::Value;

use crate::text::Text;
use crate::view::{self, View};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// For people, with more columns
    Wide,
    /// For programs, as the API sends it
    Json,
    /// As JSON, but in YAML
    Yaml,
    /// Names only
    Name,
}

/// Prints results to stdout in the chosen format.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
}

impl Output {
    pub(crate) fn is_wide(&self) -> bool {
        self.format == Format::Wide
    }

    pub(crate) fn is_for_people(&self) -> bool {
        matches!(self.format, Format::Table | Format::Wide)
    }

    /// Prints many resources of a kind.
    pub(crate) fn resources(&self, noun: &str, views: &[View], now: DateTime<Utc>) {
        if views.is_empty() && self.is_for_people() {
            return note(format!("There are no {noun}s."));
        }
        let json = || views.iter().map(|view| view.json.clone()).collect();
        let names = || views.iter().map(|view| view.name.clone()).collect();
        self.print(json, names, || {
            view::table(views, self.is_wide(), now).text()
        });
    }

    /// Prints the result of a command that changes one resource.
    pub(crate) fn resource(&self, view: &View, now: DateTime<Utc>) {
        self.changed(std::slice::from_ref(view), now);
    }

    /// Prints the results of a command that changes resources: one object, or a list of several.
    pub(crate) fn changed(&self, views: &[View], now: DateTime<Utc>) {
        match views {
            [] => {}
            [view] => self.one(view, || view::table(views, self.is_wide(), now).text()),
            views => self.resources("", views, now),
        }
    }

    /// Prints everything about one resource.
    pub(crate) fn details(&self, view: &View, now: DateTime<Utc>) {
        self.one(view, || match self.format {
            Format::Wide => {
                let spec = view.json.get("spec").unwrap_or(&Value::Null);
                view.details(now).end().then(Text::yaml(spec))
            }
            _ => view.details(now),
        });
    }

    fn one(&self, view: &View, text: impl FnOnce() -> Text) {
        self.print(|| view.json.clone(), || vec![view.name.clone()], text);
    }

    /// Prints a value in any format.
    pub(crate) fn print(
        &self,
        json: impl FnOnce() -> Value,
        names: impl FnOnce() -> Vec<String>,
        text: impl FnOnce() -> Text,
    ) {
        write(&match self.format {
            Format::Table | Format::Wide => text(),
            Format::Json => Text::json(&json()),
            Format::Yaml => Text::yaml(&json()),
            Format::Name => Text::default().lines(names()),
        });
    }
}

/// Why stdout could not be written.
static FAILURE: OnceLock<io::Error> = OnceLock::new();

/// Writes to stdout, without colors where they are not wanted.
pub(crate) fn write(text: &Text) {
    if is_closed() {
        return;
    }
    let mut out = anstream::stdout().lock();
    let written = out
        .write_all(text.as_str().as_bytes())
        .and_then(|()| out.flush());
    if let Err(error) = written {
        let _ = FAILURE.set(error);
    }
}

/// Whether nothing more can be written to stdout, so that a command that only prints can end.
pub(crate) fn is_closed() -> bool {
    FAILURE.get().is_some()
}

/// Why results are lost; a reader of stdout that has gone did not want them.
pub(crate) fn failure() -> Option<&'static io::Error> {
    FAILURE
        .get()
        .filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
}

/// Writes a line to stderr that is no part of the result.
pub(crate) fn note(text: impl Display) {
    write_to_stderr(&Text::default().line(text));
}

/// Writes a warning to stderr.
pub(crate) fn warning(text: impl Display) {
    write_to_stderr(&labeled("warning", AnsiColor::Yellow).line(text));
}

/// Writes an error to stderr.
pub(crate) fn error(text: impl Display) {
    write_to_stderr(&labeled("error", AnsiColor::Red).line(text));
}

fn labeled(label: &str, color: AnsiColor) -> Text {
    let style = Style::new().bold().fg_color(Some(color.into()));
    Text::default()
        .styled(style, format_args!("{label}:"))
        .plain(" ")
}

/// Writes to stderr, if that is possible.
pub(crate) fn write_to_stderr(text: &Text) {
    let _ = anstream::stderr()
        .lock()
        .write_all(text.as_str().as_bytes());
}

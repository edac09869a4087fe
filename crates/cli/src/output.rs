//! Printing results.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use coreweave_inference_apply::to_yaml;
use serde_json::Value;

use crate::failure::Failure;
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

    /// Prints many resources of a kind.
    pub(crate) fn resources(
        &self,
        noun: &str,
        views: &[View],
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if views.is_empty() && matches!(self.format, Format::Table | Format::Wide) {
            return note(&format!("There are no {noun}s."));
        }
        let json = || views.iter().map(|view| view.json.clone()).collect();
        let names = || views.iter().map(|view| view.name.clone()).collect();
        self.print(json, names, || {
            view::table(views, self.is_wide(), now).to_string()
        })
    }

    /// Prints the result of a command that changes one resource.
    pub(crate) fn resource(&self, view: &View, now: DateTime<Utc>) -> Result<(), Failure> {
        let table = || view::table(std::slice::from_ref(view), self.is_wide(), now).to_string();
        self.one(view, table)
    }

    /// Prints everything about one resource.
    pub(crate) fn details(&self, view: &View, now: DateTime<Utc>) -> Result<(), Failure> {
        self.one(view, || match self.format {
            Format::Wide => format!(
                "{}\n{}",
                view.details(now),
                to_yaml(view.json.get("spec").unwrap_or(&Value::Null))
            ),
            _ => view.details(now),
        })
    }

    fn one(&self, view: &View, text: impl FnOnce() -> String) -> Result<(), Failure> {
        self.print(|| view.json.clone(), || vec![view.name.clone()], text)
    }

    /// Prints a value in any format.
    pub(crate) fn print(
        &self,
        json: impl FnOnce() -> Value,
        names: impl FnOnce() -> Vec<String>,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Table | Format::Wide => write(&text()),
            Format::Json => write(&format!("{:#}\n", json())),
            Format::Yaml => write(&to_yaml(&json())),
            Format::Name => write(
                &names()
                    .into_iter()
                    .map(|name| format!("{name}\n"))
                    .collect::<String>(),
            ),
        }
    }
}

/// Writes to stdout, without colors where they are not wanted.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::from)
}

/// Writes a line to stderr that is no part of the result.
pub(crate) fn note(text: &str) -> Result<(), Failure> {
    writeln!(anstream::stderr(), "{text}").map_err(Failure::from)
}

/// Writes a line to stderr after a colored word.
pub(crate) fn labeled(label: &str, color: AnsiColor, text: &str) -> io::Result<()> {
    let style = Style::new().bold().fg_color(Some(color.into()));
    writeln!(anstream::stderr(), "{style}{label}:{style:#} {text}")
}

//! Why a command failed, and its exit code.

mod details;

use std::error::Error as _;
use std::fmt::Display;
use std::process::ExitCode;

use coreweave_inference::{Error, ErrorKind};
use coreweave_inference_apply as apply;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// One for each problem.
    pub(crate) messages: Vec<Message>,
}

/// A problem in one line, and lines with more about it.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) notes: Vec<String>,
}

impl Message {
    fn new(text: impl Display) -> Self {
        Self {
            text: text.to_string(),
            notes: Vec::new(),
        }
    }
}

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Success = 0,
    /// `diff` found differences.
    Differences = 1,
    Usage = 2,
    Refused = 3,
    NotFound = 4,
    TimedOut = 5,
    Failed = 6,
    Unreachable = 7,
    /// The terminal was closed.
    HungUp = 129,
    Interrupted = 130,
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Display) -> Self {
        Self {
            exit,
            messages: vec![Message::new(message)],
        }
    }

    /// A failure that needs no words.
    pub(crate) fn silent(exit: Exit) -> Self {
        Self {
            exit,
            messages: Vec::new(),
        }
    }

    pub(crate) fn usage(message: impl Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.exit == Exit::NotFound
    }

    /// The same with another exit code.
    pub(crate) fn exiting(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Adds a line to the last message.
    pub(crate) fn note(mut self, note: impl Display) -> Self {
        if let Some(message) = self.messages.last_mut() {
            message.notes.push(note.to_string());
        }
        self
    }

    /// Says what the messages are about.
    pub(crate) fn within(mut self, what: impl Display) -> Self {
        for message in &mut self.messages {
            message.text = format!("{what}: {}", message.text);
        }
        self
    }

    /// Calls a resource by its name, as the user did, where the messages call it by its id.
    pub(crate) fn naming(mut self, id: &str, name: &str) -> Self {
        if !id.is_empty() && !name.is_empty() {
            for message in &mut self.messages {
                let both = format!("{name} ({id})");
                message.text = message.text.replace(&both, name).replace(id, name);
            }
        }
        self
    }

    /// Adds a message.
    pub(crate) fn with(mut self, message: impl Display) -> Self {
        self.messages.push(Message::new(message));
        self
    }

    /// Adds what failed before, whose exit code it keeps.
    pub(crate) fn after(mut self, mut earlier: Self) -> Self {
        earlier.messages.append(&mut self.messages);
        earlier
    }

    /// Adds a failure to those before.
    pub(crate) fn add(failures: &mut Option<Self>, failure: Self) {
        *failures = Some(match failures.take() {
            None => failure,
            Some(earlier) => failure.after(earlier),
        });
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut failure = Self::new(exit(&error), in_flags(&error.to_string()));
        for detail in error.details() {
            let lines = details::lines(detail, error.message());
            let lines = lines.iter().filter(|line| !line.is_empty());
            failure = lines.fold(failure, Self::note);
        }
        let mut source = error.source();
        while let Some(cause) = source {
            failure = failure.note(format_args!("caused by: {cause}"));
            source = cause.source();
        }
        failure
    }
}

/// Replaces what the library advises its callers, its methods, by flags and variables.
fn in_flags(message: &str) -> String {
    let advice = [
        (
            "allow it with `allow_plain_http(true)` on the client builder",
            "pass --allow-plain-http",
        ),
        (", or raise `max_body_size` on the client builder", ""),
        ("update this crate", "update cwinf"),
        (
            "check what `reqwest_builder` sets",
            "check HTTPS_PROXY, SSL_CERT_FILE and the certificates of the system",
        ),
    ];
    let message = message.to_owned();
    advice.iter().fold(message, |message, (method, flag)| {
        message.replace(method, flag)
    })
}

fn exit(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::WaitTimeout => Exit::TimedOut,
        ErrorKind::WaitFailed if error.is_not_found() => Exit::NotFound,
        ErrorKind::WaitFailed => Exit::Failed,
        ErrorKind::Invalid | ErrorKind::Config | ErrorKind::Token => Exit::Usage,
        ErrorKind::Api if error.is_not_found() => Exit::NotFound,
        ErrorKind::Api => match error.status().map(|status| status.as_u16()) {
            // Of proxies in front of the service, or of an attempt that did not get through.
            Some(408 | 499 | 502..=504 | 507 | 520..=529) => Exit::Unreachable,
            _ => Exit::Refused,
        },
        _ => Exit::Unreachable,
    }
}

impl From<apply::Problems> for Failure {
    fn from(problems: apply::Problems) -> Self {
        Self {
            exit: Exit::Usage,
            messages: problems.0.iter().map(Message::new).collect(),
        }
    }
}

impl From<apply::Error> for Failure {
    fn from(error: apply::Error) -> Self {
        match error {
            apply::Error::Service(error) => error.into(),
            apply::Error::Manifest(problems) => problems.into(),
            error => Self::usage(error),
        }
    }
}

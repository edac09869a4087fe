//! Why a command failed, and its exit code.

mod details;

use std::error::Error as _;
use std::fmt::Display;
use std::process::ExitCode;

use coreweave_inference::error::Reason;
use coreweave_inference::{Error, ErrorKind};
use coreweave_inference_apply as apply;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// Why the service refused.
    pub(crate) reason: Option<Reason>,
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

impl Exit {
    pub(crate) fn is_interruption(self) -> bool {
        matches!(self, Exit::Interrupted | Exit::Terminated)
    }

    /// The exit code for a response with this status, which is no success.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            // Of proxies in front of the service, or of an attempt that did not get through.
            408 | 499 | 502..=504 | 507 | 520..=530 => Exit::Unreachable,
            _ => Exit::Refused,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Display) -> Self {
        Self {
            messages: vec![Message::new(message)],
            ..Self::silent(exit)
        }
    }

    /// A failure that needs no words.
    pub(crate) fn silent(exit: Exit) -> Self {
        Self {
            exit,
            reason: None,
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

    /// Says something else in the messages.
    pub(crate) fn replacing(mut self, text: &str, with: &str) -> Self {
        for message in &mut self.messages {
            message.text = message.text.replace(text, with);
        }
        self
    }

    /// Calls a resource by its name, as the user did, where the messages call it by its id.
    pub(crate) fn naming(self, id: &str, name: &str) -> Self {
        match id.is_empty() || name.is_empty() {
            true => self,
            false => self
                .replacing(&format!("{name} ({id})"), name)
                .replacing(id, name),
        }
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
        let mut message = error
            .to_string()
            .replace("update this client", "update cwinf");
        if error.is(Reason::PLAIN_HTTP) {
            message = message.replace("allow plain http", "pass --allow-plain-http");
        }
        let mut failure = Self::new(exit(&error), message);
        failure.reason = error.reason();
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

fn exit(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::WaitTimeout => Exit::TimedOut,
        ErrorKind::WaitFailed if error.is_not_found() => Exit::NotFound,
        ErrorKind::WaitFailed => Exit::Failed,
        ErrorKind::Token if error.is_transient() => Exit::Unreachable,
        ErrorKind::Invalid | ErrorKind::Config | ErrorKind::Token => Exit::Usage,
        ErrorKind::Api if error.is_not_found() => Exit::NotFound,
        ErrorKind::Api => Exit::of_status(error.status().map_or(0, |status| status.as_u16())),
        _ => Exit::Unreachable,
    }
}

impl From<apply::Problems> for Failure {
    fn from(problems: apply::Problems) -> Self {
        Self {
            messages: problems.0.iter().map(Message::new).collect(),
            ..Self::silent(Exit::Usage)
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

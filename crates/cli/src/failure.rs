//! Why a command failed, and its exit code.

use std::error::Error as _;
use std::fmt::Display;
use std::io;
use std::process::ExitCode;

use anstyle::AnsiColor;
use coreweave_inference::{Error, ErrorKind};
use coreweave_inference_apply as apply;

use crate::output;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// One message for each problem.
    messages: Vec<String>,
}

/// The exit codes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The reader of stdout has gone.
    BrokenPipe = 0,
    Usage = 2,
    Refused = 3,
    NotFound = 4,
    TimedOut = 5,
    Failed = 6,
    Unreachable = 7,
    Interrupted = 130,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Display) -> Self {
        Self {
            exit,
            messages: vec![message.to_string()],
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

    /// Says what the messages are about.
    pub(crate) fn within(mut self, what: String) -> Self {
        for message in &mut self.messages {
            *message = format!("{what}: {message}");
        }
        self
    }

    /// Adds a message.
    pub(crate) fn with(mut self, message: impl Display) -> Self {
        self.messages.push(message.to_string());
        self
    }

    /// Adds what failed before, whose exit code it keeps.
    pub(crate) fn after(mut self, mut earlier: Self) -> Self {
        earlier.messages.append(&mut self.messages);
        earlier
    }

    /// Prints the messages to stderr.
    pub(crate) fn report(self) -> ExitCode {
        for message in &self.messages {
            // There is nowhere left to report a failure of stderr.
            let _ = output::labeled("error", AnsiColor::Red, message);
        }
        ExitCode::from(self.exit as u8)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(&format!("\n  caused by: {cause}"));
            source = cause.source();
        }
        Self::new(exit(&error), message)
    }
}

fn exit(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::WaitTimeout => Exit::TimedOut,
        ErrorKind::WaitFailed if error.is_not_found() => Exit::NotFound,
        ErrorKind::WaitFailed => Exit::Failed,
        ErrorKind::Invalid | ErrorKind::Config | ErrorKind::Token => Exit::Usage,
        ErrorKind::Api if error.is_not_found() => Exit::NotFound,
        ErrorKind::Api => match error.status().map(|status| status.as_u16()) {
            Some(502..=504) => Exit::Unreachable,
            _ => Exit::Refused,
        },
        _ => Exit::Unreachable,
    }
}

impl From<apply::Problems> for Failure {
    fn from(problems: apply::Problems) -> Self {
        Self {
            exit: Exit::Usage,
            messages: problems.0.iter().map(ToString::to_string).collect(),
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

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self {
                exit: Exit::BrokenPipe,
                messages: Vec::new(),
            },
            _ => Self::usage(error),
        }
    }
}

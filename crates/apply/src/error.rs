//! Errors of planning and applying.

use std::fmt;

use crate::problem::Problems;

/// An error of planning or applying.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A request failed.
    Service(coreweave_inference::Error),
    /// The manifest does not fit the account.
    Manifest(Problems),
    /// A spec does not fit the types of this version.
    Spec(serde_json::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Service(error) => error.fmt(f),
            Error::Manifest(problems) => problems.fmt(f),
            Error::Spec(error) => write!(
                f,
                "the spec does not fit the types of this version: {error}"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Service(error) => error.source(),
            Error::Manifest(_) | Error::Spec(_) => None,
        }
    }
}

impl From<coreweave_inference::Error> for Error {
    fn from(error: coreweave_inference::Error) -> Self {
        Error::Service(error)
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Error::Manifest(problems)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Spec(error)
    }
}

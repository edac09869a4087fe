use std::fmt;

use coreweave_inference_spec::SpecError;

/// Why generating a client failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The spec is invalid, or contains a construct that codegen does not support.
    Spec(SpecError),
    /// progenitor failed.
    Generator {
        /// The operation or schema that it failed on, or `the complete spec` if no part fails by itself.
        subject: String,
        /// Its error message.
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(error) => error.fmt(f),
            Self::Generator { subject, message } => {
                write!(
                    f,
                    "generating the client failed at {subject}: {message}; change crates/codegen to preprocess it"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spec(error) => Some(error),
            Self::Generator { .. } => None,
        }
    }
}

impl From<SpecError> for Error {
    fn from(error: SpecError) -> Self {
        Self::Spec(error)
    }
}

impl Error {
    /// The error of code that does not parse, which is a defect of codegen.
    pub(crate) fn invalid_code(error: syn::Error) -> Self {
        Self::Generator {
            subject: "the generated code".to_owned(),
            message: error.to_string(),
        }
    }
}

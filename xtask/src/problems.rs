use std::fmt;

use coreweave_inference_spec::SpecError;

/// Errors, each with the file, page or address it is about.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<String>);

/// The most errors to show.
const SHOWN: usize = 20;

impl Problems {
    /// An error about the file or address `name`.
    pub(crate) fn with(name: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self(vec![format!("{name}: {message}")])
    }

    pub(crate) fn push(&mut self, problem: String) {
        self.0.push(problem);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The value if there are no errors.
    pub(crate) fn unless_any<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl From<SpecError> for Problems {
    fn from(error: SpecError) -> Self {
        Self(vec![error.to_string()])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().take(SHOWN).enumerate() {
            if index > 0 {
                f.write_str("\n       ")?;
            }
            f.write_str(problem)?;
        }
        if self.0.len() > SHOWN {
            write!(f, "\n       and {} more", self.0.len() - SHOWN)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

use std::fmt;

use serde::{Deserialize, Serialize};

/// A credential inside a message, such as the Weights & Biases `apiKey` of a gateway.
///
/// It goes over the wire as the string it is and shows itself nowhere else: `Debug` is redacted and there is no `Display`.
///
/// ```
/// use coreweave_inference_api::Secret;
///
/// let key = Secret::from("0123abcd");
/// assert_eq!(format!("{key:?}"), "Secret(REDACTED)");
/// assert_eq!(key.expose(), "0123abcd");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The credential itself.
    ///
    /// ```
    /// use coreweave_inference_api::Secret;
    ///
    /// let key = Secret::from("0123abcd");
    /// assert_eq!(key.expose().len(), 8);
    /// ```
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(REDACTED)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

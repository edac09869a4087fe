use std::fmt;

use crate::proto_json::{self, Decode, Encode, Failure, Input, Output};

/// A secret in a message: the Weights & Biases `apiKey` of a gateway, or a value in the `engineEnv` of a deployment.
///
/// It serializes as a string. Its `Debug` output is redacted, and it has no `Display`.
///
/// ```
/// use coreweave_inference_api::Secret;
///
/// let key = Secret::from("0123abcd");
/// assert_eq!(format!("{key:?}"), "Secret(REDACTED)");
/// assert_eq!(key.expose(), "0123abcd");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the secret.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(REDACTED)")
    }
}

impl Decode for Secret {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        self.0.decode(value)
    }
}

impl Encode for Secret {
    fn encode(&self) -> Output<'_> {
        self.0.encode()
    }
}

proto_json::serde_traits! { Secret }

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

#[cfg(test)]
mod tests {
    use crate::types::{DeploymentRuntime, WeightsAndBiasesAuth};

    #[test]
    fn debug_output_has_no_credential_and_no_environment_variable() {
        let runtime: DeploymentRuntime =
            serde_json::from_str(r#"{"engineEnv": {"HF_TOKEN": "planted"}}"#).unwrap();
        let auth: WeightsAndBiasesAuth = serde_json::from_str(r#"{"apiKey": "planted"}"#).unwrap();
        let shown = format!("{runtime:?} {auth:?}");
        assert!(!shown.contains("planted"), "{shown}");
        assert!(shown.contains("HF_TOKEN"), "{shown}");
        let sent = serde_json::to_string(&runtime).unwrap();
        assert!(sent.contains(r#""HF_TOKEN":"planted""#), "{sent}");
    }
}

//! Keeps credentials out of errors, even where a server echoes them.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::FromJson;
use crate::proto_json;

const REDACTED: &str = "[redacted]";

/// Shorter ones would blank out unrelated text, and protect nothing.
const MIN_LENGTH: usize = 6;

/// Redacts the credentials of one request.
#[derive(Default)]
pub(crate) struct Redactor {
    /// The longest first: a secret that contains another one must not be left in parts.
    secrets: Vec<String>,
}

impl Redactor {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() >= MIN_LENGTH && !self.secrets.iter().any(|known| known == secret) {
            let is_longer = |known: &String| known.len() > secret.len();
            let index = self.secrets.partition_point(is_longer);
            self.secrets.insert(index, secret.to_owned());
        }
    }

    /// Adds the secrets of a JSON body, which need not be complete or even valid: every `apiKey`, and the values of every
    /// `engineEnv`.
    pub(crate) fn add_secrets_of(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        for value in members(&text, "\"apiKey\"") {
            let Some(value) = value.strip_prefix('"') else {
                continue;
            };
            let (written, _) = value.split_at(closing_quote(value));
            self.add(written);
            // A server that echoes the key may have unescaped it.
            if let Ok(plain) = String::from_json(format!("\"{written}\"").as_bytes()) {
                self.add(&plain);
            }
        }
        for value in members(&text, "\"engineEnv\"") {
            let mut env = Map::new();
            // What follows the object, or is missing of it, is an error that does not matter.
            let _ = proto_json::from_slice(value.as_bytes(), &mut env);
            for plain in env.values().filter_map(Value::as_str) {
                self.add(plain);
                self.add(Value::from(plain).to_string().trim_matches('"'));
            }
        }
    }

    /// The text without the secrets.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets
            .iter()
            .fold(Cow::Borrowed(text), |text, secret| {
                match text.contains(secret.as_str()) {
                    true => Cow::Owned(text.replace(secret.as_str(), REDACTED)),
                    false => text,
                }
            })
    }
}

/// The texts that begin with the value of a member of this quoted name.
fn members<'t>(text: &'t str, name: &'static str) -> impl Iterator<Item = &'t str> {
    let after = text.split(name).skip(1);
    after.filter_map(|after| Some(after.trim_start().strip_prefix(':')?.trim_start()))
}

/// Where a JSON string ends whose opening quote was just passed; the end of the text if it is truncated.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_keys_are_found_in_complete_and_truncated_bodies() {
        let mut redactor = Redactor::default();
        redactor.add_secrets_of(
            br#"{"weightsAndBiasesAuth":{"apiKey" : "planted-1","serverUrl":"u"}}"#,
        );
        redactor.add_secrets_of(br#"{"apiKey":"planted\"-2"}{"apiKey":7,"apiKey":"planted-3"#);
        for secret in ["planted-1", r#"planted\"-2"#, "planted\"-2", "planted-3"] {
            let said = format!("bad key {secret}!");
            assert_eq!(redactor.redact(&said), "bad key [redacted]!");
        }
        assert_eq!(redactor.redact("innocent"), "innocent");
    }

    #[test]
    fn values_of_the_environment_of_an_engine_are_secrets() {
        let mut redactor = Redactor::default();
        redactor.add_secrets_of(
            br#"{"runtime":{"engine":"vllm","engineEnv": {"A":"planted-1","B":7,"C":"planted\"-2"}}}{"engineEnv":{"A":"x"#,
        );
        for secret in ["planted-1", r#"planted\"-2"#, "planted\"-2"] {
            let said = format!("bad value {secret} for vllm");
            assert_eq!(redactor.redact(&said), "bad value [redacted] for vllm");
        }
    }

    #[test]
    fn the_longest_secret_is_redacted_even_if_a_shorter_one_is_part_of_it() {
        let mut redactor = Redactor::default();
        redactor.add("secret");
        redactor.add("secret-12345");
        assert_eq!(
            redactor.redact("secret-12345 secret"),
            "[redacted] [redacted]"
        );
    }

    #[test]
    fn short_words_are_not_secrets() {
        let mut redactor = Redactor::default();
        redactor.add("abc");
        assert_eq!(redactor.redact("abcabc"), "abcabc");
    }
}

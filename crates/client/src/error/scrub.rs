//! Keeps secrets out of errors, also where a server echoes them.

use std::borrow::Cow;

/// What stands in a secret's place.
const REDACTED: &str = "[redacted]";

/// Shorter ones would blank out innocent text, and guard nothing.
const SHORTEST: usize = 6;

/// The secrets of one exchange, to be taken out of whatever is said about it.
#[derive(Default)]
pub(crate) struct Scrub {
    secrets: Vec<String>,
}

impl Scrub {
    /// Learns a secret.
    pub(crate) fn secret(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
            // The longest first: a secret that holds another one has to go whole.
            self.secrets
                .sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Learns every `apiKey` of a JSON body. It needn't be whole, or even valid.
    pub(crate) fn api_keys_of(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        let mut rest = text.as_ref();
        while let Some((_, after)) = rest.split_once("\"apiKey\"") {
            rest = after;
            let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else {
                continue;
            };
            let Some(value) = value.strip_prefix('"') else {
                continue;
            };
            let end = closing_quote(value);
            let (written, _) = value.split_at(end);
            self.secret(written);
            // A server that echoes the key may have unescaped it.
            if let Ok(plain) = serde_json::from_str::<String>(&format!("\"{written}\"")) {
                self.secret(&plain);
            }
        }
    }

    /// The text without the secrets.
    pub(crate) fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets
            .iter()
            .fold(Cow::Borrowed(text), |text, secret| {
                if text.contains(secret.as_str()) {
                    Cow::Owned(text.replace(secret.as_str(), REDACTED))
                } else {
                    text
                }
            })
    }
}

/// Where a JSON string ends whose opening quote was just passed; the end of the text if it was cut.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_keys_are_found_in_whole_and_cut_bodies() {
        let mut scrub = Scrub::default();
        scrub.api_keys_of(br#"{"weightsAndBiasesAuth":{"apiKey" : "planted-1","serverUrl":"u"}}"#);
        scrub.api_keys_of(br#"{"apiKey":"planted\"-2"}{"apiKey":7,"apiKey":"planted-3"#);
        for secret in ["planted-1", r#"planted\"-2"#, "planted\"-2", "planted-3"] {
            let said = format!("bad key {secret}!");
            assert_eq!(scrub.clean(&said), "bad key [redacted]!");
        }
        assert_eq!(scrub.clean("innocent"), "innocent");
    }

    #[test]
    fn the_longest_secret_goes_whole_even_when_a_shorter_one_is_part_of_it() {
        let mut scrub = Scrub::default();
        scrub.secret("secret");
        scrub.secret("secret-12345");
        assert_eq!(scrub.clean("secret-12345 secret"), "[redacted] [redacted]");
    }

    #[test]
    fn short_words_are_not_secrets() {
        let mut scrub = Scrub::default();
        scrub.secret("abc");
        assert_eq!(scrub.clean("abcabc"), "abcabc");
    }
}

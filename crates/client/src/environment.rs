//! What the client takes from environment variables.

use std::ffi::OsString;

use crate::error::Error;
use crate::token::Token;

/// The variables that may hold the token, in the order they are looked at.
pub(crate) const TOKENS: [&str; 2] = ["COREWEAVE_API_TOKEN", "CW_API_TOKEN"];

/// The variable that may hold the base URL.
pub(crate) const BASE_URL: &str = "CW_BASE_URL";

/// The settings found.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) token: Token,
    pub(crate) base_url: Option<String>,
}

impl Environment {
    /// Reads the variables by `look_up`. A variable that is set to nothing counts as not set.
    pub(crate) fn read(look_up: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let text = |name: &str| match look_up(name).map(OsString::into_string) {
            Some(Err(_)) => Err(Error::config(format!(
                "{name} isn't valid UTF-8: set it anew"
            ))),
            Some(Ok(text)) if !text.trim().is_empty() => Ok(Some(text)),
            _ => Ok(None),
        };
        for name in TOKENS {
            if let Some(token) = text(name)? {
                return Ok(Self {
                    token: Token::from_source(&token, name)?,
                    base_url: text(BASE_URL)?,
                });
            }
        }
        let [first, second] = TOKENS;
        let state = if TOKENS.iter().any(|name| look_up(name).is_some()) {
            "empty"
        } else {
            "not set"
        };
        Err(Error::config(format!(
            "{first} (or {second}) is {state}: set it to a CoreWeave API access token"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, Error> {
        Environment::read(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_first_variable_that_is_set_wins() {
        let both = read(&[("COREWEAVE_API_TOKEN", "first"), ("CW_API_TOKEN", "second")]).unwrap();
        assert_eq!(both.token.expose(), "first");
        assert_eq!(both.base_url, None);
        let second = read(&[
            ("COREWEAVE_API_TOKEN", " "),
            ("CW_API_TOKEN", "second"),
            ("CW_BASE_URL", "https://x.test"),
        ]);
        let second = second.unwrap();
        assert_eq!(
            (second.token.expose(), second.base_url.as_deref()),
            ("second", Some("https://x.test"))
        );
        assert_eq!(
            read(&[("CW_API_TOKEN", "t"), ("CW_BASE_URL", "")])
                .unwrap()
                .base_url,
            None
        );
    }

    #[test]
    fn what_is_missing_or_bad_is_named() {
        for (variables, said) in [
            (
                &[][..],
                "COREWEAVE_API_TOKEN (or CW_API_TOKEN) is not set: set it to a CoreWeave API access token",
            ),
            (
                &[("CW_API_TOKEN", "")],
                "COREWEAVE_API_TOKEN (or CW_API_TOKEN) is empty: set it to a CoreWeave API access token",
            ),
            (
                &[("CW_API_TOKEN", "pl\u{e4}nted")],
                "CW_API_TOKEN holds a blank, a control or a non-ASCII character: set it to the API access token alone",
            ),
        ] {
            assert_eq!(read(variables).unwrap_err().to_string(), said);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_unicode_is_named() {
        use std::os::unix::ffi::OsStringExt;

        let look_up = |name: &str| {
            (name == "CW_BASE_URL" || name == "CW_API_TOKEN")
                .then(|| OsString::from_vec(vec![0xff]))
        };
        assert_eq!(
            Environment::read(look_up).unwrap_err().to_string(),
            "CW_API_TOKEN isn't valid UTF-8: set it anew"
        );
    }
}

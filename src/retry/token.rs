use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;

use crate::{BoxFuture, Error, ErrorKind};

/// A CoreWeave API access token.
///
/// `Debug` is redacted, there is no `Display`, and the header that carries it is marked sensitive.
///
/// ```
/// use coreweave_inference_api::retry::Token;
///
/// let token = Token::new("CW-SECRET-1")?;
/// assert_eq!(format!("{token:?}"), "Token(REDACTED)");
/// assert_eq!(token.expose(), "CW-SECRET-1");
/// # Ok::<_, coreweave_inference_api::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// `Bearer <token>`, ready to be sent: cloning it copies nothing.
    header: HeaderValue,
}

const SCHEME: &str = "Bearer ";

impl Token {
    /// The environment variables that a token is usually in, in the order of precedence.
    pub const VARIABLES: [&str; 2] = ["COREWEAVE_API_TOKEN", "CW_API_TOKEN"];

    /// Creates a token, without the white space around it.
    ///
    /// # Errors
    /// Returns an error if nothing is left, or if it has a character that a token can't have, such as a line break.
    ///
    /// ```
    /// use coreweave_inference_api::retry::Token;
    ///
    /// assert_eq!(Token::new("CW-SECRET-1\n")?, Token::new("CW-SECRET-1")?);
    /// assert!(Token::new(" ").is_err());
    /// # Ok::<_, coreweave_inference_api::Error>(())
    /// ```
    pub fn new(token: impl AsRef<str>) -> Result<Self, Error> {
        Self::from_source(token.as_ref(), "the token")
    }

    /// Creates a token that errors call `source`, such as the name of a variable.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_source(token: &str, source: &str) -> Result<Self, Error> {
        let token = token.trim();
        if token.is_empty() {
            return Err(config(format!(
                "{source} is empty: set it to a CoreWeave API access token"
            )));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(config(format!(
                "{source} has a blank, a control or a non-ASCII character: set it to the API access token alone"
            )));
        }
        let mut header = HeaderValue::try_from(format!("{SCHEME}{token}"))
            .map_err(|_| config(format!("{source} can't be sent in a header")))?;
        header.set_sensitive(true);
        Ok(Self { header })
    }

    /// Returns the token itself.
    pub fn expose(&self) -> &str {
        self.header
            .to_str()
            .ok()
            .and_then(|header| header.strip_prefix(SCHEME))
            .unwrap_or_default()
    }

    /// Returns the value of the `Authorization` header.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

fn config(message: String) -> Error {
    Error::new(ErrorKind::Config, message)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(REDACTED)")
    }
}

impl TryFrom<&str> for Token {
    type Error = Error;

    fn try_from(token: &str) -> Result<Self, Error> {
        Self::new(token)
    }
}

impl TryFrom<String> for Token {
    type Error = Error;

    fn try_from(token: String) -> Result<Self, Error> {
        Self::new(token)
    }
}

/// Lets `impl TryInto<Token>` with an error that converts into [`Error`] accept a [`Token`].
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Provides tokens that change, such as those of a mounted file or of an identity provider.
///
/// It is called before every attempt, so it should cache the token. When the API responds with 401, it is called again
/// with the refused token, and the request is sent once more with the new one. Several concurrent
/// calls may report the same refused token: a provider that has already replaced it returns its current one.
///
/// A failure is transient, and is retried as a failed attempt is, unless it is an [`Error`] that is not.
///
/// ```
/// use std::sync::Mutex;
/// use coreweave_inference_api::BoxFuture;
/// use coreweave_inference_api::retry::{Token, TokenError, TokenProvider};
///
/// /// Reads a file that is replaced from time to time.
/// struct File {
///     path: std::path::PathBuf,
///     read: Mutex<Option<Token>>,
/// }
///
/// impl TokenProvider for File {
///     fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
///         Box::pin(async move {
///             let mut read = self.read.lock().map_err(|_| "a reader of the token panicked")?;
///             if let Some(token) = read.as_ref().filter(|token| Some(*token) != refused) {
///                 return Ok(token.clone());
///             }
///             let token = Token::new(std::fs::read_to_string(&self.path)?)?;
///             Ok(read.insert(token).clone())
///         })
///     }
/// }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// Returns the token to send. It has to differ from `refused`, if that is given: the API has just responded to it with
    /// 401.
    ///
    /// # Errors
    /// Returns an error if there is no token at the moment.
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>>;
}

impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
        (**self).token(refused)
    }
}

/// The error of a [`TokenProvider`]. Any error will do.
pub type TokenError = Box<dyn StdError + Send + Sync>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_as_bearer_and_never_displayed() {
        let token = Token::new(" planted-token\n").unwrap();
        assert_eq!(token.expose(), "planted-token");
        assert_eq!(token.header(), "Bearer planted-token");
        assert!(token.header().is_sensitive());
        assert!(!format!("{token:?} {:?}", token.header()).contains("planted"));
    }

    #[test]
    fn an_invalid_token_is_refused_without_being_displayed() {
        for bad in [
            "",
            " \n",
            "plänted",
            "planted\nsecond",
            "planted second",
            "planted\u{7f}",
        ] {
            let error = Token::from_source(bad, "COREWEAVE_API_TOKEN").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(
                error.to_string().starts_with("COREWEAVE_API_TOKEN "),
                "{error}"
            );
            assert!(!format!("{error} {error:?}").contains("nted"), "{error}");
        }
    }
}

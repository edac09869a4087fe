//! Reads settings from environment variables.

use std::ffi::OsString;
use std::time::Duration;

use crate::builder::ClientBuilder;
use crate::error::{Error, ErrorKind};
use crate::retry::{OidcToken, Token};

/// The variables of the base URL, in the order of precedence.
const BASE_URL: [&str; 3] = ["COREWEAVE_API_ENDPOINT", "COREWEAVE_API_URL", "CW_BASE_URL"];

/// The variable of the timeout of one attempt.
const TIMEOUT: &str = "COREWEAVE_HTTP_TIMEOUT";

/// The id of the service account of workload identity, and where its OIDC token is: the token itself, or a file.
const SERVICE_ACCOUNT: &str = "COREWEAVE_SERVICE_ACCOUNT_UID";
const OIDC_TOKEN: &str = "COREWEAVE_OIDC_TOKEN";
const OIDC_TOKEN_FILE: &str = "COREWEAVE_OIDC_TOKEN_FILE";

impl ClientBuilder {
    /// Creates a builder from environment variables. Of several names, the first that is set wins.
    ///
    /// | variable | setting |
    /// | --- | --- |
    /// | `COREWEAVE_API_TOKEN`, `CW_API_TOKEN` | the token |
    /// | `COREWEAVE_SERVICE_ACCOUNT_UID` and one of `COREWEAVE_OIDC_TOKEN`, `COREWEAVE_OIDC_TOKEN_FILE` | [workload identity](Self::oidc_token), if no token is set |
    /// | `COREWEAVE_API_ENDPOINT`, `COREWEAVE_API_URL`, `CW_BASE_URL` | the base URL |
    /// | `COREWEAVE_HTTP_TIMEOUT` | the attempt timeout, such as `30s` or `1m30s` |
    ///
    /// # Errors
    /// Returns an error that names the variable if neither a token nor workload identity is set, or if a value is invalid.
    ///
    /// ```no_run
    /// use coreweave_inference::ClientBuilder;
    ///
    /// let client = ClientBuilder::from_env()?.user_agent_suffix("my-program/1.0").build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        read(&|name| std::env::var_os(name))
    }
}

/// Reads the variables with `get`. An empty variable counts as not set.
fn read(get: &dyn Fn(&str) -> Option<OsString>) -> Result<ClientBuilder, Error> {
    let mut builder = with_credential(get)?;
    if let Some(found) = first(&BASE_URL, get)? {
        builder.base_url = found;
    }
    if let Some((text, name)) = first(&[TIMEOUT], get)? {
        builder.attempt_timeout = parse_duration(&text).ok_or_else(|| {
            config(format!(
                "{name} isn't a positive duration: set it to something like 30s or 1m30s"
            ))
        })?;
    }
    Ok(builder)
}

/// Reads the token, or else what workload identity needs.
fn with_credential(get: &dyn Fn(&str) -> Option<OsString>) -> Result<ClientBuilder, Error> {
    let builder = ClientBuilder::new();
    if let Some((token, name)) = first(&Token::VARIABLES, get)? {
        return Ok(builder.token(Token::from_source(&token, name)?));
    }
    let account = first(&[SERVICE_ACCOUNT], get)?;
    let token = match first(&[OIDC_TOKEN, OIDC_TOKEN_FILE], get)? {
        Some((path, OIDC_TOKEN_FILE)) => Some(OidcToken::File(path.trim().into())),
        Some((_, name)) => Some(OidcToken::Variable(name.into())),
        None => None,
    };
    match (account, token) {
        (Some((uid, _)), Some(token)) => Ok(builder.oidc_token(uid.trim(), token)),
        (Some(_), None) => Err(config(format!(
            "{SERVICE_ACCOUNT} is set, but no OIDC token: set {OIDC_TOKEN_FILE} or {OIDC_TOKEN}"
        ))),
        (None, Some(_)) => Err(config(format!(
            "an OIDC token is set, but not for which service account: set {SERVICE_ACCOUNT} to its id"
        ))),
        (None, None) => {
            let [first, second] = Token::VARIABLES;
            let state = match Token::VARIABLES.iter().any(|name| get(name).is_some()) {
                true => "empty",
                false => "not set",
            };
            Err(config(format!(
                "{first} (or {second}) is {state}: set it to a CoreWeave API access token"
            )))
        }
    }
}

fn config(message: String) -> Error {
    Error::new(ErrorKind::Config, message)
}

/// The first of several variables that is set, and its name.
fn first(
    names: &[&'static str],
    get: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<(String, &'static str)>, Error> {
    let mut found: Option<(String, &'static str)> = None;
    for name in names.iter().copied() {
        let Some(value) = get(name) else { continue };
        let Ok(value) = value.into_string() else {
            if found.is_some() {
                continue;
            }
            return Err(config(format!("{name} isn't valid UTF-8: set it again")));
        };
        match &found {
            _ if value.trim().is_empty() => {}
            None => found = Some((value, name)),
            Some((used, by)) if used.trim() != value.trim() => {
                tracing::debug!("{by} and {name} disagree: using {by}");
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Parses a positive duration as Go writes it: `300ms`, `30s`, `1h2m3.5s`.
fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(end);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.');
        let (unit, after) = after.split_at(end.unwrap_or(after.len()));
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        let part = number.parse::<f64>().ok()? * seconds;
        total = total.checked_add(Duration::try_from_secs_f64(part).ok()?)?;
        rest = after;
    }
    (!total.is_zero()).then_some(total)
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::{Arc, Mutex};

    use tracing::field::Field;
    use tracing::{Event, Subscriber};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
    use tracing_subscriber::registry::Registry;

    use super::*;
    use crate::builder::Credential;

    fn read(variables: &[(&str, &str)]) -> Result<ClientBuilder, Error> {
        super::read(&|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_first_variable_that_is_set_wins() {
        let both = read(&[("COREWEAVE_API_TOKEN", "first"), ("CW_API_TOKEN", "second")]).unwrap();
        assert_eq!(token(&both), "first");
        assert_eq!(both.base_url, ClientBuilder::new().base_url);
        let second = read(&[("COREWEAVE_API_TOKEN", " "), ("CW_API_TOKEN", "second")]).unwrap();
        assert_eq!(token(&second), "second");
    }

    fn token(builder: &ClientBuilder) -> &str {
        match &builder.credential {
            Ok(Some(Credential::Token(token))) => token.expose(),
            _ => panic!("there is no token"),
        }
    }

    #[test]
    fn workload_identity_is_used_without_a_token() {
        let uid = ("COREWEAVE_SERVICE_ACCOUNT_UID", " ci ");
        let file = ("COREWEAVE_OIDC_TOKEN_FILE", "/run/token");
        let variable = ("COREWEAVE_OIDC_TOKEN", "planted");
        for (variables, expected) in [
            (vec![uid, file], OidcToken::File("/run/token".into())),
            (
                vec![uid, variable, file],
                OidcToken::Variable("COREWEAVE_OIDC_TOKEN".into()),
            ),
        ] {
            match read(&variables).unwrap().credential {
                Ok(Some(Credential::Oidc {
                    service_account_uid,
                    token,
                })) => {
                    assert_eq!((&*service_account_uid, token), ("ci", expected));
                }
                _ => panic!("there is no workload identity"),
            }
        }
        let with_token = read(&[uid, file, ("CW_API_TOKEN", "t")]).unwrap();
        assert_eq!(token(&with_token), "t");
    }

    #[test]
    fn variables_that_disagree_are_named_at_debug_without_their_values() {
        let heard = |first: &'static str, second: &'static str| {
            // While there is only one dispatcher, another test's thread decides that nobody is interested in a call site.
            let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
            let log = Log::default();
            let subscriber = Registry::default().with(log.clone());
            tracing::subscriber::with_default(subscriber, || {
                let read = read(&[("COREWEAVE_API_TOKEN", first), ("CW_API_TOKEN", second)]);
                assert_eq!(token(&read.unwrap()), "planted-1");
            });
            log.0.lock().unwrap().clone()
        };
        assert_eq!(
            heard("planted-1", "planted-2"),
            ["DEBUG COREWEAVE_API_TOKEN and CW_API_TOKEN disagree: using COREWEAVE_API_TOKEN"]
        );
        assert!(heard("planted-1", " planted-1\n").is_empty());
        assert!(heard("planted-1", "").is_empty());
    }

    /// Collects level and fields of events.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Log {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let mut line = event.metadata().level().to_string();
            event.record(&mut |_: &Field, value: &dyn fmt::Debug| line += &format!(" {value:?}"));
            self.0.lock().unwrap().push(line);
        }
    }

    #[test]
    fn the_base_url_has_three_names() {
        let names = ["COREWEAVE_API_ENDPOINT", "COREWEAVE_API_URL", "CW_BASE_URL"];
        for (set, name) in names.iter().enumerate() {
            let urls = names
                .iter()
                .enumerate()
                .map(|(index, name)| (*name, if index < set { "" } else { *name }));
            let variables: Vec<_> = urls.chain([("CW_API_TOKEN", "t")]).collect();
            let base_url = read(&variables).unwrap().base_url;
            assert_eq!(base_url, ((*name).to_owned(), *name));
        }
    }

    #[test]
    fn the_timeout_is_a_go_duration() {
        let timeout = |text| {
            read(&[("CW_API_TOKEN", "t"), ("COREWEAVE_HTTP_TIMEOUT", text)])
                .map(|builder| builder.attempt_timeout)
        };
        for (text, millis) in [
            ("30s", 30_000),
            (" 300ms ", 300),
            ("1h2m3.5s", 3_723_500),
            ("1.5h", 5_400_000),
            (".5s", 500),
            ("2000us", 2),
            ("2000µs", 2),
            ("3000000ns", 3),
        ] {
            assert_eq!(
                timeout(text).unwrap(),
                Duration::from_millis(millis),
                "{text}"
            );
        }
        for text in [
            "30", "s", "-5s", "0s", "0", "1d", "1.2.3s", "5 s", "1e9h", "∞s",
        ] {
            let error = timeout(text).unwrap_err().to_string();
            assert!(
                error.starts_with("COREWEAVE_HTTP_TIMEOUT isn't a positive duration"),
                "{error}"
            );
        }
        assert_eq!(timeout("").unwrap(), ClientBuilder::new().attempt_timeout);
    }

    #[test]
    fn a_missing_or_invalid_variable_is_named() {
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
                "CW_API_TOKEN has a blank, a control or a non-ASCII character: set it to the API access token alone",
            ),
            (
                &[("COREWEAVE_SERVICE_ACCOUNT_UID", "ci")],
                "COREWEAVE_SERVICE_ACCOUNT_UID is set, but no OIDC token: set COREWEAVE_OIDC_TOKEN_FILE or COREWEAVE_OIDC_TOKEN",
            ),
            (
                &[("COREWEAVE_OIDC_TOKEN", "planted")],
                "an OIDC token is set, but not for which service account: set COREWEAVE_SERVICE_ACCOUNT_UID to its id",
            ),
        ] {
            assert_eq!(read(variables).unwrap_err().to_string(), said);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_unicode_is_named() {
        use std::os::unix::ffi::OsStringExt;

        let get = |name: &str| {
            (name == "CW_BASE_URL" || name == "CW_API_TOKEN")
                .then(|| OsString::from_vec(vec![0xff]))
        };
        assert_eq!(
            super::read(&get).unwrap_err().to_string(),
            "CW_API_TOKEN isn't valid UTF-8: set it again"
        );
    }
}

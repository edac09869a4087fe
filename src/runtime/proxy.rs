use std::fmt;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Url;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::{Error, ErrorKind};

/// The proxy that reqwest takes from the environment for a URL.
///
/// `Display` is its URL without credentials, and the variable that it is from.
///
/// | variable | use |
/// | --- | --- |
/// | `HTTPS_PROXY`, else `https_proxy` | for a URL with `https` |
/// | `HTTP_PROXY`, else `http_proxy` | for a URL with `http` |
/// | `ALL_PROXY`, else `all_proxy` | for both, if the variable above is not set or empty |
/// | `NO_PROXY`, else `no_proxy` | exempts hosts, separated by commas: `example.com` and `.example.com` mean the host and all below it, `10.0.0.0/8` a range of addresses, and `*` all names, but no addresses. An entry with a port never matches |
///
/// Of two names, the lower-case one counts only if the other is not set; an empty one is set. A URL without a scheme is `http`;
/// `https`, `socks4`, `socks4a`, `socks5` and `socks5h` are the others, of which the last and `socks4a` leave it to the proxy to
/// resolve host names. If `REQUEST_METHOD` is set, as for CGI programs, there is no proxy.
#[derive(Clone)]
pub struct Proxy {
    proxy: Intercept,
    variable: &'static str,
}

impl Proxy {
    /// Returns the proxy for a URL; `None` without one.
    ///
    /// # Errors
    /// Returns an error that names the variable if it has a URL that can't be used, or one of SOCKS without the feature `socks`.
    pub fn from_env(url: &Url) -> Result<Option<Self>, Error> {
        Self::from_variables(url, |name| std::env::var(name).ok())
    }

    fn from_variables(
        url: &Url,
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Error> {
        let first = |names: [&'static str; 2]| {
            let mut set = names.into_iter();
            set.find_map(|name| get(name).map(|value| (name, value)))
        };
        let (_, exempt) = first(["NO_PROXY", "no_proxy"]).unwrap_or_default();
        let intercept = |proxy: &str| {
            let matcher = Matcher::builder().all(proxy).no(&*exempt).build();
            matcher.intercept(&url.as_str().parse().ok()?)
        };
        if get("REQUEST_METHOD").is_some() || intercept("http://proxy").is_none() {
            return Ok(None);
        }
        let own = match url.scheme() {
            "https" => ["HTTPS_PROXY", "https_proxy"],
            _ => ["HTTP_PROXY", "http_proxy"],
        };
        let set = [first(own), first(["ALL_PROXY", "all_proxy"])];
        let mut set = set.into_iter().flatten();
        let Some((variable, value)) = set.find(|(_, value)| !value.is_empty()) else {
            return Ok(None);
        };
        // The value may hold a password.
        let refuse = |why| Err(Error::new(ErrorKind::Config, format!("{variable} {why}")));
        match intercept(&value) {
            None => refuse(
                "isn't the URL of a proxy: set it to something like http://proxy:3128 or socks5h://proxy:1080, or unset it",
            ),
            Some(proxy) if is_socks(&proxy) && !cfg!(feature = "socks") => {
                refuse("is a SOCKS proxy, which needs the feature `socks` of this crate")
            }
            Some(proxy) => Ok(Some(Self { proxy, variable })),
        }
    }

    /// Returns whether the connection to the proxy itself is encrypted.
    pub fn is_https(&self) -> bool {
        self.proxy.uri().scheme_str() == Some("https")
    }

    /// Asks once more for a tunnel that the proxy has refused, because hyper-util doesn't tell status and reason.
    pub(super) async fn refusal(&self, url: &Url) -> Option<Refusal> {
        let proxy = self.proxy.uri();
        if proxy.scheme_str() != Some("http") {
            return None;
        }
        let host = proxy.host()?.trim_matches(['[', ']']);
        let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
        let mut connect = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if let Some(credentials) = self
            .proxy
            .basic_auth()
            .and_then(|value| value.to_str().ok())
        {
            connect += &format!("Proxy-Authorization: {credentials}\r\n");
        }
        let mut stream = TcpStream::connect((host, proxy.port_u16().unwrap_or(80)))
            .await
            .ok()?;
        stream
            .write_all(format!("{connect}\r\n").as_bytes())
            .await
            .ok()?;
        let mut line = String::new();
        BufReader::new(stream.take(1024))
            .read_line(&mut line)
            .await
            .ok()?;
        let (_, status) = line.trim_end().split_once(' ')?;
        let number = status.get(..3)?.parse().ok()?;
        (number >= 300).then(|| Refusal {
            status: status.to_owned(),
            number,
        })
    }
}

/// How a proxy refused a tunnel.
pub(super) struct Refusal {
    /// `403 Filtered`
    pub(super) status: String,
    number: u16,
}

impl Refusal {
    /// Whether the proxy refuses again, rather than being unable to connect now.
    pub(super) fn is_permanent(&self) -> bool {
        matches!(self.number, 300..=499) && !matches!(self.number, 408 | 429)
    }
}

fn is_socks(proxy: &Intercept) -> bool {
    proxy
        .uri()
        .scheme_str()
        .is_some_and(|scheme| scheme.starts_with("socks"))
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.proxy.uri().to_string();
        write!(f, "{} ({})", url.trim_end_matches('/'), self.variable)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let get = |name: &str| {
            let mut set = variables.iter();
            let (_, value) = set.find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        };
        match Proxy::from_variables(&url.parse().unwrap(), get) {
            Ok(proxy) => Ok(proxy.map(|proxy| proxy.to_string())),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn the_variables_have_the_precedence_that_reqwest_gives_them() {
        let https = "https://api.test";
        let a = "http://a:1";
        for (url, variables, expected) in [
            (https, &[][..], None),
            (
                https,
                &[("HTTPS_PROXY", a), ("https_proxy", "b")],
                Some("http://a:1 (HTTPS_PROXY)"),
            ),
            (
                https,
                &[("https_proxy", a), ("ALL_PROXY", "b")],
                Some("http://a:1 (https_proxy)"),
            ),
            (https, &[("HTTPS_PROXY", ""), ("https_proxy", a)], None),
            (
                https,
                &[("HTTPS_PROXY", ""), ("all_proxy", a)],
                Some("http://a:1 (all_proxy)"),
            ),
            (https, &[("HTTP_PROXY", a)], None),
            (
                "http://api.test",
                &[("HTTP_PROXY", a)],
                Some("http://a:1 (HTTP_PROXY)"),
            ),
            (https, &[("HTTPS_PROXY", a), ("REQUEST_METHOD", "")], None),
            (
                https,
                &[("HTTPS_PROXY", a), ("NO_PROXY", "x.test, .test")],
                None,
            ),
            (https, &[("HTTPS_PROXY", a), ("no_proxy", "*")], None),
            (
                https,
                &[("HTTPS_PROXY", a), ("NO_PROXY", "api.test:443")],
                Some("http://a:1 (HTTPS_PROXY)"),
            ),
            (
                "https://10.1.2.3",
                &[("HTTPS_PROXY", a), ("NO_PROXY", "*")],
                Some("http://a:1 (HTTPS_PROXY)"),
            ),
            (
                "https://10.1.2.3",
                &[("HTTPS_PROXY", a), ("NO_PROXY", "10.0.0.0/8")],
                None,
            ),
            (
                https,
                &[("HTTPS_PROXY", "http://planted:planted@a:1/x")],
                Some("http://a:1 (HTTPS_PROXY)"),
            ),
            (
                https,
                &[("HTTPS_PROXY", "a:1")],
                Some("http://a:1 (HTTPS_PROXY)"),
            ),
            #[cfg(feature = "socks")]
            (
                https,
                &[("ALL_PROXY", "socks5h://a:1")],
                Some("socks5h://a:1 (ALL_PROXY)"),
            ),
        ] {
            assert_eq!(
                proxy(url, variables),
                Ok(expected.map(str::to_owned)),
                "{variables:?}"
            );
        }
    }

    #[test]
    fn a_refusal_stays_unless_the_proxy_is_slow_busy_or_broken() {
        let is_permanent = |number| {
            let status = String::new();
            Refusal { status, number }.is_permanent()
        };
        assert!(
            [302, 400, 403, 404, 407]
                .map(is_permanent)
                .iter()
                .all(|it| *it)
        );
        assert!(
            ![408, 429, 500, 502, 503, 504]
                .map(is_permanent)
                .contains(&true)
        );
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_refused_and_not_quoted() {
        for value in [
            "ftp://planted@a",
            "socks://planted@a",
            "http://",
            "planted planted",
        ] {
            let error = proxy("https://api.test", &[("ALL_PROXY", value)]).unwrap_err();
            assert!(
                error.starts_with("ALL_PROXY isn't the URL of a proxy"),
                "{error}"
            );
            assert!(!error.contains("planted"), "{error}");
        }
        #[cfg(not(feature = "socks"))]
        {
            let error = proxy("https://api.test", &[("ALL_PROXY", "socks5h://a")]).unwrap_err();
            assert!(error.contains("the feature `socks`"), "{error}");
        }
    }
}

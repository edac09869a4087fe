use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, ErrorKind, Reason};

/// The base URL of the public API.
pub(crate) const PUBLIC: &str = "https://api.coreweave.com";

/// Parses a base URL. A path in it goes before the path of every operation.
///
/// Errors call it `source`. They don't quote it, as it may hold a password.
pub(crate) fn parse(text: &str, source: &str, allow_plain_http: bool) -> Result<Url, Error> {
    let refuse = |why: &str| Err(Error::new(ErrorKind::Config, format!("{source} {why}")));
    let url = match Url::parse(text.trim()) {
        Ok(url) => url,
        Err(error) => {
            return refuse(&format!(
                "isn't an absolute URL ({error}): set it to something like {PUBLIC}"
            ));
        }
    };
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return refuse(&format!(
            "isn't an http or https URL with a host: set it to something like {PUBLIC}"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("has a user name or a password: remove them, the API accepts tokens only");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("has a query or a fragment: remove everything from the first `?` or `#` on");
    }
    if url.scheme() == "http" && !allow_plain_http && !is_loopback(&url) {
        return refuse("is plain http, which exposes the token")
            .map_err(|error| error.with_reason(Reason::PLAIN_HTTP));
    }
    Ok(url)
}

/// Whether it is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    address.map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |address| address.is_loopback(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::raw::{BoxFuture, Operation, Request, Response, Transport};

    fn parse(text: &str) -> Result<Url, Error> {
        super::parse(text, "CW_BASE_URL", false)
    }

    #[derive(Debug)]
    struct Unused;

    impl Transport for Unused {
        fn execute(
            &self,
            _: Request,
            _: &'static Operation,
        ) -> BoxFuture<'_, Result<Response, Error>> {
            unreachable!()
        }
    }

    #[test]
    fn a_valid_url_keeps_its_path_and_loses_the_last_slash() {
        for (text, expected) in [
            (PUBLIC, PUBLIC),
            ("https://api.coreweave.com/", PUBLIC),
            (
                " https://proxy.test:8443/coreweave/ \n",
                "https://proxy.test:8443/coreweave",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://localhost:1", "http://localhost:1"),
            ("http://fake.localhost", "http://fake.localhost"),
        ] {
            let client = Client::builder().token("t").base_url(text);
            let client = client.transport(Unused).build().unwrap();
            assert_eq!(client.base_url(), expected);
        }
    }

    #[test]
    fn an_invalid_url_is_named_but_not_quoted() {
        for (text, why) in [
            ("", "absolute URL"),
            ("planted.test", "absolute URL"),
            ("/planted", "absolute URL"),
            ("planted.test:8080", "http or https"),
            ("ftp://planted.test", "http or https"),
            ("https://", "absolute URL"),
            ("https://planted:planted@api.test", "user name"),
            ("https://planted@api.test", "user name"),
            ("https://api.test?planted=1", "query"),
            ("https://api.test/#planted", "fragment"),
            ("http://planted.test", "plain http"),
            ("http://10.0.0.1", "plain http"),
            ("http://localhost.planted.test", "plain http"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            let said = error.to_string();
            assert!(
                said.starts_with("CW_BASE_URL ") && said.contains(why),
                "{text}: {said}"
            );
            assert!(!format!("{said}{error:?}").contains("planted"), "{said}");
        }
        assert!(super::parse("http://10.0.0.1", "base_url", true).is_ok());
    }
}

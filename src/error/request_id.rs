//! The id of a request in the server's logs.

use reqwest::header::{HeaderMap, HeaderName};

/// Headers that carry it, by preference. `traceparent` and the proxies' own ids come last.
static HEADERS: [HeaderName; 7] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("x-cloud-trace-context"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("cf-ray"),
];

/// Longer values aren't ids.
const MAX_LENGTH: usize = 256;

/// The request id in the headers of a response.
pub(crate) fn from_headers(headers: &HeaderMap) -> Option<String> {
    HEADERS
        .iter()
        .filter_map(|name| headers.get(name)?.to_str().ok().map(str::trim))
        .find(|id| !id.is_empty() && id.len() <= MAX_LENGTH)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_header_wins_and_empty_ones_are_skipped() {
        let mut headers = HeaderMap::new();
        assert_eq!(from_headers(&headers), None);
        headers.insert("cf-ray", "ray".parse().unwrap());
        assert_eq!(from_headers(&headers).as_deref(), Some("ray"));
        headers.insert("x-correlation-id", "corr".parse().unwrap());
        headers.insert("x-request-id", "  ".parse().unwrap());
        assert_eq!(from_headers(&headers).as_deref(), Some("corr"));
        headers.insert("x-request-id", " abc ".parse().unwrap());
        assert_eq!(from_headers(&headers).as_deref(), Some("abc"));
        headers.insert("x-request-id", "x".repeat(300).parse().unwrap());
        assert_eq!(from_headers(&headers).as_deref(), Some("corr"));
    }
}

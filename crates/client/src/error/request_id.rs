//! The request's id in the server's logs, from the headers in use for it.

use reqwest::header::{HeaderMap, HeaderValue};

/// Headers that carry it, the most telling first. `traceparent` and the proxies' own ids come last.
const HEADERS: [&str; 7] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-cloud-trace-context",
    "traceparent",
    "cf-ray",
];

/// Longer ones aren't ids.
const LONGEST: usize = 256;

/// The header that holds the request id.
pub(crate) fn header(headers: &HeaderMap) -> Option<&HeaderValue> {
    // One pass over the few headers of a reply costs less than hashing every name there is.
    headers
        .iter()
        .filter_map(|(name, value)| {
            let rank = HEADERS.iter().position(|known| *known == name.as_str())?;
            text(value)?;
            Some((rank, value))
        })
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, value)| value)
}

/// The request id in such a header.
pub(crate) fn text(header: &HeaderValue) -> Option<&str> {
    let id = header.to_str().ok()?.trim();
    (!id.is_empty() && id.len() <= LONGEST).then_some(id)
}

/// The request id that the headers name.
pub(crate) fn from_headers(headers: &HeaderMap) -> Option<String> {
    header(headers).and_then(text).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_telling_header_wins_and_empty_ones_are_passed_over() {
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

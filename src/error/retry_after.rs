//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

/// Parses a `Retry-After` value, which is in seconds or a date in any of HTTP's three forms. A date that has passed asks
/// for no delay.
pub(crate) fn parse(value: &[u8], now: SystemTime) -> Option<Duration> {
    let value = std::str::from_utf8(value).ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit into a number still ask for a very long delay.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 1994-11-06 08:49:37 UTC, the date of HTTP's own examples.
    const EXAMPLE: u64 = 784_111_777;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn seconds_and_all_date_forms_are_parsed() {
        let now = at(EXAMPLE - 30);
        for (value, expected) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("", None),
            ("soon", None),
            ("-5", None),
            ("1.5", None),
            ("+5", None),
        ] {
            assert_eq!(
                parse(value.as_bytes(), now),
                expected.map(Duration::from_secs),
                "{value:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), now in 0..u32::MAX) {
            let _ = parse(&bytes, at(now.into()));
        }

        #[test]
        fn every_number_of_seconds_is_parsed(seconds: u64) {
            prop_assert_eq!(parse(seconds.to_string().as_bytes(), at(0)), Some(Duration::from_secs(seconds)));
        }

        #[test]
        fn every_date_is_parsed(now in 0..4_000_000_000_u64, ahead in 0..100_000_000_u64) {
            let date = httpdate::fmt_http_date(at(now + ahead));
            prop_assert_eq!(parse(date.as_bytes(), at(now)), Some(Duration::from_secs(ahead)));
        }
    }
}

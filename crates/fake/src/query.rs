//! The query of a request URL.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::error::ApiError;
use crate::json::snake_case;

/// The decoded parameters, in order.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses what follows the `?`.
    pub(crate) fn parse(raw: &str) -> Query {
        let parameters = form_urlencoded::parse(raw.as_bytes());
        Query(parameters.into_owned().collect())
    }

    /// The values of a parameter that may be repeated, by its name in JSON or in protobuf.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let snake = snake_case(name);
        let named = self
            .0
            .iter()
            .filter(|(key, _)| key == name || *key == snake);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a parameter that may not be repeated.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match *self.all(name) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(ApiError::invalid_field(name, "must not be repeated")),
        }
    }

    /// An RFC 3339 timestamp.
    pub(crate) fn timestamp(&self, name: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
        let parse = |text: &str| {
            parse_timestamp(text).ok_or_else(|| invalid(name, text, "an RFC 3339 date-time"))
        };
        self.one(name)?.map(parse).transpose()
    }

    /// A signed 32-bit integer.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i32>, ApiError> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_| invalid(name, text, "a 32-bit integer"))
        };
        self.one(name)?.map(parse).transpose()
    }
}

/// A timestamp as protobuf's JSON format has it, which is stricter than RFC 3339: upper-case `T` and
/// `Z`, no leap second, at most nine fractional digits, and the years 1 to 9999.
fn parse_timestamp(text: &str) -> Option<DateTime<Utc>> {
    let is_allowed = |byte: u8| byte.is_ascii_digit() || b"-+:.TZ".contains(&byte);
    let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    let time = time.with_timezone(&Utc);
    let is_leap = time.nanosecond() >= 1_000_000_000;
    let is_valid = text.bytes().all(is_allowed) && digits <= 9 && !is_leap;
    (is_valid && (1..=9999).contains(&time.year())).then_some(time)
}

fn invalid(name: &str, text: &str, expected: &str) -> ApiError {
    ApiError::invalid_field(name, format!("{text:?} is not {expected}"))
}

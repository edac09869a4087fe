//! The query of a request URL.

use chrono::{DateTime, Utc};

use crate::error::ApiError;

/// The decoded parameters, in order.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses what follows the `?`.
    pub(crate) fn parse(raw: &str) -> Query {
        let parameters = form_urlencoded::parse(raw.as_bytes());
        Query(parameters.into_owned().collect())
    }

    /// The values of a parameter that may be repeated.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.0.iter().filter(|(key, _)| key == name);
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
            DateTime::parse_from_rfc3339(text)
                .map(|timestamp| timestamp.with_timezone(&Utc))
                .map_err(|_| invalid(name, text, "an RFC 3339 date-time"))
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

fn invalid(name: &str, text: &str, expected: &str) -> ApiError {
    ApiError::invalid_field(name, format!("{text:?} is not {expected}"))
}

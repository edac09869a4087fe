//! The query of a request line.

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;

use crate::failure::Failure;

/// The decoded parameters, in their order.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what follows the `?`.
    pub(crate) fn parse(raw: &str) -> Query {
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Query(pairs.collect())
    }

    /// The names of the parameters that are given.
    #[cfg(feature = "conformance")]
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Every value of a parameter that may be repeated.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The value of a parameter that may be given once.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.all(name).as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(Failure::invalid_field(name, "may be given only once")),
        }
    }

    /// A moment in RFC 3339.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<DateTime<Utc>>, Failure> {
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Some(moment.with_timezone(&Utc)))
            .map_err(|_| {
                Failure::invalid_field(name, format!("{text:?} is not an RFC 3339 date-time"))
            })
    }

    /// A signed 32-bit number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i32>, Failure> {
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| Failure::invalid_field(name, format!("{text:?} is not a 32-bit integer")))
    }
}

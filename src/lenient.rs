//! Deserialization of unset members, which protobuf JSON may send as `null` or `""`.

use chrono::{DateTime, Utc};
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};

/// Deserializes `null` as the default. Encoders may send it for any unset member, including lists and maps.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Deserializes `null` and the empty string as an unset timestamp.
pub(crate) fn timestamp<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
where
    D: Deserializer<'de>,
{
    struct Visitor;

    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Option<DateTime<Utc>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an RFC 3339 timestamp")
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_str(self)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() {
                return Ok(None);
            }
            match text.parse() {
                Ok(time) => Ok(Some(time)),
                Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
            }
        }
    }

    deserializer.deserialize_option(Visitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Message {
        #[serde(default, deserialize_with = "timestamp")]
        at: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "null_as_default")]
        zones: Vec<String>,
    }

    #[test]
    fn unset_members_are_the_default() {
        for json in [
            "{}",
            r#"{"at": null, "zones": null}"#,
            r#"{"at": "", "zones": []}"#,
        ] {
            let message: Message = serde_json::from_str(json).unwrap();
            assert_eq!((message.at, message.zones.len()), (None, 0), "{json}");
        }
    }

    #[test]
    fn nine_fractional_digits_are_kept_and_other_text_is_an_error() {
        let message: Message =
            serde_json::from_str(r#"{"at": "2026-02-03T04:05:06.123456789Z"}"#).unwrap();
        assert_eq!(message.at.unwrap().timestamp_subsec_nanos(), 123_456_789);
        let error = serde_json::from_str::<Message>(r#"{"at": "soon"}"#).unwrap_err();
        assert!(
            error.to_string().contains("an RFC 3339 timestamp"),
            "{error}"
        );
    }
}

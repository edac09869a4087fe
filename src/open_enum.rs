use std::borrow::Cow;
use std::fmt;

use crate::proto_json::{Failure, Input, Output};

/// An enum value that this version of the crate does not know.
///
/// The API adds enum values without notice, and may send a value's protobuf number in place of its name. An unknown name or
/// number is kept as it was received, and serializes as such.
///
/// ```
/// use coreweave_inference_api::types::ResourceStatus;
///
/// let status: ResourceStatus = serde_json::from_str(r#""STATUS_HIBERNATING""#)?;
/// assert!(matches!(&status, ResourceStatus::Unrecognized(value) if value.as_str() == "STATUS_HIBERNATING"));
/// assert_eq!(serde_json::to_string(&status)?, r#""STATUS_HIBERNATING""#);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unrecognized {
    text: Box<str>,
    number: Option<i64>,
}

impl Unrecognized {
    /// Returns the name, or the digits of a number.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the protobuf number, if the API sent one.
    pub fn number(&self) -> Option<i64> {
        self.number
    }
}

impl fmt::Display for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// The JSON form of an enum value: its name or its number.
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

impl Value<'_> {
    pub(crate) fn unrecognized(self) -> Unrecognized {
        match self {
            Self::Text(text) => Unrecognized {
                text: text.into(),
                number: None,
            },
            Self::Number(number) => Unrecognized {
                text: number.to_string().into(),
                number: Some(number),
            },
        }
    }
}

impl Unrecognized {
    pub(crate) fn output(&self) -> Output<'_> {
        match self.number {
            Some(number) => Output::Signed(number),
            None => Output::Text(self.as_str().into()),
        }
    }
}

/// Returns the name or the number that a JSON value is.
pub(crate) fn value(input: Input<'_>) -> Result<Value<'_>, Failure> {
    const EXPECTED: &str = "the name or number of an enum value";
    match input {
        Input::Text(text) => Ok(Value::Text(text.into())),
        number => {
            let number = number.integer(EXPECTED)?;
            let number = number.and_then(|number| number.try_into().ok());
            number.map(Value::Number).ok_or(Failure::Value(EXPECTED))
        }
    }
}

/// Defines an open enum: its known values, each with its aliases and its protobuf number if known, the zero value, and
/// [`Unrecognized`] for all others.
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        $name:ident, unspecified $unspecified:literal, {
            $($variant:ident: $value:literal $(| $alias:literal)* $(= $number:literal)?,)*
        }
    ) => {
        $(#[$attribute])*
        ///
        /// Unknown values decode as `Unrecognized` and serialize as they were received.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            #[doc = concat!("Not set: `", $unspecified, "` or the number 0.")]
            #[default]
            Unspecified,
            $(#[doc = concat!("`", $value, "`")] $variant,)*
            /// An unknown value.
            Unrecognized($crate::Unrecognized),
        }

        impl $name {
            /// All known values, except `Unspecified`.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name that the API uses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    Self::Unspecified => $unspecified,
                    $(Self::$variant => $value,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }

            fn convert(value: $crate::open_enum::Value<'_>) -> Self {
                use $crate::open_enum::Value;
                match &value {
                    Value::Number(0) => Self::Unspecified,
                    $($(Value::Number($number) => Self::$variant,)?)*
                    Value::Text(text) => match text.as_ref() {
                        $unspecified => Self::Unspecified,
                        $($value $(| $alias)* => Self::$variant,)*
                        _ => Self::Unrecognized(value.unrecognized()),
                    },
                    Value::Number(_) => Self::Unrecognized(value.unrecognized()),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::runtime::Parameter for $name {
            fn visit(&self, add: &mut dyn FnMut(&str)) {
                add(self.as_str());
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::convert($crate::open_enum::Value::Text(text.into()))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::convert($crate::open_enum::Value::Text(text.into()))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl $crate::proto_json::Decode for $name {
            fn decode(
                &mut self,
                input: $crate::proto_json::Input<'_>,
            ) -> ::std::result::Result<bool, $crate::proto_json::Failure> {
                *self = Self::convert($crate::open_enum::value(input)?);
                Ok(true)
            }
        }

        impl $crate::proto_json::Encode for $name {
            fn encode(&self) -> $crate::proto_json::Output<'_> {
                match self {
                    Self::Unrecognized(value) => value.output(),
                    known => $crate::proto_json::Output::Text(known.as_str().into()),
                }
            }
        }

        $crate::proto_json::serde_traits! { $name }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use crate::types::{ConditionStatus, ResourceStatus};

    fn decode(json: &str) -> ResourceStatus {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn known_values_have_a_variant_and_the_name_that_the_api_uses() {
        assert_eq!(decode(r#""STATUS_READY""#), ResourceStatus::Ready);
        assert_eq!(ResourceStatus::Ready.to_string(), "STATUS_READY");
        assert_eq!("STATUS_READY".parse(), Ok(ResourceStatus::Ready));
        assert_eq!(ConditionStatus::from("Unknown"), ConditionStatus::Unknown);
        for known in ResourceStatus::KNOWN {
            assert_eq!(&ResourceStatus::from(known.as_str()), known);
        }
    }

    #[test]
    fn the_number_of_a_value_is_that_value() {
        for (number, expected) in [
            ("1", ResourceStatus::Creating),
            ("5", ResourceStatus::Failed),
            ("6", ResourceStatus::Ready),
        ] {
            assert_eq!(decode(number), expected, "{number}");
        }
        assert_eq!(
            serde_json::to_string(&decode("6")).unwrap(),
            r#""STATUS_READY""#
        );
    }

    /// Each value as its name, its number, its number as a float, and its aliases.
    fn check_table<T>(name: &str)
    where
        T: serde_core::de::DeserializeOwned + PartialEq + std::fmt::Debug + std::fmt::Display,
    {
        let table: serde_json::Value =
            serde_json::from_str(include_str!("../openapi.enums.json")).unwrap();
        let facts = &table["enums"][name];
        let decode = |json: String| serde_json::from_str::<T>(&json).unwrap();
        let values = facts["values"].as_object().unwrap();
        for (value, number) in values {
            let expected = decode(format!("{value:?}"));
            assert_eq!(expected.to_string(), *value);
            assert_eq!(decode(number.to_string()), expected, "{name} {number}");
            assert_eq!(decode(format!("{number}.0")), expected, "{name} {number}.0");
        }
        for (alias, value) in facts["aliases"].as_object().into_iter().flatten() {
            assert_eq!(decode(format!("{alias:?}")), decode(value.to_string()));
        }
    }

    #[test]
    fn each_number_and_alias_in_the_table_is_its_value() {
        use crate::types;
        check_table::<types::ApiType>("ApiType");
        check_table::<types::CapacityClass>("CapacityClass");
        check_table::<types::CapacityType>("CapacityType");
        check_table::<types::ChecksumFormat>("ChecksumFormat");
        check_table::<types::CompressionFormat>("CompressionFormat");
        check_table::<types::ConditionStatus>("ConditionStatus");
        check_table::<types::EdgeProxyMode>("EdgeProxyMode");
        check_table::<types::HotLoadReplicaState>("HotLoadReplicaState");
        check_table::<types::HotLoadState>("HotLoadState");
        check_table::<types::PromptCachePolicy>("PromptCachePolicy");
        check_table::<types::ResourceStatus>("ResourceStatus");
        check_table::<types::SnapshotType>("SnapshotType");
        check_table::<types::TransitionMode>("TransitionMode");
    }

    #[test]
    fn all_spellings_of_a_condition_status_are_equal() {
        for (spellings, expected) in [
            (
                [r#""True""#, r#""STATUS_TRUE""#, "1"],
                ConditionStatus::True,
            ),
            (
                [r#""False""#, r#""STATUS_FALSE""#, "2"],
                ConditionStatus::False,
            ),
            (
                [r#""Unknown""#, r#""STATUS_UNKNOWN""#, "3"],
                ConditionStatus::Unknown,
            ),
        ] {
            for spelling in spellings {
                let status: ConditionStatus = serde_json::from_str(spelling).unwrap();
                assert_eq!(status, expected, "{spelling}");
            }
        }
    }

    #[test]
    fn the_zero_name_and_number_are_unspecified() {
        for json in [r#""STATUS_UNSPECIFIED""#, "0"] {
            assert_eq!(decode(json), ResourceStatus::Unspecified, "{json}");
        }
        assert_eq!(ResourceStatus::default(), ResourceStatus::Unspecified);
    }

    #[test]
    fn unknown_values_serialize_as_they_were_received() {
        for json in [r#""STATUS_NEW""#, r#""""#, r#""status_ready""#, "7", "-1"] {
            let status = decode(json);
            assert!(matches!(status, ResourceStatus::Unrecognized(_)), "{json}");
            assert_eq!(serde_json::to_string(&status).unwrap(), json);
        }
    }

    #[test]
    fn escaped_strings_decode() {
        assert_eq!(decode(r#""STATUS\u005fREADY""#), ResourceStatus::Ready);
    }

    #[test]
    fn other_json_is_an_error() {
        for json in ["true", "1.5", "[]", "{}", "18446744073709551615"] {
            assert!(
                serde_json::from_str::<ResourceStatus>(json).is_err(),
                "{json}"
            );
        }
    }
}

//! The JSON form of messages: protobuf JSON, read leniently.
//!
//! serde's derived code is generic over the format, so that each message is compiled for each parser and each writer of a
//! program, and with a flattened map of unknown members several times over. Here a message lists its members once, with
//! [`message!`], and values are read and written as trait objects: only `bridge.rs` is generic, and no message is part of it.

mod bridge;
mod decode;
mod encode;

pub(crate) use self::bridge::{deserialize, from_slice, to_vec};
pub(crate) use self::decode::{Decode, Failure, Input, Object};
pub(crate) use self::encode::{Encode, Output};

/// Implements reading and writing for a message, from its fields with their names in JSON and the field of unknown members.
///
/// An unset member is not written: `None`, and an empty list or map unless it is marked with `always`.
macro_rules! message {
    ($name:ident { $($field:ident => $member:literal $($always:ident)?,)* } $unknown:ident) => {
        impl $crate::proto_json::Decode for $name {
            fn decode(
                &mut self,
                value: $crate::proto_json::Input<'_>,
            ) -> ::std::result::Result<bool, $crate::proto_json::Failure> {
                let object = value.object(concat!("struct ", stringify!($name)))?;
                while let Some(name) = object.next() {
                    match name {
                        $($member => object.read(&mut self.$field),)*
                        _ => object.read_unknown(&mut self.$unknown),
                    }
                }
                Ok(true)
            }
        }

        impl $crate::proto_json::Encode for $name {
            fn encode(&self) -> $crate::proto_json::Output<'_> {
                $crate::proto_json::Output::Object(self, None)
            }

            fn each(&self, visit: &mut dyn FnMut(&str, $crate::proto_json::Output<'_>, bool)) {
                $(visit($member, $crate::proto_json::Encode::encode(&self.$field), $crate::proto_json::message!(@ $($always)?));)*
                $crate::proto_json::Encode::each(&self.$unknown, visit);
            }
        }

        $crate::proto_json::serde_traits! { $name }
    };
    (@) => { false };
    (@ always) => { true };
}

/// Implements serde's traits for a type that can be read and written.
macro_rules! serde_traits {
    ($name:ident) => {
        impl ::serde_core::Serialize for $name {
            fn serialize<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                (self as &dyn $crate::proto_json::Encode).serialize(serializer)
            }
        }

        impl<'de> ::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::proto_json::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use {message, serde_traits};

#[cfg(test)]
mod tests;

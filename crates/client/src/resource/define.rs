//! Defines the types of resources, so that each has the common accessors itself.

use std::fmt;

use super::{Id, InvalidId, Resource};
use crate::error::{Error, ErrorKind};
use crate::raw::Metadata;

/// Returns the id of a resource, which the service always sends.
pub(crate) fn id_of<R: Resource>(metadata: &Metadata<'_>) -> Result<Id<R>, Error> {
    let id = metadata.id.unwrap_or_default().parse();
    id.map_err(|invalid| without_id(R::NOUN, metadata.name, &invalid))
}

fn without_id(noun: &str, name: Option<&str>, invalid: &InvalidId) -> Error {
    let named = name.map_or_else(String::new, |name| format!(" `{name}`"));
    let message = match invalid.id() {
        "" => format!("the {noun}{named} has no `spec.id`"),
        _ => format!("the `spec.id` of the {noun}{named} is invalid: {invalid}"),
    };
    Error::new(ErrorKind::Protocol, message)
}

/// Returns keys in order.
pub(crate) fn sorted<'k>(keys: impl Iterator<Item = &'k String>) -> Vec<&'k str> {
    let mut sorted: Vec<&str> = Vec::new();
    for key in keys {
        let index = sorted.partition_point(|known| *known < key.as_str());
        sorted.insert(index, key);
    }
    sorted
}

/// Writes `name (id, STATUS)`.
pub(crate) fn write_summary(f: &mut fmt::Formatter<'_>, metadata: &Metadata<'_>) -> fmt::Result {
    if let Some(name) = metadata.name {
        write!(f, "{name} ")?;
    }
    write!(
        f,
        "({}, {})",
        metadata.id.unwrap_or_default(),
        metadata.state
    )
}

/// Defines a resource and the accessors that all have in common.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident($raw:ident), $new:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            id: $crate::resource::Id<$name>,
            raw: types::$raw,
        }

        /// What all resources have in common.
        impl $name {
            /// Returns the generated type.
            pub fn raw(&self) -> &types::$raw {
                &self.raw
            }

            /// Unwraps the generated type.
            pub fn into_raw(self) -> types::$raw {
                self.raw
            }

            /// Returns the id.
            pub fn id(&self) -> &$crate::resource::Id<Self> {
                &self.id
            }

            /// Returns when the resource was created.
            pub fn created_at(&self) -> Option<chrono::DateTime<chrono::Utc>> {
                $crate::raw::Resource::metadata(&self.raw).created_at
            }

            /// Returns when the resource last changed.
            pub fn updated_at(&self) -> Option<chrono::DateTime<chrono::Utc>> {
                $crate::raw::Resource::metadata(&self.raw).updated_at
            }

            /// Returns the conditions, which explain the status.
            pub fn conditions(&self) -> impl Iterator<Item = $crate::resource::Condition<'_>> {
                let conditions = $crate::raw::Resource::metadata(&self.raw).conditions;
                conditions.iter().map($crate::resource::Condition::new)
            }

            /// Returns the first condition of this type, compared without regard to case.
            pub fn condition(&self, type_: &str) -> Option<$crate::resource::Condition<'_>> {
                self.conditions().find(|condition| condition.is_of_type(type_))
            }

            /// Returns whether a condition of this type is true, in every zone that reports it.
            pub fn has_condition(&self, type_: &str) -> bool {
                let conditions = $crate::raw::Resource::metadata(&self.raw).conditions;
                $crate::resource::Condition::all_true(conditions, type_)
            }
        }

        impl $crate::resource::Resource for $name {
            const NOUN: &'static str = $noun;
            type Raw = types::$raw;
            type New = $new;

            fn raw(&self) -> &types::$raw {
                &self.raw
            }

            fn id(&self) -> &$crate::resource::Id<Self> {
                &self.id
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::resource::write_summary(f, &$crate::raw::Resource::metadata(&self.raw))
            }
        }

        impl TryFrom<types::$raw> for $name {
            type Error = $crate::error::Error;

            /// Returns an error if the resource has no valid id.
            fn try_from(raw: types::$raw) -> Result<Self, Self::Error> {
                let id = $crate::resource::id_of(&$crate::raw::Resource::metadata(&raw))?;
                Ok(Self { id, raw })
            }
        }

        $crate::resource::serde_traits! { $name: types::$raw }

        impl From<&$name> for $crate::resource::Id<$name> {
            fn from(resource: &$name) -> Self {
                resource.id.clone()
            }
        }
    };
}

/// Adds the accessors of resources that can be updated.
macro_rules! managed {
    ($name:ident, $spec:ident) => {
        /// What gateways, deployments and capacity claims have in common.
        impl $name {
            /// Returns the name.
            pub fn name(&self) -> &str {
                $crate::resource::Managed::name(self)
            }

            /// Returns the status.
            pub fn status(&self) -> &types::ResourceStatus {
                $crate::resource::Managed::status(self)
            }

            /// Returns whether the status is READY.
            pub fn is_ready(&self) -> bool {
                *self.status() == types::ResourceStatus::Ready
            }

            /// Returns the spec in the form that [`Api::replace`]($crate::Api::replace) takes, with every member that was
            /// read.
            pub fn to_spec(&self) -> $spec {
                $crate::resource::Managed::to_spec(self)
            }
        }

        impl $crate::resource::Managed for $name {
            type Spec = $spec;
        }
    };
}

/// Defines the request for a new resource.
macro_rules! new_resource {
    ($(#[$doc:meta])* $name:ident($raw:ident), $id:ident: $resource:ident) => {
        $crate::resource::wrapper! { $(#[$doc])* $name($raw) }

        impl $name {
            /// Sets the id. By default each create makes up a random one.
            ///
            /// With an id of your own, such as one [derived from the name]($crate::Id::from_name), a create can be repeated
            /// even after a crash of the program: a resource that has this id and everything that was asked for counts as
            /// created.
            pub fn id(mut self, id: impl $crate::resource::IntoId<$resource>) -> Self {
                self.raw.$id = Some($crate::resource::id_text(id));
                self
            }
        }
    };
}

/// Defines a type around a generated one, with conversions from and to it.
macro_rules! wrapper {
    ($(#[$attribute:meta])* $name:ident($raw:ident)) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            raw: types::$raw,
        }

        impl $name {
            /// Returns the generated type.
            pub fn raw(&self) -> &types::$raw {
                &self.raw
            }

            /// Unwraps the generated type.
            pub fn into_raw(self) -> types::$raw {
                self.raw
            }
        }

        impl From<types::$raw> for $name {
            fn from(raw: types::$raw) -> Self {
                Self { raw }
            }
        }

        impl From<$name> for types::$raw {
            fn from(wrapper: $name) -> Self {
                wrapper.raw
            }
        }

        $crate::resource::serde_traits! { $name: types::$raw }
    };
}

/// Implements serde's traits for a type that stands for a generated type and has its JSON form.
macro_rules! serde_traits {
    ($name:ident: $raw:ty) => {
        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                self.raw.serialize(serializer)
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let raw = <$raw>::deserialize(deserializer)?;
                Self::try_from(raw).map_err(serde_core::de::Error::custom)
            }
        }
    };
}

pub(crate) use {managed, new_resource, resource, serde_traits, wrapper};

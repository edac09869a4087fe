//! Wrappers of generated types that add accessors and nothing else.

/// Defines a wrapper of a generated type, with conversions in both directions.
macro_rules! wrapper {
    ($(#[$doc:meta])* $name:ident($raw:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name($raw);

        impl $name {
            /// The generated type.
            pub fn raw(&self) -> &$raw {
                &self.0
            }

            /// Unwraps the generated type.
            pub fn into_raw(self) -> $raw {
                self.0
            }
        }

        impl From<$raw> for $name {
            fn from(raw: $raw) -> Self {
                Self(raw)
            }
        }
    };
}

pub(crate) use wrapper;

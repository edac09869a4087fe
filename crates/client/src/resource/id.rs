//! Resource ids, one type per kind.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::kind::Kind;
use crate::error::{Error, FieldViolation};
use crate::raw::Operation;

/// The id of a resource of kind `K`: a UUID in text form.
///
/// Ids of different kinds are different types, so that a deployment id cannot be passed where a gateway id is expected.
/// They convert from strings and UUIDs, dereference to `str` for
/// the [raw client](crate::Client::raw), and compare without regard to case. Constructing an id never fails; every call
/// [checks](Id::check) its ids before it sends anything, since an id such as `..` or `a/b` would address another route.
///
/// ```
/// use coreweave_inference::{DeploymentId, GatewayId};
///
/// let id = GatewayId::from("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11");
/// assert_eq!(id, "5F0C3C1E-8A35-4C43-9E0F-3B1D2C0A7E11");
/// assert!(id.check().is_ok());
/// assert!(DeploymentId::from("../gateways").check().is_err());
/// ```
#[derive(Clone)]
pub struct Id<K> {
    text: Box<str>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Id<K> {
    /// A new random id (UUID version 4).
    pub fn random() -> Self {
        Self::from(uuid::Uuid::new_v4())
    }

    /// Checks that the id is safe to use as a path segment.
    ///
    /// # Errors
    /// For the empty id, `.`, `..`, `parameters` (a route of its own), and ids that contain `/`, `\`, `?`, `#`, `%`, `:`,
    /// white space or control characters.
    pub fn check(&self) -> Result<(), InvalidId> {
        let problem = match self.as_str() {
            "" => "it is empty".to_owned(),
            "." | ".." => "it would leave the request path".to_owned(),
            "parameters" => "it is a route of its own".to_owned(),
            // The fast path: UUIDs.
            text if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => return Ok(()),
            text => match text.chars().find(|c| changes_route(*c)) {
                Some(c) => format!("it contains {c:?}, which would change the request path"),
                None => return Ok(()),
            },
        };
        Err(InvalidId {
            kind: K::NOUN,
            id: self.text.clone(),
            problem,
        })
    }

    /// The id as a path segment of `operation`, or the error that the call fails with.
    pub(crate) fn for_path(&self, operation: &'static Operation) -> Result<&str, Error> {
        match self.check() {
            Ok(()) => Ok(self.as_str()),
            Err(invalid) => Err(Error::invalid(
                operation,
                vec![FieldViolation::new("id", invalid.to_string())],
            )),
        }
    }
}

impl<K> Id<K> {
    fn new(text: Box<str>) -> Self {
        Self {
            text,
            kind: PhantomData,
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id as an owned string.
    pub fn into_string(self) -> String {
        self.text.into_string()
    }

    fn folded(&self) -> impl Iterator<Item = u8> {
        self.text.bytes().map(|b| b.to_ascii_lowercase())
    }
}

/// `:` because of `{id}:cancel`, `%` because a server may decode what follows it.
fn changes_route(c: char) -> bool {
    matches!(c, '/' | '\\' | '?' | '#' | '%' | ':') || c.is_whitespace() || c.is_control()
}

/// An id that cannot be sent because it would change the route. Returned by [`Id::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidId {
    kind: &'static str,
    id: Box<str>,
    problem: String,
}

impl InvalidId {
    /// The invalid id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, id, problem } = self;
        write!(
            f,
            "{id:?} is not a valid {kind} id: {problem}; pass the UUID that the API returned"
        )
    }
}

impl std::error::Error for InvalidId {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|b| state.write_u8(b));
        state.write_u8(0xff);
    }
}

impl<K> PartialEq<str> for Id<K> {
    fn eq(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

impl<K> PartialEq<&str> for Id<K> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl<K> Deref for Id<K> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<K> AsRef<str> for Id<K> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// Conversions into an id, from types that convert to text.
macro_rules! from {
    ($($source:ty: $convert:expr),* $(,)?) => {$(
        impl<K> From<$source> for Id<K> {
            fn from(source: $source) -> Self {
                Self::new($convert(source))
            }
        }
    )*};
}

from! {
    &str: Box::<str>::from,
    String: Box::<str>::from,
    &String: |text: &String| text.as_str().into(),
    uuid::Uuid: |uuid: uuid::Uuid| uuid.to_string().into(),
    &Id<K>: |id: &Id<K>| id.text.clone(),
}

impl<K> From<Id<K>> for String {
    fn from(id: Id<K>) -> Self {
        id.into_string()
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::GatewayId;
    use proptest::prelude::*;

    #[test]
    fn ids_that_would_change_the_route_are_invalid() {
        for id in [
            "",
            ".",
            "..",
            "parameters",
            "a/b",
            "../x",
            "a?b",
            "a#b",
            "a%2fb",
            "a\\b",
            "x:cancel",
            "a b",
            "a\n",
            "\u{0}",
        ] {
            let invalid = GatewayId::from(id).check().unwrap_err();
            assert_eq!(invalid.id(), id);
            assert!(invalid.to_string().contains("gateway id"), "{invalid}");
        }
        for id in [
            "5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11",
            "g-1",
            "parameters2",
            "...",
        ] {
            assert_eq!(GatewayId::from(id).check(), Ok(()), "{id}");
        }
    }

    proptest! {
        /// A valid id stays a single path segment when it is put into a URL.
        #[test]
        fn a_valid_id_is_one_segment(text in any::<String>()) {
            if GatewayId::from(text.as_str()).check().is_ok() {
                let mut url = reqwest::Url::parse("http://host/gateways/").unwrap();
                url.path_segments_mut().unwrap().pop_if_empty().push(&text);
                prop_assert_eq!(url.path_segments().unwrap().count(), 2);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }

        #[test]
        fn an_id_serializes_as_a_string(text in any::<String>()) {
            let id = GatewayId::from(text.as_str());
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
            prop_assert_eq!(serde_json::from_str::<GatewayId>(&json).unwrap(), id);
        }
    }

    #[test]
    fn ids_compare_and_hash_without_regard_to_case() {
        let (lower, upper) = (GatewayId::from("5f0c-ab"), GatewayId::from("5F0C-AB"));
        assert_eq!(lower, upper);
        assert_eq!(lower.cmp(&upper), Ordering::Equal);
        assert_eq!(upper, "5f0c-ab");
        assert_ne!(lower, GatewayId::from("5f0c-ac"));
        let set = std::collections::HashSet::from([lower]);
        assert!(set.contains(&upper));
        assert_eq!(upper.to_string(), "5F0C-AB");
    }
}

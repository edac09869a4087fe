//! Ids, one type per kind of resource.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, FieldViolation};
use crate::raw::Operation;
use crate::resource::kind::{self, Kind};

/// The id of a gateway.
pub type GatewayId = Id<kind::Gateway>;
/// The id of a deployment.
pub type DeploymentId = Id<kind::Deployment>;
/// The id of a capacity claim.
pub type CapacityClaimId = Id<kind::CapacityClaim>;
/// The id of a hot-load.
pub type HotLoadId = Id<kind::HotLoad>;

/// The id of one resource of kind `K`: a UUID, as text.
///
/// Ids of different kinds are different types, so that a deployment's id can't be passed where a gateway's is
/// wanted. Text turns into whichever kind is asked for. Making an id never fails; whether it is fit to be sent is
/// [checked](Id::check) before a request leaves, since an id such as `..` or `a/b` would address another route.
///
/// ```
/// use coreweave_inference::{DeploymentId, GatewayId};
///
/// let id = GatewayId::from("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11");
/// assert_eq!(id.as_str(), "5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11");
/// assert!(id.check().is_ok());
/// assert!(DeploymentId::from("../gateways").check().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<K> {
    text: Box<str>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Id<K> {
    /// A fresh random id (UUID version 4), for a resource that is about to be created.
    ///
    /// ```
    /// use coreweave_inference::GatewayId;
    ///
    /// assert_ne!(GatewayId::random(), GatewayId::random());
    /// ```
    pub fn random() -> Self {
        Self::new(uuid::Uuid::new_v4().to_string())
    }

    /// Says whether a request may carry this id in its path, and if not, why.
    ///
    /// Refused are the empty id, `.`, `..`, `parameters` (a route of its own), and ids that hold `/`, `\`, `?`, `#`,
    /// `%`, `:`, white space or control characters. Every call does this by itself before it sends anything.
    ///
    /// ```
    /// use coreweave_inference::GatewayId;
    ///
    /// let refused = GatewayId::from("parameters").check().unwrap_err();
    /// assert!(refused.to_string().contains("route of its own"));
    /// ```
    pub fn check(&self) -> Result<(), InvalidId> {
        let problem = match self.as_str() {
            "" => Some(Problem::Empty),
            "." | ".." => Some(Problem::Dots),
            "parameters" => Some(Problem::Route),
            // What a UUID is made of, and so nearly every id: looked at by bytes, which is quicker.
            text if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => None,
            text => text
                .chars()
                .find(|c| changes_the_route(*c))
                .map(Problem::Character),
        };
        match problem {
            None => Ok(()),
            Some(problem) => Err(InvalidId {
                kind: K::NOUN,
                id: self.text.clone(),
                problem,
            }),
        }
    }
}

impl<K: Kind> Id<K> {
    /// The id as a path segment of a request to `operation`, or the error that the request ends with instead.
    pub(crate) fn for_path(&self, operation: &'static Operation) -> Result<&str, Error> {
        match self.check() {
            Ok(()) => Ok(self.as_str()),
            Err(refused) => Err(Error::invalid(
                operation,
                vec![FieldViolation::new("id", refused.to_string())],
            )
            .with_source(refused)),
        }
    }
}

impl<K> Id<K> {
    fn new(text: impl Into<Box<str>>) -> Self {
        Self {
            text: text.into(),
            kind: PhantomData,
        }
    }

    /// The id as text.
    ///
    /// ```
    /// # use coreweave_inference::HotLoadId;
    /// assert_eq!(HotLoadId::from("b2d9").as_str(), "b2d9");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id as owned text.
    ///
    /// ```
    /// # use coreweave_inference::HotLoadId;
    /// assert_eq!(HotLoadId::from("b2d9").into_string(), String::from("b2d9"));
    /// ```
    pub fn into_string(self) -> String {
        self.text.into_string()
    }
}

/// `:` is here for `{id}:cancel`, `%` because a server may decode what follows it.
fn changes_the_route(c: char) -> bool {
    matches!(c, '/' | '\\' | '?' | '#' | '%' | ':') || c.is_whitespace() || c.is_control()
}

/// An id that can't be sent, because the request would go to another route. See [`Id::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidId {
    kind: &'static str,
    id: Box<str>,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    Empty,
    Dots,
    Route,
    Character(char),
}

impl InvalidId {
    /// The id that was refused.
    ///
    /// ```
    /// # use coreweave_inference::GatewayId;
    /// assert_eq!(GatewayId::from("a/b").check().unwrap_err().id(), "a/b");
    /// ```
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} can't be the id of a {}: ", self.id, self.kind)?;
        match self.problem {
            Problem::Empty => f.write_str("it is empty")?,
            Problem::Dots => f.write_str("it would climb out of the request's path")?,
            Problem::Route => f.write_str("it is a route of its own")?,
            Problem::Character(c) => {
                write!(f, "it holds {c:?}, which would change the request's path")?
            }
        }
        f.write_str("; pass the id as the API gave it, a UUID")
    }
}

impl std::error::Error for InvalidId {}

impl<K> PartialEq<str> for Id<K> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl<K> PartialEq<&str> for Id<K> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

// A derived `Hash` hashes the text and nothing else, as `Borrow` needs.
impl<K> Borrow<str> for Id<K> {
    fn borrow(&self) -> &str {
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

impl<K> From<&str> for Id<K> {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<K> From<String> for Id<K> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl<K> From<&String> for Id<K> {
    fn from(text: &String) -> Self {
        Self::new(text.as_str())
    }
}

impl<K> From<uuid::Uuid> for Id<K> {
    fn from(uuid: uuid::Uuid) -> Self {
        Self::new(uuid.to_string())
    }
}

impl<K: Clone> From<&Id<K>> for Id<K> {
    fn from(id: &Id<K>) -> Self {
        id.clone()
    }
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
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_that_would_change_the_route_are_refused() {
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
            let refused = GatewayId::from(id).check().unwrap_err();
            assert_eq!(refused.id(), id);
            assert!(refused.to_string().contains("id of a gateway"), "{refused}");
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
        /// Whatever passes the check stays one path segment, and the same one, when a URL is made of it.
        #[test]
        fn an_id_that_passes_is_one_segment(text in any::<String>()) {
            if GatewayId::from(text.as_str()).check().is_ok() {
                let mut url = reqwest::Url::parse("http://host/gateways/").unwrap();
                url.path_segments_mut().unwrap().pop_if_empty().push(&text);
                prop_assert_eq!(url.path_segments().unwrap().count(), 2);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }

        #[test]
        fn serde_is_the_bare_text(text in any::<String>()) {
            let id = GatewayId::from(text.as_str());
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
            prop_assert_eq!(serde_json::from_str::<GatewayId>(&json).unwrap(), id);
        }
    }
}

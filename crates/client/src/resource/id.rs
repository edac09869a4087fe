//! Resource ids, one type per kind.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::Resource;
use crate::error::{Error, FieldViolation};
use crate::raw::Operation;

/// The namespace of ids that are derived from names: a random UUID that belongs to this crate.
const NAMESPACE: Uuid = Uuid::from_u128(0x0c4a_5b5e_93d7_4f0e_9a1f_6e0d_52b7_c8a4);

/// The id of a resource of type `R`: a UUID in text form.
///
/// Ids of different resources are different types, so that a deployment id cannot be passed where a gateway id is expected.
/// They compare without regard to case. Every id is safe to be sent: text that would address another route, such as `..` or
/// `a/b`, is not an id. Methods that take an id take text as well ([`IntoId`]), and then the call fails with the reason.
///
/// ```
/// use coreweave_inference::{DeploymentId, GatewayId};
///
/// let id: GatewayId = "5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11".parse()?;
/// assert_eq!(id, "5F0C3C1E-8A35-4C43-9E0F-3B1D2C0A7E11");
/// assert!(DeploymentId::try_from("../gateways").is_err());
/// # Ok::<_, coreweave_inference::InvalidId>(())
/// ```
#[derive(Clone)]
pub struct Id<R> {
    text: Box<str>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Id<R> {
    /// Makes up a random id (UUID version 4).
    pub fn random() -> Self {
        Self::from(Uuid::new_v4())
    }

    /// Derives the id from a name (UUID version 5): the same name always gives the same id, and resources of different types
    /// get different ones.
    ///
    /// A create with such an id can be repeated at any time, even after a crash or by another machine, and makes one
    /// resource at most. The id of a resource that was deleted may still be taken for a while.
    ///
    /// ```
    /// use coreweave_inference::{DeploymentId, GatewayId};
    ///
    /// let id = GatewayId::from_name("chat");
    /// assert_eq!(id, GatewayId::from_name("chat"));
    /// assert_ne!(id.as_str(), DeploymentId::from_name("chat").as_str());
    /// ```
    pub fn from_name(name: &str) -> Self {
        let name = format!("{}/{name}", R::NOUN);
        Self::from(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }
}

impl<R> Id<R> {
    fn new(text: Box<str>) -> Self {
        Self {
            text,
            resource: PhantomData,
        }
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn folded(&self) -> impl Iterator<Item = u8> {
        self.text.bytes().map(|b| b.to_ascii_lowercase())
    }
}

/// Returns why a text cannot be sent as an id.
fn problem(text: &str) -> Option<String> {
    match text {
        "" => Some("it is empty".to_owned()),
        "." | ".." => Some("it would leave the request path".to_owned()),
        "parameters" => Some("it is a route of its own".to_owned()),
        text if is_plain(text) => None,
        text => text
            .chars()
            .find(|c| changes_route(*c))
            .map(|c| format!("it contains {c:?}, which would change the request path")),
    }
}

/// Whether all is letters, digits and hyphens, as in a UUID. Checks whole words at once, because it does not stop early.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() | (byte == b'-');
    text.bytes().fold(true, |all, byte| all & is_plain(byte))
}

/// Returns a text if it can be sent as an id.
fn valid(noun: &'static str, text: &str) -> Result<Box<str>, InvalidId> {
    let id = text.into();
    match problem(text) {
        None => Ok(id),
        Some(problem) => Err(InvalidId { noun, id, problem }),
    }
}

/// `:` because of `{id}:cancel`, `%` because a server may decode what follows it.
fn changes_route(c: char) -> bool {
    matches!(c, '/' | '\\' | '?' | '#' | '%' | ':') || c.is_whitespace() || c.is_control()
}

/// What can be the id of a resource: an [`Id`] or a reference to one, a reference to the resource, a UUID, or text.
///
/// Text may turn out not to be an id; a call then fails before anything is sent.
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client, gateway: coreweave_inference::Gateway)
/// # -> Result<(), coreweave_inference::Error> {
/// client.gateways().get("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11").await?;
/// client.gateways().get(gateway.id()).await?;
/// client.gateways().get(&gateway).await?;
/// # Ok(())
/// # }
/// ```
pub trait IntoId<R> {
    /// Converts into an id.
    ///
    /// # Errors
    /// Returns an error for text that is empty, `.`, `..` or `parameters` (a route of its own), or that contains `/`, `\`,
    /// `?`, `#`, `%`, `:`, white space or control characters.
    fn into_id(self) -> Result<Id<R>, InvalidId>;
}

/// Returns an id for a body, where it cannot change a route: what is not an id is left to the service to refuse.
pub(crate) fn id_text<R>(id: impl IntoId<R>) -> String {
    match id.into_id() {
        Ok(id) => id.into(),
        Err(invalid) => invalid.id().to_owned(),
    }
}

impl<R, T> IntoId<R> for T
where
    T: TryInto<Id<R>>,
    T::Error: Into<InvalidId>,
{
    fn into_id(self) -> Result<Id<R>, InvalidId> {
        self.try_into().map_err(Into::into)
    }
}

/// The error of text that is not an id, because it would change the route of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidId {
    noun: &'static str,
    id: Box<str>,
    problem: String,
}

impl InvalidId {
    /// Returns the text.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Turns into the error of a call that is not sent.
    pub(crate) fn refuse(self, operation: &'static Operation) -> Error {
        let violation = FieldViolation::new("id", self.to_string());
        Error::invalid(operation, vec![violation])
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { noun, id, problem } = self;
        write!(
            f,
            "{id:?} is not a valid {noun} id: {problem}; pass the UUID that the API returned"
        )
    }
}

impl std::error::Error for InvalidId {}

impl From<Infallible> for InvalidId {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl<R: Resource> FromStr for Id<R> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        valid(R::NOUN, text).map(Self::new)
    }
}

impl<R: Resource> TryFrom<&str> for Id<R> {
    type Error = InvalidId;

    fn try_from(text: &str) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl<R: Resource> TryFrom<String> for Id<R> {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl<R: Resource> TryFrom<&String> for Id<R> {
    type Error = InvalidId;

    fn try_from(text: &String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl<R> From<Uuid> for Id<R> {
    fn from(uuid: Uuid) -> Self {
        Self::new(uuid.to_string().into())
    }
}

impl<R: Clone> From<&Id<R>> for Id<R> {
    fn from(id: &Id<R>) -> Self {
        id.clone()
    }
}

impl<R> From<Id<R>> for String {
    fn from(id: Id<R>) -> Self {
        id.text.into_string()
    }
}

impl<R> PartialEq for Id<R> {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl<R> Eq for Id<R> {}

impl<R> PartialOrd for Id<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R> Ord for Id<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl<R> Hash for Id<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|b| state.write_u8(b));
        state.write_u8(0xff);
    }
}

impl<R> PartialEq<str> for Id<R> {
    fn eq(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

impl<R> PartialEq<&str> for Id<R> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl<R> AsRef<str> for Id<R> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<R> fmt::Display for Id<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<R> fmt::Debug for Id<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl<R> Serialize for Id<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, R: Resource> Deserialize<'de> for Id<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde_core::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::gateway::GatewayId;

    #[test]
    fn text_that_would_change_the_route_is_not_an_id() {
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
            let invalid = GatewayId::try_from(id).unwrap_err();
            assert_eq!(invalid.id(), id);
            assert!(invalid.to_string().contains("gateway id"), "{invalid}");
            let json = serde_json::to_string(id).unwrap();
            assert!(serde_json::from_str::<GatewayId>(&json).is_err());
        }
        for id in [
            "5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11",
            "g-1",
            "parameters2",
            "...",
        ] {
            assert_eq!(GatewayId::try_from(id).unwrap(), id);
        }
    }

    #[test]
    fn an_id_that_is_derived_from_a_name_never_changes() {
        assert_eq!(
            GatewayId::from_name("chat"),
            "999885ba-1a4f-5806-a44c-59b06af26939"
        );
        assert_ne!(GatewayId::from_name("Chat"), GatewayId::from_name("chat"));
    }

    proptest! {
        /// An id stays a single path segment when it is put into a URL.
        #[test]
        fn an_id_is_one_segment(text in any::<String>()) {
            if GatewayId::try_from(text.as_str()).is_ok() {
                let mut url = reqwest::Url::parse("http://host/gateways/").unwrap();
                url.path_segments_mut().unwrap().pop_if_empty().push(&text);
                prop_assert_eq!(url.path_segments().unwrap().count(), 2);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }

        #[test]
        fn an_id_serializes_as_a_string(text in any::<String>()) {
            if let Ok(id) = GatewayId::try_from(text.as_str()) {
                let json = serde_json::to_string(&id).unwrap();
                prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
                prop_assert_eq!(serde_json::from_str::<GatewayId>(&json).unwrap(), id);
            }
        }
    }

    #[test]
    fn ids_compare_and_hash_without_regard_to_case() {
        let id = |text: &str| GatewayId::try_from(text).unwrap();
        let (lower, upper) = (id("5f0c-ab"), id("5F0C-AB"));
        assert_eq!(lower, upper);
        assert_eq!(lower.cmp(&upper), Ordering::Equal);
        assert_eq!(upper, "5f0c-ab");
        assert_ne!(lower, id("5f0c-ac"));
        let set = std::collections::HashSet::from([lower]);
        assert!(set.contains(&upper));
        assert_eq!(upper.to_string(), "5F0C-AB");
    }
}

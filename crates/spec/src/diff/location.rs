use crate::Pointer;
use crate::yaml::Node;

/// Whether a value is sent, received, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Directions {
    /// A program sends it.
    pub(super) request: bool,
    /// A program receives it.
    pub(super) response: bool,
}

impl Directions {
    pub(super) const NONE: Self = Self::new(false, false);
    pub(super) const REQUEST: Self = Self::new(true, false);
    pub(super) const RESPONSE: Self = Self::new(false, true);
    pub(super) const BOTH: Self = Self::new(true, true);

    const fn new(request: bool, response: bool) -> Self {
        Self { request, response }
    }

    /// The directions of a property: read-only ones are not sent, write-only ones not received.
    pub(super) fn inside(self, member: &Node) -> Self {
        Self {
            request: self.request && !flag(member, "readOnly"),
            response: self.response && !flag(member, "writeOnly"),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self::new(
            self.request && other.request,
            self.response && other.response,
        )
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self::new(
            self.request || other.request,
            self.response || other.response,
        )
    }
}

/// The value of a boolean member that defaults to `false`.
pub(super) fn flag(node: &Node, key: &str) -> bool {
    let value = node.get(key).and_then(Node::scalar);
    value.and_then(serde_json::Value::as_bool).unwrap_or(false)
}

/// What a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope<'v> {
    /// The full API.
    Document,
    /// One operation, by its id.
    Operation(&'v str),
    /// What refers to a component, by the references to it in either document.
    Component(&'v str, &'v str),
    /// A component that no operation uses.
    Unused,
}

/// The place of a value in each document.
#[derive(Clone, Debug)]
pub(super) struct Location<'v> {
    pub(super) a: Pointer,
    pub(super) b: Pointer,
    /// The name of the value in messages.
    pub(super) name: String,
    pub(super) scope: Scope<'v>,
    pub(super) directions: Directions,
    /// Whether it is the value of a parameter, or a part of it.
    pub(super) in_parameter: bool,
}

impl<'v> Location<'v> {
    /// A place that has the same pointer in both documents.
    pub(super) fn new(at: &Pointer, scope: Scope<'v>) -> Self {
        Self {
            a: at.clone(),
            b: at.clone(),
            name: String::new(),
            scope,
            directions: Directions::BOTH,
            in_parameter: false,
        }
    }

    /// The place of a member, with the name of the object.
    pub(super) fn child(&self, token: impl std::fmt::Display) -> Self {
        Self {
            a: self.a.child(&token),
            b: self.b.child(&token),
            ..self.clone()
        }
    }

    pub(super) fn named(self, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..self
        }
    }
}

//! The class of each change of a member, by the kind of the object that it is a member of.

use serde_json::Value;

use super::entry::Class::{self, Additive as A, Breaking as B, Documentation as D};
use super::findings::{Change, Findings};
use super::location::{Directions, Location};
use crate::ObjectKind::{
    self, Header, Map, MediaType, OAuthFlow, Operation, Parameter, RequestBody, Schema,
    SecurityScheme,
};
use crate::yaml::Node;

/// The rule for some members of an object.
struct Rule {
    object: ObjectKind,
    /// The names of the members; any if there are none.
    members: &'static str,
    /// The classes of an added, a removed and a changed member that is sent.
    sent: [Class; 3],
    /// Those of one that is received.
    received: [Class; 3],
    /// The kind of the entry: one, or those of an added and of a removed member.
    kind: &'static str,
    /// The message, in which `{x|y|z}` is for a member that was added, removed or changed.
    message: &'static str,
}

#[rustfmt::skip]
const RULES: [Rule; 22] = [
    rule(Operation, "operationId", [B, B, B], [B, B, B], "operation-renamed", "`{old}` was renamed to `{new}`"),
    rule(Parameter, "required", [B, A, D], [A, B, D], "newly-required newly-optional", "`{name}` is now {required|optional}"),
    rule(Parameter, "name", [B, B, B], [B, B, B], "parameter-renamed", "the parameter `{old}` was renamed to `{new}`"),
    rule(Parameter, "in", [B, B, B], [B, B, B], "parameter-moved", "the parameter `{name}` moved from {old} to {new}"),
    rule(Parameter, "style explode allowReserved allowEmptyValue", [B, B, B], [B, B, B], "parameter-encoding-changed", "`{key}` of `{name}` was changed"),
    rule(Parameter, "schema", [B, B, B], [B, B, B], "type-changed", "the type of `{name}` was {added|removed|changed}"),
    rule(RequestBody, "required", [B, A, D], [A, B, D], "newly-required newly-optional", "the request body is now {required|optional}"),
    rule(Header, "required", [B, A, D], [A, B, D], "newly-required newly-optional", "the header `{name}` is now {required|optional}"),
    rule(Header, "style explode", [B, B, B], [B, B, B], "parameter-encoding-changed", "`{key}` of `{name}` was changed"),
    rule(Header, "schema", [B, B, B], [B, B, B], "type-changed", "the type of `{name}` was {added|removed|changed}"),
    rule(Map(&Header), "", [A, B, D], [A, B, D], "header-added header-removed", "the response header `{key}` was {added|removed}"),
    rule(MediaType, "schema", [B, B, B], [B, B, B], "type-changed", "the type of the {name} was {added|removed|changed}"),
    rule(Map(&MediaType), "", [A, B, D], [A, B, D], "media-type-added media-type-removed", "`{key}` was {added to|removed from} the {name}"),
    rule(SecurityScheme, "type scheme name in openIdConnectUrl", [B, B, B], [B, B, B], "security-scheme-changed", "`{key}` of the security scheme `{name}` was changed"),
    rule(Map(&SecurityScheme), "", [A, B, D], [A, B, D], "security-scheme-added security-scheme-removed", "the security scheme `{key}` was {added|removed}"),
    rule(OAuthFlow, "authorizationUrl tokenUrl refreshUrl", [B, B, B], [B, B, B], "security-scheme-changed", "`{key}` of the security scheme `{name}` was changed"),
    rule(Map(&OAuthFlow), "", [A, B, D], [A, B, D], "security-scheme-changed", "the flow `{key}` of the security scheme `{name}` was {added|removed}"),
    rule(Map(&ObjectKind::Leaf), "", [A, B, D], [A, B, D], "security-scheme-changed", "the scope `{key}` of the security scheme `{name}` was {added|removed|described differently}"),
    rule(Schema, "nullable", [D, B, D], [B, D, D], "nullability-changed", "`{name}` may {now|no longer} be null"),
    rule(Schema, "readOnly", [B, A, D], [D, D, D], "read-only-changed", "`{name}` can {no longer|now} be sent"),
    rule(Schema, "writeOnly", [D, D, D], [B, A, D], "write-only-changed", "`{name}` can {no longer|now} be received"),
    rule(Schema, "items not anyOf oneOf", [B, B, B], [B, B, B], "type-changed", "`{key}` of `{name}` was {added|removed|changed}"),
];

/// What describes and does not define, and whatever is not known.
const ANNOTATION: Rule = rule(
    ObjectKind::Leaf,
    "",
    [D, D, D],
    [D, D, D],
    "annotation-changed",
    "the {key}{of} was {added|removed|changed}",
);

const fn rule(
    object: ObjectKind,
    members: &'static str,
    sent: [Class; 3],
    received: [Class; 3],
    kind: &'static str,
    message: &'static str,
) -> Rule {
    Rule {
        object,
        members,
        sent,
        received,
        kind,
        message,
    }
}

impl Rule {
    fn of(object: ObjectKind, member: &str) -> &'static Self {
        let applies = |rule: &&Self| {
            rule.object == object
                && (rule.members.is_empty() || rule.members.split(' ').any(|name| name == member))
        };
        RULES.iter().find(applies).unwrap_or(&ANNOTATION)
    }

    /// The class of a change. What is both sent and received has the more severe one.
    fn class(&self, directions: Directions, change: Change) -> Class {
        let of = |[added, removed, changed]: [Class; 3]| match change {
            Change::Added => added,
            Change::Removed => removed,
            Change::Changed => changed,
        };
        let (sent, received) = (of(self.sent), of(self.received));
        match directions {
            Directions::REQUEST => sent,
            Directions::RESPONSE => received,
            Directions::NONE => sent.max(received),
            _ => sent.min(received),
        }
    }
}

/// Reports the change of the member `key`, at `location`, of an object of this kind. `old` and `new` differ.
pub(super) fn apply<'v>(
    object: ObjectKind,
    key: &str,
    [old, new]: [Option<&Node>; 2],
    location: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let rule = Rule::of(object, key);
    let change = Change::of(old, new);
    let kind = match change {
        _ if key == "description" && rule.kind == ANNOTATION.kind => "description-changed",
        Change::Removed => rule.kind.split(' ').next_back().unwrap_or(rule.kind),
        Change::Added | Change::Changed => rule.kind.split(' ').next().unwrap_or(rule.kind),
    };
    let mut message = String::new();
    for (index, part) in rule.message.split(['{', '}']).enumerate() {
        match part {
            text if index % 2 == 0 => message.push_str(text),
            "key" => message.push_str(key),
            "name" => message.push_str(&location.name),
            "of" if location.name.is_empty() => {}
            "of" => message.push_str(&format!(" of `{}`", location.name)),
            "old" => message.push_str(&text(old)),
            "new" => message.push_str(&text(new)),
            forms => message.push_str(forms.split('|').nth(change as usize).unwrap_or_default()),
        }
    }
    let class = rule.class(location.directions, change);
    findings.add(class, kind, location, change, message);
}

/// A value in a message.
pub(super) fn text(node: Option<&Node>) -> String {
    match node.map(Node::value) {
        None => "none".to_owned(),
        Some(Value::String(text)) => text,
        Some(value) => value.to_string(),
    }
}

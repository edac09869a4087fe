//! Compares where the API is, and how programs authenticate.

use super::entry::Class::{Breaking, Documentation};
use super::findings::Change::Changed;
use super::findings::Findings;
use super::location::Location;
use super::object::items;
use crate::yaml::Node;

/// Compares two lists of servers. The default is the origin that the document is read from.
pub(super) fn servers<'v>(
    old: Option<&'v Node>,
    new: Option<&'v Node>,
    location: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let (before, now) = (addresses(old), addresses(new));
    let at = location.child("servers");
    if before != now {
        let (is, was) = (now.join(", "), before.join(", "));
        let message = format!("served at {is}, before at {was}");
        findings.add(Breaking, "servers-changed", &at, Changed, message);
    } else if old != new && old.is_some() && new.is_some() {
        let message = "the servers are described differently".to_owned();
        findings.add(Documentation, "description-changed", &at, Changed, message);
    }
}

/// The addresses, with the defaults of their variables.
fn addresses(servers: Option<&Node>) -> Vec<String> {
    let address = |server: &Node| {
        let mut address = server.get("url").and_then(Node::as_str)?.to_owned();
        for (name, variable) in server.get("variables").map_or(&[][..], Node::members) {
            if let Some(default) = variable.get("default").and_then(Node::as_str) {
                address = address.replace(&format!("{{{name}}}"), default);
            }
        }
        Some(address)
    };
    let addresses: Vec<_> = items(servers).iter().filter_map(address).collect();
    match addresses.is_empty() {
        true => vec!["/".to_owned()],
        false => addresses,
    }
}

/// Compares which credentials are asked for. The order of alternatives has no meaning.
pub(super) fn security<'v>(
    old: Option<&'v Node>,
    new: Option<&'v Node>,
    location: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let (before, now) = (alternatives(old), alternatives(new));
    if before != now {
        let (is, was) = (now.join(" or "), before.join(" or "));
        let message = format!("programs authenticate with {is}, before with {was}");
        let at = location.child("security");
        findings.add(Breaking, "security-changed", &at, Changed, message);
    }
}

/// Each set of schemes that is enough, with their scopes.
fn alternatives(security: Option<&Node>) -> Vec<String> {
    let alternative = |requirement: &Node| {
        let scheme = |(name, scopes): &(String, Node)| {
            let mut scopes: Vec<_> = scopes.items().iter().filter_map(Node::as_str).collect();
            scopes.sort_unstable();
            match scopes.as_slice() {
                [] => name.clone(),
                scopes => format!("{name} ({})", scopes.join(", ")),
            }
        };
        let mut schemes: Vec<_> = requirement.members().iter().map(scheme).collect();
        schemes.sort_unstable();
        match schemes.is_empty() {
            true => "nothing".to_owned(),
            false => schemes.join(" and "),
        }
    };
    let mut alternatives: Vec<_> = items(security).iter().map(alternative).collect();
    alternatives.sort_unstable();
    alternatives.dedup();
    if alternatives.is_empty() {
        alternatives.push("nothing".to_owned());
    }
    alternatives
}

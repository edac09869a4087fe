//! Pairs up operations and their parameters, and compares them.

use super::access;
use super::document::Documents;
use super::entry::Class::{Additive, Breaking, Documentation};
use super::findings::Change::{Added, Changed, Removed};
use super::findings::Findings;
use super::location::{Directions, Location, Scope, flag};
use super::object;
use crate::yaml::Node;
use crate::{METHODS, ObjectKind, Pointer};

type Operation<'v> = crate::Operation<'v, Node>;
type Parameter<'v> = crate::Parameter<'v, Node>;

/// The operations of two documents.
#[derive(Debug, Default)]
pub(super) struct Paired<'v> {
    pub(super) both: Vec<(Operation<'v>, Operation<'v>)>,
    pub(super) removed: Vec<Operation<'v>>,
    pub(super) added: Vec<Operation<'v>>,
}

/// Pairs up the operations of one method and path. Where paths differ in the names of parameters alone, those of the same
/// names belong together, then those of the same id, then the others in their order.
pub(super) fn pair_up<'v>(a: Vec<Operation<'v>>, b: Vec<Operation<'v>>) -> Paired<'v> {
    let mut paired = Paired::default();
    let mut arrived: Vec<_> = b.into_iter().map(Some).collect();
    paired.removed = a;
    let same: [fn(&Operation<'v>, &Operation<'v>) -> bool; 3] =
        [|a, b| a.path == b.path, |a, b| a.id == b.id, |_, _| true];
    for same in same {
        for old in std::mem::take(&mut paired.removed) {
            let is_same = |new: &Operation<'v>| new.key == old.key && same(&old, new);
            let mut candidates = arrived.iter_mut();
            let new = candidates.find(|new| new.as_ref().is_some_and(is_same));
            match new.and_then(Option::take) {
                Some(new) => paired.both.push((old, new)),
                None => paired.removed.push(old),
            }
        }
    }
    paired.added = arrived.into_iter().flatten().collect();
    paired
}

pub(super) fn removed<'v>(old: &Operation<'v>, findings: &mut Findings<'v>) {
    let message = format!("the operation {} was removed", called(old));
    let at = location(old, old);
    findings.add(Breaking, "operation-removed", &at, Removed, message);
}

pub(super) fn added<'v>(new: &Operation<'v>, findings: &mut Findings<'v>) {
    let message = format!("the operation {} was added", called(new));
    let at = location(new, new);
    findings.add(Additive, "operation-added", &at, Added, message);
}

fn called(operation: &Operation<'_>) -> String {
    let method = operation.key.method().to_uppercase();
    format!("`{}` ({method} {})", operation.id, operation.path)
}

fn location<'v>(old: &Operation<'v>, new: &Operation<'v>) -> Location<'v> {
    let id = new.value.get("operationId").and_then(Node::as_str);
    Location {
        a: old.at.clone(),
        ..Location::new(&new.at, Scope::Operation(id.unwrap_or_default()))
    }
}

pub(super) fn compare<'v>(
    documents: &Documents<'v>,
    old: &Operation<'v>,
    new: &Operation<'v>,
    findings: &mut Findings<'v>,
) {
    let at = location(old, new);
    let skip = [
        "parameters",
        "requestBody",
        "responses",
        "security",
        "servers",
    ];
    let (a, b) = (&[old.value], &[new.value]);
    object::compare(ObjectKind::Operation, a, b, &at, &skip, findings);
    // What is the same for all operations of a path, or of the document, is reported once.
    let path = |operation: &Operation<'_>| Pointer::root().child("paths").child(operation.path);
    let path = Location {
        a: path(old),
        b: path(new),
        ..at.clone()
    };
    let skip = [&METHODS[..], &["$ref", "parameters", "servers"]].concat();
    let (a, b) = (&[old.item], &[new.item]);
    object::compare(ObjectKind::PathItem, a, b, &path, &skip, findings);
    for (key, compare) in [
        ("servers", access::servers as Access<'v>),
        ("security", access::security),
    ] {
        let [before, now] =
            [(old, &documents.a), (new, &documents.b)].map(|(operation, document)| {
                let holders = [operation.value, operation.item, document.root];
                holders.map(|holder| holder.get(key))
            });
        let at = match before
            .iter()
            .zip(now)
            .position(|(before, now)| before.or(now).is_some())
        {
            Some(0) => &at,
            Some(1) => &path,
            _ => &Location::new(&Pointer::root(), at.scope),
        };
        let stated = |levels: [Option<&'v Node>; 3]| levels.into_iter().flatten().next();
        compare(stated(before), stated(now), at, findings);
    }
    parameters(old, new, &at, findings);
    request_body(old, new, &at, findings);
    responses(old, new, &at, findings);
}

/// Compares the value of a member that is inherited.
type Access<'v> = fn(Option<&'v Node>, Option<&'v Node>, &Location<'v>, &mut Findings<'v>);

fn parameters<'v>(
    old: &Operation<'v>,
    new: &Operation<'v>,
    at: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let mut departed: Vec<_> = old.parameters.iter().collect();
    let mut arrived: Vec<_> = new.parameters.iter().collect();
    // The third is for one that moved, the last for one that was renamed in the path.
    let same: [fn(&Parameter<'v>, &Parameter<'v>) -> bool; 4] = [
        |a, b| a.reference.is_some() && a.reference == b.reference,
        |a, b| (a.name, a.place) == (b.name, b.place),
        |a, b| a.name == b.name,
        |a, b| a.position.is_some() && a.position == b.position,
    ];
    for same in same {
        departed.retain(|a| {
            let index = arrived.iter().position(|b| same(a, b));
            if let Some(index) = index {
                parameter(a, arrived.remove(index), at, findings);
            }
            index.is_none()
        });
    }
    for a in departed {
        let message = format!("the {} parameter `{}` was removed", a.place, a.name);
        let at = beside(a, a, at);
        findings.add(Breaking, "parameter-removed", &at, Removed, message);
    }
    for b in arrived {
        let (class, suffix) = match flag(b.value, "required") {
            true => (Breaking, " and is required"),
            false => (Additive, ""),
        };
        let message = format!("the {} parameter `{}` was added{suffix}", b.place, b.name);
        let at = beside(b, b, at);
        findings.add(class, "parameter-added", &at, Added, message);
    }
}

fn beside<'v>(a: &Parameter<'v>, b: &Parameter<'v>, operation: &Location<'v>) -> Location<'v> {
    Location {
        a: a.at.clone(),
        b: b.at.clone(),
        name: b.name.to_owned(),
        directions: Directions::REQUEST,
        in_parameter: true,
        ..operation.clone()
    }
}

fn parameter<'v>(
    a: &Parameter<'v>,
    b: &Parameter<'v>,
    operation: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let at = beside(a, b, operation);
    let name = b.name;
    let number = |parameter: &Parameter<'_>| parameter.position.unwrap_or_default() + 1;
    if a.place != b.place {
        let message = format!(
            "the parameter `{name}` moved from {} to {}",
            a.place, b.place
        );
        findings.add(Breaking, "parameter-moved", &at, Changed, message);
    } else if a.position != b.position {
        // Generated methods take path parameters by position.
        let (is, was) = (number(b), number(a));
        let message = format!("the path parameter `{name}` is now number {is}, before {was}");
        findings.add(Breaking, "parameter-moved", &at, Changed, message);
    } else if a.name != b.name && a.place == "path" {
        let message = format!("the path parameter `{}` was renamed to `{name}`", a.name);
        let at = at.child("name");
        findings.add(Documentation, "parameter-renamed", &at, Changed, message);
    }
    // What both refer to is compared by itself.
    if a.reference.is_none() || a.reference != b.reference {
        let skip = ["$ref", "name", "in"];
        let (a, b) = (&[a.value], &[b.value]);
        object::compare(ObjectKind::Parameter, a, b, &at, &skip, findings);
    }
}

fn request_body<'v>(
    old: &Operation<'v>,
    new: &Operation<'v>,
    at: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let at = Location {
        directions: Directions::REQUEST,
        ..at.child("requestBody").named("request")
    };
    let [a, b] = [old, new].map(|operation| operation.value.get("requestBody"));
    if let (Some(a), Some(b)) = (a, b) {
        findings.pair(ObjectKind::RequestBody, a, b, at);
    } else if a.is_some() {
        let message = "the request body was removed".to_owned();
        findings.add(Breaking, "request-body-removed", &at, Removed, message);
    } else if let Some(body) = new.request_body {
        let (class, suffix) = match flag(body, "required") {
            true => (Breaking, " and is required"),
            false => (Additive, ""),
        };
        let message = format!("a request body was added{suffix}");
        findings.add(class, "request-body-added", &at, Added, message);
    }
}

fn responses<'v>(
    old: &Operation<'v>,
    new: &Operation<'v>,
    at: &Location<'v>,
    findings: &mut Findings<'v>,
) {
    let responses = |operation: &Operation<'v>| operation.value.get("responses");
    let [a, b] = [old, new].map(|operation| responses(operation).into_iter().collect::<Vec<_>>());
    for status in object::keys(&a, &b) {
        let at = at.child("responses").child(status);
        let at = Location {
            directions: Directions::RESPONSE,
            ..at.named(format!("{status} response"))
        };
        match (object::get(&a, status), object::get(&b, status)) {
            (Some(a), Some(b)) => findings.pair(ObjectKind::Response, a, b, at),
            (Some(_), None) => {
                // Code that ignores the body of an error does not notice that one is no longer described.
                let is_error = is_error(status, old);
                let class = if is_error { Documentation } else { Breaking };
                let message = format!("the response `{status}` was removed");
                findings.add(class, "response-removed", &at, Removed, message);
            }
            _ => {
                let message = format!("the response `{status}` was added");
                findings.add(Additive, "response-added", &at, Added, message);
            }
        }
    }
}

/// Whether a response is that of a failure. `default` is, unless it is the only one that a success can have.
fn is_error(status: &str, operation: &Operation<'_>) -> bool {
    let mut others = operation.responses.keys();
    match status {
        "default" => others.any(|status| status.starts_with(['2', '3'])),
        status => status.starts_with(['4', '5']),
    }
}

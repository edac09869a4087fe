//! The resources of a spec: what can be read, created and listed in one form.

use serde_json::Value;

use crate::operation::Operation;
use crate::rust_type::RustType;
use crate::walk;

/// A resource: a message with the members `spec` and `status`, and the operations on it.
///
/// Each operation is found by its path, its method and what it returns, not by its name.
#[derive(Debug)]
pub(crate) struct Resource<'a> {
    /// The message: `CapacityClaim`.
    pub(crate) schema: String,
    /// The one member of the responses that return it: `capacityClaim`.
    pub(crate) member: &'a str,
    pub(crate) get: &'a Operation,
    pub(crate) create: &'a Operation,
    pub(crate) list: &'a Operation,
    /// The member of the list response that has the items: `capacityClaims`.
    pub(crate) items: &'a str,
    /// The operations that change and remove it, if there are both.
    pub(crate) update_and_delete: Option<(&'a Operation, &'a Operation)>,
}

impl Resource<'_> {
    /// Returns whether the binding of the resource has an operation.
    pub(crate) fn has(&self, operation: &Operation) -> bool {
        let own = [self.get, self.create, self.list].into_iter();
        own.chain(self.update_and_delete.into_iter().flat_map(<[_; 2]>::from))
            .any(|own| own.name == operation.name)
    }
}

/// Returns the resources of a preprocessed document, one for each message.
pub(crate) fn find<'a>(document: &'a Value, operations: &'a [Operation]) -> Vec<Resource<'a>> {
    let mut resources: Vec<Resource<'a>> = Vec::new();
    for get in operations {
        if let Some(resource) = resource(document, operations, get)
            && !resources
                .iter()
                .any(|known| known.schema == resource.schema)
        {
            resources.push(resource);
        }
    }
    resources
}

/// Returns the resource that `get` reads, from a path that is that of its list and one more segment.
fn resource<'a>(
    document: &'a Value,
    operations: &'a [Operation],
    get: &'a Operation,
) -> Option<Resource<'a>> {
    let (member, schema) = only_member(document, get)?;
    let (collection, id) = get.path.rsplit_once('/')?;
    let is_parameter = id.starts_with('{') && id.ends_with('}');
    let has = |member| property(document, &schema, member).is_some();
    if !is_parameter || get.method != "GET" || !has("spec") || !has("status") {
        return None;
    }
    let find = |methods: &[&str], path: &str| {
        operations.iter().find(|operation| {
            methods.contains(&operation.method.as_str()) && operation.path == path
        })
    };
    let returns_it = |operation: &&Operation| {
        only_member(document, operation).is_some_and(|found| found == (member, schema.clone()))
    };
    let of_one = |methods: &[&str], has_body: bool| {
        let operation = find(methods, &get.path).filter(returns_it)?;
        let has_id = match operation.arguments.as_slice() {
            [id] => id.ty == RustType::Text,
            _ => false,
        };
        (has_id && operation.body.is_some() == has_body).then_some(operation)
    };
    let of_all = |method: &str, has_body: bool| {
        let operation = find(&[method], collection)?;
        let has_arguments = !operation.arguments.is_empty();
        (!has_arguments && operation.body.is_some() == has_body).then_some(operation)
    };
    let list = of_all("GET", false).filter(|list| list.is_list())?;
    Some(Resource {
        member,
        get: of_one(&["GET"], false)?,
        create: of_all("POST", true).filter(returns_it)?,
        list,
        items: list_member(document, list, &schema)?,
        update_and_delete: of_one(&["PATCH", "PUT"], true).zip(of_one(&["DELETE"], false)),
        schema,
    })
}

/// Returns the member of an operation's response and the message in it, if the response has just one.
fn only_member<'a>(document: &'a Value, operation: &Operation) -> Option<(&'a str, String)> {
    let mut members = members(document, operation);
    match (members.next(), members.next()) {
        (Some((member, schema)), None) => Some((member, walk::referenced(schema.as_object()?)?)),
        _ => None,
    }
}

/// Returns the member of an operation's response that is a list of the message `schema`.
fn list_member<'a>(document: &'a Value, operation: &Operation, schema: &str) -> Option<&'a str> {
    let mut members = members(document, operation);
    let (member, _) = members.find(|(_, list)| {
        let items = list.get("items").and_then(Value::as_object);
        items.and_then(walk::referenced).as_deref() == Some(schema)
    })?;
    Some(member)
}

/// Returns the members of an operation's response.
fn members<'a>(
    document: &'a Value,
    operation: &Operation,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let schema = match &operation.response {
        Some(RustType::Named(name)) => walk::schema(document, name),
        _ => None,
    };
    walk::members(schema.and_then(|schema| schema.get("properties")))
        .map(|(member, schema)| (member.as_str(), schema))
}

fn property<'a>(document: &'a Value, schema: &str, member: &str) -> Option<&'a Value> {
    walk::schema(document, schema)?
        .get("properties")?
        .get(member)
}

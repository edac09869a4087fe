//! The resources of a spec: what can be read, created and listed in one form.

use serde_json::Value;

use crate::operation::Operation;
use crate::rust_type::RustType;
use crate::walk;

/// A resource: a message with the members `spec` and `status`, and the operations on it.
///
/// Each operation is found by its method and by what it returns, not by its name.
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

/// Returns the resources of a preprocessed document.
pub(crate) fn find<'a>(document: &'a Value, operations: &'a [Operation]) -> Vec<Resource<'a>> {
    let resources = operations.iter().filter_map(|get| {
        let (member, schema) = only_member(document, get)?;
        let has = |member| property(document, &schema, member).is_some();
        if get.method != "GET" || !has("spec") || !has("status") {
            return None;
        }
        let with = |methods: &[&str], on_one: bool, has_body: bool| {
            operations.iter().find(|operation| {
                methods.contains(&operation.method.as_str())
                    && operation.arguments.iter().any(|argument| argument.is_path) == on_one
                    && operation.body.is_some() == has_body
                    && only_member(document, operation)
                        .is_some_and(|found| found == (member, schema.clone()))
            })
        };
        let (list, items) = operations.iter().find_map(|operation| {
            let is_list = operation.method == "GET" && operation.arguments.is_empty();
            let items = is_list.then(|| list_member(document, operation, &schema))??;
            Some((operation, items))
        })?;
        Some(Resource {
            member,
            get: with(&["GET"], true, false)?,
            create: with(&["POST"], false, true)?,
            list,
            items,
            update_and_delete: with(&["PATCH", "PUT"], true, true).zip(with(
                &["DELETE"],
                true,
                false,
            )),
            schema,
        })
    });
    resources.collect()
}

/// The member of an operation's response and the message in it, if the response has just one.
fn only_member<'a>(document: &'a Value, operation: &Operation) -> Option<(&'a str, String)> {
    let mut members = members(document, operation);
    match (members.next(), members.next()) {
        (Some((member, schema)), None) => Some((member, walk::referenced(schema.as_object()?)?)),
        _ => None,
    }
}

/// The member of an operation's response that is a list of the message `schema`.
fn list_member<'a>(document: &'a Value, operation: &Operation, schema: &str) -> Option<&'a str> {
    let mut members = members(document, operation);
    let (member, _) = members.find(|(_, list)| {
        let items = list.get("items").and_then(Value::as_object);
        items.and_then(walk::referenced).as_deref() == Some(schema)
    })?;
    Some(member)
}

/// The members of an operation's response.
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

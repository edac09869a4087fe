//! Validates the structure of a document.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::yaml::{Data, Node};
use super::{METHODS, ObjectKind, Pointer, Spec, SpecError, json, resolve};

/// Validates the document and returns the first error.
pub(crate) fn check(spec: &Spec) -> Result<(), SpecError> {
    let mut document = Document {
        spec,
        at: Pointer::root(),
        resolved: HashSet::new(),
    };
    document.head()?;
    document.node(spec.node(), ObjectKind::Document)?;
    document.operations()?;
    document.cycles()
}

struct Document<'s> {
    spec: &'s Spec,
    /// What is being checked.
    at: Pointer,
    /// The references that are known to resolve.
    resolved: HashSet<&'s str>,
}

impl<'s> Document<'s> {
    fn head(&self) -> Result<(), SpecError> {
        let root = self.spec.node();
        if !matches!(root.data, Data::Object(_)) {
            return self.wrong("not an OpenAPI document: a mapping is expected at the top");
        }
        match root.get("openapi") {
            Some(version) if version.as_str().is_some_and(is_3_0) => {}
            Some(version) => {
                let version = version.value();
                let message = format!("OpenAPI 3.0, 3.1 or 3.2 is expected here, not {version}");
                return Err(self.spec.error("/openapi", message));
            }
            None => return self.wrong("not an OpenAPI 3 document: there is no `openapi` member"),
        }
        for pointer in ["/info/title", "/info/version"] {
            if root.pointer(pointer).and_then(Node::as_str).is_none() {
                return Err(self.spec.error(pointer, "a text is expected here"));
            }
        }
        match root.get("paths") {
            Some(_) => Ok(()),
            None => self.wrong("there is no `paths` member"),
        }
    }

    /// An error about what is being checked.
    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, SpecError> {
        Err(self.spec.error(self.at.as_str(), message))
    }

    fn wrong_at<T>(&self, key: &str, message: impl Into<String>) -> Result<T, SpecError> {
        Err(self.spec.error(self.at.child(key).as_str(), message))
    }

    /// Checks that every value has the expected type, and that every reference resolves.
    fn node(&mut self, node: &'s Node, kind: ObjectKind) -> Result<(), SpecError> {
        if let Some(message) = kind.mismatch(node) {
            let open_or_closed = self.at.as_str().ends_with("/additionalProperties")
                && matches!(node.data, Data::Scalar(Value::Bool(_)));
            return if open_or_closed {
                Ok(())
            } else {
                self.wrong(message)
            };
        }
        if kind == ObjectKind::Leaf {
            return Ok(());
        }
        for (index, item) in node.items().iter().enumerate() {
            let end = self.at.enter(&index.to_string());
            self.node(item, kind.item())?;
            self.at.leave(end);
        }
        if kind.members().iter().any(|(name, _)| *name == "$ref") {
            self.reference(node)?;
        }
        if kind == ObjectKind::Schema {
            self.schema(node)?;
        }
        for (key, member) in node.members() {
            let end = self.at.enter(key);
            self.node(member, kind.member(key))?;
            self.at.leave(end);
        }
        Ok(())
    }

    fn reference(&mut self, node: &'s Node) -> Result<(), SpecError> {
        let Some(reference) = node.get("$ref") else {
            return Ok(());
        };
        let Some(target) = reference.as_str() else {
            return self.wrong_at("$ref", "a reference must be a text");
        };
        if !target.starts_with("#/") {
            let message = format!(
                "`{target}` is outside of this document; only `#/…` references are followed"
            );
            return self.wrong_at("$ref", message);
        }
        if self.resolved.insert(target) && resolve(self.spec.node(), target).is_none() {
            let message = format!("`{target}` doesn't exist in this document");
            return self.wrong_at("$ref", message);
        }
        Ok(())
    }

    fn schema(&self, node: &Node) -> Result<(), SpecError> {
        const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
        let kind = node.get("type");
        if let Some(kind) = kind
            && !kind.as_str().is_some_and(|name| TYPES.contains(&name))
        {
            let message = format!("{} is not a type of OpenAPI 3.0", kind.value());
            return self.wrong_at("type", message);
        }
        if kind.and_then(Node::as_str) == Some("array") && node.get("items").is_none() {
            return self.wrong_at("type", "an array needs `items`");
        }
        if node
            .get("enum")
            .is_some_and(|values| values.items().is_empty())
        {
            return self.wrong_at("enum", "an enum needs at least one value");
        }
        let required = node.get("required").map_or(&[][..], Node::items);
        if required.iter().any(|name| name.as_str().is_none()) {
            return self.wrong_at("required", "a list of member names is expected here");
        }
        Ok(())
    }

    fn operations(&mut self) -> Result<(), SpecError> {
        let mut ids = HashMap::new();
        let paths = self.spec.node().get("paths").map_or(&[][..], Node::members);
        for (path, item) in paths {
            self.at = Pointer::root().child("paths").child(path);
            if path.starts_with("x-") {
                continue;
            }
            if !path.starts_with('/') {
                return self.wrong("a path must begin with `/`");
            }
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let end = self.at.enter(method);
                let id = match operation.get("operationId").and_then(Node::as_str) {
                    Some(id) if !id.is_empty() => id,
                    _ => return self.wrong("an operation needs an `operationId`"),
                };
                if let Some(first) = ids.insert(id, self.at.clone()) {
                    let message = format!("the operation id `{id}` is taken by {first}");
                    return self.wrong_at("operationId", message);
                }
                if operation
                    .get("responses")
                    .is_none_or(|responses| responses.members().is_empty())
                {
                    return self.wrong("an operation needs at least one response");
                }
                self.parameters(path, item, operation)?;
                self.at.leave(end);
            }
        }
        Ok(())
    }

    /// Checks that the names in the path are the declared path parameters.
    fn parameters(&self, path: &str, item: &'s Node, operation: &'s Node) -> Result<(), SpecError> {
        let mut undeclared: BTreeSet<_> = template_names(path).collect();
        let mut own = BTreeSet::new();
        for (holder, is_own) in [(operation, true), (item, false)] {
            let list = holder.get("parameters").map_or(&[][..], Node::items);
            for (index, parameter) in list.iter().enumerate() {
                let at = self.at.child("parameters").child(index);
                let wrong = |message: String| Err(self.spec.error(at.as_str(), message));
                let parameter = json::follow(self.spec.node(), parameter);
                let text = |key| parameter.get(key).and_then(Node::as_str);
                let (Some(name), Some(place)) = (text("name"), text("in")) else {
                    return wrong("a parameter needs `name` and `in`".to_owned());
                };
                if !["path", "query", "header", "cookie"].contains(&place) {
                    let message = format!("`{place}` is no place for a parameter");
                    return Err(self.spec.error(at.child("in").as_str(), message));
                }
                if is_own && !own.insert((place, name)) {
                    return wrong(format!("the {place} parameter `{name}` is given twice"));
                }
                if place == "path" {
                    let required = parameter.get("required").and_then(Node::scalar);
                    if required != Some(&Value::Bool(true)) {
                        return wrong(format!("the path parameter `{name}` must be required"));
                    }
                    if !undeclared.remove(name) && !template_names(path).any(|part| part == name) {
                        return wrong(format!("the path `{path}` has no part `{{{name}}}`"));
                    }
                }
            }
        }
        match undeclared.first() {
            Some(name) => self.wrong(format!("the path parameter `{name}` is not declared")),
            None => Ok(()),
        }
    }

    /// Checks that no schema is composed of itself. It may contain itself as a property or an item.
    fn cycles(&self) -> Result<(), SpecError> {
        let mut done = HashSet::new();
        let components = self.spec.node().get("components");
        for (group, entries) in components.map_or(&[][..], Node::members) {
            for (name, entry) in entries.members() {
                let at = Pointer::root().child("components").child(group).child(name);
                self.compose(&format!("#{at}"), entry, &mut Vec::new(), &mut done)?;
            }
        }
        Ok(())
    }

    fn compose(
        &self,
        reference: &str,
        node: &Node,
        open: &mut Vec<String>,
        done: &mut HashSet<String>,
    ) -> Result<(), SpecError> {
        if let Some(start) = open.iter().position(|name| name == reference) {
            let chain: Vec<_> = open
                .iter()
                .skip(start)
                .map(String::as_str)
                .chain([reference])
                .collect();
            let message = format!("circular reference: {}", chain.join(" -> "));
            let pointer = reference.trim_start_matches('#');
            return Err(self.spec.error(pointer, message));
        }
        if !done.insert(reference.to_owned()) {
            return Ok(());
        }
        open.push(reference.to_owned());
        let mut parts = Vec::new();
        composed_of(node, &mut parts);
        for part in parts {
            if let Some(node) = resolve(self.spec.node(), part) {
                self.compose(part, node, open, done)?;
            }
        }
        open.pop();
        Ok(())
    }
}

/// The references that `node` is composed of, as opposed to those in its properties and items.
fn composed_of<'v>(node: &'v Node, parts: &mut Vec<&'v str>) {
    parts.extend(node.get("$ref").and_then(Node::as_str));
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in node.get(key).map_or(&[][..], Node::items) {
            composed_of(part, parts);
        }
    }
    if let Some(part) = node.get("not") {
        composed_of(part, parts);
    }
}

/// The names between braces in a path.
pub(crate) fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn is_3_0(version: &str) -> bool {
    version
        .strip_prefix("3.0.")
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests;

//! Validates the structure of a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Kind, METHODS, Pointer, Spec, SpecError, resolve};

/// Validates the document and returns the first error.
pub(crate) fn check(spec: &Spec) -> Result<(), SpecError> {
    let document = Document { spec };
    document.head()?;
    document.node(spec.value(), Kind::Document, &Pointer::root())?;
    document.operations()?;
    document.cycles()
}

struct Document<'s> {
    spec: &'s Spec,
}

impl<'s> Document<'s> {
    fn head(&self) -> Result<(), SpecError> {
        let root = self.spec.value();
        let Some(members) = root.as_object() else {
            return Err(self.spec.error(
                "",
                "not an OpenAPI document: a mapping is expected at the top",
            ));
        };
        match members.get("openapi") {
            Some(Value::String(version)) if is_3_0(version) => {}
            Some(version) => {
                return Err(self.spec.error(
                    "/openapi",
                    format!("OpenAPI 3.0 is expected here, not {version}"),
                ));
            }
            None => {
                return Err(self.spec.error(
                    "",
                    "not an OpenAPI 3.0 document: there is no `openapi` member",
                ));
            }
        }
        for pointer in ["/info/title", "/info/version"] {
            if !root.pointer(pointer).is_some_and(Value::is_string) {
                return Err(self.spec.error(pointer, "a text is expected here"));
            }
        }
        if !members.contains_key("paths") {
            return Err(self.spec.error("", "there is no `paths` member"));
        }
        Ok(())
    }

    /// Checks that every value has the expected type, and that every reference resolves.
    fn node(&self, value: &Value, kind: Kind, at: &Pointer) -> Result<(), SpecError> {
        if let Some(message) = kind.mismatch(value) {
            let open_or_closed =
                at.as_str().ends_with("/additionalProperties") && value.is_boolean();
            return if open_or_closed {
                Ok(())
            } else {
                Err(self.spec.error(at.as_str(), message))
            };
        }
        match value {
            _ if kind == Kind::Leaf => {}
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.node(item, kind.item(), &at.child(index))?;
                }
            }
            Value::Object(members) => {
                if kind.members().iter().any(|(name, _)| *name == "$ref") {
                    self.reference(members, at)?;
                }
                if kind == Kind::Schema {
                    self.schema(members, at)?;
                }
                for (key, member) in members {
                    self.node(member, kind.member(key), &at.child(key))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn reference(&self, members: &Map<String, Value>, at: &Pointer) -> Result<(), SpecError> {
        let Some(reference) = members.get("$ref") else {
            return Ok(());
        };
        let at = at.child("$ref");
        let Some(target) = reference.as_str() else {
            return Err(self.spec.error(at.as_str(), "a reference must be a text"));
        };
        if !target.starts_with("#/") {
            let message = format!(
                "`{target}` is outside of this document; only `#/…` references are followed"
            );
            return Err(self.spec.error(at.as_str(), message));
        }
        if self.spec.resolve(target).is_none() {
            return Err(self.spec.error(
                at.as_str(),
                format!("`{target}` doesn't exist in this document"),
            ));
        }
        Ok(())
    }

    fn schema(&self, members: &Map<String, Value>, at: &Pointer) -> Result<(), SpecError> {
        const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
        let wrong =
            |key: &str, message: String| Err(self.spec.error(at.child(key).as_str(), message));

        let kind = members.get("type");
        if let Some(kind) = kind
            && !kind.as_str().is_some_and(|name| TYPES.contains(&name))
        {
            return wrong("type", format!("{kind} is not a type of OpenAPI 3.0"));
        }
        if kind.is_some_and(|kind| kind == "array") && !members.contains_key("items") {
            return wrong("type", "an array needs `items`".to_owned());
        }
        if let Some(values) = members.get("enum")
            && values.as_array().is_some_and(Vec::is_empty)
        {
            return wrong("enum", "an enum needs at least one value".to_owned());
        }
        if let Some(Value::Array(names)) = members.get("required")
            && !names.iter().all(Value::is_string)
        {
            return wrong(
                "required",
                "a list of member names is expected here".to_owned(),
            );
        }
        Ok(())
    }

    fn operations(&self) -> Result<(), SpecError> {
        let mut ids = BTreeMap::new();
        let paths = self.spec.value().get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let at = Pointer::root().child("paths").child(path);
            if !path.starts_with('/') {
                return Err(self.spec.error(at.as_str(), "a path must begin with `/`"));
            }
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let at = at.child(method);
                    let id = self.operation_id(operation, &at)?;
                    if let Some(first) = ids.insert(id, at.clone()) {
                        let message = format!("the operation id `{id}` is taken by {first}");
                        return Err(self.spec.error(at.child("operationId").as_str(), message));
                    }
                    if operation
                        .get("responses")
                        .and_then(Value::as_object)
                        .is_none_or(Map::is_empty)
                    {
                        return Err(self
                            .spec
                            .error(at.as_str(), "an operation needs at least one response"));
                    }
                    self.parameters(path, item, operation, &at)?;
                }
            }
        }
        Ok(())
    }

    fn operation_id(&self, operation: &'s Value, at: &Pointer) -> Result<&'s str, SpecError> {
        match operation.get("operationId").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => Ok(id),
            _ => Err(self
                .spec
                .error(at.as_str(), "an operation needs an `operationId`")),
        }
    }

    /// Checks that the names in the path are the declared path parameters.
    fn parameters(
        &self,
        path: &str,
        item: &Value,
        operation: &Value,
        at: &Pointer,
    ) -> Result<(), SpecError> {
        let mut undeclared: BTreeSet<_> = template_names(path).collect();
        let mut own = BTreeSet::new();
        for (holder, is_own) in [(operation, true), (item, false)] {
            let list = holder.get("parameters").and_then(Value::as_array);
            for (index, parameter) in list.into_iter().flatten().enumerate() {
                let at = at.child("parameters").child(index);
                let parameter = self.follow(parameter);
                let text = |key| parameter.get(key).and_then(Value::as_str);
                let (Some(name), Some(place)) = (text("name"), text("in")) else {
                    return Err(self
                        .spec
                        .error(at.as_str(), "a parameter needs `name` and `in`"));
                };
                if !["path", "query", "header", "cookie"].contains(&place) {
                    return Err(self.spec.error(
                        at.child("in").as_str(),
                        format!("`{place}` is no place for a parameter"),
                    ));
                }
                if is_own && !own.insert((place, name)) {
                    return Err(self.spec.error(
                        at.as_str(),
                        format!("the {place} parameter `{name}` is given twice"),
                    ));
                }
                if place == "path" {
                    if parameter.get("required") != Some(&Value::Bool(true)) {
                        return Err(self.spec.error(
                            at.as_str(),
                            format!("the path parameter `{name}` must be required"),
                        ));
                    }
                    if !undeclared.remove(name) && !template_names(path).any(|part| part == name) {
                        return Err(self.spec.error(
                            at.as_str(),
                            format!("the path `{path}` has no part `{{{name}}}`"),
                        ));
                    }
                }
            }
        }
        match undeclared.first() {
            Some(name) => Err(self.spec.error(
                at.as_str(),
                format!("the path parameter `{name}` is not declared"),
            )),
            None => Ok(()),
        }
    }

    /// Follows a chain of references to its end. [`Self::cycles`] reports endless chains.
    fn follow(&self, value: &'s Value) -> &'s Value
    where
        Self: 's,
    {
        let mut value = value;
        let mut seen = BTreeSet::new();
        while let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && seen.insert(reference)
            && let Some(target) = self.spec.resolve(reference)
        {
            value = target;
        }
        value
    }

    /// Checks that no schema is composed of itself. It may contain itself as a property or an item.
    fn cycles(&self) -> Result<(), SpecError> {
        let mut done = BTreeSet::new();
        let components = self
            .spec
            .value()
            .get("components")
            .and_then(Value::as_object);
        for (group, entries) in components.into_iter().flatten() {
            for name in entries
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
            {
                let at = Pointer::root().child("components").child(group).child(name);
                self.compose(&format!("#{at}"), &mut Vec::new(), &mut done)?;
            }
        }
        Ok(())
    }

    fn compose(
        &self,
        reference: &str,
        open: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Result<(), SpecError> {
        if let Some(start) = open.iter().position(|name| name == reference) {
            let chain: Vec<_> = open
                .iter()
                .skip(start)
                .map(String::as_str)
                .chain([reference])
                .collect();
            let pointer = reference.trim_start_matches('#');
            return Err(self.spec.error(
                pointer,
                format!("circular reference: {}", chain.join(" -> ")),
            ));
        }
        if done.contains(reference) {
            return Ok(());
        }
        open.push(reference.to_owned());
        if let Some(value) = resolve(self.spec.value(), reference) {
            let mut parts = Vec::new();
            composed_of(value, &mut parts);
            for part in parts {
                self.compose(part, open, done)?;
            }
        }
        open.pop();
        done.insert(reference.to_owned());
        Ok(())
    }
}

/// The references that `value` is composed of, as opposed to those in its properties and items.
fn composed_of<'v>(value: &'v Value, parts: &mut Vec<&'v str>) {
    parts.extend(value.get("$ref").and_then(Value::as_str));
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in value
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            composed_of(part, parts);
        }
    }
    if let Some(part) = value.get("not") {
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

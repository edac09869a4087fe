//! Reads OpenAPI 3.1 and 3.2 as 3.0, where 3.0 can say the same.

use serde_json::Value;

use crate::yaml::{Data, Node};
use crate::{ObjectKind, Pointer, resolve};

/// The keywords of JSON Schema that OpenAPI 3.0 has no words for.
const UNKNOWN: [&str; 19] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "itemSchema",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Rewrites a document of a newer version in place. One of another version is left as it is.
///
/// # Errors
/// Returns the place and a message if something can't be said in OpenAPI 3.0.
pub(crate) fn convert(document: &mut Node) -> Outcome {
    let version = document.get("openapi").and_then(Node::as_str);
    let is_newer = |version: &str| version.starts_with("3.1.") || version.starts_with("3.2.");
    if !version.is_some_and(is_newer) {
        return Ok(());
    }
    document.insert("openapi", scalar("3.0.3"));
    document.remove("jsonSchemaDialect");
    // What calls a program is not what the program calls.
    if let Some(webhooks) = document.remove("webhooks") {
        document.insert("x-webhooks", webhooks);
    }
    let mut converter = Converter {
        at: Pointer::root(),
    };
    converter.node(document, ObjectKind::Document)
}

/// Replaces path items that are references by what they refer to.
pub(crate) fn inline_path_items(document: &mut Node) {
    let paths = document.get("paths").map_or(&[][..], Node::members);
    let target = |item: &Node| resolve(document, item.get("$ref")?.as_str()?).cloned();
    let targets: Vec<_> = paths.iter().map(|(_, item)| target(item)).collect();
    let items = document
        .get_mut("paths")
        .map_or(&mut [][..], Node::members_mut);
    for ((_, item), target) in items.iter_mut().zip(targets) {
        let Some(target) = target else {
            continue;
        };
        item.remove("$ref");
        for (key, member) in target.members() {
            if item.get(key).is_none() {
                item.insert(key, member.clone());
            }
        }
    }
    if let Some(components) = document.get_mut("components") {
        components.remove("pathItems");
    }
}

struct Converter {
    at: Pointer,
}

type Outcome = Result<(), (Pointer, String)>;

impl Converter {
    fn refuse(&self, key: &str, what: &str) -> Outcome {
        let message = format!("{what}, which OpenAPI 3.0 can't say");
        Err((self.at.child(key), message))
    }

    fn node(&mut self, node: &mut Node, kind: ObjectKind) -> Outcome {
        if kind == ObjectKind::Leaf {
            return Ok(());
        }
        if kind == ObjectKind::Schema {
            self.schema(node)?;
        } else if kind == ObjectKind::MediaType && node.get("itemSchema").is_some() {
            return self.refuse("itemSchema", "the body is a sequence of items");
        }
        match &mut node.data {
            Data::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let end = self.at.enter(&index.to_string());
                    self.node(item, kind.item())?;
                    self.at.leave(end);
                }
            }
            Data::Object(members) => {
                for (key, member) in members {
                    let end = self.at.enter(key);
                    self.node(member, kind.member(key))?;
                    self.at.leave(end);
                }
            }
            Data::Scalar(_) => {}
        }
        Ok(())
    }

    fn schema(&self, node: &mut Node) -> Outcome {
        if let Some(Value::Bool(any)) = node.scalar() {
            let any = *any;
            node.data = Data::Object(Vec::new());
            if !any {
                let nothing = node.clone();
                node.insert("not", nothing);
            }
            return Ok(());
        }
        if let Some(key) = UNKNOWN.iter().find(|key| node.get(key).is_some()) {
            return self.refuse(key, &format!("the schema has `{key}`"));
        }
        for key in ["$comment", "$schema"] {
            node.remove(key);
        }
        self.types(node)?;
        null_alternative(node);
        beside_reference(node);
        if let Some(value) = node.remove("const") {
            node.insert("enum", list([value]));
        }
        self.null_value(node)?;
        if let Some(examples) = node.remove("examples")
            && let (Some(first), None) = (examples.items().first(), node.get("example"))
        {
            node.insert("example", first.clone());
        }
        exclusive_limit(node, "minimum", "exclusiveMinimum", |a, b| a >= b);
        exclusive_limit(node, "maximum", "exclusiveMaximum", |a, b| a <= b);
        let text = |key| node.get(key).and_then(Node::as_str);
        if text("contentEncoding") == Some("base64") && text("format").is_none() {
            node.remove("contentEncoding");
            node.insert("format", scalar("byte"));
        } else if text("type") == Some("array") && node.get("items").is_none() {
            node.insert("items", object([]));
        }
        Ok(())
    }

    /// Takes null out of an enum.
    fn null_value(&self, node: &mut Node) -> Outcome {
        let values = node.get("enum").map_or(&[][..], Node::items);
        let others: Vec<_> = values
            .iter()
            .filter(|value| value.scalar() != Some(&Value::Null))
            .cloned()
            .collect();
        if others.len() == values.len() {
            return Ok(());
        }
        if others.is_empty() {
            return self.refuse("enum", "the only value is null");
        }
        node.insert("enum", list(others));
        if node.get("type").is_none() {
            node.insert("nullable", scalar(true));
        }
        Ok(())
    }

    /// Turns a list of types into one type or alternatives, and `nullable`.
    fn types(&self, node: &mut Node) -> Outcome {
        let types = match node.get("type") {
            Some(kind) if kind.as_str() == Some("null") => {
                return self.refuse("type", "the only value is null");
            }
            Some(types) if !types.items().is_empty() => types.items().to_vec(),
            _ => return Ok(()),
        };
        let is = |name| move |kind: &&Node| kind.as_str() == Some(name);
        let others: Vec<_> = types.iter().filter(|kind| !is("null")(kind)).collect();
        match others.as_slice() {
            [] => return self.refuse("type", "the only value is null"),
            [kind] => node.insert("type", (*kind).clone()),
            kinds if node.get("anyOf").is_some() || kinds.iter().any(is("array")) => {
                return self.refuse("type", "the values are of several types");
            }
            kinds => {
                let alternatives = kinds.iter().map(|kind| object([("type", (*kind).clone())]));
                let alternatives = list(alternatives);
                node.remove("type");
                node.insert("anyOf", alternatives);
            }
        }
        if others.len() < types.len() {
            node.insert("nullable", scalar(true));
        }
        Ok(())
    }
}

/// Turns an alternative that is null into `nullable`.
fn null_alternative(node: &mut Node) {
    let is_null = |part: &Node| part.get("type").and_then(Node::as_str) == Some("null");
    for key in ["anyOf", "oneOf"] {
        let parts = node.get(key).map_or(&[][..], Node::items);
        let mut others: Vec<_> = parts
            .iter()
            .filter(|part| !is_null(part))
            .cloned()
            .collect();
        if others.len() == parts.len() {
            continue;
        }
        node.insert("nullable", scalar(true));
        if others.len() == 1 {
            node.remove(key);
            let parts = node.get("allOf").map_or(&[][..], Node::items);
            others.extend(parts.iter().cloned());
            node.insert("allOf", list(others));
        } else {
            node.insert(key, list(others));
        }
    }
}

/// Moves a reference into `allOf` if something stands beside it, which only newer versions take into account.
fn beside_reference(node: &mut Node) {
    if node.members().len() > 1
        && let Some(reference) = node.remove("$ref")
    {
        let parts = node.get("allOf").map_or(&[][..], Node::items).to_vec();
        let reference = object([("$ref", reference)]);
        node.insert("allOf", list([reference].into_iter().chain(parts)));
    }
}

/// Turns an exclusive limit that is a number into a limit that is said to be exclusive, unless the other one is tighter.
fn exclusive_limit(
    node: &mut Node,
    limit: &str,
    exclusive: &str,
    is_tighter: fn(f64, f64) -> bool,
) {
    let number = |key| node.get(key)?.scalar()?.as_f64();
    let Some(exclusive_at) = number(exclusive) else {
        return;
    };
    let decides = number(limit).is_none_or(|limit| is_tighter(exclusive_at, limit));
    if let Some(value) = node.remove(exclusive)
        && decides
    {
        node.insert(limit, value);
        node.insert(exclusive, scalar(true));
    }
}

fn scalar(value: impl Into<Value>) -> Node {
    Node::from(&value.into())
}

fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node {
        line: 0,
        data: Data::List(items.into_iter().collect()),
    }
}

fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
    let mut object = Node {
        line: 0,
        data: Data::Object(Vec::new()),
    };
    for (key, member) in members {
        object.insert(key, member);
    }
    object
}

#[cfg(test)]
mod tests;

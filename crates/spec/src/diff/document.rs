//! Compares what applies to the full API.

use std::collections::{BTreeMap, BTreeSet};

use crate::Pointer;
use serde_json::Value;

use super::compare::{Comparison, Place};
use super::entry::Class;
use super::reach::Directions;

const NULL: &Value = &Value::Null;

impl Comparison<'_> {
    /// Compares the top level, except for tags, paths and components.
    pub(super) fn head(&mut self) {
        let (a, b, root) = (self.a, self.b, root());
        let known = [
            "openapi",
            "info",
            "servers",
            "security",
            "tags",
            "paths",
            "components",
        ];
        self.annotations(
            member(a, "info"),
            member(b, "info"),
            &root.child("info"),
            &[],
        );
        self.annotations(a, b, &root, &known);
        self.servers(a, b, &root);
        self.security(a, b, &root);
    }

    pub(super) fn servers(&mut self, a: &Value, b: &Value, place: &Place) {
        let (old, new) = (a.get("servers"), b.get("servers"));
        let place = place.child("servers");
        if addresses(old) != addresses(new) {
            let message = format!(
                "served at {}, before at {}",
                listed(&addresses(new)),
                listed(&addresses(old))
            );
            self.changed(Class::Breaking, "servers-changed", &place, message);
        } else if old != new {
            self.changed(
                Class::Documentation,
                "description-changed",
                &place,
                "the servers are described differently".to_owned(),
            );
        }
    }

    pub(super) fn security(&mut self, a: &Value, b: &Value, place: &Place) {
        if a.get("security") != b.get("security") {
            let message = "authentication is asked for differently".to_owned();
            self.changed(
                Class::Breaking,
                "security-changed",
                &place.child("security"),
                message,
            );
        }
    }

    /// Compares the tags: all, or those that are used.
    pub(super) fn tags(&mut self, used: Option<&BTreeSet<String>>) {
        let (old, new) = (tags(self.a), tags(self.b));
        let names: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        for name in names
            .into_iter()
            .filter(|name| used.is_none_or(|used| used.contains(*name)))
        {
            let at = |tags: &BTreeMap<&str, (usize, &Value)>| {
                let tags_at = Pointer::root().child("tags");
                tags.get(name)
                    .map_or(tags_at.clone(), |(index, _)| tags_at.child(index))
            };
            let place = Place {
                a: at(&old),
                b: at(&new),
                ..root()
            };
            match (old.get(name), new.get(name)) {
                (Some((_, a)), Some((_, b))) => self.annotations(a, b, &place, &["name"]),
                (Some(_), None) => self.removed(
                    Class::Documentation,
                    "tag-removed",
                    &place,
                    format!("the tag `{name}` was removed"),
                ),
                _ => self.added(
                    Class::Documentation,
                    "tag-added",
                    &place,
                    format!("the tag `{name}` was added"),
                ),
            }
        }
    }

    /// Compares the security schemes. A document that covers a part of the API may lack some.
    pub(super) fn security_schemes(&mut self, complete: bool) {
        let schemes = |document| -> BTreeMap<String, Value> {
            let schemes = member(member(document, "components"), "securitySchemes").as_object();
            schemes
                .into_iter()
                .flatten()
                .map(|(name, scheme)| (name.clone(), scheme.clone()))
                .collect()
        };
        let (old, new) = (schemes(self.a), schemes(self.b));
        let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for name in names {
            let place = root()
                .child("components")
                .child("securitySchemes")
                .child(name);
            match (old.get(name), new.get(name)) {
                (Some(a), Some(b)) => self.security_scheme(a, b, &place, name),
                (Some(_), None) if complete => {
                    self.removed(
                        Class::Breaking,
                        "security-scheme-removed",
                        &place,
                        format!("the security scheme `{name}` was removed"),
                    );
                }
                (None, Some(_)) if complete => {
                    self.added(
                        Class::Additive,
                        "security-scheme-added",
                        &place,
                        format!("the security scheme `{name}` was added"),
                    );
                }
                _ => {}
            }
        }
    }

    fn security_scheme(&mut self, a: &Value, b: &Value, place: &Place, name: &str) {
        const MEANING: [&str; 6] = ["type", "scheme", "name", "in", "flows", "openIdConnectUrl"];
        for key in MEANING.iter().filter(|key| a.get(key) != b.get(key)) {
            let message = format!("`{key}` of the security scheme `{name}` was changed");
            self.changed(
                Class::Breaking,
                "security-scheme-changed",
                &place.child(key),
                message,
            );
        }
        self.annotations(a, b, place, &MEANING);
    }
}

/// The root of both documents.
pub(super) fn root() -> Place {
    Place {
        a: Pointer::root(),
        b: Pointer::root(),
        name: String::new(),
        operation: None,
        directions: Directions::default(),
        reaches: String::new(),
    }
}

fn member<'v>(value: &'v Value, key: &str) -> &'v Value {
    value.get(key).unwrap_or(NULL)
}

fn tags(document: &Value) -> BTreeMap<&str, (usize, &Value)> {
    let list = member(document, "tags")
        .as_array()
        .into_iter()
        .flatten()
        .enumerate();
    list.filter_map(|(index, tag)| Some((tag.get("name")?.as_str()?, (index, tag))))
        .collect()
}

fn addresses(servers: Option<&Value>) -> Vec<&str> {
    let list = servers.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|server| server.get("url")?.as_str())
        .collect()
}

fn listed(addresses: &[&str]) -> String {
    if addresses.is_empty() {
        "no stated address".to_owned()
    } else {
        addresses.join(", ")
    }
}

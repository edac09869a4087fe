//! Assignments to members, such as `autoscaling.max=8`.

use coreweave_inference_apply::schema::{Member, Shape, suggest};
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::kind::Kind;

/// Reads assignments as the members that an update changes.
pub(crate) fn parse(kind: Kind, assignments: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut body = Map::new();
    let mut paths = Vec::new();
    for assignment in assignments {
        let (path, text) = assignment.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "`--set {assignment}` lacks a value; use PATH=VALUE, such as {}",
                example(kind)
            ))
        })?;
        match path {
            "" => {
                return Err(Failure::usage(format!(
                    "`--set {assignment}` lacks a path; use PATH=VALUE, such as {}",
                    example(kind)
                )));
            }
            "id" => {
                return Err(Failure::usage(format!(
                    "the `id` of a {} cannot change",
                    kind.noun()
                )));
            }
            _ => {}
        }
        if paths.contains(&path) {
            return Err(Failure::usage(format!("`--set {path}` is given twice")));
        }
        paths.push(path);
        let member = kind.schema().at(path).ok_or_else(|| unknown(kind, path))?;
        let shape = member.shape();
        if let Some(second) = second_assignment(kind, text) {
            return Err(Failure::usage(format!(
                "`--set {path}` has two assignments; repeat --set for `{second}`, or write the text in double quotes"
            )));
        }
        let value = match text {
            "null" => Value::Null,
            _ => value(shape, text).ok_or_else(|| mismatch(path, member, text))?,
        };
        insert(kind.schema(), &mut body, path, value);
    }
    Ok(body)
}

/// The path of an assignment that follows a comma in a value, as other tools take it.
fn second_assignment(kind: Kind, text: &str) -> Option<&str> {
    if text.starts_with(['"', '[', '{']) {
        return None;
    }
    let parts = text.split(',').skip(1);
    let mut paths = parts.filter_map(|part| Some(part.split_once('=')?.0.trim()));
    paths.find(|path| kind.schema().at(path).is_some())
}

/// Says what a value must be. One that may be or hold a secret is not shown.
fn mismatch(path: &str, member: Member, text: &str) -> Failure {
    let shape = member.shape();
    let more = match shape {
        Shape::Text => "; what begins with a double quote must be JSON".to_owned(),
        Shape::Map => format!("; set its entries, such as `{path}.NAME=VALUE`, or write JSON"),
        Shape::Object => match member.members().next() {
            Some((name, _)) => {
                format!("; set its members, such as `{path}.{name}=VALUE`, or write JSON")
            }
            None => "; write {}".to_owned(),
        },
        _ => format!(", not `{text}`"),
    };
    Failure::usage(format!("`{path}` must be {}{more}", shape.noun()))
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Deployments => "autoscaling.max=8",
        Kind::Gateways => "bodyBasedRouting={}",
        _ => "resources.instanceCount=4",
    }
}

fn unknown(kind: Kind, path: &str) -> Failure {
    let message = format!("a {} has no member `{path}`", kind.noun());
    let paths = kind.schema().paths();
    let last = path.rsplit('.').next().unwrap_or(path);
    let ends_alike = |candidate: &&String| candidate.ends_with(&format!(".{last}"));
    let suggestion = suggest(path, &paths).or_else(|| paths.iter().find(ends_alike));
    Failure::usage(match suggestion {
        Some(suggestion) => format!("{message}; did you mean `{suggestion}`?"),
        None => format!(
            "{message}; `cwinf {} get NAME -o yaml` shows the members",
            kind.name()
        ),
    })
}

fn value(shape: Shape, text: &str) -> Option<Value> {
    match shape {
        // A text in double quotes is JSON, so that any text can be given.
        Shape::Text if text.starts_with('"') => {
            serde_json::from_str::<String>(text).ok().map(Value::from)
        }
        Shape::Text | Shape::Enum => Some(text.into()),
        Shape::Number => text.parse::<u64>().ok().map(Value::from),
        Shape::Flag => text.parse::<bool>().ok().map(Value::from),
        Shape::List if text.starts_with('[') => serde_json::from_str(text).ok(),
        Shape::List => Some(text.split(',').filter(|item| !item.is_empty()).collect()),
        Shape::Map | Shape::Object => {
            let object: Map<String, Value> = serde_json::from_str(text).ok()?;
            Some(object.into())
        }
    }
}

/// Sets the member at a path; a key of a map may have dots.
fn insert(object: Member, body: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((name, rest)) = path.split_once('.') else {
        body.insert(path.to_owned(), value);
        return;
    };
    let inner = body.entry(name).or_insert_with(|| Map::new().into());
    if !inner.is_object() {
        *inner = Map::new().into();
    }
    let Value::Object(inner) = inner else {
        return;
    };
    match object.at(name) {
        Some(member) if member.shape() == Shape::Object => insert(member, inner, rest, value),
        _ => {
            inner.insert(rest.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(assignments: &[&str]) -> Result<Value, String> {
        let assignments: Vec<_> = assignments.iter().map(ToString::to_string).collect();
        match parse(Kind::Deployments, &assignments) {
            Ok(body) => Ok(body.into()),
            Err(failure) => Err(format!("{failure:?}")),
        }
    }

    #[test]
    fn values_have_the_type_of_their_member() {
        let assignments = [
            "autoscaling.max=8",
            "autoscaling.min=2",
            "autoscaling.priority=null",
            "disabled=true",
            "runtime.version=1.0",
            "model.bucket=a,b=c",
            "model.path=\"v2,model.bucket=b\"",
            "gateways=chat,batch",
            "runtime.engineConfig.max-model-len=8192",
            "runtime.engineConfig.cache.size=1",
            "runtime.engineEnv={\"A\": \"b=c\"}",
            "gatewayIds=a,b",
            "autoscaling.capacityClasses=[\"CAPACITY_CLASS_RESERVED\"]",
        ];
        assert_eq!(
            deployment(&assignments),
            Ok(json!({
                "autoscaling": {"max": 8, "min": 2, "priority": null, "capacityClasses": ["CAPACITY_CLASS_RESERVED"]},
                "disabled": true,
                "gateways": ["chat", "batch"],
                "model": {"bucket": "a,b=c", "path": "v2,model.bucket=b"},
                "runtime": {"version": "1.0", "engineConfig": {"max-model-len": "8192", "cache.size": "1"}, "engineEnv": {"A": "b=c"}},
                "gatewayIds": ["a", "b"],
            }))
        );
    }

    #[test]
    fn a_member_is_set_once() {
        let error = deployment(&["disabled=true", "disabled=false"]).unwrap_err();
        assert!(error.contains("`--set disabled` is given twice"), "{error}");
    }

    #[test]
    fn a_mistake_does_not_show_what_may_be_a_secret() {
        for assignment in [
            "runtime.engineEnv=HF_TOKEN=planted",
            "runtime.engineEnv.HF_TOKEN=\"planted",
            "runtime.engineEnv.HF_TOKEN=planted,runtime.engineEnv.OTHER=planted",
        ] {
            let error = deployment(&[assignment]).unwrap_err();
            assert!(!error.contains("planted"), "{error}");
        }
    }

    #[test]
    fn mistakes_are_explained() {
        for (assignment, expected) in [
            ("autoscaling.mx=8", "did you mean `autoscaling.max`?"),
            ("max=8", "did you mean `autoscaling.max`?"),
            (
                "colour=8",
                "`cwinf deployments get NAME -o yaml` shows the members",
            ),
            (
                "autoscaling.max=many",
                "`autoscaling.max` must be an integer, not `many`",
            ),
            ("disabled=1", "`disabled` must be true or false, not `1`"),
            (
                "autoscaling=8",
                "`autoscaling` must be an object; set its members, such as `autoscaling.capacityClasses=VALUE`, or write JSON",
            ),
            ("=8", "`--set =8` lacks a path; use PATH=VALUE"),
            ("id=x", "the `id` of a deployment cannot change"),
            (
                "autoscaling.max",
                "use PATH=VALUE, such as autoscaling.max=8",
            ),
            (
                "traffic.weight=.nan",
                "`traffic.weight` must be an integer, not `.nan`",
            ),
            (
                "model.path=v2,model.bucket=b",
                "has two assignments; repeat --set for `model.bucket`",
            ),
            (
                "gateways=a,traffic.weight=5",
                "has two assignments; repeat --set for `traffic.weight`",
            ),
        ] {
            let error = deployment(&[assignment]).unwrap_err();
            assert!(error.contains(expected), "{assignment}: {error}");
        }
    }
}

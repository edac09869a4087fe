//! Templates of manifests.

use coreweave_inference_apply::schema::{Member, Shape};
use serde_json::Value;

use crate::command::explain::wrapped;
use crate::kind::Kind;
use crate::output;
use crate::text::Text;

/// Values that make an example: for required members, and for the one of several that a resource needs.
const EXAMPLES: [(Kind, &str, &str); 22] = [
    (Kind::Gateways, "name", "my-gateway"),
    (Kind::Gateways, "zones", "[US-EAST-04A]"),
    (Kind::Gateways, "coreWeaveAuth", "{}"),
    (
        Kind::Gateways,
        "bodyBasedRouting.apiType",
        "API_TYPE_OPENAI",
    ),
    (Kind::Deployments, "name", "my-deployment"),
    (Kind::Deployments, "gateways", "[my-gateway]"),
    (Kind::Deployments, "runtime.engine", "vllm"),
    (Kind::Deployments, "resources.instanceType", "gb200-4x"),
    (Kind::Deployments, "resources.gpuCount", "4"),
    (Kind::Deployments, "model.name", "my-model"),
    (Kind::Deployments, "model.bucket", "my-bucket"),
    (Kind::Deployments, "model.path", "my-model"),
    (Kind::Deployments, "autoscaling.min", "1"),
    (Kind::Deployments, "autoscaling.max", "1"),
    (Kind::Deployments, "traffic.weight", "100"),
    (Kind::Claims, "name", "my-claim"),
    (Kind::Claims, "resources.instanceId", "gb200-4x"),
    (Kind::Claims, "resources.instanceCount", "1"),
    (Kind::Claims, "resources.zones", "[US-EAST-04A]"),
    (
        Kind::Claims,
        "resources.capacityType",
        "CAPACITY_TYPE_MANAGED",
    ),
    (
        Kind::HotLoads,
        "deploymentId",
        "00000000-0000-4000-8000-000000000000",
    ),
    (Kind::HotLoads, "identity", "step-100"),
];

/// Members that a template leaves out: those that the service or the client sets, and ids that have a name.
const LEFT_OUT: [&str; 4] = ["id", "gatewayIds", "hotLoadId", "kind"];

/// Prints a manifest of a kind with every member: what is not needed is commented out.
pub(crate) fn print(kind: Kind) {
    let all = kind.schema();
    let mut lines = comment(all.description(), "");
    if kind == Kind::HotLoads {
        lines.push("# Create it with: cwinf hot-loads create -f FILE".to_owned());
    } else {
        lines.push("# Create it with: cwinf apply -f FILE".to_owned());
        lines.push(format!("kind: {}", kind.schema_name()));
    }
    let template = Template { kind };
    template.members(all, "", "", true, &mut lines);
    output::write(&Text::default().lines(lines));
}

struct Template {
    kind: Kind,
}

impl Template {
    /// Adds the members of an object: first those that are given, then those that are commented out.
    fn members(
        &self,
        object: Member,
        path: &str,
        indent: &str,
        is_given: bool,
        lines: &mut Vec<String>,
    ) {
        let members = object
            .members()
            .filter(|(name, _)| !LEFT_OUT.contains(name));
        let members = members.map(|(name, member)| {
            let path = match path {
                "" => name.to_owned(),
                path => format!("{path}.{name}"),
            };
            (name, member, self.is_given(&path, member), path)
        });
        let (given, others): (Vec<_>, Vec<_>) = members.partition(|(_, _, is_given, _)| *is_given);
        // The name comes first, as in exports.
        let (names, given): (Vec<_>, Vec<_>) =
            given.into_iter().partition(|(name, ..)| *name == "name");
        for (name, member, is_member_given, path) in names.into_iter().chain(given).chain(others) {
            let is_given = is_given && is_member_given;
            if indent.is_empty() {
                lines.push(String::new());
            }
            lines.extend(comment(member.description(), indent));
            let mark = if is_given { "" } else { "# " };
            let example = self.example(&path);
            if example.is_none() && member.members().next().is_some() {
                lines.push(format!("{indent}{mark}{name}:"));
                let deeper = format!("{indent}  ");
                self.members(member, &path, &deeper, is_given, lines);
            } else {
                let value = example.map_or_else(|| placeholder(member), str::to_owned);
                lines.push(format!("{indent}{mark}{name}: {value}"));
            }
        }
    }

    fn example(&self, path: &str) -> Option<&'static str> {
        let mut examples = EXAMPLES.iter();
        let found = examples.find(|(kind, known, _)| *kind == self.kind && *known == path);
        found.map(|(.., value)| *value)
    }

    /// Whether a member is needed, or has an example inside.
    fn is_given(&self, path: &str, member: Member) -> bool {
        let inside = format!("{path}.");
        member.is_required()
            || EXAMPLES.iter().any(|(kind, example, _)| {
                *kind == self.kind && (*example == path || example.starts_with(&inside))
            })
    }
}

/// A value of the right type.
fn placeholder(member: Member) -> String {
    if let Some(default) = member.default() {
        return match default {
            Value::String(text) => text.clone(),
            default => default.to_string(),
        };
    }
    match member.shape() {
        Shape::Text => "text",
        Shape::Enum => member.names().first().copied().unwrap_or_default(),
        Shape::Number => "1",
        Shape::Flag => "false",
        Shape::List => "[]",
        Shape::Map | Shape::Object => "{}",
    }
    .to_owned()
}

fn comment(text: &str, indent: &str) -> Vec<String> {
    wrapped(text, &format!("{indent}# "))
}

//! What the details of an error say beyond its message, which names the violations.

use coreweave_inference::error::Detail;
use serde_json::Value;

/// The longest unknown detail that is shown.
const LONGEST: usize = 300;

/// The lines that a detail adds to an error with this message.
pub(super) fn lines(detail: &Detail, message: &str) -> Vec<String> {
    match detail {
        Detail::ErrorInfo(info) => {
            let mut line = format!("reason: {}", info.reason);
            if !info.domain.is_empty() {
                line += &format!(" ({})", info.domain);
            }
            let metadata = info.metadata.iter();
            let metadata = metadata.map(|(name, value)| format!("{name}: {value}"));
            std::iter::once(line).chain(metadata).collect()
        }
        Detail::Other(json) => other(json, message),
        _ => Vec::new(),
    }
}

/// The texts of a detail that no program acts on.
fn other(json: &Value, message: &str) -> Vec<String> {
    let text = |json: &Value, member: &str| {
        let text = json.get(member).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    match text(json, "@type").rsplit('/').next() {
        Some("google.rpc.LocalizedMessage") => {
            let localized = text(json, "message");
            match message.contains(&localized) {
                true => Vec::new(),
                false => vec![localized],
            }
        }
        Some("google.rpc.Help") => {
            let links = json.get("links").and_then(Value::as_array);
            let line = |link| match text(link, "description").as_str() {
                "" => format!("see {}", text(link, "url")),
                description => format!("{description}: {}", text(link, "url")),
            };
            links.into_iter().flatten().map(line).collect()
        }
        Some("google.rpc.ResourceInfo") => {
            let resource = ["resourceType", "resourceName", "owner", "description"];
            let texts = resource.map(|member| text(json, member));
            let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
            vec![format!("resource: {}", texts.join(" "))]
        }
        Some("google.rpc.DebugInfo") => vec![text(json, "detail")],
        _ => {
            let mut line: String = json.to_string().chars().take(LONGEST).collect();
            line.insert_str(0, "detail: ");
            vec![line]
        }
    }
}

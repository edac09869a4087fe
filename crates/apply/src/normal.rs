//! How the service normalizes values: which of them are equivalent.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value};

/// Members of which a spec has exactly one; setting one clears the others. An empty object counts as set.
pub(crate) const ONE_OF: &[&[&str]] = &[
    &["coreWeaveAuth", "weightsAndBiasesAuth"],
    &["bodyBasedRouting", "headerBasedRouting", "pathBasedRouting"],
];

/// Members that the service sets itself where a request does not.
pub(crate) const CHOSEN_BY_SERVICE: &[&str] = &["runtime.version", "zones"];

/// Lists whose order does not matter.
const UNORDERED: &[&str] = &[
    "additionalDns",
    "allowedSourceIpRanges",
    "gatewayIds",
    "zones",
];

/// Members whose values are case-insensitive.
const ANY_CASE: &[&str] = &[
    "additionalDns",
    "gatewayIds",
    "id",
    "instanceId",
    "instanceType",
    "zones",
];

/// Objects with any keys, whose entries are kept as they are.
const MAPS: &[&str] = &["engineConfig", "engineEnv"];

/// Values that are equivalent to an absent member.
const DEFAULTS: &[&str] = &["", "EDGE_PROXY_MODE_MANAGED"];

/// Capacity types that were withdrawn. Claims that were made with one read as managed, sooner or later.
const WITHDRAWN: &[&str] = &["CAPACITY_TYPE_CUSTOMER", "CAPACITY_TYPE_SERVERLESS"];

/// Whether the entries of an object are kept as they are.
pub(crate) fn is_map(name: &str) -> bool {
    MAPS.contains(&name)
}

/// The canonical form of a value, in which equivalent values are equal; `None` if it is equivalent to an absent member.
pub(crate) fn canonical(name: &str, value: Option<&Value>) -> Option<Value> {
    match value? {
        Value::Null | Value::Bool(false) => None,
        Value::Number(number) if number.as_f64() == Some(0.0) => None,
        Value::String(text) => text_form(name, text).map(Value::from),
        Value::Array(items) => {
            let mut items: Vec<_> = items
                .iter()
                .filter_map(|item| canonical(name, Some(item)))
                .collect();
            if UNORDERED.contains(&name) {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            (!items.is_empty()).then(|| items.into())
        }
        Value::Object(entries) if is_map(name) => {
            let entries: Map<_, _> = entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            (!entries.is_empty()).then(|| entries.into())
        }
        Value::Object(members) => {
            let members: Map<_, _> = members
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), canonical(name, Some(value))?)))
                .collect();
            let counts_as_set = ONE_OF.iter().any(|group| group.contains(&name));
            (counts_as_set || !members.is_empty()).then(|| members.into())
        }
        value => Some(value.clone()),
    }
}

fn text_form(name: &str, text: &str) -> Option<String> {
    if DEFAULTS.contains(&text) || text.ends_with("_UNSPECIFIED") {
        return None;
    }
    Some(match name {
        "capacityType" if WITHDRAWN.contains(&text) => "CAPACITY_TYPE_MANAGED".to_owned(),
        "allowedSourceIpRanges" => network(text).unwrap_or_else(|| text.to_owned()),
        name if ANY_CASE.contains(&name) => text.to_ascii_uppercase(),
        _ => text.to_owned(),
    })
}

/// The canonical form of a CIDR range.
fn network(range: &str) -> Option<String> {
    let (address, length) = range.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let network: IpAddr = match address.parse().ok()? {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(length)?);
            Ipv4Addr::from_bits(address.to_bits() & mask.unwrap_or(0)).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(length)?);
            Ipv6Addr::from_bits(address.to_bits() & mask.unwrap_or(0)).into()
        }
    };
    Some(format!("{network}/{length}"))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn equivalent_ranges_have_one_form() {
        for (range, expected) in [
            ("2001:DB8:0:0::/32", Some("2001:db8::/32")),
            ("192.0.2.7/24", Some("192.0.2.0/24")),
            ("192.0.2.7/32", Some("192.0.2.7/32")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("::/0", Some("::/0")),
            ("192.0.2.0/33", None),
            ("192.0.2.0", None),
            ("example.com/8", None),
        ] {
            assert_eq!(network(range).as_deref(), expected, "{range}");
        }
    }
}

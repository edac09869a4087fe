use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_core::Deserialize;
use serde_core::de::value::MapDeserializer;
use serde_json::{Map, Value, json};

use super::deserialize;
use crate::types::ResourceStatus;

/// A message with a member of each type.
#[derive(Clone, Debug, Default, PartialEq)]
struct Thing {
    name: Option<String>,
    small: u32,
    big: Option<i64>,
    unsigned: Option<u64>,
    ratio: Option<f64>,
    at: Option<DateTime<Utc>>,
    on: bool,
    status: Option<ResourceStatus>,
    zones: Vec<String>,
    kept: Vec<String>,
    labels: HashMap<String, u32>,
    parent: Option<Box<Thing>>,
    any: Option<Value>,
    extra: Map<String, Value>,
}

super::message! {
    Thing {
        name => "name", small => "small", big => "big", unsigned => "unsigned", ratio => "ratio", at => "at", on => "on",
        status => "status", zones => "zones", kept => "kept" always, labels => "labels", parent => "parent", any => "any",
    } extra
}

fn decode(json: &str) -> Result<Thing, String> {
    let thing = serde_json::from_str::<Thing>(json).map_err(|error| error.to_string());
    // Whatever the input, another deserializer gives the same.
    if let Ok(value) = serde_json::from_str::<Value>(json) {
        assert_eq!(Thing::deserialize(value).is_ok(), thing.is_ok(), "{json}");
    }
    thing
}

fn number(text: &str) -> Thing {
    decode(&format!("{{\"small\": {text}}}")).unwrap()
}

#[test]
fn unset_members_are_the_default() {
    for json in [
        "{}",
        r#"{"name": null, "small": null, "big": null, "at": null, "on": null, "zones": null, "labels": null, "parent": null, "any": null}"#,
        r#"{"at": "", "small": "", "big": "", "ratio": "", "zones": [], "labels": {}}"#,
        r#"{"at": "0001-01-01T00:00:00Z"}"#,
    ] {
        assert_eq!(decode(json), Ok(Thing::default()), "{json}");
    }
}

#[test]
fn unset_members_are_not_written_but_required_ones_are() {
    let written = serde_json::to_value(Thing::default()).unwrap();
    assert_eq!(written, json!({"small": 0, "on": false, "kept": []}));
}

#[test]
fn integers_may_be_numbers_text_and_floats_without_a_fraction() {
    for text in [
        "4",
        r#""4""#,
        "4.0",
        r#""4.0""#,
        "4e0",
        "0.4e1",
        r#""40e-1""#,
    ] {
        assert_eq!(number(text).small, 4, "{text}");
    }
    assert_eq!(number("-0").small, 0);
    let big = decode(r#"{"big": "-9223372036854775808", "unsigned": "18446744073709551615"}"#);
    let big = big.unwrap();
    assert_eq!((big.big, big.unsigned), (Some(i64::MIN), Some(u64::MAX)));
    let exact = decode(r#"{"big": 9007199254740991.0}"#).unwrap();
    assert_eq!(exact.big, Some(9_007_199_254_740_991));
}

#[test]
fn other_values_of_a_member_are_errors_that_say_what_was_expected() {
    for (json, expected) in [
        (r#"{"small": 4.5}"#, "expected u32"),
        (r#"{"small": -1}"#, "expected u32"),
        (r#"{"small": 4294967296}"#, "expected u32"),
        (r#"{"small": "four"}"#, "expected u32"),
        (r#"{"small": 1e300}"#, "expected u32"),
        (r#"{"small": true}"#, "expected u32"),
        (r#"{"big": 9007199254740993.0}"#, "expected i64"),
        (r#"{"big": "-1e18"}"#, "expected i64"),
        (r#"{"ratio": "half"}"#, "expected a number"),
        (r#"{"name": 4}"#, "integer `4`, expected a string"),
        (r#"{"on": "true"}"#, "expected a boolean"),
        (r#"{"at": "soon"}"#, "expected an RFC 3339 timestamp"),
        (r#"{"zones": {}}"#, "map, expected a list"),
        (r#"{"zones": [null]}"#, "expected a string"),
        (r#"{"labels": []}"#, "sequence, expected an object"),
        (r#"{"labels": {"a": null}}"#, "expected u32"),
        (r#"{"parent": []}"#, "expected struct Thing"),
        (
            r#"{"status": []}"#,
            "expected the name or number of an enum value",
        ),
        (
            r#"{"parent": {"parent": {"small": {}}}}"#,
            "expected u32 at line 1 column",
        ),
        (r#"{"extra": {"unfinished"#, "EOF"),
        ("[]", "expected struct Thing"),
        ("null", "expected struct Thing"),
    ] {
        let error = decode(json).unwrap_err();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn floats_may_be_text() {
    for (text, expected) in [
        ("2", 2.0),
        ("2.5", 2.5),
        (r#""2.5""#, 2.5),
        (r#""-Infinity""#, f64::NEG_INFINITY),
    ] {
        let thing = decode(&format!("{{\"ratio\": {text}}}")).unwrap();
        assert_eq!(thing.ratio, Some(expected));
    }
}

#[test]
fn timestamps_keep_nine_digits_and_are_in_utc() {
    let thing = decode(r#"{"at": "2026-02-03T06:05:06.123456789+02:00"}"#).unwrap();
    let written = serde_json::to_value(&thing).unwrap();
    assert_eq!(written["at"], "2026-02-03T04:05:06.123456789Z");
}

#[test]
fn unknown_members_are_kept_in_every_message() {
    let json = json!({
        "small": 1, "on": true, "kept": [], "new": {"deep": [1, 1.5, -1, null, "text", {"a": false}]},
        "parent": {"small": 2, "on": false, "kept": ["a"], "newer": 18_446_744_073_709_551_615_u64},
        "any": {"of": ["this"]},
    });
    let thing = decode(&json.to_string()).unwrap();
    assert_eq!(thing.extra["new"]["deep"][0], 1);
    assert_eq!(serde_json::to_value(&thing).unwrap(), json);
}

/// The crate serde_json passes numbers like this if any crate of a program selects its feature `arbitrary_precision`.
#[test]
fn numbers_of_arbitrary_precision_decode() {
    for (text, expected) in [("4", Some(4)), ("4.0", Some(4)), ("4.5", None), ("x", None)] {
        let number = MapDeserializer::new([("$serde_json::private::Number", text)].into_iter());
        let decoded: Result<u32, serde_core::de::value::Error> = deserialize(number);
        assert_eq!(decoded.ok(), expected, "{text}");
    }
}

/// Numbers that survive a trip through text, which serde_json does not promise for every float.
fn quarters() -> impl Strategy<Value = f64> {
    any::<i32>().prop_map(|quarters| f64::from(quarters) / 4.0)
}

fn thing() -> impl Strategy<Value = Thing> {
    let time = prop::option::of((-62_135_596_799_i64..253_402_300_800, 0..1_000_000_000_u32))
        .prop_map(|time| {
            time.and_then(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos))
        });
    let numbers = (
        any::<u32>(),
        any::<Option<i64>>(),
        any::<Option<u64>>(),
        prop::option::of(quarters()),
    );
    let texts = || prop::collection::vec(any::<String>(), 0..3);
    let labels = prop::collection::hash_map(any::<String>(), any::<u32>(), 0..3);
    let lists = (texts(), texts(), labels);
    (any::<Option<String>>(), numbers, time, any::<bool>(), lists).prop_map(
        |(name, (small, big, unsigned, ratio), at, on, (zones, kept, labels))| Thing {
            name,
            small,
            big,
            unsigned,
            ratio,
            at,
            on,
            status: Some(ResourceStatus::Ready),
            zones,
            kept,
            labels,
            ..Thing::default()
        },
    )
}

/// The same message as a printer of protobuf JSON writes it: 64-bit integers as text, integral numbers perhaps as floats, an
/// enum as its number.
fn as_printed(thing: &Thing, floats: bool) -> Value {
    let mut json = serde_json::to_value(thing).unwrap();
    for member in ["big", "unsigned"] {
        if let Some(number) = json.get_mut(member) {
            *number = number.to_string().into();
        }
    }
    json["status"] = if floats { json!(6.0) } else { json!(6) };
    if floats {
        json["small"] = f64::from(thing.small).into();
    }
    json
}

proptest! {
    #[test]
    fn what_is_written_decodes_to_the_same(thing in thing(), parent in thing(), floats: bool) {
        let thing = Thing { parent: Some(Box::new(parent)), ..thing };
        let json = serde_json::to_string(&thing).unwrap();
        prop_assert_eq!(decode(&json), Ok(thing.clone()));
        let printed = as_printed(&thing, floats).to_string();
        prop_assert_eq!(decode(&printed), Ok(thing));
    }

    /// No input makes decoding panic, and what decodes survives a round trip.
    #[test]
    fn any_json_decodes_or_is_an_error(
        members in prop::collection::btree_map(
            prop::sample::select(vec!["name", "small", "big", "ratio", "at", "on", "status", "zones", "labels", "parent", "any", "new"]),
            prop_oneof![
                Just(json!(null)), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from),
                quarters().prop_map(Value::from), any::<String>().prop_map(Value::from),
                prop::collection::vec(any::<String>(), 0..3).prop_map(Value::from), Just(json!({"name": "inner"})),
            ],
            0..6,
        )
    ) {
        let json = serde_json::to_string(&members).unwrap();
        if let Ok(thing) = decode(&json) {
            let again = serde_json::to_string(&thing).unwrap();
            prop_assert_eq!(decode(&again), Ok(thing));
        }
    }
}

//! Arbitrary messages, generated from the schemas of the vendored spec.

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeZone, Utc};
use coreweave_inference_spec as spec;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// How closely a sender follows the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// All required members are present, and all enum values and members are known.
    ByTheSpec,
    /// As protobuf JSON and later versions of the service: members are absent, `null`, empty or unknown; enum values are
    /// unknown, zero or numbers.
    Careless,
}

/// Returns values of `schema`.
pub(crate) fn message(document: &Value, schema: &Value, sender: Sender) -> BoxedStrategy<Value> {
    let schema = resolved(document, schema);
    if let Some(known) = schema.get("enum").and_then(Value::as_array) {
        return enum_value(known.clone(), sender);
    }
    let format = schema.get("format").and_then(Value::as_str);
    match (schema["type"].as_str().unwrap(), format) {
        ("string", Some("date-time")) => timestamp(sender),
        ("string", None) => ".{0,8}".prop_map(Value::from).boxed(),
        ("integer", Some("uint32")) => any::<u32>().prop_map(Value::from).boxed(),
        ("integer", Some("int32")) => any::<i32>().prop_map(Value::from).boxed(),
        ("boolean", None) => any::<bool>().prop_map(Value::from).boxed(),
        ("array", None) => vec(message(document, &schema["items"], sender), 0..3)
            .prop_map(Value::from)
            .boxed(),
        ("object", None) => match schema.get("additionalProperties") {
            Some(values) if values.is_object() => {
                btree_map(".{0,8}", message(document, values, sender), 0..3)
                    .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into())
                    .boxed()
            }
            _ => object(document, schema, sender),
        },
        other => panic!("no values for the type and format {other:?}: teach this test"),
    }
}

/// Follows a `$ref`, also in an `allOf`.
pub(crate) fn resolved<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let reference = schema.pointer("/allOf/0/$ref").or(schema.get("$ref"));
    match reference.and_then(Value::as_str) {
        Some(reference) => resolved(document, spec::resolve(document, reference).unwrap()),
        None => schema,
    }
}

/// Returns whether `schema` requires a member.
pub(crate) fn is_required(schema: &Value, member: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == member))
}

fn object(document: &Value, schema: &Value, sender: Sender) -> BoxedStrategy<Value> {
    let known = schema["properties"].as_object().unwrap();
    let members: Vec<_> = known
        .iter()
        .map(|(name, member)| {
            let value = message(document, member, sender);
            let member = match sender {
                Sender::ByTheSpec if is_required(schema, name) => value.prop_map(Some).boxed(),
                Sender::ByTheSpec => of(value).boxed(),
                Sender::Careless => prop_oneof![
                    1 => Just(None),
                    1 => Just(Some(Value::Null)),
                    4 => value.prop_map(Some),
                ]
                .boxed(),
            };
            let name = name.clone();
            member
                .prop_map(move |value| Some((name.clone(), value?)))
                .boxed()
        })
        .collect();
    let names: Vec<_> = known.keys().cloned().collect();
    let unknown = match sender {
        Sender::ByTheSpec => Just(Vec::new()).boxed(),
        Sender::Careless => vec((unknown_name(names), anything()), 0..2).boxed(),
    };
    (members, unknown)
        .prop_map(|(members, unknown)| {
            let members = members.into_iter().flatten().chain(unknown);
            members.collect::<Map<_, _>>().into()
        })
        .boxed()
}

/// Returns names that the spec does not contain, including those that the Rust type uses otherwise.
fn unknown_name(known: Vec<String>) -> impl Strategy<Value = String> {
    let tricky = ["extra", "type_", "hot_load", "created_at", "", "élan"].map(String::from);
    prop_oneof![select(tricky.to_vec()), "[a-zA-Z@$.]{1,8}"]
        .prop_filter("known", move |name| !known.contains(name))
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| json!(f64::from(number) / 4.0)),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(".{0,4}", inner, 0..3)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

fn enum_value(known: Vec<Value>, sender: Sender) -> BoxedStrategy<Value> {
    match sender {
        Sender::ByTheSpec => select(known).boxed(),
        Sender::Careless => prop_oneof![
            select(known),
            "[A-Z_]{0,12}".prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            (0..9).prop_map(Value::from),
            Just(json!("STATUS_UNSPECIFIED")),
            Just(json!("STATUS_TRUE")),
        ]
        .boxed(),
    }
}

fn timestamp(sender: Sender) -> BoxedStrategy<Value> {
    // Every moment that protobuf has, but for the last day, which an offset would push into the year 10000.
    let seconds = -62_135_596_800_i64..253_402_214_400;
    let in_utc =
        (seconds.clone(), 0..1_000_000_000_u32, 0..=9_usize).prop_map(|(s, ns, digits)| {
            let seconds = utc(s, 0).to_rfc3339_opts(SecondsFormat::Secs, false);
            let seconds = seconds.trim_end_matches("+00:00");
            let fraction = format!("{ns:09}");
            match digits {
                0 => format!("{seconds}Z"),
                digits => format!("{seconds}.{}Z", &fraction[..digits]),
            }
        });
    let abroad = (seconds, 0..1_000_000_000_u32, -12..=14_i32).prop_map(|(s, ns, hours)| {
        let zone = FixedOffset::east_opt(hours * 3600).unwrap();
        let moment = utc(s.max(-62_135_510_400), ns).with_timezone(&zone);
        moment.to_rfc3339_opts(SecondsFormat::Nanos, false)
    });
    let moments = prop_oneof![in_utc, abroad].prop_map(Value::from);
    match sender {
        Sender::ByTheSpec => moments.boxed(),
        Sender::Careless => prop_oneof![4 => moments, 1 => Just(json!(""))].boxed(),
    }
}

fn utc(seconds: i64, nanos: u32) -> DateTime<Utc> {
    Utc.timestamp_opt(seconds, nanos).unwrap()
}

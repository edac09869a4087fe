#!/usr/bin/env bash
# Crates prost-reflect 0.16.5 and protobuf-json-mapping 3.7.2 (of rust-protobuf), reading protobuf JSON.
# protobuf-json-mapping refuses null, which stands for "not set", and integers written as 4.0 or 1e1; it takes lower-case t and z
# and a blank for the T. Both cut the tenth digit of a second, read second 60 as 59, and take the last of a member that is
# there twice. Google's Python and Go parsers refuse all of these times and the repeated member.
# Seen: the table at the end (prost-reflect, protobuf-json-mapping)
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "parsers"
version = "0.0.0"
edition = "2024"
[dependencies]
prost-reflect = { version = "=0.16.5", features = ["serde"] }
protobuf = "=3.7.2"
protobuf-json-mapping = "=3.7.2"
serde_json = "1"
TOML
cat > src/main.rs <<'RUST'
use prost_reflect::{DescriptorPool, DynamicMessage};
fn prost(name: &str, text: &str) -> String {
    let message = DescriptorPool::global().get_message_by_name(name).unwrap();
    match DynamicMessage::deserialize(message, &mut serde_json::Deserializer::from_str(text)) {
        Ok(message) => serde_json::to_string(&message).unwrap(),
        Err(_) => "refused".into(),
    }
}
fn rust<M: protobuf::MessageFull>(text: &str) -> String {
    match protobuf_json_mapping::parse_from_str::<M>(text) {
        Ok(message) => protobuf_json_mapping::print_to_string(&message).unwrap().replace(": ", ":"),
        Err(_) => "refused".into(),
    }
}
fn main() {
    for text in [r#"{"name":null}"#, r#"{"number":4.0}"#, r#"{"number":1e1}"#, r#"{"number":1,"number":2}"#] {
        let other = rust::<protobuf::descriptor::FieldDescriptorProto>(text);
        println!("{text} -> {}, {other}", prost("google.protobuf.FieldDescriptorProto", text));
    }
    for time in ["2026-01-02T03:04:60Z", "2026-01-02T03:04:05.1234567891Z", "2026-01-02t03:04:05z", "2026-01-02 03:04:05Z"] {
        let text = format!("\"{time}\"");
        let other = rust::<protobuf::well_known_types::timestamp::Timestamp>(&text);
        println!("{time} -> {}, {other}", prost("google.protobuf.Timestamp", &text));
    }
}
RUST
seen=$(cargo run --quiet)
echo "$seen"
[ "$seen" = '{"name":null} -> {}, refused
{"number":4.0} -> {"number":4}, refused
{"number":1e1} -> {"number":10}, refused
{"number":1,"number":2} -> {"number":2}, {"number":2}
2026-01-02T03:04:60Z -> "2026-01-02T03:04:59Z", "2026-01-02T03:04:59.000000000Z"
2026-01-02T03:04:05.1234567891Z -> "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456789Z"
2026-01-02t03:04:05z -> refused, "2026-01-02T03:04:05.000000000Z"
2026-01-02 03:04:05Z -> refused, "2026-01-02T03:04:05.000000000Z"' ]

#!/usr/bin/env bash
# Crates serde_yaml_ng 0.10.0, serde_norway 0.9.42, yaml-rust2 0.13.1, saphyr 0.3.4 and serde-saphyr 2.2.0, each writing the
# same strings; PyYAML 6.0.3 reading them. Four of the five leave strings plain that a YAML 1.1 reader takes for something
# else: dates, numbers with underscores, sexagesimals, and (the two successors of serde_yaml) no and on. `=` and `<<` then
# cannot be read at all. Only serde-saphyr quotes them all. So a manifest that a Rust program exports may change its meaning in
# a Python, Ruby or Go program without any message.
# Seen: serde_yaml_ng 9 of 12, serde_norway 9, yaml-rust2 3, saphyr 3, serde-saphyr 0
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "writers"
version = "0.0.0"
edition = "2024"
[dependencies]
saphyr = "=0.3.4"
serde-saphyr = "=2.2.0"
serde_json = "1"
serde_norway = "=0.9.42"
serde_yaml_ng = "=0.10.0"
yaml-rust2 = "=0.13.1"
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let strings = ["2026-01-01", "1_000", "0b11", "no", "on", "1:30", "12:30:45", "=", "<<", "0x_1", "null", "1e3"];
    for text in strings {
        let mut rust2 = String::new();
        yaml_rust2::YamlEmitter::new(&mut rust2).dump(&yaml_rust2::Yaml::String(text.into())).unwrap();
        let mut saphyr = String::new();
        saphyr::YamlEmitter::new(&mut saphyr).dump(&saphyr::Yaml::Value(saphyr::Scalar::String(text.into()))).unwrap();
        let written = [
            ("serde_yaml_ng", serde_yaml_ng::to_string(text).unwrap()),
            ("serde_norway", serde_norway::to_string(text).unwrap()),
            ("yaml-rust2", rust2),
            ("saphyr", saphyr),
            ("serde-saphyr", serde_saphyr::to_string(&text).unwrap()),
        ];
        println!("{}", serde_json::json!([text, written]));
    }
}
RUST
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.3
seen=$(cargo run --quiet | venv/bin/python -c '
import json, sys, yaml
changed = {}
for text, written in map(json.loads, sys.stdin):
    for writer, document in written:
        try:
            changed[writer] = changed.get(writer, 0) + (yaml.safe_load(document) != text)
        except yaml.YAMLError:
            changed[writer] += 1
print(changed)')
echo "$seen"
[ "$seen" = "{'serde_yaml_ng': 9, 'serde_norway': 9, 'yaml-rust2': 3, 'saphyr': 3, 'serde-saphyr': 0}" ]

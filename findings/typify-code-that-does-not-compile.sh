#!/usr/bin/env bash
# Crate typify 0.8.0, which generates the types of progenitor 0.15.1, printed by prettyplease 0.2.37 as its documentation shows.
# Three valid schemas give code that rustc 1.95 refuses, and the generator reports nothing:
# - members whose names differ by an underscore at the start, `url` and `_url`, are two fields of one name;
# - a description with a mark that changes the direction of text (U+202E) becomes a comment that a lint denies;
# - a description with a carriage return alone becomes a comment that is no token.
# Names that differ in case alone, `url` and `URL`, are two fields of one name as well.
# Seen: underscore E0124, case E0124, direction text_direction_codepoint, return "bare CR not allowed", plain compiles
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
mkdir -p src/bin
cat > Cargo.toml <<'TOML'
[package]
name = "types"
version = "0.0.0"
edition = "2021"
default-run = "generate"
[dependencies]
prettyplease = "=0.2.37"
schemars = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
syn = "2"
typify = { version = "=0.8.0", default-features = false }
TOML
cat > src/bin/generate.rs <<'RUST'
fn main() {
    let text = serde_json::json!({"type": "string"});
    let described = |text: &str| serde_json::json!({"a": {"type": "string", "description": text}});
    for (name, members) in [
        ("underscore", serde_json::json!({"url": text, "_url": text})),
        ("case", serde_json::json!({"url": text, "URL": text})),
        ("direction", described("one \u{202e}two")),
        ("return", described("one\rtwo")),
        ("plain", described("one\ntwo")),
    ] {
        let schema = serde_json::json!({"definitions": {"Thing": {"type": "object", "properties": members}}});
        let mut types = typify::TypeSpace::default();
        types.add_root_schema(serde_json::from_value(schema).unwrap()).unwrap();
        let code = prettyplease::unparse(&syn::parse2(types.to_stream()).unwrap());
        std::fs::write(format!("src/bin/{name}.rs"), format!("{code}\nfn main() {{}}\n")).unwrap();
    }
}
RUST
cargo run --quiet
seen=""
for name in underscore case direction return plain; do
    if cargo check --quiet --bin "$name" 2> errors; then
        seen+="$name compiles; "
    else
        seen+="$name $(grep -oE 'E0124|text_direction_codepoint|bare CR not allowed' errors | head -n 1); "
    fi
done
echo "$seen"
[ "$seen" = "underscore E0124; case E0124; direction text_direction_codepoint; return bare CR not allowed; plain compiles; " ]

//! Reads what the writer writes with the YAML libraries of other languages.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::{ANY, NASTY};
use crate::yaml::write;

/// Where `cargo xtask ci` installs readers.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/ci-tools");
/// The status with which a script ends if its library is not installed.
const MISSING: i32 = 42;

/// Programs that read YAML from their input and print it as JSON.
const READERS: [(&str, [&str; 3]); 5] = [
    (
        "PyYAML",
        [
            "python3",
            "-c",
            "
import json, sys
try: import yaml
except ImportError: sys.exit(42)
json.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout)",
        ],
    ),
    (
        "ruamel.yaml",
        [
            "python3",
            "-c",
            "
import json, sys
try: from ruamel.yaml import YAML
except ImportError: sys.exit(42)
json.dump(YAML(typ='safe', pure=True).load(sys.stdin.buffer), sys.stdout)",
        ],
    ),
    (
        "js-yaml",
        [
            "node",
            "-e",
            "
let yaml
try { yaml = require('js-yaml') } catch { process.exit(42) }
process.stdout.write(JSON.stringify(yaml.load(require('fs').readFileSync(0, 'utf8'))))",
        ],
    ),
    (
        "yaml",
        [
            "node",
            "-e",
            "
let yaml
try { yaml = require('yaml') } catch { process.exit(42) }
process.stdout.write(JSON.stringify(yaml.parse(require('fs').readFileSync(0, 'utf8'))))",
        ],
    ),
    (
        "Psych",
        [
            "ruby",
            "-e",
            "
begin; require 'yaml'; require 'json'; rescue LoadError; exit 42; end
print JSON.generate(YAML.safe_load($stdin.read))",
        ],
    ),
];

/// Reads with one library, or returns `None` if it is not installed.
fn read(command: [&str; 3], text: &str) -> Option<Value> {
    let [program, option, script] = command;
    let installed = Path::new(TOOLS).join("bin").join(program);
    let program = if installed.exists() {
        installed
    } else {
        program.into()
    };
    let mut process = Command::new(program)
        .args([option, script])
        .env("NODE_PATH", Path::new(TOOLS).join("node_modules"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = process.stdin.take().unwrap();
    let writer = std::thread::spawn({
        let text = text.to_owned();
        // A program that lacks its library ends without reading.
        move || drop(input.write_all(text.as_bytes()))
    });
    let output = process.wait_with_output().unwrap();
    writer.join().unwrap();
    if output.status.code() == Some(MISSING) {
        return None;
    }
    assert!(output.status.success(), "{script}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// 600 different texts: the nasty ones, and others that are made of their parts and of what numbers and dates consist of.
fn texts() -> Vec<String> {
    const PARTS: [&str; 44] = [
        "0",
        "1",
        "9",
        "12",
        "2024",
        "-",
        "+",
        ".",
        "_",
        ",",
        ":",
        "e",
        "E",
        "x",
        "b",
        "o",
        "T",
        "Z",
        "0x",
        "inf",
        "nan",
        "y",
        "n",
        "no",
        "true",
        "null",
        "~",
        " ",
        "  ",
        "\n",
        "\t",
        "#",
        "'",
        "\"",
        "\\",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "word",
        "é",
        "\u{1f600}",
    ];
    let mut texts: Vec<String> = NASTY.map(str::to_owned).to_vec();
    texts.push("k".repeat(1025));
    texts.push("many words ".repeat(200));
    let mut random = 1_u64;
    let mut next = |below: usize| {
        random = random
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        usize::try_from(random >> 33).unwrap() % below
    };
    while texts.len() < 600 {
        let text: String = (0..=next(6)).map(|_| PARTS[next(PARTS.len())]).collect();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

#[test]
fn other_readers_take_the_same_values() {
    let texts = texts();
    let keys: Map<String, Value> = texts
        .iter()
        .map(|text| (text.clone(), json!([{text: text}])))
        .collect();
    let numbers = json!([0, -1, u64::MAX >> 12, 0.5, 1e300, 5e-324, -1.5e21]);
    let document = json!({"texts": texts, "keys": keys, "numbers": numbers, "none": null, "flags": [true, false]});
    let text = write(&document, ANY);
    let mut readers = 0;
    for (name, command) in READERS {
        match read(command, &text) {
            Some(value) => assert_same(name, &value, &document),
            None => continue,
        }
        readers += 1;
    }
    assert!(
        readers >= 3 || std::env::var_os("CI").is_none(),
        "only {readers} readers are installed"
    );
}

fn assert_same(reader: &str, value: &Value, expected: &Value) {
    for (value, text) in value["texts"]
        .as_array()
        .unwrap()
        .iter()
        .zip(expected["texts"].as_array().unwrap())
    {
        assert_eq!(value, text, "{reader}");
    }
    let known = expected["keys"].as_object().unwrap();
    for (key, value) in value["keys"].as_object().unwrap() {
        assert_eq!(Some(value), known.get(key), "{reader}: the key {key:?}");
    }
    assert_eq!(value, expected, "{reader}");
}

mod readers;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{canonical, yaml};

const ANY: &[&str] = &[];

fn read(text: &str) -> Value {
    match yaml::read("test.yaml", text, 1).as_deref() {
        Ok([document]) => document.value(),
        other => panic!("{other:?}\n{text}"),
    }
}

/// Text that some reader takes for something else, or that breaks a form of quoting.
const NASTY: [&str; 125] = [
    "",
    "true",
    "Null",
    "nUll",
    "~",
    "12",
    "1e3",
    "0x1F",
    "0X1F",
    "0x_1",
    "0b11",
    "0B11",
    "0o17",
    "0O17",
    "017",
    "08",
    ".inf",
    "-.INF",
    ".nan",
    "yes",
    "nO",
    "Off",
    "y",
    "N",
    "1_000",
    "1,000",
    "_1",
    "12:30",
    "1:30:15.5",
    "190:20:30",
    "685.230_15e+03",
    "6.8523015e+5",
    "1.",
    ".5",
    "-.5",
    "+1",
    "-0",
    "._",
    ".",
    "2024-01-01",
    "2024-1-1",
    "2024-01-01T00:00:00Z",
    "2001-12-14 21:59:43.10 -5",
    "=",
    "<<",
    "- a",
    "? a",
    ": a",
    ":a",
    "a: b",
    "a #b",
    "#a",
    "a:",
    " a",
    "a ",
    "[a]",
    "{a}",
    "a, b]",
    "&a",
    "*a",
    "!a",
    "!!str",
    "|",
    ">",
    "%a",
    "@type",
    "`a`",
    "'a'",
    "\"a\"",
    "it's",
    "---",
    "--- a",
    "...",
    "-",
    "--",
    "?",
    "a\tb",
    "\ta",
    "a\t",
    "a\r\nb",
    "a\rb",
    "\u{85}",
    "a\u{85}b",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "a\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{9b}",
    "\u{a0}",
    "a\u{a0}",
    "\u{202e}txt",
    "\u{2066}",
    "\u{200b}",
    "a\u{e0041}",
    "\u{1f600}",
    "\u{10ffff}",
    "\u{e000}",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "a\nb",
    "a\n\nb\n",
    " \na",
    "a\n \nb",
    "a \nb",
    "\ta\nb",
    "a\n\tb",
    "a\n  b",
    "  a\nb",
    "   \n",
    "# a\nb",
    "--- a\n...\n",
    "a\n# b",
    "a\n---\nb",
    "\\ud83d\\ude00",
    "\\",
    "\\x41",
    "null: null",
];

#[test]
fn nasty_text_is_read_as_it_was_written() {
    for text in NASTY {
        for document in [
            json!(text),
            json!([text]),
            json!({"k": text}),
            json!({text: 1}),
            json!([[{text: [text]}]]),
        ] {
            let written = write(&document, ANY);
            assert_eq!(read(&written), document, "{text:?} as {written:?}");
        }
    }
}

#[test]
fn text_that_no_reader_takes_for_something_else_is_plain() {
    for text in [
        "chat",
        "US-EAST-04A",
        "0.0.1",
        "10.0.0.0/8",
        "8B",
        "1e",
        "0d12",
        "2024",
        "node",
        "Y-axis",
        "nullable",
        "e5",
        "1-2",
        "123e4567-e89b-12d3-a456-426614174000",
        "plain, with [brackets] and {braces} - 0.0.1",
        "a:b",
        "a#b",
        "https://x.example/",
        "größe",
    ] {
        let plain = on_one_line(text) == text;
        assert_eq!(plain, text != "2024", "{text}");
    }
}

#[test]
fn members_come_in_the_order_of_the_layout() {
    let value = json!({"b": {"name": 1, "a": 2}, "a": [], "name": {}, "kind": "K"});
    assert_eq!(
        write(&value, ["kind", "name"].as_slice()),
        "kind: K\nname: {}\na: []\nb:\n  name: 1\n  a: 2\n"
    );
}

#[test]
fn exponents_have_a_point_and_a_sign() {
    for (number, text) in [
        (1e300, "1.0e+300"),
        (5e-324, "5.0e-324"),
        (-1.5e21, "-1.5e+21"),
        (0.5, "0.5"),
    ] {
        assert_eq!(write(&json!(number), ANY), format!("{text}\n"));
    }
}

#[test]
fn keys_that_are_too_long_for_one_line_are_explicit() {
    let key = "k".repeat(1025);
    let value = json!([{"a": 1, key.clone(): {"b": [2]}}]);
    let written = write(&value, ANY);
    assert_eq!(
        written,
        format!("- a: 1\n  ? {key}\n  :\n    b:\n      - 2\n")
    );
    assert_eq!(read(&written), value);
}

/// Text made of what YAML gives a meaning to.
fn nasty_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,12}",
        2 => Just(" ".to_owned()),
        1 => prop::sample::select(vec![
            "  ", "\n", "\n\n", "\t", ": ", " #", "- ", "'", "\"", "\\", "\\ud83d", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "~",
            "?", "=", "true", "null", "1", "0.5", "e5", "---", "...", "\r", "\u{0}", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "\u{e000}", "\u{1f600}", "é",
        ]).prop_map(str::to_owned),
    ];
    prop_oneof![
        6 => prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "[a-z ]{1100,1300}",
    ]
}

/// Trees with the keys that the format knows here and there, so that every rule is met.
fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => prop::num::f64::NORMAL.prop_map(Value::from),
        1 => Just(json!(0.0)),
        1 => Just(json!(-0.0)),
        1 => Just(json!(1e300)),
        1 => Just(json!(5e-324)),
        4 => nasty_text().prop_map(Value::from),
    ];
    let key = prop_oneof![
        nasty_text(),
        prop::sample::select(vec![
            "paths",
            "/a/{b}/{c}",
            "get",
            "post",
            "parameters",
            "name",
            "in",
            "path",
            "query",
            "tags",
            "components",
            "schemas",
            "properties",
            "required",
            "allOf",
            "items",
            "description",
            "info",
            "x-other",
            "200",
            "default",
            "responses",
            "content",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(7, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_round_trip(document in tree()) {
        let written = write(&document, ANY);
        prop_assert_eq!(&read(&written), &document);
        let written = canonical::write(&document);
        prop_assert_eq!(read(&written), canonical::order(&document));
        prop_assert_eq!(canonical::write(&read(&written)), written);
    }

    #[test]
    fn json_is_valid_yaml(document in tree()) {
        let pretty = serde_json::to_string_pretty(&document).unwrap();
        prop_assert_eq!(&read(&pretty), &document);
        prop_assert_eq!(&read(&document.to_string()), &document);
    }

    #[test]
    fn folding_keeps_all_words_and_the_width(words in prop::collection::vec("[a-z]{1,30}", 1..60), width in 10_usize..90) {
        let text = words.join(" ");
        let lines = fold(&text, width);
        prop_assert_eq!(&lines.join(" "), &text);
        prop_assert!(lines.iter().all(|line| line.len() <= width || !line.contains(' ')));
        for pair in lines.windows(2) {
            let next = pair[1].split(' ').next().unwrap();
            prop_assert!(pair[0].len() + 1 + next.len() > width, "{:?} had room for {next:?}", pair[0]);
        }
    }
}

use serde_json::{Value, json};

use super::*;

fn value(text: &str) -> Value {
    match read("f.yaml", text, 1).as_deref() {
        Ok([document]) => document.value(),
        other => panic!("{other:?}\n{text}"),
    }
}

fn error(text: &str) -> String {
    match read("f.yaml", text, 1) {
        Err(error) => error.to_string(),
        Ok(documents) => panic!("{documents:?}\n{text}"),
    }
}

#[test]
fn every_value_has_its_line_number() {
    let text = "a:\n  b: 1\n\n  # remark\n  c/~d:\n    - x\n    - >-\n      folded\n      text\n    - {k: [1,\n        2]}\n";
    let expected = json!({"a": {"b": 1, "c/~d": ["x", "folded text", {"k": [1, 2]}]}});
    assert_eq!(value(text), expected);
    for (pointer, line) in [
        ("", 41),
        ("/a", 41),
        ("/a/b", 42),
        ("/a/c~1~0d", 45),
        ("/a/c~1~0d/0", 46),
        ("/a/c~1~0d/2/k/1", 51),
        ("/a/c~1~0d/2/nothing/here", 50),
    ] {
        let documents = read("page.md", text, 41).unwrap();
        assert_eq!(documents[0].line_of(pointer), line, "{pointer}");
    }
}

#[test]
fn a_text_has_any_number_of_documents() {
    let documents = read("f.yaml", "---\na: 1\n---\n- 2\n...\n---\n{\"c\": 3}\n", 1).unwrap();
    let values: Vec<_> = documents
        .iter()
        .map(|node| (node.line, node.value()))
        .collect();
    assert_eq!(
        values,
        [(2, json!({"a": 1})), (4, json!([2])), (7, json!({"c": 3}))]
    );
    for empty in ["", "# nothing\n", "\u{feff}"] {
        assert_eq!(read("f.yaml", empty, 1), Ok(Vec::new()), "{empty:?}");
    }
}

#[test]
fn text_is_read_by_the_core_schema() {
    let text = "\u{feff}'200': 'True'\n\"a\": \"1\"\nb: True\nc: 1.5\nd: |\n  12\ne:\nf: 18446744073709551615\ng: !!str 1\nh: !!float 2\ni:\tno\nj: 2024-01-01\nk: 1_0\n";
    let expected = json!({
        "200": "True", "a": "1", "b": true, "c": 1.5, "d": "12\n", "e": null, "f": u64::MAX, "g": "1", "h": 2, "i": "no",
        "j": "2024-01-01", "k": "1_0",
    });
    assert_eq!(value(text), expected);
}

#[test]
fn keys_that_are_not_strings_become_their_text() {
    assert_eq!(
        value("200: a\n1.10: b\ntrue: c\nnull: d\n? no\n: e\n"),
        json!({"200": "a", "1.10": "b", "true": "c", "null": "d", "no": "e"})
    );
    let message = error("200: a\n'200': b\n");
    assert_eq!(
        message,
        "f.yaml:2: /200: the key `200` is given twice, first on line 1"
    );
}

#[test]
fn aliases_are_replaced_and_merge_keys_merged() {
    let text = "a: &a {x: 1, y: 2}\nb: &b\n  z: *a\nc: {<<: *a, y: 3}\nd:\n  y: 4\n  <<: [*b, *a, {q: 0}]\ne: ['<<', \"<<\"]\n\"<<\": {f: 5}\n";
    let expected = json!({
        "a": {"x": 1, "y": 2}, "b": {"z": {"x": 1, "y": 2}}, "c": {"x": 1, "y": 3},
        "d": {"x": 1, "y": 4, "z": {"x": 1, "y": 2}, "q": 0}, "e": ["<<", "<<"], "<<": {"f": 5},
    });
    assert_eq!(value(text), expected);
    assert_eq!(value("a: &k x\n*k : 1\n"), json!({"a": "x", "x": 1}));
    assert_eq!(
        error("a: 1\nb: {<<: 1}\n"),
        "f.yaml:2: /b/<<: `<<` takes an object or a list of objects"
    );
    assert!(
        error("a: &a [*a]\n")
            .starts_with("f.yaml:1: /a/0: the alias refers to what it is a part of")
    );
}

#[test]
fn the_expansion_of_aliases_is_limited() {
    let mut bomb = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert!(error(&bomb).contains("aliases expand to more than 64 MiB"));
    let text = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(1 << 20),
        vec!["*a"; 100].join(",")
    );
    assert!(error(&text).contains("aliases expand to more than 64 MiB"));
    let mut deep = "a0: &a0 [1]\n".to_owned();
    for level in 1..=100 {
        deep += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert!(error(&deep).contains("nested deeper than 100 levels"));
}

#[test]
fn json_is_read_with_its_escapes() {
    let text = r#"{"smile": "\ud83d\ude00 \\ud83d\\ude00 \/ \u00e9", "n": [1e2, -0.5]}"#;
    assert_eq!(value(text), serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(
        value("# remark\na: \"\\ud83d\\ude00\"\n"),
        json!({"a": "\u{1f600}"})
    );
    assert!(error(r#"{"half": "\ud83d"}"#).starts_with("f.yaml:1: "));
    let tabs = "{\n\t\"a\":\t[\n\t\t1,\n\t\t{\"b\":\t2}\n\t]\n}\n";
    assert_eq!(value(tabs), json!({"a": [1, {"b": 2}]}));
    let key = "k".repeat(2000);
    assert_eq!(
        value(&format!("{{\"{key}\": 1, \"b\": {{\"{key}\": [2]}}}}")),
        json!({&*key: 1, "b": {&*key: [2]}})
    );
}

#[test]
fn what_json_cannot_express_is_an_error_with_its_location() {
    for (text, expected) in [
        (
            "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n",
            "f.yaml:5: /b/c: the key `c` is given twice, first on line 3",
        ),
        (
            "{\"a\": 1,\n \"a\": 2}",
            "f.yaml:2: /a: the key `a` is given twice, first on line 1",
        ),
        (
            "a:\n  - !thing 1\n",
            "f.yaml:2: /a/0: the tag `!thing` is unknown",
        ),
        ("a: !!int x\n", "f.yaml:1: /a: `x` is no `!!int`"),
        (
            "a:\n  ? [x]\n  : y\n",
            "f.yaml:2: /a: a key must be a string",
        ),
        (
            "a:\n  - .nan\n",
            "f.yaml:2: /a/0: JSON can't express the number `.nan`",
        ),
        (
            "a:\n  b: 1e999\n",
            "f.yaml:2: /a/b: JSON can't express the number `1e999`",
        ),
    ] {
        assert_eq!(error(text), expected, "{text:?}");
    }
}

#[test]
fn syntax_errors_name_the_line_and_its_context() {
    let message = error("info:\n  title: x\n  version: [1, 2\npaths: {}\n");
    assert!(message.starts_with("f.yaml:4: /info/version"), "{message}");
    assert!(message.contains("not valid YAML"), "{message}");
    let cut = error("info:\n  title: 'never clo");
    assert!(
        cut.starts_with("f.yaml:2: /info/title: not valid YAML"),
        "{cut}"
    );
    let unknown = error("a: 1\nb: *missing\n");
    assert!(
        unknown.starts_with("f.yaml:2: /b: not valid YAML"),
        "{unknown}"
    );
}

#[test]
fn nesting_depth_is_limited() {
    for deep in [
        format!("{}{}", "[".repeat(120), "]".repeat(120)),
        "- ".repeat(100_000) + "a",
        "[".repeat(1_000_000),
        "{a: ".repeat(100_000),
    ] {
        let message = error(&deep);
        assert!(
            message.contains("nested deeper than 100 levels") || message.contains("not valid YAML"),
            "{message}"
        );
    }
}

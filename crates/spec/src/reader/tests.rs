use serde_json::json;

use super::*;

fn error(text: &str) -> String {
    read("f.yaml", text, 1)
        .map(|(value, _)| value)
        .unwrap_err()
        .to_string()
}

#[test]
fn every_value_has_its_line_number() {
    let text = "a:\n  b: 1\n\n  # remark\n  c/~d:\n    - x\n    - >-\n      folded\n      text\n    - {k: [1,\n        2]}\n";
    let (value, lines) = read("f.yaml", text, 1).unwrap();
    assert_eq!(
        value,
        json!({"a": {"b": 1, "c/~d": ["x", "folded text", {"k": [1, 2]}]}})
    );
    for (pointer, line) in [
        ("", 1),
        ("/a", 1),
        ("/a/b", 2),
        ("/a/c~1~0d", 5),
        ("/a/c~1~0d/0", 6),
        ("/a/c~1~0d/2/k/1", 11),
    ] {
        assert_eq!(lines.get(pointer), Some(&line), "{pointer}");
    }
    assert_eq!(line_of(&lines, "/a/c~1~0d/2/nothing/here"), Some(10));
    assert_eq!(read("page.md", text, 41).unwrap().1.get("/a/b"), Some(&42));
}

#[test]
fn quoted_values_are_strings() {
    let text = "'200': 'True'\n\"a\": \"1\"\nb: True\nc: 1.5\nd: |\n  12\ne:\n";
    let (value, _) = read("f.yaml", text, 1).unwrap();
    assert_eq!(
        value,
        json!({"200": "True", "a": "1", "b": true, "c": 1.5, "d": "12\n", "e": null})
    );
}

#[test]
fn json_is_read_with_its_escapes() {
    let text = r#"{"smile": "\ud83d\ude00 \\ud83d\\ude00 \/ \u00e9", "n": [1e2, -0.5]}"#;
    let (value, _) = read("f.json", text, 1).unwrap();
    assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
    assert!(error(r#"{"half": "\ud83d"}"#).starts_with("f.yaml:1: "));
}

#[test]
fn values_that_json_cannot_represent_are_errors_with_a_location() {
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
            "a: &x 1\n",
            "f.yaml:1: /a: anchors (`&name`) are not supported",
        ),
        (
            "a:\n  - b\n  - &x\n    c: 1\n",
            "f.yaml:3: /a/1: anchors (`&name`) are not supported",
        ),
        (
            "a: !!str 1\n",
            "f.yaml:1: /a: tags (`tag:yaml.org,2002:!str`) are not supported",
        ),
        (
            "200: ok\n",
            "f.yaml:1: the key `200` is not a string; put it in quotes",
        ),
        (
            "a:\n  ? [x]\n  : y\n",
            "f.yaml:2: /a: a key must be a string",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "f.yaml:2: a second document begins here, where one is expected",
        ),
        (
            "a:\n  - .nan\n",
            "f.yaml:2: /a/0: the number `.nan` has no JSON form",
        ),
        ("", "f.yaml:1: the document is empty"),
        ("# nothing\n", "f.yaml:2: the document is empty"),
    ] {
        assert_eq!(error(text), expected, "{text:?}");
    }
    let alias = error("a: &x 1\nb: *x\n");
    assert!(alias.starts_with("f.yaml:1: /a: anchors"), "{alias}");
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
}

#[test]
fn nesting_depth_is_limited() {
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    assert!(error(&deep).contains("nested deeper than 100 levels"));
}

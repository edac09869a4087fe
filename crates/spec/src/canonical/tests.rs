use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::reader;

fn read(text: &str) -> Value {
    match reader::read("test.yaml", text, 1) {
        Ok((value, _)) => value,
        Err(error) => panic!("{error}\n{text}"),
    }
}

#[test]
fn a_document_has_one_form() {
    let scrambled = json!({
        "x-zebra": true,
        "components": {"schemas": {
            "B": {"required": ["b", "a"], "type": "object", "properties": {"b": {"enum": ["z", "a"], "type": "string"}, "a": {"allOf": [{"$ref": "#/components/schemas/C"}], "readOnly": true}}},
            "A": {"x-last": 1, "additionalProperties": true, "properties": {}, "type": "object", "description": "Sentence."},
        }},
        "paths": {"/b/{y}/c/{x}:go": {"post": {
            "responses": {"default": {"description": "no"}, "200": {"description": "yes"}},
            "parameters": [
                {"in": "query", "name": "q"}, {"in": "path", "name": "x"}, {"$ref": "#/components/parameters/P"},
                {"in": "header", "name": "h"}, {"in": "path", "name": "y"}, {"in": "query", "name": "p"},
            ],
            "operationId": "Go", "tags": ["B", "A"],
        }}, "/a": {"get": {"operationId": "A", "responses": {}}}},
        "tags": [{"name": "B"}, {"description": "first", "name": "A"}],
        "security": [{"bearerAuth": []}],
        "info": {"version": "1", "title": "Title: with colon"},
        "openapi": "3.0.3",
    });
    assert_eq!(
        write(&scrambled),
        "\
openapi: 3.0.3
info:
  title: 'Title: with colon'
  version: '1'
security:
  - bearerAuth: []
tags:
  - name: A
    description: first
  - name: B
paths:
  /a:
    get:
      operationId: A
      responses: {}
  /b/{y}/c/{x}:go:
    post:
      tags:
        - B
        - A
      operationId: Go
      parameters:
        - name: 'y'
          in: path
        - name: x
          in: path
        - name: p
          in: query
        - name: q
          in: query
        - name: h
          in: header
        - $ref: '#/components/parameters/P'
      responses:
        '200':
          description: 'yes'
        default:
          description: 'no'
components:
  schemas:
    A:
      description: Sentence.
      type: object
      properties: {}
      additionalProperties: true
      x-last: 1
    B:
      type: object
      properties:
        a:
          allOf:
            - $ref: '#/components/schemas/C'
          readOnly: true
        b:
          type: string
          enum:
            - z
            - a
      required:
        - a
        - b
x-zebra: true
"
    );
}

#[test]
fn long_text_is_folded_and_text_with_lines_is_literal() {
    let long = "word ".repeat(30).trim_end().to_owned();
    let written =
        write(&json!({"info": {"description": long, "title": "one\n\n  two: x\nthree\n"}}));
    assert_eq!(
        written,
        "\
info:
  title: |
    one

      two: x
    three
  description: >-
    word word word word word word word word word word word word word word word
    word word word word word word word word word word word word word word word
"
    );
    assert!(written.lines().all(|line| line.len() <= 80));
    assert_eq!(read(&written)["info"]["description"], long);
}

#[test]
fn ambiguous_text_is_quoted() {
    for text in [
        "",
        "true",
        "Null",
        "~",
        "12",
        "1e3",
        "0x1F",
        ".inf",
        "yes",
        "Off",
        "1_000",
        "12:30",
        "2024-01-01",
        "2024-01-01T00:00:00Z",
        "0b1",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a #b",
        "#a",
        "a:",
        " a",
        "a ",
        "[a]",
        "{a}",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@type",
        "`a`",
        "'a'",
        "\"a\"",
        "---",
        "...",
        "<<",
        "=",
        "a\tb",
        "a\r\nb",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{0}",
        "\u{7f}",
        "\n",
        "\n\n",
        "a\n\n",
        " \na",
        "a\n \nb",
        "a \nb",
        "\ta\nb",
        "a\n\tb",
        "--- a\n...\n",
    ] {
        for document in [
            json!(text),
            json!([text]),
            json!({"k": text}),
            json!({text: 1}),
            json!([[{text: [text]}]]),
        ] {
            let written = write(&document);
            assert_eq!(read(&written), document, "{text:?} as {written:?}");
        }
    }
    assert_eq!(
        write(&json!({"description": "plain, with [brackets] and {braces} - 0.0.1"})),
        "description: plain, with [brackets] and {braces} - 0.0.1\n"
    );
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
        let written = write(&document);
        prop_assert_eq!(read(&written), order(&document));
        prop_assert_eq!(write(&read(&written)), written);
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

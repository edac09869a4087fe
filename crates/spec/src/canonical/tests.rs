use serde_json::{Value, json};

use super::*;
use crate::yaml;

fn read(text: &str) -> Value {
    match yaml::read("test.yaml", text, 1).as_deref() {
        Ok([document]) => document.value(),
        other => panic!("{other:?}\n{text}"),
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

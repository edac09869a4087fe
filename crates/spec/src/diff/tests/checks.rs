//! The table in `checks.md`, row by row.

use super::{diff_of, edited};

type Edits = &'static [(&'static str, &'static str)];

/// A check, its class, and edits of the small document that make the old and the new side.
#[rustfmt::skip]
const CHECKS: &[(&str, &str, Edits, Edits)] = &[
    ("api-path-removed-without-deprecation", "breaking", &[], &[("/things/{id}:", "/objects/{id}:")]),
    ("endpoint-added", "additive", &[("    post:\n      tags:\n        - Things\n      operationId: Things_Create", "    x-post:\n      tags:\n        - Things\n      operationId: Things_Create")], &[]),
    ("api-removed-without-deprecation", "breaking", &[], &[("    post:\n      tags:\n        - Things\n      operationId: Things_Create", "    x-post:\n      tags:\n        - Things\n      operationId: Things_Create")]),
    ("api-operation-id-removed", "breaking", &[], &[("Things_Get", "Things_Read")]),
    ("api-tag-added", "documentation", &[], &[("      tags:\n        - Things\n      summary", "      tags:\n        - Things\n        - More\n      summary")]),
    ("api-tag-removed", "documentation", &[("      tags:\n        - Things\n      summary", "      tags:\n        - Things\n        - More\n      summary")], &[]),
    ("endpoint-deprecated", "documentation", &[], &[("      summary: Get", "      deprecated: true\n      summary: Get")]),
    ("endpoint-reactivated", "documentation", &[("      summary: Get", "      deprecated: true\n      summary: Get")], &[]),
    ("api-global-security-removed", "breaking", &[], &[("  - bearer: []", "  - {}")]),
    ("api-global-security-added", "breaking", &[], &[("  - bearer: []", "  - bearer: []\n  - {}")]),
    ("api-security-component-type-changed", "breaking", &[], &[("scheme: bearer", "scheme: basic")]),
    ("new-required-request-parameter", "breaking", &[], &[("        - name: limit\n", "        - {name: mode, in: query, required: true, schema: {type: string}}\n        - name: limit\n")]),
    ("new-optional-request-parameter", "additive", &[], &[("        - name: limit\n", "        - {name: mode, in: query, schema: {type: string}}\n        - name: limit\n")]),
    ("request-parameter-removed", "breaking", &[("        - name: limit\n", "        - {name: mode, in: query, schema: {type: string}}\n        - name: limit\n")], &[]),
    ("request-parameter-became-required", "breaking", &[], &[("        - name: limit\n          in: query\n", "        - name: limit\n          in: query\n          required: true\n")]),
    ("request-parameter-became-optional", "additive", &[("        - name: limit\n          in: query\n", "        - name: limit\n          in: query\n          required: true\n")], &[]),
    ("request-parameter-type-changed", "breaking", &[], &[("            type: integer\n            format: int32", "            type: string")]),
    ("request-parameter-default-value-added", "breaking", &[], &[("            format: int32", "            format: int32\n            default: 10")]),
    ("request-parameter-default-value-removed", "breaking", &[("            format: int32", "            format: int32\n            default: 10")], &[]),
    ("request-parameter-max-set", "breaking", &[], &[("            format: int32", "            format: int32\n            maximum: 100")]),
    ("request-parameter-max-unset", "documentation", &[("            format: int32", "            format: int32\n            maximum: 100")], &[]),
    ("request-parameter-min-set", "breaking", &[], &[("            format: int32", "            format: int32\n            minimum: 1")]),
    ("request-parameter-pattern-added", "breaking", &[], &[("          required: true\n          schema:\n            type: string\n        - name: limit", "          required: true\n          schema:\n            type: string\n            pattern: a+\n        - name: limit")]),
    ("request-parameter-pattern-removed", "documentation", &[("          required: true\n          schema:\n            type: string\n        - name: limit", "          required: true\n          schema:\n            type: string\n            pattern: a+\n        - name: limit")], &[]),
    ("request-parameter-became-enum", "breaking", &[], &[("          required: true\n          schema:\n            type: string\n        - name: limit", "          required: true\n          schema:\n            type: string\n            enum: [a]\n        - name: limit")]),
    ("request-parameter-enum-value-added", "additive", &[("            format: int32", "            format: int32\n            enum: [1]")], &[("            format: int32", "            format: int32\n            enum: [1, 2]")]),
    ("request-parameter-enum-value-removed", "breaking", &[("            format: int32", "            format: int32\n            enum: [1, 2]")], &[("            format: int32", "            format: int32\n            enum: [1]")]),
    ("request-parameter-serialization-changed", "breaking", &[], &[("        - name: limit\n          in: query\n", "        - name: limit\n          in: query\n          style: pipeDelimited\n")]),
    ("request-parameter-serialization-default-stated", "none", &[], &[("        - name: limit\n          in: query\n", "        - name: limit\n          in: query\n          style: form\n          explode: true\n")]),
    ("added-required-request-body", "breaking", &[], &[("      operationId: Things_List\n", "      operationId: Things_List\n      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}\n")]),
    ("request-body-added-optional", "additive", &[], &[("      operationId: Things_List\n", "      operationId: Things_List\n      requestBody: {content: {application/json: {schema: {type: object}}}}\n")]),
    ("request-body-removed", "breaking", &[("      operationId: Things_List\n", "      operationId: Things_List\n      requestBody: {content: {application/json: {schema: {type: object}}}}\n")], &[]),
    ("request-body-became-optional", "additive", &[], &[("        required: true\n      responses", "        required: false\n      responses")]),
    ("request-body-became-required", "breaking", &[("        required: true\n      responses", "        required: false\n      responses")], &[]),
    ("request-body-media-type-added", "additive", &[], &[("        content:\n          application/json:\n            schema:\n              $ref: '#/components/schemas/NewThing'", "        content:\n          text/plain: {}\n          application/json:\n            schema:\n              $ref: '#/components/schemas/NewThing'")]),
    ("request-body-media-type-removed", "breaking", &[("        content:\n          application/json:\n            schema:\n              $ref: '#/components/schemas/NewThing'", "        content:\n          text/plain: {}\n          application/json:\n            schema:\n              $ref: '#/components/schemas/NewThing'")], &[]),
    ("new-optional-request-property", "additive", &[], &[("        note:\n", "        more: {type: string}\n        note:\n")]),
    ("new-required-request-property", "breaking", &[], &[("        note:\n", "        more: {type: string}\n        note:\n"), ("      required:\n        - name\n    Owner:", "      required:\n        - name\n        - more\n    Owner:")]),
    ("request-property-removed", "breaking", &[("        note:\n", "        more: {type: string}\n        note:\n")], &[]),
    ("request-property-became-required", "breaking", &[], &[("      required:\n        - name\n    Owner:", "      required:\n        - name\n        - note\n    Owner:")]),
    ("request-property-became-optional", "additive", &[("      required:\n        - name\n    Owner:", "      required:\n        - name\n        - note\n    Owner:")], &[]),
    ("request-property-type-changed", "breaking", &[], &[("        note:\n          type: string", "        note:\n          type: integer")]),
    ("request-property-became-nullable", "documentation", &[], &[("        name:\n          type: string\n        note:", "        name:\n          type: string\n          nullable: true\n        note:")]),
    ("request-property-became-not-nullable", "breaking", &[("        name:\n          type: string\n        note:", "        name:\n          type: string\n          nullable: true\n        note:")], &[]),
    ("request-property-became-read-only", "breaking", &[], &[("        note:\n", "        note:\n          readOnly: true\n")]),
    ("request-property-became-not-read-only", "additive", &[("        note:\n", "        note:\n          readOnly: true\n")], &[]),
    ("request-property-max-length-set", "breaking", &[], &[("        note:\n", "        note:\n          maxLength: 9\n")]),
    ("request-property-max-length-decreased", "breaking", &[("        note:\n", "        note:\n          maxLength: 9\n")], &[("        note:\n", "        note:\n          maxLength: 8\n")]),
    ("request-property-max-length-increased", "documentation", &[("        note:\n", "        note:\n          maxLength: 8\n")], &[("        note:\n", "        note:\n          maxLength: 9\n")]),
    ("request-property-min-length-increased", "breaking", &[("        note:\n", "        note:\n          minLength: 1\n")], &[("        note:\n", "        note:\n          minLength: 2\n")]),
    ("request-property-pattern-added", "breaking", &[], &[("        note:\n", "        note:\n          pattern: a+\n")]),
    ("request-property-default-value-added", "documentation", &[], &[("        note:\n", "        note:\n          default: a\n")]),
    ("request-property-additional-properties-closed", "breaking", &[], &[("    NewThing:\n      type: object\n", "    NewThing:\n      type: object\n      additionalProperties: false\n")]),
    ("response-property-additional-properties-closed", "documentation", &[], &[("    ListReply:\n      type: object\n", "    ListReply:\n      type: object\n      additionalProperties: false\n")]),
    ("response-success-status-added", "additive", &[], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '204': {description: None}\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")]),
    ("response-success-status-removed", "breaking", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '204': {description: None}\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[]),
    ("response-media-type-removed", "breaking", &[("            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "            text/plain: {}\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[]),
    ("response-optional-property-added", "additive", &[], &[("        next:\n", "        more: {type: string}\n        next:\n")]),
    ("response-optional-property-removed", "breaking", &[("        next:\n", "        more: {type: string}\n        next:\n")], &[]),
    ("response-property-became-required", "additive", &[], &[("      required:\n        - things\n", "      required:\n        - things\n        - next\n")]),
    ("response-property-became-optional", "breaking", &[("      required:\n        - things\n", "      required:\n        - things\n        - next\n")], &[]),
    ("response-property-became-nullable", "breaking", &[], &[("        next:\n", "        next:\n          nullable: true\n")]),
    ("response-property-became-not-nullable", "documentation", &[("        next:\n", "        next:\n          nullable: true\n")], &[]),
    ("response-property-became-write-only", "breaking", &[], &[("        next:\n", "        next:\n          writeOnly: true\n")]),
    ("response-property-type-changed", "breaking", &[], &[("        next:\n          type: string", "        next:\n          type: integer")]),
    ("response-property-enum-value-added", "additive", &[], &[("            - STATE_OFF\n", "            - STATE_OFF\n            - STATE_LOST\n")]),
    ("response-property-enum-value-removed", "breaking", &[("            - STATE_OFF\n", "            - STATE_OFF\n            - STATE_LOST\n")], &[]),
    ("response-property-max-length-increased", "documentation", &[("        next:\n", "        next:\n          maxLength: 9\n")], &[]),
    ("response-property-min-length-decreased", "documentation", &[("        next:\n", "        next:\n          minLength: 9\n")], &[]),
    ("response-property-pattern-changed", "documentation", &[], &[("        next:\n", "        next:\n          pattern: a+\n")]),
    ("response-property-default-value-changed", "documentation", &[], &[("        next:\n", "        next:\n          default: a\n")]),
    ("response-property-one-of-added", "breaking", &[], &[("        next:\n          type: string", "        next:\n          oneOf: [{type: string}]")]),
    ("response-property-format-changed", "breaking", &[], &[("format: date-time", "format: date")]),
    ("response-property-format-ignored", "documentation", &[], &[("        next:\n          type: string", "        next:\n          type: string\n          format: uri")]),
    ("response-property-deprecated", "documentation", &[], &[("        next:\n", "        next:\n          deprecated: true\n")]),
    ("optional-response-header-removed", "breaking", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[]),
    ("api-schema-removed", "documentation", &[("    Owner:", "    Unused: {type: object}\n    Owner:")], &[]),
    ("api-path-with-other-parameter-name-removed", "breaking", &[("  /things/{id}:\n", "  /things/{name}:\n    get: {operationId: Other, parameters: [{name: name, in: path, required: true, schema: {type: string}}], responses: {'200': {description: OK}}}\n  /things/{id}:\n")], &[]),
    ("path-item-member-added", "documentation", &[], &[("  /things/{id}:\n", "  /things/{id}:\n    additionalOperations: {COPY: {operationId: Copy}}\n")]),
    ("api-server-variable-default-changed", "breaking", &[("  - url: https://api.example.com\n", "  - url: https://{region}.example.com\n    variables: {region: {default: api}}\n")], &[("  - url: https://api.example.com\n", "  - url: https://{region}.example.com\n    variables: {region: {default: eu}}\n")]),
    ("api-server-default-stated", "none", &[("servers:\n  - url: https://api.example.com\n", "")], &[("https://api.example.com", "/")]),
    ("api-security-alternatives-reordered", "none", &[("  - bearer: []\n", "  - bearer: []\n  - key: [b, a]\n")], &[("  - bearer: []\n", "  - key: [a, b]\n  - bearer: []\n")]),
    ("api-security-restated", "none", &[], &[("      operationId: Things_List\n", "      operationId: Things_List\n      security: [{bearer: []}]\n")]),
    ("api-security-removed-from-operation", "breaking", &[], &[("      operationId: Things_List\n", "      operationId: Things_List\n      security: []\n")]),
    ("request-path-parameter-renamed", "documentation", &[], &[("/things/{id}", "/things/{thing}"), ("name: id", "name: thing")]),
    ("request-path-parameters-swapped", "breaking", &[("/things/{id}", "/things/{id}/{part}"), ("        - name: id\n", "        - {name: part, in: path, required: true, schema: {type: string}}\n        - name: id\n")], &[("/things/{id}", "/things/{part}/{id}"), ("        - name: id\n", "        - {name: part, in: path, required: true, schema: {type: string}}\n        - name: id\n")]),
    ("request-parameter-integer-format-stated", "documentation", &[("            format: int32\n", "")], &[("format: int32", "format: int64")]),
    ("new-required-request-property-with-default", "additive", &[], &[("        note:\n", "        more: {type: string, default: a}\n        note:\n"), ("      required:\n        - name\n    Owner:", "      required:\n        - name\n        - more\n    Owner:")]),
    ("request-property-default-limits-stated", "none", &[], &[("        note:\n          type: string", "        note:\n          minLength: 0\n          minItems: 0\n          minProperties: 0\n          uniqueItems: false\n          exclusiveMinimum: false\n          deprecated: false\n          type: string")]),
    ("request-properties-moved-to-all-of", "none", &[], &[("    NewThing:\n      type: object\n      properties:\n        id:\n          type: string\n          readOnly: true\n        name:\n          type: string\n", "    NewThing:\n      type: object\n      allOf:\n        - {type: object, properties: {id: {type: string, readOnly: true}}}\n        - {properties: {name: {type: string}}, required: [name]}\n      properties:\n")]),
    ("response-properties-moved-to-referenced-all-of", "none", &[], &[("    ListReply:\n      type: object\n      properties:\n        next:\n          type: string\n", "    Page: {type: object, properties: {next: {type: string}}}\n    ListReply:\n      type: object\n      allOf: [{$ref: '#/components/schemas/Page'}]\n      properties:\n")]),
    ("request-property-any-of-alternative-added", "additive", &[("        note:\n          type: string", "        note:\n          anyOf: [{type: string}, {type: integer}]")], &[("        note:\n          type: string", "        note:\n          anyOf: [{type: integer}, {type: boolean}, {type: string}]")]),
    ("response-property-any-of-alternative-added", "breaking", &[("        next:\n          type: string", "        next:\n          anyOf: [{type: string}, {type: integer}]")], &[("        next:\n          type: string", "        next:\n          anyOf: [{type: integer}, {type: boolean}, {type: string}]")]),
    ("response-property-any-of-alternative-removed", "breaking", &[("        next:\n          type: string", "        next:\n          anyOf: [{type: string}, {type: integer}]")], &[("        next:\n          type: string", "        next:\n          anyOf: [{type: integer}]")]),
    ("request-required-alternatives-loosened", "documentation", &[], &[("      required:\n        - name\n    Owner:", "      required:\n        - name\n      anyOf: [{required: [note]}, {required: [name]}]\n    Owner:")]),
    ("request-required-alternatives-tightened", "breaking", &[], &[("      required:\n        - name\n    Owner:", "      required:\n        - name\n      anyOf: [{required: [note]}, {required: [owner]}]\n    Owner:")]),
    ("response-enum-split-into-one-of", "none", &[], &[("          type: string\n          enum:\n            - STATE_ON\n            - STATE_OFF\n", "          oneOf: [{type: string, enum: [STATE_OFF]}, {type: string, enum: [STATE_ON]}]\n")]),
    ("response-property-became-any-type", "breaking", &[], &[("        next:\n          type: string", "        next:\n          description: any")]),
    ("response-non-success-status-added", "additive", &[], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        default: {description: Failed}\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")]),
    ("response-non-success-status-removed", "documentation", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '503': {description: Busy}\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[]),
    ("response-header-became-optional", "breaking", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {required: true, schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")]),
    ("response-header-became-required", "additive", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {required: true, schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")]),
    ("response-header-type-changed", "breaking", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {schema: {type: integer}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")]),
    ("shared-response-header-type-changed", "breaking", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {$ref: '#/components/headers/A'}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'"), ("components:\n", "components:\n  headers: {A: {schema: {type: string}}}\n")], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {$ref: '#/components/headers/A'}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'"), ("components:\n", "components:\n  headers: {A: {schema: {type: integer}}}\n")]),
    ("response-header-by-reference", "none", &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {schema: {type: string}}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'")], &[("        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'", "        '200':\n          description: OK\n          headers: {X-A: {$ref: '#/components/headers/A'}}\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ListReply'"), ("components:\n", "components:\n  headers: {A: {schema: {type: string}}}\n")]),
    ("api-schema-property-became-required-unused", "additive", &[("    Owner:", "    Unused: {type: object, properties: {a: {type: string}}}\n    Owner:")], &[("    Owner:", "    Unused: {type: object, required: [a], properties: {a: {type: string}}}\n    Owner:")]),
    ("api-global-security-moved-to-operations", "none", &[], &[("security:\n  - bearer: []\n", ""), ("      operationId: Things_List\n", "      operationId: Things_List\n      security: [{bearer: []}]\n"), ("      operationId: Things_Create\n", "      operationId: Things_Create\n      security: [{bearer: []}]\n"), ("      operationId: Things_Get\n", "      operationId: Things_Get\n      security: [{bearer: []}]\n")]),
    ("api-security-oauth-scope-described", "documentation", &[("      type: http\n      scheme: bearer", "      type: oauth2\n      flows: {implicit: {authorizationUrl: a, scopes: {read: Reads}}}")], &[("      type: http\n      scheme: bearer", "      type: oauth2\n      flows: {implicit: {authorizationUrl: a, scopes: {read: Reads all}}}")]),
    ("api-security-oauth-scope-removed", "breaking", &[("      type: http\n      scheme: bearer", "      type: oauth2\n      flows: {implicit: {authorizationUrl: a, scopes: {read: Reads}}}")], &[("      type: http\n      scheme: bearer", "      type: oauth2\n      flows: {implicit: {authorizationUrl: a, scopes: {}}}")]),
    ("shared-property-became-nullable", "breaking", &[], &[("        since:\n", "        since:\n          nullable: true\n")]),
    ("shared-property-became-not-nullable", "breaking", &[("        since:\n", "        since:\n          nullable: true\n")], &[]),
    ("api-schema-property-became-nullable-unused", "documentation", &[("    Owner:", "    Unused: {type: object, properties: {a: {type: string}}}\n    Owner:")], &[("    Owner:", "    Unused: {type: object, properties: {a: {type: string, nullable: true}}}\n    Owner:")]),
    ("request-property-multiple-of-loosened", "documentation", &[("        note:\n", "        note:\n          multipleOf: 4\n")], &[("        note:\n", "        note:\n          multipleOf: 2\n")]),
];

#[test]
fn every_check_has_the_class_that_the_table_says() {
    let mut wrong = Vec::new();
    for (check, class, old, new) in CHECKS {
        let diff = diff_of(&edited(old), &edited(new));
        let found = match diff.iter().next() {
            Some((class, _)) => class.name(),
            None => "none",
        };
        if found != *class {
            wrong.push(format!("{check}: {found} instead of {class}: {diff:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_lists_every_check() {
    let rows: Vec<_> = include_str!("../checks.md")
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let expected: Vec<_> = CHECKS
        .iter()
        .map(|(check, class, ..)| format!("| `{check}` | {class} |"))
        .collect();
    assert_eq!(rows, expected);
}

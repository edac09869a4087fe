mod checks;
mod mutation;

use crate::Spec;
use serde_json::Value;

use super::entry::Class;
use super::*;

const SMALL: &str = include_str!("small.yaml");

fn parse(text: &str) -> Value {
    match Spec::parse("small.yaml", text) {
        Ok(spec) => spec.into_value(),
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn diff_of(a: &Value, b: &Value) -> Diff {
    compare(
        Side {
            document: &a.into(),
            complete: true,
        },
        Side {
            document: &b.into(),
            complete: true,
        },
    )
}

/// Every entry as `class kind operation path`.
fn brief(diff: &Diff) -> Vec<String> {
    let line = |(class, entry): (Class, &Entry)| {
        format!(
            "{class} {} {} {}",
            entry.kind,
            entry.operation.as_deref().unwrap_or("-"),
            entry.path
        )
    };
    diff.iter().map(line).collect()
}

fn edited(edits: &[(&str, &str)]) -> Value {
    let mut text = SMALL.to_owned();
    for (old, new) in edits {
        assert!(text.contains(old), "{old:?}");
        text = text.replacen(old, new, 1);
    }
    parse(&text)
}

/// One edit of the small document, and what becomes of it in either direction.
#[track_caller]
fn case(old: &str, new: &str, forth: &[&str], back: &[&str]) {
    let (a, b) = (parse(SMALL), edited(&[(old, new)]));
    let expand = |lines: &[&str]| -> Vec<String> {
        lines
            .iter()
            .map(|line| {
                line.replace('@', "/components/schemas/")
                    .replace("%", "/paths/~1things")
            })
            .collect()
    };
    assert_eq!(brief(&diff_of(&a, &b)), expand(forth), "{old:?} -> {new:?}");
    assert_eq!(brief(&diff_of(&b, &a)), expand(back), "{old:?} <- {new:?}");
}

#[test]
fn equal_documents_have_no_differences() {
    assert!(diff_of(&parse(SMALL), &parse(SMALL)).is_empty());
    assert!(diff_of(&parse(SMALL), &parse(&parse(SMALL).to_string())).is_empty());
}

#[test]
fn added_removed_and_renamed_operations() {
    let mut without = parse(SMALL);
    without["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/things/{id}");
    let get = "Things_Get /paths/~1things~1{id}/get";
    assert_eq!(
        brief(&diff_of(&parse(SMALL), &without)),
        [format!("breaking operation-removed {get}")]
    );
    assert_eq!(
        brief(&diff_of(&without, &parse(SMALL))),
        [format!("additive operation-added {get}")]
    );
    case(
        "Things_Get",
        "Things_Read",
        &["breaking operation-renamed Things_Read %~1{id}/get/operationId"],
        &["breaking operation-renamed Things_Get %~1{id}/get/operationId"],
    );
    case(
        "    get:\n      tags:\n        - Things\n      summary",
        "    delete:\n      tags:\n        - Things\n      summary",
        &[
            "breaking operation-removed Things_Get %~1{id}/get",
            "additive operation-added Things_Get %~1{id}/delete",
        ],
        &[
            "breaking operation-removed Things_Get %~1{id}/delete",
            "additive operation-added Things_Get %~1{id}/get",
        ],
    );
    let renamed = edited(&[
        ("/things/{id}", "/things/{thing}"),
        ("name: id", "name: thing"),
    ]);
    assert_eq!(
        brief(&diff_of(&parse(SMALL), &renamed)),
        [
            "documentation parameter-renamed Things_Get /paths/~1things~1{thing}/get/parameters/0/name"
        ],
    );
}

#[test]
fn parameters() {
    let limit = "        - name: limit\n          in: query\n          schema:\n            type: integer\n            format: int32\n";
    case(
        limit,
        "",
        &["breaking parameter-removed Things_List %/get/parameters/1"],
        &["additive parameter-added Things_List %/get/parameters/1"],
    );
    case(
        limit,
        &format!("{limit}        - {{name: more, in: query, required: true}}\n"),
        &["breaking parameter-added Things_List %/get/parameters/2"],
        &["breaking parameter-removed Things_List %/get/parameters/2"],
    );
    case(
        "name: limit\n          in: query",
        "name: limit\n          in: header",
        &["breaking parameter-moved Things_List %/get/parameters/1"],
        &["breaking parameter-moved Things_List %/get/parameters/1"],
    );
    case(
        "name: limit\n          in: query",
        "name: limit\n          in: query\n          required: true",
        &["breaking newly-required Things_List %/get/parameters/1/required"],
        &["additive newly-optional Things_List %/get/parameters/1/required"],
    );
    case(
        "            format: int32",
        "            format: int64",
        &["breaking format-changed Things_List %/get/parameters/1/schema/format"],
        &["breaking format-changed Things_List %/get/parameters/1/schema/format"],
    );
    case(
        "name: limit\n          in: query",
        "name: limit\n          in: query\n          explode: false",
        &["breaking parameter-encoding-changed Things_List %/get/parameters/1/explode"],
        &["breaking parameter-encoding-changed Things_List %/get/parameters/1/explode"],
    );
}

#[test]
fn a_parameter_of_the_path_is_one_of_each_operation() {
    let id = "        - name: id\n          in: path\n          required: true\n          schema:\n            type: string\n";
    let moved = edited(&[
        (&format!("      parameters:\n{id}"), ""),
        (
            "  /things/{id}:\n",
            &format!("  /things/{{id}}:\n    parameters:\n{id}"),
        ),
    ]);
    assert!(diff_of(&parse(SMALL), &moved).is_empty());
}

#[test]
fn bodies_and_responses() {
    case(
        "              $ref: '#/components/schemas/NewThing'\n        required: true",
        "              $ref: '#/components/schemas/NewThing'",
        &["additive newly-optional Things_Create %/post/requestBody/required"],
        &["breaking newly-required Things_Create %/post/requestBody/required"],
    );
    case(
        "          application/json:\n            schema:\n              $ref",
        "          text/json:\n            schema:\n              $ref",
        &[
            "breaking media-type-removed Things_Create %/post/requestBody/content/application~1json",
            "additive media-type-added Things_Create %/post/requestBody/content/text~1json",
        ],
        &[
            "breaking media-type-removed Things_Create %/post/requestBody/content/text~1json",
            "additive media-type-added Things_Create %/post/requestBody/content/application~1json",
        ],
    );
    case(
        "      responses:\n        '200'",
        "      responses:\n        default: {description: failed}\n        '200'",
        &["additive response-added Things_List %/get/responses/default"],
        &["documentation response-removed Things_List %/get/responses/default"],
    );
}

#[test]
fn members_of_a_request() {
    case(
        "        note:\n          type: string\n          nullable: true\n",
        "",
        &["breaking member-removed Things_Create @NewThing/properties/note"],
        &["additive member-added Things_Create @NewThing/properties/note"],
    );
    case(
        "      required:\n        - name\n    Owner",
        "      required:\n        - name\n        - note\n    Owner",
        &["breaking newly-required Things_Create @NewThing/required"],
        &["additive newly-optional Things_Create @NewThing/required"],
    );
    case(
        "          nullable: true",
        "          nullable: false",
        &["breaking nullability-changed Things_Create @NewThing/properties/note/nullable"],
        &["documentation nullability-changed Things_Create @NewThing/properties/note/nullable"],
    );
    case(
        "          nullable: true",
        "          nullable: true\n          readOnly: true",
        &["breaking read-only-changed Things_Create @NewThing/properties/note/readOnly"],
        &["additive read-only-changed Things_Create @NewThing/properties/note/readOnly"],
    );
    // What can't be sent can't be asked for either.
    case(
        "      required:\n        - name\n    Owner",
        "      required:\n        - id\n        - name\n    Owner",
        &["additive newly-required Things_Create @NewThing/required"],
        &["additive newly-optional Things_Create @NewThing/required"],
    );
}

#[test]
fn members_of_a_response() {
    case(
        "      required:\n        - things\n",
        "",
        &["breaking newly-optional Things_List @ListReply/required"],
        &["additive newly-required Things_List @ListReply/required"],
    );
    case(
        "        next:\n          type: string",
        "        next:\n          type: string\n          nullable: true",
        &["breaking nullability-changed Things_List @ListReply/properties/next/nullable"],
        &["documentation nullability-changed Things_List @ListReply/properties/next/nullable"],
    );
    case(
        "        next:\n          type: string",
        "        next:\n          type: integer",
        &["breaking type-changed Things_List @ListReply/properties/next/type"],
        &["breaking type-changed Things_List @ListReply/properties/next/type"],
    );
    case(
        "          items:\n            $ref: '#/components/schemas/Thing'",
        "          items:\n            $ref: '#/components/schemas/Owner'",
        &["breaking type-changed Things_List @ListReply/properties/things/items"],
        &["breaking type-changed Things_List @ListReply/properties/things/items"],
    );
    case(
        "          additionalProperties:\n            type: string",
        "          additionalProperties:\n            type: integer",
        &["breaking type-changed - @Thing/properties/labels/additionalProperties/type"],
        &["breaking type-changed - @Thing/properties/labels/additionalProperties/type"],
    );
    case(
        "    Owner:\n      type: object\n",
        "    Owner:\n      type: object\n      additionalProperties: true\n",
        &[],
        &[],
    );
}

#[test]
fn enum_values() {
    case(
        "            - STATE_OFF\n",
        "            - STATE_OFF\n            - STATE_LOST\n",
        &["additive enum-value-added - @Thing/properties/state/enum"],
        &["breaking enum-value-removed - @Thing/properties/state/enum"],
    );
    case(
        "          enum:\n            - STATE_ON\n            - STATE_OFF\n",
        "",
        &["breaking type-changed - @Thing/properties/state/enum"],
        &["breaking type-changed - @Thing/properties/state/enum"],
    );
    case(
        "            - STATE_ON\n            - STATE_OFF\n",
        "            - STATE_OFF\n            - STATE_ON\n",
        &[],
        &[],
    );
}

#[test]
fn a_shared_schema_is_reported_once_with_all_it_reaches() {
    let diff = diff_of(
        &parse(SMALL),
        &edited(&[(
            "        since:\n          type: string\n          format: date-time\n",
            "",
        )]),
    );
    assert_eq!(
        brief(&diff),
        ["breaking member-removed - /components/schemas/Owner/properties/since"]
    );
    assert_eq!(
        diff.breaking[0].message,
        "`Owner.since` was removed (reaches every operation)"
    );
    let diff = diff_of(&parse(SMALL), &edited(&[("STATE_OFF", "STATE_OUT")]));
    assert!(
        diff.breaking[0]
            .message
            .ends_with("(reaches every operation)"),
        "{}",
        diff.breaking[0].message
    );
    let two = edited(&[(
        "                $ref: '#/components/schemas/Thing'",
        "                type: object",
    )]);
    let renamed = parse(&crate::canonical::write(&two).replacen("STATE_OFF", "STATE_OUT", 1));
    assert_eq!(
        diff_of(&two, &renamed).additive[0].message,
        "`Thing.state` has the new value `STATE_OUT` (reaches Things_Get, Things_List)",
    );
}

#[test]
fn equivalent_references_are_no_difference() {
    case(
        "        parent:\n          $ref: '#/components/schemas/Thing'",
        "        parent:\n          allOf:\n            - $ref: '#/components/schemas/Thing'",
        &[],
        &[],
    );
    case(
        "        parent:\n          $ref: '#/components/schemas/Thing'",
        "        parent:\n          description: The one above\n          allOf:\n            - $ref: '#/components/schemas/Thing'",
        &["documentation description-changed - @Thing/properties/parent/description"],
        &["documentation description-changed - @Thing/properties/parent/description"],
    );
    // Written out instead of referred to.
    case(
        "        owner:\n          $ref: '#/components/schemas/Owner'",
        "        owner:\n          type: object\n          properties: {name: {type: string}, since: {type: string, format: date-time}}\n          required: [name]",
        &[],
        &[],
    );
}

#[test]
fn a_schema_under_another_name_is_renamed() {
    let text = SMALL
        .replace("schemas/Owner'", "schemas/Keeper'")
        .replace("    Owner:", "    Keeper:");
    let diff = diff_of(&parse(SMALL), &parse(&text));
    assert_eq!(
        brief(&diff),
        ["breaking schema-renamed - /components/schemas/Keeper"]
    );
    let diff = diff_of(&parse(SMALL), &parse(&text.replace("date-time", "date")));
    assert_eq!(
        brief(&diff),
        [
            "breaking schema-renamed - /components/schemas/Keeper",
            "breaking format-changed - /components/schemas/Keeper/properties/since/format",
        ],
    );
}

#[test]
fn document_level_changes() {
    case(
        "title: Small",
        "title: Little",
        &["documentation annotation-changed - /info/title"],
        &["documentation annotation-changed - /info/title"],
    );
    case(
        "//api.example",
        "//api.sample",
        &["breaking servers-changed - /servers"],
        &["breaking servers-changed - /servers"],
    );
    case(
        "  - bearer: []",
        "  - {}",
        &["breaking security-changed - /security"],
        &["breaking security-changed - /security"],
    );
    case(
        "      scheme: bearer",
        "      scheme: basic",
        &["breaking security-scheme-changed - /components/securitySchemes/bearer/scheme"],
        &["breaking security-scheme-changed - /components/securitySchemes/bearer/scheme"],
    );
    case(
        "    description: All things",
        "    description: Every thing",
        &["documentation description-changed - /tags/0/description"],
        &["documentation description-changed - /tags/0/description"],
    );
    case(
        "      summary: Get a thing",
        "      summary: Read a thing",
        &["documentation annotation-changed Things_Get %~1{id}/get/summary"],
        &["documentation annotation-changed Things_Get %~1{id}/get/summary"],
    );
}

#[test]
fn a_partial_document_is_compared_for_its_operations_only() {
    let mut part = edited(&[
        ("        - STATE_OFF", "        - STATE_OUT"),
        ("All things", "Every thing"),
    ]);
    for gone in ["ListReply", "NewThing"] {
        part["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .remove(gone);
    }
    part["paths"].as_object_mut().unwrap().remove("/things");
    let all = edited(&[(
        "tags:\n  - name: Things",
        "tags:\n  - name: Other\n  - name: Things",
    )]);
    let diff = compare(
        Side {
            document: &(&all).into(),
            complete: true,
        },
        Side {
            document: &(&part).into(),
            complete: false,
        },
    );
    assert_eq!(
        brief(&diff),
        [
            "breaking enum-value-removed - /components/schemas/Thing/properties/state/enum",
            "additive enum-value-added - /components/schemas/Thing/properties/state/enum",
            "documentation description-changed - /tags/0/description",
        ],
    );
    let back = compare(
        Side {
            document: &(&part).into(),
            complete: false,
        },
        Side {
            document: &(&all).into(),
            complete: true,
        },
    );
    assert_eq!(back.breaking.len() + back.additive.len(), 2, "{back:#?}");
}

#[test]
fn a_schema_that_contains_itself_through_all_of_equals_itself() {
    for recursive in [
        "type: object, allOf: [{properties: {child: {type: object, allOf: [{$ref: '#/components/schemas/Tree'}]}}}]",
        "type: object, properties: {children: {type: array, items: {type: object, allOf: [{$ref: '#/components/schemas/Tree'}]}}}",
        "type: object, additionalProperties: {description: d, allOf: [{$ref: '#/components/schemas/Tree'}], properties: {a: {type: string}}}",
    ] {
        let tree = |more: &str| {
            edited(&[(
                "    Owner:",
                &format!("    Tree: {{{recursive}{more}}}\n    Owner:"),
            )])
        };
        let written_out = parse(
            &tree("")
                .to_string()
                .replace("\"type\":\"object\",\"allOf\"", "\"allOf\""),
        );
        for (a, b) in [(tree(""), tree("")), (tree(""), written_out)] {
            assert_eq!(brief(&diff_of(&a, &b)), Vec::<String>::new(), "{recursive}");
        }
        let described = brief(&diff_of(&tree(""), &tree(", description: A tree")));
        assert_eq!(
            described,
            ["documentation description-changed - /components/schemas/Tree/description"]
        );
    }
}

#[test]
fn a_shared_parameter_header_or_response_is_reported_once() {
    let shared = |limit: &str, header: &str, failure: &str| {
        let responses =
            "      responses:\n        default: {$ref: '#/components/responses/Failed'}\n";
        let text = SMALL
            .replace("      responses:\n", responses)
            .replace("        - name: limit\n          in: query\n          schema:\n            type: integer\n            format: int32\n", "        - $ref: '#/components/parameters/Limit'\n")
            .replace("  schemas:\n", &format!(
                "  parameters: {{Limit: {{name: limit, in: query, schema: {{type: {limit}}}}}}}\n  headers: {{Id: {{schema: {{type: {header}}}}}}}\n  responses: {{Failed: {{description: {failure}, headers: {{X-Id: {{$ref: '#/components/headers/Id'}}}}}}}}\n  schemas:\n",
            ));
        parse(&text)
    };
    let diff = diff_of(
        &shared("string", "string", "a"),
        &shared("integer", "integer", "b"),
    );
    assert_eq!(
        brief(&diff),
        [
            "breaking type-changed - /components/headers/Id/schema/type",
            "breaking type-changed Things_List /components/parameters/Limit/schema/type",
            "documentation description-changed - /components/responses/Failed/description",
        ]
    );
    assert!(
        diff.breaking[0]
            .message
            .ends_with("(reaches every operation)")
    );
}

#[test]
fn operations_whose_paths_differ_in_a_parameter_name_are_told_apart() {
    let other = "  /things/{name}:\n    get: {operationId: Other, parameters: [{name: name, in: path, required: true, schema: {type: string}}], responses: {'200': {description: OK}}}\n";
    let both = edited(&[("  /things/{id}:\n", &format!("{other}  /things/{{id}}:\n"))]);
    assert!(diff_of(&both, &both).is_empty());
    assert_eq!(
        brief(&diff_of(&both, &parse(SMALL))),
        ["breaking operation-removed Other /paths/~1things~1{name}/get"]
    );
}

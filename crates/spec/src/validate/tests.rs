use crate::Spec;

const VALID: &str = "\
openapi: 3.0.3
info:
  title: T
  version: 0.0.1
paths:
  /things/{id}:go:
    get:
      operationId: Things_Get
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing'
components:
  schemas:
    Thing:
      type: object
      properties:
        $ref:
          description: a member that is called so
          type: string
        parent:
          $ref: '#/components/schemas/Thing'
        children:
          type: array
          items:
            allOf:
              - $ref: '#/components/schemas/Thing'
      additionalProperties: true
      example:
        $ref: not a reference
";

#[test]
fn a_valid_document_is_accepted_with_recursive_members() {
    let spec = Spec::parse("t.yaml", VALID).unwrap();
    assert!(
        spec.resolve("#/components/schemas/Thing/properties/parent")
            .is_some()
    );
    assert!(spec.resolve("#/components/schemas/Nothing").is_none());
    assert!(spec.resolve("other.yaml#/components").is_none());
}

#[test]
fn each_defect_is_reported_with_its_location() {
    for (good, bad, expected) in [
        (
            "openapi: 3.0.3",
            "openapi: 4.0.0",
            "t.yaml:1: /openapi: OpenAPI 3.0, 3.1 or 3.2 is expected here, not \"4.0.0\"",
        ),
        (
            "openapi: 3.0.3",
            "openapi: 3.0",
            "t.yaml:1: /openapi: OpenAPI 3.0, 3.1 or 3.2 is expected here, not 3.0",
        ),
        (
            "openapi: 3.0.3",
            "swagger: '2.0'",
            "t.yaml:1: not an OpenAPI 3 document: there is no `openapi` member",
        ),
        (
            "  title: T\n",
            "",
            "t.yaml:2: /info/title: a text is expected here",
        ),
        ("paths:", "path:", "t.yaml:1: there is no `paths` member"),
        (
            "  /things/",
            "  things/",
            "t.yaml:6: /paths/things~1{id}:go: a path must begin with `/`",
        ),
        (
            "      operationId: Things_Get\n",
            "",
            "t.yaml:7: /paths/~1things~1{id}:go/get: an operation needs an `operationId`",
        ),
        (
            "/things/{id}:go",
            "/things/{name}:go",
            "t.yaml:10: /paths/~1things~1{name}:go/get/parameters/0: the path `/things/{name}:go` has no part `{id}`",
        ),
        (
            "/things/{id}:go",
            "/things/{id}/{name}",
            "t.yaml:7: /paths/~1things~1{id}~1{name}/get: the path parameter `name` is not declared",
        ),
        (
            "          required: true\n",
            "",
            "t.yaml:10: /paths/~1things~1{id}:go/get/parameters/0: the path parameter `id` must be required",
        ),
        (
            "          in: path\n",
            "          in: body\n",
            "t.yaml:11: /paths/~1things~1{id}:go/get/parameters/0/in: `body` is no place for a parameter",
        ),
        (
            "          in: path\n",
            "",
            "t.yaml:10: /paths/~1things~1{id}:go/get/parameters/0: a parameter needs `name` and `in`",
        ),
        (
            "      parameters:\n",
            "      parameters:\n        - {name: id, in: path, required: true}\n",
            "t.yaml:11: /paths/~1things~1{id}:go/get/parameters/1: the path parameter `id` is given twice",
        ),
        (
            "components:\n",
            "  /more:\n    get:\n      operationId: Things_Get\n      responses: {'200': {description: OK}}\ncomponents:\n",
            "t.yaml:24: /paths/~1more/get/operationId: the operation id `Things_Get` is taken by /paths/~1things~1{id}:go/get",
        ),
        (
            "schemas/Thing'\ncomponents",
            "schemas/Thin'\ncomponents",
            "t.yaml:21: /paths/~1things~1{id}:go/get/responses/200/content/application~1json/schema/$ref: `#/components/schemas/Thin` doesn't exist in this document",
        ),
        (
            "'#/components/schemas/Thing'\ncomponents",
            "'other.yaml#/Thing'\ncomponents",
            "t.yaml:21: /paths/~1things~1{id}:go/get/responses/200/content/application~1json/schema/$ref: `other.yaml#/Thing` is outside of this document; only `#/…` references are followed",
        ),
        (
            "    Thing:\n      type: object",
            "    Loop:\n      allOf:\n        - $ref: '#/components/schemas/Pool'\n    Pool:\n      $ref: '#/components/schemas/Loop'\n    Thing:\n      type: object",
            "t.yaml:24: /components/schemas/Loop: circular reference: #/components/schemas/Loop -> #/components/schemas/Pool -> #/components/schemas/Loop",
        ),
        (
            "      type: object\n",
            "      type: [object, 'null']\n",
            "t.yaml:25: /components/schemas/Thing/type: [\"object\",\"null\"] is not a type of OpenAPI 3.0",
        ),
        (
            "      type: object\n",
            "      type: object\n      required: [1]\n",
            "t.yaml:26: /components/schemas/Thing/required: a list of member names is expected here",
        ),
        (
            "      type: object\n",
            "      type: object\n      enum: []\n",
            "t.yaml:26: /components/schemas/Thing/enum: an enum needs at least one value",
        ),
        (
            "          type: array\n          items:\n            allOf:\n              - $ref: '#/components/schemas/Thing'\n",
            "          type: array\n",
            "t.yaml:33: /components/schemas/Thing/properties/children/type: an array needs `items`",
        ),
        (
            "      properties:\n",
            "      properties: []\n      x-properties:\n",
            "t.yaml:26: /components/schemas/Thing/properties: a mapping is expected here",
        ),
        (
            "          description: OK\n",
            "          description: OK\n          headers: text\n",
            "t.yaml:18: /paths/~1things~1{id}:go/get/responses/200/headers: a mapping is expected here",
        ),
    ] {
        assert!(VALID.contains(good), "{good:?}");
        let message = Spec::parse("t.yaml", &VALID.replacen(good, bad, 1))
            .unwrap_err()
            .to_string();
        assert_eq!(message, expected);
    }
}

#[test]
fn a_file_that_is_missing_or_not_text_is_named() {
    let missing = Spec::load("no/such/openapi.yaml").unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("no/such/openapi.yaml: can't read the file: "),
        "{missing}"
    );
}

//! Code that is generated for constructs that upstream uses or may use.
#![allow(clippy::unwrap_used, clippy::panic)]

use coreweave_inference_codegen::{EnumTable, Generated, generate};
use coreweave_inference_spec::Spec;

/// A document with all of them.
const SPEC: &str = include_str!("constructs.yaml");

fn generated() -> Generated {
    let spec = Spec::parse("constructs.yaml", SPEC).unwrap();
    generate(&spec, &EnumTable::default()).unwrap()
}

/// Removes white space and trailing commas, which depend on the formatter.
fn flat(code: &str) -> String {
    let code = code.split_whitespace().collect::<String>();
    code.replace(",)", ")").replace(",>", ">")
}

#[test]
fn each_construct_is_generated() {
    let client = flat(&generated().client);
    for (construct, expected) in [
        (
            "optional query parameters are a struct",
            "pub async fn delete_thing_with( &self, id: &str, params: &params::DeleteThingParams, )",
        ),
        (
            "and leave the method without them alone",
            "pub async fn delete_thing(&self, id: &str)",
        ),
        (
            "a numeric path parameter",
            "pub async fn get_revision(&self, id: &str, revision: i64)",
        ),
        (
            "which is written into the path",
            "Self::new(Operation::GET_REVISION, &[id, &revision.to_string()])",
        ),
        (
            "a timestamp in a path is text",
            "pub async fn get_snapshot(&self, at: &str)",
        ),
        (
            "a timestamp in a query",
            "pub since: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>",
        ),
        (
            "200 with empty content",
            "pub async fn touch_thing(&self, id: &str) -> Result<Response<()>, Error>",
        ),
        (
            "201 and 202 of one type",
            "path: \"/things\", success: &[201, 202],",
        ),
        (
            "a member named as the map of unknown members",
            "pub extra: ::std::option::Option<::std::string::String>",
        ),
        (
            "which then has another name",
            "pub extra_members: ::serde_json::Map",
        ),
        (
            "a required list is written although it is empty",
            "zones => \"zones\" always,",
        ),
        (
            "204",
            "method: \"DELETE\", path: \"/things/{id}\", success: &[204],",
        ),
        ("PUT", "method: \"PUT\""),
        ("a list as the body", "body: &::std::vec::Vec<types::Thing>"),
        ("an enum as a named schema", "pub size: crate::types::Size"),
        (
            "its values",
            "Size, unspecified \"SIZE_UNSPECIFIED\", { Large : \"SIZE_LARGE\", Small : \"SIZE_SMALL\", }",
        ),
        ("an enum as a number", "pub level: crate::types::ThingLevel"),
        (
            "which knows no names",
            "ThingLevel, unspecified \"THING_LEVEL_UNSPECIFIED\", {}",
        ),
        (
            "a message that an enum would be called after",
            "pub struct ThingStatus {",
        ),
        ("and the enum", "pub status: crate::types::ThingStatusValue"),
        (
            "whose values lose the name that they share with it",
            r#"{ On : "STATUS_ON", Off : "STATUS_OFF", }"#,
        ),
        (
            "an untyped schema",
            "pub payload: ::std::option::Option<::serde_json::Value>",
        ),
        (
            "an untyped value inline",
            "pub raw: ::std::option::Option<::serde_json::Value>",
        ),
        (
            "a named map",
            "pub labels: ::std::collections::HashMap<::std::string::String, ::std::string::String>",
        ),
        (
            "a named list",
            "pub zones: ::std::vec::Vec<::std::string::String>",
        ),
        (
            "a named string",
            "pub zone: ::std::option::Option<::std::string::String>",
        ),
        (
            "a name whose case changes",
            "pub oidc_auth: ::std::option::Option<crate::types::OidcAuth>",
        ),
        ("and its type", "pub struct OidcAuth {"),
        (
            "writeOnly",
            "pub note: ::std::option::Option<::std::string::String>",
        ),
        (
            "values of an environment",
            "pub run_env: ::std::collections::HashMap< ::std::string::String, crate::Secret, >",
        ),
        (
            "a code block in a description",
            "/// ```text /// let not = rust; /// ```",
        ),
        (
            "indented text in a description",
            "/// ```text /// curl -X POST /// ```",
        ),
        (
            "a resource, found by what operations return",
            "impl Resource for types::Gateway { type Create = types::MakeGateway; type Params = params::ListGatewaysParams;",
        ),
        ("its id in a create request", "&mut body.gateway_id"),
        (
            "its list",
            "Ok(Items { items: page.found, next_page_token: page.next_page_token,",
        ),
        (
            "its spec, which is required",
            "let (spec, status) = (Some(&self.spec), self.status.as_ref());",
        ),
        ("what it lacks", "updated_at: None"),
        (
            "its update, with the members that both have",
            "types::ChangeGateway { id: spec.id.clone().unwrap_or_default(), name: Some(spec.name.clone()), note: spec.note.clone().unwrap_or_default(), size: spec.size.clone(), extra: spec.extra.clone(), ..::std::default::Default::default() }",
        ),
        (
            "a 64-bit integer, which may be text",
            "pub large: ::std::option::Option<u64>",
        ),
        (
            "a description with a lone carriage return and invisible characters",
            "/// Larger /// than others. pub large",
        ),
        (
            "a new service with new operations",
            "id: \"WidgetService_ListWidgets\"",
        ),
    ] {
        assert!(
            client.contains(&flat(expected)),
            "{construct}: {expected}\n{client}"
        );
    }
}

#[test]
fn mocks_match_what_the_client_sends() {
    let mocks = flat(&generated().mocks);
    for expected in [
        // Ids and numbers, encoded as in the path.
        "pub fn revision(self, value: i64) -> Self",
        "regex::escape(&crate::runtime::encode_path(&value.to_string()).to_string())",
        // RFC 3339.
        "value.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true)",
        "pub fn created(self, value: &types::Thing) -> Self",
        "pub fn no_content(self) -> Self",
    ] {
        assert!(mocks.contains(&flat(expected)), "{expected}\n{mocks}");
    }
}

#[test]
fn unsupported_constructs_are_refused_with_name_and_location() {
    for (replaced, by, name, place) in [
        (
            "        note: {type: string, writeOnly: true}",
            "        note: {oneOf: [{type: string}]}",
            "schema Thing: the keyword `oneOf`",
            "/components/schemas/Thing/properties/note/oneOf",
        ),
        (
            "        - {name: force, in: query, schema: {type: boolean}}",
            "        - {name: force, in: header, schema: {type: boolean}}",
            "operation DELETE /things/{id}: a parameter in `header`",
            "/paths/~1things~1{id}/delete/parameters/1/in",
        ),
        (
            "      servers: [{url: 'https://api.test'}]",
            "      servers: [{url: 'https://elsewhere.test'}]",
            "operation DELETE /things/{id}: `servers` that differs",
            "/paths/~1things~1{id}/delete/servers",
        ),
        (
            "        note: {type: string, writeOnly: true}",
            "        _note: {type: string}\n        note: {type: string}",
            "schema Thing: `_note` and `note` would both be named `note`",
            "/components/schemas/Thing/properties/note",
        ),
        (
            "        note: {type: string, writeOnly: true}",
            "        extraMembers: {type: string}",
            "schema Thing: the generated `extra_members` and `extraMembers`",
            "/components/schemas/Thing/properties/extraMembers",
        ),
        (
            "        - {name: force, in: query, schema: {type: boolean}}",
            "        - {name: params, in: query, schema: {type: boolean}}",
            "ThingService_DeleteThing: the generated `params` and `params`",
            "/paths/~1things~1{id}/delete/parameters/1",
        ),
        (
            "        - {name: force, in: query, schema: {type: boolean}}",
            "        - {name: force, in: query, schema: {$ref: '#/components/schemas/ThingStatus'}}",
            "the parameter `force` is neither a scalar nor a list of scalars",
            "/paths/~1things~1{id}/delete/parameters/1/schema",
        ),
        (
            "        - {name: force, in: query, schema: {type: boolean}}",
            "        - {name: force, in: query, schema: {$ref: '#/components/schemas/Labels'}}",
            "the parameter `force` is neither a scalar nor a list of scalars",
            "/paths/~1things~1{id}/delete/parameters/1/schema",
        ),
        (
            "    Size: {type: string, enum: [SIZE_LARGE, SIZE_SMALL]}",
            "    Size: {type: string, enum: [SIZE_LARGE, '?']}",
            "the enum value `?`",
            "/enum",
        ),
        (
            "operationId: WidgetService_ListWidgets",
            "operationId: WidgetService_DeleteThingWith",
            "would both become the method `delete_thing_with`",
            "/paths/~1widgets/get/operationId",
        ),
        (
            "operationId: WidgetService_ListWidgets",
            "operationId: WidgetService_Clone",
            "operation `WidgetService_Clone`",
            "/paths/~1widgets/get/operationId",
        ),
        (
            "      security: [{bearerAuth: []}]",
            "      security: []",
            "operation DELETE /things/{id}: `security` that differs",
            "/paths/~1things~1{id}/delete/security",
        ),
    ] {
        let text = SPEC.replacen(replaced, by, 1);
        assert_ne!(text, SPEC, "{replaced}");
        let spec = Spec::parse("constructs.yaml", &text).unwrap();
        let generated = generate(&spec, &EnumTable::default()).map(drop);
        let error = generated.unwrap_err().to_string();
        assert!(error.starts_with("constructs.yaml:"), "{error}");
        assert!(error.contains(name) && error.contains(place), "{error}");
    }
}

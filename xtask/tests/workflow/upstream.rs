//! What upstream may publish, one case per line: `sync` takes up each of them without help.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use coreweave_inference_spec::canonical;
use serde_json::{Value, json};

use crate::pages::{flat, pages, vendored};
use crate::site::{Response, Site};
use crate::workspace::{Run, Workspace, folder};

/// The vendored document with one more member.
fn newer() -> Value {
    let mut document = vendored();
    document["components"]["schemas"]["Gateway"]["properties"]["color"] = json!({"type": "string"});
    document
}

/// Syncs from a source of [`newer`] and returns what was printed.
#[track_caller]
fn takes_up(from: &str, options: &[&str]) -> Run {
    let workspace = Workspace::with(&vendored());
    let run = workspace.sync(&[&["--from", from, "--format", "json"], options].concat());
    assert_eq!(run.code, 1, "{run:#?}");
    assert_eq!(
        run.entries(),
        ["additive member-added /components/schemas/Gateway/properties/color"]
    );
    assert_eq!(workspace.document(), newer());
    run
}

#[track_caller]
fn assert_note(run: &Run, note: &str) {
    assert!(run.err.contains(note), "{}\nlacks {note}", run.err);
}

fn edit(pages: &mut BTreeMap<String, String>, name: &str, old: &str, new: &str) {
    let page = pages.get_mut(name).unwrap();
    assert!(page.contains(old), "{name}: {old}");
    *page = page.replacen(old, new, 1);
}

const DOCUMENT: &str = "/openapi/inference/openapi.yaml";
const LIST: &str = "hot-load-service/list-hot-loads.md";

#[test]
fn a_site_with_the_full_document() {
    let site = Site::empty();
    site.put(DOCUMENT, Response::text(canonical::write(&newer())));
    takes_up(&site.url("/"), &[]);
}

#[test]
fn a_site_with_pages_only() {
    let site = Site::of(&pages(&newer()));
    let run = takes_up(&site.url("/"), &[]);
    assert_note(&run, "404 Not Found; the reference pages are read instead");
    site.put(DOCUMENT, Response::text("<!doctype html><html></html>"));
    let run = takes_up(&site.url("/"), &[]);
    assert_note(
        &run,
        "an HTML page, where Markdown or a spec is expected; the reference pages are read instead",
    );
}

#[test]
fn pages_under_other_paths() {
    let site = Site::below("/reference", &pages(&newer()));
    takes_up(&site.index(), &[]);
}

#[test]
fn pages_without_a_spec_block_among_others() {
    let mut pages = pages(&newer());
    pages.insert(
        "gateway-service/overview.md".to_owned(),
        "# Gateways\n".to_owned(),
    );
    pages.insert(
        "storage/get-volume.md".to_owned(),
        "````yaml /openapi/storage/openapi.yaml get /volumes\nopenapi: 3.0.3\n````\n".to_owned(),
    );
    let run = takes_up(&Site::of(&pages).index(), &[]);
    assert_note(&run, "overview.md: skipped, it has no spec block");
    assert_note(&run, "get-volume.md: skipped, it has no spec block");
}

#[test]
fn two_pages_for_one_operation() {
    let mut pages = pages(&newer());
    let copy = "hot-load-service/get-v1alpha1inferencehotloads.md";
    pages.insert(copy.to_owned(), pages[LIST].clone());
    takes_up(&Site::of(&pages).index(), &[]);
    edit(&mut pages, copy, "summary: ", "summary: Other words for ");
    let run = takes_up(&Site::of(&pages).index(), &[]);
    assert_note(
        &run,
        "the operation GET /v1alpha1/inference/hotLoads is worded differently in ",
    );
    assert_note(&run, "list-hot-loads.md is used");
}

#[test]
fn pages_of_different_ages() {
    let mut pages = flat(&newer());
    edit(
        &mut pages,
        "get-gateway.md",
        "  version: ",
        "  version: 0.0.0-old # ",
    );
    let folder = folder(&pages);
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let page = std::fs::File::options()
        .write(true)
        .open(folder.path().join("get-gateway.md"));
    page.unwrap().set_modified(old).unwrap();
    let run = takes_up(folder.path().to_str().unwrap(), &[]);
    assert_note(&run, "`info` is worded differently in ");
}

#[test]
fn a_placeholder_server() {
    let mut pages = pages(&newer());
    for page in pages.values_mut() {
        *page = page.replace(
            "url: https://api.coreweave.com",
            "url: https://api.example.com",
        );
    }
    let run = takes_up(&Site::of(&pages).index(), &[]);
    assert_note(
        &run,
        "get-gateway.md: the placeholder in `servers` is ignored",
    );
    let site = Site::empty();
    let mut document = newer();
    document["servers"][0]["url"] = json!("https://api.example.com");
    site.put(DOCUMENT, Response::text(canonical::write(&document)));
    assert_note(
        &takes_up(&site.url(DOCUMENT), &[]),
        "the placeholder in `servers` is ignored",
    );
}

#[test]
fn a_stale_page_in_a_cache() {
    let pages = pages(&newer());
    let site = Site::of(&pages);
    let mut stale = pages.clone();
    edit(&mut stale, LIST, "type: integer", "type: string");
    site.put_page(
        LIST,
        Response {
            uncached: Some(pages[LIST].clone().into()),
            ..Response::text(stale[LIST].as_str())
        },
    );
    site.put_page(
        "hot-load-service/copy.md",
        Response::text(pages[LIST].as_str()),
    );
    site.link("hot-load-service/copy.md");
    takes_up(&site.index(), &[]);
}

#[test]
fn a_contradiction_that_a_person_decided() {
    let mut pages = pages(&newer());
    edit(&mut pages, LIST, "type: integer", "type: string");
    let copy = crate::pages::pages(&newer())[LIST].clone();
    pages.insert("hot-load-service/copy.md".to_owned(), copy);
    let site = Site::of(&pages);
    let undecided = Workspace::with(&vendored()).sync(&["--from", &site.index()]);
    assert_eq!(undecided.code, 2, "{undecided:#?}");
    let run = takes_up(&site.index(), &["--prefer", "hot-load-service/copy.md"]);
    assert_note(&run, "copy.md, as told by --prefer");
}

#[test]
fn a_server_that_is_busy_for_a_while() {
    let pages = pages(&newer());
    let site = Site::of(&pages);
    let busy = Response {
        failures: 2,
        ..Response::text(pages[LIST].as_str())
    };
    site.put_page(LIST, busy);
    takes_up(&site.index(), &[]);
    assert_eq!(
        site.requests().len(),
        1 + 23 + 2,
        "each failure is retried once `Retry-After` has passed"
    );
    assert!(
        site.requests().iter().all(|request| {
            let request = request.to_lowercase();
            request.contains("user-agent: coreweave-inference-xtask/")
                && request.contains("accept-encoding: gzip")
        }),
        "{:?}",
        site.requests()
    );
}

#[test]
fn a_compressed_document() {
    let site = Site::empty();
    site.put("/openapi.yaml", Response::gzip(&canonical::write(&newer())));
    takes_up(&site.url("/openapi.yaml"), &[]);
}

#[test]
fn an_index_of_indexes() {
    let site = Site::of(&pages(&newer()));
    site.nest(None);
    takes_up(&site.index(), &[]);
    assert_eq!(site.requests().len(), 3 + 23, "everything is fetched once");
}

#[test]
fn links_with_titles_and_anchors_and_without_an_extension() {
    let site = Site::of(&pages(&newer()));
    let index = site.body("/llms.txt");
    let forms = [
        (".md): about", " \"A title\"): about"),
        (".md): about", ".md#request): about"),
        ("](http", "](<http"),
    ];
    let lines = index.lines().enumerate().map(|(number, line)| {
        let (old, new) = forms[number % 3];
        let line = line.replacen(old, new, 1);
        match new.ends_with("<http") {
            true => line.replacen(".md)", ".md>)", 1),
            false => line,
        }
    });
    let index: Vec<_> = lines.collect();
    let twice = [index.clone(), index].concat().join("\n");
    site.put("/llms.txt", Response::text(twice));
    takes_up(&site.index(), &[]);
    assert_eq!(site.requests().len(), 1 + 23, "every page is fetched once");
}

#[test]
fn blocks_that_name_their_operation_in_other_ways() {
    let mut pages = pages(&newer());
    let file = "yaml /openapi/inference/openapi.yaml get";
    for (number, page) in pages.values_mut().enumerate() {
        let fence = [
            "yaml get",
            "yaml https://api.example/openapi.json GET",
            "yaml openapi.yaml get",
        ][number % 3];
        *page = page.replacen(file, fence, 1).replacen(
            "/v1alpha1/inference/gateways/{id}\n",
            "/v1alpha1/inference/gateways/{id} theme={\"system\"} lines\n",
            1,
        );
    }
    takes_up(&Site::of(&pages).index(), &[]);
}

#[test]
fn pages_that_a_library_wrote() {
    let mut pages = flat(&newer());
    for page in pages.values_mut() {
        *page = page.replace("        '200':\n", "        200:\n");
    }
    let page = pages.get_mut("get-gateway.md").unwrap();
    *page = page.replacen(
        "security:\n  - bearerAuth: []\n",
        "x-shared: &id001\n  - bearerAuth: []\nsecurity: *id001\n",
        1,
    );
    assert!(page.contains("*id001"));
    let workspace = Workspace::with(&vendored());
    let from = folder(&pages);
    let run = workspace.sync(&[
        "--from",
        from.path().to_str().unwrap(),
        "--check",
        "--format",
        "json",
    ]);
    let additive = "additive member-added /components/schemas/Gateway/properties/color";
    assert_eq!(
        run.entries(),
        [additive, "documentation annotation-changed /x-shared"],
        "{run:#?}"
    );
}

#[test]
fn a_document_of_openapi_3_1() {
    let mut document = newer();
    document["openapi"] = json!("3.1.0");
    let gateway = &mut document["components"]["schemas"]["Gateway"]["properties"];
    gateway["color"] = json!({"type": ["string", "null"], "examples": ["red"]});
    let site = Site::empty();
    site.put(DOCUMENT, Response::text(canonical::write(&document)));
    let workspace = Workspace::with(&vendored());
    let run = workspace.sync(&["--from", &site.url("/"), "--format", "json"]);
    assert_eq!(
        run.entries(),
        ["additive member-added /components/schemas/Gateway/properties/color"]
    );
    let color = &workspace.document()["components"]["schemas"]["Gateway"]["properties"]["color"];
    assert_eq!(
        *color,
        json!({"type": "string", "nullable": true, "example": "red"})
    );
    assert_eq!(workspace.document()["openapi"], "3.0.3");
}

#[test]
fn operations_that_were_removed() {
    let mut document = newer();
    document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/v1alpha1/inference/gateways/parameters");
    let workspace = Workspace::with(&vendored());
    let site = Site::of(&pages(&document));
    let run = workspace.sync(&["--from", &site.index(), "--accept-removals"]);
    assert_eq!(run.code, 1, "{run:#?}");
    assert_eq!(workspace.document()["paths"], document["paths"]);
    let whole = Site::empty();
    whole.put(DOCUMENT, Response::text(canonical::write(&document)));
    let run = Workspace::with(&vendored()).sync(&["--from", &whole.url("/")]);
    assert_eq!(run.code, 1, "a document is taken at its word: {run:#?}");
}

/// Changes a document.
type Change = fn(&mut Value);

/// Constructs that the vendored spec lacks, each with what generated code has for it.
const CONSTRUCTS: &[(&str, Change, &str)] = &[
    (
        "an optional query parameter of an operation without one",
        |document| {
            let get = &mut document["paths"]["/v1alpha1/inference/gateways/{id}"]["get"];
            get["parameters"]
                .as_array_mut()
                .unwrap()
                .push(json!({"name": "view", "in": "query", "schema": {"type": "string"}}));
        },
        "pub view:",
    ),
    (
        "an enum as a component of its own",
        |document| {
            schema(
                document,
                "ResourceStatus",
                json!({"type": "string", "enum": ["STATUS_A", "STATUS_B"]}),
            );
            member(
                document,
                "GatewayStatus",
                "phase",
                json!({"$ref": "#/components/schemas/ResourceStatus"}),
            );
        },
        "ResourceStatus",
    ),
    (
        "an enum of integers",
        |document| {
            member(
                document,
                "HotLoadStatus",
                "level",
                json!({"type": "integer", "format": "enum", "enum": [0, 1, 2]}),
            );
        },
        "pub level:",
    ),
    (
        "a message with the name of an enum type",
        |document| {
            schema(
                document,
                "GatewayStatusStatus",
                json!({"type": "object", "properties": {"a": {"type": "string"}}}),
            );
            member(
                document,
                "GatewayStatus",
                "detail",
                json!({"$ref": "#/components/schemas/GatewayStatusStatus"}),
            );
        },
        "pub detail:",
    ),
    (
        "a response with empty content",
        |document| {
            operation(
                document,
                "ArchiveGateway",
                json!({"200": {"description": "OK", "content": {}}}),
            )
        },
        "pub async fn archive_gateway",
    ),
    (
        "a 201 response",
        |document| operation(document, "CloneGateway", json!({"201": gateway()})),
        "pub async fn clone_gateway",
    ),
    (
        "a 202 response",
        |document| operation(document, "DrainGateway", json!({"202": gateway()})),
        "pub async fn drain_gateway",
    ),
    (
        "a 204 response",
        |document| {
            operation(
                document,
                "ResetGateway",
                json!({"204": {"description": "Done"}}),
            )
        },
        "pub async fn reset_gateway",
    ),
    (
        "a value of any type",
        |document| {
            schema(
                document,
                "GoogleProtobufValue",
                json!({"description": "Any JSON value."}),
            );
            member(
                document,
                "Gateway",
                "anything",
                json!({"$ref": "#/components/schemas/GoogleProtobufValue"}),
            );
        },
        "pub anything:",
    ),
    (
        "schemas that are a map, a list and a string",
        |document| {
            schema(
                document,
                "Labels",
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
            );
            schema(
                document,
                "Zones",
                json!({"type": "array", "items": {"type": "string"}}),
            );
            schema(document, "Hostname", json!({"type": "string"}));
            member(
                document,
                "Gateway",
                "labels",
                json!({"$ref": "#/components/schemas/Labels"}),
            );
            member(
                document,
                "Gateway",
                "moreZones",
                json!({"$ref": "#/components/schemas/Zones"}),
            );
            member(
                document,
                "Gateway",
                "hostname",
                json!({"$ref": "#/components/schemas/Hostname"}),
            );
        },
        "pub more_zones:",
    ),
    (
        "a name that case conversion changes",
        |document| {
            schema(
                document,
                "OIDCAuth",
                json!({"type": "object", "properties": {"issuerURL": {"type": "string"}}}),
            );
            member(
                document,
                "Gateway",
                "oidcAuth",
                json!({"$ref": "#/components/schemas/OIDCAuth"}),
            );
        },
        "pub oidc_auth:",
    ),
    (
        "a write-only member",
        |document| {
            member(
                document,
                "CreateGatewayRequest",
                "passphrase",
                json!({"type": "string", "writeOnly": true}),
            );
        },
        "pub passphrase:",
    ),
    (
        "a new service with an integer in a path",
        |document| {
            document["tags"]
                .as_array_mut()
                .unwrap()
                .push(json!({"name": "QuotaService"}));
            document["paths"]["/v1alpha1/inference/quotas/{number}"] = json!({"get": {
                "tags": ["QuotaService"], "operationId": "QuotaService_GetQuota",
                "parameters": [{"name": "number", "in": "path", "required": true, "schema": {"type": "integer", "format": "int32"}}],
                "responses": {"200": gateway()},
            }});
        },
        "pub async fn get_quota",
    ),
    (
        "security and servers of an operation, equal to the document's",
        |document| {
            let (security, servers) = (document["security"].clone(), document["servers"].clone());
            let get = &mut document["paths"]["/v1alpha1/inference/gateways"]["get"];
            get["security"] = security;
            get["servers"] = servers;
            // What they restate is no difference.
            get["summary"] = json!("List them");
        },
        "pub async fn list_gateways",
    ),
    (
        "code blocks and indented text in a description",
        |document| {
            document["components"]["schemas"]["Gateway"]["description"] = json!(
                "A gateway.\n\n```\nlet x = nonsense;\n```\n\nIndented:\n\n    $ curl https://example.com\n"
            );
        },
        "```text",
    ),
    (
        "64-bit members, as numbers and as text",
        |document| {
            for (name, type_, format) in [
                ("bytesSent", "string", "int64"),
                ("bytesReceived", "integer", "int64"),
                ("bytesDropped", "integer", "uint64"),
            ] {
                let schema = json!({"type": type_, "format": format});
                member(document, "GatewayStatus", name, schema);
            }
        },
        "pub bytes_dropped: ::std::option::Option<u64>",
    ),
    (
        "characters that override the direction of text, which rustc refuses",
        |document| {
            document["components"]["schemas"]["Gateway"]["description"] =
                json!("A \u{202e}gateway\u{2066}.");
            let get = &mut document["paths"]["/v1alpha1/inference/gateways/{id}"]["get"];
            get["description"] = json!("Fetches \u{202e}a gateway.");
        },
        "/// Fetches a gateway.",
    ),
    (
        "a resource with required parts",
        |document| {
            let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
            let object = |required: &[&str], members: Value| json!({"type": "object", "required": required, "properties": members});
            let text = json!({"type": "string"});
            let named = json!({"id": text, "name": text});
            schema(
                document,
                "CacheSpec",
                object(&["id", "name"], named.clone()),
            );
            schema(
                document,
                "CreateCacheRequest",
                object(&["name"], named.clone()),
            );
            schema(
                document,
                "UpdateCacheRequest",
                object(&["id", "name"], named),
            );
            let parts =
                json!({"spec": reference("CacheSpec"), "status": reference("GatewayStatus")});
            schema(document, "Cache", object(&["spec", "status"], parts));
            let one = json!({"cache": reference("Cache")});
            schema(document, "CacheResponse", object(&["cache"], one));
            let items = json!({"items": {"type": "array", "items": reference("Cache")}});
            schema(document, "ListCachesResponse", object(&["items"], items));
            let operation = |name: &str, request: Option<&str>, response: &str| {
                let content = |name: &str| json!({"application/json": {"schema": reference(name)}});
                let mut operation = json!({
                    "tags": ["GatewayService"], "operationId": format!("GatewayService_{name}"),
                    "responses": {"200": {"description": "OK", "content": content(response)}},
                });
                if let Some(request) = request {
                    operation["requestBody"] =
                        json!({"required": true, "content": content(request)});
                }
                operation
            };
            let paths = &mut document["paths"];
            let mut list = operation("ListCaches", None, "ListCachesResponse");
            list["parameters"] = paths["/v1alpha1/inference/gateways"]["get"]["parameters"].clone();
            paths["/v1alpha1/inference/caches"] = json!({
                "get": list,
                "post": operation("CreateCache", Some("CreateCacheRequest"), "CacheResponse"),
            });
            let by_id = |name: &str, request: Option<&str>| {
                let mut operation = operation(name, request, "CacheResponse");
                operation["parameters"] =
                    json!([{"name": "id", "in": "path", "required": true, "schema": text}]);
                operation
            };
            paths["/v1alpha1/inference/caches/{id}"] = json!({
                "get": by_id("GetCache", None),
                "patch": by_id("UpdateCache", Some("UpdateCacheRequest")),
                "delete": by_id("DeleteCache", None),
            });
        },
        "impl Managed for types::Cache {",
    ),
];

fn schema(document: &mut Value, name: &str, schema: Value) {
    document["components"]["schemas"][name] = schema;
}

fn member(document: &mut Value, schema: &str, name: &str, member: Value) {
    document["components"]["schemas"][schema]["properties"][name] = member;
}

fn gateway() -> Value {
    let schema = json!({"$ref": "#/components/schemas/GetGatewayResponse"});
    json!({"description": "OK", "content": {"application/json": {"schema": schema}}})
}

fn operation(document: &mut Value, name: &str, responses: Value) {
    let path = format!(
        "/v1alpha1/inference/gateways/{{id}}:{}",
        name.to_lowercase()
    );
    document["paths"][path] = json!({"post": {
        "tags": ["GatewayService"], "operationId": format!("GatewayService_{name}"),
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": responses,
    }});
}

#[test]
fn every_construct_is_generated() {
    let mut failed = Vec::new();
    for (construct, change, expected) in CONSTRUCTS {
        let mut document = vendored();
        change(&mut document);
        let workspace = Workspace::with(&vendored());
        let file = workspace.root().join("upstream.yaml");
        std::fs::write(&file, canonical::write(&document)).unwrap();
        let run = workspace.sync(&["--from", file.to_str().unwrap()]);
        let taken_up = run.code == 1 && workspace.read("generated/client.rs").contains(expected);
        if !taken_up {
            failed.push(format!("{construct}: exit code {}\n{}", run.code, run.err));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Compiles this workspace with a spec that has all constructs, as CONTRIBUTING.md shows it.
#[test]
fn the_workspace_compiles_with_every_construct() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut document = vendored();
    for (_, change, _) in CONSTRUCTS {
        change(&mut document);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    std::fs::write(&file, canonical::write(&document)).unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        .env("COREWEAVE_INFERENCE_OPENAPI", &file)
        .args([
            "check",
            "--workspace",
            "--all-features",
            "--locked",
            "--quiet",
        ])
        .args([
            "--config",
            "profile.dev.package.coreweave-inference-api.codegen-units=1",
        ])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

#[test]
fn a_new_operation_fails_the_check_until_the_wrapper_has_it() {
    let mut document = vendored();
    operation(&mut document, "PauseGateway", json!({"200": gateway()}));
    let workspace = Workspace::with(&document);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for path in ["README.md", "crates/client/src", "openapi.enums.json"] {
        workspace.copy(&repository, path);
    }
    let check = workspace.xtask(&["generate"]);
    assert_eq!(check.code, 0, "{check:#?}");
    let check = workspace.xtask(&["check"]);
    assert_eq!(check.code, 1, "{check:#?}");
    let failed: Vec<_> = check
        .out
        .lines()
        .filter(|line| line.starts_with("FAILED"))
        .collect();
    assert_eq!(
        failed,
        [
            "FAILED the wrapper reaches every operation",
            "FAILED the README's operation table is true"
        ],
        "{check:#?}"
    );
    assert!(
        check.out.contains("GatewayService_PauseGateway"),
        "{check:#?}"
    );
    assert!(
        !check.out.contains("GatewayService_GetGateway"),
        "{check:#?}"
    );
}

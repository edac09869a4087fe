//! `cargo xtask sync` from a site, a folder and a file, as its user sees it.

use std::path::Path;

use crate::pages::{flat, pages, vendored};
use crate::site::{Response, Site};
use crate::workspace::{Workspace, folder, xtask, xtask_behind};
use serde_json::{Value, json};

/// The vendored document, changed.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = vendored();
    change(&mut document);
    document
}

fn schema<'v>(document: &'v mut Value, name: &str) -> &'v mut Value {
    &mut document["components"]["schemas"][name]
}

#[test]
fn a_first_sync_from_an_index_brings_the_whole_spec_and_a_second_touches_nothing() {
    let site = Site::of(&pages(&vendored()));
    let workspace = Workspace::empty();
    let first = workspace.sync(&["--from", &site.index()]);
    assert_eq!(first.code, 1, "{first:#?}");
    assert!(
        first.out.contains(
            "`GatewayService_GetGateway` (GET /v1alpha1/inference/gateways/{id}) was added"
        ),
        "{}",
        first.out
    );
    assert_eq!(workspace.document(), vendored());
    assert!(
        workspace
            .read("generated/client.rs")
            .contains("get_gateway")
    );
    let lock: Value = serde_json::from_str(&workspace.read("openapi.lock")).unwrap();
    assert_eq!(lock["sources"].as_array().unwrap().len(), 23);
    assert!(first.err.contains("read 23/23 http://"), "{}", first.err);

    let before = workspace.files();
    assert_eq!(before.len(), 5);
    let second = workspace.sync(&["--from", &site.index()]);
    assert_eq!((second.code, second.out.as_str()), (0, "no differences\n"));
    assert_eq!(workspace.files(), before);
}

#[test]
fn an_unchanged_upstream_changes_nothing_but_the_first_record_of_its_pages() {
    let workspace = Workspace::with(&vendored());
    let pages = folder(&flat(&vendored()));
    let from = pages.path().to_str().unwrap();
    let check = workspace.sync(&["--from", from, "--check"]);
    assert_eq!(
        (check.code, check.out.as_str(), check.err.as_str()),
        (0, "no differences\n", "")
    );
    assert!(!workspace.root().join("openapi.lock").exists());
    assert_eq!(
        workspace.sync(&["--from", from]).err,
        "wrote openapi.lock\n"
    );
    // Recorded some time ago; a day that goes by is no change.
    let lock = workspace.read("openapi.lock");
    let today = lock
        .split("\"retrieved\": \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    std::fs::write(
        workspace.root().join("openapi.lock"),
        lock.replace(today, "2020-02-29"),
    )
    .unwrap();
    let before = workspace.files();
    assert_eq!(workspace.sync(&["--from", from]).err, "");
    assert_eq!(workspace.files(), before);
    let lock = workspace.read("openapi.lock");
    assert!(
        lock.contains("\"location\": \"get-gateway.md\"") && !lock.contains(from),
        "{lock}"
    );
}

#[test]
fn check_writes_nothing_and_fails_as_told() {
    let new = changed(|document| {
        schema(document, "Gateway")["properties"]["colour"] = json!({"type": "string"});
    });
    let (workspace, site) = (Workspace::with(&vendored()), Site::of(&pages(&new)));
    let before = workspace.files();
    let run = workspace.sync(&["--from", &site.index(), "--check", "--format", "json"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.entries(),
        ["additive member-added /components/schemas/Gateway/properties/colour"]
    );
    assert_eq!(
        workspace
            .sync(&["--from", &site.index(), "--check", "--fail-on", "breaking"])
            .code,
        0
    );
    assert_eq!(workspace.files(), before);
}

#[test]
fn every_kind_of_change_arrives() {
    let new = changed(|document| {
        let operation = json!({
            "operationId": "GatewayService_PauseGateway", "tags": ["GatewayService"],
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/GetGatewayResponse"}}}}},
        });
        document["paths"]["/v1alpha1/inference/gateways/{id}:pause"] = json!({"post": operation});
        document["paths"]["/v1alpha1/inference/hotLoads/{id}:cancel"]["post"]["description"] =
            json!("Stops it.");
        document["paths"]
            .as_object_mut()
            .unwrap()
            .remove("/v1alpha1/inference/gateways/parameters");
        document["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .remove("GetGatewayParametersResponse");
        schema(document, "DeploymentTraffic")["properties"]["weight"]["format"] = json!("int32");
        schema(document, "GatewayStatus")["properties"]["status"]["enum"]
            .as_array_mut()
            .unwrap()
            .push(json!("STATUS_PAUSED"));
    });
    let (workspace, site) = (Workspace::with(&vendored()), Site::of(&pages(&new)));
    let from = site.index();
    let run = workspace.sync(&["--from", &from, "--format", "json", "--accept-removals"]);
    assert_eq!(
        run.entries(),
        [
            "breaking format-changed /components/schemas/DeploymentTraffic/properties/weight/format",
            "breaking operation-removed /paths/~1v1alpha1~1inference~1gateways~1parameters/get",
            "additive enum-value-added /components/schemas/GatewayStatus/properties/status/enum",
            "additive operation-added /paths/~1v1alpha1~1inference~1gateways~1{id}:pause/post",
            "documentation description-changed /paths/~1v1alpha1~1inference~1hotLoads~1{id}:cancel/post/description",
        ],
    );
    assert_eq!(run.code, 1);
    assert_eq!(workspace.document(), new);
    assert!(
        workspace
            .read("generated/client.rs")
            .contains("pause_gateway")
    );
}

#[test]
fn a_part_of_the_pages_updates_what_it_covers_and_says_so() {
    let new = changed(|document| {
        document["info"]["version"] = json!("0.0.2");
        schema(document, "Condition")["properties"]["zone"]["description"] = json!("Where.");
        schema(document, "GatewayStatus")["properties"]
            .as_object_mut()
            .unwrap()
            .remove("endpoints");
        // Not covered by the page.
        schema(document, "Deployment")["properties"]["more"] = json!({"type": "string"});
    });
    let mut some = flat(&new);
    some.retain(|name, _| name == "get-gateway.md");
    let (workspace, folder) = (Workspace::with(&vendored()), folder(&some));
    let run = workspace.sync(&[
        "--from",
        folder.path().to_str().unwrap(),
        "--format",
        "json",
    ]);
    assert_eq!(
        run.entries(),
        [
            "breaking member-removed /components/schemas/GatewayStatus/properties/endpoints",
            "documentation description-changed /components/schemas/Condition/properties/zone/description",
            "documentation annotation-changed /info/version",
        ],
    );
    assert!(run.err.contains("Compared are 1 of 23 operations; these have no page here: CapacityClaimService_ListCapacityClaims, "), "{}", run.err);
    let expected = changed(|document| {
        document["info"]["version"] = json!("0.0.2");
        schema(document, "Condition")["properties"]["zone"]["description"] = json!("Where.");
        schema(document, "GatewayStatus")["properties"]
            .as_object_mut()
            .unwrap()
            .remove("endpoints");
    });
    assert_eq!(workspace.document(), expected);
    assert_eq!(
        workspace
            .sync(&["--from", folder.path().to_str().unwrap()])
            .code,
        0
    );
}

#[test]
fn a_schema_that_nothing_refers_to_any_more_goes_with_the_last_reference() {
    let new = changed(|document| {
        schema(document, "GatewaySpec")["properties"]["pathBasedRouting"] =
            json!({"type": "boolean"});
        for request in ["CreateGatewayRequest", "UpdateGatewayRequest"] {
            schema(document, request)["properties"]
                .as_object_mut()
                .unwrap()
                .remove("pathBasedRouting");
        }
        document["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .remove("PathBasedRouting");
    });
    let mut some = flat(&new);
    some.retain(|name, _| name.contains("gateway"));
    let (workspace, folder) = (Workspace::with(&vendored()), folder(&some));
    assert_eq!(
        workspace
            .sync(&["--from", folder.path().to_str().unwrap()])
            .code,
        1
    );
    assert_eq!(workspace.document(), new);
}

#[test]
fn a_whole_document_comes_from_a_file_or_an_address() {
    let new = changed(|document| {
        schema(document, "Gateway")["properties"]["colour"] = json!({"type": "string"})
    });
    let site = Site::empty();
    site.put("/openapi.json", Response::text(new.to_string()));
    let workspace = Workspace::with(&vendored());
    assert_eq!(
        workspace.sync(&["--from", &site.url("/openapi.json")]).code,
        1
    );
    assert_eq!(workspace.document(), new);
    let file = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
    std::fs::write(
        file.path(),
        coreweave_inference_spec::canonical::write(&vendored()),
    )
    .unwrap();
    let run = workspace.sync(&["--from", file.path().to_str().unwrap(), "--format", "json"]);
    assert_eq!(
        run.entries(),
        ["breaking member-removed /components/schemas/Gateway/properties/colour"]
    );
    assert_eq!(workspace.document(), vendored());
}

#[test]
fn a_proxy_from_the_environment_is_used() {
    let proxy = Site::empty();
    let address = "http://127.0.0.1:1/openapi.json";
    proxy.put(address, Response::text(vendored().to_string()));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    let run = xtask_behind(&proxy.url(""), &["diff", file.to_str().unwrap(), address]);
    assert_eq!((run.code, proxy.requests().len()), (0, 1), "{run:#?}");
}

#[test]
fn a_spec_that_cannot_be_generated_from_leaves_everything_as_it_was() {
    let new = changed(|document| {
        schema(document, "Gateway")["properties"]["either"] =
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    });
    let (workspace, site) = (Workspace::with(&vendored()), Site::of(&pages(&new)));
    let before = workspace.files();
    let run = workspace.sync(&["--from", &site.index()]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(
        run.err.contains("can't generate code from the new spec")
            && run
                .err
                .contains("/components/schemas/Gateway/properties/either"),
        "{}",
        run.err
    );
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_spec_that_breaks_the_wrapper_leaves_everything_as_it_was_and_names_the_cause() {
    let new = changed(|document| {
        document["paths"]["/v1alpha1/inference/gateways/{id}"]["get"]["operationId"] =
            json!("GatewayService_ReadGateway");
        schema(document, "DeploymentTraffic")["properties"]
            .as_object_mut()
            .unwrap()
            .remove("weight");
    });
    let (workspace, site) = (Workspace::with(&vendored()), Site::of(&pages(&new)));
    let before = workspace.files();
    let run = workspace.sync(&["--from", &site.index()]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(
        run.err.contains("no method named `get_gateway`"),
        "{}",
        run.err
    );
    assert!(
        run.err
            .contains("`GatewayService_GetGateway` was renamed to `GatewayService_ReadGateway`"),
        "{}",
        run.err
    );
    assert!(
        !run.err.contains("`DeploymentTraffic.weight`"),
        "{}",
        run.err
    );
    let candidate = workspace.read("target/xtask-candidate/openapi.yaml");
    assert!(
        candidate.contains("GatewayService_ReadGateway") && run.err.contains("xtask-candidate"),
        "{}",
        run.err
    );
    assert_eq!(workspace.files(), before);
}

#[test]
fn diff_reads_what_sync_reads() {
    let new = changed(|document| {
        schema(document, "Gateway")["properties"]["colour"] = json!({"type": "string"})
    });
    let (old, site) = (folder(&flat(&vendored())), Site::of(&pages(&new)));
    let old = old.path().to_str().unwrap();
    let run = xtask(&["diff", old, &site.index(), "--format", "json"]);
    assert_eq!(
        (run.code, run.entries()),
        (
            1,
            vec!["additive member-added /components/schemas/Gateway/properties/colour".to_owned()]
        )
    );
    assert_eq!(xtask(&["diff", old, old]).code, 0);
    let none = xtask(&["diff", old, "no-such-file.yaml"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(
        none.err
            .starts_with("error: no-such-file.yaml: can't read the file: "),
        "{}",
        none.err
    );
}

#[test]
fn an_interrupted_update_is_completed_by_the_next_sync() {
    let new = changed(|document| {
        schema(document, "Gateway")["properties"]["color"] = json!({"type": "string"});
    });
    let site = Site::of(&pages(&new));
    let (old, workspace) = (Workspace::with(&vendored()), Workspace::with(&vendored()));
    assert_eq!(workspace.sync(&["--from", &site.index()]).code, 1);
    let complete = ["openapi.yaml", "openapi.lock", "generated/client.rs"];
    let complete = complete.map(|name| (name, workspace.read(name)));
    for interrupted in ["openapi.lock", "generated/client.rs"] {
        let text = match interrupted {
            "openapi.lock" => {
                complete[1]
                    .1
                    .replacen("\"openapi.yaml\": \"", "\"openapi.yaml\": \"0", 1)
            }
            name => old.read(name),
        };
        std::fs::write(workspace.root().join(interrupted), text).unwrap();
        let run = workspace.sync(&["--from", &site.index()]);
        assert_eq!((run.code, run.out.as_str()), (0, "no differences\n"));
        assert!(
            run.err.contains(&format!("wrote {interrupted}")),
            "{}",
            run.err
        );
        for (name, text) in &complete {
            assert_eq!(&workspace.read(name), text, "{name} after {interrupted}");
        }
    }
}

//! A spec from the future, with the real wrapper: it syncs, generates and compiles by itself.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on fails"
)]

mod support;

use std::fs;
use std::path::Path;

use coreweave_inference_spec::canonical;
use serde_json::json;
use support::pages::vendored;
use support::workspace::xtask_for_a_copy;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(name)).unwrap();
        } else if name != "target" && name != ".git" {
            copy(&entry.path(), &to.join(name));
        }
    }
}

#[test]
fn what_is_new_upstream_needs_no_hand_but_the_wrappers() {
    let workspace = tempfile::tempdir().unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        workspace.path(),
    );
    let root = workspace.path().to_str().unwrap();

    let mut future = vendored();
    let reply = json!({"$ref": "#/components/schemas/GetGatewayResponse"});
    future["paths"]["/v1alpha1/inference/gateways/{id}:pause"] = json!({"post": {
        "tags": ["GatewayService"],
        "operationId": "GatewayService_PauseGateway",
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": reply}}}},
    }});
    let schemas = &mut future["components"]["schemas"];
    schemas["CreateGatewayRequest"]["properties"]["colour"] = json!({"type": "string"});
    schemas["HotLoadStatus"]["properties"]["progress"] =
        json!({"type": "integer", "format": "int32", "readOnly": true});
    let states = schemas["GatewayStatus"]["properties"]["status"]["enum"]
        .as_array_mut()
        .unwrap();
    states.push(json!("STATUS_PAUSED"));
    let file = workspace.path().join("upstream.yaml");
    fs::write(&file, canonical::write(&future)).unwrap();

    let from = file.to_str().unwrap();
    let sync = xtask_for_a_copy(&[
        "--workspace",
        root,
        "sync",
        "--from",
        from,
        "--format",
        "json",
    ]);
    assert_eq!(sync.code, 1, "{sync:#?}");
    assert_eq!(
        sync.entries(),
        [
            "additive member-added /components/schemas/CreateGatewayRequest/properties/colour",
            "additive enum-value-added /components/schemas/GatewayStatus/properties/status/enum",
            "additive member-added /components/schemas/HotLoadStatus/properties/progress",
            "additive operation-added /paths/~1v1alpha1~1inference~1gateways~1{id}:pause/post",
        ],
    );
    let client = fs::read_to_string(workspace.path().join("generated/client.rs")).unwrap();
    assert!(client.contains("pub async fn pause_gateway"));

    let check = xtask_for_a_copy(&["--workspace", root, "check"]);
    assert_eq!(check.code, 1, "{check:#?}");
    let passed = check
        .out
        .lines()
        .filter(|line| line.starts_with("ok "))
        .count();
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
    assert_eq!(passed, 4, "{check:#?}");
    assert!(
        check.out.contains("PauseGateway") || check.out.contains("pause_gateway"),
        "{check:#?}"
    );
    assert!(
        !check.out.contains("GatewayService_GetGateway"),
        "{check:#?}"
    );
}

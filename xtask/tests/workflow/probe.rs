//! `cargo xtask probe` against the fake.

use std::path::Path;
use std::process::Command;

use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::{Value, json};

use crate::workspace::{Run, finished};

/// A name, a key and a secret that must not be in any output.
const PLANTED: [&str; 3] = ["planted-name", "PLANTED_KEY", "planted-secret"];

async fn account() -> FakeServer {
    let fake = FakeServer::start().await.unwrap();
    fake.seed_gateway(json!({"spec": {"name": PLANTED[0]}}))
        .unwrap();
    fake.seed_capacity_claim(json!({})).unwrap();
    let runtime = json!({"engine": "vllm", "engineEnv": {PLANTED[1]: PLANTED[2]}});
    fake.seed_deployment(json!({"spec": {"runtime": runtime}}))
        .unwrap();
    fake.seed_hot_load(json!({})).unwrap();
    fake
}

async fn probe(fake: &FakeServer, arguments: &[&str]) -> Run {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("--workspace")
        .arg(workspace)
        .args(["probe", "--format", "json"])
        .args(arguments)
        .env("COREWEAVE_API_TOKEN", fake.token())
        .env("COREWEAVE_API_ENDPOINT", fake.url());
    tokio::task::spawn_blocking(move || finished(&mut command))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_what_the_spec_says_is_no_drift() {
    let fake = account().await;
    let run = probe(&fake, &[]).await;
    assert_eq!((run.code, run.entries()), (0, vec![]), "{run:#?}");
    for operation in Operation::ALL {
        let reads = operation.method() == "GET";
        assert_eq!(fake.count(*operation) > 0, reads, "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_spec_lacks_is_reported() {
    let status = "/components/schemas/GatewayStatus/properties/status";
    let name = "/components/schemas/GatewaySpec/properties/name/type";
    let gateway = |gateway: Value| Fault::merge_patch(json!({"gateway": gateway}));
    for (fault, expected) in [
        (
            gateway(json!({"spec": {"color": PLANTED[2]}})),
            "additive member-added /components/schemas/GatewaySpec/properties/color".to_owned(),
        ),
        (
            gateway(json!({"status": {"status": "STATUS_PAUSED"}})),
            format!("additive enum-value-added {status}/enum"),
        ),
        (
            gateway(json!({"status": {"status": 6}})),
            format!("additive enum-encoding-changed {status}/enum"),
        ),
        (
            gateway(json!({"spec": {"name": 7}})),
            format!("breaking type-changed {name}"),
        ),
    ] {
        let fake = account().await;
        fake.fault(fault.on(Operation::GetGateway));
        let run = probe(&fake, &[]).await;
        assert_eq!((run.code, run.entries()), (1, vec![expected]), "{run:#?}");
        assert_no_plants(&format!("{run:?}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_fails_is_an_error_and_one_that_is_refused_is_not() {
    let fake = account().await;
    fake.fault(Fault::status(403).on(Operation::GetGateway));
    let run = probe(&fake, &[]).await;
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(
        run.err.contains("error: GatewayService_GetGateway: "),
        "{}",
        run.err
    );
    fake.clear_faults();
    fake.fault(Fault::status(501).on(Operation::ListHotLoads));
    let run = probe(&fake, &[]).await;
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(
        run.err
            .contains("note: HotLoadService_ListHotLoads returned 501"),
        "{}",
        run.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_responses_identify_nobody_and_conform() {
    let fake = account().await;
    let state = fake.state().to_string();
    let folder = tempfile::tempdir().unwrap();
    let run = probe(&fake, &["--record", folder.path().to_str().unwrap()]).await;
    assert_eq!(run.code, 0, "{run:#?}");
    let mut recorded = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        recorded.push(std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    assert!(recorded.len() >= 12, "{}", recorded.len());
    for text in &recorded {
        assert_no_plants(text);
        for id in text
            .split('"')
            .filter(|text| text.matches('-').count() == 4)
        {
            assert!(id.starts_with("00000000-0000-4000-8000-"), "{text}");
            assert!(!state.contains(id), "{id}");
        }
        assert!(!text.contains(fake.token()));
    }
    let gateway = recorded
        .iter()
        .find(|text| text.contains("GatewayService_GetGateway\""))
        .unwrap();
    assert!(
        gateway.contains("STATUS_READY") && gateway.contains("\"createdAt\""),
        "{gateway}"
    );
}

#[track_caller]
fn assert_no_plants(text: &str) {
    for planted in PLANTED {
        assert!(!text.contains(planted), "{planted} in {text}");
    }
}

//! A fake account, and the program running against it.

use std::path::PathBuf;
use std::process::Command;
#[cfg(unix)]
use std::process::{Child, Stdio};

#[cfg(unix)]
use coreweave_inference_fake::Operation;
use coreweave_inference_fake::{FakeServer, FakeServerBuilder};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

pub(crate) struct Account {
    pub(crate) fake: FakeServer,
    /// Runs the fake.
    _runtime: Runtime,
}

impl Account {
    pub(crate) fn empty() -> Self {
        Self::start(|fake| fake)
    }

    /// An account of a fake with these settings.
    pub(crate) fn start(settings: impl FnOnce(FakeServerBuilder) -> FakeServerBuilder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let fake = FakeServer::builder()
            .seed(1)
            .admin_token("cw-token")
            .viewer_token("cw-viewer")
            .service_account("ci", "oidc-token");
        let fake = settings(fake);
        let fake = runtime.block_on(fake.start()).unwrap();
        Self {
            fake,
            _runtime: runtime,
        }
    }

    /// An account with resources of every kind, which were made long ago.
    pub(crate) fn seeded() -> Self {
        let account = Self::empty();
        let fake = &account.fake;
        let status =
            json!({"createdAt": "2020-01-01T00:00:00Z", "updatedAt": "2020-01-01T00:05:00Z"});
        let failed = json!({"createdAt": "2020-01-01T00:00:00Z", "status": "STATUS_FAILED"});
        let gateway =
            |n: u32, name: &str| json!({"spec": {"id": id(1, n), "name": name}, "status": status});
        fake.seed_gateway(gateway(1, "chat")).unwrap();
        fake.seed_gateway(gateway(2, "batch")).unwrap();
        let deployment = |n: u32, name: &str, weight: u32| {
            json!({
                "id": id(2, n), "name": name, "gatewayIds": [id(1, 1)], "traffic": {"weight": weight},
                "autoscaling": {"min": 1, "max": 4}, "runtime": {"engine": "dynamo-vllm"},
                "hotLoad": {"bucket": "weights", "pathPrefix": "runs"},
            })
        };
        let seed = |spec: Value, status: &Value| {
            fake.seed_deployment(json!({"spec": spec, "status": status}))
                .unwrap()
        };
        seed(deployment(1, "llama", 90), &status);
        seed(deployment(2, "llama-canary", 10), &status);
        seed(deployment(3, "broken", 0), &failed);
        fake.seed_capacity_claim(
            json!({"spec": {"id": id(3, 1), "name": "reserve"}, "status": status}),
        )
        .unwrap();
        let load = json!({"id": id(4, 1), "deploymentId": id(2, 1), "identity": "step-100", "type": "SNAPSHOT_TYPE_FULL"});
        fake.seed_hot_load(json!({"spec": load, "status": status}))
            .unwrap();
        account
    }

    /// The program, set up for the account.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cwinf"));
        command
            .env_clear()
            .env("CW_BASE_URL", self.fake.url())
            .env("COREWEAVE_API_TOKEN", "cw-token")
            .current_dir(folder());
        command
    }

    /// Starts the program with these arguments, and waits until it has asked for a deployment twice.
    #[cfg(unix)]
    pub(crate) fn start_polling(&self, arguments: &str) -> Child {
        let mut command = self.command();
        command.args(arguments.split(' '));
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        while self.fake.count(Operation::GetDeployment) < 2 {
            std::thread::yield_now();
        }
        child
    }
}

/// Sends a signal to a running program.
#[cfg(unix)]
pub(crate) fn kill(signal: &str, child: &Child) {
    let id = child.id().to_string();
    let kill = Command::new("kill").args([signal, &id]).status();
    assert!(kill.unwrap().success());
}

/// The folder of these tests.
pub(crate) fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "cli"]
        .iter()
        .collect()
}

fn id(kind: u32, number: u32) -> String {
    format!("0000000{kind}-0000-4000-8000-00000000000{number}")
}

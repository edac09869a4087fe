//! Workspaces to sync: small stand-ins with a wrapper that compiles in no time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::SystemTime;

use coreweave_inference_codegen::{EnumTable, Generated, generate};
use coreweave_inference_spec::{Spec, canonical};
use serde_json::Value;
use tempfile::TempDir;

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The report as `class kind path`, from its JSON form.
    pub(crate) fn entries(&self) -> Vec<String> {
        let report: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"));
        let mut entries = Vec::new();
        for class in ["breaking", "additive", "documentation"] {
            for entry in report[class].as_array().unwrap() {
                entries.push(format!(
                    "{class} {} {}",
                    entry["kind"].as_str().unwrap(),
                    entry["path"].as_str().unwrap()
                ));
            }
        }
        entries
    }
}

pub(crate) struct Workspace {
    folder: TempDir,
}

const API_BUILD: &str = r#"fn main() {
    println!("cargo::rerun-if-env-changed=COREWEAVE_INFERENCE_OPENAPI");
    println!("cargo::rustc-check-cfg=cfg(get_gateway)");
    let spec = std::env::var("COREWEAVE_INFERENCE_OPENAPI").unwrap_or("openapi.yaml".to_owned());
    println!("cargo::rerun-if-changed={spec}");
    let out = std::env::var("OUT_DIR").unwrap();
    for name in ["client.rs", "manifest.schema.json", "mocks.rs"] {
        std::fs::copy(format!("generated/{name}"), format!("{out}/{name}")).unwrap();
    }
    if std::fs::read_to_string(spec).unwrap().contains("operationId: GatewayService_GetGateway\n") {
        println!("cargo::rustc-cfg=get_gateway");
    }
}
"#;

const LOCK: &str = r#"version = 4

[[package]]
name = "coreweave-inference"
version = "0.0.0"
dependencies = [
 "coreweave-inference-api",
]

[[package]]
name = "coreweave-inference-api"
version = "0.0.0"
"#;

const FILES: [(&str, &str); 9] = [
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"client\"]\nresolver = \"3\"\n[package]\nname = \"coreweave-inference-api\"\nedition = \"2024\"\n[features]\ncodegen = []\n",
    ),
    ("Cargo.lock", LOCK),
    ("build.rs", API_BUILD),
    (
        "src/lib.rs",
        "pub struct Client;\n#[cfg(get_gateway)]\nimpl Client { pub fn get_gateway(&self) {} }\n",
    ),
    (
        "client/Cargo.toml",
        "[package]\nname = \"coreweave-inference\"\nedition = \"2024\"\n[dependencies]\ncoreweave-inference-api = { path = \"..\" }\n",
    ),
    (
        "client/src/lib.rs",
        "pub fn gateway() { coreweave_inference_api::Client.get_gateway() }\n",
    ),
    ("generated/client.rs", ""),
    ("generated/manifest.schema.json", ""),
    ("generated/mocks.rs", ""),
];

impl Workspace {
    /// One with nothing vendored yet.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in FILES {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { folder }
    }

    /// One that has vendored `document`.
    pub(crate) fn with(document: &Value) -> Self {
        let workspace = Self::empty();
        let text = canonical::write(document);
        // Generation takes seconds without optimizations, and most tests begin with the same document.
        static GENERATED: Mutex<BTreeMap<String, Generated>> = Mutex::new(BTreeMap::new());
        let mut known = GENERATED.lock().unwrap();
        let generated = known.entry(text.clone()).or_insert_with(|| {
            let spec = Spec::parse("openapi.yaml", &text).unwrap();
            generate(&spec, &EnumTable::default()).unwrap()
        });
        fs::write(workspace.root().join("openapi.yaml"), &text).unwrap();
        for (name, text) in generated.files() {
            fs::write(workspace.root().join("generated").join(name), text).unwrap();
        }
        drop(known);
        workspace
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn document(&self) -> Value {
        Spec::load(self.root().join("openapi.yaml"))
            .unwrap()
            .into_value()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Every file that a sync may write, with its bytes and the time it was written.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let names = [
            "openapi.yaml",
            "openapi.lock",
            "generated/client.rs",
            "generated/manifest.schema.json",
            "generated/mocks.rs",
        ];
        let present = names
            .iter()
            .map(|name| self.root().join(name))
            .filter(|path| path.exists());
        present
            .map(|path| {
                (
                    path.clone(),
                    (
                        fs::read(&path).unwrap(),
                        fs::metadata(&path).unwrap().modified().unwrap(),
                    ),
                )
            })
            .collect()
    }

    /// Copies a file or folder of another workspace.
    pub(crate) fn copy(&self, workspace: &Path, path: &str) {
        let (from, to) = (workspace.join(path), self.root().join(path));
        if from.is_dir() {
            fs::create_dir_all(to).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let name = entry.unwrap().file_name();
                self.copy(workspace, &format!("{path}/{}", name.display()));
            }
        } else {
            fs::copy(from, to).unwrap();
        }
    }

    pub(crate) fn xtask(&self, arguments: &[&str]) -> Run {
        let root = self.root().to_str().unwrap();
        xtask(&[&["--workspace", root], arguments].concat())
    }

    pub(crate) fn sync(&self, arguments: &[&str]) -> Run {
        self.xtask(&[&["sync"], arguments].concat())
    }
}

/// A folder with these files.
pub(crate) fn folder(files: &BTreeMap<String, String>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs the program, with build output where the workspace has it.
pub(crate) fn xtask(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).env_remove("CARGO_TARGET_DIR");
    finished(command.env_remove("HTTP_PROXY").env_remove("http_proxy"))
}

/// Runs the program behind a proxy.
pub(crate) fn xtask_behind(proxy: &str, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    finished(command.env("http_proxy", proxy))
}

pub(crate) fn finished(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

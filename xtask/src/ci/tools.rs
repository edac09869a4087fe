//! Programs of other languages that tests compare with: schemathesis, and readers of YAML.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

const REQUIREMENTS: &str = "crates/fake/tests/schemathesis/requirements.txt";
const NODE_PACKAGES: [&str; 2] = ["js-yaml@4.3.1", "yaml@2.9.1"];

/// The programs, which are installed below `target/ci-tools` in the background.
pub(super) struct Tools(JoinHandle<Result<Option<PathBuf>, String>>);

impl Tools {
    /// Starts to install what is missing.
    pub(super) fn install(root: &Path) -> Self {
        let requirements = root.join(REQUIREMENTS);
        let folder = root.join("target/ci-tools");
        Self(thread::spawn(move || {
            install(&requirements, folder).map_err(|error| error.to_string())
        }))
    }

    /// Waits for the folder of the programs; `None` without Python.
    pub(super) fn wait(self) -> Result<Option<PathBuf>, String> {
        self.0
            .join()
            .map_err(|_| "installing panicked".to_owned())?
    }
}

fn install(requirements: &Path, folder: PathBuf) -> Result<Option<PathBuf>, Box<dyn Error>> {
    if Command::new("python3").arg("--version").output().is_err() {
        return Ok(None);
    }
    let wanted = format!("{}{NODE_PACKAGES:?}\n", fs::read_to_string(requirements)?);
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).ok().as_ref() != Some(&wanted) {
        run_to_success(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        run_to_success(
            Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--no-compile"])
                .args(["--disable-pip-version-check", "--requirement"])
                .arg(requirements),
        )?;
        if Command::new("npm").arg("--version").output().is_ok() {
            run_to_success(
                Command::new("npm")
                    .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
                    .arg(&folder)
                    .args(NODE_PACKAGES),
            )?;
        }
        fs::write(installed, wanted)?;
    }
    Ok(Some(folder))
}

fn run_to_success(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("`{command:?}` ended with {status}").into()),
    }
}

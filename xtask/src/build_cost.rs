//! `cargo xtask build-cost`: what it costs a program to depend on this client, beside what it would use instead.
//!
//! Throw-away packages outside of the workspace are built from nothing, with the versions of this workspace's lock file.
//! CPU seconds are the figure to compare: unlike wall time they hardly depend on what else the machine does.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use coreweave_inference_codegen::spec::Spec;
use serde_json::Value;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Leave out the sizes of the programs, which take two release builds.
    #[arg(long)]
    no_sizes: bool,
}

/// A package that depends on something.
struct Dependent {
    name: &'static str,
    /// The lines of its manifest under `[dependencies]` and what follows; `{root}` is the workspace.
    dependencies: &'static str,
    /// Its files below `src`'s parent.
    files: &'static [(&'static str, &'static str)],
}

/// The one that the others are compared with.
const BARE: Dependent = Dependent {
    name: "reqwest alone",
    dependencies: r#"
reqwest = { version = "0.13", default-features = false, features = ["rustls"] }
"#,
    files: &[("src/main.rs", "fn main() {}\n")],
};

const BY_HAND: Dependent = Dependent {
    name: "by hand: reqwest, serde, serde_json, tokio",
    dependencies: r#"
reqwest = { version = "0.13", default-features = false, features = ["rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["rt"] }
"#,
    files: &[("src/main.rs", include_str!("build_cost/by_hand.rs"))],
};

const WRAPPER: Dependent = Dependent {
    name: "coreweave-inference",
    dependencies: r#"
coreweave-inference = { path = "{root}/crates/client" }
tokio = { version = "1", features = ["rt"] }
"#,
    files: &[("src/main.rs", include_str!("build_cost/wrapper.rs"))],
};

const CODEGEN: Dependent = Dependent {
    name: "coreweave-inference with `codegen`",
    dependencies: r#"
coreweave-inference = { path = "{root}/crates/client" }
coreweave-inference-api = { path = "{root}", features = ["codegen"] }
tokio = { version = "1", features = ["rt"] }
"#,
    files: WRAPPER.files,
};

const PROGENITOR: Dependent = Dependent {
    name: "progenitor in the program's own build.rs",
    dependencies: r#"
chrono = { version = "0.4", default-features = false, features = ["serde"] }
progenitor-client = "0.15"
reqwest = { version = "0.13", default-features = false, features = ["rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["rt"] }

[build-dependencies]
prettyplease = "0.3"
progenitor = { version = "0.15", default-features = false }
serde_json = "1"
syn = "3"
"#,
    files: &[
        (
            "src/main.rs",
            "#[allow(dead_code)]\nmod client;\n\nfn main() {}\n",
        ),
        ("src/client.rs", include_str!("build_cost/progenitor.rs")),
        ("build.rs", include_str!("build_cost/progenitor_build.rs")),
    ],
};

/// What a cold build took.
struct Cost {
    packages: usize,
    wall: f64,
    cpu: f64,
}

/// Builds the dependents and prints a table of what each took.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let root = root.canonicalize()?;
    let temporary = tempfile::tempdir()?;
    println!(
        "| a cold debug build of a program that depends on | packages | CPU s | wall s | CPU ÷ reqwest alone |"
    );
    println!("| --- | --- | --- | --- | --- |");
    let mut base = None;
    for dependent in [BARE, BY_HAND, WRAPPER, CODEGEN, PROGENITOR] {
        let folder = temporary.path().join("dependent");
        dependent.write(&root, &folder)?;
        let cost = cold_build(&folder)?;
        let base = *base.get_or_insert(cost.cpu);
        let Cost {
            packages,
            wall,
            cpu,
        } = cost;
        println!(
            "| {} | {packages} | {cpu:.1} | {wall:.1} | {:.2} |",
            dependent.name,
            cpu / base
        );
        fs::remove_dir_all(&folder)?;
    }
    if arguments.no_sizes {
        return Ok(());
    }
    println!("\n| a stripped release program that lists gateways | bytes | ÷ by hand |");
    println!("| --- | --- | --- |");
    let mut base = None;
    for dependent in [BY_HAND, WRAPPER] {
        let folder = temporary.path().join("program");
        dependent.write(&root, &folder)?;
        // One folder of build results for both: size doesn't mind what is there already.
        let target = temporary.path().join("target");
        timed(cargo(&folder, &target).args(["build", "--quiet", "--offline", "--release"]))?;
        let size = fs::metadata(target.join("release/dependent"))?.len();
        let base = *base.get_or_insert(size);
        println!(
            "| {} | {size} | {:.2} |",
            dependent.name,
            size as f64 / base as f64
        );
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

impl Dependent {
    fn write(&self, root: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
        fs::create_dir_all(folder.join("src"))?;
        let root_text = root.to_str().ok_or("the workspace's path isn't UTF-8")?;
        let dependencies = self.dependencies.replace("{root}", root_text);
        let manifest = format!(
            "[package]\nname = \"dependent\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [profile.release]\nstrip = true\n\n[dependencies]{dependencies}"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        for (path, text) in self.files {
            fs::write(folder.join(path), text)?;
        }
        if self.files.iter().any(|(path, _)| *path == "build.rs") {
            let mut spec = Spec::load(root.join("openapi.yaml"))?.into_value();
            drop_default_responses(&mut spec);
            fs::write(folder.join("openapi.json"), serde_json::to_vec(&spec)?)?;
        }
        Ok(())
    }
}

/// Takes out what makes progenitor panic: a `default` response of another type than the `200`.
fn drop_default_responses(spec: &mut Value) {
    let paths = spec.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut);
    for operation in operations.flat_map(|path| path.values_mut()) {
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            responses.remove("default");
        }
    }
}

fn cold_build(folder: &Path) -> Result<Cost, Box<dyn Error>> {
    let target = folder.join("target");
    // Downloads come before the clock starts.
    timed(cargo(folder, &target).args(["fetch", "--quiet"]))?;
    let packages = packages(folder, &target)?;
    let begun = Instant::now();
    let cpu = timed(cargo(folder, &target).args(["build", "--quiet", "--offline"]))?;
    Ok(Cost {
        packages,
        wall: begun.elapsed().as_secs_f64(),
        cpu,
    })
}

/// How many packages a build on this machine compiles, beside the dependent itself.
fn packages(folder: &Path, target: &Path) -> Result<usize, Box<dyn Error>> {
    let mut tree = cargo(folder, target);
    tree.args([
        "tree",
        "--offline",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let output = tree.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("`cargo tree` failed; its message is above".into());
    }
    let tree = String::from_utf8(output.stdout)?;
    let packages: BTreeSet<&str> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.starts_with("dependent "))
        .collect();
    Ok(packages.len())
}

/// A cargo command that nothing from outside of the folder has a say in.
fn cargo(folder: &Path, target: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        // As for packages from a registry: cargo compiles incrementally, at a price, what comes by path.
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER");
    command
}

/// Runs a command and tells the seconds of CPU that it and all that it started took.
fn timed(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    // POSIX's `times` prints the shell's own CPU time, and then that of what it ran.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#""$@" >&2 && times"#, "sh"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed; its message is above").into());
    }
    let times = String::from_utf8(output.stdout)?;
    let children = times.lines().nth(1).and_then(cpu_seconds);
    children.ok_or_else(|| format!("the shell's `times` says {times:?}").into())
}

/// Reads `1m2.50s 0m3.25s`: user and system time.
fn cpu_seconds(times: &str) -> Option<f64> {
    times
        .split_whitespace()
        .map(|time| {
            let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
            Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_shells_times_are_added_up() {
        assert_eq!(cpu_seconds("1m2.50s 0m3.25s"), Some(65.75));
        assert_eq!(cpu_seconds("nonsense"), None);
        let busy = timed(
            Command::new("sh").args(["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"]),
        )
        .unwrap();
        assert!(busy.is_finite());
        assert!(timed(&mut Command::new("false")).is_err());
    }

    #[test]
    fn only_default_responses_are_dropped() {
        let mut spec = json!({"paths": {"/a": {"get": {"responses": {"200": {}, "default": {}}}}}});
        drop_default_responses(&mut spec);
        assert_eq!(
            spec,
            json!({"paths": {"/a": {"get": {"responses": {"200": {}}}}}})
        );
    }
}

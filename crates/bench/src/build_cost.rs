//! Measures cold builds of programs that depend on the client, and of the quickstart, next to plain reqwest.
//!
//! Programs are packages in a temporary directory with this workspace's lock file. CPU time is the figure to compare;
//! wall time depends on what else the machine does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Result;

const REQWEST: &str =
    r#"reqwest = { version = "0.13", default-features = false, features = ["rustls"] }"#;
const SERDE: &str = r#"serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;
const TOKIO: &str = r#"tokio = { version = "1", features = ["rt"] }"#;

/// A package to build from nothing.
struct Program {
    name: &'static str,
    dependencies: String,
    main: &'static str,
}

impl Program {
    /// The measure of the others: reqwest with its default TLS.
    fn reqwest_alone() -> Self {
        Self {
            name: "reqwest with its default TLS",
            dependencies: REQWEST.to_owned(),
            main: "fn main() {}\n",
        }
    }

    fn reqwest() -> Self {
        Self {
            name: "reqwest, serde, serde_json, tokio",
            dependencies: format!("{REQWEST}\n{SERDE}{TOKIO}"),
            main: include_str!("build_cost/reqwest.rs"),
        }
    }

    fn wrapper(root: &Path, name: &'static str, options: &str) -> Self {
        let path = root.join("crates/client");
        Self {
            name,
            dependencies: format!("coreweave-inference = {{ path = {path:?}{options} }}\n{TOKIO}"),
            main: include_str!("build_cost/wrapper.rs"),
        }
    }

    fn write(&self, root: &Path, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [profile.release]\nstrip = true\n\n[dependencies]\n{}\n",
            self.dependencies
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), self.main)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(())
    }
}

/// Prints a table of cold builds and one of program sizes.
pub(crate) fn print_tables() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let programs = [
        Program::reqwest_alone(),
        Program::reqwest(),
        Program::wrapper(&root, "coreweave-inference", ""),
        Program::wrapper(
            &root,
            "coreweave-inference, aws-lc-rs",
            r#", default-features = false, features = ["aws-lc-rs"]"#,
        ),
        Program::wrapper(
            &root,
            "coreweave-inference, native-tls",
            r#", default-features = false, features = ["native-tls"]"#,
        ),
    ];
    println!("| cold debug build | packages | wall | CPU | CPU ratio |");
    println!("| --- | --- | --- | --- | --- |");
    let mut base = None;
    let mut row = |name: &str, cost: BuildCost| {
        let base = *base.get_or_insert(cost.cpu);
        let (packages, ratio) = (cost.packages, cost.cpu / base);
        println!(
            "| {name} | {packages} | {:.1} s | {:.1} s | {ratio:.2} |",
            cost.wall, cost.cpu
        );
    };
    for program in &programs {
        let folder = tempfile::tempdir()?;
        program.write(&root, folder.path())?;
        row(program.name, cold_build(folder.path(), "0", &[])?);
    }
    let quickstart = [
        "--package",
        "coreweave-inference",
        "--example",
        "quickstart",
    ];
    row("the quickstart", cold_build(&root, "1", &quickstart)?);

    println!("\n| stripped release program that lists gateways | size | ratio |");
    println!("| --- | --- | --- |");
    let mut base = None;
    for program in programs.get(1..3).unwrap_or_default() {
        let folder = tempfile::tempdir()?;
        program.write(&root, folder.path())?;
        let target = folder.path().join("target");
        cpu_seconds_of(cargo(folder.path(), &target, "0").args(["build", "--quiet", "--release"]))?;
        let size = fs::metadata(target.join("release/program"))?.len() as f64 / 1e6;
        let ratio = size / *base.get_or_insert(size);
        println!("| {} | {size:.2} MB | {ratio:.2} |", program.name);
    }
    Ok(())
}

struct BuildCost {
    packages: usize,
    wall: f64,
    cpu: f64,
}

/// Builds with an empty target directory, after everything is downloaded.
fn cold_build(folder: &Path, incremental: &str, selection: &[&str]) -> Result<BuildCost> {
    let target = tempfile::tempdir()?;
    let cargo = || cargo(folder, target.path(), incremental);
    cpu_seconds_of(cargo().args(["fetch", "--quiet"]))?;
    let start = Instant::now();
    let cpu = cpu_seconds_of(
        cargo()
            .args(["build", "--quiet", "--offline"])
            .args(selection),
    )?;
    let wall = start.elapsed().as_secs_f64();
    // With nothing left to build, cargo lists what it would have built.
    let output = cargo()
        .args(["build", "--quiet", "--offline", "--message-format", "json"])
        .args(selection)
        .stderr(Stdio::inherit())
        .output()?;
    let messages = String::from_utf8(output.stdout)?;
    let packages: BTreeSet<String> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| Some(message.get("package_id")?.as_str()?.to_owned()))
        .collect();
    Ok(BuildCost {
        packages: packages.len() - 1,
        wall,
        cpu,
    })
}

/// Cargo, without the settings of whoever runs this.
fn cargo(folder: &Path, target: &Path, incremental: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        // Cargo compiles path dependencies incrementally, which it does not for packages from a registry.
        .env("CARGO_INCREMENTAL", incremental)
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER");
    command
}

/// Runs a command and returns the CPU seconds that it and its children took.
fn cpu_seconds_of(command: &mut Command) -> Result<f64> {
    let before = children_cpu_seconds()?;
    let status = command.status()?;
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(children_cpu_seconds()? - before)
}

/// User and system time of the children that this process waited for, and of theirs: fields 16 and 17 of `proc(5)`'s stat.
fn children_cpu_seconds() -> Result<f64> {
    /// The kernel's unit for user space.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")
        .map_err(|error| format!("reading /proc/self/stat (this needs Linux): {error}"))?;
    // The second field is the program's name, which may contain spaces.
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks = fields.split(' ').skip(13).take(2).map(str::parse::<f64>);
    let ticks: Vec<f64> = ticks.collect::<std::result::Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / TICKS_PER_SECOND)
}

//! Measures what docs/performance.md reports and prints it as Markdown tables:
//!
//! ```sh
//! cargo run --release -p coreweave-inference-bench -- calls   # instructions, allocations and time per call
//! cargo run --release -p coreweave-inference-bench -- build   # cold builds and program sizes
//! cargo run --release -p coreweave-inference-bench -- apply   # time to apply a manifest
//! ```
//!
//! `calls get` measures only the workloads whose names contain `get`.

mod apply_cost;
mod build_cost;
mod clients;
mod fixtures;
mod server;
mod valgrind;
mod wall_time;
mod workload;

use std::error::Error;
use std::process::ExitCode;

use clients::{ApiClient, RawClient, Reqwest, Wrapper};
use workload::Workload;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["calls", words @ ..] => calls(words),
        ["build"] => build_cost::print_tables(),
        ["apply"] => apply_cost::print_table(),
        // How `valgrind` runs this program.
        ["run", workload, client, url, times] => run(workload, client, url, times),
        _ => Err("usage: bench calls [WORD]... | build | apply".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(workload: &str, client: &str, url: &str, times: &str) -> Result<()> {
    Workload::from_name(workload)?.prepare(client, url)?(times.parse()?)
}

/// Prints three tables: instructions, allocations and wall time of each workload whose name contains all words.
fn calls(words: &[&str]) -> Result<()> {
    let url = server::start()?;
    let (reqwest, raw, wrapper) = (Reqwest::NAME, RawClient::NAME, Wrapper::NAME);
    let (mut instructions, mut allocations, mut wall) = (Vec::new(), Vec::new(), Vec::new());
    let selected = |workload: &Workload| words.iter().all(|word| workload.name().contains(word));
    for workload in Workload::ALL.into_iter().filter(selected) {
        eprintln!("measuring {}", workload.name());
        let base = valgrind::measure(workload, reqwest, &url)?;
        let mut instruction_cells = vec![format!("{:.0}", base.instructions)];
        let mut allocation_cells = vec![format!("{:.1} ({:.0} B)", base.allocations, base.bytes)];
        let mut wall_cells = Vec::new();
        for client in [raw, wrapper] {
            let cost = valgrind::measure(workload, client, &url)?;
            instruction_cells.push(format!("{:.3}", cost.instructions / base.instructions));
            allocation_cells.push(format!(
                "{:+.1} ({:+.0} B)",
                cost.allocations - base.allocations,
                cost.bytes - base.bytes
            ));
            let ratio = wall_time::ratio(workload, client, reqwest, &url)?;
            wall_cells.push(format!("{ratio:.3}"));
        }
        for (rows, cells) in [
            (&mut instructions, instruction_cells),
            (&mut allocations, allocation_cells),
            (&mut wall, wall_cells),
        ] {
            rows.push(format!("| {} | {} |", workload.name(), cells.join(" | ")));
        }
    }
    println!("| instructions | {reqwest} | {raw} ÷ {reqwest} | {wrapper} ÷ {reqwest} |");
    println!("| --- | --- | --- | --- |\n{}\n", instructions.join("\n"));
    println!("| allocations | {reqwest} | {raw} | {wrapper} |");
    println!("| --- | --- | --- | --- |\n{}\n", allocations.join("\n"));
    println!("| wall time | {raw} ÷ {reqwest} | {wrapper} ÷ {reqwest} |");
    println!("| --- | --- | --- |\n{}", wall.join("\n"));
    Ok(())
}

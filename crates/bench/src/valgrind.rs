//! Counts instructions and allocations of this program, run under valgrind.

use std::env;
use std::error::Error;
use std::process::{Command, Stdio};

use crate::Result;
use crate::workload::Workload;

/// The cost of one run of a workload.
pub(crate) struct Cost {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
}

/// Measures one client. The program runs with two numbers of repetitions; the difference excludes its start.
pub(crate) fn measure(workload: Workload, client: &str, url: &str) -> Result<Cost> {
    let times = workload.repetitions();
    let per_run = |many: f64, few: f64| (many - few) / f64::from(2 * times);
    let run = |tool, times| valgrind(tool, workload, client, url, times);
    let instructions = |_| {
        let few = number_after(&run("callgrind", times)?, "Collected : ")?;
        let many = number_after(&run("callgrind", 3 * times)?, "Collected : ")?;
        Ok(per_run(many, few))
    };
    // How a response is split into packets varies a little, so the median of a few samples counts.
    let samples = (0..workload.samples()).map(instructions);
    let mut samples = samples.collect::<Result<Vec<f64>>>()?;
    samples.sort_by(f64::total_cmp);
    let instructions = samples.get(samples.len() / 2).copied();
    // "total heap usage: 1,234 allocs, 1,200 frees, 56,789 bytes allocated"
    let (few, many) = (run("memcheck", times)?, run("memcheck", 3 * times)?);
    let heap = |label| {
        Ok::<_, Box<dyn Error>>(per_run(
            number_after(&many, label)?,
            number_after(&few, label)?,
        ))
    };
    Ok(Cost {
        instructions: instructions.unwrap_or(f64::NAN),
        allocations: heap("heap usage: ")?,
        bytes: heap("frees, ")?,
    })
}

fn valgrind(tool: &str, workload: Workload, client: &str, url: &str, times: u32) -> Result<String> {
    let mut command = Command::new("valgrind");
    command.arg(format!("--tool={tool}"));
    command.args(match tool {
        "callgrind" => ["--callgrind-out-file=/dev/null"].as_slice(),
        _ => &["--leak-check=no", "--undef-value-errors=no"],
    });
    let output = command
        .arg(env::current_exe()?)
        .args(["run", workload.name(), client, url, &times.to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("running valgrind: {error}; install it to measure calls"))?;
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.success() {
        true => Ok(report),
        false => Err(format!("valgrind ended with {}:\n{report}", output.status).into()),
    }
}

fn number_after(report: &str, label: &str) -> Result<f64> {
    let number = report.split_once(label).map(|(_, rest)| {
        rest.chars()
            .take_while(|c| c.is_ascii_digit() || *c == ',')
            .filter(char::is_ascii_digit)
            .collect::<String>()
    });
    match number {
        Some(number) => Ok(number.parse()?),
        None => Err(format!("valgrind's report has no {label:?}:\n{report}").into()),
    }
}

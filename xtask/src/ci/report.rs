use std::error::Error;
use std::time::{Duration, Instant};

/// The result and duration of each step.
#[derive(Default)]
pub(super) struct Report(Vec<Entry>);

struct Entry {
    name: &'static str,
    command: String,
    passed: bool,
    duration: Duration,
}

impl Report {
    /// Runs a step and records it. An error counts as a failure and is printed.
    pub(super) fn run(
        &mut self,
        name: &'static str,
        command: &str,
        step: impl FnOnce() -> Result<bool, Box<dyn Error>>,
    ) {
        println!("\n==> {name}: {command}");
        let start = Instant::now();
        let passed = step().unwrap_or_else(|error| {
            eprintln!("error: {error}");
            false
        });
        self.0.push(Entry {
            name,
            command: command.to_owned(),
            passed,
            duration: start.elapsed(),
        });
    }

    /// Prints a line per step and returns true if all passed.
    pub(super) fn print(&self) -> bool {
        println!();
        for entry in &self.0 {
            let result = if entry.passed { "ok" } else { "FAILED" };
            let seconds = entry.duration.as_secs_f64();
            println!(
                "{result:<6} {seconds:>6.1} s  {:<12}  {}",
                entry.name, entry.command
            );
        }
        let total: Duration = self.0.iter().map(|entry| entry.duration).sum();
        println!("{:>15.1} s  total", total.as_secs_f64());
        self.0.iter().all(|entry| entry.passed)
    }
}

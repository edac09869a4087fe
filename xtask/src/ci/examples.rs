use std::error::Error;
use std::io::{self, Seek};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Runs the examples together, as a newcomer does, without a token, and prints the output of those that fail.
pub(super) fn run(examples: &[PathBuf]) -> Result<bool, Box<dyn Error>> {
    let mut running = Vec::new();
    for path in examples {
        let output = tempfile::tempfile()?;
        let process = Command::new(path)
            .env_remove("COREWEAVE_API_TOKEN")
            .env_remove("CW_API_TOKEN")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output.try_clone()?)
            .spawn()?;
        running.push((path, process, output));
    }
    let deadline = Instant::now() + TIME_LIMIT;
    let mut passed = !examples.is_empty();
    for (path, mut process, mut output) in running {
        let name = path.file_name().unwrap_or_default().display();
        let status = wait_until(deadline, &mut process)?;
        if status.is_some_and(|status| status.success()) {
            println!("ok     {name}");
            continue;
        }
        passed = false;
        match status {
            Some(status) => println!("FAILED {name}: {status}"),
            None => println!("FAILED {name}: timed out after {TIME_LIMIT:?}"),
        }
        output.rewind()?;
        io::copy(&mut output, &mut io::stdout())?;
    }
    Ok(passed)
}

/// Waits for a process to exit. Kills it at the deadline and returns None.
fn wait_until(deadline: Instant, process: &mut Child) -> io::Result<Option<ExitStatus>> {
    while Instant::now() < deadline {
        if let Some(status) = process.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(20));
    }
    let status = process.try_wait()?;
    if status.is_none() {
        process.kill()?;
        process.wait()?;
    }
    Ok(status)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_hangs_is_killed_at_the_deadline() {
        let mut process = Command::new("sleep").arg("600").spawn().unwrap();
        assert_eq!(wait_until(Instant::now(), &mut process).unwrap(), None);
        assert!(!process.wait().unwrap().success());
    }
}

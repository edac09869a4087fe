use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Runs each example as a newcomer does, without a token, and prints the output of those that fail.
pub(super) fn run(examples: &[PathBuf]) -> Result<bool, Box<dyn Error>> {
    let mut passed = !examples.is_empty();
    let running = examples
        .iter()
        .map(|path| {
            Command::new(path)
                .env_remove("COREWEAVE_API_TOKEN")
                .env_remove("CW_API_TOKEN")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
        })
        .collect::<Result<Vec<_>, _>>()?;
    for (path, process) in examples.iter().zip(running) {
        let output = process.wait_with_output()?;
        let name = path.file_name().unwrap_or_default().display();
        if output.status.success() {
            println!("ok     {name}");
        } else {
            passed = false;
            println!("FAILED {name}: {}", output.status);
            println!("{}", String::from_utf8_lossy(&output.stdout));
            println!("{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    Ok(passed)
}

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What the tests' build produced.
pub(super) struct Artifacts {
    /// The fake as a program.
    pub(super) fake: PathBuf,
    /// The programs in `crates/client/examples` and `crates/examples`.
    pub(super) examples: Vec<PathBuf>,
    /// Where build.rs wrote the generated client.
    pub(super) generated: PathBuf,
}

impl Artifacts {
    /// Asks cargo, which builds nothing if the tests have been built.
    pub(super) fn of_tests(root: &Path) -> Result<Self, Box<dyn Error>> {
        let output = Command::new(super::cargo())
            .current_dir(root)
            .args(["test", "--workspace", "--all-features", "--locked"])
            .args(["--no-run", "--quiet", "--message-format", "json"])
            .stderr(Stdio::inherit())
            .output()?;
        Self::from_messages(&String::from_utf8(output.stdout)?)
    }

    fn from_messages(messages: &str) -> Result<Self, Box<dyn Error>> {
        let (mut fake, mut examples, mut generated) = (None, Vec::new(), None);
        for line in messages.lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let text = |pointer| message.pointer(pointer).and_then(Value::as_str);
            let is_test = message.pointer("/profile/test") == Some(&Value::Bool(true));
            let executable = text("/executable").filter(|_| !is_test).map(PathBuf::from);
            match (text("/target/kind/0"), text("/target/name"), executable) {
                (Some("bin"), Some("coreweave-inference-fake"), Some(path)) => fake = Some(path),
                (Some("example"), _, Some(path)) => examples.push(path),
                _ => {}
            }
            if text("/package_id").is_some_and(|id| id.contains("#coreweave-inference-api@")) {
                generated = generated.or(text("/out_dir").map(PathBuf::from));
            }
        }
        examples.sort();
        Ok(Self {
            fake: fake.ok_or("the tests' build did not produce the fake")?,
            examples,
            generated: generated.ok_or("the tests' build did not run build.rs")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_fake_the_examples_and_the_generated_code() {
        let messages = r#"
{"reason":"build-script-executed","package_id":"path+file:///w#coreweave-inference-api@0.1.0","out_dir":"/w/out"}
{"reason":"build-script-executed","package_id":"registry+x#serde@1.0.0","out_dir":"/w/serde"}
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"coreweave-inference-fake"},"profile":{"test":true},"executable":"/w/fake-test"}
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"coreweave-inference-fake"},"profile":{"test":false},"executable":"/w/fake"}
{"reason":"compiler-artifact","target":{"kind":["example"],"name":"watch"},"profile":{"test":false},"executable":"/w/watch"}
{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"serde"},"profile":{"test":false},"executable":null}
"#;
        let artifacts = Artifacts::from_messages(messages).unwrap();
        assert_eq!(artifacts.fake, Path::new("/w/fake"));
        assert_eq!(artifacts.examples, [Path::new("/w/watch")]);
        assert_eq!(artifacts.generated, Path::new("/w/out"));
        assert!(Artifacts::from_messages("").is_err());
    }
}

//! What the service said a moment ago.

use std::env;
use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use coreweave_inference::retry::Token;

use crate::context::Contexts;

/// How long values are good for.
const LIFETIME: Duration = Duration::from_secs(30);

/// The variables that tell accounts apart.
const BASE_URL_VARIABLES: [&str; 3] =
    ["COREWEAVE_API_ENDPOINT", "COREWEAVE_API_URL", "CW_BASE_URL"];

/// The values under a key, which are asked for if they are old.
pub(super) fn get_or(key: &impl Hash, ask: impl FnOnce() -> Option<Vec<String>>) -> Vec<String> {
    let Some(file) = file(key) else {
        return ask().unwrap_or_default();
    };
    let cached = read(&file);
    if let Some((values, true)) = cached {
        return values;
    }
    match ask() {
        Some(values) => {
            // Without a cache, completion is slower.
            let _ = write(&file, &values);
            values
        }
        None => cached.map_or(Vec::new(), |(values, _)| values),
    }
}

/// The values of a file, and whether they are fresh.
fn read(file: &Path) -> Option<(Vec<String>, bool)> {
    let modified = fs::metadata(file).ok()?.modified().ok()?;
    let is_fresh = modified.elapsed().is_ok_and(|age| age < LIFETIME);
    let values = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    Some((values, is_fresh))
}

fn write(file: &Path, values: &[String]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    // Another shell may write the same.
    let temporary = file.with_extension(std::process::id().to_string());
    fs::write(&temporary, serde_json::to_vec(values)?)?;
    fs::rename(&temporary, file)
}

/// The file of a key in the account of the environment.
fn file(key: &impl Hash) -> Option<PathBuf> {
    let folder = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => env::home_dir()?.join(".cache"),
    };
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    for name in BASE_URL_VARIABLES.iter().chain(&Token::VARIABLES) {
        env::var_os(name).hash(&mut hasher);
    }
    env::var_os("CWINF_CONTEXT").hash(&mut hasher);
    if let Ok(contexts) = Contexts::load() {
        (&contexts.file, contexts.chosen()).hash(&mut hasher);
    }
    let name = format!("completion-{:016x}.json", hasher.finish());
    folder
        .is_absolute()
        .then(|| folder.join("cwinf").join(name))
}

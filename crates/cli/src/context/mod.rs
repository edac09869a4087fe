//! Contexts: named accounts, in a file of the user.

mod credential;
mod file;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use coreweave_inference::Error;
use coreweave_inference::retry::Token;
use coreweave_inference_apply::schema::suggest;

use crate::args::duration;
use crate::failure::Failure;

pub(crate) use credential::{Credential, TokenSource};

/// The variable of workload identity, which is used without a token.
pub(crate) const IDENTITY_VARIABLE: &str = "COREWEAVE_SERVICE_ACCOUNT_UID";

/// The variables of the file with contexts, and of the name of one.
const FILE_VARIABLE: &str = "CWINF_CONFIG";
const NAME_VARIABLE: &str = "CWINF_CONTEXT";

/// The variable of the time limit of a request, which goes for contexts too.
const TIMEOUT_VARIABLE: &str = "COREWEAVE_HTTP_TIMEOUT";

/// An account: where it is, and where its token comes from.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) name: String,
    /// That of the public API if there is none.
    pub(crate) base_url: Option<String>,
    pub(crate) allow_plain_http: bool,
    pub(crate) credential: Credential,
}

/// All contexts.
#[derive(Debug)]
pub(crate) struct Contexts {
    pub(crate) file: PathBuf,
    pub(crate) all: Vec<Context>,
}

impl Contexts {
    /// Reads the file; there are no contexts without one.
    pub(crate) fn load() -> Result<Self, Failure> {
        let file = file_path()?;
        let all = match file.try_exists() {
            Ok(false) => Vec::new(),
            _ => file::read(&file)?,
        };
        Ok(Self { file, all })
    }

    pub(crate) fn find(&self, name: &str) -> Result<&Context, Failure> {
        if let Some(context) = self.all.iter().find(|context| context.name == name) {
            return Ok(context);
        }
        let names: Vec<_> = self
            .all
            .iter()
            .map(|context| context.name.as_str())
            .collect();
        let file = self.file.display();
        Err(Failure::usage(match suggest(name, &names) {
            Some(other) => format!("{file} has no context `{name}`; did you mean `{other}`?"),
            None if names.is_empty() => format!("{file} has no contexts"),
            None => format!("{file} has no context `{name}`, only {}", names.join(", ")),
        }))
    }

    /// The name that `cwinf context use` has chosen.
    pub(crate) fn chosen(&self) -> Option<String> {
        let name = fs::read_to_string(choice_path(&self.file)).ok()?;
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// Uses a context from now on; none without a name.
    pub(crate) fn choose(&self, name: Option<&str>) -> Result<(), Failure> {
        let path = choice_path(&self.file);
        let written = match name {
            Some(name) => fs::write(&path, format!("{name}\n")),
            None if !path.exists() => Ok(()),
            None => fs::remove_file(&path),
        };
        written.map_err(|error| Failure::usage(format!("cannot write {}: {error}", path.display())))
    }
}

/// The context to use: the named one, else the chosen one. What is in the environment goes before what was chosen.
pub(crate) fn in_use(name: Option<&str>) -> Result<Option<Context>, Failure> {
    if let Some(name) = name.map(str::to_owned).or_else(|| variable(NAME_VARIABLE)) {
        return Contexts::load()?.find(&name).cloned().map(Some);
    }
    if variable_in_use().is_some() {
        return Ok(None);
    }
    // Without a home, there is no file.
    let Ok(file) = file_path() else {
        return Ok(None);
    };
    if !choice_path(&file).exists() {
        return Ok(None);
    }
    let contexts = Contexts::load()?;
    match contexts.chosen() {
        Some(name) => contexts.find(&name).cloned().map(Some),
        None => Ok(None),
    }
}

/// The failure of an environment without a token, with the contexts there are.
pub(crate) fn suggest_one(error: Error) -> Failure {
    let failure = Failure::from(error);
    let contexts = Contexts::load().map_or_else(|_| Vec::new(), |contexts| contexts.all);
    let names: Vec<_> = contexts.iter().map(|context| &*context.name).collect();
    match variable_in_use().is_some() || names.is_empty() {
        true => failure,
        false => failure.note(format_args!(
            "or use a context, with --context or `cwinf context use`: {}",
            names.join(", ")
        )),
    }
}

/// The variable that says who the user is. With it, the environment describes the account.
pub(crate) fn variable_in_use() -> Option<&'static str> {
    let variables = Token::VARIABLES.into_iter().chain([IDENTITY_VARIABLE]);
    variables.into_iter().find(|name| variable(name).is_some())
}

/// The time limit of a request that the environment sets.
pub(crate) fn timeout() -> Result<Option<Duration>, Failure> {
    let invalid = |error| Failure::usage(format!("{TIMEOUT_VARIABLE}: {error}"));
    variable(TIMEOUT_VARIABLE)
        .map(|text| duration(text.trim()).map_err(invalid))
        .transpose()
}

/// A variable that is set and not blank.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn file_path() -> Result<PathBuf, Failure> {
    if let Some(file) = variable(FILE_VARIABLE) {
        return Ok(file.into());
    }
    let folder = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    #[cfg(windows)]
    let folder = folder.or_else(|| variable("APPDATA").map(PathBuf::from));
    let folder = folder.or_else(|| Some(env::home_dir()?.join(".config")));
    let folder = folder
        .filter(|folder| folder.is_absolute())
        .ok_or_else(|| {
            Failure::usage(format!(
                "there is no home folder; set {FILE_VARIABLE} to a file"
            ))
        })?;
    Ok(folder.join("cwinf").join("config.yaml"))
}

fn choice_path(file: &Path) -> PathBuf {
    file.with_file_name("current-context")
}

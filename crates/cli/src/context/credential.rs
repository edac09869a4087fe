//! What a context gets its token by.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use coreweave_inference::raw::BoxFuture;
use coreweave_inference::retry::{OidcToken, Token, TokenError, TokenProvider};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::failure::Failure;

/// What a context gets its token by.
#[derive(Clone, Debug)]
pub(crate) enum Credential {
    Token(TokenSource),
    WorkloadIdentity {
        service_account_uid: String,
        token: OidcToken,
    },
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credential::Token(source) => source.fmt(f),
            Credential::WorkloadIdentity {
                service_account_uid,
                ..
            } => write!(f, "service account {service_account_uid}"),
        }
    }
}

/// Where a token comes from.
#[derive(Clone, Debug)]
pub(crate) enum TokenSource {
    Variable(String),
    File(PathBuf),
    /// A program and its arguments; it prints the token.
    Command(Vec<String>),
}

/// What users see of a source. The arguments of a command may be secret.
impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenSource::Variable(name) => write!(f, "variable {name}"),
            TokenSource::File(path) => write!(f, "file {}", path.display()),
            TokenSource::Command(words) => {
                write!(f, "command {}", words.first().map_or("", String::as_str))
            }
        }
    }
}

impl TokenSource {
    /// Reads the token now, and again whenever it is refused.
    pub(crate) fn provider(&self) -> Result<Provider, Failure> {
        let token = self.read().map_err(Failure::usage)?;
        Ok(Provider {
            source: Arc::new(self.clone()),
            token: Arc::new(Mutex::new(token)),
        })
    }

    fn read(&self) -> Result<Token, String> {
        let text = match self {
            TokenSource::Variable(name) => {
                std::env::var(name).map_err(|_| format!("{name} is not set"))?
            }
            TokenSource::File(path) => read_file(path)?,
            TokenSource::Command(words) => run(words)?,
        };
        // What the library says of a token does not contain it.
        Token::new(text).map_err(|error| format!("{self}: {error}"))
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let file = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {file}: {error}"))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;

        // The files of others, such as mounted secrets, are theirs to protect.
        let is_exposed = |metadata: &std::fs::Metadata| {
            metadata.mode() & 0o077 != 0 && metadata.uid() == rustix::process::geteuid().as_raw()
        };
        if std::fs::metadata(path).as_ref().is_ok_and(is_exposed) {
            return Err(format!(
                "{file} holds a token, and others can read or write it; run `chmod 600 {file}`"
            ));
        }
    }
    Ok(text)
}

fn run(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("`command` is empty")?;
    // Questions and errors of the program reach the user, but what it prints does not.
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run {program} for the token: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{program}, which prints the token, failed: {}",
            output.status
        ));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program} printed no token, but bytes"))
}

/// Provides the token of a source.
pub(crate) struct Provider {
    source: Arc<TokenSource>,
    token: Arc<Mutex<Token>>,
}

impl TokenProvider for Provider {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
        Box::pin(async move {
            let mut token = self.token.lock().await;
            if refused == Some(&*token) {
                let source = Arc::clone(&self.source);
                *token = spawn_blocking(move || source.read()).await??;
            }
            Ok(token.clone())
        })
    }
}

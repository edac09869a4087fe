//! The file with contexts.

use std::fs;
use std::path::{Path, PathBuf};

use coreweave_inference::retry::OidcToken;
use coreweave_inference_apply::schema::suggest;
use coreweave_inference_spec::yaml::{self, Data, Node};
use serde_json::Value;

use super::{Context, Credential, TokenSource};
use crate::failure::Failure;

/// Reads the contexts of a file, which nobody else may write to: it names programs to run.
pub(super) fn read(path: &Path) -> Result<Vec<Context>, Failure> {
    let file = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read {file}: {error}")))?;
    #[cfg(unix)]
    refuse_other_writers(path)?;
    let documents = yaml::read(&file, &text, 1).map_err(Failure::usage)?;
    let reader = Reader {
        file,
        folder: path.parent().unwrap_or(Path::new("")),
    };
    let mut contexts = Vec::new();
    for document in &documents {
        if matches!(document.data, Data::Scalar(Value::Null)) {
            continue;
        }
        for (_, named) in reader.members(document, "the file", &["contexts"])? {
            for (name, node) in reader.object(named, "`contexts`")? {
                contexts.push(reader.context(name, node)?);
            }
        }
    }
    Ok(contexts)
}

#[cfg(unix)]
fn refuse_other_writers(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;

    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    let (file, mode) = (path.display(), metadata.mode() & 0o777);
    if mode & 0o022 != 0 {
        return Err(Failure::usage(format!(
            "others can write to {file} (mode {mode:04o}), and so make cwinf run programs; run `chmod go-w {file}`"
        )));
    }
    if ![0, rustix::process::geteuid().as_raw()].contains(&metadata.uid()) {
        return Err(Failure::usage(format!(
            "{file} belongs to another user, who can make cwinf run programs"
        )));
    }
    Ok(())
}

/// Reads values, and says where one is wrong. A value that may be a token is never quoted.
struct Reader<'a> {
    file: String,
    folder: &'a Path,
}

impl Reader<'_> {
    fn context(&self, name: &str, node: &Node) -> Result<Context, Failure> {
        let what = format!("the context `{name}`");
        let members = ["baseUrl", "allowPlainHttp", "token"];
        let mut base_url = None;
        let mut allow_plain_http = false;
        let mut credential = None;
        for (member, value) in self.members(node, &what, &members)? {
            match member.as_str() {
                "baseUrl" => base_url = Some(self.text(value, "`baseUrl`")?.to_owned()),
                "token" => credential = Some(self.credential(value)?),
                _ => match value.data {
                    Data::Scalar(Value::Bool(allowed)) => allow_plain_http = allowed,
                    _ => return Err(self.problem(value, "`allowPlainHttp` must be true or false")),
                },
            }
        }
        let no_token = || self.problem(node, format!("{what} needs a `token`: {SOURCES}"));
        Ok(Context {
            name: name.to_owned(),
            base_url,
            allow_plain_http,
            credential: credential.ok_or_else(no_token)?,
        })
    }

    fn credential(&self, node: &Node) -> Result<Credential, Failure> {
        if !matches!(node.data, Data::Object(_)) {
            let message =
                format!("a token does not belong in this file; say where it is: {SOURCES}");
            return Err(self.problem(node, message));
        }
        let known = ["variable", "file", "command", "workloadIdentity"];
        let [(source, value)] = self.members(node, "`token`", &known)? else {
            return Err(self.problem(node, format!("`token` must be one of {SOURCES}")));
        };
        Ok(Credential::Token(match source.as_str() {
            "variable" => TokenSource::Variable(self.text(value, "`variable`")?.to_owned()),
            "file" => TokenSource::File(self.path(self.text(value, "`file`")?)),
            "command" => TokenSource::Command(self.command(value)?),
            _ => return self.workload_identity(value),
        }))
    }

    fn workload_identity(&self, node: &Node) -> Result<Credential, Failure> {
        let what = "`workloadIdentity`";
        let known = ["serviceAccountUid", "oidcTokenFile", "oidcTokenVariable"];
        let mut uid = None;
        let mut tokens = Vec::new();
        for (member, value) in self.members(node, what, &known)? {
            let text = self.text(value, &format!("`{member}`"))?;
            match member.as_str() {
                "serviceAccountUid" => uid = Some(text.to_owned()),
                "oidcTokenFile" => tokens.push(OidcToken::File(self.path(text))),
                _ => tokens.push(OidcToken::Variable(text.to_owned())),
            }
        }
        match (uid, tokens.pop()) {
            (Some(service_account_uid), Some(token)) if tokens.is_empty() => {
                Ok(Credential::WorkloadIdentity {
                    service_account_uid,
                    token,
                })
            }
            _ => {
                let message = "must have `serviceAccountUid`, and either `oidcTokenFile` or `oidcTokenVariable`";
                Err(self.problem(node, format!("{what} {message}")))
            }
        }
    }

    fn command(&self, node: &Node) -> Result<Vec<String>, Failure> {
        let words = match &node.data {
            Data::List(words) if !words.is_empty() => words.iter(),
            _ => {
                let message = "`command` must be a list: a program and its arguments";
                return Err(self.problem(node, message));
            }
        };
        words
            .map(|word| Ok(self.text(word, "each word of `command`")?.to_owned()))
            .collect()
    }

    /// A path from the folder of the file, or from the home folder with `~`.
    fn path(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), std::env::home_dir()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.folder.join(path),
        }
    }

    fn text<'n>(&self, node: &'n Node, what: &str) -> Result<&'n str, Failure> {
        match &node.data {
            Data::Scalar(Value::String(text)) if !text.is_empty() => Ok(text),
            _ => Err(self.problem(node, format!("{what} must be a text"))),
        }
    }

    fn object<'n>(&self, node: &'n Node, what: &str) -> Result<&'n [(String, Node)], Failure> {
        match &node.data {
            Data::Object(members) => Ok(members),
            _ => Err(self.problem(node, format!("{what} must be an object"))),
        }
    }

    /// The members of an object that has no others.
    fn members<'n>(
        &self,
        node: &'n Node,
        what: &str,
        known: &[&str],
    ) -> Result<&'n [(String, Node)], Failure> {
        let members = self.object(node, what)?;
        let unknown = members
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()));
        let Some((name, value)) = unknown else {
            return Ok(members);
        };
        let message = format!("{what} has no member `{name}`");
        Err(self.problem(
            value,
            match suggest(name, known) {
                Some(known) => format!("{message}; did you mean `{known}`?"),
                None => format!("{message}, only {}", known.join(", ")),
            },
        ))
    }

    fn problem(&self, node: &Node, message: impl std::fmt::Display) -> Failure {
        Failure::usage(format!("{}:{}: {message}", self.file, node.line))
    }
}

const SOURCES: &str = "{variable: NAME}, {file: PATH}, {command: [PROGRAM, ARGUMENT]} or \
                       {workloadIdentity: {serviceAccountUid: ID, oidcTokenFile: PATH}}";

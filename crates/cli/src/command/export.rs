//! The account as manifests.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use coreweave_inference_apply::{self as apply, Account, Existing, schema::suggest, to_yaml};
use serde_json::{Value, json};

use crate::failure::{Exit, Failure};
use crate::kind::{Kind, ParametersKind};
use crate::output::{self, Format};
use crate::session::Session;
use crate::text::Text;

/// Prints documents, which apply reads.
pub(crate) async fn print(
    session: &Session,
    kind: Option<ParametersKind>,
    resources: &[String],
) -> Result<(), Failure> {
    let account = Account::fetch(&session.client).await?;
    let exported = select(&account, kind, resources)?;
    let document = |existing: &&Existing| account.document(existing);
    let documents: Vec<_> = exported.iter().map(document).collect();
    let names = || exported.iter().map(|e| e.label().to_owned()).collect();
    let yaml = || {
        let documents = documents.iter().map(Text::yaml);
        documents
            .reduce(|text, document| text.line("---").then(document))
            .unwrap_or_default()
    };
    match session.output.format {
        // Documents rather than one list.
        Format::Yaml => output::write(&yaml()),
        _ => session
            .output
            .print(|| documents.clone().into(), names, yaml),
    }
    Ok(())
}

/// Writes one file per resource, and prints their paths. Files that exist and differ are overwritten on request only.
pub(crate) async fn to_folder(
    session: &Session,
    kind: Option<ParametersKind>,
    resources: &[String],
    folder: &Path,
    overwrite: bool,
) -> Result<(), Failure> {
    let account = Account::fetch(&session.client).await?;
    let mut names = HashSet::new();
    let files = select(&account, kind, resources)?
        .into_iter()
        .map(|existing| {
            let path = folder.join(path(existing, &mut names));
            (path, to_yaml(&account.document(existing)))
        });
    let files: Vec<_> = files.collect();
    let differing: Vec<_> = files
        .iter()
        .filter(|(path, text)| fs::read(path).is_ok_and(|found| found != text.as_bytes()))
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !overwrite && !differing.is_empty() {
        return Err(Failure::usage(format!(
            "{} would change; pass --overwrite to allow that",
            differing.join(", ")
        )));
    }
    for (path, text) in &files {
        write(path, text)
            .map_err(|error| Failure::usage(format!("cannot write {}: {error}", path.display())))?;
    }
    let paths = || files.iter().map(|(path, _)| path.display().to_string());
    let json = || paths().map(|path| json!({"file": path})).collect::<Value>();
    let text = || Text::default().lines(paths());
    session.output.print(json, || paths().collect(), text);
    Ok(())
}

/// The resources that are exported, by kind and name. Those that are being deleted are not, unless they are named.
fn select<'a>(
    account: &'a Account,
    kind: Option<ParametersKind>,
    names: &[String],
) -> Result<Vec<&'a Existing>, Failure> {
    let kind = kind.map(apply::Kind::from);
    let all = || {
        let of_kind = move |existing: &&Existing| kind.is_none_or(|kind| existing.kind == kind);
        account.resources.iter().filter(of_kind)
    };
    for name in names {
        if !all().any(|existing| is_named(existing, name)) {
            let noun = kind.map_or("resource".to_owned(), |kind| kind.to_string());
            let message = format!("there is no {noun} `{name}`");
            let suggestion = suggest(name, all().map(|existing| existing.name.as_str()));
            let help = suggestion.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            return Err(Failure::new(Exit::NotFound, message + &help));
        }
    }
    let is_selected = |existing: &&Existing| match names {
        [] => !existing.is_deleting(),
        names => names.iter().any(|name| is_named(existing, name)),
    };
    Ok(all().filter(is_selected).collect())
}

fn is_named(existing: &Existing, name: &str) -> bool {
    existing.name == name || existing.id.eq_ignore_ascii_case(name)
}

/// The file of a resource, such as `deployments/llama.yaml`. A name that is no file name of its own gives way to the id.
fn path(existing: &Existing, names: &mut HashSet<PathBuf>) -> PathBuf {
    let folder = Path::new(Kind::from(existing.kind).name());
    let name = Path::new(&existing.name);
    let is_plain = matches!(
        name.components().collect::<Vec<_>>()[..],
        [Component::Normal(part)] if part == existing.name.as_str()
    ) && !existing.name.starts_with('.')
        && !existing.name.contains(['\\', ':']);
    // Some file systems do not distinguish case.
    let is_new = names.insert(folder.join(existing.name.to_lowercase()));
    let name = if is_plain && is_new {
        &existing.name
    } else {
        &existing.id
    };
    folder.join(format!("{name}.yaml"))
}

/// Writes a file with its folders. A failure leaves an existing file as it was.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = path.with_extension("yaml.part");
    fs::write(&temporary, text)?;
    fs::rename(&temporary, path)
}

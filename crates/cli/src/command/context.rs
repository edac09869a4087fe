//! Contexts.

use serde_json::{Value, json};

use crate::args::ContextCommand;
use crate::context::{
    self, Context, Contexts, Credential, IDENTITY_VARIABLE, TokenSource, variable_in_use,
};
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::table::Table;
use crate::text::Text;

pub(crate) fn run(
    output: &Output,
    named: Option<&str>,
    command: ContextCommand,
) -> Result<(), Failure> {
    match command {
        ContextCommand::List => list(output, named),
        ContextCommand::Use { name, .. } => choose(name.as_deref()),
        ContextCommand::Show { name } => {
            let in_use = match name.as_deref().or(named) {
                Some(name) => Some(Contexts::load()?.find(name)?.clone()),
                None => context::in_use(None)?,
            };
            show(output, in_use.as_ref());
            Ok(())
        }
    }
}

fn list(output: &Output, named: Option<&str>) -> Result<(), Failure> {
    let contexts = Contexts::load()?;
    if contexts.all.is_empty() && output.is_for_people() {
        output::note(format_args!(
            "There are no contexts. {} would hold them; see docs/cwinf.md.",
            contexts.file.display()
        ));
        return Ok(());
    }
    // A chosen context that is gone is no reason not to list the others.
    let in_use = context::in_use(named).ok().flatten();
    let in_use = in_use.map(|context| context.name);
    let json = || contexts.all.iter().map(describe).collect();
    let names = || {
        contexts
            .all
            .iter()
            .map(|context| context.name.clone())
            .collect()
    };
    output.print(json, names, || {
        let mut table = Table::new(["", "NAME", "BASE URL", "TOKEN"]);
        for context in &contexts.all {
            let mark = if in_use.as_ref() == Some(&context.name) {
                "*"
            } else {
                ""
            };
            table.row([
                mark.into(),
                context.name.as_str().into(),
                base_url(context).into(),
                context.credential.to_string().into(),
            ]);
        }
        table.text()
    });
    Ok(())
}

fn choose(name: Option<&str>) -> Result<(), Failure> {
    let contexts = Contexts::load()?;
    if let Some(name) = name {
        contexts.find(name)?;
    }
    contexts.choose(name)?;
    match (name, variable_in_use()) {
        (Some(name), None) => output::note(format_args!("using the context {name}")),
        (Some(name), Some(variable)) => output::warning(format_args!(
            "the context {name} is used once {variable} is not set, or with --context {name}"
        )),
        (None, _) => output::note("using the environment"),
    }
    Ok(())
}

/// Shows a context, or what the environment says.
fn show(output: &Output, context: Option<&Context>) {
    let json = || context.map_or(Value::Null, describe);
    let names = || context.iter().map(|context| context.name.clone()).collect();
    output.print(json, names, || {
        let (name, base_url, token) = match context {
            Some(context) => (
                context.name.as_str(),
                base_url(context),
                context.credential.to_string(),
            ),
            None => (
                "none: the environment",
                "that of the environment, else the public API",
                match variable_in_use() {
                    Some(name) if name == IDENTITY_VARIABLE => {
                        format!("service account of the variable {name}")
                    }
                    Some(name) => format!("variable {name}"),
                    None => "none".to_owned(),
                },
            ),
        };
        Text::default()
            .line(format_args!("Context:   {name}"))
            .line(format_args!("Base URL:  {base_url}"))
            .line(format_args!("Token:     {token}"))
    });
}

fn base_url(context: &Context) -> &str {
    context.base_url.as_deref().unwrap_or("the public API")
}

fn describe(context: &Context) -> Value {
    let token = match &context.credential {
        Credential::Token(TokenSource::Variable(name)) => json!({"variable": name}),
        Credential::Token(TokenSource::File(path)) => json!({"file": path}),
        Credential::Token(TokenSource::Command(words)) => json!({"command": words.first()}),
        Credential::WorkloadIdentity {
            service_account_uid,
            ..
        } => json!({"workloadIdentity": {"serviceAccountUid": service_account_uid}}),
    };
    json!({"name": context.name, "baseUrl": context.base_url, "token": token})
}

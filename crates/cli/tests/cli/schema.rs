//! The JSON Schema of manifests, and templates that follow it.

use std::io::Write;
use std::process::{Output, Stdio};

use coreweave_inference_spec::yaml;
use serde_json::{Value, json};

use super::account::{Account, folder};

fn run(account: &Account, arguments: &[&str], stdin: &str) -> Output {
    let mut command = account.command();
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn print(arguments: &[&str]) -> String {
    let output = run(&Account::seeded(), arguments, "");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn documents(text: &str) -> Vec<Value> {
    let documents = yaml::read("test", text, 1).unwrap();
    documents.iter().map(yaml::Node::value).collect()
}

#[test]
fn the_schema_is_one_and_accepts_manifests_alone() {
    let schema: Value = serde_json::from_str(&print(&["schema"])).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let account = std::fs::read_to_string(folder().join("manifests/account.yaml")).unwrap();
    let manifests = documents(&account)
        .into_iter()
        .chain(documents(&print(&["export"])));
    for manifest in manifests {
        let errors: Vec<_> = validator
            .iter_errors(&manifest)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{manifest}: {errors:?}");
    }
    for wrong in [
        json!({"name": "x"}),
        json!({"kind": "Pod", "name": "x"}),
        json!({"kind": "Gateway", "name": "x", "zones": "US-EAST-04A"}),
        json!({"kind": "Deployment", "name": "x", "autoscaling": {"max": "many"}}),
        json!({"kind": "Deployment", "name": "x", "runtime": {"engineEnv": {"A": 1}}}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn templates_apply() {
    let account = Account::empty();
    for kind in ["claim", "gateway", "deployment"] {
        let template = print(&["new", kind]);
        let applied = run(&account, &["apply", "-f", "-", "--yes"], &template);
        assert!(applied.status.success(), "{template}{applied:?}");
        let printed = String::from_utf8(applied.stdout).unwrap();
        assert!(printed.contains("created"), "{printed}");
        assert!(
            applied.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&applied.stderr)
        );
    }
}

#[test]
fn a_template_of_a_hot_load_creates_one() {
    let account = Account::seeded();
    let id = "00000002-0000-4000-8000-000000000001";
    let template = print(&["new", "hot-load"]).replace("00000000-0000-4000-8000-000000000000", id);
    let created = run(&account, &["hot-loads", "create", "-f", "-"], &template);
    assert!(created.status.success(), "{template}{created:?}");
}

#[test]
fn what_a_template_comments_out_fits_the_schema_too() {
    let schema: Value = serde_json::from_str(&print(&["schema"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for kind in ["claim", "gateway", "deployment"] {
        // Prose has more than one word before a colon, or none.
        let is_member = |text: &str| {
            let (name, _) = text.split_once(':').unwrap_or_default();
            !name.is_empty() && name.chars().all(char::is_alphanumeric)
        };
        let template = print(&["new", kind]);
        let lines = template.lines().map(|line| match line.split_once("# ") {
            Some((indent, text)) if is_member(text) => format!("{indent}{text}\n"),
            _ => format!("{line}\n"),
        });
        let full: String = lines
            .filter(|line| !line.trim_start().starts_with("# Create"))
            .collect();
        let [manifest] = &documents(&full)[..] else {
            panic!("{full}");
        };
        let errors: Vec<_> = validator
            .iter_errors(manifest)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{full}: {errors:?}");
    }
}

/// The members of an object and theirs, with their paths.
fn members(object: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    for (name, member) in object["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        members(member, &path, found);
        found.push((path, member.clone()));
    }
}

#[test]
fn every_member_is_explained() {
    let schema: Value = serde_json::from_str(&print(&["schema"])).unwrap();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (kind, definition) in schema["$defs"].as_object().unwrap() {
        let mut all = Vec::new();
        members(definition, kind, &mut all);
        for (path, member) in all {
            let explained = print(&["explain", &path]);
            let (facts, rest) = explained.split_once('\n').unwrap();
            assert!(facts.starts_with(&format!("{path}  ")), "{explained}");
            let says = |fact: &str| facts.contains(fact);
            assert_eq!(
                says("; required"),
                member["x-required"] == true,
                "{explained}"
            );
            let is_immutable = member["x-immutable"] == true && kind != "HotLoad";
            assert_eq!(
                says("an update cannot change it"),
                is_immutable,
                "{explained}"
            );
            for name in member["anyOf"][0]["enum"].as_array().into_iter().flatten() {
                assert!(says(name.as_str().unwrap()), "{explained}");
            }
            if let Some(default) = member["default"].as_str() {
                assert!(says(&format!("default {default}")), "{explained}");
            }
            let description = member["description"].as_str().unwrap_or_default();
            assert!(
                one_line(rest).contains(&one_line(description)),
                "{explained}"
            );
            for (name, inner) in member["properties"].as_object().into_iter().flatten() {
                assert!(rest.contains(&format!("\n  {name}  ")), "{explained}");
                let description = inner["description"].as_str().unwrap_or_default();
                assert!(
                    one_line(rest).contains(&one_line(description)),
                    "{explained}"
                );
            }
        }
        let tree = print(&["explain", kind, "--recursive"]);
        let mut all = Vec::new();
        members(definition, kind, &mut all);
        for (path, _) in all.iter().filter(|(path, _)| path != "HotLoad.kind") {
            let name = path.rsplit('.').next().unwrap();
            let indent = "  ".repeat(path.matches('.').count());
            assert!(
                tree.contains(&format!("\n{indent}{name}  ")),
                "{path}: {tree}"
            );
        }
    }
}

//! Reading manifests.

use coreweave_inference_apply::{Kind, Manifest};

fn problems(text: &str) -> String {
    Manifest::parse("m.yaml", text).unwrap_err().to_string()
}

#[test]
fn documents_become_resources_in_order() {
    let manifest = Manifest::parse("m.yaml", super::account::CHAT).unwrap();
    let found: Vec<_> = manifest
        .resources
        .iter()
        .map(|r| (r.kind, r.name.as_str(), r.location.line))
        .collect();
    assert_eq!(
        found,
        [
            (Kind::Gateway, "chat", 2),
            (Kind::Deployment, "llama", 8),
            (Kind::CapacityClaim, "reserve", 17)
        ]
    );
}

#[test]
fn a_misspelled_member_is_reported_with_its_line() {
    let text = "kind: Deployment\nname: a\ngateway: [chat]\nruntime:\n  engine: vllm\n  verson: 1.0.0\nautoscalling: {}\n";
    assert_eq!(
        problems(text),
        "m.yaml:3: a deployment has no member `gateway`; did you mean `gateways`?\n\
         m.yaml:6: `runtime` has no member `verson`; did you mean `version`?\n\
         m.yaml:7: a deployment has no member `autoscalling`; did you mean `autoscaling`?"
    );
}

#[test]
fn a_value_of_a_wrong_type_is_reported_with_its_line() {
    let text = "kind: Deployment\nname: a\ntraffic: {weight: much}\nruntime:\n  engineConfig:\n    max-model-len: 8192\ngateways: chat\ndisabled: 1\n";
    assert_eq!(
        problems(text),
        "m.yaml:7: `gateways` must be a list of names\n\
         m.yaml:3: `traffic.weight` must be an integer, not a string\n\
         m.yaml:6: `runtime.engineConfig.max-model-len` must be a string, not `8192`; put it in quotes\n\
         m.yaml:8: `disabled` must be true or false, not `1`"
    );
}

#[test]
fn an_unknown_member_is_kept_with_a_warning() {
    let manifest =
        Manifest::parse("m.yaml", "kind: Gateway\nname: chat\nmaxBodySize: 5\n").unwrap();
    assert_eq!(manifest.resources[0].body["maxBodySize"], 5);
    assert_eq!(
        manifest.warnings[0].to_string(),
        "m.yaml:3: a gateway has no member `maxBodySize` that this version knows; it is sent as given"
    );
}

#[test]
fn two_resources_of_one_kind_and_name_are_refused() {
    let text = "kind: Gateway\nname: chat\n---\nkind: Deployment\nname: chat\n---\nkind: Gateway\nname: chat\n";
    assert_eq!(
        problems(text),
        "m.yaml:7: the gateway chat is already defined at m.yaml:1"
    );
}

#[test]
fn kind_and_name_are_needed() {
    assert_eq!(
        problems("kind: gateways\nname: a\n"),
        "m.yaml:1: unknown kind `gateways`; did you mean `Gateway`?"
    );
    assert_eq!(
        problems("kind: Pod\nname: a\n"),
        "m.yaml:1: unknown kind `Pod`; use Gateway, Deployment or CapacityClaim"
    );
    assert_eq!(
        problems("\nname: a\n"),
        "m.yaml:2: `kind` is missing; set it to Gateway, Deployment or CapacityClaim"
    );
    assert_eq!(
        problems("kind: CapacityClaim\n"),
        "m.yaml:1: the capacity claim has no `name`, a string"
    );
    assert_eq!(
        problems("- kind: Gateway\n"),
        "m.yaml:1: a document must be an object with `kind` and `name`"
    );
}

#[test]
fn invalid_yaml_and_repeated_keys_name_the_line() {
    assert!(problems("kind: Gateway\nname: [a\n").starts_with("m.yaml:"));
    assert!(problems("kind: Gateway\nname: a\nname: b\n").starts_with("m.yaml:3: "));
}

#[test]
fn folders_and_files_make_one_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("b.yaml", "kind: Gateway\nname: second\n");
    file("a.json", r#"{"kind": "Gateway", "name": "first"}"#);
    file("notes.txt", "not a manifest");
    let extra = folder.path().join("notes.txt");
    let manifest = Manifest::read([folder.path()]).unwrap();
    let names: Vec<_> = manifest
        .resources
        .iter()
        .map(|resource| resource.name.as_str())
        .collect();
    assert_eq!(names, ["first", "second"]);
    assert!(Manifest::read([extra]).is_err());
    let missing = Manifest::read(["no-such-file.yaml"])
        .unwrap_err()
        .to_string();
    assert!(
        missing.starts_with("cannot read no-such-file.yaml: "),
        "{missing}"
    );
}

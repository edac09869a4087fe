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
    let text = "kind: Deployment\nname: a\ntraffic: {weight: much}\nautoscaling: {min: 4294967296, max: -1}\nruntime:\n  engineConfig:\n    max-model-len: 8192\ngateways: chat\ndisabled: 1\n";
    assert_eq!(
        problems(text),
        "m.yaml:8: `gateways` must be a list of names\n\
         m.yaml:3: `traffic.weight` must be an integer, not a string\n\
         m.yaml:4: `autoscaling.min` must be an integer from 0 to 4294967295, not `4294967296`\n\
         m.yaml:4: `autoscaling.max` must be an integer from 0 to 4294967295, not `-1`\n\
         m.yaml:7: `runtime.engineConfig.max-model-len` must be a string, not `8192`; put it in quotes\n\
         m.yaml:9: `disabled` must be true or false, not `1`"
    );
}

#[test]
fn members_that_exclude_each_other_are_reported() {
    let gateway = "kind: Gateway\nname: chat\ncoreWeaveAuth: {}\n";
    assert_eq!(
        problems(&format!(
            "{gateway}weightsAndBiasesAuth: {{}}\npathBasedRouting: {{}}\nbodyBasedRouting: {{}}\n"
        )),
        "m.yaml:4: `coreWeaveAuth` and `weightsAndBiasesAuth` exclude each other; keep one\n\
         m.yaml:6: `pathBasedRouting` and `bodyBasedRouting` exclude each other; keep one"
    );
    Manifest::parse("m.yaml", &format!("{gateway}weightsAndBiasesAuth: null\n")).unwrap();
}

#[test]
fn what_the_api_returns_is_not_a_manifest() {
    assert_eq!(
        problems("spec: {name: chat}\nstatus: {}\n"),
        "m.yaml:1: this is a resource as the API returns it, not a manifest; export the resource instead"
    );
}

#[test]
fn an_unknown_member_is_kept_with_a_warning() {
    let manifest =
        Manifest::parse("m.yaml", "kind: Gateway\nname: chat\nmaxBodySize: 5\n").unwrap();
    assert_eq!(manifest.resources[0].body["maxBodySize"], 5);
    assert_eq!(
        manifest.warnings[0].to_string(),
        "m.yaml:3: a gateway has no member `maxBodySize` that this version knows; it is sent with other changes, and compared once the service \
         returns it"
    );
}

#[test]
fn an_unknown_value_of_an_enum_is_kept_with_a_warning() {
    let text = "kind: Gateway\nname: chat\nbodyBasedRouting: {apiType: OPENAI}\nendpointConfiguration:\n  \
        edgeProxyMode: EDGE_PROXY_MODE_DIRCT\n---\nkind: Deployment\nname: a\nautoscaling:\n  capacityClasses: [SPOT, 1, CAPACITY_CLASS_UNSPECIFIED]\n";
    let manifest = Manifest::parse("m.yaml", text).unwrap();
    let warnings: Vec<_> = manifest.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "m.yaml:3: `bodyBasedRouting.apiType` has no value `OPENAI` that this version knows; it knows API_TYPE_OPENAI",
            "m.yaml:5: `endpointConfiguration.edgeProxyMode` has no value `EDGE_PROXY_MODE_DIRCT` that this version knows; \
             did you mean `EDGE_PROXY_MODE_DIRECT`?",
            "m.yaml:10: `autoscaling.capacityClasses` has no value `SPOT` that this version knows; it knows \
             CAPACITY_CLASS_RESERVED, CAPACITY_CLASS_ON_DEMAND",
        ]
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
        problems("Gateway\n"),
        "m.yaml:1: a document must be an object with `kind` and `name`"
    );
}

#[test]
fn invalid_yaml_and_repeated_keys_name_the_line() {
    assert!(problems("kind: Gateway\nname: [a\n").starts_with("m.yaml:"));
    assert!(problems("kind: Gateway\nname: a\nname: b\n").starts_with("m.yaml:3: "));
    let deep = format!("kind: Gateway\nname: a\nzones: {}", "[".repeat(100_000));
    assert!(problems(&deep).starts_with("m.yaml:3: "));
}

#[test]
fn numbers_that_json_lacks_are_reported_with_line_and_path() {
    for number in [".nan", ".inf", "-.inf", "1e999"] {
        let text = format!("kind: Deployment\nname: a\ntraffic:\n  weight: {number}\n");
        assert_eq!(
            problems(&text),
            format!("m.yaml:4: `traffic.weight`: JSON can't express the number `{number}`")
        );
    }
    let text = "kind: Deployment\nname: a\ntraffic:\n  weight: 99999999999999999999\n";
    assert_eq!(
        problems(text),
        "m.yaml:4: `traffic.weight` must be an integer from 0 to 4294967295, not `1e+20`"
    );
}

#[test]
fn aliases_merge_keys_tabs_and_surrogate_pairs_are_read() {
    let text = "kind: Deployment\nname: a\nruntime: &runtime {engine: vllm}\n---\n\
        - &base {kind: Gateway, name: b, zones:\t[A]}\n- {<<: *base, name: \"\\ud83d\\ude00\"}\n";
    let manifest = Manifest::parse("m.yaml", text).unwrap();
    assert_eq!(names(&manifest), ["a", "b", "\u{1f600}"]);
    assert_eq!(
        manifest.resources[2].body["zones"],
        serde_json::json!(["A"])
    );
    assert_eq!(manifest.warnings, []);
}

#[test]
fn a_manifest_without_resources_is_refused() {
    for text in ["", "# nothing\n", "---\n---\n", "[]", "null"] {
        assert_eq!(problems(text), "m.yaml holds no resources", "{text:?}");
    }
}

#[test]
fn a_list_of_documents_is_read_as_documents() {
    let text = r#"[{"kind": "Gateway", "name": "a"}, {"kind": "Gateway", "name": "b"}]"#;
    let manifest = Manifest::parse("m.json", text).unwrap();
    assert_eq!(names(&manifest), ["a", "b"]);
}

fn names(manifest: &Manifest) -> Vec<&str> {
    let resources = manifest.resources.iter();
    resources.map(|resource| resource.name.as_str()).collect()
}

#[test]
fn folders_and_their_subfolders_make_one_manifest_that_names_what_it_skips() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir_all(path.join("team/.git")).unwrap();
    let file = |name: &str, text: &str| std::fs::write(path.join(name), text).unwrap();
    file("b.yaml", "kind: Gateway\nname: second\n");
    file("a.json", r#"{"kind": "Gateway", "name": "first"}"#);
    file("notes.txt", "not a manifest");
    file("team/c.yml", "kind: Gateway\nname: third\n");
    file("team/empty.yaml", "# to come\n");
    file("team/.hidden.yaml", "kind: Gateway\nname: hidden\n");
    let manifest = Manifest::read([path]).unwrap();
    assert_eq!(names(&manifest), ["first", "second", "third"]);
    let warnings: Vec<_> = manifest.warnings.iter().map(ToString::to_string).collect();
    let help = "manifests are *.yaml, *.yml and *.json files that are not hidden";
    let team = path.join("team");
    assert_eq!(
        warnings,
        [
            format!("skipped in {}: notes.txt; {help}", path.display()),
            format!("skipped in {}: .git, .hidden.yaml; {help}", team.display()),
            format!("{} holds no resources", team.join("empty.yaml").display()),
        ]
    );
    assert!(Manifest::read([path.join("notes.txt")]).is_err());
    let error = |path: &str| Manifest::read([path]).unwrap_err().to_string();
    let missing = error("no-such-file.yaml");
    assert!(
        missing.starts_with("cannot read no-such-file.yaml: "),
        "{missing}"
    );
    let none = error(team.join(".git").to_str().unwrap());
    assert_eq!(none, "there are no manifests, and so no resources");
}

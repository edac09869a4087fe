//! Errors in openapi.yaml: one line with location and reason, from the generator and from a build.

use std::fs;
use std::path::Path;

use coreweave_inference_codegen::{EnumTable, generate};
use coreweave_inference_spec::Spec;

fn manifest_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn vendored() -> String {
    fs::read_to_string(manifest_dir().join("openapi.yaml")).unwrap()
}

/// A way to break openapi.yaml, and the expected error.
struct Damage {
    /// The line of the schema or path to change.
    below: &'static str,
    /// The first line below it that is replaced, with its indentation.
    line: &'static str,
    by: &'static str,
    /// The distance from the replaced line to the line in the error.
    offset: usize,
    error: &'static str,
}

/// Mistakes that are likely when editing the spec.
const DAMAGES: &[Damage] = &[
    Damage {
        below: "    CapacityClaim:",
        line: "      type: object",
        by: "      type: [object",
        offset: 1,
        error: "",
    },
    Damage {
        below: "    CapacityClaim:",
        line: "      type: object",
        by: "\t  type: object",
        offset: 0,
        error: "",
    },
    Damage {
        below: "    CapacityClaim:",
        line: "      type: object",
        by: "      type: object\n      type: string",
        offset: 1,
        error: "/components/schemas/CapacityClaim/type: the key `type` is given twice",
    },
    Damage {
        below: "    CapacityClaim:",
        line: "            - $ref: '#/components/schemas/CapacityClaimSpec'",
        by: "            - $ref: '#/components/schemas/CapacityClaimSpecs'",
        offset: 0,
        error: "/components/schemas/CapacityClaim/properties/spec/allOf/0/$ref: `#/components/schemas/CapacityClaimSpecs` \
                doesn't exist in this document",
    },
    Damage {
        below: "    CapacityClaim:",
        line: "            - $ref: '#/components/schemas/CapacityClaimSpec'",
        by: "            - $ref: 'other.yaml#/CapacityClaimSpec'",
        offset: 0,
        error: "/components/schemas/CapacityClaim/properties/spec/allOf/0/$ref: `other.yaml#/CapacityClaimSpec` is outside of \
                this document; only `#/…` references are followed",
    },
    Damage {
        below: "    CapacityClaim:",
        line: "          allOf:",
        by: "          oneOf:",
        offset: 0,
        error: "/components/schemas/CapacityClaim/properties/spec/oneOf: schema CapacityClaim: the keyword `oneOf` is not \
                supported by codegen",
    },
    Damage {
        below: "  /v1alpha1/inference/gateways/{id}:",
        line: "        '200':",
        by: "        '206':",
        offset: 0,
        error: "/paths/~1v1alpha1~1inference~1gateways~1{id}/get/responses/206: operation GET /v1alpha1/inference/gateways/{id}: \
                a response `206` is not supported by codegen",
    },
    Damage {
        below: "  /v1alpha1/inference/gateways/{id}:",
        line: "        - name: id",
        by: "        - name: gatewayId",
        offset: 0,
        error: "/paths/~1v1alpha1~1inference~1gateways~1{id}/get/parameters/0: the path `/v1alpha1/inference/gateways/{id}` has \
                no part `{gatewayId}`",
    },
    Damage {
        below: "paths:",
        line: "      operationId: CapacityClaimService_CreateCapacityClaim",
        by: "      operationId: CapacityClaimService_ListCapacityClaims",
        offset: 0,
        error: "/paths/~1v1alpha1~1inference~1capacityclaims/post/operationId: the operation id \
                `CapacityClaimService_ListCapacityClaims` is taken by /paths/~1v1alpha1~1inference~1capacityclaims/get",
    },
    Damage {
        below: "openapi: 3.0.3",
        line: "openapi: 3.0.3",
        by: "openapi: 4.0.0",
        offset: 0,
        error: "/openapi: OpenAPI 3.0, 3.1 or 3.2 is expected here, not \"4.0.0\"",
    },
];

impl Damage {
    /// Returns the broken text, and the line of the expected error.
    fn inflict(&self) -> (String, usize) {
        let text = vendored();
        let mut lines: Vec<_> = text.lines().collect();
        let below = lines
            .iter()
            .position(|line| *line == self.below)
            .expect(self.below);
        let index = lines[below..]
            .iter()
            .position(|line| *line == self.line)
            .expect(self.line)
            + below;
        lines[index] = self.by;
        (lines.join("\n"), index + 1 + self.offset)
    }
}

fn error(text: &str) -> String {
    match Spec::parse("openapi.yaml", text) {
        Ok(spec) => generate(&spec, &EnumTable::default())
            .expect_err("the broken spec was accepted")
            .to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn errors_name_location_and_reason() {
    for damage in DAMAGES {
        let (text, line) = damage.inflict();
        let error = error(&text);
        let place = format!("openapi.yaml:{line}: ");
        let what = error
            .strip_prefix(&place)
            .unwrap_or_else(|| panic!("not at {place}{error}"));
        assert!(
            what.starts_with(damage.error),
            "{error}\nis not\n{place}{}",
            damage.error
        );
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn an_empty_or_missing_file_is_named() {
    assert_eq!(error(""), "openapi.yaml:1: the document is empty");
    let error = Spec::load("nowhere/openapi.yaml").unwrap_err().to_string();
    assert!(
        error.starts_with("nowhere/openapi.yaml: can't read the file: "),
        "{error}"
    );
}

/// Runs the build script as cargo does.
#[cfg(feature = "codegen")]
mod build {
    use std::env::consts::EXE_SUFFIX;
    use std::path::PathBuf;
    use std::process::{Command, Output};

    use super::*;

    /// Returns the compiled build scripts, the latest first.
    fn scripts() -> Vec<PathBuf> {
        let out = Path::new(env!("OUT_DIR"));
        let builds = out.ancestors().nth(2).unwrap();
        let scripts = fs::read_dir(builds).unwrap().filter_map(|entry| {
            let folder = entry.unwrap().path();
            let package = folder.file_name()?.to_str()?.rsplit_once('-')?.0;
            let script = folder.join(format!("build-script-build{EXE_SUFFIX}"));
            let built = fs::metadata(&script).ok()?.modified().ok()?;
            (package == env!("CARGO_PKG_NAME")).then_some((built, script))
        });
        let mut scripts: Vec<_> = scripts.collect();
        scripts.sort();
        scripts
            .into_iter()
            .rev()
            .map(|(_, script)| script)
            .collect()
    }

    /// Runs the script in a new folder with `spec`.
    fn run(name: &str, spec: &str) -> (Output, PathBuf) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let out = folder.join("out");
        fs::create_dir_all(&out).unwrap();
        fs::write(folder.join("openapi.yaml"), spec).unwrap();
        let table = EnumTable::FILE;
        fs::copy(manifest_dir().join(table), folder.join(table)).unwrap();
        let run = |script| {
            let mut command = Command::new(script);
            command
                .current_dir(&folder)
                .env("OUT_DIR", &out)
                .output()
                .unwrap()
        };
        // A script that was built with the feature off doesn't read the spec.
        let reads_the_spec = |output: &Output| {
            String::from_utf8_lossy(&output.stdout).contains("cargo::rerun-if-changed=openapi.yaml")
        };
        let output = scripts().into_iter().map(run).find(reads_the_spec);
        (
            output.expect("cargo keeps build scripts elsewhere: teach this test where"),
            out,
        )
    }

    #[test]
    fn a_broken_spec_fails_the_build_with_its_location() {
        let damage = DAMAGES
            .iter()
            .find(|damage| damage.error.contains("doesn't exist"))
            .unwrap();
        let (text, line) = damage.inflict();
        let (output, out) = run("broken-spec", &text);
        assert!(!output.status.success());
        // Cargo shows what follows this prefix, up to the end of the line, as the build's error.
        let expected = format!("cargo::error=openapi.yaml:{line}: {}", damage.error);
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.lines().any(|line| line == expected), "{stdout}");
        assert!(
            output.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(
            fs::read_dir(out).unwrap().count(),
            0,
            "half a build was left behind"
        );
    }

    #[test]
    fn a_build_generates_the_snapshot() {
        let (output, out) = run("vendored-spec", &vendored());
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        for file in ["client.rs", "mocks.rs"] {
            let built = fs::read_to_string(out.join(file)).unwrap();
            let snapshot = fs::read_to_string(manifest_dir().join("generated").join(file)).unwrap();
            assert!(
                built == snapshot,
                "generated/{file} is stale: run `cargo xtask generate`"
            );
        }
    }
}

//! Generates the client from `openapi.yaml` where the feature `codegen` is on. Where it is off there is nothing to do:
//! the committed snapshot in `generated/` is compiled.

fn main() -> std::process::ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    if let Err(error) = codegen::run() {
        println!("cargo::error={error}");
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}

#[cfg(feature = "codegen")]
mod codegen {
    use std::error::Error;
    use std::path::PathBuf;
    use std::{env, fs};

    use coreweave_inference_codegen::{EnumTable, generate};
    use coreweave_inference_spec::Spec;

    /// The path of another spec to generate from, to see whether everything compiles with it.
    const SPEC_VARIABLE: &str = "COREWEAVE_INFERENCE_OPENAPI";

    pub(crate) fn run() -> Result<(), Box<dyn Error>> {
        println!("cargo::rerun-if-env-changed={SPEC_VARIABLE}");
        let spec = env::var_os(SPEC_VARIABLE).map_or_else(|| "openapi.yaml".into(), PathBuf::from);
        println!("cargo::rerun-if-changed={}", spec.display());
        println!("cargo::rerun-if-changed={}", EnumTable::FILE);
        let generated = generate(&Spec::load(spec)?, &EnumTable::load(EnumTable::FILE)?)?;
        let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?);
        for (name, text) in generated.files() {
            fs::write(out.join(name), text)?;
        }
        Ok(())
    }
}

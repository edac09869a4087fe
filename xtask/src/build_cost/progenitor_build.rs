//! Generates a client the way progenitor's documentation shows.

fn main() {
    println!("cargo:rerun-if-changed=openapi.json");
    let file = std::fs::File::open("openapi.json").unwrap();
    let spec = serde_json::from_reader(file).unwrap();
    let tokens = progenitor::Generator::default().generate_tokens(&spec).unwrap();
    let content = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    let out = std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("codegen.rs");
    std::fs::write(out, content).unwrap();
}

//! A client that progenitor generates in this package's own build script.

include!(concat!(env!("OUT_DIR"), "/codegen.rs"));

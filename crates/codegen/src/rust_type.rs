//! The Rust types of parameters and bodies.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use crate::preprocess::SECRET;
use crate::walk;

/// The Rust type of a value in a request or response.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RustType {
    Text,
    Timestamp,
    /// A primitive type.
    Primitive(&'static str),
    /// A message or an enum.
    Named(String),
    Secret,
    List(Box<Self>),
    Map(Box<Self>),
    /// Any JSON value.
    Json,
}

impl RustType {
    /// Returns the type of a schema of the preprocessed document.
    pub(crate) fn of(schema: &Value) -> Self {
        let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
        if let Some(name) = schema.as_object().and_then(walk::referenced) {
            return match name == SECRET {
                true => Self::Secret,
                false => Self::Named(name),
            };
        }
        match (text("type"), text("format")) {
            (Some("string"), Some("date-time")) => Self::Timestamp,
            (Some("string"), _) => Self::Text,
            (Some("boolean"), _) => Self::Primitive("bool"),
            (Some("number"), Some("float")) => Self::Primitive("f32"),
            (Some("number"), _) => Self::Primitive("f64"),
            (Some("integer"), Some("int32")) => Self::Primitive("i32"),
            (Some("integer"), Some("uint32")) => Self::Primitive("u32"),
            (Some("integer"), Some("uint64")) => Self::Primitive("u64"),
            (Some("integer"), _) => Self::Primitive("i64"),
            (Some("array"), _) => Self::List(Self::inside(schema, "items")),
            (Some("object"), _) => Self::Map(Self::inside(schema, "additionalProperties")),
            _ => Self::Json,
        }
    }

    fn inside(schema: &Value, keyword: &str) -> Box<Self> {
        Box::new(schema.get(keyword).map_or(Self::Json, Self::of))
    }

    /// Returns the type of an argument, which is borrowed unless it is a primitive.
    pub(crate) fn argument(&self) -> TokenStream {
        match self {
            Self::Text => quote!(&str),
            Self::Timestamp | Self::Primitive(_) => self.to_token_stream(),
            other => quote!(&#other),
        }
    }
}

impl ToTokens for RustType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let ident = |name: &str| Ident::new(name, Span::call_site());
        tokens.extend(match self {
            Self::Text => quote!(::std::string::String),
            Self::Timestamp => quote!(::chrono::DateTime<::chrono::offset::Utc>),
            Self::Primitive(name) => ident(name).into_token_stream(),
            Self::Named(name) => {
                let name = ident(name);
                quote!(types::#name)
            }
            Self::Secret => quote!(crate::Secret),
            Self::List(item) => quote!(::std::vec::Vec<#item>),
            Self::Map(value) => {
                quote!(::std::collections::HashMap<::std::string::String, #value>)
            }
            Self::Json => quote!(::serde_json::Value),
        });
    }
}

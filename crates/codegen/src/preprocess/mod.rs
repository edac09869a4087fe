//! Changes to a copy of the spec that progenitor needs to generate a good client.
//!
//! `openapi.yaml` itself is never edited to suit a tool. Each module is one step; [`preprocess`] runs them in order.

mod alias;
mod constraint;
mod empty_message;
mod member_name;
mod open_enum;
mod open_message;
mod operation_name;
mod part;
mod response;
mod schema_name;
mod secret;
mod supported;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use empty_message::EmptyMessage;
pub(crate) use open_enum::{OpenEnum, Variant};
pub(crate) use part::{parts, without_operations};
pub(crate) use secret::SECRET;

use crate::EnumTable;
use coreweave_inference_spec::{Spec, SpecError};

/// The preprocessed documents, and what they cannot express.
#[derive(Debug)]
pub(crate) struct Preprocessed {
    pub(crate) document: Value,
    /// The document for a generator of mocks.
    pub(crate) mocks: Value,
    pub(crate) enums: Vec<OpenEnum>,
    pub(crate) empty_messages: Vec<EmptyMessage>,
    /// The operation ids of the spec, by the name of the method.
    pub(crate) operation_ids: BTreeMap<String, String>,
}

/// Preprocesses a copy of `spec`.
pub(crate) fn preprocess(spec: &Spec, table: &EnumTable) -> Result<Preprocessed, SpecError> {
    supported::check(spec)?;
    member_name::check(spec)?;
    let mut document = spec.value().clone();
    constraint::drop(&mut document);
    schema_name::rename(spec, table, &mut document)?;
    alias::inline(spec, &mut document)?;
    response::drop_empty_content(&mut document);
    let operation_ids = operation_name::strip_service(spec, &mut document)?;
    let enums = open_enum::hoist(spec, table, &mut document)?;
    secret::hoist(spec, &mut document)?;
    let empty_messages = empty_message::find(&document);
    open_message::keep_unknown_members(&mut document);
    let mut mocks = document.clone();
    response::single_values_for_repeated_parameters(&mut mocks);
    Ok(Preprocessed {
        document,
        mocks,
        enums,
        empty_messages,
        operation_ids,
    })
}

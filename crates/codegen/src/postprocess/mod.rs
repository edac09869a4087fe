//! Changes to the code that progenitor generates, for everything that cannot be expressed in a spec.

mod doc;
mod message;
mod regex;
mod timestamp;

pub(crate) use doc::normalize;
pub(crate) use message::types;

/// Postprocesses the typed mocks.
pub(crate) fn mocks(file: &mut syn::File) {
    regex::escape_values(file);
    timestamp::compare_as_sent(file);
    doc::normalize(file);
}

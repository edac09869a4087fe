//! What is awkward in progenitor's output and can't be said in a spec, put right in the generated tokens.

mod api_version;
mod base_url;
mod constructor;
mod doc;
mod message;
mod query_params;
mod regex;
mod timestamp;

use crate::emit;
use crate::preprocess::Preprocessed;

/// Postprocesses the client.
pub(crate) fn client(file: &mut syn::File, preprocessed: &Preprocessed) -> syn::Result<()> {
    constructor::remove_panicking(file);
    api_version::remove_header(file);
    base_url::share(file);
    query_params::group(file, &preprocessed.client);
    message::postprocess(file, preprocessed)?;
    file.items
        .push(syn::parse2(emit::operations(&preprocessed.operations))?);
    doc::normalize(file);
    Ok(())
}

/// Postprocesses the typed mocks.
pub(crate) fn mocks(file: &mut syn::File) {
    regex::escape_values(file);
    timestamp::compare_as_sent(file);
    doc::normalize(file);
}

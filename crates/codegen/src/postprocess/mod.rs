//! What is awkward in progenitor's output and can't be said in a spec, put right in the generated tokens.

mod doc;
mod message;
mod query_params;
mod regex;
mod runtime;
mod timestamp;

use crate::emit;
use crate::preprocess::Preprocessed;

/// Postprocesses the client.
pub(crate) fn client(file: &mut syn::File, preprocessed: &Preprocessed) -> syn::Result<()> {
    runtime::redirect(file)?;
    query_params::group(file, &preprocessed.client);
    message::postprocess(file, preprocessed)?;
    let operations: syn::File = syn::parse2(emit::operations(&preprocessed.operations))?;
    file.items.extend(operations.items);
    doc::normalize(file);
    Ok(())
}

/// Postprocesses the typed mocks.
pub(crate) fn mocks(file: &mut syn::File) {
    regex::escape_values(file);
    timestamp::compare_as_sent(file);
    doc::normalize(file);
}

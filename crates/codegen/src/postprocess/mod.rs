//! Changes to the code that progenitor generates, for everything that cannot be expressed in a spec.

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

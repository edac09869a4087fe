use syn::{ImplItem, Item};

/// Removes `Client::new`.
///
/// Fact: it builds an HTTP client of its own (redirects followed, no limits) and panics where that fails, for instance
/// without root certificates. `new_with_client` takes one that was built with care.
pub(super) fn remove_panicking(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            block
                .items
                .retain(|item| !matches!(item, ImplItem::Fn(method) if method.sig.ident == "new"));
        }
    }
}

//! Names of the API as names in Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Returns the type for the schema `name`: `OIDCAuth` -> `OidcAuth`.
pub(crate) fn type_name(name: &str) -> String {
    let name = name.replace(|character: char| !character.is_alphanumeric(), "-");
    let name = name.to_upper_camel_case();
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        _ if name.starts_with(|first: char| first.is_numeric()) => format!("_{name}"),
        _ => name,
    }
}

/// Returns the field or argument for the member or parameter `name`: `maxPageSize` -> `max_page_size`.
pub(crate) fn field_name(name: &str) -> String {
    let name = name.replace(|character: char| !character.is_alphanumeric(), "-");
    let name = name.to_snake_case();
    if name.starts_with(|first: char| first.is_numeric()) {
        return format!("_{name}");
    }
    match is_identifier(&name) {
        true => name,
        false => format!("{name}_"),
    }
}

/// Returns the method for the operation `name`: `GetCapacityClaimParameters` -> `get_capacity_claim_parameters`.
pub(crate) fn method_name(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut previous_lower = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = !character.is_ascii_uppercase();
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// Returns whether `name` is an identifier and no keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_idiomatic_and_no_keywords() {
        for (name, expected) in [
            ("OIDCAuth", "OidcAuth"),
            ("2Fast", "_2fast"),
            ("self", "Self_"),
            ("a_b", "AB"),
        ] {
            assert_eq!(type_name(name), expected);
        }
        for (name, expected) in [
            ("maxPageSize", "max_page_size"),
            ("type", "type_"),
            ("2nd", "_2nd"),
            ("page.size", "page_size"),
        ] {
            assert_eq!(field_name(name), expected);
        }
        assert_eq!(method_name("ListHotLoadReplicas"), "list_hot_load_replicas");
    }
}

//! Paths of fields, which servers of protobuf name as in the `.proto` file and users as in JSON.

use std::borrow::Cow;

/// Returns a path under its JSON names: `resources.capacity_type` as `resources.capacityType`. Indexes and keys of maps, in
/// brackets or in capitals, are kept.
///
/// The service names fields as in its `.proto` files, in messages too. [`FieldViolation`](super::FieldViolation)s have JSON
/// names already.
///
/// ```
/// use coreweave_inference_api::error::json_path;
///
/// assert_eq!(json_path("gateway_ids[0]"), "gatewayIds[0]");
/// ```
#[must_use]
pub fn json_path(path: &str) -> Cow<'_, str> {
    if !path.contains('_') {
        return path.into();
    }
    let mut json = String::with_capacity(path.len());
    let mut rest = path;
    while !rest.is_empty() {
        let (name, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
        push_json_name(&mut json, name);
        let (kept, after) = after.split_at(key_end(after));
        json.push_str(kept);
        rest = after;
    }
    json.into()
}

/// Returns the message of a validator with the paths that begin its parts, as in `a_b: must be set`, under their JSON names.
pub(super) fn with_json_paths(message: &str) -> String {
    let is_path = |word: &str| {
        let fields = word.split('[').next().unwrap_or_default();
        let of_field = |byte: u8| byte.is_ascii_lowercase() || b"_.0123456789".contains(&byte);
        word.contains('_') && !fields.is_empty() && fields.bytes().all(of_field)
    };
    let words = message.split(' ');
    let renamed = words.map(
        |word| match word.strip_suffix(':').filter(|path| is_path(path)) {
            Some(path) => format!("{}:", json_path(path)),
            None => word.to_owned(),
        },
    );
    renamed.collect::<Vec<_>>().join(" ")
}

/// Appends the JSON name of a field: without underscores, each next letter in upper case.
fn push_json_name(json: &mut String, name: &str) {
    if name.contains(|letter: char| letter.is_uppercase()) {
        return json.push_str(name);
    }
    let mut words = name.split('_');
    json.push_str(words.next().unwrap_or_default());
    for word in words {
        let mut letters = word.chars();
        json.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        json.push_str(letters.as_str());
    }
}

/// Where the dot or the bracket ends that the text begins with. A quoted key may have brackets of its own.
fn key_end(text: &str) -> usize {
    let closing = match text.strip_prefix('[').map(|key| key.starts_with('"')) {
        Some(true) => "\"]",
        Some(false) => "]",
        None => return text.len().min(1),
    };
    text.find(closing)
        .map_or(text.len(), |start| start + closing.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_get_their_json_names_and_keys_and_indexes_stay() {
        for (path, expected) in [
            ("resources.capacity_type", "resources.capacityType"),
            ("resources.capacityType", "resources.capacityType"),
            ("gateway_ids[0]", "gatewayIds[0]"),
            (
                r#"runtime.engine_config["max_model_len"].x_y"#,
                r#"runtime.engineConfig["max_model_len"].xY"#,
            ),
            (r#"a_b["x]_y.z_"].c_d"#, r#"aB["x]_y.z_"].cD"#),
            (
                "runtime.engine_env.VLLM_USE_V1",
                "runtime.engineEnv.VLLM_USE_V1",
            ),
            (
                "endpoint_configuration.additional_dns[2]",
                "endpointConfiguration.additionalDns[2]",
            ),
            ("a_b[", "aB["),
            ("", ""),
        ] {
            assert_eq!(json_path(path), expected);
        }
    }

    #[test]
    fn only_paths_before_a_colon_are_renamed_in_a_message() {
        for (message, expected) in [
            (
                "resources.capacity_type: must not be in list [0, 1, 2]",
                "resources.capacityType: must not be in list [0, 1, 2]",
            ),
            (
                "validation error: gateway_ids[0]: must be a UUID; max_model_len: x",
                "validation error: gatewayIds[0]: must be a UUID; maxModelLen: x",
            ),
            (
                "the value of max_model_len is unknown",
                "the value of max_model_len is unknown",
            ),
            ("HTTP_PROXY: is not set", "HTTP_PROXY: is not set"),
            (
                "X_a_b: stays; a_b: must be set",
                "X_a_b: stays; aB: must be set",
            ),
        ] {
            assert_eq!(with_json_paths(message), expected);
        }
    }

    proptest! {
        #[test]
        fn a_path_of_json_names_stays_as_it_is(path in r#"([a-z][a-zA-Z0-9]{0,5}(\[[0-9]{1,2}\]|\["[a-z_.]{0,5}"\])?\.?){0,5}"#) {
            prop_assert_eq!(json_path(&path), path.as_str());
        }

        #[test]
        fn any_text_has_a_json_path(text in ".{0,40}") {
            let json = json_path(&text).into_owned();
            prop_assert_eq!(json_path(&json), json.as_str());
            let _ = with_json_paths(&text);
        }
    }
}

//! Resolves plain scalars by the core schema of YAML 1.2.

use serde_json::{Number, Value};

/// The value of a plain scalar, or `None` for a number that JSON can't represent.
pub(crate) fn resolve(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return None;
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|c| c.is_digit(radix))
        {
            return u64::from_str_radix(digits, radix).ok().map(Value::from);
        }
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
        if let Ok(number) = text.parse::<i64>() {
            return Some(number.into());
        }
        if let Ok(number) = text.parse::<u64>() {
            return Some(number.into());
        }
    }
    if is_decimal(unsigned) {
        return Number::from_f64(text.parse().ok()?).map(Value::Number);
    }
    Some(Value::String(text.to_owned()))
}

/// `digits [. digits] [e digits]` or `. digits [e digits]`, without a sign.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    digits(integer)
        && digits(fraction)
        && !(integer.is_empty() && fraction.is_empty())
        && exponent_fits
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unquoted_text_follows_the_core_schema() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("FALSE", json!(false)),
            ("0", json!(0)),
            ("-17", json!(-17)),
            ("+17", json!(17)),
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!(18446744073709551616.0)),
            ("0o17", json!(15)),
            ("0xfF", json!(255)),
            ("1.", json!(1.0)),
            ("-.5", json!(-0.5)),
            ("6.02e+23", json!(6.02e23)),
        ] {
            assert_eq!(resolve(text), Some(value), "{text:?}");
        }
        for text in [
            "tRue", "yes", "0.0.1", "1_000", "0x", "-0x1", "e3", ".", "-", "1e", "0b1", "nullable",
            "+.e1",
        ] {
            assert_eq!(resolve(text), Some(json!(text)), "{text:?}");
        }
        for text in [".inf", "-.Inf", ".NaN", "1e999", "0xfffffffffffffffff"] {
            assert_eq!(resolve(text), None, "{text:?}");
        }
    }
}

//! Resolves plain scalars by the core schema of YAML 1.2, and tells which of them readers disagree about.

use serde_json::{Number, Value};

/// The value of a plain scalar, or `None` for a number that JSON can't represent.
pub(super) fn resolve(text: &str) -> Option<Value> {
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

/// Whether some reader takes a plain scalar for something else than text: those of YAML 1.1 and 1.2, and what PyYAML,
/// ruamel, js-yaml, Psych and Go's yaml add to them.
pub(super) fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", ".nan", "=", "<<",
    ];
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(unsigned))
        || !resolve(text).is_some_and(|value| value.is_string())
        || is_date(text)
        || has_radix(unsigned)
        || is_decimal_with_separators(unsigned)
}

/// A date, or a time that begins with one.
fn is_date(text: &str) -> bool {
    let digits = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| {
            lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let date = text.split(['T', 't', ' ']).next().unwrap_or_default();
    let mut parts = date.split('-');
    digits(parts.next(), 4..=4)
        && digits(parts.next(), 1..=2)
        && digits(parts.next(), 1..=2)
        && parts.next().is_none()
}

/// `0x`, `0o` or `0b`, in either case, and digits of any radix.
fn has_radix(text: &str) -> bool {
    let rest = text.strip_prefix('0');
    rest.and_then(|rest| rest.strip_prefix(['x', 'X', 'o', 'O', 'b', 'B']))
        .is_some_and(|digits| {
            digits.chars().all(|c| {
                c.is_ascii_hexdigit() || matches!(c, '_' | ',' | '.' | 'p' | 'P' | '-' | '+')
            })
        })
}

/// Digits with at most one point, separated by underscores, commas or colons, and an exponent.
fn is_decimal_with_separators(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    !mantissa.is_empty()
        && !exponent.is_empty()
        && mantissa.matches('.').count() <= 1
        && mantissa
            .bytes()
            .all(|b| b.is_ascii_digit() || b"_,:.".contains(&b))
        && exponent.bytes().all(|b| b.is_ascii_digit() || b == b'_')
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

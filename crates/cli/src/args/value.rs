//! Values on the command line.

use std::time::Duration;

/// A part of the traffic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Share {
    Weight(u32),
    Percent(f64),
}

/// A time such as `90s`; seconds need no unit.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.strip_prefix(number).unwrap_or_default() {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("use a number with ms, s, m or h, such as 90s".to_owned()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "use a number with ms, s, m or h, such as 90s")?;
    Duration::try_from_secs_f64(number * unit).map_err(|error| error.to_string())
}

/// The time between two polls, which must not keep the service busy.
pub(super) fn interval(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        interval if interval < Duration::from_millis(1) => Err("must be at least 1ms".to_owned()),
        interval => Ok(interval),
    }
}

/// `NAME=WEIGHT` or `NAME=PERCENT%`.
pub(super) fn share(text: &str) -> Result<(String, Share), String> {
    let (name, share) = text
        .rsplit_once('=')
        .ok_or("use NAME=WEIGHT, such as llama=90")?;
    let share = match share.strip_suffix('%') {
        Some(percent) => match percent.parse() {
            Ok(percent @ 0.0..=100.0) => Share::Percent(percent),
            _ => return Err(format!("{share} is not between 0% and 100%")),
        },
        None => Share::Weight(share.parse().map_err(|error| format!("{share}: {error}"))?),
    };
    Ok((name.to_owned(), share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, millis) in [
            ("90s", 90_000),
            ("90", 90_000),
            ("1.5m", 90_000),
            ("2h", 7_200_000),
            ("50ms", 50),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "5d", "-1s", "1 s", "1s5"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}

//! Values on the command line.

use std::time::Duration;

use crate::kind::Kind;

/// A part of the traffic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Share {
    Weight(u32),
    Percent(f64),
}

/// A time such as `90s` or `1m30s`; a number alone is in seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let invalid = || "use a number with ms, s, m or h, such as 90s or 1m30s".to_owned();
    if let Ok(seconds) = text.parse() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| invalid());
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    loop {
        let end = rest
            .find(|c: char| c.is_ascii_alphabetic())
            .ok_or_else(invalid)?;
        let (number, after) = rest.split_at(end);
        let end = after.find(|c: char| !c.is_ascii_alphabetic());
        let (unit, after) = after.split_at(end.unwrap_or(after.len()));
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(invalid()),
        };
        let number: f64 = number.parse().map_err(|_| invalid())?;
        let part = Duration::try_from_secs_f64(number * seconds).map_err(|_| invalid())?;
        total = total.checked_add(part).ok_or_else(invalid)?;
        rest = after;
        if rest.is_empty() {
            return Ok(total);
        }
    }
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

/// A kind as it is called anywhere.
pub(super) fn kind(text: &str) -> Result<Kind, String> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    Kind::named(text).ok_or_else(|| format!("use one of {}", names()))
}

/// A kind, with the path of a member of it.
pub(super) fn member(text: &str) -> Result<(Kind, String), String> {
    let (name, path) = text.split_once('.').unwrap_or((text, ""));
    Ok((kind(name)?, path.to_owned()))
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
            ("1m30s", 90_000),
            ("1h2m3.5s", 3_723_500),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "5d", "-1s", "1 s", "1s5", "inf", "1e30h", "∞s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}

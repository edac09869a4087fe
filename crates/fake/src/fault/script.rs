//! Faults as the command line writes them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::fault::Fault;
use crate::operation::Operation;

/// A fault that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultSyntax {
    script: String,
    problem: String,
}

impl fmt::Display for FaultSyntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FaultSyntax { script, problem } = self;
        write!(
            f,
            "fault {script:?}: {problem}; write OPERATION=EFFECT[:TIMES], or JSON"
        )
    }
}

impl std::error::Error for FaultSyntax {}

/// Reads `OPERATION=EFFECT[:TIMES]`, or the JSON form.
///
/// The operation is a name or `*`. An effect is an HTTP status (`503`), one with a body of another
/// form (`connect-503`, `html-502`, `plain-502`, `empty-500`), `reset`, `reset-after`,
/// `delay-250ms`, `slow-250ms`, `truncate`, `cut-json`, `oversize-20000000`, `unknown-enums`,
/// `integer-enums`, `unknown-members`, `nulls`, `zero-values`, `without-resource`, or
/// `outcome-STATUS_FAILED`.
///
/// ```
/// use coreweave_inference_fake::{Fault, Operation};
///
/// let fault: Fault = "get_gateway=503:2".parse().unwrap();
/// assert_eq!(fault, Fault::status(503).on(Operation::GetGateway).times(2));
/// ```
impl FromStr for Fault {
    type Err = FaultSyntax;

    fn from_str(script: &str) -> Result<Fault, FaultSyntax> {
        let wrong = |problem: String| FaultSyntax {
            script: script.to_owned(),
            problem,
        };
        if script.starts_with('{') {
            return serde_json::from_str(script).map_err(|error| wrong(error.to_string()));
        }
        let (operation, rest) = script
            .split_once('=')
            .ok_or_else(|| wrong("has no =".to_owned()))?;
        let (effect, times) = match rest.split_once(':') {
            Some((effect, times)) => (effect, Some(times)),
            None => (rest, None),
        };
        let mut fault =
            effect_fault(effect).ok_or_else(|| wrong(format!("{effect:?} is no effect")))?;
        if operation != "*" {
            let operation: Operation = operation
                .parse()
                .map_err(|error| wrong(format!("{error}")))?;
            fault = fault.on(operation);
        }
        if let Some(times) = times {
            fault = fault.times(
                times
                    .parse()
                    .map_err(|_| wrong(format!("{times:?} is no count")))?,
            );
        }
        Ok(fault)
    }
}

fn effect_fault(effect: &str) -> Option<Fault> {
    let whole = match effect {
        "reset" => Some(Fault::reset_before_effect()),
        "reset-after" => Some(Fault::reset_after_effect()),
        "truncate" => Some(Fault::truncate()),
        "cut-json" => Some(Fault::cut_json()),
        "unknown-enums" => Some(Fault::unknown_enums()),
        "integer-enums" => Some(Fault::integer_enums()),
        "unknown-members" => Some(Fault::unknown_members()),
        "nulls" => Some(Fault::nulls()),
        "zero-values" => Some(Fault::zero_values()),
        "without-resource" => Some(Fault::without_resource()),
        status => http_status(status).map(Fault::status),
    };
    whole.or_else(|| {
        let (word, value) = effect.split_once('-')?;
        let status = || http_status(value).map(Fault::status);
        let pause = || {
            Some(Duration::from_millis(
                value.strip_suffix("ms")?.parse().ok()?,
            ))
        };
        match word {
            "connect" => status().map(Fault::connect),
            "html" => status().map(Fault::html),
            "plain" => status().map(Fault::plain),
            "empty" => status().map(Fault::empty),
            "delay" => pause().map(Fault::delay),
            "slow" => pause().map(Fault::slow_body),
            "oversize" => value.parse().ok().map(Fault::oversize),
            "outcome" => Some(Fault::outcome(value.split(','))),
            _ => None,
        }
    })
}

/// A status that a final reply can have.
fn http_status(text: &str) -> Option<u16> {
    text.parse()
        .ok()
        .filter(|status| (200..=999).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_has_a_word() {
        let scripts = [
            ("*=503", Fault::status(503)),
            ("*=connect-503", Fault::status(503).connect()),
            ("*=html-502", Fault::status(502).html()),
            ("*=plain-502", Fault::status(502).plain()),
            ("*=empty-500", Fault::status(500).empty()),
            ("*=reset", Fault::reset_before_effect()),
            ("*=reset-after", Fault::reset_after_effect()),
            ("*=delay-250ms", Fault::delay(Duration::from_millis(250))),
            ("*=slow-250ms", Fault::slow_body(Duration::from_millis(250))),
            ("*=truncate", Fault::truncate()),
            ("*=cut-json", Fault::cut_json()),
            ("*=oversize-5", Fault::oversize(5)),
            ("*=unknown-enums", Fault::unknown_enums()),
            ("*=integer-enums", Fault::integer_enums()),
            ("*=unknown-members", Fault::unknown_members()),
            ("*=nulls", Fault::nulls()),
            ("*=zero-values", Fault::zero_values()),
            ("*=without-resource", Fault::without_resource()),
            (
                "*=outcome-STATUS_ERROR,STATUS_READY:1",
                Fault::outcome(["STATUS_ERROR", "STATUS_READY"]).once(),
            ),
        ];
        for (script, fault) in scripts {
            assert_eq!(script.parse(), Ok(fault), "{script}");
        }
    }

    #[test]
    fn json_says_it_all() {
        let fault = Fault::status(429)
            .retry_after_seconds(3)
            .on(Operation::ListGateways)
            .skip(1);
        let json = serde_json::to_string(&fault).unwrap();
        assert_eq!(json.parse(), Ok(fault));
    }

    #[test]
    fn a_wrong_script_says_what_is_wrong() {
        for (script, problem) in [
            ("503", "has no ="),
            ("get_gate=503", "no operation is called \"get_gate\""),
            ("*=often", "\"often\" is no effect"),
            ("*=99", "\"99\" is no effect"),
            ("*=503:many", "\"many\" is no count"),
            ("{}", "missing field `effect`"),
        ] {
            let error = script.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}

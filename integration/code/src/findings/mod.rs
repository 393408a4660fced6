//! Findings in words, one file a code.

pub(crate) mod sm201;
pub(crate) mod sm202;
pub(crate) mod sm203;
pub(crate) mod sm204;
pub(crate) mod sm205;
pub(crate) mod sm206;
pub(crate) mod sm207;
pub(crate) mod sm208;

use stackmap_verifier::findings::{Code, Finding, Label};

use crate::machine::Direction;

/// A finding at one place, without a path: it shows on every path to the call.
fn finding(code: Code, message: String, primary: Label, help: &'static str) -> Finding {
    Finding {
        code,
        message,
        slot: None,
        location: None,
        values: Vec::new(),
        safepoint: Some(primary.site.clone()),
        primary,
        secondary: Vec::new(),
        witness: Vec::new(),
        notes: Vec::new(),
        help,
    }
}

/// Returns what an access does: `load` or `store`.
fn kind(direction: Direction) -> &'static str {
    match direction {
        Direction::Read => "load",
        Direction::Write => "store",
    }
}

/// Returns `a`, `a and b` or `a, b and c`.
fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

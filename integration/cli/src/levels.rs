//! `--deny` and `--allow`.

use std::str::FromStr;

use serde::Deserialize;
use stackmap_verifier::findings::{Code, Severity, UnknownCode};

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Denied {
    /// All findings that are warnings.
    Warnings,
    /// Those with a code.
    Code(Code),
}

/// What `--allow` takes: the code of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Allowed(pub(crate) Code);

/// The error for what cannot be allowed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAllowed {
    #[error(transparent)]
    Unknown(#[from] UnknownCode),
    #[error("{0} is an error, and only warnings can be allowed (a baseline has what is known)")]
    Error(Code),
}

impl FromStr for Denied {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        match text {
            "warnings" => Ok(Denied::Warnings),
            _ => text.parse().map(Denied::Code),
        }
    }
}

impl FromStr for Allowed {
    type Err = NotAllowed;

    fn from_str(text: &str) -> Result<Self, NotAllowed> {
        let code: Code = text.parse()?;
        match code.severity() {
            Severity::Warning => Ok(Allowed(code)),
            Severity::Error => Err(NotAllowed::Error(code)),
        }
    }
}

impl TryFrom<String> for Denied {
    type Error = UnknownCode;

    fn try_from(text: String) -> Result<Self, UnknownCode> {
        text.parse()
    }
}

impl TryFrom<String> for Allowed {
    type Error = NotAllowed;

    fn try_from(text: String) -> Result<Self, NotAllowed> {
        text.parse()
    }
}

//! The verdict on a function, and the evidence for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The verdict on one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The function is proved correct.
    Verified,
    /// The function is wrong on some path.
    Violated,
    /// The verdict could not be decided.
    Unsupported,
    /// The function could not be read, or the verifier failed.
    Error,
}

impl Verdict {
    /// Returns the name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::Violated => "violated",
            Verdict::Unsupported => "unsupported",
            Verdict::Error => "error",
        }
    }

    /// Returns whether the function was verified or violated.
    pub fn is_judged(self) -> bool {
        match self {
            Verdict::Verified | Verdict::Violated => true,
            Verdict::Unsupported | Verdict::Error => false,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The evidence that a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The function before and after, and the declared set.
    Pair,
    /// A single function, without a before function.
    AfterOnly,
    /// Machine code with its tables, and the function that was lowered to it.
    Code,
    /// None: no function could be read.
    None,
}

impl Evidence {
    /// Returns the name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Pair => "pair",
            Evidence::AfterOnly => "after-only",
            Evidence::Code => "code",
            Evidence::None => "none",
        }
    }
}

//! The verdict on a function, and the evidence for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The verdict on one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Proved right.
    Verified,
    /// Wrong on some path.
    Violated,
    /// Could not be decided.
    Unsupported,
    /// Could not be read, or the verifier failed.
    Error,
}

impl Verdict {
    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::Violated => "violated",
            Verdict::Unsupported => "unsupported",
            Verdict::Error => "error",
        }
    }

    /// Whether the function was judged, one way or the other.
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
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The function before and after, and the declared set.
    Pair,
    /// One function alone, and what it shows by itself.
    AfterOnly,
    /// None: nothing could be read.
    None,
}

impl Evidence {
    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Pair => "pair",
            Evidence::AfterOnly => "after-only",
            Evidence::None => "none",
        }
    }
}

//! The data of a report, which whoever has results fills in.

use std::fmt;

use stackmap_render::Listing;
use stackmap_verifier::Stats;
use stackmap_verifier::findings::{Code, Severity};

use crate::drawing::Picture;

/// The verdict on a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Verified => "verified",
            Verdict::Violated => "violated",
            Verdict::Unsupported => "unsupported",
            Verdict::Error => "error",
        })
    }
}

/// The result of one function, or of an input without one.
#[derive(Clone, Debug)]
pub struct Function {
    /// The input it is from.
    pub input: String,
    /// The index of the input among those of the run.
    pub index: usize,
    /// Its name; none if the input could not be read.
    pub name: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// The evidence that the verdict rests on, in a word.
    pub evidence: &'static str,
    /// The size of the function.
    pub stats: Stats,
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// Why there is no verdict, if there is none.
    pub reason: Option<Reason>,
    /// The texts that the findings point into, if they are at hand.
    pub listing: Option<Listing>,
    /// The pictures of the findings, in the same order. May be shorter.
    pub pictures: Vec<Picture>,
}

/// Why there is no verdict, and where in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Why.
    pub text: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// A finding, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The code.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The place where it shows, and then those that led there.
    pub labels: Vec<Event>,
    /// A path from the entry on which it shows.
    pub witness: Vec<Block>,
    /// The number of blocks of the path that are left out, and of those before them.
    pub omitted: Option<(usize, usize)>,
    /// More to know.
    pub notes: Vec<Event>,
    /// Advice on how to mend it.
    pub help: String,
}

/// A block of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its name.
    pub name: String,
    /// Whether the path came here by a back edge.
    pub by_back_edge: bool,
    /// The events in it.
    pub events: Vec<Event>,
}

/// A place and what to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The block it is in.
    pub block: String,
    /// The line, from 1, if the input has lines.
    pub line: Option<u32>,
    /// The column in bytes, from 1.
    pub column: u32,
    /// In bytes.
    pub length: u32,
    /// The event, in words.
    pub text: String,
}

/// The sums of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The number of functions.
    pub functions: usize,
    /// The number of these that are others of them, judged once more after optimisation.
    pub optimized: usize,
    /// The number of them, or of the inputs without one, that are verified.
    pub verified: usize,
    /// Violated.
    pub violated: usize,
    /// Unsupported.
    pub unsupported: usize,
    /// Could not be read.
    pub errors: usize,
    /// The number of warnings.
    pub warnings: usize,
    /// The size of all functions together.
    pub stats: Stats,
}

//! The spillers of two versions of Cranelift, and both front ends.

#[cfg(feature = "old")]
mod old;

use std::fmt;

use cranelift_codegen::ir::Value;
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::{lower, spill, verify};
use stackmap_oracle::program::{Built, Pair};
use stackmap_verifier::{Collector, Options};

use crate::Function;

/// A version of Cranelift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 0.132.0, which shares slots it must not share.
    #[cfg(feature = "old")]
    V0132,
    /// 0.135.8, which is linked.
    V0135,
}

impl Version {
    /// All versions there are.
    pub const ALL: &[Version] = &[
        #[cfg(feature = "old")]
        Version::V0132,
        Version::V0135,
    ];

    /// Returns the lower bound on the version, by which the front end reads its text.
    pub(crate) fn at_least(self) -> AtLeast {
        AtLeast::minor(match self {
            #[cfg(feature = "old")]
            Version::V0132 => 132,
            Version::V0135 => 135,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            #[cfg(feature = "old")]
            Version::V0132 => "0.132.0",
            Version::V0135 => "0.135.8",
        })
    }
}

/// The output of a spiller for a function.
#[derive(Clone, Debug)]
pub struct Spilled {
    /// The function as that version prints it.
    pub before: String,
    /// The function after spilling, as text.
    pub after: String,
    /// The pair as the verifier takes it.
    pub built: Built,
}

/// Runs a spiller and lowers the pair, also from memory if the version has a front end for
/// that.
///
/// # Errors
///
/// A description of the problem, if the spiller or a front end rejects the function, if the two
/// front ends build different models, or if a slice of the pair is judged otherwise than the whole.
pub fn run(function: &Function, version: Version) -> Result<Spilled, String> {
    match version {
        #[cfg(feature = "old")]
        Version::V0132 => {
            let (before, after) = old::spill(function)?;
            let built = read(&before, &after, function, version)?;
            Ok(Spilled { before, after, built })
        }
        Version::V0135 => run_0135(function),
    }
}

fn run_0135(function: &Function) -> Result<Spilled, String> {
    let mut spilled = spill::run(&function.text).map_err(|error| error.to_string())?;
    let spilled = spilled.pop().ok_or("no function")?.map_err(|error| error.to_string())?;
    let declared = function.declared.iter().map(|&value| Value::from_u32(value));
    let declared: Vec<Value> = declared.collect();
    let lowered = lower(&spilled.before, declared.iter().copied(), &spilled.after)
        .map_err(|error| format!("in memory: {error}"))?;
    for collector in [Collector::Moving, Collector::NonMoving] {
        let options = Options { collector, ..Options::default() };
        let sliced = verify(&spilled.before, &declared, &spilled.after, &options)
            .map_err(|error| format!("in memory, sliced: {error}"))?;
        let whole = lowered.verify(&options);
        if (&sliced.outcome, &sliced.findings, sliced.stats)
            != (&whole.outcome, &whole.findings, whole.stats)
        {
            return Err(format!("the slice is {sliced:?}, the whole is {whole:?}"));
        }
    }
    let lowered = lowered.pair().expect("the spiller changes nothing else");
    let built = Built { before: lowered.before, declared: lowered.declared, after: lowered.after };
    let (before, after) = (spilled.before_text(), spilled.after_text());
    let (memory, text) =
        (Pair::of(&built), Pair::of(&read(&before, &after, function, Version::V0135)?));
    match memory == text {
        true => Ok(Spilled { before, after, built }),
        false => Err(format!("the front ends differ: in memory\n{memory}from text\n{text}")),
    }
}

fn read(before: &str, after: &str, function: &Function, version: Version) -> Result<Built, String> {
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly(function.declared.as_slice());
    let pair = read_pair(text(before), text(after), &declared, version.at_least())
        .map_err(|error| format!("from text: {error}\n{after}"))?;
    let pair = pair.comparison.pair().expect("the spiller changes nothing else");
    Ok(Built { before: pair.before, declared: pair.declared, after: pair.after })
}

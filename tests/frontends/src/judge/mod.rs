//! Whether *after* is *before* with only such additions as a spiller may make, and whether
//! these are right.
//!
//! The judge reads text with cranelift-reader and works on Cranelift's functions. It shares
//! nothing with the code under test: neither the reader nor the lowering, nor the proof, for
//! which it uses the naive oracle.

mod difference;
mod early;
mod left_out;
mod v0132;
mod v0135;

use std::collections::BTreeSet;

pub use difference::{Difference, Kind};

/// The version of cranelift-reader that reads a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// That of 0.132.0: slots are reached by `stack_store` and `stack_load`.
    V0132,
    /// That of 0.135.8.
    V0135,
}

/// The answer of the naive oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// It was not asked: there are no two functions.
    None,
    /// All executions agree.
    Right,
    /// Some do not.
    Wrong,
    /// The two cannot run in lockstep.
    Unsupported(&'static str),
    /// Too many states.
    TooLarge,
}

/// The judge's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The differences that a spiller may not make.
    pub differences: BTreeSet<Difference>,
    /// Whether the additions are right.
    pub proof: Proof,
}

impl Judgement {
    /// Whether Cranelift's own verifier accepts both functions.
    pub fn is_valid(&self) -> bool {
        !self.differences.iter().any(Difference::is_invalid)
    }

    /// Whether the functions are the same apart from spilling, and the spilling is right.
    pub fn is_same(&self) -> bool {
        self.differences.is_empty() && self.proof == Proof::Right
    }
}

/// Judges a pair of texts.
///
/// # Errors
///
/// The error of cranelift-reader if it rejects one of them.
pub fn judge_text(
    reader: Reader,
    before: &str,
    declared: &[u32],
    after: &str,
) -> Result<Judgement, String> {
    let texts = [before, after];
    let mut judged = match reader {
        Reader::V0132 => {
            let [before, after] = texts.map(|text| early::read(text, v0132::read));
            v0132::judge(&before?, declared, &after?)
        }
        Reader::V0135 => {
            let [before, after] = texts.map(|text| early::read(text, v0135::read));
            v0135::judge(&before?, declared, &after?)
        }
    };
    judged.differences.extend(left_out::left_out(before, after));
    Ok(judged)
}

/// Judges a pair in memory.
pub fn judge_functions(
    before: &cranelift_codegen::ir::Function,
    declared: &[u32],
    after: &cranelift_codegen::ir::Function,
) -> Judgement {
    v0135::judge(before, declared, after)
}

/// Reads one function as 0.135.8 does.
///
/// # Errors
///
/// The error of cranelift-reader.
pub fn read_function(text: &str) -> Result<cranelift_codegen::ir::Function, String> {
    v0135::read(text)
}

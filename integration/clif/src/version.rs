//! Lower bounds on the version of the Cranelift that printed a function.
//!
//! Two things that older versions print cannot be trusted, so a lower bound on the version is
//! needed:
//!
//! * Up to 0.130 the stack map of a `try_call` is not printed at all (wasmtime PR 12891). A missing
//!   stack map is then no evidence that there is none.
//! * From 0.119 to 0.131 the debug form of an `EntitySet` lists every key up to the largest instead
//!   of the keys in the set (wasmtime PR 13185). The record of the declared values then determines
//!   only the largest of them.
//!
//! A text does not state its version, but it may contain constructs that only later versions print.
//! A bound that is too low results in "unsupported" where a verdict was possible, never in a wrong
//! verdict, so only proof raises the bound.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ast::{Function, Instruction};
use crate::opcode::Class;

/// A lower bound on the minor version, 132 for Cranelift 0.132.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AtLeast(u32);

impl AtLeast {
    /// The bound if nothing is known about the version.
    pub const UNKNOWN: AtLeast = AtLeast(0);
    /// The first version that prints the stack maps of `try_call`.
    const TRY_CALL_MAPS: AtLeast = AtLeast(131);
    /// The first version that lists exactly the declared values.
    pub(crate) const EXACT_SETS: AtLeast = AtLeast(132);
    /// The first version whose spiller stores through `stack_addr`, and the first that prints alias
    /// regions.
    const ADDRESSES: AtLeast = AtLeast(133);

    /// Returns the bound for this minor version or a later one.
    pub fn minor(minor: u32) -> AtLeast {
        AtLeast(minor)
    }

    /// Returns whether a record of declared values lists exactly these.
    pub fn lists_just_the_declared(self) -> bool {
        self >= AtLeast::EXACT_SETS
    }

    /// Returns whether a `try_call` printed without a stack map has none.
    pub fn prints_try_call_maps(self) -> bool {
        self >= AtLeast::TRY_CALL_MAPS
    }

    /// Returns the bound implied by the two functions of a pair.
    pub(crate) fn of_pair(before: &Function<'_>, after: &Function<'_>) -> AtLeast {
        if has_regions(before) || has_regions(after) {
            return AtLeast::ADDRESSES;
        }
        let shown = after.instructions.iter().map(|instruction| of_spill(before, instruction));
        shown.max().unwrap_or(AtLeast::UNKNOWN)
    }

    /// Returns the bound implied by one function.
    pub fn of_function(function: &Function<'_>) -> AtLeast {
        if has_regions(function) {
            return AtLeast::ADDRESSES;
        }
        let prints = function.instructions.iter().any(|instruction| {
            let class = instruction.opcode.class;
            let is_try_call = class == Class::TryCall || class == Class::TryCallIndirect;
            is_try_call && instruction.entries.is_some()
        });
        match prints {
            true => AtLeast::TRY_CALL_MAPS,
            false => AtLeast::UNKNOWN,
        }
    }
}

/// An error for a text that is not a version of Cranelift.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no version of Cranelift: they have the form 0.131 or 0.131.0")]
pub struct NoVersion(String);

impl fmt::Display for AtLeast {
    /// Formats the bound in the form that the option `--cranelift` accepts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0.{}", self.0)
    }
}

impl FromStr for AtLeast {
    type Err = NoVersion;

    /// Parses `0.131` or `0.131.0`.
    fn from_str(text: &str) -> Result<AtLeast, NoVersion> {
        let numbers: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some([0, minor] | [0, minor, _]) => Ok(AtLeast(*minor)),
            Some(_) | None => Err(NoVersion(text.to_owned())),
        }
    }
}

/// Returns whether a function declares alias regions.
fn has_regions(function: &Function<'_>) -> bool {
    function.declarations.iter().any(|(name, _)| name.starts_with("region"))
}

/// Returns the bound implied by one instruction of the after function.
fn of_spill(before: &Function<'_>, instruction: &Instruction<'_>) -> AtLeast {
    match instruction.opcode.class {
        // Programs use `stack_addr` for slots of their own in every version; only one of a slot
        // that the before function does not have was inserted by the spiller.
        Class::StackAddr if instruction.slot.is_some_and(|slot| before.slot(slot).is_none()) => {
            AtLeast::ADDRESSES
        }
        Class::TryCall | Class::TryCallIndirect if instruction.entries.is_some() => {
            AtLeast::TRY_CALL_MAPS
        }
        Class::StackAddr
        | Class::TryCall
        | Class::TryCallIndirect
        | Class::Compute
        | Class::Bitcast
        | Class::Select
        | Class::Other
        | Class::Unknown
        | Class::StackLoad
        | Class::StackStore
        | Class::Load(_)
        | Class::Store(_)
        | Class::NamesBlock
        | Class::Call
        | Class::CallIndirect
        | Class::Switch
        | Class::ReturnCall
        | Class::ReturnCallIndirect
        | Class::Jump
        | Class::Branch
        | Class::BranchTable
        | Class::Exit => AtLeast::UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!("0.131".parse(), Ok(AtLeast::minor(131)));
        assert_eq!("0.129.1".parse(), Ok(AtLeast::minor(129)));
        for text in ["", "131", "1.131", "0.131.0.0", "0.x", "0.131-rc1", "0.-1"] {
            let error = text.parse::<AtLeast>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}

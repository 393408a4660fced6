//! The safepoints of a function.

use std::collections::HashMap;

use regalloc2::{Function, Inst};
use rustc_hash::FxBuildHasher;

use crate::error::Error;
use crate::input::{Input, Safepoint};

/// The safepoints, found by instruction.
pub(crate) struct Safepoints<'a>(HashMap<Inst, &'a Safepoint, FxBuildHasher>);

impl<'a> Safepoints<'a> {
    pub(crate) fn new<F: Function>(input: &Input<'a, F>) -> Result<Self, Error> {
        let instructions = input.function.num_insts();
        let mut safepoints = Safepoints(HashMap::default());
        for safepoint in input.safepoints {
            let inst = safepoint.inst;
            if !(inst.is_valid() && inst.index() < instructions) {
                return Err(Error::UnknownSafepoint { inst, instructions });
            }
            if safepoints.0.insert(inst, safepoint).is_some() {
                return Err(Error::DuplicateSafepoint { inst });
            }
        }
        Ok(safepoints)
    }

    /// The safepoint at an instruction, if it is one.
    pub(crate) fn at(&self, inst: Inst) -> Option<&'a Safepoint> {
        self.0.get(&inst).copied()
    }
}

//! Both programs, and the way back from them.

use std::collections::HashMap;

use regalloc2::{Function, Inst, VReg};
use rustc_hash::FxBuildHasher;
use stackmap_verifier::model::{After, Before, InstructionId, Value};
use stackmap_verifier::{Options, Report};

use crate::error::Error;
use crate::input::{Input, Safepoint};
use crate::{after, before};

/// What an instruction of the after program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An instruction of the function.
    Instruction(Inst),
    /// The edit with this index in the output.
    Edit(usize),
}

/// An allocation as the verifier reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The function over vregs: value `n` is vreg `n`.
    pub before: Before,
    /// The references.
    pub declared: Vec<Value>,
    /// The function over allocations.
    pub after: After,
    /// What each of [`Model::after`]'s instructions is, by id.
    pub places: Vec<Place>,
}

impl Model {
    /// Verifies the model.
    ///
    /// Cost: that of [`stackmap_verifier::verify`].
    pub fn verify(&self, options: &Options) -> Report {
        stackmap_verifier::verify(&self.before, &self.declared, &self.after, options)
    }

    /// What the instruction that a finding speaks of is.
    pub fn place(&self, instruction: InstructionId) -> Option<Place> {
        self.places.get(instruction.index()).copied()
    }
}

/// Reads an allocation, without judging it.
///
/// # Errors
///
/// [`Error`] if the input makes no sense.
///
/// Cost: linear in operands, edits and stack map entries, `n log n` in the spill
/// slots in use.
pub fn to_model<F: Function>(input: &Input<'_, F>) -> Result<Model, Error> {
    let vregs = input.function.num_vregs();
    let declared = input.references.iter().map(|&vreg: &VReg| match vreg.vreg() < vregs {
        true => Ok(before::value(vreg)),
        false => Err(Error::UnknownReference { vreg, vregs }),
    });
    let declared = declared.collect::<Result<_, _>>()?;
    let safepoints = Safepoints::new(input)?;
    let before = before::lower(input, &safepoints)?;
    let (after, places) = after::lower(input, &safepoints)?;
    Ok(Model { before, declared, after, places })
}

/// The safepoints, found by instruction.
pub(crate) struct Safepoints<'a>(HashMap<Inst, &'a Safepoint, FxBuildHasher>);

impl<'a> Safepoints<'a> {
    fn new<F: Function>(input: &Input<'a, F>) -> Result<Self, Error> {
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

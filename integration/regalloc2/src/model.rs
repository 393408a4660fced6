//! Both programs, and the way back from them.

use regalloc2::{Function, VReg};
use stackmap_verifier::model::{After, Before, InstructionId, Value};
use stackmap_verifier::{Options, Report};

use crate::error::Error;
use crate::input::Input;
use crate::place::Place;
use crate::safepoints::Safepoints;
use crate::{after, before};

/// An allocation as the verifier reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The function over vregs: value `n` is vreg `n`.
    pub before: Before,
    /// The references.
    pub declared: Vec<Value>,
    /// The function over allocations.
    pub after: After,
    /// The origin of each of [`Model::after`]'s instructions, by id.
    pub places: Vec<Place>,
}

impl Model {
    /// Verifies the model.
    ///
    /// Cost: that of [`stackmap_verifier::verify`].
    pub fn verify(&self, options: &Options) -> Report {
        stackmap_verifier::verify(&self.before, &self.declared, &self.after, options)
    }

    /// The origin of the instruction that a finding speaks of.
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

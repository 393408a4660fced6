//! The class of what a spill slot holds, told from its other uses.
//!
//! An edit does not say what class of value it moves. Where one end is a
//! register, that register's class says it. regalloc2 promises not to move from
//! slot to slot ("stack-to-stack moves will never be generated"), but outputs
//! are not trusted; and a compiler that rewrites one before emitting it knows
//! its slots from the rest of the function, as is done here.

use std::collections::HashMap;

use regalloc2::{Edit, Function, Inst, Output, RegClass};
use rustc_hash::FxBuildHasher;

use crate::output::{self, Kind};

/// The class of each slot, by the index that names it; `None` if it is used for
/// several.
pub(crate) struct Classes(HashMap<usize, Option<RegClass>, FxBuildHasher>);

impl Classes {
    /// Looks at every operand, and at every move between a register and a slot.
    pub(crate) fn new<F: Function>(function: &F, output: &Output) -> Self {
        let mut classes = Classes(HashMap::default());
        for inst in (0..function.num_insts()).map(Inst::new) {
            let operands = function.inst_operands(inst);
            let allocations = output::allocations(function, output, inst).unwrap_or(&[]);
            for (operand, &allocation) in operands.iter().zip(allocations) {
                if let Ok(Kind::Stack(slot)) = output::kind(allocation) {
                    classes.note(slot, operand.class());
                }
            }
        }
        for (_, Edit::Move { from, to }) in &output.edits {
            match (output::kind(*from), output::kind(*to)) {
                (Ok(Kind::Register(register)), Ok(Kind::Stack(slot)))
                | (Ok(Kind::Stack(slot)), Ok(Kind::Register(register))) => {
                    classes.note(slot, register.class());
                }
                (Ok(Kind::Register(_)), Ok(Kind::Register(_)))
                | (Ok(Kind::Stack(_)), Ok(Kind::Stack(_)))
                | (Err(_), _)
                | (_, Err(_)) => {}
            }
        }
        classes
    }

    fn note(&mut self, slot: usize, class: RegClass) {
        let known = self.0.entry(slot).or_insert(Some(class));
        if *known != Some(class) {
            *known = None;
        }
    }

    /// The class of a move between two slots, if both are used for that one
    /// only, or one of them and the other not at all.
    pub(crate) fn between(&self, from: usize, to: usize) -> Option<RegClass> {
        match (self.0.get(&from), self.0.get(&to)) {
            (Some(&class), None) | (None, Some(&class)) => class,
            (Some(&from), Some(&to)) if from == to => from,
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

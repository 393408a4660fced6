//! How wide a spill slot is, told from its other uses.
//!
//! An edit does not say what class of value it moves. Where one end is a
//! register, that register's class says it. regalloc2 promises not to move from
//! slot to slot ("stack-to-stack moves will never be generated"), but outputs
//! are not trusted; and a compiler that rewrites one before emitting it knows
//! how wide its slots are from the rest of the function, as is done here.

use std::collections::HashMap;

use regalloc2::{Edit, Function, Inst, Output, PReg};
use rustc_hash::FxBuildHasher;

use crate::output::{self, Frame, Kind};

/// The width of each slot, by the index that names it; `None` if it is used with
/// several.
pub(crate) struct Widths(HashMap<usize, Option<usize>, FxBuildHasher>);

impl Widths {
    /// Looks at every operand, and at every move between a register and a slot.
    pub(crate) fn new<F: Function>(function: &F, output: &Output) -> Self {
        let mut widths = Widths(HashMap::default());
        let frame = Frame::new(function, output);
        for inst in (0..function.num_insts()).map(Inst::new) {
            let operands = function.inst_operands(inst);
            let allocations = output::allocations(function, output, inst).unwrap_or(&[]);
            for (operand, &allocation) in operands.iter().zip(allocations) {
                if let Ok(Kind::Stack(slot)) = output::kind(allocation) {
                    widths.note(slot, frame.width(operand.class()).ok());
                }
            }
        }
        for (_, Edit::Move { from, to }) in &output.edits {
            match (output::kind(*from), output::kind(*to)) {
                (Ok(Kind::Register(register)), Ok(Kind::Stack(slot)))
                | (Ok(Kind::Stack(slot)), Ok(Kind::Register(register))) => {
                    let class = PReg::from_index(register).class();
                    widths.note(slot, frame.width(class).ok());
                }
                (Ok(Kind::Register(_)), Ok(Kind::Register(_)))
                | (Ok(Kind::Stack(_)), Ok(Kind::Stack(_)))
                | (Err(_), _)
                | (_, Err(_)) => {}
            }
        }
        widths
    }

    fn note(&mut self, slot: usize, width: Option<usize>) {
        let known = self.0.entry(slot).or_insert(width);
        if *known != width {
            *known = None;
        }
    }

    /// The width of a move between two slots, if both are used with that one
    /// only, or one of them and the other not at all.
    pub(crate) fn between(&self, from: usize, to: usize) -> Option<usize> {
        match (self.0.get(&from), self.0.get(&to)) {
            (Some(&width), None) | (None, Some(&width)) => width,
            (Some(&from), Some(&to)) if from == to => from,
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

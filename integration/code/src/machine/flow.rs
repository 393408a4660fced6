//! Which addresses of the frame instructions access, and where the stack pointer is at calls.

use std::collections::{BTreeMap, BTreeSet};

use super::decoder::Decoder;
use super::graph::{Edge, Graph};
use super::instruction::{Control, Direction, Instruction};
use super::state::State;
use super::step::step;
use super::value::Value;
use crate::facts::Facts;

/// An access of memory that is, or may be, in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    /// The offset of the instruction in the code.
    pub(crate) at: u32,
    pub(crate) direction: Direction,
    /// Where; not [`Value::Other`] or [`Value::Constant`].
    pub(crate) address: Value,
    pub(crate) size: u32,
    /// The stack pointer then.
    pub(crate) stack: Value,
}

/// The stack pointer and the frame pointer when a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pointers {
    pub(crate) stack: Value,
    pub(crate) frame: Value,
}

/// What is known of the instructions of a function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    /// By their addresses.
    pub(crate) touches: Vec<Touch>,
    /// Those of each call, by the offset to which it returns.
    pub(crate) calls: BTreeMap<u32, Pointers>,
}

/// Follows addresses of the frame through registers and frame cells, over all paths.
///
/// Cost: a fixed point over the blocks, in which each register and cell of each block changes at
/// most three times.
pub(crate) fn flow(graph: &Graph, decoder: &dyn Decoder, facts: &Facts<'_>) -> Flow {
    let mut entry = State::default();
    entry.set(decoder.stack_pointer(), Value::Frame(0));
    let mut before: Vec<Option<State>> = vec![None; graph.blocks.len()];
    let machine = Machine { decoder, facts };
    let mut todo = BTreeSet::new();
    if let Some(first) = before.first_mut() {
        *first = Some(entry);
        todo.insert(0);
    }
    while let Some(number) = todo.pop_first() {
        let Some(mut state) = before[number].clone() else { continue };
        let block = &graph.blocks[number];
        let mut thrown = None;
        for (at, instruction) in block.instructions.iter().enumerate() {
            thrown = machine.run(&mut state, instruction, graph.next(block, at));
        }
        for &Edge { to, throws } in &block.edges {
            let state = thrown.as_ref().filter(|_| throws).unwrap_or(&state);
            let changed = match &mut before[to] {
                Some(known) => known.join(state),
                unknown @ None => {
                    *unknown = Some(state.clone());
                    true
                }
            };
            if changed {
                todo.insert(to);
            }
        }
    }
    let mut flow = Flow::default();
    for (block, state) in graph.blocks.iter().zip(before) {
        let Some(mut state) = state else { continue };
        for (at, instruction) in block.instructions.iter().enumerate() {
            flow.record(&state, instruction, decoder);
            machine.run(&mut state, instruction, graph.next(block, at));
        }
    }
    flow
}

/// What instructions and callees do.
struct Machine<'m> {
    decoder: &'m dyn Decoder,
    facts: &'m Facts<'m>,
}

impl Machine<'_> {
    /// Changes a state as an instruction does. For a call, returns the state in a handler of it.
    fn run(
        &self,
        state: &mut State,
        instruction: &Instruction,
        next: Option<&Instruction>,
    ) -> Option<State> {
        step(state, instruction);
        if instruction.control != Control::Call {
            return None;
        }
        let (stack, frame) = (self.decoder.stack_pointer(), self.decoder.frame_pointer());
        let convention = self.facts.convention(instruction.end);
        let mut thrown = state.clone();
        thrown.clobber(|register| self.decoder.keeps(convention, true, register));
        // The unwinder computes the stack pointer from the frame pointer.
        thrown.set(stack, state.register(frame).plus(-self.facts.frame_size()));
        state.clobber(|register| self.decoder.keeps(convention, false, register));
        let popped = self.popped(instruction.end, next);
        state.set(stack, state.register(stack).plus(popped));
        Some(thrown)
    }
}

impl Machine<'_> {
    /// Returns the number of bytes that the callee of a call takes from the stack. Where the signature
    /// does not say it, it is what the instruction behind the call allocates again.
    fn popped(&self, return_address: u32, next: Option<&Instruction>) -> i64 {
        let stack = self.decoder.stack_pointer();
        let signature = self.facts.signature(return_address);
        let known = signature.map_or(Some(0), |signature| self.decoder.popped(signature));
        known.unwrap_or_else(|| {
            let moved = next.and_then(|next| next.moves(stack)).filter(|&by| by < 0);
            moved.map_or(0, i64::wrapping_neg)
        })
    }
}

impl Flow {
    fn record(&mut self, state: &State, instruction: &Instruction, decoder: &dyn Decoder) {
        let stack = state.register(decoder.stack_pointer());
        for access in &instruction.accesses {
            let address = state.address(access);
            if matches!(address, Value::Other | Value::Constant(_)) {
                continue;
            }
            let touch = |direction| Touch {
                at: instruction.start,
                direction,
                address,
                size: access.size,
                stack,
            };
            self.touches.extend(access.directions().map(touch));
        }
        if instruction.control == Control::Call {
            let frame = state.register(decoder.frame_pointer());
            self.calls.insert(instruction.end, Pointers { stack, frame });
        }
    }
}

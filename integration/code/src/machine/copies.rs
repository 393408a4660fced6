//! Which results of instructions registers and frame cells hold, over the whole function.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::{Content, Contents, Origin, Place};
use super::decoder::Decoder;
use super::flow::{Flow, Touch};
use super::graph::{Edge, Graph};
use super::instruction::{Control, Direction, Instruction, Operand};
use super::value::Value;
use crate::facts::Facts;

/// What is known of all points of some code.
pub(crate) struct Copies<'c> {
    graph: &'c Graph,
    machine: Machine<'c>,
    /// The contents at the start of each block; `None` if it does not run.
    before: Vec<Option<Contents>>,
}

struct Machine<'c> {
    decoder: &'c dyn Decoder,
    facts: &'c Facts<'c>,
    flow: &'c Flow,
    /// The return addresses of calls under which the collector may run.
    calls: BTreeSet<u32>,
    /// Whether some bytes of the frame are not followed, by their address and number.
    is_apart: &'c dyn Fn(i64, u32) -> bool,
}

impl<'c> Copies<'c> {
    /// Follows what instructions compute through registers and frame cells, over all paths. What is
    /// loaded from bytes for which `is_apart` holds is made by the load.
    ///
    /// Cost: a fixed point over the blocks, in which each register and cell of each block changes at
    /// most three times.
    pub(crate) fn new(
        graph: &'c Graph,
        decoder: &'c dyn Decoder,
        facts: &'c Facts<'c>,
        flow: &'c Flow,
        calls: BTreeSet<u32>,
        is_apart: &'c dyn Fn(i64, u32) -> bool,
    ) -> Copies<'c> {
        let machine = Machine { decoder, facts, flow, calls, is_apart };
        let mut before: Vec<Option<Contents>> = vec![None; graph.blocks.len()];
        let mut todo = BTreeSet::new();
        if let Some(first) = before.first_mut() {
            let mut entry = Contents::default();
            let arguments = decoder.arguments(facts.own_signature()).unwrap_or_default();
            for register in decoder.registers().into_iter().chain(arguments) {
                let content = Content { origin: Origin::Entry(register), call: None };
                entry.set(Place::Register(register), Some(content));
            }
            *first = Some(entry);
            todo.insert(0);
        }
        while let Some(number) = todo.pop_first() {
            let Some(contents) = before[number].clone() else { continue };
            let (contents, thrown) = machine.through(graph, number, contents, |_, _| {});
            for &Edge { to, throws } in &graph.blocks[number].edges {
                let contents = thrown.as_ref().filter(|_| throws).unwrap_or(&contents);
                let changed = match &mut before[to] {
                    Some(known) => known.join(contents, to),
                    unknown @ None => {
                        *unknown = Some(contents.clone());
                        true
                    }
                };
                if changed {
                    todo.insert(to);
                }
            }
        }
        Copies { graph, machine, before }
    }

    /// Calls a function with each instruction that may run, and with what registers and cells hold in
    /// front of it. Returns what joined contents are, by the path.
    pub(crate) fn walk(
        &self,
        mut visit: impl FnMut(&Instruction, &Contents),
    ) -> BTreeMap<Origin, BTreeSet<Origin>> {
        let mut joined: BTreeMap<Origin, BTreeSet<Origin>> = BTreeMap::new();
        for (number, before) in self.before.iter().enumerate() {
            let Some(contents) = before.clone() else { continue };
            let (contents, thrown) = self.machine.through(self.graph, number, contents, &mut visit);
            for &Edge { to, throws } in &self.graph.blocks[number].edges {
                let contents = thrown.as_ref().filter(|_| throws).unwrap_or(&contents);
                let places = self.before[to].iter().flat_map(|before| before.joined(to));
                for place in places {
                    let Some(content) = contents.get(place) else { continue };
                    let origin = Origin::Joined { block: to, place };
                    if content.origin != origin {
                        joined.entry(origin).or_default().insert(content.origin);
                    }
                }
            }
        }
        joined
    }

    /// Returns a place in words. `body` is the stack pointer of the function's body.
    pub(crate) fn describe(&self, place: Place, body: i64) -> String {
        match place {
            Place::Register(register) => format!("`{}`", self.machine.decoder.name(register)),
            Place::Cell { address, .. } => format!("SP{:+}", address.wrapping_sub(body)),
        }
    }

    /// Returns the frame address of what an instruction accesses, with the number of bytes.
    pub(crate) fn cell(&self, at: u32, direction: Direction) -> Option<(i64, u32)> {
        self.machine.cell(at, direction)
    }
}

impl Machine<'_> {
    fn touches(&self, at: u32) -> &[Touch] {
        let touches = &self.flow.touches;
        let begin = touches.partition_point(|touch| touch.at < at);
        let end = touches.partition_point(|touch| touch.at <= at);
        &touches[begin..end]
    }

    fn cell(&self, at: u32, direction: Direction) -> Option<(i64, u32)> {
        let touch = self.touches(at).iter().find(|touch| touch.direction == direction)?;
        match touch.address {
            Value::Frame(address) => Some((address, touch.size)),
            Value::Other | Value::Constant(_) | Value::Either(..) | Value::Derived => None,
        }
    }

    /// Returns the contents behind a block, and those in the handlers of its last call.
    fn through(
        &self,
        graph: &Graph,
        block: usize,
        mut contents: Contents,
        mut visit: impl FnMut(&Instruction, &Contents),
    ) -> (Contents, Option<Contents>) {
        let block = &graph.blocks[block];
        let throws = block.edges.iter().any(|edge| edge.throws);
        let mut thrown = None;
        for instruction in &block.instructions {
            visit(instruction, &contents);
            self.run(&mut contents, instruction);
            if instruction.control == Control::Call {
                // The call that throws is at the end of its block.
                thrown = throws.then(|| self.called(contents.clone(), instruction, true));
                contents = self.called(contents, instruction, false);
            }
        }
        (contents, thrown)
    }

    /// Changes contents as an instruction does, apart from what the callee of a call does.
    fn run(&self, contents: &mut Contents, instruction: &Instruction) {
        let at = instruction.start;
        let copied = instruction.copied.and_then(|(from, _)| match from {
            Operand::Register(register) => contents.get(Place::Register(register)),
            Operand::Memory => {
                let (address, size) = self.cell(at, Direction::Read)?;
                contents.get(Place::Cell { address, size })
            }
        });
        let target = instruction.copied.map(|(_, to)| to);
        for touch in self.touches(at).iter().filter(|touch| touch.direction == Direction::Write) {
            let Value::Frame(address) = touch.address else { continue };
            let size = touch.size;
            let is_apart = (self.is_apart)(address, size);
            let stored = copied.filter(|_| target == Some(Operand::Memory) && !is_apart);
            contents.set(Place::Cell { address, size }, stored);
        }
        for &(register, _) in &instruction.writes {
            let copied = copied.filter(|_| target == Some(Operand::Register(register)));
            let made = Content { origin: Origin::Made { at, register }, call: None };
            contents.set(Place::Register(register), Some(copied.unwrap_or(made)));
        }
    }

    /// Returns the contents behind a call, or in a handler of it if it `throws`.
    fn called(&self, mut contents: Contents, call: &Instruction, throws: bool) -> Contents {
        if self.calls.contains(&call.end) {
            contents.pass(call.end);
        }
        let convention = self.facts.convention(call.end);
        let results = self.facts.signature(call.end);
        let results = results.and_then(|signature| self.decoder.results(signature));
        let mut changed = contents.registers();
        changed.retain(|&register| !self.decoder.keeps(convention, throws, register));
        for register in changed.into_iter().chain(results.into_iter().flatten()) {
            let at = call.start;
            let origin = match throws {
                true => Origin::Thrown { at, register },
                false => Origin::Made { at, register },
            };
            contents.set(Place::Register(register), Some(Content { origin, call: None }));
        }
        contents
    }
}

//! Spilling registers: values that are needed after a call are saved before it and restored
//! after it; edges shuffle registers into place.

use stackmap_verifier::model::OperationKind;

use super::{Plan, Style, colour};
use crate::dice::Dice;
use crate::generate::{ValueSet, members};
use crate::program::{Act, Edge, Instruction, Place, Source, Target, TargetBlock};

pub(super) fn spill(
    dice: &mut Dice<'_>,
    source: &Source,
    style: Style,
    mut target: Target,
) -> Target {
    // Values are saved around calls only, so only live values are in their cells.
    let style = Style { dead_roots: false, spill_all: false, ..style };
    let plan = Plan::new(source, style, &mut target);
    let everything = (0..source.values).fold(0, |set, v| set | 1u128 << v);
    let register: Vec<usize> = colour(everything, &plan.conflicts)
        .into_iter()
        .map(|colour| {
            let number = (0u32..).nth(colour.unwrap_or(0)).unwrap_or(u32::MAX);
            // Register 0 is for shuffling.
            target.place(Place::Register(number + 1))
        })
        .collect();
    let scratch = target.place(Place::Register(0));
    let mut writer =
        Writer { dice, source, style, plan, target, register, scratch, split_edges: Vec::new() };
    for b in 0..source.blocks.len() {
        let block = writer.block(b);
        writer.target.blocks.push(block);
    }
    let Writer { mut target, split_edges, .. } = writer;
    target.blocks.extend(split_edges);
    target
}

struct Writer<'s, 'd, 'b> {
    dice: &'d mut Dice<'b>,
    source: &'s Source,
    style: Style,
    plan: Plan,
    target: Target,
    register: Vec<usize>,
    scratch: usize,
    split_edges: Vec<TargetBlock>,
}

impl Writer<'_, '_, '_> {
    fn block(&mut self, b: usize) -> TargetBlock {
        let block = &self.source.blocks[b];
        let (_, live) = self.plan.live.after_each(self.source, block);
        let mut instructions = Vec::new();
        if b == 0 && self.style.nulls.at_entry {
            instructions.extend(self.plan.at_entry());
        }
        let last = block.operations.len().wrapping_sub(1);
        let mut restored: ValueSet = 0;
        for (i, (operation, live)) in block.operations.iter().zip(live).enumerate() {
            let uses = (0..).zip(&operation.uses);
            let mut acts: Vec<Act> =
                uses.map(|(operand, &v)| Act::Use { operand, at: self.register[v] }).collect();
            let defs = operation.defs.iter().fold(0, |set, &v| set | 1u128 << v);
            let mut saved = 0;
            if operation.kind == OperationKind::Safepoint {
                saved = live & !defs & self.plan.references;
                for v in members(saved) {
                    instructions.extend(self.save(v));
                }
                acts.push(Act::Safepoint { roots: self.plan.listed(saved, self.style) });
                if self.style.copies {
                    // The call may overwrite its caller's registers.
                    let clobbered = members(saved).into_iter().map(|v| self.register[v]);
                    acts.extend(clobbered.map(|at| Act::Clobber { at }));
                }
            }
            let defs = (0..).zip(&operation.defs);
            acts.extend(defs.map(|(result, &v)| Act::Define { result, at: self.register[v] }));
            instructions.push(Instruction { performs: true, acts });
            if i == last && block.ends_in_call() {
                restored = saved;
            } else {
                instructions.extend(members(saved).into_iter().filter_map(|v| self.restore(v)));
                if self.style.nulls.at_death {
                    let cells = members(saved).into_iter().filter_map(|v| self.plan.cell[v]);
                    instructions.extend(cells.map(Instruction::null));
                }
            }
        }
        let single = block.edges.len() == 1;
        let mut edges = Vec::new();
        for edge in &block.edges {
            let needed = restored & self.plan.live.on_edge(self.source, edge);
            let mut moves: Vec<Instruction> =
                members(needed).into_iter().filter_map(|v| self.restore(v)).collect();
            let (shuffles, given) = self.shuffle(edge);
            moves.extend(shuffles);
            let split = match (moves.is_empty(), single && !block.ends_in_call()) {
                (true, _) => self.style.more_split_edges && self.dice.chance(50),
                (false, here) => !here,
            };
            if split {
                let split_edge = self.source.blocks.len() + self.split_edges.len();
                edges.push((split_edge, Vec::new()));
                self.split_edges.push(TargetBlock {
                    counterpart: None,
                    params: Vec::new(),
                    instructions: moves,
                    edges: vec![(edge.0, given)],
                });
            } else {
                instructions.extend(moves);
                edges.push((edge.0, given));
            }
        }
        // The function's parameters are the only ones that stay.
        let params = match b {
            0 => block.params.iter().map(|&v| self.register[v]).collect(),
            _ => Vec::new(),
        };
        TargetBlock { counterpart: Some(b), params, instructions, edges }
    }

    fn save(&self, value: usize) -> Option<Instruction> {
        Some(Instruction::copy(self.register[value], self.plan.cell[value]?))
    }

    fn restore(&self, value: usize) -> Option<Instruction> {
        match self.plan.is_null(value) && self.style.nulls.made_again {
            true => Some(Instruction::null(self.register[value])),
            false => Some(Instruction::copy(self.plan.cell[value]?, self.register[value])),
        }
    }

    /// Returns the moves that assign an edge's parameters in parallel, or the arguments to pass
    /// if the target still has parameters.
    fn shuffle(&self, (to, args): &Edge) -> (Vec<Instruction>, Vec<usize>) {
        let passed = args.iter().map(|&v| self.register[v]);
        if *to == 0 {
            return (Vec::new(), passed.collect());
        }
        let params = self.source.blocks[*to].params.iter().map(|&v| self.register[v]);
        let mut pending: Vec<(usize, usize)> =
            passed.zip(params).filter(|(from, to)| from != to).collect();
        let mut moves = Vec::new();
        while !pending.is_empty() {
            let free = |&(_, to): &(usize, usize)| !pending.iter().any(|&(from, _)| from == to);
            match pending.iter().position(free) {
                Some(i) => {
                    let (from, to) = pending.remove(i);
                    moves.push(Instruction::copy(from, to));
                }
                None => {
                    // Only cycles are left: one register makes way.
                    let (waiting, _) = pending[0];
                    moves.push(Instruction::copy(waiting, self.scratch));
                    for (from, _) in &mut pending {
                        if *from == waiting {
                            *from = self.scratch;
                        }
                    }
                }
            }
        }
        (moves, Vec::new())
    }
}

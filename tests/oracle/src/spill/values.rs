//! Spilling SSA values, as Cranelift does: a store after each definition, a load before a use,
//! and the block parameters of the program.

use stackmap_verifier::model::OperationKind;

use super::{Plan, Style};
use crate::dice::Dice;
use crate::generate::{ValueSet, scopes};
use crate::program::{Act, Edge, Instruction, Place, Source, Target, TargetBlock};

pub(super) fn spill(
    dice: &mut Dice<'_>,
    source: &Source,
    style: Style,
    mut target: Target,
) -> Target {
    let plan = Plan::new(source, style, &mut target);
    let scopes = scopes(source);
    let next_value = (0u32..).nth(source.values).unwrap_or(u32::MAX);
    let mut writer =
        Writer { dice, source, style, plan, target, next_value, split_edges: Vec::new() };
    for (b, &scope) in scopes.iter().enumerate() {
        let block = writer.block(b, scope);
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
    next_value: u32,
    split_edges: Vec<TargetBlock>,
}

/// A block's instructions so far, and the locations from which its values can be read.
struct Body {
    instructions: Vec<Instruction>,
    /// For each value, an SSA value that holds it, fresh.
    current: Vec<Option<usize>>,
}

impl Writer<'_, '_, '_> {
    fn block(&mut self, b: usize, mut scope: ValueSet) -> TargetBlock {
        let block = &self.source.blocks[b];
        let (_, live) = self.plan.live.after_each(self.source, block);
        let mut body = Body { instructions: Vec::new(), current: vec![None; self.source.values] };
        if b == 0 && self.style.nulls.at_entry {
            body.instructions.extend(self.plan.at_entry());
        }
        for &param in &block.params {
            self.defined(&mut body, param);
            scope |= 1 << param;
        }
        let last = block.operations.len().wrapping_sub(1);
        for (i, (operation, live)) in block.operations.iter().zip(live).enumerate() {
            let mut acts = Vec::new();
            for (operand, &value) in (0..).zip(&operation.uses) {
                let at = self.read(&mut body, value);
                acts.push(Act::Use { operand, at });
            }
            if operation.kind == OperationKind::Safepoint {
                let defs = operation.defs.iter().fold(0, |set, &v| set | 1u128 << v);
                let listed = if self.style.dead_roots { scope } else { live & !defs };
                acts.push(Act::Safepoint { roots: self.plan.listed(listed, self.style) });
                self.forget_references(&mut body);
            }
            let defs = (0..).zip(&operation.defs);
            // An SSA value of the after program has the number of its before value.
            acts.extend(defs.map(|(result, &at)| Act::Define { result, at }));
            body.instructions.push(Instruction { performs: true, acts });
            for &value in &operation.defs {
                self.defined(&mut body, value);
                scope |= 1 << value;
            }
            if self.style.nulls.at_death && !(i == last && block.ends_in_call()) {
                let dying = operation.uses.iter().filter(|&&v| live >> v & 1 == 0);
                let cells = dying.filter_map(|&v| self.plan.cell[v]);
                body.instructions.extend(cells.map(Instruction::null));
            }
        }
        let edges = match block.ends_in_call() {
            true => block.edges.iter().map(|edge| self.split_edge(edge, &body)).collect(),
            false => block.edges.iter().map(|edge| self.edge(edge, &mut body)).collect(),
        };
        let Body { instructions, .. } = body;
        TargetBlock { counterpart: Some(b), params: block.params.clone(), instructions, edges }
    }

    /// Spills a value that was just defined.
    fn defined(&mut self, body: &mut Body, value: usize) {
        body.current[value] = Some(value);
        if let Some(cell) = self.plan.cell[value] {
            body.instructions.push(Instruction::copy(value, cell));
        }
        if self.style.copies && self.dice.chance(30) {
            let copy = self.fresh();
            body.instructions.push(Instruction::copy(value, copy));
            body.current[value] = Some(copy);
        }
    }

    fn fresh(&mut self) -> usize {
        self.next_value += 1;
        self.target.place(Place::Value(self.next_value - 1))
    }

    /// A reference that is not spilled is never needed across a safepoint, so its definition
    /// remains valid.
    fn forget_references(&self, body: &mut Body) {
        for (value, current) in body.current.iter_mut().enumerate() {
            if self.plan.is_reference(value) {
                *current = None;
            }
        }
    }

    /// Returns the location from which a value can be read, after a reload if necessary.
    fn read(&mut self, body: &mut Body, value: usize) -> usize {
        if self.plan.is_null(value) && self.style.nulls.made_again && self.dice.chance(50) {
            let null = self.fresh();
            body.instructions.push(Instruction::null(null));
            return null;
        }
        match (self.plan.cell[value], body.current[value]) {
            (None, current) => current.unwrap_or(value),
            (Some(_), Some(current)) if self.style.keep => current,
            (Some(cell), _) => {
                let reload = self.fresh();
                body.instructions.push(Instruction::copy(cell, reload));
                body.current[value] = Some(reload);
                reload
            }
        }
    }

    /// Creates an edge whose arguments are reloaded before it is taken.
    fn edge(&mut self, (to, args): &Edge, body: &mut Body) -> Edge {
        let passed: Vec<usize> = args.iter().map(|&arg| self.read(body, arg)).collect();
        match self.style.more_split_edges && self.dice.chance(50) {
            false => (*to, passed),
            true => {
                // The split-edge block may have parameters of its own.
                let params: Vec<usize> = match self.dice.chance(50) {
                    true => passed.iter().map(|_| self.fresh()).collect(),
                    false => Vec::new(),
                };
                let given = if params.is_empty() { Vec::new() } else { passed.clone() };
                let onward = if params.is_empty() { passed } else { params.clone() };
                (self.land(params, Vec::new(), (*to, onward)), given)
            }
        }
    }

    /// Creates an edge out of a call. Its arguments are copied after the call, so a split-edge
    /// block reloads them.
    fn split_edge(&mut self, (to, args): &Edge, body: &Body) -> Edge {
        let mut split_edge = Body { instructions: Vec::new(), current: body.current.clone() };
        let passed: Vec<usize> = args.iter().map(|&arg| self.read(&mut split_edge, arg)).collect();
        match split_edge.instructions.is_empty() {
            true => (*to, passed),
            false => (self.land(Vec::new(), split_edge.instructions, (*to, passed)), Vec::new()),
        }
    }

    fn land(&mut self, params: Vec<usize>, instructions: Vec<Instruction>, edge: Edge) -> usize {
        self.split_edges.push(TargetBlock {
            counterpart: None,
            params,
            instructions,
            edges: vec![edge],
        });
        self.source.blocks.len() + self.split_edges.len() - 1
    }
}

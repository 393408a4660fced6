//! Lowers the after function: determines which instruction performs which operation, and what the
//! spiller's own instructions move.
//!
//! The kind of an instruction, and whether it is allowed at its place, is decided by [`Frame`].

use stackmap_verifier::model::{
    Action, After, AfterBuilder, Location, OperationKind, Origin, SlotOwner,
};

use super::before::LoweredBefore;
use super::cells::Cells;
use super::edge_result::EdgeResults;
use super::emitter::Emitter;
use super::frame::{Fault, Frame, Insertion, Step};
use super::layout::Layout;
use super::split_edges::SplitEdges;
use super::{LowerError, Unknown};
use crate::view::{Function, Role};

/// The after function being lowered.
pub(super) struct AfterLowering<'b, 'f, F: Function> {
    before: &'b LoweredBefore<'b, 'f, F>,
    frame: Frame<'b, F>,
    unknown: Unknown,
    emitter: Emitter<'b, 'f, F, AfterBuilder>,
    cells: Cells,
    roots: Vec<Location>,
    split_edges: SplitEdges<F::Instruction>,
}

/// The reason why the walk over a block stopped before its end.
enum Stop {
    /// The block contains a fault of the spiller, which has been recorded.
    Fault,
    /// Something about the block is unknown.
    Error(LowerError),
}

impl From<Fault> for Stop {
    fn from(_: Fault) -> Stop {
        Stop::Fault
    }
}

impl From<LowerError> for Stop {
    fn from(error: LowerError) -> Stop {
        Stop::Error(error)
    }
}

impl<'b, 'f, F: Function> AfterLowering<'b, 'f, F> {
    pub(super) fn new(
        before: &'b LoweredBefore<'b, 'f, F>,
        layout: &'b Layout<'f, F>,
        unknown: Unknown,
        numbers: &[u32],
    ) -> Self {
        let frame = Frame::new(before, layout);
        let view = layout.view;
        let mut builder = AfterBuilder::new();
        builder.reserve(view.value_bound(), view.instruction_bound());
        let slots = frame.owners().all_spillers().map(|slot| (slot, SlotOwner::Spiller));
        let cells = Cells::new(view, slots, &mut builder);
        let split_edges = SplitEdges::new(view.blocks().count(), view.instruction_bound());
        AfterLowering {
            before,
            frame,
            unknown,
            emitter: Emitter::new(layout, builder, numbers),
            cells,
            roots: Vec::new(),
            split_edges,
        }
    }

    /// Returns the comparison and the model; the model has no meaning if there are faults.
    pub(super) fn finish(mut self) -> (Frame<'b, F>, Result<After, LowerError>) {
        let after = self.blocks();
        let after = after.and_then(|()| Ok(self.emitter.finish()?.0.finish()));
        (self.frame, after)
    }

    fn blocks(&mut self) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        for block in view.blocks() {
            let counterpart = self.before.layout.id(block);
            let is_entered =
                self.before.layout.is_entered(block) && self.emitter.layout.is_entered(block);
            let params = self.emitter.params(block, is_entered);
            let name = self.emitter.layout.block_name(block);
            self.emitter.builder.block(name, view.block_origin(block), counterpart, &params);
            self.compute_numbers(view.block_origin(block));
            if !self.emitter.layout.is_reachable(block) {
                self.emitter.builder.leave([]);
                continue;
            }
            match self.block(block) {
                Ok(()) | Err(Stop::Fault) => {}
                Err(Stop::Error(error)) => return Err(error),
            }
        }
        let mut copy = 0;
        while let Some(block) = self.split_edges.copied(copy) {
            self.copy(block)?;
            copy += 1;
        }
        Ok(())
    }

    /// Adds a copy of a block that splits edges.
    fn copy(&mut self, block: u32) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        let params = self.emitter.params(block, false);
        let name = self.emitter.layout.block_name(block);
        self.emitter.builder.block(name, view.block_origin(block), None, &params);
        for (instruction, step) in self.split_edges.steps(block) {
            self.inserted_step(instruction, step)?;
        }
        Ok(())
    }

    /// Walks a block in step with its counterpart in *before*.
    fn block(&mut self, block: u32) -> Result<(), Stop> {
        let view = self.emitter.layout.view;
        let before = &self.before.layout;
        let counterpart = before.is_reachable(block).then(|| before.view.instructions(block));
        let mut operations = counterpart.into_iter().flatten().peekable();
        let mut ended = false;
        for instruction in view.instructions(block) {
            if ended {
                return Err(self.emitter.layout.after_terminator(instruction).into());
            }
            ended = view.is_terminator(instruction);
            let step = self.frame.step(block, instruction, operations.peek().copied())?;
            if before.id(block).is_none() {
                self.split_edges.note(block, instruction, step);
            }
            if let Step::Performs(operation) = step {
                operations.next();
                self.emitter.builder.instruction(true, view.origin(instruction));
                self.performed(block, operation, instruction)?;
            } else {
                self.inserted_step(instruction, step)?;
            }
        }
        // All operations of the before block have been matched: a terminator can only be matched
        // with a terminator, which is the last instruction of its block.
        Ok(())
    }

    /// Adds an instruction that performs no operation of the program.
    fn inserted_step(
        &mut self,
        instruction: F::Instruction,
        step: Step<F::Instruction>,
    ) -> Result<(), LowerError> {
        self.emitter.builder.instruction(false, self.emitter.layout.view.origin(instruction));
        match step {
            Step::Inserted(insertion) => self.inserted(instruction, insertion),
            Step::Leaves => self.leave(instruction, &EdgeResults::default(), &[]),
            Step::Performs(_) => Ok(()),
        }
    }

    fn inserted(
        &mut self,
        instruction: F::Instruction,
        insertion: Insertion,
    ) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        match insertion {
            Insertion::Spill(place) => {
                let to = self.cells.whole(place, instruction, &mut self.emitter)?;
                if let Some(value) = view.operands(instruction).next() {
                    let from = self.emitter.used(value);
                    self.emitter.builder.action(Action::Move { from, to });
                }
            }
            Insertion::Reload(place) => {
                let from = self.cells.whole(place, instruction, &mut self.emitter)?;
                self.makes(instruction, |to| Action::Move { from, to });
            }
            Insertion::Address => self.makes(instruction, |at| Action::Clobber { at }),
            Insertion::Null => self.makes(instruction, |at| Action::Null { at }),
        }
        Ok(())
    }

    /// Adds an action for each result of an inserted instruction.
    fn makes(&mut self, instruction: F::Instruction, action: impl Fn(Location) -> Action) {
        for result in self.emitter.layout.view.results(instruction) {
            let at = self.emitter.define(result);
            self.emitter.builder.action(action(at));
        }
    }

    fn performed(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        for (operand, value) in (0..).zip(view.operands(instruction)) {
            let at = self.emitter.used(value);
            self.emitter.builder.action(Action::Use { operand, at });
        }
        let role = view.role(instruction);
        let collects = match role {
            Role::Safepoint => true,
            Role::Unknown => self.unknown.kind() == OperationKind::Safepoint,
            Role::Compute | Role::Forward { .. } | Role::Jump | Role::Plain => false,
        };
        if collects {
            self.safepoint(operation, instruction)?;
        }
        let mut count = 0;
        for result in view.results(instruction) {
            let at = self.emitter.result(result, role);
            self.emitter.builder.action(Action::Define { result: count, at });
            count += 1;
        }
        self.compute_numbers(view.origin(instruction));
        // The before operation determines the results defined on the edges and their order: with a
        // split edge, another edge may be the first to name a result.
        let counterpart = self.before.layout.view;
        let on_edges = EdgeResults::of(counterpart, operation, counterpart.role(operation));
        let locations = self.emitter.define_on_edges(block, &on_edges);
        for (result, &at) in (count..).zip(&locations) {
            self.emitter.builder.action(Action::Define { result, at });
        }
        if view.is_terminator(instruction) {
            self.leave(instruction, &on_edges, &locations)?;
        }
        Ok(())
    }

    /// Adds an instruction for each number that was received last.
    fn compute_numbers(&mut self, origin: Origin) {
        for number in self.emitter.received() {
            let at = self.emitter.define(number.value);
            self.emitter.builder.instruction(true, origin);
            self.emitter.builder.action(Action::Use { operand: 0, at: number.from });
            self.emitter.builder.action(Action::Define { result: 0, at });
        }
    }

    /// Adds the roots of a safepoint, except the program's own entries: both functions list those,
    /// for slots that both access in the same way.
    fn safepoint(
        &mut self,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        if !view.stack_map_is_known(instruction) {
            return Err(LowerError::UnprintedStackMap {
                site: self.emitter.layout.site(instruction),
            });
        }
        self.roots.clear();
        for entry in self.frame.inserted_entries(operation, instruction) {
            let slot = (entry.slot, view.slot_number(entry.slot));
            let root = self.cells.root(slot, entry.offset, entry.size, &mut self.emitter.builder);
            self.roots.push(root);
        }
        self.emitter.builder.safepoint(&self.roots);
        Ok(())
    }

    fn leave(
        &mut self,
        terminator: F::Instruction,
        results: &EdgeResults,
        locations: &[Location],
    ) -> Result<(), LowerError> {
        let (before, layout, split_edges) =
            (self.before, self.emitter.layout, &mut self.split_edges);
        // Maps an edge's target to the model block that the edge enters: a block that splits
        // several edges gets a copy for each.
        let enter = |target: u32| {
            let id = layout.id(target)?;
            if before.layout.id(target).is_some() {
                return Some(id);
            }
            let instructions = layout.view.instructions(target).count();
            Some(split_edges.enter(target, instructions, id))
        };
        self.emitter.leave(terminator, results, locations, enter)
    }
}

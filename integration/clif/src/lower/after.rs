//! The after function: which instruction performs which operation, and what the
//! spiller's own instructions move.
//!
//! What an instruction is, and whether it may be there, is for [`Frame`] to say.

use smallvec::SmallVec;
use stackmap_verifier::model::{
    Action, After, AfterBuilder, Block, Location, LocationKind, OperationKind, SlotOwner,
};

use super::before::LoweredBefore;
use super::cells::Cells;
use super::definitions::Definitions;
use super::edge_result::{EdgeResults, Passed};
use super::frame::{Fault, Frame, Insertion, Step};
use super::landings::Landings;
use super::layout::Layout;
use super::{LowerError, Unknown};
use crate::view::{Function, Place, Role};

/// The after function being lowered.
pub(super) struct AfterLowering<'b, 'f, F: Function> {
    before: &'b LoweredBefore<'f, F>,
    layout: &'b Layout<'f, F>,
    frame: Frame<'b, F>,
    unknown: Unknown,
    builder: AfterBuilder,
    cells: Cells,
    values: Definitions<Location>,
    roots: Vec<Location>,
    landings: Landings<F::Instruction>,
}

/// Why a block was left before its end.
enum Stop {
    /// It does what the spiller may not; that has been noted.
    Fault,
    /// Something about it is unknown.
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
        before: &'b LoweredBefore<'f, F>,
        layout: &'b Layout<'f, F>,
        unknown: Unknown,
    ) -> Self {
        let frame = Frame::new(before, layout);
        let view = layout.view;
        let mut builder = AfterBuilder::new();
        builder.reserve(view.value_bound(), view.instruction_bound());
        let slots = frame.owners().all_spillers().map(|slot| (slot, SlotOwner::Spiller));
        let cells = Cells::new(view, slots, &mut builder);
        let values = Definitions::new(view.value_bound());
        let landings = Landings::new(view.blocks().count(), view.instruction_bound());
        AfterLowering {
            before,
            layout,
            frame,
            unknown,
            builder,
            cells,
            values,
            roots: Vec::new(),
            landings,
        }
    }

    /// The comparison, and the model; if there are faults, that means nothing.
    pub(super) fn finish(mut self) -> (Frame<'b, F>, Result<After, LowerError>) {
        let after = self.blocks().and_then(|()| match self.values.undefined() {
            Some(value) => {
                let value = self.layout.value_name(value).to_string();
                Err(LowerError::UndefinedValue { program: "after", value })
            }
            None => Ok(self.builder.finish()),
        });
        (self.frame, after)
    }

    fn blocks(&mut self) -> Result<(), LowerError> {
        let view = self.layout.view;
        for block in view.blocks() {
            let params: SmallVec<[Location; 8]> =
                view.params(block).map(|param| self.define(param)).collect();
            let name = self.layout.block_name(block);
            let mirrors = self.before.layout.id(block);
            self.builder.block(name, view.block_origin(block), mirrors, &params);
            if !self.layout.is_reachable(block) {
                self.builder.leave([]);
                continue;
            }
            match self.block(block) {
                Ok(()) | Err(Stop::Fault) => {}
                Err(Stop::Error(error)) => return Err(error),
            }
        }
        let mut copy = 0;
        while let Some(block) = self.landings.copied(copy) {
            self.copy(block)?;
            copy += 1;
        }
        Ok(())
    }

    /// Adds a copy of a block that splits edges.
    fn copy(&mut self, block: u32) -> Result<(), LowerError> {
        let view = self.layout.view;
        let params: SmallVec<[Location; 8]> =
            view.params(block).map(|param| self.define(param)).collect();
        let name = self.layout.block_name(block);
        self.builder.block(name, view.block_origin(block), None, &params);
        for (instruction, step) in self.landings.steps(block) {
            self.inserted_step(instruction, step)?;
        }
        Ok(())
    }

    /// Walks a block in step with the before block it mirrors.
    fn block(&mut self, block: u32) -> Result<(), Stop> {
        let view = self.layout.view;
        let before = &self.before.layout;
        let mirrored = before.is_reachable(block).then(|| before.view.instructions(block));
        let mut operations = mirrored.into_iter().flatten().peekable();
        let mut ended = false;
        for instruction in view.instructions(block) {
            if ended {
                return Err(self.layout.after_terminator(instruction).into());
            }
            ended = view.is_terminator(instruction);
            let step = self.frame.step(block, instruction, operations.peek().copied())?;
            if before.id(block).is_none() {
                self.landings.note(block, instruction, step);
            }
            if let Step::Performs(operation) = step {
                operations.next();
                self.builder.instruction(true, view.origin(instruction));
                self.performed(block, operation, instruction)?;
            } else {
                self.inserted_step(instruction, step)?;
            }
        }
        // Nothing is left of the before block: a terminator can only be matched
        // with a terminator, which is its block's last.
        Ok(())
    }

    /// Adds an instruction that performs nothing.
    fn inserted_step(
        &mut self,
        instruction: F::Instruction,
        step: Step<F::Instruction>,
    ) -> Result<(), LowerError> {
        self.builder.instruction(false, self.layout.view.origin(instruction));
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
        let view = self.layout.view;
        match insertion {
            Insertion::Spill(place) => {
                let to = self.place(place, instruction)?;
                if let Some(value) = view.operands(instruction).next() {
                    let from = self.used(view.resolve(value));
                    self.builder.action(Action::Move { from, to });
                }
            }
            Insertion::Reload(place) => {
                let from = self.place(place, instruction)?;
                self.makes(instruction, |to| Action::Move { from, to });
            }
            Insertion::Address => self.makes(instruction, |at| Action::Clobber { at }),
            Insertion::Null => self.makes(instruction, |at| Action::Null { at }),
        }
        Ok(())
    }

    /// Adds an action for each result of an inserted instruction.
    fn makes(&mut self, instruction: F::Instruction, action: impl Fn(Location) -> Action) {
        for result in self.layout.view.results(instruction) {
            let at = self.define(result);
            self.builder.action(action(at));
        }
    }

    fn performed(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        for (operand, value) in (0..).zip(view.operands(instruction)) {
            let at = self.used(view.resolve(value));
            self.builder.action(Action::Use { operand, at });
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
            let at = self.define(result);
            self.builder.action(Action::Define { result: count, at });
            count += 1;
        }
        // The before operation says what is defined on the edges, and in which
        // order: with a split edge, other edges may name a result first.
        let mirrored = self.before.layout.view;
        let on_edges = EdgeResults::of(mirrored, operation, mirrored.role(operation));
        let mut locations: SmallVec<[Location; 4]> = SmallVec::new();
        for (result, edge_result) in (count..).zip(on_edges.iter()) {
            let name = edge_result.name(&self.layout.block_name(block));
            let at = self.builder.location(LocationKind::Value(name));
            self.builder.action(Action::Define { result, at });
            locations.push(at);
        }
        if view.is_terminator(instruction) {
            self.leave(instruction, &on_edges, &locations)?;
        }
        Ok(())
    }

    /// Lists the roots, but for the program's own: both functions list those, of slots
    /// that both access in the same way.
    fn safepoint(
        &mut self,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        if !view.stack_map_is_known(instruction) {
            return Err(LowerError::UnprintedStackMap { site: self.layout.site(instruction) });
        }
        self.roots.clear();
        for entry in self.frame.inserted_entries(operation, instruction) {
            let slot = (entry.slot, view.slot_number(entry.slot));
            let root = self.cells.root(slot, entry.offset, entry.size, &mut self.builder);
            self.roots.push(root);
        }
        self.builder.safepoint(&self.roots);
        Ok(())
    }

    fn leave(
        &mut self,
        terminator: F::Instruction,
        results: &EdgeResults,
        locations: &[Location],
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        let mut arguments: SmallVec<[Location; 8]> = SmallVec::new();
        let mut edges: SmallVec<[_; 4]> = SmallVec::new();
        for edge in view.edges(terminator) {
            let start = arguments.len();
            for argument in view.arguments(edge) {
                arguments.push(match Passed::from(argument) {
                    Passed::Value(value) => self.used(view.resolve(value)),
                    Passed::Result(result) => {
                        let location = results.position(result).and_then(|i| locations.get(i));
                        *location.ok_or_else(|| self.layout.no_such_result(terminator))?
                    }
                });
            }
            let entered = self.entered(view.target(edge));
            edges.extend(entered.map(|id| (id, start, arguments.len())));
        }
        let arguments = &arguments;
        self.builder.leave(edges.iter().map(|&(id, start, end)| (id, &arguments[start..end])));
        Ok(())
    }

    /// The block of the model that an edge enters.
    fn entered(&mut self, target: u32) -> Option<Block> {
        let id = self.layout.id(target)?;
        if self.before.layout.id(target).is_some() {
            return Some(id);
        }
        let instructions = self.layout.view.instructions(target).count();
        Some(self.landings.enter(target, instructions, id))
    }

    fn place(&mut self, place: Place, site: F::Instruction) -> Result<Location, LowerError> {
        let Some(size) = place.size else {
            return Err(LowerError::UnknownType { site: self.layout.site(site) });
        };
        let cell = self.cells.within(place.slot, place.offset, size, &mut self.builder);
        cell.ok_or_else(|| LowerError::OutsideSlot {
            site: self.layout.site(site),
            slot: format!("ss{}", self.layout.view.slot_number(place.slot)),
        })
    }

    /// The location of a value, aliases resolved.
    fn used(&mut self, value: u32) -> Location {
        let kind = || LocationKind::Value(self.layout.value_name(value));
        self.values.used(value, || self.builder.location(kind()))
    }

    fn define(&mut self, value: u32) -> Location {
        let kind = || LocationKind::Value(self.layout.value_name(value));
        self.values.define(value, || self.builder.location(kind()))
    }
}

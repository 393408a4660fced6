//! The after function: which instruction performs which operation, and what the
//! spiller's own instructions move.

use smallvec::SmallVec;
use stackmap_verifier::model::{Action, After, AfterBuilder, Location, LocationKind};

use super::before::LoweredBefore;
use super::cells::Cells;
use super::definitions::Definitions;
use super::edge_result::{EdgeResults, Passed};
use super::layout::Layout;
use super::{LowerError, Site};
use crate::view::{Access, Function, Place, Role};

/// The after function being lowered.
pub(super) struct AfterLowering<'b, 'f, F: Function> {
    before: &'b LoweredBefore<'f, F>,
    layout: Layout<'f, F>,
    builder: AfterBuilder,
    cells: Cells,
    values: Definitions<Location>,
    /// By value index, whether the value is the address of a slot, as far as the
    /// walk has come.
    is_address: Vec<bool>,
    /// The operands that were met before what defines them: layout order is not
    /// dominance order. They may turn out to be addresses.
    early: Vec<(u32, F::Instruction)>,
    roots: Vec<Location>,
}

impl<'b, 'f, F: Function> AfterLowering<'b, 'f, F> {
    pub(super) fn new(before: &'b LoweredBefore<'f, F>, view: &'f F) -> Result<Self, LowerError> {
        let mut builder = AfterBuilder::new();
        builder.reserve(view.value_bound(), view.instruction_bound());
        let layout = Layout::new(view, "after")?;
        let cells = Cells::new(before.layout.view, view, &mut builder);
        let values = Definitions::new(view.value_bound());
        let is_address = vec![false; view.value_bound()];
        let (early, roots) = (Vec::new(), Vec::new());
        Ok(AfterLowering { before, layout, builder, cells, values, is_address, early, roots })
    }

    pub(super) fn finish(mut self) -> Result<After, LowerError> {
        let view = self.layout.view;
        for block in view.blocks() {
            let params: SmallVec<[Location; 8]> =
                view.params(block).map(|param| self.define(param)).collect();
            let name = self.layout.block_name(block);
            let mirrors = self.before.layout.id(block);
            self.builder.block(name, view.block_origin(block), mirrors, &params);
            if self.layout.is_reachable(block) {
                self.block(block)?;
            } else {
                self.builder.leave([]);
            }
        }
        if let Some(value) = self.values.undefined() {
            let value = self.layout.value_name(value).to_string();
            return Err(LowerError::UndefinedValue { program: "after", value });
        }
        for (value, instruction) in std::mem::take(&mut self.early) {
            self.escape(value, instruction);
        }
        Ok(self.builder.finish())
    }

    /// Walks a block in step with the before block it mirrors.
    fn block(&mut self, block: u32) -> Result<(), LowerError> {
        let view = self.layout.view;
        let before = &self.before.layout;
        let mirrored = before.is_reachable(block).then(|| before.view.instructions(block));
        let mut operations = mirrored.into_iter().flatten();
        let is_landing = before.id(block).is_none();
        let mut ended = false;
        for instruction in view.instructions(block) {
            if ended {
                return Err(self.layout.after_terminator(instruction));
            }
            ended = view.is_terminator(instruction);
            let access = view.access(instruction);
            if access == Some(Access::Address) {
                self.note_address(instruction);
            }
            let origin = view.origin(instruction);
            if self.is_inserted(instruction, access) {
                self.builder.instruction(false, origin);
                self.escapes(instruction, access);
                self.inserted(block, instruction, access)?;
            } else if is_landing && view.role(instruction) == Role::Jump {
                self.builder.instruction(false, origin);
                self.leave(block, instruction, &EdgeResults::default(), &[])?;
            } else if let Some(operation) = operations.next() {
                self.check_same(block, operation, instruction)?;
                self.builder.instruction(true, origin);
                self.performed(block, operation, instruction, access)?;
            } else {
                return Err(self.not_in_before(block, instruction));
            }
        }
        // Nothing is left of the before block: a terminator can only be matched
        // with a terminator, which is its block's last.
        Ok(())
    }

    /// Whether the spiller put this instruction there: it defines values that
    /// the before function does not have, or stores to a slot that the before
    /// function does not have, or through such a value.
    fn is_inserted(&self, instruction: F::Instruction, access: Option<Access>) -> bool {
        let view = self.layout.view;
        let mut results = view.results(instruction).peekable();
        if results.peek().is_some() {
            return results.all(|result| self.before.values.defined(result).is_none());
        }
        match access {
            Some(Access::Store { address: Some(address), .. }) => {
                let address = view.operands(instruction).nth(address);
                address
                    .is_some_and(|value| self.before.values.defined(view.resolve(value)).is_none())
            }
            Some(Access::Store { address: None, place, .. }) => self.cells.is_spillers(place.slot),
            Some(Access::Address | Access::Load { .. }) | None => false,
        }
    }

    fn check_same(
        &self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), LowerError> {
        let (view, before) = (self.layout.view, &self.before.layout);
        if before.view.same_operation(operation, view, instruction)
            && before.view.results(operation).eq(view.results(instruction))
        {
            return Ok(());
        }
        Err(LowerError::NotAligned {
            block: self.layout.block_name(block).to_string(),
            after: self.layout.site(instruction),
            before: before.site(operation),
        })
    }

    /// What the spiller may do: move between cells and values of its own making.
    /// What else it computes is unknown; anything with an effect is refused.
    fn inserted(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        access: Option<Access>,
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        match access {
            Some(Access::Load { place, whole: true, .. }) => {
                let from = self.place(place, instruction)?;
                for result in view.results(instruction) {
                    let to = self.define(result);
                    self.builder.action(Action::Move { from, to });
                }
                return Ok(());
            }
            Some(Access::Store { place, whole, .. }) => {
                let to = self.place(place, instruction)?;
                self.store(instruction, to, whole);
                return Ok(());
            }
            Some(Access::Address | Access::Load { whole: false, .. }) => {}
            None => match view.role(instruction) {
                Role::Compute | Role::Forward { .. } => {}
                Role::Safepoint | Role::Jump | Role::Plain => {
                    return Err(self.not_in_before(block, instruction));
                }
            },
        }
        for result in view.results(instruction) {
            let at = self.define(result);
            self.builder.action(Action::Clobber { at });
        }
        Ok(())
    }

    fn store(&mut self, instruction: F::Instruction, to: Location, whole: bool) {
        let stored = self.layout.view.operands(instruction).next();
        match stored.filter(|_| whole) {
            Some(value) => {
                let from = self.used(self.layout.view.resolve(value));
                self.builder.action(Action::Move { from, to });
            }
            None => self.builder.action(Action::Clobber { at: to }),
        }
    }

    fn performed(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
        access: Option<Access>,
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        let address = address_of(access);
        for (operand, value) in (0..).zip(view.operands(instruction)) {
            let value = view.resolve(value);
            if address != Some(operand as usize) {
                self.may_escape(value, instruction);
            }
            let at = self.used(value);
            self.builder.action(Action::Use { operand, at });
        }
        if let Some(Access::Store { place, whole, .. }) = access {
            let to = self.place(place, instruction)?;
            self.store(instruction, to, whole);
        }
        if view.role(instruction) == Role::Safepoint {
            self.safepoint(instruction)?;
        }
        let mut count = 0;
        for result in view.results(instruction) {
            let at = self.define(result);
            self.builder.action(Action::Define { result: count, at });
            count += 1;
        }
        // The before operation says what is defined on the edges, and in which
        // order: with a landing block, other edges may name a result first.
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
            self.leave(block, instruction, &on_edges, &locations)?;
        }
        Ok(())
    }

    fn safepoint(&mut self, instruction: F::Instruction) -> Result<(), LowerError> {
        let view = self.layout.view;
        if !view.stack_map_is_known(instruction) {
            return Err(LowerError::UnprintedStackMap { site: self.layout.site(instruction) });
        }
        self.roots.clear();
        for entry in view.stack_map(instruction) {
            let slot = (entry.slot, view.slot_number(entry.slot));
            let root = self.cells.root(slot, entry.offset, entry.size, &mut self.builder);
            self.roots.push(root);
        }
        self.builder.safepoint(&self.roots);
        Ok(())
    }

    fn leave(
        &mut self,
        block: u32,
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
                    Passed::Value(value) => {
                        let value = view.resolve(value);
                        self.may_escape(value, terminator);
                        self.used(value)
                    }
                    Passed::Result(result) => {
                        let location = results.position(result).and_then(|i| locations.get(i));
                        *location.ok_or_else(|| self.not_in_before(block, terminator))?
                    }
                });
            }
            edges.extend(self.layout.id(view.target(edge)).map(|id| (id, start, arguments.len())));
        }
        let arguments = &arguments;
        self.builder.leave(edges.iter().map(|&(id, start, end)| (id, &arguments[start..end])));
        Ok(())
    }

    /// Notes the slots whose addresses this instruction uses as values.
    fn escapes(&mut self, instruction: F::Instruction, access: Option<Access>) {
        let view = self.layout.view;
        let address = address_of(access);
        for (position, value) in view.operands(instruction).enumerate() {
            if Some(position) != address {
                self.may_escape(view.resolve(value), instruction);
            }
        }
    }

    fn note_address(&mut self, instruction: F::Instruction) {
        for result in self.layout.view.results(instruction) {
            if let Some(is_address) = self.is_address.get_mut(result as usize) {
                *is_address = true;
            }
        }
    }

    /// A value, aliases resolved, is used as a value.
    fn may_escape(&mut self, value: u32, instruction: F::Instruction) {
        if self.values.defined(value).is_none() {
            self.early.push((value, instruction));
        } else if self.is_address.get(value as usize) == Some(&true) {
            self.escape(value, instruction);
        }
    }

    fn escape(&mut self, value: u32, instruction: F::Instruction) {
        let slot = self.layout.view.slot_of_address(value).and_then(|slot| self.cells.id(slot));
        if let Some(slot) = slot {
            self.builder.escape(slot, self.layout.view.origin(instruction));
        }
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

    fn not_in_before(&self, block: u32, instruction: F::Instruction) -> LowerError {
        let after: Site = self.layout.site(instruction);
        LowerError::NotInBefore { block: self.layout.block_name(block).to_string(), after }
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

/// The operand that is an address the view knows the slot of.
fn address_of(access: Option<Access>) -> Option<usize> {
    match access {
        Some(Access::Load { address, .. } | Access::Store { address, .. }) => address,
        Some(Access::Address) | None => None,
    }
}

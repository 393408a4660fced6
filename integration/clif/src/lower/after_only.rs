//! Lowers a single function: its effect on each value, and the slots between which it moves values.
//!
//! There is no distinction between the spiller's and the program's instructions here: any store of
//! a whole value to a slot is a spill, and any load of a whole value is a reload.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use stackmap_verifier::after_only::{AfterOnly, AfterOnlyBuilder, Making, Role};
use stackmap_verifier::model::{Action, AfterBuilder, Location, Origin, SlotOwner};

use super::LowerError;
use super::cells::Cells;
use super::edge_result::EdgeResults;
use super::emitter::Emitter;
use super::layout::Layout;
use crate::opcode::Effect;
use crate::view::{self, Access, Function};

/// The model of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterOnlyFunction {
    /// The model of the function.
    pub program: AfterOnly,
    /// The declared references, in id order.
    pub declared: Vec<Location>,
}

/// Lowers one function. `declared` lists the indices of values that are declared to be references,
/// possibly of an earlier form of the function; values that the function no longer defines are
/// dropped. `numbers` lists those of parameters and of copies that never are a pointer to an object.
///
/// # Errors
///
/// Returns a [`LowerError`] if something about the function is unknown.
///
/// Cost: linear in the size of the function.
pub fn lower_after_only<F: Function>(
    view: &F,
    declared: impl IntoIterator<Item = u32>,
    numbers: &[u32],
) -> Result<AfterOnlyFunction, LowerError> {
    let mut builder = AfterBuilder::new();
    let slots = view.slots().map(|slot| (slot, SlotOwner::Program));
    let layout = Layout::new(view, "after")?;
    let mut lowering = Lowering {
        cells: Cells::new(view, slots, &mut builder),
        emitter: Emitter::new(&layout, builder, numbers),
        computed: FxHashSet::default(),
        natures: AfterOnlyBuilder::new(),
        operand_count: 0,
    };
    lowering.blocks()?;
    let declared = lowering.declared(declared);
    let (builder, _) = lowering.emitter.finish()?;
    Ok(AfterOnlyFunction { program: lowering.natures.finish(builder.finish()), declared })
}

struct Lowering<'l, 'f, F> {
    emitter: Emitter<'l, 'f, F, AfterBuilder>,
    natures: AfterOnlyBuilder,
    cells: Cells,
    /// The indices of the values that are computed from other values.
    computed: FxHashSet<u32>,
    /// The number of operands of the current instruction so far.
    operand_count: u32,
}

impl<F: Function> Lowering<'_, '_, F> {
    fn blocks(&mut self) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        for block in view.blocks() {
            let params = self.emitter.params(block, self.emitter.layout.is_entered(block));
            let name = self.emitter.layout.block_name(block);
            self.emitter.builder.block(name, view.block_origin(block), None, &params);
            self.compute_numbers(view.block_origin(block));
            if !self.emitter.layout.is_reachable(block) {
                self.emitter.builder.leave([]);
                continue;
            }
            let mut ended = false;
            for instruction in view.instructions(block) {
                if ended {
                    return Err(self.emitter.layout.after_terminator(instruction));
                }
                ended = view.is_terminator(instruction);
                self.instruction(block, instruction)?;
            }
        }
        Ok(())
    }

    fn instruction(&mut self, block: u32, instruction: F::Instruction) -> Result<(), LowerError> {
        let layout = self.emitter.layout;
        let view = layout.view;
        let Some(effect) = view.effect(instruction) else {
            return Err(LowerError::UnknownOpcode { site: self.emitter.layout.site(instruction) });
        };
        self.natures.instruction(effect.making, view.is_movable_load(instruction));
        self.emitter.builder.instruction(false, view.origin(instruction));
        self.operand_count = 0;
        let access = view.access(instruction);
        self.operands(instruction, effect, access);
        match access {
            Some(Access::Load { place, whole, .. }) => {
                let from = self.cells.whole(place, instruction, &mut self.emitter)?;
                self.load(instruction, from, whole);
                return Ok(());
            }
            Some(Access::Store { place, whole, .. }) => {
                let to = self.cells.whole(place, instruction, &mut self.emitter)?;
                self.store(instruction, to, whole);
                return Ok(());
            }
            Some(Access::Address) | None => {}
        }
        let kind = view.role(instruction);
        if kind == view::Role::Safepoint && !view.never_collects(instruction) {
            self.safepoint(instruction)?;
        }
        let mut count = 0;
        for result in view.results(instruction) {
            if effect.making == Making::Computed {
                self.computed.insert(result);
            }
            let at = self.emitter.result(result, kind);
            self.emitter.builder.action(Action::Define { result: count, at });
            count += 1;
        }
        self.compute_numbers(view.origin(instruction));
        let on_edges = EdgeResults::of(view, instruction, kind);
        let locations = self.emitter.define_on_edges(block, &on_edges);
        for (result, &at) in (count..).zip(&locations) {
            self.emitter.builder.action(Action::Define { result, at });
        }
        if view.is_terminator(instruction) {
            self.emitter.leave(instruction, &on_edges, &locations, |target| layout.id(target))?;
        }
        Ok(())
    }

    /// Adds an instruction for each number that was received last.
    fn compute_numbers(&mut self, origin: Origin) {
        for number in self.emitter.received() {
            let at = self.emitter.define(number.value);
            self.computed.insert(number.value);
            self.natures.instruction(Making::Computed, false);
            self.natures.operand(Role::Examined);
            self.emitter.builder.instruction(false, origin);
            self.emitter.builder.action(Action::Use { operand: 0, at: number.from });
            self.emitter.builder.action(Action::Define { result: 0, at });
        }
    }

    /// Adds the operands, except the address of a slot and the value that is moved to the slot.
    fn operands(&mut self, instruction: F::Instruction, effect: Effect, access: Option<Access>) {
        let view = self.emitter.layout.view;
        let (address, moved) = match access {
            Some(Access::Load { address, .. }) => (address, None),
            Some(Access::Store { address, .. }) => (address, Some(0)),
            Some(Access::Address) | None => (None, None),
        };
        for (operand, value) in view.operands(instruction).enumerate() {
            if Some(operand) == address {
                continue;
            }
            self.escape(view.resolve(value), instruction);
            if Some(operand) != moved {
                let (role, at) = (effect.role(operand), self.emitter.used(value));
                if role == Role::Copied && view.is_float(value) {
                    self.natures.float(at);
                }
                self.operand(role, at);
            }
        }
    }

    fn operand(&mut self, role: Role, at: Location) {
        self.natures.operand(role);
        self.emitter.builder.action(Action::Use { operand: self.operand_count, at });
        self.operand_count += 1;
    }

    fn safepoint(&mut self, instruction: F::Instruction) -> Result<(), LowerError> {
        let view = self.emitter.layout.view;
        if !view.stack_map_is_known(instruction) {
            return Err(LowerError::UnprintedStackMap {
                site: self.emitter.layout.site(instruction),
            });
        }
        let mut roots: SmallVec<[Location; 8]> = SmallVec::new();
        for entry in view.stack_map(instruction) {
            let slot = (entry.slot, view.slot_number(entry.slot));
            let root = self.cells.root(slot, entry.offset, entry.size, &mut self.emitter.builder);
            if entry.is_float {
                self.natures.float_root(root);
            }
            roots.push(root);
        }
        self.emitter.builder.safepoint(&roots);
        Ok(())
    }

    fn load(&mut self, instruction: F::Instruction, from: Location, whole: bool) {
        let view = self.emitter.layout.view;
        if !whole {
            self.operand(Role::Examined, from);
        }
        for (result, value) in (0..).zip(view.results(instruction)) {
            let at = self.emitter.define(value);
            self.emitter.builder.action(match whole {
                true => Action::Move { from, to: at },
                false => Action::Define { result, at },
            });
        }
    }

    fn store(&mut self, instruction: F::Instruction, to: Location, whole: bool) {
        let stored = self.emitter.layout.view.operands(instruction).next();
        match stored.filter(|_| whole) {
            Some(value) => {
                let from = self.emitter.used(value);
                if self.emitter.layout.view.is_float(value) {
                    self.natures.float(from);
                }
                self.emitter.builder.action(Action::Move { from, to });
            }
            None => self.emitter.builder.action(Action::Clobber { at: to }),
        }
    }

    /// Returns the declared values that are defined, without duplicates, in id order. Whether a
    /// declared value is an alias of a number is irrelevant here: see `BeforeLowering::declared`,
    /// and an optimizer makes such aliases too.
    fn declared(&self, declared: impl IntoIterator<Item = u32>) -> Vec<Location> {
        let view = self.emitter.layout.view;
        let bound = view.value_bound();
        let in_range = declared.into_iter().filter(|&value| (value as usize) < bound);
        let named: FxHashSet<u32> = in_range.collect();
        let originals = named.iter().map(|&value| view.resolve(value));
        let references = originals.filter(|o| named.contains(o) || !self.computed.contains(o));
        self.emitter.defined(references)
    }

    fn escape(&mut self, value: u32, instruction: F::Instruction) {
        let slot =
            self.emitter.layout.view.slot_of_address(value).and_then(|slot| self.cells.id(slot));
        if let Some(slot) = slot {
            self.emitter.builder.escape(slot, self.emitter.layout.view.origin(instruction));
        }
    }
}

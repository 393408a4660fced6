//! One function alone: what it does with each value, and which slots it moves
//! values to and from.
//!
//! Nothing is the spiller's own here, and nothing the program's: a store of a whole
//! value to a slot is a spill, a load of a whole value a reload, whoever put it
//! there.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use stackmap_verifier::after_only::{AfterOnly, AfterOnlyBuilder, Making, Role};
use stackmap_verifier::model::{Action, AfterBuilder, Location, LocationKind, SlotOwner};

use super::LowerError;
use super::cells::Cells;
use super::definitions::Definitions;
use super::edge_result::{EdgeResults, Passed};
use super::layout::Layout;
use crate::opcode::Effect;
use crate::view::{self, Access, Function, Place};

/// The model of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alone {
    /// The program.
    pub program: AfterOnly,
    /// The declared references, in id order.
    pub declared: Vec<Location>,
}

/// Lowers one function. `declared` are the indices of values that are declared to
/// be references, perhaps of what the function was once; those that it does not
/// define any more are dropped.
///
/// # Errors
///
/// [`LowerError`] if something about the function is unknown.
///
/// Cost: linear in the size of the function.
pub fn lower_alone<F: Function>(
    view: &F,
    declared: impl IntoIterator<Item = u32>,
) -> Result<Alone, LowerError> {
    let mut builder = AfterBuilder::new();
    let slots = view.slots().map(|slot| (slot, SlotOwner::Program));
    let mut lowering = Lowering {
        layout: Layout::new(view, "after")?,
        cells: Cells::new(view, slots, &mut builder),
        values: Definitions::new(view.value_bound()),
        computed: FxHashSet::default(),
        natures: AfterOnlyBuilder::new(),
        builder,
        operand_count: 0,
    };
    lowering.blocks()?;
    let declared = lowering.declared(declared);
    if let Some(value) = lowering.values.undefined() {
        let value = lowering.layout.value_name(value).to_string();
        return Err(LowerError::UndefinedValue { program: "after", value });
    }
    Ok(Alone { program: lowering.natures.finish(lowering.builder.finish()), declared })
}

struct Lowering<'f, F> {
    layout: Layout<'f, F>,
    builder: AfterBuilder,
    natures: AfterOnlyBuilder,
    cells: Cells,
    values: Definitions<Location>,
    /// The values that are computed from others, by index.
    computed: FxHashSet<u32>,
    /// How many operands the current instruction has so far.
    operand_count: u32,
}

impl<F: Function> Lowering<'_, F> {
    fn blocks(&mut self) -> Result<(), LowerError> {
        let view = self.layout.view;
        for block in view.blocks() {
            let params: SmallVec<[Location; 8]> =
                view.params(block).map(|param| self.define(param)).collect();
            let name = self.layout.block_name(block);
            self.builder.block(name, view.block_origin(block), None, &params);
            if !self.layout.is_reachable(block) {
                self.builder.leave([]);
                continue;
            }
            let mut ended = false;
            for instruction in view.instructions(block) {
                if ended {
                    return Err(self.layout.after_terminator(instruction));
                }
                ended = view.is_terminator(instruction);
                self.instruction(block, instruction)?;
            }
        }
        Ok(())
    }

    fn instruction(&mut self, block: u32, instruction: F::Instruction) -> Result<(), LowerError> {
        let view = self.layout.view;
        let Some(effect) = view.effect(instruction) else {
            return Err(LowerError::UnknownOpcode { site: self.layout.site(instruction) });
        };
        self.natures.instruction(effect.making, view.is_movable_load(instruction));
        self.builder.instruction(false, view.origin(instruction));
        self.operand_count = 0;
        let access = view.access(instruction);
        self.operands(instruction, effect, access);
        match access {
            Some(Access::Load { place, whole, .. }) => {
                let from = self.place(place, instruction)?;
                self.load(instruction, from, whole);
                return Ok(());
            }
            Some(Access::Store { place, whole, .. }) => {
                let to = self.place(place, instruction)?;
                self.store(instruction, to, whole);
                return Ok(());
            }
            Some(Access::Address) | None => {}
        }
        let kind = view.role(instruction);
        if kind == view::Role::Safepoint {
            self.safepoint(instruction)?;
        }
        let mut count = 0;
        for result in view.results(instruction) {
            if effect.making == Making::Computed {
                self.computed.insert(result);
            }
            let at = self.define(result);
            self.builder.action(Action::Define { result: count, at });
            count += 1;
        }
        let on_edges = EdgeResults::of(view, instruction, kind);
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

    /// Reads the operands, but for the address of a slot and what is moved to it.
    fn operands(&mut self, instruction: F::Instruction, effect: Effect, access: Option<Access>) {
        let view = self.layout.view;
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
                let (role, at) = (effect.role(operand), self.used(value));
                if role == Role::Copied && view.is_float(value) {
                    self.natures.float(at);
                }
                self.operand(role, at);
            }
        }
    }

    fn operand(&mut self, role: Role, at: Location) {
        self.natures.operand(role);
        self.builder.action(Action::Use { operand: self.operand_count, at });
        self.operand_count += 1;
    }

    fn safepoint(&mut self, instruction: F::Instruction) -> Result<(), LowerError> {
        let view = self.layout.view;
        if !view.stack_map_is_known(instruction) {
            return Err(LowerError::UnprintedStackMap { site: self.layout.site(instruction) });
        }
        let mut roots: SmallVec<[Location; 8]> = SmallVec::new();
        for entry in view.stack_map(instruction) {
            let slot = (entry.slot, view.slot_number(entry.slot));
            let root = self.cells.root(slot, entry.offset, entry.size, &mut self.builder);
            if entry.is_float {
                self.natures.float_root(root);
            }
            roots.push(root);
        }
        self.builder.safepoint(&roots);
        Ok(())
    }

    fn load(&mut self, instruction: F::Instruction, from: Location, whole: bool) {
        let view = self.layout.view;
        if !whole {
            self.operand(Role::Examined, from);
        }
        for (result, value) in (0..).zip(view.results(instruction)) {
            let at = self.define(value);
            self.builder.action(match whole {
                true => Action::Move { from, to: at },
                false => Action::Define { result, at },
            });
        }
    }

    fn store(&mut self, instruction: F::Instruction, to: Location, whole: bool) {
        let stored = self.layout.view.operands(instruction).next();
        match stored.filter(|_| whole) {
            Some(value) => {
                let from = self.used(value);
                if self.layout.view.is_float(value) {
                    self.natures.float(from);
                }
                self.builder.action(Action::Move { from, to });
            }
            None => self.builder.action(Action::Clobber { at: to }),
        }
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
                    Passed::Value(value) => {
                        self.escape(view.resolve(value), terminator);
                        self.used(value)
                    }
                    Passed::Result(result) => {
                        let location = results.position(result).and_then(|i| locations.get(i));
                        *location.ok_or_else(|| self.layout.no_such_result(terminator))?
                    }
                });
            }
            edges.extend(self.layout.id(view.target(edge)).map(|id| (id, start, arguments.len())));
        }
        let arguments = &arguments;
        self.builder.leave(edges.iter().map(|&(id, start, end)| (id, &arguments[start..end])));
        Ok(())
    }

    /// The declared values that are defined, each once, in id order. That a
    /// declared value is an alias of a number says nothing: see
    /// `BeforeLowering::declared`, and an optimizer makes such aliases too.
    fn declared(&self, declared: impl IntoIterator<Item = u32>) -> Vec<Location> {
        let view = self.layout.view;
        let bound = view.value_bound();
        let in_range = declared.into_iter().filter(|&value| (value as usize) < bound);
        let named: FxHashSet<u32> = in_range.collect();
        let originals = named.iter().map(|&value| view.resolve(value));
        let references = originals.filter(|o| named.contains(o) || !self.computed.contains(o));
        let mut declared: Vec<Location> =
            references.filter_map(|original| self.values.defined(original)).collect();
        declared.sort_unstable();
        declared.dedup();
        declared
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

    fn used(&mut self, value: u32) -> Location {
        let value = self.layout.view.resolve(value);
        let kind = || LocationKind::Value(self.layout.value_name(value));
        self.values.used(value, || self.builder.location(kind()))
    }

    fn define(&mut self, value: u32) -> Location {
        let kind = || LocationKind::Value(self.layout.value_name(value));
        self.values.define(value, || self.builder.location(kind()))
    }
}

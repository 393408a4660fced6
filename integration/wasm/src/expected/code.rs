//! The code of each operator in a function.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_clif::ast::{Argument, Block, Definition, Function, Instruction};
use stackmap_clif::view::Role;

/// The description of the alias region of the collector's heap.
const HEAP: &str = "\"GcHeap\"";

/// The description of the alias region of the address of the collector's heap.
const HEAP_BASE: &str = "\"VMStoreContext+0x20\"";

/// A function, with its instructions by source location.
pub(super) struct Code<'f, 't> {
    pub(super) function: &'f Function<'t>,
    /// For each instruction, its source location.
    locations: Vec<Option<u32>>,
    /// For each location, its instructions, by index.
    by_location: BTreeMap<u32, Vec<u32>>,
    /// For each value, its uses.
    uses: Vec<Vec<Use>>,
    /// For each value, the values that it may be a copy of.
    sources: Vec<Vec<u32>>,
    /// For each block parameter that a call defines on an edge, the locations of these calls.
    returned: BTreeMap<u32, BTreeSet<Option<u32>>>,
    /// For each block, the locations of the branches to it.
    entered_from: Vec<BTreeSet<Option<u32>>>,
    /// The declarations in front of the blocks, by name.
    declarations: BTreeMap<&'t str, &'t str>,
    /// The alias regions of the collector's heap.
    pub(super) heap: BTreeSet<&'t str>,
    /// The alias regions of the address of the collector's heap.
    pub(super) heap_base: BTreeSet<&'t str>,
    /// The block of each parameter that is its block's only one.
    only_params: BTreeMap<u32, u32>,
}

/// A use of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// The location of the instruction.
    pub(super) location: Option<u32>,
    /// The block that it is passed to, if it is passed along an edge.
    pub(super) target: Option<u32>,
}

/// For each block, the location of the operator whose code it is, if its parameters belong to the
/// code of one operator: all branches to it are there.
pub(super) struct Homes {
    of_blocks: Vec<Option<u32>>,
    /// For each location, its blocks, in order of the layout.
    blocks: BTreeMap<u32, Vec<u32>>,
}

impl Homes {
    /// Returns the location of the operator whose code a block is.
    pub(super) fn of(&self, block: u32) -> Option<u32> {
        self.of_blocks.get(block as usize).copied().flatten()
    }

    /// Returns the blocks that are the code of the operator at a location.
    pub(super) fn blocks(&self, offset: u32) -> &[u32] {
        self.blocks.get(&offset).map_or(&[], Vec::as_slice)
    }
}

impl<'f, 't> Code<'f, 't> {
    pub(super) fn new(function: &'f Function<'t>) -> Self {
        let locations: Vec<Option<u32>> =
            function.instructions.iter().map(Instruction::location).collect();
        let mut by_location: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (index, location) in (0..).zip(&locations) {
            if let Some(location) = location {
                by_location.entry(*location).or_default().push(index);
            }
        }
        let count = function.values.len();
        let only_params = function.blocks.iter().filter_map(|block| {
            let &[param] = block.params.of(&function.value_pool) else { return None };
            Some((param, block.index))
        });
        let declarations: BTreeMap<&str, &str> = function.declarations.iter().copied().collect();
        let ending = |end: &str| {
            let ending = declarations.iter().filter(|(_, declaration)| declaration.ends_with(end));
            ending.map(|(&name, _)| name).collect()
        };
        let mut code = Code {
            function,
            locations,
            by_location,
            uses: vec![Vec::new(); count],
            sources: vec![Vec::new(); count],
            returned: BTreeMap::new(),
            entered_from: vec![BTreeSet::new(); function.block_positions.len()],
            heap: ending(HEAP),
            heap_base: ending(HEAP_BASE),
            declarations,
            only_params: only_params.collect(),
        };
        for (instruction, location) in function.instructions.iter().zip(code.locations.clone()) {
            code.instruction(instruction, location);
        }
        code
    }

    fn instruction(&mut self, instruction: &Instruction<'t>, location: Option<u32>) {
        let function = self.function;
        let operands = instruction.operands.of(&function.value_pool);
        for &operand in operands {
            self.used(operand, Use { location, target: None });
        }
        let forwarded = match instruction.opcode.class.role() {
            Role::Forward { first } => operands.get(first.into()..).unwrap_or_default(),
            Role::Compute | Role::Safepoint | Role::Jump | Role::Unknown | Role::Plain => &[],
        };
        for &result in instruction.results.of(&function.value_pool) {
            forwarded.iter().for_each(|&source| self.copied(source, result));
        }
        for edge in instruction.edges.of(&function.edge_pool) {
            if let Some(entered) = self.entered_from.get_mut(edge.target as usize) {
                entered.insert(location);
            }
            let params = function.block(edge.target).map(|block| block.params).unwrap_or_default();
            let params = params.of(&function.value_pool);
            let arguments = edge.arguments.of(&function.argument_pool);
            for (argument, &param) in arguments.iter().zip(params) {
                match *argument {
                    Argument::Value(value) => {
                        self.used(value, Use { location, target: Some(edge.target) });
                        self.copied(value, param);
                    }
                    Argument::Return(_) | Argument::Exception(_) => {
                        self.returned.entry(param).or_default().insert(location);
                    }
                }
            }
        }
    }

    fn used(&mut self, value: u32, at: Use) {
        if let Some(uses) = self.uses.get_mut(self.function.resolve(value) as usize) {
            uses.push(at);
        }
    }

    fn copied(&mut self, from: u32, to: u32) {
        let from = self.function.resolve(from);
        if let Some(sources) = self.sources.get_mut(to as usize) {
            sources.push(from);
        }
    }

    /// Returns the declaration of an entity, as written: of `fn0`, for example `u0:3 sig1`.
    pub(super) fn declaration(&self, name: &str) -> Option<&'t str> {
        self.declarations.get(name).copied()
    }

    /// Returns the names of the entities whose declaration `is` accepts.
    pub(super) fn declared(&self, is: impl Fn(&str) -> bool) -> BTreeSet<&'t str> {
        let declarations = self.declarations.iter();
        declarations.filter(|(_, text)| is(text)).map(|(name, _)| *name).collect()
    }

    /// Returns the block whose only parameter a value is.
    pub(super) fn block_of_only_param(&self, value: u32) -> Option<u32> {
        self.only_params.get(&value).copied()
    }

    /// Returns whether an operator has code.
    pub(super) fn has_code(&self, offset: u32) -> bool {
        self.by_location.contains_key(&offset)
    }

    /// Returns the instructions at a location, in order of the layout.
    pub(super) fn at(&self, offset: u32) -> impl Iterator<Item = &'f Instruction<'t>> + '_ {
        let indices = self.by_location.get(&offset).into_iter().flatten();
        indices.filter_map(|&index| self.function.instructions.get(index as usize))
    }

    /// Returns the location of an instruction, by index.
    pub(super) fn location(&self, instruction: u32) -> Option<u32> {
        self.locations.get(instruction as usize).copied().flatten()
    }

    /// Returns the location of a block's first instruction.
    pub(super) fn first_location(&self, block: &Block) -> Option<u32> {
        let first = u32::try_from(block.instructions.start()).ok()?;
        self.location(first).filter(|_| !block.instructions.is_empty())
    }

    /// Returns the uses of a value.
    pub(super) fn uses(&self, value: u32) -> &[Use] {
        self.uses.get(value as usize).map_or(&[], Vec::as_slice)
    }

    /// Returns the parameters of all blocks, and the results of instructions that copy an operand.
    pub(super) fn copies(&self) -> impl Iterator<Item = u32> + '_ {
        let copies = (0..).zip(&self.sources).filter(|(_, sources)| !sources.is_empty());
        copies.map(|(value, _)| value)
    }

    /// Returns the values that a value may be a copy of.
    pub(super) fn sources(&self, value: u32) -> &[u32] {
        self.sources.get(value as usize).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a block parameter receives what a call returns or throws.
    pub(super) fn is_returned(&self, param: u32) -> bool {
        self.returned.contains_key(&param)
    }

    /// Returns whether a block parameter receives what a call returns or throws, other than one at
    /// this location.
    pub(super) fn is_returned_elsewhere(&self, param: u32, offset: u32) -> bool {
        let mut calls = self.returned.get(&param).into_iter().flatten();
        calls.any(|&location| location != Some(offset))
    }

    /// Returns the instruction that defines a value; `None` for a block parameter.
    pub(super) fn definition(&self, value: u32) -> Option<&'f Instruction<'t>> {
        let index = self.definition_index(value)?;
        self.function.instructions.get(index as usize)
    }

    /// Returns the index of the instruction that defines a value; `None` for a block parameter.
    pub(super) fn definition_index(&self, value: u32) -> Option<u32> {
        match self.function.value(self.function.resolve(value)).definition {
            Definition::Result(index) => Some(index),
            Definition::Param | Definition::Missing | Definition::Alias(_) => None,
        }
    }

    /// Returns the parameters of the entry block.
    pub(super) fn entry_params(&self) -> &'f [u32] {
        let entry = self.function.blocks.first();
        entry.map_or(&[], |entry| entry.params.of(&self.function.value_pool))
    }

    /// Finds the blocks that belong to the code of one operator: all branches to them are there,
    /// and it does not transfer control, or else the block begins with code of the same operator.
    /// (Otherwise it is the code of what follows.) `control` lists the operators that do, in order.
    pub(super) fn homes(&self, control: &[u32]) -> Homes {
        let mut of_blocks = vec![None; self.function.block_positions.len()];
        let mut blocks: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for block in &self.function.blocks {
            let mut entered = self.entered_from.get(block.index as usize).into_iter().flatten();
            let (Some(&Some(home)), None) = (entered.next(), entered.next()) else { continue };
            let is_own =
                control.binary_search(&home).is_err() || self.first_location(block) == Some(home);
            if let Some(slot) = of_blocks.get_mut(block.index as usize).filter(|_| is_own) {
                *slot = Some(home);
                blocks.entry(home).or_default().push(block.index);
            }
        }
        Homes { of_blocks, blocks }
    }
}

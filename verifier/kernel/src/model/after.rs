//! The after program: the same operations, with every operand in a location.

use std::fmt;

use super::blocks::{Blocks, Edge, Exit, Mentioned};
use super::cell::Cell;
use super::compact::{Locations, Origins};
use super::entity::{Block, EdgeIndex, InstructionId, Location, Pool, Slot, count};
use super::location::LocationKind;
use super::name::{Name, Origin};

/// The owner of a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotOwner {
    /// The before program has the slot, too. The spiller must not write to it.
    Program,
    /// The spiller created the slot.
    Spiller,
}

/// A stack slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotData {
    /// The slot's name in the input.
    pub name: Name,
    /// Its size in bytes.
    pub size: u32,
    /// The owner of the slot.
    pub owner: SlotOwner,
    /// The origin of a use of the slot's address other than as the address of a load or store,
    /// if there is one. The contents of the slot are then unknowable.
    pub escapes: Option<Origin>,
}

/// One action of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads operand number `operand` of the operation it performs.
    Use {
        /// Index into the before operation's uses.
        operand: u32,
        /// The location that is read.
        at: Location,
    },
    /// Writes result number `result` of the operation it performs.
    Define {
        /// Index into the before operation's defs.
        result: u32,
        /// The location that is written.
        at: Location,
    },
    /// Copies the contents of `from` to `to`: a spill, a reload, a move.
    Move {
        /// The source.
        from: Location,
        /// The destination.
        to: Location,
    },
    /// Writes null: a spiller does so to initialize a root, to clear one, or to create a null
    /// again instead of reloading it.
    Null {
        /// The location to which null is written.
        at: Location,
    },
    /// Writes something unknown.
    Clobber {
        /// The location that is overwritten.
        at: Location,
    },
    /// The collector may run. `roots` names a list, see [`After::roots`].
    Safepoint {
        /// The list of roots.
        roots: RootList,
    },
}

/// Names one list of roots of an [`After`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootList(u32, u32);

/// One instruction of the after program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// Whether it performs the next operation of the counterpart of its block. An
    /// instruction that does not is the spiller's: it may move, write null and clobber, but
    /// not use or define.
    pub performs: bool,
    /// The instruction's actions, in order.
    pub actions: &'a [Action],
    /// The instruction's position in the input.
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct InstructionData {
    performs: bool,
    /// The index of the instruction's first action among all actions. The actions end where
    /// those of the next instruction begin.
    actions: u32,
}

/// The after program. Block 0 is the entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    locations: Locations,
    slots: Vec<SlotData>,
    counterpart: Vec<Option<Block>>,
    blocks: Blocks<Location>,
    instructions: Vec<InstructionData>,
    origins: Origins,
    actions: Vec<Action>,
    roots: Pool<Location>,
    mentioned: Mentioned,
}

impl After {
    /// Returns the number of locations.
    pub fn location_count(&self) -> usize {
        self.locations.len()
    }

    /// Returns the number of blocks.
    pub fn block_count(&self) -> usize {
        self.blocks.names.len()
    }

    /// Returns the number of instructions.
    pub fn instruction_count(&self) -> usize {
        self.instructions.len()
    }

    /// Returns the kind of a location.
    pub fn location(&self, location: Location) -> LocationKind {
        self.locations.get(location.index())
    }

    /// Returns all locations, in id order.
    pub fn locations(&self) -> impl ExactSizeIterator<Item = Location> + use<> {
        (0..self.locations.len()).map(Location::new)
    }

    /// Returns the locations that are cells, in id order.
    pub fn cells(&self) -> impl Iterator<Item = (Location, Cell)> {
        self.locations.cells()
    }

    /// Returns the locations that are registers, in id order.
    pub fn registers(&self) -> impl Iterator<Item = Location> {
        self.locations.registers()
    }

    /// Returns the cell that a location is, if it is one.
    pub fn cell(&self, location: Location) -> Option<Cell> {
        self.locations.cell(location.index())
    }

    /// Whether this location is an SSA value, which is written where it is defined and
    /// nowhere else.
    pub fn is_value(&self, location: Location) -> bool {
        self.locations.is_value(location.index())
    }

    /// Returns the stack slots, in id order.
    pub fn slots(&self) -> &[SlotData] {
        &self.slots
    }

    /// Returns the slot with this id, or `None` if it does not exist: a stack map entry may
    /// name a slot that does not exist.
    pub fn slot(&self, slot: Slot) -> Option<&SlotData> {
        self.slots.get(slot.index())
    }

    /// Returns the counterpart of this block in *before*, or `None` for a split-edge block, which
    /// the spiller put on an edge.
    pub fn counterpart(&self, block: Block) -> Option<Block> {
        self.counterpart[block.index()]
    }

    /// Returns the name of a block in the input.
    pub fn block_name(&self, block: Block) -> Name {
        self.blocks.names.get(block.index())
    }

    /// Returns the position of a block's header in the input.
    pub fn block_origin(&self, block: Block) -> Origin {
        self.blocks.origins.get(block.index())
    }

    /// Returns the locations that the block's incoming edges assign.
    pub fn params(&self, block: Block) -> &[Location] {
        self.blocks.operands.get(self.blocks.params[block.index()])
    }

    /// Returns the ids of the block's instructions, in order.
    pub fn instructions(
        &self,
        block: Block,
    ) -> impl DoubleEndedIterator<Item = InstructionId> + ExactSizeIterator + use<> {
        let (first, len) = self.blocks.items[block.index()];
        (first as usize..(first + len) as usize).map(InstructionId::new)
    }

    /// Returns an instruction.
    pub fn instruction(&self, id: InstructionId) -> Instruction<'_> {
        let data = self.instructions[id.index()];
        let end = self.instructions.get(id.index() + 1).map(|next| next.actions as usize);
        let actions = data.actions as usize..end.unwrap_or(self.actions.len());
        Instruction {
            performs: data.performs,
            actions: self.actions.get(actions).unwrap_or(&[]),
            origin: self.origins.get(id.index()),
        }
    }

    /// Returns the locations that a safepoint's stack map lists, in its order.
    pub fn roots(&self, list: RootList) -> &[Location] {
        self.roots.get((list.0, list.1))
    }

    /// Returns a location that is the same SSA value or register as an earlier one, if there is
    /// one: a write to either then changes both. (Cells may cover the same bytes; each then
    /// overwrites the other.)
    ///
    /// Cost: linear in locations, `n log n` if values have numbers far apart.
    pub fn repeated_location(&self) -> Option<Location> {
        self.locations.repeated()
    }

    /// Whether every location that is mentioned exists.
    pub fn mentions_only_locations(&self) -> bool {
        self.mentioned.are_below(self.locations.len())
    }

    /// Whether the exit of the block was given.
    pub fn is_terminated(&self, block: Block) -> bool {
        self.blocks.exits[block.index()] != Exit::Missing
    }

    /// Returns the block's outgoing edges, in the terminator's order.
    pub fn edges(&self, block: Block) -> impl ExactSizeIterator<Item = Edge<'_, Location>> + Clone {
        self.blocks.edges(block)
    }

    /// Returns one outgoing edge.
    pub fn edge(&self, block: Block, edge: EdgeIndex) -> Option<Edge<'_, Location>> {
        self.blocks.edge(block, edge)
    }

    /// Formats a location as in the input: `v12`, `rax`, `ss0`, `ss1+8`.
    pub fn display_location(&self, location: Location) -> impl fmt::Display + '_ {
        DisplayLocation(self, location)
    }
}

struct DisplayLocation<'a>(&'a After, Location);

impl fmt::Display for DisplayLocation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.location(self.1) {
            LocationKind::Value(name) | LocationKind::Register(name) => name.fmt(f),
            LocationKind::Cell(cell) => {
                match self.0.slot(cell.slot) {
                    Some(slot) => slot.name.fmt(f)?,
                    None => write!(f, "{:?}", cell.slot)?,
                }
                match cell.offset {
                    0 => Ok(()),
                    offset => write!(f, "+{offset}"),
                }
            }
        }
    }
}

/// Builds an [`After`]: locations and slots as they come, then block after
/// block, each with its instructions, their actions, and its exit.
#[derive(Clone, Debug, Default)]
pub struct AfterBuilder(After);

impl AfterBuilder {
    /// Creates an empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for about as many locations and instructions.
    pub fn reserve(&mut self, locations: usize, instructions: usize) {
        self.0.locations.reserve(locations);
        self.0.instructions.reserve(instructions);
        self.0.actions.reserve(instructions.saturating_mul(2));
    }

    /// Adds a location. No two values or registers may have the same name, see
    /// [`After::repeated_location`]. Two cells may cover the same bytes; a write to one then
    /// overwrites the other.
    pub fn location(&mut self, kind: LocationKind) -> Location {
        self.0.locations.push(kind);
        Location::new(self.0.locations.len() - 1)
    }

    /// Adds a slot.
    pub fn slot(&mut self, slot: SlotData) -> Slot {
        self.0.slots.push(slot);
        Slot::new(self.0.slots.len() - 1)
    }

    /// Records that a slot's address is used as a value at `origin`. If there are several such
    /// uses, the first origin is kept.
    pub fn escape(&mut self, slot: Slot, origin: Origin) {
        if let Some(slot) = self.0.slots.get_mut(slot.index()) {
            slot.escapes.get_or_insert(origin);
        }
    }

    /// Begins the next block; the first is the entry, whose counterpart is the entry.
    pub fn block(
        &mut self,
        name: Name,
        origin: Origin,
        counterpart: Option<Block>,
        params: &[Location],
    ) -> Block {
        let first = count(self.0.instructions.len());
        self.0.mentioned.note(params.iter().map(|at| at.index()));
        self.0.blocks.push(name, origin, params, first);
        self.0.counterpart.push(counterpart);
        Block::new(self.0.block_count() - 1)
    }

    /// Begins the current block's next instruction.
    pub fn instruction(&mut self, performs: bool, origin: Origin) -> InstructionId {
        self.0.origins.push(self.0.instructions.len(), origin);
        let actions = count(self.0.actions.len());
        self.0.instructions.push(InstructionData { performs, actions });
        self.0.blocks.count_item();
        InstructionId::new(self.0.instructions.len() - 1)
    }

    /// Adds an action to the current instruction.
    pub fn action(&mut self, action: Action) {
        match action {
            Action::Use { at, .. }
            | Action::Define { at, .. }
            | Action::Null { at }
            | Action::Clobber { at } => self.0.mentioned.note([at.index()]),
            Action::Move { from, to } => self.0.mentioned.note([from.index(), to.index()]),
            // Its roots are noted where the list is made.
            Action::Safepoint { .. } => {}
        }
        if !self.0.instructions.is_empty() {
            self.0.actions.push(action);
        }
    }

    /// Adds a safepoint with these roots to the current instruction.
    pub fn safepoint(&mut self, roots: &[Location]) {
        self.0.mentioned.note(roots.iter().map(|root| root.index()));
        let (start, len) = self.0.roots.extend(roots.iter().copied());
        self.action(Action::Safepoint { roots: RootList(start, len) });
    }

    /// Sets the exit of the current block: these edges, or out of the function if there are
    /// none.
    pub fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [Location])>) {
        let mentioned = &mut self.0.mentioned;
        self.0.blocks.leave(edges.into_iter().inspect(|(_, arguments)| {
            mentioned.note(arguments.iter().map(|at| at.index()));
        }));
    }

    /// Returns the finished program.
    pub fn finish(mut self) -> After {
        self.0.actions.shrink_to_fit();
        self.0.roots.shrink_to_fit();
        self.0.blocks.operands.shrink_to_fit();
        self.0
    }
}

//! The after program: the same operations, with every operand in a location.

use super::blocks::{Blocks, Edge, Exit};
use super::cell::Cell;
use super::entity::{Block, EdgeIndex, InstructionId, Location, Pool, Slot, count};
use super::identity::{Identity, Locations};

/// The owner of a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotOwner {
    /// The before program has the slot, too. The spiller must not write to it.
    Program,
    /// The spiller created the slot.
    Spiller,
}

/// What matters of a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotShape {
    /// Its size in bytes.
    pub size: u32,
    /// The owner of the slot.
    pub owner: SlotOwner,
    /// Whether the slot's address is used other than as the address of a load or store. The
    /// contents of the slot are then unknowable.
    pub escapes: bool,
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
    slots: Vec<SlotShape>,
    counterpart: Vec<Option<Block>>,
    blocks: Blocks<Location>,
    instructions: Vec<InstructionData>,
    actions: Vec<Action>,
    roots: Pool<Location>,
}

impl After {
    /// Returns the number of locations.
    pub fn location_count(&self) -> usize {
        self.locations.len()
    }

    /// Returns the number of blocks.
    pub fn block_count(&self) -> usize {
        self.blocks.params.len()
    }

    /// Returns the number of instructions.
    pub fn instruction_count(&self) -> usize {
        self.instructions.len()
    }

    /// Returns what a location is.
    pub fn identity(&self, location: Location) -> Identity {
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

    /// Returns the cell that a location is, if it is one.
    pub fn cell(&self, location: Location) -> Option<Cell> {
        self.locations.cell(location.index())
    }

    /// Returns the slot with this id, or `None` if it does not exist: a stack map entry may
    /// name a slot that does not exist.
    pub fn slot(&self, slot: Slot) -> Option<&SlotShape> {
        self.slots.get(slot.index())
    }

    /// Returns the counterpart of this block in *before*, or `None` for a split-edge block, which
    /// the spiller put on an edge.
    pub fn counterpart(&self, block: Block) -> Option<Block> {
        self.counterpart[block.index()]
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
        Instruction { performs: data.performs, actions: self.actions.get(actions).unwrap_or(&[]) }
    }

    /// Returns the locations that a safepoint's stack map lists, in its order.
    pub fn roots(&self, list: RootList) -> &[Location] {
        self.roots.get((list.0, list.1))
    }

    /// Returns a location that is the same SSA value or register as an earlier one, if there is
    /// one: a write to either then changes both. (Cells may cover the same bytes; each then
    /// overwrites the other.)
    ///
    /// Cost: linear in locations.
    pub fn repeated_location(&self) -> Option<Location> {
        self.locations.repeated()
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

    /// Adds a location. No two SSA values or registers may have the same number, see
    /// [`After::repeated_location`]. Two cells may cover the same bytes; a write to one then
    /// overwrites the other.
    pub fn location(&mut self, identity: Identity) -> Location {
        self.0.locations.push(identity);
        Location::new(self.0.locations.len() - 1)
    }

    /// Adds a slot.
    pub fn slot(&mut self, slot: SlotShape) -> Slot {
        self.0.slots.push(slot);
        Slot::new(self.0.slots.len() - 1)
    }

    /// Records that a slot's address is used as a value.
    pub fn escape(&mut self, slot: Slot) {
        if let Some(slot) = self.0.slots.get_mut(slot.index()) {
            slot.escapes = true;
        }
    }

    /// Begins the next block; the first is the entry, whose counterpart is the entry.
    pub fn block(&mut self, counterpart: Option<Block>, params: &[Location]) -> Block {
        let first = count(self.0.instructions.len());
        self.0.blocks.push(params, first);
        self.0.counterpart.push(counterpart);
        Block::new(self.0.block_count() - 1)
    }

    /// Begins the current block's next instruction.
    pub fn instruction(&mut self, performs: bool) -> InstructionId {
        let actions = count(self.0.actions.len());
        self.0.instructions.push(InstructionData { performs, actions });
        self.0.blocks.count_item();
        InstructionId::new(self.0.instructions.len() - 1)
    }

    /// Adds an action to the current instruction.
    pub fn action(&mut self, action: Action) {
        if !self.0.instructions.is_empty() {
            self.0.actions.push(action);
        }
    }

    /// Adds a safepoint with these roots to the current instruction.
    pub fn safepoint(&mut self, roots: &[Location]) {
        let (start, len) = self.0.roots.extend(roots.iter().copied());
        self.action(Action::Safepoint { roots: RootList(start, len) });
    }

    /// Sets the exit of the current block: these edges, or out of the function if there are
    /// none.
    pub fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [Location])>) {
        self.0.blocks.leave(edges);
    }

    /// Returns the finished program.
    pub fn finish(mut self) -> After {
        self.0.actions.shrink_to_fit();
        self.0.roots.shrink_to_fit();
        self.0.blocks.operands.shrink_to_fit();
        self.0
    }
}

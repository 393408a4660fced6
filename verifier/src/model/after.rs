//! The after program with its names.

use std::ops::Deref;

use stackmap_kernel::model as kernel;

use super::location::LocationKind;
use super::locations::{Interner, LocationNames};
use super::mentioned::Mentioned;
use super::misuse::{Misuse, Progress};
use super::{Action, Block, InstructionId, Location, Slot, SlotOwner};
use crate::names::{Headers, Name, Origin, Origins};

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

/// The after program. Block 0 is the entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    program: kernel::After,
    locations: LocationNames,
    slots: Vec<SlotData>,
    blocks: Headers,
    origins: Origins,
    mentioned: Mentioned,
    misuse: Option<Misuse>,
}

impl Deref for After {
    type Target = kernel::After;

    fn deref(&self) -> &kernel::After {
        &self.program
    }
}

impl After {
    /// Returns the kind of a location.
    pub fn location(&self, location: Location) -> LocationKind {
        self.locations.kind(self.identity(location))
    }

    /// Returns the locations that are registers, in id order.
    pub fn registers(&self) -> impl Iterator<Item = Location> {
        self.locations.registers()
    }

    /// Whether this location is an SSA value, which is written where it is defined and
    /// nowhere else.
    pub fn is_value(&self, location: Location) -> bool {
        self.locations.is_value(self.identity(location))
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

    /// Returns the name of a block in the input.
    pub fn block_name(&self, block: Block) -> Name {
        self.blocks.names.get(block.index())
    }

    /// Returns the position of a block's header in the input.
    pub fn block_origin(&self, block: Block) -> Origin {
        self.blocks.origins.get(block.index())
    }

    /// Returns the position of an instruction in the input.
    pub fn instruction_origin(&self, id: InstructionId) -> Origin {
        self.origins.get(id.index())
    }

    /// Returns the first call of the builder that meant nothing where it was made, if there is one.
    pub fn misuse(&self) -> Option<Misuse> {
        self.misuse
    }

    /// Whether every location that is mentioned exists.
    pub fn mentions_only_locations(&self) -> bool {
        self.mentioned.are_below(self.location_count())
    }
}

/// Builds an [`After`]: locations and slots as they come, then block after
/// block, each with its instructions, their actions, and its exit.
#[derive(Clone, Debug, Default)]
pub struct AfterBuilder {
    program: kernel::AfterBuilder,
    locations: Interner,
    slots: Vec<SlotData>,
    blocks: Headers,
    origins: Origins,
    mentioned: Mentioned,
    progress: Progress,
}

impl AfterBuilder {
    /// Creates an empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for about as many locations and instructions.
    pub fn reserve(&mut self, locations: usize, instructions: usize) {
        self.program.reserve(locations, instructions);
    }

    /// Adds a location. No two values or registers may have the same name, see
    /// [`repeated_location`](kernel::After::repeated_location). Two cells may cover the same bytes;
    /// a write to one then overwrites the other.
    pub fn location(&mut self, kind: LocationKind) -> Location {
        let is_register = matches!(kind, LocationKind::Register(_));
        let location = self.program.location(self.locations.identity(kind));
        if is_register {
            self.locations.note_register(location);
        }
        location
    }

    /// Adds a slot.
    pub fn slot(&mut self, slot: SlotData) -> Slot {
        let (size, owner, escapes) = (slot.size, slot.owner, slot.escapes.is_some());
        self.slots.push(slot);
        self.program.slot(kernel::SlotShape { size, owner, escapes })
    }

    /// Records that a slot's address is used as a value at `origin`. If there are several such
    /// uses, the first origin is kept.
    pub fn escape(&mut self, slot: Slot, origin: Origin) {
        if let Some(slot) = self.slots.get_mut(slot.index()) {
            slot.escapes.get_or_insert(origin);
        }
        self.program.escape(slot);
    }

    /// Begins a new block; the first is the entry, whose counterpart is the entry.
    pub fn block(
        &mut self,
        name: Name,
        origin: Origin,
        counterpart: Option<Block>,
        params: &[Location],
    ) -> Block {
        let block = self.create_block();
        self.begin(block, name, origin, counterpart, params);
        block
    }

    /// Creates a block that begins later, so that an edge can lead to it before it does. Blocks
    /// begin in the order in which they are created; the first is the entry.
    pub fn create_block(&mut self) -> Block {
        self.progress.create()
    }

    /// Begins a block that was created: it is the current one, to which instructions and its
    /// exit are added. Its counterpart is a block of *before*, or `None` for one that the spiller
    /// put on an edge; its parameters are what its incoming edges assign.
    pub fn begin(
        &mut self,
        block: Block,
        name: Name,
        origin: Origin,
        counterpart: Option<Block>,
        params: &[Location],
    ) {
        self.progress.begin(block);
        self.mentioned.note(params.iter().map(|at| at.index()));
        self.blocks.push(name, origin);
        self.program.block(counterpart, params);
    }

    /// Begins the current block's next instruction.
    pub fn instruction(&mut self, performs: bool, origin: Origin) -> InstructionId {
        self.progress.item("an instruction");
        let id = self.program.instruction(performs);
        self.origins.push(id.index(), origin);
        id
    }

    /// Adds an action to the current instruction.
    pub fn action(&mut self, action: Action) {
        self.progress.action();
        match action {
            Action::Use { at, .. }
            | Action::Define { at, .. }
            | Action::Null { at }
            | Action::Clobber { at } => self.mentioned.note([at.index()]),
            Action::Move { from, to } => self.mentioned.note([from.index(), to.index()]),
            // Its roots are noted where the list is made.
            Action::Safepoint { .. } => {}
        }
        self.program.action(action);
    }

    /// Adds a safepoint with these roots to the current instruction.
    pub fn safepoint(&mut self, roots: &[Location]) {
        self.progress.action();
        self.mentioned.note(roots.iter().map(|root| root.index()));
        self.program.safepoint(roots);
    }

    /// Sets the exit of the current block: these edges, or out of the function if there are
    /// none. To be called once for each block.
    pub fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [Location])>) {
        self.progress.exit();
        let mentioned = &mut self.mentioned;
        self.program.leave(edges.into_iter().inspect(|(_, arguments)| {
            mentioned.note(arguments.iter().map(|at| at.index()));
        }));
    }

    /// Returns the finished program. If the builder was misused, that is [kept](After::misuse) in
    /// it, and it is not verified.
    pub fn finish(self) -> After {
        let AfterBuilder { program, locations, slots, blocks, origins, mentioned, progress } = self;
        let misuse = progress.finish();
        let (program, locations) = (program.finish(), locations.finish());
        After { program, locations, slots, blocks, origins, mentioned, misuse }
    }
}

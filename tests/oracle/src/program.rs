//! Pairs that can be edited.
//!
//! The verifier's models are built once and then read. Here every list is a
//! `Vec`, so that a mutation is an assignment; [`Pair::build`] makes the models.

use stackmap_verifier::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, Cell, Location, LocationKind, Name,
    OperationKind, Origin, Slot, SlotData, SlotOwner, Value,
};

/// An edge: the block it enters and what it passes.
pub type Edge = (usize, Vec<usize>);

/// One operation of a before program. Values are numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The kind of the operation for the verifier.
    pub kind: OperationKind,
    /// The values it observes.
    pub uses: Vec<usize>,
    /// The values it defines.
    pub defs: Vec<usize>,
}

impl Operation {
    /// The values that the results receive their references from.
    pub fn forwarded(&self) -> &[usize] {
        match self.kind {
            OperationKind::Forwards { first } => self.uses.get(usize::from(first)..).unwrap_or(&[]),
            OperationKind::Plain | OperationKind::Safepoint | OperationKind::Null => &[],
        }
    }
}

/// One block of a before program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceBlock {
    /// Its parameters.
    pub params: Vec<usize>,
    /// Its operations.
    pub operations: Vec<Operation>,
    /// The block's outgoing edges.
    pub edges: Vec<Edge>,
}

impl SourceBlock {
    /// Whether a safepoint ends the block and control continues: a `try_call`. Its results
    /// exist on the edges only, and the arguments of the edges are copied after the call.
    pub fn ends_in_call(&self) -> bool {
        let last = self.operations.last();
        !self.edges.is_empty() && last.is_some_and(|o| o.kind == OperationKind::Safepoint)
    }
}

/// A before program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The number of values.
    pub values: usize,
    /// The values declared to be references.
    pub declared: Vec<usize>,
    /// The blocks, the entry first.
    pub blocks: Vec<SourceBlock>,
}

impl Source {
    /// The null constants.
    pub fn nulls(&self) -> impl Iterator<Item = usize> {
        let operations = self.blocks.iter().flat_map(|block| &block.operations);
        operations.filter(|o| o.kind == OperationKind::Null).flat_map(|o| o.defs.iter().copied())
    }
}

/// A place of an after program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// An SSA value.
    Value(u32),
    /// A register.
    Register(u32),
    /// Bytes of a slot.
    Cell {
        /// The slot, by number.
        slot: usize,
        /// First byte.
        offset: u32,
        /// The number of bytes.
        size: u32,
    },
}

/// An action of an instruction. Places are numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Reads an operand.
    Use {
        /// The index of the operand.
        operand: u32,
        /// The place that is read.
        at: usize,
    },
    /// Writes a result.
    Define {
        /// The index of the result.
        result: u32,
        /// The place that is written.
        at: usize,
    },
    /// Copies.
    Move {
        /// The source.
        from: usize,
        /// The destination.
        to: usize,
    },
    /// Writes null.
    Null {
        /// The place that is written.
        at: usize,
    },
    /// Writes something unknown.
    Clobber {
        /// The place that is overwritten.
        at: usize,
    },
    /// Lets the collector run.
    Safepoint {
        /// The roots that the stack map lists.
        roots: Vec<usize>,
    },
}

/// One instruction of an after program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Whether it performs the next operation.
    pub performs: bool,
    /// The instruction's actions, in order.
    pub acts: Vec<Act>,
}

impl Instruction {
    /// A move of the spiller's own.
    pub fn copy(from: usize, to: usize) -> Self {
        Instruction { performs: false, acts: vec![Act::Move { from, to }] }
    }

    /// A null that the spiller writes.
    pub fn null(at: usize) -> Self {
        Instruction { performs: false, acts: vec![Act::Null { at }] }
    }

    /// Returns the location to which the spiller writes null, if the instruction does nothing
    /// else.
    pub fn as_null(&self) -> Option<usize> {
        match *self.acts.as_slice() {
            [Act::Null { at }] if !self.performs => Some(at),
            _ => None,
        }
    }

    /// The source and destination, if this is a move of the spiller's own.
    pub fn as_copy(&self) -> Option<(usize, usize)> {
        match *self.acts.as_slice() {
            [Act::Move { from, to }] if !self.performs => Some((from, to)),
            _ => None,
        }
    }
}

/// One block of an after program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetBlock {
    /// Its counterpart in *before*; `None` for a split-edge block.
    pub counterpart: Option<usize>,
    /// The places its edges assign.
    pub params: Vec<usize>,
    /// Its instructions.
    pub instructions: Vec<Instruction>,
    /// The block's outgoing edges.
    pub edges: Vec<Edge>,
}

/// A stack slot of an after program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackSlot {
    /// The slot's size in bytes.
    pub size: u32,
    /// The owner of the slot.
    pub owner: SlotOwner,
    /// Whether its address is used as a value.
    pub escapes: bool,
}

impl StackSlot {
    /// A slot that the spiller made.
    pub fn of_spiller(size: u32) -> Self {
        StackSlot { size, owner: SlotOwner::Spiller, escapes: false }
    }
}

/// An after program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The places, no two alike.
    pub places: Vec<Place>,
    /// The slots.
    pub slots: Vec<StackSlot>,
    /// The blocks, the entry first.
    pub blocks: Vec<TargetBlock>,
}

impl Target {
    /// The number of a place, which is added if it is new.
    pub fn place(&mut self, place: Place) -> usize {
        let known = self.places.iter().position(|&p| p == place);
        known.unwrap_or_else(|| {
            self.places.push(place);
            self.places.len() - 1
        })
    }

    /// Whether a place is in a slot.
    pub fn is_cell(&self, place: usize) -> bool {
        matches!(self.places[place], Place::Cell { .. })
    }
}

/// A before program and what a spiller made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// The before program.
    pub before: Source,
    /// The after program.
    pub after: Target,
}

/// A pair as the verifier takes it.
#[derive(Clone, Debug)]
pub struct Built {
    /// The before program.
    pub before: Before,
    /// The declared values.
    pub declared: Vec<Value>,
    /// The after program.
    pub after: After,
}

impl Pair {
    /// Makes the models.
    pub fn build(&self) -> Built {
        Built {
            before: self.before.build(),
            declared: self.before.declared.iter().map(|&v| Value::new(v)).collect(),
            after: self.after.build(),
        }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn named(prefix: &'static str, n: usize) -> Name {
    Name::Numbered(prefix, number(n))
}

impl Source {
    fn build(&self) -> Before {
        let mut builder = BeforeBuilder::new();
        for v in 0..self.values {
            builder.value(named("v", v));
        }
        let values = |list: &[usize]| list.iter().map(|&v| Value::new(v)).collect::<Vec<_>>();
        for (i, block) in self.blocks.iter().enumerate() {
            builder.block(named("block", i), Origin::default(), &values(&block.params));
            for Operation { kind, uses, defs } in &block.operations {
                builder.operation(*kind, &values(uses), &values(defs), Origin::default());
            }
            let edges: Vec<_> =
                block.edges.iter().map(|(to, args)| (Block::new(*to), values(args))).collect();
            builder.leave(edges.iter().map(|(to, args)| (*to, args.as_slice())));
        }
        builder.finish()
    }
}

impl Target {
    fn build(&self) -> After {
        let mut builder = AfterBuilder::new();
        for (i, &StackSlot { size, owner, escapes }) in self.slots.iter().enumerate() {
            let (name, escapes) = (named("ss", i), escapes.then(Origin::default));
            builder.slot(SlotData { name, size, owner, escapes });
        }
        for &place in &self.places {
            builder.location(match place {
                Place::Value(n) => LocationKind::Value(Name::Numbered("x", n)),
                Place::Register(n) => LocationKind::Register(Name::Numbered("r", n)),
                Place::Cell { slot, offset, size } => {
                    LocationKind::Cell(Cell { slot: Slot::new(slot), offset, size })
                }
            });
        }
        let places = |list: &[usize]| list.iter().map(|&p| Location::new(p)).collect::<Vec<_>>();
        for (i, block) in self.blocks.iter().enumerate() {
            let counterpart = block.counterpart.map(Block::new);
            builder.block(
                named("after", i),
                Origin::default(),
                counterpart,
                &places(&block.params),
            );
            for instruction in &block.instructions {
                builder.instruction(instruction.performs, Origin::default());
                for act in &instruction.acts {
                    let l = Location::new;
                    match *act {
                        Act::Use { operand, at } => {
                            builder.action(Action::Use { operand, at: l(at) })
                        }
                        Act::Define { result, at } => {
                            builder.action(Action::Define { result, at: l(at) });
                        }
                        Act::Move { from, to } => {
                            builder.action(Action::Move { from: l(from), to: l(to) });
                        }
                        Act::Null { at } => builder.action(Action::Null { at: l(at) }),
                        Act::Clobber { at } => builder.action(Action::Clobber { at: l(at) }),
                        Act::Safepoint { ref roots } => builder.safepoint(&places(roots)),
                    }
                }
            }
            let edges: Vec<_> =
                block.edges.iter().map(|(to, args)| (Block::new(*to), places(args))).collect();
            builder.leave(edges.iter().map(|(to, args)| (*to, args.as_slice())));
        }
        builder.finish()
    }
}

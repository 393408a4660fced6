//! A function alone, in a form that can be edited.

use stackmap_verifier::after_only::{AfterOnly, AfterOnlyBuilder, Making, Role};
use stackmap_verifier::model::{
    Action, After, AfterBuilder, Block, InstructionId, Location, LocationKind, Name, Origin,
    SlotData,
};

/// A step of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Anything but a safepoint.
    Action(Action),
    /// A safepoint, with its roots and whether the stack map gives each a floating-point type.
    Safepoint(Vec<(Location, bool)>),
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The kind of its results.
    pub making: Making,
    /// Whether it is a load that may be moved.
    pub is_movable_load: bool,
    /// The roles of its operands.
    pub roles: Vec<Role>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Its position in the input.
    pub origin: Origin,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockDraft {
    name: Name,
    origin: Origin,
    /// The locations that the edges into it assign.
    pub params: Vec<Location>,
    /// Its instructions.
    pub instructions: Vec<Instruction>,
    /// Its outgoing edges: the target of each, and the arguments.
    pub edges: Vec<(Block, Vec<Location>)>,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    slots: Vec<SlotData>,
    locations: Vec<LocationKind>,
    floats: Vec<Location>,
    /// Its blocks, by id.
    pub blocks: Vec<BlockDraft>,
}

impl Draft {
    /// Creates a draft of a program.
    pub fn new(program: &AfterOnly) -> Self {
        let after = program.after();
        let blocks = (0..after.block_count()).map(Block::new).map(|block| BlockDraft {
            name: after.block_name(block),
            origin: after.block_origin(block),
            params: after.params(block).to_vec(),
            instructions: after.instructions(block).map(|id| instruction(program, id)).collect(),
            edges: after.edges(block).map(|e| (e.target, e.arguments.to_vec())).collect(),
        });
        Draft {
            slots: after.slots().to_vec(),
            locations: after.locations().map(|at| after.location(at)).collect(),
            floats: after.locations().filter(|&at| program.is_float(at)).collect(),
            blocks: blocks.collect(),
        }
    }

    /// Builds the program from the draft.
    pub fn build(&self) -> AfterOnly {
        let (mut after, mut known) = (AfterBuilder::new(), AfterOnlyBuilder::new());
        self.slots.iter().for_each(|slot| {
            after.slot(slot.clone());
        });
        self.locations.iter().for_each(|kind| {
            after.location(kind.clone());
        });
        self.floats.iter().for_each(|&at| known.float(at));
        for block in &self.blocks {
            after.block(block.name.clone(), block.origin, None, &block.params);
            for instruction in &block.instructions {
                build(instruction, &mut after, &mut known);
            }
            after.leave(block.edges.iter().map(|(target, args)| (*target, &args[..])));
        }
        known.finish(after.finish())
    }

    /// Replaces all reads of `value` by reads of `by`.
    pub fn rename(&mut self, value: Location, by: Location) {
        let rename = |at: &mut Location| {
            if *at == value {
                *at = by;
            }
        };
        for block in &mut self.blocks {
            let steps = block.instructions.iter_mut().flat_map(|i| &mut i.steps);
            for step in steps {
                match step {
                    Step::Action(Action::Use { at, .. } | Action::Move { from: at, .. }) => {
                        rename(at);
                    }
                    Step::Action(
                        Action::Define { .. }
                        | Action::Null { .. }
                        | Action::Clobber { .. }
                        | Action::Safepoint { .. },
                    )
                    | Step::Safepoint(_) => {}
                }
            }
            block.edges.iter_mut().flat_map(|(_, arguments)| arguments).for_each(rename);
        }
    }
}

impl Instruction {
    /// Returns the source and the destination of a move, if the instruction is nothing but one.
    pub fn as_move(&self) -> Option<(Location, Location)> {
        match *self.steps.as_slice() {
            [Step::Action(Action::Move { from, to })] => Some((from, to)),
            _ => None,
        }
    }

    /// Returns the locations that it reads.
    pub fn reads(&self) -> impl Iterator<Item = Location> + '_ {
        self.steps.iter().filter_map(|step| match *step {
            Step::Action(Action::Use { at, .. } | Action::Move { from: at, .. }) => Some(at),
            Step::Action(
                Action::Define { .. }
                | Action::Null { .. }
                | Action::Clobber { .. }
                | Action::Safepoint { .. },
            )
            | Step::Safepoint(_) => None,
        })
    }

    /// Returns the locations that it writes.
    pub fn writes(&self) -> impl Iterator<Item = Location> + '_ {
        self.steps.iter().filter_map(|step| match *step {
            Step::Action(
                Action::Define { at, .. }
                | Action::Null { at }
                | Action::Clobber { at }
                | Action::Move { to: at, .. },
            ) => Some(at),
            Step::Action(Action::Use { .. } | Action::Safepoint { .. }) | Step::Safepoint(_) => {
                None
            }
        })
    }
}

fn instruction(program: &AfterOnly, id: InstructionId) -> Instruction {
    let after: &After = program.after();
    let data = after.instruction(id);
    let step = |&action: &Action| match action {
        Action::Safepoint { roots } => {
            let root = |&root| (root, program.is_float_root(id, root));
            Step::Safepoint(after.roots(roots).iter().map(root).collect())
        }
        Action::Use { .. }
        | Action::Define { .. }
        | Action::Move { .. }
        | Action::Null { .. }
        | Action::Clobber { .. } => Step::Action(action),
    };
    Instruction {
        making: program.making(id),
        is_movable_load: program.is_movable_load(id),
        roles: (0..).map_while(|operand| program.role(id, operand)).collect(),
        steps: data.actions.iter().map(step).collect(),
        origin: after.instruction_origin(id),
    }
}

fn build(instruction: &Instruction, after: &mut AfterBuilder, known: &mut AfterOnlyBuilder) {
    after.instruction(false, instruction.origin);
    known.instruction(instruction.making, instruction.is_movable_load);
    instruction.roles.iter().for_each(|&role| known.operand(role));
    for step in &instruction.steps {
        match step {
            Step::Action(action) => after.action(*action),
            Step::Safepoint(roots) => {
                let list: Vec<Location> = roots.iter().map(|&(root, _)| root).collect();
                after.safepoint(&list);
                let floats = roots.iter().filter(|(_, float)| *float);
                floats.for_each(|&(root, _)| known.float_root(root));
            }
        }
    }
}

//! Small random programs.

use stackmap_verifier::after_only::{AfterOnly, AfterOnlyBuilder, Making, Role};
use stackmap_verifier::model::{
    Action, AfterBuilder, Block, Cell, Location, LocationKind, Name, Origin, Slot, SlotData,
    SlotOwner,
};

use crate::dice::Dice;

pub(crate) const MAKINGS: [Making; 4] =
    [Making::Unknown, Making::Constant, Making::Address, Making::Computed];

pub(crate) const ROLES: [Role; 5] =
    [Role::Given, Role::Dereferenced, Role::Copied, Role::Offset, Role::Examined];

/// A program, and the values declared to be references.
#[derive(Clone, Debug)]
pub struct AfterOnlyFunction {
    /// The program, in SSA form, with blocks behind those that dominate them.
    pub program: AfterOnly,
    /// The declared values; mostly none.
    pub declared: Vec<Location>,
}

/// Generates a program from these dice.
pub fn program(dice: &mut Dice<'_>) -> AfterOnlyFunction {
    let mut writer = Writer::new(dice);
    // Dominators come first, so that their definitions are known.
    let mut order: Vec<usize> = (0..writer.targets.len()).collect();
    let depth = |&block: &usize| (0..order.len()).filter(|&d| writer.dominates(d, block)).count();
    let depths: Vec<usize> = order.iter().map(depth).collect();
    order.sort_by_key(|&block| depths[block]);
    for block in order {
        for _ in 0..writer.dice.below(7) {
            let instruction = writer.instruction(block);
            writer.defined[block].extend(instruction.result);
            writer.code[block].push(instruction);
        }
    }
    writer.finish()
}

#[derive(Default)]
struct Instruction {
    making: Option<Making>,
    roles: Vec<Role>,
    actions: Vec<Action>,
    roots: Option<Vec<Location>>,
    result: Option<Location>,
    is_movable_load: bool,
    float_roots: Vec<Location>,
}

struct Writer<'d, 'b> {
    dice: &'d mut Dice<'b>,
    builder: AfterBuilder,
    values: u32,
    /// Whole slots, and a part of the first of them.
    cells: Vec<Location>,
    /// Those that stack maps list.
    roots: Vec<Location>,
    part: Location,
    /// For each block, the targets of its edges. Block 0 is the entry.
    targets: Vec<Vec<usize>>,
    params: Vec<Vec<Location>>,
    /// For each block, its parameters and results.
    defined: Vec<Vec<Location>>,
    code: Vec<Vec<Instruction>>,
    /// The values of a floating-point type.
    floats: Vec<Location>,
}

impl<'d, 'b> Writer<'d, 'b> {
    fn new(dice: &'d mut Dice<'b>) -> Self {
        let mut builder = AfterBuilder::new();
        let mut roots = Vec::new();
        let cells = (0..dice.between(1, 3)).map(|slot| {
            let number = u32::try_from(slot).unwrap_or(u32::MAX);
            let name = Name::Numbered("ss", number);
            let escapes = dice.chance(10).then(Origin::default);
            builder.slot(SlotData { name, size: 8, owner: SlotOwner::Spiller, escapes });
            let cell = cell(&mut builder, slot, 0, 8);
            // Nothing is certain about a root in a slot whose address is used as a value.
            if escapes.is_none() || dice.chance(20) {
                roots.push(cell);
            }
            cell
        });
        let cells = cells.collect();
        let part = cell(&mut builder, 0, 4, 4);
        let count = dice.between(1, 5);
        let targets: Vec<Vec<usize>> =
            (0..count).map(|_| (0..dice.below(3)).map(|_| dice.below(count)).collect()).collect();
        let mut writer = Writer {
            dice,
            builder,
            values: 0,
            cells,
            roots,
            part,
            targets,
            params: Vec::new(),
            defined: Vec::new(),
            code: (0..count).map(|_| Vec::new()).collect(),
            floats: Vec::new(),
        };
        for block in 0..count {
            // Ensures that a value is available everywhere.
            let params = usize::from(block == 0) + writer.dice.below(2);
            let params = (0..params).map(|_| writer.value()).collect();
            writer.params.push(params);
        }
        writer.defined = writer.params.clone();
        writer
    }

    fn value(&mut self) -> Location {
        self.values += 1;
        let kind = LocationKind::Value(Name::Numbered("v", self.values - 1));
        let value = self.builder.location(kind);
        if self.dice.chance(3) {
            self.floats.push(value);
        }
        value
    }

    /// Returns a value that is available in a block.
    fn known(&mut self, block: usize) -> Location {
        let dominators = (0..self.targets.len()).filter(|&d| self.dominates(d, block));
        let known: Vec<Location> =
            dominators.flat_map(|d| self.defined[d].iter().copied()).collect();
        // The entry has a parameter.
        self.dice.pick(&known).unwrap_or(self.params[0][0])
    }

    /// Returns a cell that a value is moved to or from. Some cells overlap.
    fn cell(&mut self) -> Location {
        match self.dice.chance(5) {
            true => self.part,
            false => self.dice.pick(&self.cells).unwrap_or(self.part),
        }
    }

    fn instruction(&mut self, block: usize) -> Instruction {
        let mut made = Instruction::default();
        match self.dice.below(8) {
            0 | 1 => {
                let (from, to) = (self.known(block), self.cell());
                made.actions.push(Action::Move { from, to });
            }
            2 | 3 => {
                let (from, to) = (self.cell(), self.value());
                made.actions.push(Action::Move { from, to });
                made.result = Some(to);
            }
            4 | 5 => {
                let roots = self.roots.clone();
                let listed: Vec<Location> =
                    roots.into_iter().filter(|_| !self.dice.chance(33)).collect();
                made.float_roots = listed.iter().copied().filter(|_| self.dice.chance(5)).collect();
                made.roots = Some(listed);
                self.operands(&mut made, block, &[Role::Given]);
                made.result = self.dice.chance(50).then(|| self.value());
            }
            6 if self.dice.chance(25) => {
                made.actions.push(Action::Clobber { at: self.part });
            }
            6 => {
                made.making = Some(Making::Computed);
                self.operands(&mut made, block, &[Role::Offset]);
                made.result = Some(self.value());
            }
            _ if self.dice.chance(25) => {
                made.is_movable_load = true;
                self.operands(&mut made, block, &[Role::Dereferenced]);
                made.result = Some(self.value());
            }
            _ => {
                made.making = self.dice.pick(&MAKINGS);
                let copies = self.dice.chance(50);
                // An instruction does not both copy an operand and add another to it.
                let roles = ROLES.map(|role| match (role, copies) {
                    (Role::Offset, true) | (Role::Copied, false) => Role::Examined,
                    (
                        Role::Dereferenced
                        | Role::Given
                        | Role::Copied
                        | Role::Offset
                        | Role::Examined,
                        _,
                    ) => role,
                });
                self.operands(&mut made, block, &roles);
                made.result = self.dice.chance(75).then(|| self.value());
            }
        }
        made
    }

    fn operands(&mut self, made: &mut Instruction, block: usize, roles: &[Role]) {
        for operand in (0..).take(self.dice.below(3)) {
            made.roles.extend(self.dice.pick(roles));
            made.actions.push(Action::Use { operand, at: self.known(block) });
        }
    }

    /// Whether every path from the entry to `below` goes through `above`. If there is no such
    /// path, whether they are the same block or `above` is the entry.
    fn dominates(&self, above: usize, below: usize) -> bool {
        if above == below || above == 0 {
            return true;
        }
        let reaches = |without: Option<usize>| {
            let mut seen = vec![false; self.targets.len()];
            let mut work = vec![0];
            while let Some(block) = work.pop() {
                if Some(block) != without && !std::mem::replace(&mut seen[block], true) {
                    work.extend(&self.targets[block]);
                }
            }
            seen[below]
        };
        reaches(None) && !reaches(Some(above))
    }

    fn finish(mut self) -> AfterOnlyFunction {
        let mut natures = AfterOnlyBuilder::new();
        for (block, number) in (0..self.targets.len()).zip(0..) {
            let name = Name::Numbered("block", number);
            self.builder.block(name, Origin::default(), None, &self.params[block]);
            for instruction in &self.code[block] {
                write(&mut self.builder, &mut natures, instruction);
            }
            let edges: Vec<(Block, Vec<Location>)> = self.targets[block]
                .clone()
                .into_iter()
                .map(|target| {
                    let params = self.params[target].len();
                    (Block::new(target), (0..params).map(|_| self.known(block)).collect())
                })
                .collect();
            self.builder.leave(edges.iter().map(|(target, arguments)| (*target, &arguments[..])));
        }
        self.floats.iter().for_each(|&at| natures.float(at));
        let mut declared = Vec::new();
        if self.dice.chance(33) {
            let defined = self.defined.iter().flatten().copied();
            declared = defined.filter(|_| self.dice.chance(25)).collect();
        }
        AfterOnlyFunction { program: natures.finish(self.builder.finish()), declared }
    }
}

fn cell(builder: &mut AfterBuilder, slot: usize, offset: u32, size: u32) -> Location {
    builder.location(LocationKind::Cell(Cell { slot: Slot::new(slot), offset, size }))
}

fn write(builder: &mut AfterBuilder, natures: &mut AfterOnlyBuilder, instruction: &Instruction) {
    builder.instruction(false, Origin::default());
    let making = instruction.making.unwrap_or(Making::Unknown);
    natures.instruction(making, instruction.is_movable_load);
    instruction.float_roots.iter().for_each(|&root| natures.float_root(root));
    instruction.roles.iter().for_each(|&role| natures.operand(role));
    for &action in &instruction.actions {
        builder.action(action);
    }
    if let Some(roots) = &instruction.roots {
        builder.safepoint(roots);
    }
    let moves = instruction.actions.iter().any(|action| matches!(action, Action::Move { .. }));
    if let Some(at) = instruction.result.filter(|_| !moves) {
        builder.action(Action::Define { result: 0, at });
    }
}

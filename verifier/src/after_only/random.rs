//! Small random programs, for the tests.

use super::program::{AfterOnly, AfterOnlyBuilder, Making, Role};
use crate::model::{
    Action, AfterBuilder, Block, Cell, Location, LocationKind, Name, Origin, Slot, SlotData,
    SlotOwner,
};

/// A generator of numbers (xorshift64*).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

struct Instruction {
    making: Making,
    roles: Vec<Role>,
    actions: Vec<Action>,
    roots: Option<Vec<Location>>,
    result: Option<Location>,
}

/// A random program, and the values declared to be references.
pub(super) fn program(seed: u64) -> (AfterOnly, Vec<Location>) {
    let dice = &mut Dice::new(seed);
    let mut builder = AfterBuilder::new();
    let mut cells = Vec::new();
    for number in 0..2 {
        let data = SlotData {
            name: Name::Numbered("ss", number),
            size: 8,
            owner: SlotOwner::Spiller,
            escapes: None,
        };
        let slot = builder.slot(data);
        cells.push(cell(&mut builder, slot, 0, 8));
    }
    let part = cell(&mut builder, Slot::new(0), 4, 4);
    let mut values = 0;
    let mut value = |builder: &mut AfterBuilder| {
        values += 1;
        builder.location(LocationKind::Value(Name::Numbered("v", values - 1)))
    };
    // The graph: block 0 is the entry.
    let count = 1 + dice.below(4);
    let mut targets: Vec<Vec<usize>> = Vec::new();
    for _ in 0..count {
        let edges = dice.below(3);
        targets.push((0..edges).map(|_| dice.below(count)).collect());
    }
    let params: Vec<Vec<Location>> = (0..count)
        .map(|block| {
            let least = usize::from(block == 0);
            (0..least + dice.below(2)).map(|_| value(&mut builder)).collect()
        })
        .collect();
    // Dominators first.
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&block| (0..count).filter(|&d| dominates(&targets, d, block)).count());
    let mut defined: Vec<Vec<Location>> = params.clone();
    let mut code: Vec<Vec<Instruction>> = (0..count).map(|_| Vec::new()).collect();
    for &block in &order {
        for _ in 0..dice.below(6) {
            let known = known(&targets, &defined, block);
            let instruction = instruction(dice, &known, &cells, part, || value(&mut builder));
            defined[block].extend(instruction.result);
            code[block].push(instruction);
        }
    }
    let mut natures = AfterOnlyBuilder::new();
    for block in 0..count {
        let name = Name::Numbered("block", u32::try_from(block).unwrap());
        builder.block(name, Origin::default(), None, &params[block]);
        for instruction in &code[block] {
            builder.instruction(false, Origin::default());
            natures.instruction(instruction.making, false);
            instruction.roles.iter().for_each(|&role| natures.operand(role));
            for &action in &instruction.actions {
                builder.action(action);
            }
            if let Some(roots) = &instruction.roots {
                builder.safepoint(roots);
            }
            if let Some(at) = instruction.result
                && !instruction.actions.iter().any(|a| matches!(a, Action::Move { .. }))
            {
                builder.action(Action::Define { result: 0, at });
            }
        }
        let known = known(&targets, &defined, block);
        let edges: Vec<(Block, Vec<Location>)> = targets[block]
            .iter()
            .map(|&target| {
                let arguments = params[target].iter().map(|_| dice.pick(&known)).collect();
                (Block::new(target), arguments)
            })
            .collect();
        builder.leave(edges.iter().map(|(target, arguments)| (*target, &arguments[..])));
    }
    let declared: Vec<Location> = match dice.below(3) {
        0 => defined.iter().flatten().copied().filter(|_| dice.below(4) == 0).collect(),
        _ => Vec::new(),
    };
    (natures.finish(builder.finish()), declared)
}

fn cell(builder: &mut AfterBuilder, slot: Slot, offset: u32, size: u32) -> Location {
    builder.location(LocationKind::Cell(Cell { slot, offset, size }))
}

fn instruction(
    dice: &mut Dice,
    known: &[Location],
    cells: &[Location],
    part: Location,
    value: impl FnOnce() -> Location,
) -> Instruction {
    let mut made = Instruction {
        making: Making::Unknown,
        roles: Vec::new(),
        actions: Vec::new(),
        roots: None,
        result: None,
    };
    let roles = [Role::Dereferenced, Role::Given, Role::Copied, Role::Offset, Role::Examined];
    match dice.below(8) {
        0 | 1 => {
            made.actions.push(Action::Move { from: dice.pick(known), to: dice.pick(cells) });
        }
        2 | 3 => {
            let (from, to) = (dice.pick(cells), value());
            made.actions.push(Action::Move { from, to });
            made.result = Some(to);
        }
        4 | 5 => {
            made.roots = Some(cells.iter().copied().filter(|_| dice.below(3) > 0).collect());
            made.operands(dice, known, &[Role::Given]);
            made.result = (dice.below(2) == 0).then(value);
        }
        6 if dice.below(4) == 0 => made.actions.push(Action::Clobber { at: part }),
        _ => {
            let all = [Making::Constant, Making::Address, Making::Computed, Making::Unknown];
            made.making = dice.pick(&all);
            made.operands(dice, known, &roles);
            made.result = (dice.below(4) > 0).then(value);
        }
    }
    made
}

impl Instruction {
    fn operands(&mut self, dice: &mut Dice, known: &[Location], roles: &[Role]) {
        for operand in 0..u32::try_from(dice.below(3)).unwrap() {
            self.roles.push(dice.pick(roles));
            self.actions.push(Action::Use { operand, at: dice.pick(known) });
        }
    }
}

/// What may be used in a block.
fn known(targets: &[Vec<usize>], defined: &[Vec<Location>], block: usize) -> Vec<Location> {
    let dominators = (0..targets.len()).filter(|&d| dominates(targets, d, block));
    dominators.flat_map(|d| defined[d].iter().copied()).collect()
}

/// Whether every path from the entry to `below` goes through `above`; or there is
/// none, and they are the same block or `above` is the entry.
fn dominates(targets: &[Vec<usize>], above: usize, below: usize) -> bool {
    if above == below || above == 0 {
        return true;
    }
    let reaches = |without: Option<usize>| {
        let mut seen = vec![false; targets.len()];
        let mut work = vec![0];
        while let Some(block) = work.pop() {
            if Some(block) != without && !std::mem::replace(&mut seen[block], true) {
                work.extend(&targets[block]);
            }
        }
        seen[below]
    };
    reaches(None) && !reaches(Some(above))
}

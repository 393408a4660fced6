//! Models with random ids.

use stackmap_verifier::after_only::AfterOnlyBuilder;
use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Block, Cell, Location, LocationKind, Name, OperationKind,
    Origin, Slot, SlotData, SlotOwner, Value,
};

use crate::after_only::generate::{AfterOnlyFunction, MAKINGS, ROLES};
use crate::dice::Dice;
use crate::program::Built;

/// The number of ids; some of them do not exist.
const IDS: usize = 6;

/// A pair of models with random ids in all places.
pub fn garbage(dice: &mut Dice<'_>) -> Built {
    let declared = list(dice, Value::new);
    let mut before = BeforeBuilder::new();
    for v in 0..dice.below(IDS) {
        before.value(Name::Numbered("v", number(v)));
    }
    for b in 0..dice.below(IDS) {
        before.block(
            Name::Numbered("block", number(b)),
            Origin::default(),
            &list(dice, Value::new),
        );
        for _ in 0..dice.below(3) {
            let kinds = [
                OperationKind::Plain,
                OperationKind::Forwards { first: 1 },
                OperationKind::Safepoint,
                OperationKind::Null,
            ];
            let kind = dice.pick(&kinds).unwrap_or(OperationKind::Plain);
            let (uses, defs) = (list(dice, Value::new), list(dice, Value::new));
            before.operation(kind, &uses, &defs, Origin::default());
        }
        if !dice.chance(10) {
            let edges = edges(dice, Value::new);
            before.leave(edges.iter().map(|(to, args)| (*to, args.as_slice())));
        }
    }
    Built { before: before.finish(), declared, after: after(dice) }
}

/// A model of one function alone, with random ids in all places.
pub fn garbage_after_only(dice: &mut Dice<'_>) -> AfterOnlyFunction {
    let declared = list(dice, Location::new);
    let after = after(dice);
    let mut natures = AfterOnlyBuilder::new();
    for _ in 0..dice.below(10) {
        if let Some(making) = dice.pick(&MAKINGS) {
            natures.instruction(making, dice.chance(20));
        }
        (0..dice.below(3)).filter_map(|_| dice.pick(&ROLES)).for_each(|r| natures.operand(r));
    }
    AfterOnlyFunction { program: natures.finish(after), declared }
}

fn after(dice: &mut Dice<'_>) -> stackmap_verifier::model::After {
    let mut after = AfterBuilder::new();
    for s in 0..dice.below(3) {
        let owner = if dice.chance(20) { SlotOwner::Program } else { SlotOwner::Spiller };
        let escapes = dice.chance(10).then(Origin::default);
        let (name, size) = (Name::Numbered("ss", number(s)), number(dice.below(17)));
        after.slot(SlotData { name, size, owner, escapes });
    }
    for l in 0..dice.below(IDS) {
        let extreme = [0, 1, 4, 8, u32::MAX - 1, u32::MAX];
        let mut bytes = || dice.pick(&extreme).unwrap_or(0);
        let (offset, size) = (bytes(), bytes());
        after.location(match dice.below(3) {
            0 => LocationKind::Value(Name::Numbered("x", number(l))),
            1 => LocationKind::Register(Name::Numbered("r", number(l))),
            _ => LocationKind::Cell(Cell { slot: Slot::new(dice.below(4)), offset, size }),
        });
    }
    for b in 0..dice.below(IDS) {
        let counterpart =
            (!dice.chance(20)).then(|| Block::new(if b == 0 { 0 } else { dice.below(IDS) }));
        let params = list(dice, Location::new);
        after.block(Name::Numbered("after", number(b)), Origin::default(), counterpart, &params);
        for _ in 0..dice.below(4) {
            after.instruction(dice.chance(70), Origin::default());
            for _ in 0..dice.below(3) {
                let (at, other) = (location(dice), location(dice));
                let index = number(dice.below(3));
                match dice.below(6) {
                    0 => after.action(Action::Use { operand: index, at }),
                    1 => after.action(Action::Define { result: index, at }),
                    2 => after.action(Action::Move { from: at, to: other }),
                    3 => after.action(Action::Clobber { at }),
                    4 => after.action(Action::Null { at }),
                    _ => after.safepoint(&list(dice, Location::new)),
                }
            }
        }
        if !dice.chance(10) {
            let edges = edges(dice, Location::new);
            after.leave(edges.iter().map(|(to, args)| (*to, args.as_slice())));
        }
    }
    after.finish()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn location(dice: &mut Dice<'_>) -> Location {
    Location::new(dice.below(IDS))
}

fn list<T>(dice: &mut Dice<'_>, new: impl Fn(usize) -> T) -> Vec<T> {
    (0..dice.below(3)).map(|_| new(dice.below(IDS))).collect()
}

fn edges<T>(dice: &mut Dice<'_>, new: impl Fn(usize) -> T) -> Vec<(Block, Vec<T>)> {
    (0..dice.below(3)).map(|_| (Block::new(dice.below(IDS)), list(dice, &new))).collect()
}

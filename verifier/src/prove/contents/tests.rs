//! Tests that a pair with more claims than the limit is not solved.

use super::solve_within;
use crate::Collector;
use crate::model::{
    Action, AfterBuilder, BeforeBuilder, Block, LocationKind, Name, OperationKind, Origin,
};
use crate::prove::pair::Pair;
use crate::prove::plain::Plain;
use crate::unsupported::Unsupported;

#[test]
fn claims_are_counted() {
    let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
    let origin = Origin::default();
    let block = |n| Name::Numbered("block", n);
    let value = before.value(Name::Numbered("v", 0));
    let at = after.location(LocationKind::Value(Name::Numbered("v", 0)));
    let entry = before.block(block(0), origin, &[value]);
    before.leave([(Block::new(1), &[][..])]);
    let next = before.block(block(1), origin, &[]);
    before.operation(OperationKind::Plain, &[value], &[], origin);
    before.leave([]);
    after.block(block(0), origin, Some(entry), &[at]);
    after.leave([(Block::new(1), &[][..])]);
    after.block(block(1), origin, Some(next), &[]);
    after.instruction(true, origin);
    after.action(Action::Use { operand: 0, at });
    after.leave([]);
    let (before, after) = (before.finish(), after.finish());
    let pair = Pair::new(&before, &[], &after).expect("a pair");
    // The values observed in the second block are claimed at the start of both.
    let solved = |most| {
        let solution = solve_within(&pair, &Plain::none(), Collector::Moving, most);
        solution.map(|solution| solution.failures.len())
    };
    assert_eq!(solved(1), Err(Unsupported::TooLarge { most: 1 }));
    assert_eq!(solved(2), Ok(0));
}

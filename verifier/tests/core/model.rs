//! The builders hand out ids in order, and the models say what was put in.

use stackmap_verifier::model::{
    AfterBuilder, BeforeBuilder, Name, OperationKind, Origin, SlotData, SlotOwner,
};

fn at(line: u32) -> Origin {
    Origin { line, column: 1, length: 1 }
}

#[test]
fn before_programs() {
    let mut before = BeforeBuilder::new();
    for n in 0..3 {
        let block = before.block(Name::Numbered("block", 0), at(1), &[]);
        assert_eq!(block.index(), n);
        for i in 0..2 {
            let operation = before.operation(OperationKind::Plain, &[], &[], at(2));
            assert_eq!(operation.index(), 2 * n + i);
        }
        before.leave([]);
    }
    let before = before.finish();
    assert_eq!((before.block_count(), before.operation_count()), (3, 6));
}

#[test]
fn after_programs() {
    let mut after = AfterBuilder::new();
    for n in 0..3 {
        let name = Name::Numbered("ss", 0);
        let slot = SlotData { name, size: 8, owner: SlotOwner::Spiller, escapes: None };
        assert_eq!(after.slot(slot).index(), n);
    }
    let mut blocks = Vec::new();
    for (n, line) in (7..10).enumerate() {
        let block = after.block(Name::Numbered("block", 0), at(line), None, &[]);
        assert_eq!(block.index(), n);
        blocks.push(block);
        for i in 0..2 {
            assert_eq!(after.instruction(false, at(2)).index(), 2 * n + i);
        }
        after.leave([]);
    }
    let after = after.finish();
    assert_eq!((after.block_count(), after.instruction_count()), (3, 6));
    let lines: Vec<u32> = blocks.iter().map(|&block| after.block_origin(block).line).collect();
    assert_eq!(lines, [7, 8, 9]);
}

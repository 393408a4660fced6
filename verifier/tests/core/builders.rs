//! What builders are told in an order that means nothing is not dropped, and both programs as text.

use stackmap_verifier::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, Cell, LocationKind, Misuse, Name,
    OperationKind, Origin, SlotData, SlotOwner,
};
use stackmap_verifier::{Options, Outcome, Unsupported, verify};

/// Calls of a builder, and what is wrong with them.
type Wrong<'w, B> = (Misuse, &'w dyn Fn(&mut B));

const NOWHERE: Origin = Origin { line: 0, column: 0, length: 0 };

fn block(number: u32) -> Name {
    Name::Numbered("block", number)
}

fn before(build: impl FnOnce(&mut BeforeBuilder)) -> Before {
    let mut builder = BeforeBuilder::new();
    build(&mut builder);
    builder.finish()
}

fn after(build: impl FnOnce(&mut AfterBuilder)) -> After {
    let mut builder = AfterBuilder::new();
    build(&mut builder);
    builder.finish()
}

fn operation(builder: &mut BeforeBuilder) {
    builder.operation(OperationKind::Plain, &[], &[], NOWHERE);
}

/// A block with an operation, and one behind it.
fn right_before() -> Before {
    before(|builder| {
        let [entry, exit] = std::array::from_fn(|_| builder.create_block());
        builder.begin(entry, block(0), NOWHERE, &[]);
        operation(builder);
        builder.leave([(exit, &[][..])]);
        builder.begin(exit, block(1), NOWHERE, &[]);
        builder.leave([]);
    })
}

fn right_after() -> After {
    after(|builder| {
        let [entry, exit] = std::array::from_fn(|_| builder.create_block());
        builder.begin(entry, block(0), NOWHERE, Some(Block::new(0)), &[]);
        builder.instruction(true, NOWHERE);
        builder.leave([(exit, &[][..])]);
        builder.begin(exit, block(1), NOWHERE, Some(Block::new(1)), &[]);
        builder.leave([]);
    })
}

fn outcome(before: &Before, after: &After) -> Outcome {
    verify(before, &[], after, &Options::default()).outcome
}

#[test]
fn blocks_that_are_created_and_begun_in_order() {
    let (before, after) = (right_before(), right_after());
    assert_eq!((before.misuse(), after.misuse()), (None, None));
    assert_eq!(outcome(&before, &after), Outcome::Verified);
}

#[test]
fn calls_in_a_wrong_order_before() {
    let b = Block::new;
    let begin = |builder: &mut BeforeBuilder, n| {
        builder.begin(b(n), block(0), NOWHERE, &[]);
    };
    let wrong: [Wrong<'_, BeforeBuilder>; 8] = [
        (Misuse::NoBlock { what: "an operation" }, &operation),
        (Misuse::NoBlock { what: "an exit" }, &|builder| builder.leave([])),
        (Misuse::SecondExit { block: b(0) }, &|builder| {
            builder.block(block(0), NOWHERE, &[]);
            builder.leave([]);
            builder.leave([]);
        }),
        (Misuse::NotCreated { block: b(0) }, &|builder| begin(builder, 0)),
        (Misuse::NotCreated { block: b(0) }, &|builder| {
            builder.create_block();
            begin(builder, 0);
            begin(builder, 0);
        }),
        (Misuse::Order { begun: b(1), created: b(0) }, &|builder| {
            builder.create_block();
            builder.create_block();
            begin(builder, 1);
        }),
        (Misuse::Order { begun: b(1), created: b(0) }, &|builder| {
            builder.create_block();
            builder.block(block(0), NOWHERE, &[]);
        }),
        (Misuse::NotBegun { block: b(1) }, &|builder| {
            builder.create_block();
            builder.create_block();
            begin(builder, 0);
        }),
    ];
    for (misuse, build) in wrong {
        let before = before(build);
        assert_eq!(before.misuse(), Some(misuse));
        let expected = Unsupported::Misbuilt { program: "before", misuse };
        assert_eq!(outcome(&before, &right_after()), Outcome::Unsupported(expected));
    }
}

#[test]
fn calls_in_a_wrong_order_after() {
    let begin = |builder: &mut AfterBuilder| {
        builder.block(block(0), NOWHERE, Some(Block::new(0)), &[]);
    };
    let wrong: [Wrong<'_, AfterBuilder>; 5] = [
        (Misuse::NoBlock { what: "an instruction" }, &|builder| {
            builder.instruction(true, NOWHERE);
        }),
        (Misuse::NoInstruction { block: Block::new(0) }, &|builder| builder.safepoint(&[])),
        (Misuse::NoInstruction { block: Block::new(0) }, &|builder| {
            begin(builder);
            let at = builder.location(LocationKind::Register(block(0)));
            builder.action(Action::Clobber { at });
        }),
        // It would be one of the instruction in the block before.
        (Misuse::NoInstruction { block: Block::new(1) }, &|builder| {
            begin(builder);
            builder.instruction(true, NOWHERE);
            builder.leave([]);
            begin(builder);
            builder.safepoint(&[]);
        }),
        (Misuse::SecondExit { block: Block::new(0) }, &|builder| {
            begin(builder);
            builder.leave([]);
            builder.leave([]);
        }),
    ];
    for (misuse, build) in wrong {
        let after = after(build);
        assert_eq!(after.misuse(), Some(misuse));
        let expected = Unsupported::Misbuilt { program: "after", misuse };
        assert_eq!(outcome(&right_before(), &after), Outcome::Unsupported(expected));
    }
}

#[test]
fn programs_are_displayed() {
    let before = before(|builder| {
        let v = [0, 1].map(|number| builder.value(Name::Numbered("v", number)));
        builder.block(block(0), NOWHERE, &[v[0]]);
        builder.operation(OperationKind::Forwards { first: 1 }, &[v[0], v[0]], &[v[1]], NOWHERE);
        builder.leave([(Block::new(0), &[v[1]][..])]);
    });
    let text = "block block0 v0\n  forwards 1 v0 v0 -> v1\n  edge block0 v1\n";
    assert_eq!(before.to_string(), text);
    let after = after(|builder| {
        let name = Name::Text("a slot".into());
        let owner = SlotOwner::Spiller;
        let slot = builder.slot(SlotData { name, size: 8, owner, escapes: None });
        let cell = |offset, size| LocationKind::Cell(Cell { slot, offset, size });
        let [register, whole, again, part, value] = [
            LocationKind::Register(Name::Text("rax".into())),
            cell(0, 8),
            cell(0, 8),
            cell(4, 4),
            LocationKind::Value(Name::Numbered("v", 3)),
        ]
        .map(|kind| builder.location(kind));
        builder.block(block(0), NOWHERE, Some(Block::new(0)), &[register]);
        builder.instruction(false, NOWHERE);
        builder.action(Action::Move { from: whole, to: again });
        builder.instruction(true, NOWHERE);
        builder.action(Action::Null { at: part });
        builder.safepoint(&[value, register]);
        builder.leave([]);
    });
    let text = "slot \"a slot\" 8 spiller\nblock block0 for block0 %rax\n  inserted; move [\"a slot\"] \
                -> [\"a slot\"/2]\n  performs; null [\"a slot\"+4:4]; safepoint v3 %rax\n  leave\n";
    assert_eq!(after.display(&before).to_string(), text);
    assert_eq!(after.to_string(), text.replace("for block0", "for block#0"));
}

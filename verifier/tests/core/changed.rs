//! Two programs that part: where, and on what path.

use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, LocationKind, Name, OperationKind,
    Origin,
};
use stackmap_verifier::{Options, Outcome, Report, Unsupported, certify, prove, solve, verify};

/// A block: its counterpart (`None` for a split-edge block), whether each of its
/// instructions performs something, and the blocks it leads to.
type Shape<'s> = (Option<usize>, &'s [bool], &'s [usize]);

/// Lines of *before* come behind those of *after*, a hundred later.
const BEFORE: u32 = 100;

fn origin(line: u32, block: usize, item: usize) -> Origin {
    let number = u32::try_from(10 * block + item).expect("few blocks");
    Origin { line: line + number + 1, column: 1, length: 1 }
}

fn name(prefix: &'static str, block: usize) -> Name {
    Name::Numbered(prefix, u32::try_from(block).expect("few blocks"))
}

fn targets(
    to: &[usize],
) -> impl Iterator<Item = (Block, &'static [stackmap_verifier::model::Value])> {
    to.iter().map(|&b| (Block::new(b), &[][..]))
}

/// Blocks with so many plain operations and these targets.
fn before(blocks: &[(usize, &[usize])]) -> Before {
    let mut builder = BeforeBuilder::new();
    for (b, &(operations, to)) in blocks.iter().enumerate() {
        builder.block(name("block", b), origin(BEFORE, b, 0), &[]);
        for i in 0..operations {
            builder.operation(OperationKind::Plain, &[], &[], origin(BEFORE, b, i + 1));
        }
        builder.leave(targets(to));
    }
    builder.finish()
}

fn after(blocks: &[Shape<'_>]) -> After {
    let mut builder = AfterBuilder::new();
    let x = builder.location(LocationKind::Value(Name::Text("x".into())));
    for (b, &(counterpart, instructions, to)) in blocks.iter().enumerate() {
        builder.block(name("after", b), origin(0, b, 0), counterpart.map(Block::new), &[]);
        for (i, &performs) in instructions.iter().enumerate() {
            builder.instruction(performs, origin(0, b, i + 1));
            if !performs {
                builder.action(Action::Clobber { at: x });
            }
        }
        builder.leave(to.iter().map(|&b| (Block::new(b), &[][..])));
    }
    builder.finish()
}

/// Every way in says the same, and none that the pair is right.
fn report(before: &Before, after: &After) -> Report {
    let options = Options::default();
    let report = verify(before, &[], after, &options);
    let solved = solve(before, &[], after, &options);
    assert_eq!((&report.outcome, &report.findings), (&solved.outcome, &solved.findings));
    if report.outcome == Outcome::Violated {
        assert_eq!(prove(before, &[], after), Ok(None));
        let (certified, certificate) = certify(before, &[], after, &options);
        assert_eq!(certified.outcome, Outcome::Violated);
        assert_eq!(certificate, None);
    }
    report
}

fn finding(report: &Report) -> &Finding {
    assert_eq!(report.outcome, Outcome::Violated);
    let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
    assert_eq!(finding.code, Code::ChangedProgram);
    finding
}

/// The message, and each label with its block and line.
fn told(finding: &Finding) -> Vec<String> {
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
    let labels = labels.map(|label| {
        let (block, line) = (&label.site.block, label.site.origin.line);
        format!("{block}:{line}: {}", label.text)
    });
    std::iter::once(finding.message.clone()).chain(labels).collect()
}

fn path(finding: &Finding) -> Vec<&str> {
    let last = finding.witness.last().expect("a path");
    assert_eq!(last.events, std::slice::from_ref(&finding.primary));
    finding.witness.iter().map(|block| block.site.block.as_str()).collect()
}

/// A branch to two blocks that both end: before, and the shape that performs it.
const BRANCH: &[(usize, &[usize])] = &[(1, &[1, 2]), (1, &[]), (1, &[])];

#[test]
fn the_arms_of_a_branch_are_exchanged() {
    let good =
        after(&[(Some(0), &[true], &[1, 2]), (Some(1), &[true], &[]), (Some(2), &[true], &[])]);
    assert_eq!(report(&before(BRANCH), &good).outcome, Outcome::Verified);
    let bad =
        after(&[(Some(0), &[true], &[2, 1]), (Some(1), &[true], &[]), (Some(2), &[true], &[])]);
    let report = report(&before(BRANCH), &bad);
    let finding = finding(&report);
    assert_eq!(
        told(finding),
        [
            "an edge of `after0` leads elsewhere than before spilling",
            "after0:2: this leads to `after2`",
            "block0:102: before spilling, the edge leads to `block1`"
        ]
    );
    let notes: Vec<&str> = finding.notes.iter().map(|note| note.text.as_str()).collect();
    let other = "the same, also here: this leads to `after1`; before spilling, the edge leads to \
                 `block2`";
    assert_eq!(notes, [other]);
    assert_eq!(path(finding), ["after0"]);
}

#[test]
fn an_edge_is_added_or_missing() {
    for to in [&[1][..], &[1, 2, 2], &[]] {
        let bad =
            after(&[(Some(0), &[true], to), (Some(1), &[true], &[]), (Some(2), &[true], &[])]);
        assert_eq!(
            told(finding(&report(&before(BRANCH), &bad))),
            [
                "`after0` is left in another way than before spilling".to_owned(),
                format!("after0:2: {} edges leave the block here", to.len()),
                "block0:102: 2 edges leave it before spilling".to_owned(),
            ]
        );
    }
}

#[test]
fn an_instruction_is_added_or_missing() {
    let line = before(&[(0, &[1]), (2, &[])]);
    let at_end = |instructions| after(&[(Some(0), &[], &[1]), (Some(1), instructions, &[])]);
    assert_eq!(report(&line, &at_end(&[true, false, true])).outcome, Outcome::Verified);
    let missing = report(&line, &at_end(&[true, false]));
    assert_eq!(
        told(finding(&missing)),
        [
            "`after1` does not do all that it does before spilling",
            "after1:11: this block lacks an instruction",
            "block1:113: this is missing after spilling",
        ]
    );
    assert_eq!(path(finding(&missing)), ["after0", "after1"]);
    let added = report(&line, &at_end(&[true, true, false, true]));
    assert_eq!(
        told(finding(&added)),
        [
            "`after1` does something that it does not do before spilling",
            "after1:15: the program does not do this here",
            "block1:111: the block before spilling",
        ]
    );
}

#[test]
fn an_inserted_instruction_does_more_than_move() {
    let line = before(&[(0, &[])]);
    let actions: [fn(&mut AfterBuilder); 3] = [
        |a| a.action(Action::Use { operand: 0, at: stackmap_verifier::model::Location::new(0) }),
        |a| a.action(Action::Define { result: 0, at: stackmap_verifier::model::Location::new(0) }),
        |a| a.safepoint(&[]),
    ];
    for action in actions {
        let mut builder = AfterBuilder::new();
        builder.location(LocationKind::Value(Name::Text("x".into())));
        builder.block(name("after", 0), origin(0, 0, 0), Some(Block::new(0)), &[]);
        builder.instruction(false, origin(0, 0, 1));
        action(&mut builder);
        builder.leave([]);
        assert_eq!(
            told(finding(&report(&line, &builder.finish()))),
            [
                "an inserted instruction does more than move and clobber",
                "after0:2: the program does not have this instruction"
            ]
        );
    }
}

#[test]
fn another_entry() {
    let two = before(&[(0, &[1]), (0, &[])]);
    for counterpart in [Some(1), None] {
        let bad = after(&[(counterpart, &[], &[])]);
        assert_eq!(
            told(finding(&report(&two, &bad))),
            [
                "the function begins in another block than before spilling",
                "after0:1: the function begins here",
                "block0:101: before spilling, it begins here",
            ]
        );
    }
}

#[test]
fn another_number_of_parameters() {
    let mut builder = BeforeBuilder::new();
    let v0 = builder.value(name("v", 0));
    builder.block(name("block", 0), origin(BEFORE, 0, 0), &[v0]);
    builder.leave([]);
    assert_eq!(
        told(finding(&report(&builder.finish(), &after(&[(Some(0), &[], &[])])))),
        [
            "the function has 0 parameters, and 1 before spilling",
            "after0:1: 0 parameters",
            "block0:101: 1 parameters",
        ]
    );
}

#[test]
fn what_comes_behind_a_difference_is_not_told() {
    // The block behind the wrong edge lacks an operation, which nobody can say of it:
    // its counterpart is a block that the path in lockstep does not get to.
    let chain = before(&[(0, &[1]), (0, &[2]), (1, &[])]);
    let bad = after(&[(Some(0), &[], &[1]), (Some(2), &[], &[])]);
    let report = report(&chain, &bad);
    assert!(finding(&report).message.contains("leads elsewhere"));
}

#[test]
fn nothing_is_asked_where_nothing_runs() {
    let line = before(&[(0, &[]), (1, &[0]), (3, &[])]);
    let unreached: &[Shape<'_>] = &[
        (Some(0), &[], &[]),
        (Some(1), &[], &[1, 1]),
        (Some(2), &[true; 9], &[3]),
        (None, &[true], &[]),
    ];
    assert_eq!(report(&line, &after(unreached)).outcome, Outcome::Verified);
}

#[test]
fn a_split_edge_block_is_left_by_one_edge() {
    let line = before(&[(1, &[1]), (0, &[])]);
    let split_edge =
        |to| after(&[(Some(0), &[true], &[1]), (None, &[false], to), (Some(1), &[], &[])]);
    assert_eq!(report(&line, &split_edge(&[2])).outcome, Outcome::Verified);
    for to in [&[][..], &[2, 2]] {
        assert_eq!(
            told(finding(&report(&line, &split_edge(to)))),
            [
                "`after1` is neither a block of the program nor a way along one of its edges"
                    .to_owned(),
                format!("after1:12: {} edges leave the block here", to.len()),
            ]
        );
    }
    assert_eq!(path(finding(&report(&line, &split_edge(&[])))), ["after0", "after1"]);
    let performs = after(&[(Some(0), &[true], &[1]), (None, &[true], &[2]), (Some(1), &[], &[])]);
    assert!(finding(&report(&line, &performs)).message.contains("does something that it does not"));
}

#[test]
fn a_split_edge_block_leads_where_the_edge_did() {
    let bad = after(&[
        (Some(0), &[true], &[3, 2]),
        (Some(1), &[true], &[]),
        (Some(2), &[true], &[]),
        (None, &[], &[4]),
        (None, &[], &[2]),
    ]);
    let report = report(&before(BRANCH), &bad);
    assert_eq!(
        told(finding(&report)),
        [
            "an edge of `after0` leads elsewhere than before spilling",
            "after0:2: this leads to `after2`",
            "block0:102: before spilling, the edge leads to `block1`",
        ]
    );
    assert_eq!(path(finding(&report)), ["after0"]);
}

#[test]
fn split_edge_blocks_that_lead_in_a_circle() {
    let line = before(&[(1, &[1]), (0, &[])]);
    for circle in [&[(None, &[][..], &[1][..])][..], &[(None, &[], &[2]), (None, &[], &[1])]] {
        let first: Shape<'_> = (Some(0), &[true], &[1]);
        let bad = after(&[&[first], circle].concat());
        let report = report(&line, &bad);
        assert!(finding(&report).message.contains("in a circle"), "{:?}", finding(&report));
        assert!(finding(&report).primary.text.ends_with("`after1` and never on"));
    }
}

/// A split-edge block on both edges of a branch, with these targets before spilling, and
/// this one after.
fn shared(targets: &[usize], end: usize) -> Report {
    let branch = before(&[(1, targets), (1, &[]), (1, &[])]);
    report(
        &branch,
        &after(&[
            (Some(0), &[true], &[3, 3]),
            (Some(1), &[true], &[]),
            (Some(2), &[true], &[]),
            (None, &[], &[4]),
            (None, &[], &[end]),
        ]),
    )
}

#[test]
fn a_split_edge_block_on_two_edges_is_wrong_if_they_led_apart() {
    let apart = shared(&[1, 2], 1);
    assert_eq!(
        told(finding(&apart)),
        [
            "an edge of `after0` leads elsewhere than before spilling",
            "after0:2: this leads to `after1`",
            "block0:102: before spilling, the edge leads to `block2`",
        ]
    );
    let other = shared(&[1, 2], 2);
    assert!(finding(&other).primary.text.contains("`after2`"), "{:?}", finding(&other));
    let both = shared(&[1, 1], 2);
    assert_eq!(finding(&both).notes.len(), 1, "{:?}", finding(&both));
    // What is right of each edge may be so of both, but the proof cannot tell them apart.
    let right = shared(&[1, 1], 1);
    let Outcome::Unsupported(reason) = right.outcome else { panic!("{:?}", right.outcome) };
    assert_eq!(reason, Unsupported::SharedSplitEdge { block: "after3".to_owned() });
    assert_eq!(reason.to_string(), "after3 is on several edges of the before function");
}

#[test]
fn many_differences_are_counted() {
    // A table with two hundred entries, of which each leads elsewhere.
    let (ones, twos) = (vec![1; 200], vec![2; 200]);
    let table = before(&[(1, &ones), (0, &[]), (0, &[])]);
    let bad = after(&[(Some(0), &[true], &twos), (Some(1), &[], &[]), (Some(2), &[], &[])]);
    let one = report(&table, &bad);
    let notes = &finding(&one).notes;
    assert_eq!((notes.len(), notes[4].text.as_str()), (5, "and 195 times more"));

    // And one that leads to two hundred blocks, of which each lacks an operation.
    let targets: Vec<usize> = (1..=200).collect();
    let mut blocks: Vec<(usize, &[usize])> = vec![(1, &targets)];
    let mut shapes: Vec<Shape<'_>> = vec![(Some(0), &[true], &targets)];
    for &target in &targets {
        blocks.push((1, &[]));
        shapes.push((Some(target), &[], &[]));
    }
    let many = report(&before(&blocks), &after(&shapes));
    assert_eq!(many.findings.len(), 100);
    let last = many.findings.last().expect("a finding");
    assert_eq!(last.notes[0].text, "and 100 more differences, which are not shown");
}

//! Views are right: on all recorded logs, what is live and what slots hold is what other analyses
//! say of it.

mod recorded;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use stackmap_clif::after_only::read_after_only;
use stackmap_clif::log::Recordings;
use stackmap_clif::lower::AfterOnlyFunction;
use stackmap_clif::pair::Text;
use stackmap_clif::version::AtLeast;
use stackmap_verifier::liveness::Liveness;
use stackmap_verifier::model::{Block, Value};
use stackmap_verifier::pair::{Pair, Step};
use stackmap_verifier::timeline::{Alone, Held, Timeline};
use stackmap_verifier::{Collector, Options, Outcome};

use recorded::logs;

/// The pairs of all recorded logs, their verdicts, and the texts of the functions after.
fn pairs(mut with: impl FnMut(&Pair<'_>, &Outcome, Text<'_>)) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let folders = ["historical", "fixtures", "corpus", "cases"];
    for log in folders.iter().flat_map(|folder| logs(&tests.join(folder))) {
        let reader = BufReader::new(File::open(&log).expect("a log"));
        for recording in Recordings::new(reader).flatten() {
            let Ok(pair) = recording.read() else { continue };
            let Ok(report) = pair.verify(&Options::default()) else { continue };
            let Some(model) = pair.model() else { continue };
            if let Ok(aligned) = Pair::new(&model.before, &model.declared, &model.after) {
                with(&aligned, &report.outcome, recording.texts()[1]);
            }
        }
    }
}

fn blocks(pair: &Pair<'_>) -> Vec<Block> {
    pair.reachable().ones().map(Block::new).collect()
}

#[test]
fn what_is_live_behind_an_operation_is_live_across_it_unless_it_is_made_there() {
    let mut compared = 0;
    pairs(|pair, _, _| {
        let liveness = Liveness::new(pair);
        for block in blocks(pair) {
            let Some(counterpart) = pair.after().counterpart(block) else { continue };
            let mut earlier = pair.after().instructions(block).rev();
            liveness.visit(block, |_, live| {
                let Some(operation) = earlier.next().and_then(|id| pair.performed(id)) else {
                    return;
                };
                let made = pair.before().operation(operation).defs;
                let across = liveness.references().iter().copied();
                let across = across.filter(|v| live.contains(*v) && !made.contains(v));
                let across: Vec<Value> = across.collect();
                assert_eq!(across, liveness.across(counterpart, operation));
                compared += 1;
            });
        }
    });
    assert!(compared > 5000, "{compared}");
}

#[test]
fn nothing_is_live_at_the_entry_but_parameters_and_nothing_in_unreachable_blocks() {
    pairs(|pair, outcome, _| {
        if *outcome != Outcome::Verified {
            return;
        }
        let liveness = Liveness::new(pair);
        let params = pair.before().params(Block::new(0));
        let mut first = Vec::new();
        liveness.visit(Block::new(0), |_, live| {
            let references = liveness.references().iter().copied();
            first = references.filter(|value| live.contains(*value)).collect();
        });
        assert!(first.iter().all(|value| params.contains(value)), "{first:?}");
        let unreachable = (0..pair.after().block_count()).map(Block::new);
        for block in unreachable.filter(|block| !pair.reachable().contains(block.index())) {
            liveness.visit(block, |_, _| panic!("it is visited"));
        }
    });
}

#[test]
fn a_function_alone_is_a_pair_in_which_each_root_was_written() {
    let (mut functions, mut roots) = (0, 0);
    pairs(|_, outcome, after| {
        let Ok(function) = read_after_only(after, &[], AtLeast::UNKNOWN) else { return };
        let AfterOnlyFunction { program, declared } = function;
        let alone = Alone::new(program.after(), &declared).expect("edges pass SSA values");
        let Ok(pair) = Pair::new(&alone.before, &alone.declared, &alone.after) else { return };
        functions += 1;
        let all: Vec<_> = alone.after.locations().collect();
        let mut timeline = Timeline::new(&pair, Collector::Moving, &all);
        assert!(timeline.solve(usize::MAX));
        for block in blocks(&pair) {
            let mut state = timeline.at_start(block).expect("it is reached");
            for (_, step) in pair.steps(block) {
                if let Step::Safepoint { roots: list } = step
                    && *outcome == Outcome::Verified
                {
                    for &root in alone.after.roots(list) {
                        let held = state.content(root).expect("it is followed");
                        assert!(!held.on_some_path().contains(&Held::Nothing));
                        roots += 1;
                    }
                }
                state.step(step);
            }
        }
    });
    assert!(functions > 500 && roots > 1000, "{functions} functions, {roots} roots");
}

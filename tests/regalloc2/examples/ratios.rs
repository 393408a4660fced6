//! Prints the cost of verification, relative to the cost of allocation in the same run, and
//! that of regalloc2's checker. An item is a read, a write, a move, a clobber or a stack map
//! entry.
//!
//! ```text
//! cargo run --release -p stackmap-regalloc2-tests --no-default-features --example ratios
//! ```
//!
//! Without default features, since regalloc2's `fuzzing` feature comes with a
//! trace log that slows its allocators down. An argument is the largest number of
//! instructions.

use std::hint::black_box;
use std::time::{Duration, Instant};

use regalloc2::{Algorithm, Function};
use stackmap_regalloc2::{Model, to_model};
use stackmap_regalloc2_tests::case::{ALGORITHMS, Case, allocate};
use stackmap_regalloc2_tests::shapes::{self, Shape, Shaped};
use stackmap_regalloc2_tests::{checker, derive, machine};
use stackmap_verifier::model::InstructionId;
use stackmap_verifier::{Options, Outcome};

/// The measurements of one case.
struct Row {
    algorithm: Algorithm,
    instructions: usize,
    edits: usize,
    roots: usize,
    actions: usize,
    allocation: Duration,
    checker: Duration,
    reading: Duration,
    verification: Duration,
}

fn main() {
    let most = std::env::args().nth(1).and_then(|arg| arg.parse().ok()).unwrap_or(100_000);
    println!(
        "| allocator | instructions | edits | map entries | allocation | checker / allocation \
         | reading / allocation | verifying / allocation | both / checker | verifying, ns an item |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let sizes = [1_000, 3_000, 10_000, 30_000, 100_000];
    for algorithm in ALGORITHMS {
        for instructions in sizes.into_iter().filter(|&size| size <= most) {
            print(&measure(algorithm, instructions));
        }
    }
}

fn measure(algorithm: Algorithm, instructions: usize) -> Row {
    let shape = Shape { instructions, block: 8, calls: 10, clobber_all: false, ion_only: false };
    let Shaped { program, mut references, safepoints, .. } = shapes::function(7, shape);
    derive::widen(&program, &mut references);
    let env = machine::env(true);
    let runs = (300_000 / instructions).clamp(3, 30);
    let allocation = fastest(runs, || allocate(&program, &env, algorithm));
    let output = match allocate(&program, &env, algorithm) {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    };
    let checker = fastest(1, || checker::accepts(&program, &env, &output));
    let case = Case::new(&program, env, output, references, &safepoints);
    let input = case.input();
    let reading = fastest(runs, || to_model(&input));
    let model = match to_model(&input) {
        Ok(model) => model,
        Err(error) => panic!("{error}"),
    };
    let options = Options::default();
    assert_eq!(model.verify(&options).outcome, Outcome::Verified);
    Row {
        algorithm,
        instructions: program.num_insts(),
        edits: case.output.edits.len(),
        roots: case.safepoints.iter().map(|safepoint| safepoint.roots.len()).sum(),
        actions: actions(&model),
        allocation,
        checker,
        reading,
        verification: fastest(runs, || model.verify(&options)),
    }
}

/// Returns the number of reads, writes, moves and clobbers.
fn actions(model: &Model) -> usize {
    let instructions = (0..model.after.instruction_count()).map(InstructionId::new);
    instructions.map(|id| model.after.instruction(id).actions.len()).sum()
}

/// Returns the time of the shortest of several runs, which was disturbed least.
fn fastest<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let timed = (0..runs).map(|_| {
        let start = Instant::now();
        let made = black_box(run());
        let took = start.elapsed();
        drop(made);
        took
    });
    timed.min().unwrap_or_default()
}

fn print(row: &Row) {
    let ratio = |time: Duration| time.as_secs_f64() / row.allocation.as_secs_f64();
    let ours = row.reading + row.verification;
    let items = (row.actions + row.roots).max(1);
    println!(
        "| {:?} | {} | {} | {} | 1 | {:.1} | {:.2} | {:.2} | {:.4} | {:.0} |",
        row.algorithm,
        row.instructions,
        row.edits,
        row.roots,
        ratio(row.checker),
        ratio(row.reading),
        ratio(row.verification),
        ours.as_secs_f64() / row.checker.as_secs_f64(),
        row.verification.as_secs_f64() * 1e9 / items as f64,
    );
}

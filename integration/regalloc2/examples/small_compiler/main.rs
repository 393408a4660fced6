//! A small compiler on regalloc2 that checks its own stack maps.
//!
//! Its language has numbers and objects. Objects are made by a collector that
//! moves them; `new` and calls may run it. The compiler learns where references
//! are from regalloc2 itself: every object that is live across a call is one more
//! operand of the call, read *late* and allowed anywhere. The allocator must keep
//! it somewhere until the call has come back, and says where. That is the stack
//! map.
//!
//! ```text
//! cargo run -p stackmap-regalloc2 --example small_compiler
//! ```

mod language;
mod lower;

use std::error::Error;

use language::Kind;
use lower::{REGISTERS, register, vreg};
use regalloc2::{MachineEnv, PRegSet, RegallocOptions, VReg};
use stackmap_regalloc2::{Input, to_model};
use stackmap_verifier::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let source = language::source();
    let function = lower::lower(&source);
    let none = PRegSet::empty();
    let env = MachineEnv {
        preferred_regs_by_class: [(0..REGISTERS).map(register).collect(), none, none],
        non_preferred_regs_by_class: [none; 3],
        scratch_by_class: [None; 3],
        fixed_stack_slots: Vec::new(),
    };
    let output = regalloc2::run(&function, &env, &RegallocOptions::default())?;
    let safepoints = function.stack_maps(&output);
    let objects = (0..source.kinds.len()).filter(|&v| source.kinds[v] == Kind::Object);
    let references: Vec<VReg> = objects.map(vreg).collect();

    // The one call.
    let input = Input {
        function: &function,
        output: &output,
        env: &env,
        references: &references,
        safepoints: &safepoints,
    };
    let report = stackmap_regalloc2::verify(&input, &Options::default())?;
    println!(
        "{:?}, {} entries in {} stack maps",
        report.outcome, report.stats.roots, report.stats.safepoints
    );

    // And were an entry forgotten:
    let mut forgetful = safepoints.clone();
    let forgotten = forgetful.iter_mut().find_map(|safepoint| {
        let root = safepoint.roots.pop()?;
        Some((safepoint.inst, root))
    });
    println!("without {forgotten:?}:");
    let model = to_model(&Input { safepoints: &forgetful, ..input })?;
    print!("{}", model.render(&model.verify(&Options::default())));
    Ok(())
}
